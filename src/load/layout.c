#include "load/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "load/complaints.h"

struct layout {
	const char *file, *text;
	size_t len;
	struct diags *d;
	char *kept;   /* per line: 1 inside a text of several lines */
	size_t lines; /* 0: not known, the text is no YAML */
};

static struct diag *
warn(const struct layout *l, enum complaint c, int line, int col, const char *msg)
{
	const struct complaint_row *row = complaints_row(c);
	struct spot at = {.file = l->file, .line = line, .col = col};

	return diag_add(l->d, DIAG_WARNING, row->id, at, row->reason,
		"handrail lint --fix mends it", "%s", msg);
}

/* `text_take` is taken. */
static void
mend_with(struct diag *d, size_t at, size_t len, char *text_take, const char *done)
{
	if (!d) {
		mem_free(text_take);
		return;
	}
	d->fix = (struct diag_fix){
		.at = at, .len = len, .text = text_take, .done = mem_strdup(done)};
}

/* ---- texts of several lines ------------------------------------------------------------ */

static size_t
count_lines(const char *text, size_t len)
{
	size_t n = 1;

	for (const char *p = text, *end = text + len;
		p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n;
}

static bool
ends_well(const struct layout *l)
{
	return !l->len || l->text[l->len - 1] == '\n';
}

static bool
is_block(const yaml_token_t *t)
{
	return t->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
		t->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;
}

static void
keep(struct layout *l, size_t from, size_t to)
{
	for (size_t i = from; i <= to && i < l->lines; i++)
		l->kept[i] = 1;
}

/* Marks their lines. A block reaches to what follows it: empty lines may belong to it. */
static bool
mark_texts(struct layout *l, yaml_parser_t *p)
{
	size_t open = SIZE_MAX; /* first line of a block whose end is not seen yet */
	bool more = true;
	yaml_token_t t;

	while (more) {
		if (!yaml_parser_scan(p, &t))
			return false;
		if (open != SIZE_MAX && t.start_mark.line > open) {
			keep(l, open, t.start_mark.line - 1);
			open = SIZE_MAX;
		}
		if (t.type == YAML_SCALAR_TOKEN && t.end_mark.line > t.start_mark.line) {
			keep(l, t.start_mark.line,
				t.end_mark.line - (t.end_mark.column == 0));
			if (is_block(&t))
				open = t.start_mark.line;
		}
		more = t.type != YAML_STREAM_END_TOKEN;
		if (!more && open != SIZE_MAX)
			keep(l, open, l->lines - 1);
		/* Other breaks than LF: lines would not be the same for both of us. */
		if (!more && t.start_mark.line != l->lines - ends_well(l))
			return false;
		yaml_token_delete(&t);
	}
	return true;
}

static bool
begins_with_mark(const struct layout *l)
{
	return l->len >= 3 && memcmp(l->text, "\xef\xbb\xbf", 3) == 0;
}

static void
find_texts(struct layout *l)
{
	size_t skip = begins_with_mark(l) ? 3 : 0;
	yaml_parser_t p;

	l->lines = count_lines(l->text, l->len);
	l->kept = mem_array(l->lines, 1);
	if (!yaml_parser_initialize(&p))
		abort(); /* out of memory */
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&p, (const unsigned char *)l->text + skip, l->len - skip);
	if (!mark_texts(l, &p))
		l->lines = 0;
	yaml_parser_delete(&p);
}

/* ---- the rules ------------------------------------------------------------------------- */

static void
check_mark(const struct layout *l)
{
	if (begins_with_mark(l))
		mend_with(warn(l, C_TEXT_MARK, 1, 1,
				  "the file begins with a byte order mark"),
			0, 3, mem_strdup(""), "the byte order mark is gone");
}

static int
line_of(const struct layout *l, size_t at)
{
	return (int)count_lines(l->text, at);
}

static int
column_of(const struct layout *l, size_t at)
{
	size_t start = at;
	int col = 1;

	while (start && l->text[start - 1] != '\n')
		start--;
	if (start == 0 && begins_with_mark(l) && at >= 3)
		start = 3;
	for (uint32_t cp; start < at; col++)
		start += text_decode(l->text + start, at - start, &cp);
	return col;
}

static void
check_ends(const struct layout *l)
{
	size_t first = SIZE_MAX, last = 0, count = 0;
	struct str out = STR_INIT;
	char msg[64], done[64];

	for (size_t i = 0; i + 1 < l->len; i++)
		if (l->text[i] == '\r' && l->text[i + 1] == '\n') {
			first = first == SIZE_MAX ? i : first;
			last = i;
			count++;
		}
	if (!count)
		return;
	for (size_t i = first; i <= last; i++)
		if (l->text[i] != '\r' || l->text[i + 1] != '\n')
			str_addc(&out, l->text[i]);
	snprintf(msg, sizeof msg, "%zu line%s in CR LF", count,
		count == 1 ? " ends" : "s end");
	snprintf(done, sizeof done, "%zu line%s in LF now", count,
		count == 1 ? " ends" : "s end");
	mend_with(warn(l, C_TEXT_ENDS, line_of(l, first), column_of(l, first), msg),
		first, last + 1 - first, str_take(&out), done);
}

/* Where the blanks at the end of the line begin; `end` is its LF or the end. */
static size_t
blanks_from(const struct layout *l, size_t start, size_t *end)
{
	size_t at;

	if (*end > start && l->text[*end - 1] == '\r')
		(*end)--;
	for (at = *end; at > start; at--)
		if (l->text[at - 1] != ' ' && l->text[at - 1] != '\t')
			break;
	return at;
}

static void
check_blanks(const struct layout *l)
{
	size_t first = SIZE_MAX, last = 0, done_to = 0, count = 0, line = 0;
	struct str out = STR_INIT;
	char msg[64], done[64];

	for (size_t start = 0; start < l->len && line < l->lines; line++) {
		const char *nl = memchr(l->text + start, '\n', l->len - start);
		size_t end = nl ? (size_t)(nl - l->text) : l->len, stop = end;
		size_t at = blanks_from(l, start, &stop);

		if (at < stop && !l->kept[line]) {
			if (first == SIZE_MAX)
				first = done_to = at;
			str_add(&out, l->text + done_to, at - done_to);
			done_to = last = stop;
			count++;
		}
		start = end + 1;
	}
	if (!count) {
		str_release(&out);
		return;
	}
	snprintf(msg, sizeof msg, "%zu line%s in blanks", count,
		count == 1 ? " ends" : "s end");
	snprintf(done, sizeof done, "blanks at the end of %zu line%s are gone", count,
		count == 1 ? "" : "s");
	mend_with(warn(l, C_TEXT_BLANKS, line_of(l, first), column_of(l, first), msg),
		first, last - first, str_take(&out), done);
}

/* Inside a text of several lines the end is a part of it: told, not mended. */
static void
check_last(const struct layout *l)
{
	struct diag *d;

	if (ends_well(l))
		return;
	d = warn(l, C_TEXT_LAST, line_of(l, l->len), column_of(l, l->len),
		"the last line does not end");
	if (l->lines && !l->kept[l->lines - 1]) {
		mend_with(d, l->len, 0, mem_strdup("\n"), "the last line ends");
	} else if (d) {
		mem_free(d->help);
		d->help = mem_strdup("end it in an editor: it belongs to a text");
	}
}

void
layout_check(const char *file, const char *text, size_t len, struct diags *d)
{
	struct layout l = {.file = file, .text = text, .len = len, .d = d};

	find_texts(&l);
	check_mark(&l);
	check_ends(&l);
	check_blanks(&l);
	check_last(&l);
	mem_free(l.kept);
}
