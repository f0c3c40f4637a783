#include "base/talk.h"

#include <string.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/text.h"

enum { LENGTH_BYTES = 4, PART_BYTES = 32768 };

static const struct {
	const char *name, *to;
} types[TALK_TYPES] = {[TALK_NONE] = {"NONE", ""},
#define X(name, to) [TALK_##name] = {#name, to},
	TALK_FRAMES(X)
#undef X
};

static bool
is_known(uint32_t type)
{
	return type > TALK_NONE && type < TALK_TYPES;
}

const char *
talk_name(enum talk_type type)
{
	return types[is_known(type) ? type : TALK_NONE].name;
}

bool
talk_is_for(enum talk_type type, enum talk_side side)
{
	const char *to = types[is_known(type) ? type : TALK_NONE].to;

	return strcmp(to, "both") == 0 ||
		strcmp(to, side == TALK_DRIVER ? "driver" : "onlooker") == 0;
}

void
talk_add(struct str *out, enum talk_type type, const void *p, size_t len)
{
	BUG_ON(!is_known(type) || len >= TALK_MAX);
	str_reserve(out, TALK_HEAD + len);
	wire_add_u32(out, (uint32_t)(1 + len));
	str_addc(out, (char)type);
	str_add(out, p, len);
}

void
talk_reader_init(struct talk_reader *r, enum talk_side side)
{
	r->side = side;
	str_init(&r->in);
	r->used = 0;
}

void
talk_reader_release(struct talk_reader *r)
{
	str_release(&r->in);
	r->used = 0;
}

void
talk_feed(struct talk_reader *r, const void *p, size_t len)
{
	str_taken(&r->in, &r->used);
	str_add(&r->in, p, len);
}

int
talk_next(struct talk_reader *r, struct talk_frame *f, struct err *e)
{
	const char *p = r->in.buf + r->used;
	size_t have = r->in.len - r->used;
	struct wire_cursor head = {p, LENGTH_BYTES, false};

	if (have < LENGTH_BYTES)
		return 0;
	uint32_t len = wire_get_u32(&head);
	if (len > TALK_MAX || len < 1) {
		err_set(e, len ? ERR_LIMIT : ERR_PARSE,
			"frame of %u bytes, 1 to %d are allowed", (unsigned)len,
			(int)TALK_MAX);
		return -1;
	}
	if (have == LENGTH_BYTES)
		return 0;
	/* Said as early as it can be known, not when the payload has arrived. */
	unsigned type = (unsigned char)p[LENGTH_BYTES];
	if (!is_known(type) || !talk_is_for((enum talk_type)type, r->side)) {
		err_set(e, ERR_PARSE, "frame type %u (%s) has no business here", type,
			talk_name((enum talk_type)type));
		return -1;
	}
	if (have < LENGTH_BYTES + (size_t)len)
		return 0;
	*f = (struct talk_frame){
		.type = (enum talk_type)type,
		.payload = p + TALK_HEAD,
		.len = len - 1,
	};
	r->used += LENGTH_BYTES + len;
	return 1;
}

/* ---- payloads ---------------------------------------------------------------------------- */

static struct wire_cursor
cursor_of(const struct talk_frame *f)
{
	return (struct wire_cursor){f->payload, f->len, false};
}

static bool
is_whole(const struct wire_cursor *c)
{
	return !c->bad && c->len == 0;
}

static char *
take_text(struct wire_cursor *c, size_t max)
{
	char *text = wire_get_text(c);

	if (text && (strlen(text) > max || !text_valid_utf8(text, strlen(text)))) {
		c->bad = true;
		mem_free(text);
		return NULL;
	}
	return text;
}

static char *
take_words(struct wire_cursor *c)
{
	return take_text(c, TALK_WORDS_MAX);
}

