#include "ui/keys.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { ESC = 0x1b, DEL = 0x7f, SEQUENCE_MAX = 32, MOUSE_REPORT = 6, PRIVATE = '?' };

void
keys_init(struct keys *k)
{
	*k = (struct keys){.pending = STR_INIT, .paste = STR_INIT};
}

void
keys_forget(struct keys *k)
{
	/* it may hold half a passphrase */
	mem_wipe(k->pending.buf, k->pending.cap);
	mem_wipe(k->paste.buf, k->paste.cap);
	str_release(&k->pending);
	str_release(&k->paste);
	k->pasting = false;
	k->forgotten = true;
}

void
keys_release(struct keys *k)
{
	keys_forget(k);
}

struct sink {
	keys_fn *fn;
	void *ctx;
};

static void
say(const struct sink *to, const char *key, const char *text)
{
	to->fn(to->ctx, &(struct keys_event){.key = key, .text = text});
}

/* ---- sequences ------------------------------------------------------------------------- */

/* What follows ESC [ or ESC O as a final byte, and the numbers before `~`. */
static const struct {
	char final;
	const char *key;
} finals[] = {
	{'A', "Up"},
	{'B', "Down"},
	{'C', "Right"},
	{'D', "Left"},
	{'H', "Home"},
	{'F', "End"},
	{'Z', "S-Tab"},
	{'P', "F1"},
	{'Q', "F2"},
	{'R', "F3"},
	{'S', "F4"},
	{'M', "Enter"},
};

static const struct {
	int number;
	const char *key;
} numbers[] = {
	{1, "Home"},
	{2, "Ins"},
	{3, "Del"},
	{4, "End"},
	{5, "PageUp"},
	{6, "PageDown"},
	{7, "Home"},
	{8, "End"},
	{11, "F1"},
	{12, "F2"},
	{13, "F3"},
	{14, "F4"},
	{15, "F5"},
	{17, "F6"},
	{18, "F7"},
	{19, "F8"},
	{20, "F9"},
	{21, "F10"},
	{23, "F11"},
	{24, "F12"},
};

/* The keypad's Enter is ESC O M. ESC [ … M is a mouse report of a terminal that another
 * program left in disorder: a click must never be Enter. */
static bool
is_mouse(const char *s, char final)
{
	return s[1] == '[' && (final == 'M' || s[2] == 'M' || s[2] == '<');
}

static const char *
final_name(char final, int number)
{
	if (final == '~') {
		for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
			if (numbers[i].number == number)
				return numbers[i].key;
		return NULL;
	}
	for (size_t i = 0; i < sizeof finals / sizeof *finals; i++)
		if (finals[i].final == final)
			return finals[i].key;
	return NULL;
}

static void
say_modified(const struct sink *to, const char *key, int modifier)
{
	char name[KEYS_NAME_BYTES];
	int bits = modifier > 1 ? modifier - 1 : 0;

	snprintf(name, sizeof name, "%s%s%s%s", bits & 4 ? "C-" : "",
		bits & 2 ? "M-" : "", bits & 1 ? "S-" : "", key);
	say(to, name, NULL);
}

/* A whole ESC [ … or ESC O …; what nobody knows is dropped. */
static void
sequence(struct keys *k, const struct sink *to)
{
	const char *s = k->pending.buf;
	char final = s[k->pending.len - 1];
	int number = 0, modifier = 0;
	const char *key;

	if (is_mouse(s, final) || (s[2] >= '<' && s[2] <= PRIVATE))
		return;
	if (s[1] == '[' && s[2] == '[') { /* F1 to F5 of the Linux console */
		char name[4] = {'F', (char)('1' + (final - 'A')), '\0'};

		if (final >= 'A' && final <= 'E')
			say(to, name, NULL);
		return;
	}
	if (s[2] >= '0' && s[2] <= '9') {
		const char *semi = strchr(s, ';');

		number = (int)strtol(s + 2, NULL, 10);
		modifier = semi ? (int)strtol(semi + 1, NULL, 10) : 0;
	}
	if (final == '~' && number == 200) {
		k->pasting = true;
		return;
	}
	key = final_name(final, number);
	if (key)
		say_modified(to, key, modifier);
}

/* Is the sequence in `pending` whole? */
static bool
is_whole(const struct str *s)
{
	unsigned char last = (unsigned char)s->buf[s->len - 1];

	if (s->len < 3)
		return false;
	if (s->buf[1] == 'O')
		return last >= 0x40;
	if (s->len == 3 && last == '[')
		return false;
	if (s->buf[2] == 'M')
		return s->len == MOUSE_REPORT;
	return last >= 0x40 && last <= 0x7e;
}

