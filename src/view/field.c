#include "view/field.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void
field_init(struct field *f)
{
	*f = (struct field){.text = STR_INIT};
	/* A secret must not be left behind by growth. */
	str_reserve(&f->text, FIELD_MAX_BYTES + 1);
}

void
field_release(struct field *f)
{
	if (f->text.cap)
		mem_wipe(f->text.buf, f->text.cap);
	str_release(&f->text);
	f->at = 0;
}

void
field_set(struct field *f, const char *text)
{
	str_reset(&f->text);
	str_adds(&f->text, text);
	f->at = f->text.len;
}

static size_t
room(const struct field *f)
{
	size_t max = f->max_bytes ? f->max_bytes : FIELD_MAX_BYTES;

	return f->text.len < max ? max - f->text.len : 0;
}

static void
insert(struct field *f, const char *text, size_t len)
{
	size_t tail = f->text.len - f->at;

	str_add(&f->text, text, len); /* makes room and ends it */
	memmove(f->text.buf + f->at + len, f->text.buf + f->at, tail);
	memcpy(f->text.buf + f->at, text, len);
	f->at += len;
}

bool
field_type(struct field *f, const char *utf8)
{
	size_t len = strlen(utf8);
	uint32_t cp;

	if (len == 0 || len > room(f))
		return false;
	for (size_t i = 0; i < len; i += text_decode(utf8 + i, len - i, &cp))
		if (text_forbidden((text_decode(utf8 + i, len - i, &cp), cp)) ||
			cp == '\t' || cp == '\n')
			return false;
	insert(f, utf8, len);
	return true;
}

bool
field_paste(struct field *f, const char *text, size_t len)
{
	struct str safe = STR_INIT, clean = STR_INIT;
	bool ok;

	if (f->paste == FIELD_PASTE_REFUSED)
		return false;
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	for (size_t i = 0; i < len; i++)
		str_addc(&clean,
			text[i] == '\n' || text[i] == '\r' || text[i] == '\t' ? ' '
									      : text[i]);
	text_harmless(&safe, clean.buf, clean.len, TEXT_ONE_LINE);
	ok = safe.len <= room(f);
	if (ok && safe.len)
		insert(f, safe.buf, safe.len);
	mem_wipe(clean.buf, clean.cap);
	mem_wipe(safe.buf, safe.cap);
	str_release(&clean);
	str_release(&safe);
	return ok;
}

static void
cut(struct field *f, size_t from, size_t to)
{
	memmove(f->text.buf + from, f->text.buf + to, f->text.len - to);
	str_cut(&f->text, f->text.len - (to - from));
	f->at = from;
}

/* Start of the word before the cursor, as the shell's Ctrl-W sees it: by blanks. */
static size_t
word_start(const struct field *f)
{
	size_t at = f->at;

	while (at && f->text.buf[at - 1] == ' ')
		at--;
	while (at && f->text.buf[at - 1] != ' ')
		at--;
	return at;
}

void
field_edit(struct field *f, enum field_edit what)
{
	const char *s = f->text.buf;

	switch (what) {
	case FIELD_LEFT:
		f->at = f->at ? text_prev(s, f->at) : 0;
		break;
	case FIELD_RIGHT:
		f->at = f->at < f->text.len ? text_next(s, f->at) : f->at;
		break;
	case FIELD_START:
		f->at = 0;
		break;
	case FIELD_END:
		f->at = f->text.len;
		break;
	case FIELD_BACKSPACE:
		if (f->at)
			cut(f, text_prev(s, f->at), f->at);
		break;
	case FIELD_DELETE:
		if (f->at < f->text.len)
			cut(f, f->at, text_next(s, f->at));
		break;
	case FIELD_KILL_WORD:
		cut(f, word_start(f), f->at);
		break;
	case FIELD_KILL_BACK:
		cut(f, 0, f->at);
		break;
	case FIELD_KILL_END:
		cut(f, f->at, f->text.len);
		break;
	}
}

/* What stands for the text on the screen, and the cells before the cursor in it. */
static int
shown(const struct field *f, struct str *out)
{
	size_t before = 0;

	if (f->echo == FIELD_SHOWN) {
		str_add(out, f->text.buf, f->at);
		before = text_cells(out->buf);
		str_adds(out, f->text.buf + f->at);
		return (int)before;
	}
	for (size_t i = 0; i < f->text.len; i = text_next(f->text.buf, i)) {
		before += i < f->at;
		str_addc(out, '*');
	}
	return (int)before;
}

void
field_draw(const struct field *f, struct frame *fr, struct area a, enum frame_focus focus)
{
	struct str text = STR_INIT;
	int cursor = shown(f, &text), first = 0;
	size_t from = 0;

	frame_fill(fr, (struct area){a.row, a.col, 1, a.cols}, STYLE_INPUT);
	/* one cell stays free for the cursor at the end */
	if (cursor >= a.cols)
		first = cursor - a.cols + 1;
	while (first > 0 && text.buf[from]) {
		char one[FRAME_CELL_BYTES + 1] = {0};
		size_t next = text_next(text.buf, from);

		memcpy(one, text.buf + from,
			next - from < FRAME_CELL_BYTES ? next - from : 1);
		first -= (int)text_cells(one);
		cursor -= (int)text_cells(one);
		from = next;
	}
	frame_put(fr, a, STYLE_INPUT, text.buf + from);
	if (focus == FRAME_FOCUS)
		frame_cursor(fr, a.row, a.col + cursor);
	mem_wipe(text.buf, text.cap);
	str_release(&text);
}