bool
talk_read_hello(const struct talk_frame *f, enum talk_side side, struct talk_hello *out)
{
	struct wire_cursor c = cursor_of(f);

	memset(out, 0, sizeof *out);
	out->proto = wire_get_u32(&c);
	if (side == TALK_ONLOOKER)
		out->run = take_words(&c);
	out->con = take_words(&c);
	out->who = take_words(&c);
	if (side == TALK_ONLOOKER)
		out->epoch = wire_get_u32(&c);
	out->lines = wire_get_u32(&c);
	if (f->type == TALK_HELLO && is_whole(&c))
		return true;
	talk_hello_release(out);
	return false;
}

void
talk_hello_release(struct talk_hello *h)
{
	mem_free(h->run);
	mem_free(h->con);
	mem_free(h->who);
	h->run = h->con = h->who = NULL;
}

void
talk_add_hello(struct str *out, enum talk_side to, const struct talk_hello *h)
{
	struct str p = STR_INIT;

	wire_add_u32(&p, h->proto);
	if (to == TALK_ONLOOKER)
		wire_add_text(&p, h->run);
	wire_add_text(&p, h->con);
	wire_add_text(&p, h->who);
	if (to == TALK_ONLOOKER)
		wire_add_u32(&p, h->epoch);
	wire_add_u32(&p, h->lines);
	talk_add(out, TALK_HELLO, p.buf, p.len);
	str_release(&p);
}

char *
talk_read_text(const struct talk_frame *f)
{
	struct wire_cursor c = cursor_of(f);
	char *text = take_words(&c);

	if (text && is_whole(&c))
		return text;
	mem_free(text);
	return NULL;
}