/* ---- characters ------------------------------------------------------------------------ */

static void
control(const struct sink *to, unsigned char c)
{
	char name[4] = "C-a";

	if (c == '\r') {
		say(to, "Enter", NULL);
	} else if (c == '\t') {
		say(to, "Tab", NULL);
	} else if (c == DEL || c == '\b') {
		say(to, "BS", NULL);
	} else if (c == 0) {
		say(to, "C-Space", NULL);
	} else {
		name[2] = (char)(c < 27 ? 'a' + c - 1 : '@' + c);
		say(to, name, NULL);
	}
}

static void
plain(const struct sink *to, const char *utf8)
{
	if (strcmp(utf8, " ") == 0)
		say(to, "Space", " ");
	else
		say(to, utf8, utf8);
}

static size_t
utf8_length(unsigned char lead)
{
	return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

static void
paste_byte(struct keys *k, char c, const struct sink *to)
{
	static const char end[] = "\033[201~";

	str_addc(&k->paste, c);
	if (!str_ends(&k->paste, end)) {
		/* beyond the limit only the end is looked for */
		if (k->paste.len > KEYS_PASTE_MAX + sizeof end)
			str_drop(&k->paste, 1);
		return;
	}
	k->pasting = false;
	to->fn(to->ctx,
		&(struct keys_event){.paste = k->paste.buf,
			.paste_len = k->paste.len - (sizeof end - 1)});
	mem_wipe(k->paste.buf, k->paste.cap);
	str_release(&k->paste);
}

/* The rest of a character or sequence. */
static void
pending_byte(struct keys *k, char c, const struct sink *to)
{
	struct str *s = &k->pending;

	if (s->buf[0] != ESC) {
		str_addc(s, c);
		if (s->len < utf8_length((unsigned char)s->buf[0]))
			return;
		if (text_valid_utf8(s->buf, s->len))
			plain(to, s->buf);
		str_reset(s);
		return;
	}
	if (s->len == 1 && c == ESC) { /* two: the first one was the key */
		say(to, "Esc", NULL);
		return;
	}
	if (s->len > 1 && c == ESC) { /* it ends what was not finished, and begins anew */
		str_cut(s, 1);
		return;
	}
	str_addc(s, c);
	if (s->len == 2 && c != '[' && c != 'O') {
		char name[KEYS_NAME_BYTES];

		str_reset(s);
		if ((unsigned char)c >= ' ' && (unsigned char)c < DEL) {
			snprintf(name, sizeof name, "M-%c", c);
			say(to, name, NULL);
		} else {
			say(to, "Esc", NULL);
			control(to, (unsigned char)c);
		}
		return;
	}
	if (is_whole(s)) {
		sequence(k, to);
		str_reset(s);
	} else if (s->len > SEQUENCE_MAX) {
		/* none that we know; what is left of it is no typing either */
		str_cut(s, 2);
		str_addc(s, PRIVATE);
	}
}

void
keys_feed(struct keys *k, const char *p, size_t len, keys_fn *fn, void *ctx)
{
	const struct sink to = {fn, ctx};

	k->forgotten = false;
	for (size_t i = 0; i < len && !k->forgotten; i++) {
		unsigned char c = (unsigned char)p[i];

		/* a character that is not finished is none */
		if (k->pending.len && k->pending.buf[0] != ESC && (c & 0xc0) != 0x80)
			str_reset(&k->pending);
		if (k->pasting) {
			paste_byte(k, p[i], &to);
		} else if (k->pending.len) {
			pending_byte(k, p[i], &to);
		} else if (c == ESC || (c >= 0xc2 && c <= 0xf4)) {
			str_addc(&k->pending, p[i]);
		} else if (c < ' ' || c == DEL) {
			control(&to, c);
		} else if (c < 0x80) {
			plain(&to, (const char[]){p[i], '\0'});
		}
	}
}

bool
keys_waiting(const struct keys *k)
{
	return k->pending.len > 0;
}

void
keys_timeout(struct keys *k, keys_fn *fn, void *ctx)
{
	const struct sink to = {fn, ctx};
	struct str s = k->pending;

	if (!s.len)
		return;
	k->pending = STR_INIT;
	if (s.buf[0] == ESC)
		say(&to, "Esc", NULL);
	if (s.len == 2 && s.buf[0] == ESC) /* "ESC [" typed by hand */
		plain(&to, s.buf + 1);
	str_release(&s);
}