/* So much of it as goes, without half a character at the end. */
static size_t
fitting(const char *text)
{
	size_t len = strnlen(text, TALK_WORDS_MAX + 1);

	if (len <= TALK_WORDS_MAX)
		return len;
	for (len = TALK_WORDS_MAX; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

void
talk_add_one(struct str *out, enum talk_type type, const char *text)
{
	struct str p = STR_INIT;

	wire_add_bytes(&p, text, fitting(text));
	talk_add(out, type, p.buf, p.len);
	str_release(&p);
}

bool
talk_read_note(const struct talk_frame *f, char **step, char **text)
{
	struct wire_cursor c = cursor_of(f);

	*step = take_words(&c);
	*text = take_words(&c);
	if (*step && *text && is_whole(&c))
		return true;
	mem_free(*step);
	mem_free(*text);
	*step = *text = NULL;
	return false;
}

void
talk_add_note(struct str *out, enum talk_type type, const char *step, const char *text)
{
	struct str p = STR_INIT;

	wire_add_text(&p, step);
	wire_add_bytes(&p, text, fitting(text));
	talk_add(out, type, p.buf, p.len);
	str_release(&p);
}

bool
talk_read_sign(const struct talk_frame *f, struct talk_sign *out)
{
	struct wire_cursor c = cursor_of(f);

	out->step = take_words(&c);
	out->key = take_text(&c, TALK_KEY_MAX);
	out->statement = take_text(&c, TALK_STATEMENT_MAX);
	out->sig = take_text(&c, TALK_KEY_MAX);
	if (out->step && out->key && out->statement && out->sig && is_whole(&c))
		return true;
	talk_sign_release(out);
	return false;
}

void
talk_sign_release(struct talk_sign *s)
{
	mem_free(s->step);
	mem_free(s->key);
	mem_free(s->statement);
	mem_free(s->sig);
	*s = (struct talk_sign){0};
}

bool
talk_add_sign(struct str *out, const struct talk_sign *s)
{
	struct str p = STR_INIT;
	bool fits = strlen(s->step) <= TALK_WORDS_MAX && strlen(s->key) <= TALK_KEY_MAX &&
		strlen(s->statement) <= TALK_STATEMENT_MAX &&
		strlen(s->sig) <= TALK_KEY_MAX;

	if (fits) {
		wire_add_text(&p, s->step);
		wire_add_text(&p, s->key);
		wire_add_text(&p, s->statement);
		wire_add_text(&p, s->sig);
		talk_add(out, TALK_SIGN, p.buf, p.len);
	}
	str_release(&p);
	return fits;
}

bool
talk_read_file(const struct talk_frame *f, struct talk_file *out)
{
	struct wire_cursor c = cursor_of(f);

	out->role = take_words(&c);
	out->path = take_words(&c);
	out->bytes = wire_get_u32(&c);
	if (out->role && out->path && is_whole(&c) && out->bytes <= TALK_FILE_MAX)
		return true;
	talk_file_release(out);
	return false;
}

void
talk_file_release(struct talk_file *f)
{
	mem_free(f->role);
	mem_free(f->path);
	f->role = f->path = NULL;
}

void
talk_add_file(
	struct str *out, const char *role, const char *path, const char *p, size_t len)
{
	struct str head = STR_INIT;

	BUG_ON(len > TALK_FILE_MAX);
	wire_add_text(&head, role);
	wire_add_text(&head, path);
	wire_add_u32(&head, (uint32_t)len);
	talk_add(out, TALK_FILE, head.buf, head.len);
	str_release(&head);
	for (size_t at = 0; at < len; at += PART_BYTES)
		talk_add(out, TALK_PART, p + at,
			len - at < PART_BYTES ? len - at : PART_BYTES);
}

bool
talk_read_output(const struct talk_frame *f, struct talk_output *out)
{
	struct wire_cursor c = cursor_of(f);

	out->step = wire_get_u32(&c);
	out->leg = wire_get_u32(&c);
	out->way = wire_get_u32(&c);
	out->bytes = c.p;
	out->len = c.len;
	return !c.bad;
}

void
talk_add_output(struct str *out, const struct talk_output *o)
{
	for (size_t at = 0; at < o->len; at += PART_BYTES) {
		struct str p = STR_INIT;

		wire_add_u32(&p, o->step);
		wire_add_u32(&p, o->leg);
		wire_add_u32(&p, o->way);
		str_add(&p, o->bytes + at,
			o->len - at < PART_BYTES ? o->len - at : PART_BYTES);
		talk_add(out, TALK_OUTPUT, p.buf, p.len);
		str_release(&p);
	}
}

/* ---- a card ------------------------------------------------------------------------------ */

enum { CARD_TEXTS = 8 };

static void
card_texts(struct talk_card *c, char **out[CARD_TEXTS])
{
	char **const all[CARD_TEXTS] = {&c->run, &c->title, &c->environment, &c->who,
		&c->con, &c->state, &c->step, &c->needs};

	memcpy(out, all, sizeof all);
}

bool
talk_read_card(const struct talk_frame *f, struct talk_card *out)
{
	struct wire_cursor c = cursor_of(f);
	char **texts[CARD_TEXTS];
	bool all = true;

	memset(out, 0, sizeof *out);
	card_texts(out, texts);
	for (int i = 0; i < CARD_TEXTS; i++) {
		*texts[i] = take_words(&c);
		all &= *texts[i] != NULL;
	}
	out->driven_s = wire_get_u32(&c);
	if (all && is_whole(&c))
		return true;
	talk_card_release(out);
	return false;
}

void
talk_card_release(struct talk_card *c)
{
	char **texts[CARD_TEXTS];

	card_texts(c, texts);
	for (int i = 0; i < CARD_TEXTS; i++) {
		mem_free(*texts[i]);
		*texts[i] = NULL;
	}
}

void
talk_add_card(struct str *out, const struct talk_card *c)
{
	struct talk_card copy = *c;
	char **texts[CARD_TEXTS];
	struct str p = STR_INIT;

	card_texts(&copy, texts);
	for (int i = 0; i < CARD_TEXTS; i++) {
		const char *text = *texts[i] ? *texts[i] : "";

		wire_add_bytes(&p, text, fitting(text));
	}
	wire_add_u32(&p, c->driven_s);
	talk_add(out, TALK_CARD, p.buf, p.len);
	str_release(&p);
}
