#include "base/text.h"

#include <langinfo.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#include "base/bug.h"

enum { TAB_CELLS = 8, MARKS_MAX = 8, REPLACEMENT = 0xfffd, DOTTED_CIRCLE = 0x25cc };

/* ---- UTF-8 ----------------------------------------------------------------------- */

/* What may follow a lead byte: how many, and the range of the first of them. The ranges
 * keep out overlong forms, surrogates and what lies beyond U+10FFFF. */
struct lead {
	unsigned char first, last, more, low, high;
};

static const struct lead leads[] = {
	{0xc2, 0xdf, 1, 0x80, 0xbf},
	{0xe0, 0xe0, 2, 0xa0, 0xbf},
	{0xe1, 0xec, 2, 0x80, 0xbf},
	{0xed, 0xed, 2, 0x80, 0x9f},
	{0xee, 0xef, 2, 0x80, 0xbf},
	{0xf0, 0xf0, 3, 0x90, 0xbf},
	{0xf1, 0xf3, 3, 0x80, 0xbf},
	{0xf4, 0xf4, 3, 0x80, 0x8f},
};

static const struct lead *
lead_of(unsigned char c)
{
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
		if (c >= leads[i].first && c <= leads[i].last)
			return &leads[i];
	}
	return NULL;
}

/* Like text_decode, but 0 for invalid. */
static size_t
decode_strict(const char *s, size_t len, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s;

	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	const struct lead *lead = lead_of(p[0]);
	if (lead == NULL || len <= lead->more || p[1] < lead->low || p[1] > lead->high)
		return 0;
	uint32_t n = p[0] & (0x3fu >> lead->more);
	for (size_t i = 1; i <= lead->more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		n = n << 6 | (p[i] & 0x3f);
	}
	*cp = n;
	return lead->more + 1u;
}

size_t
text_decode(const char *s, size_t len, uint32_t *cp)
{
	BUG_ON(len == 0);
	size_t n = decode_strict(s, len, cp);
	if (n > 0)
		return n;
	*cp = REPLACEMENT;
	return 1;
}

void
text_encode(struct str *out, uint32_t cp)
{
	char b[4];
	size_t n;

	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		b[0] = (char)cp;
		n = 1;
	} else if (cp < 0x800) {
		b[0] = (char)(0xc0 | cp >> 6);
		n = 2;
	} else if (cp < 0x10000) {
		b[0] = (char)(0xe0 | cp >> 12);
		n = 3;
	} else {
		b[0] = (char)(0xf0 | cp >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		b[i] = (char)(0x80 | (cp >> 6 * (n - 1 - i) & 0x3f));
	str_add(out, b, n);
}

enum { BLOCK_BYTES = 32 };

/* A loop of known length and without a branch: the compiler makes vectors of it. */
static bool
block_is_ascii(const char *s)
{
	enum { HALF = BLOCK_BYTES / 2 };
	unsigned char bad[HALF];
	uint64_t x[2];

	for (size_t i = 0; i < HALF; i++) {
		unsigned char a = (unsigned char)(s[i] - ' ');
		unsigned char b = (unsigned char)(s[i + HALF] - ' ');

		bad[i] = (a > b ? a : b) > '~' - ' ' ? 1 : 0;
	}
	memcpy(x, bad, sizeof x);
	return (x[0] | x[1]) == 0;
}

static bool
word_is_ascii(const char *s)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	uint64_t x;

	memcpy(&x, s, sizeof x);
	uint64_t del = x ^ ones * 0x7f;
	uint64_t below_blank = (x - ones * 0x20) & ~x;
	uint64_t is_del = (del - ones) & ~del;
	/* May object to a good byte after a bad one, never the other way round. */
	return ((x | below_blank | is_del) & tops) == 0;
}

/* Bytes at the front that are printable ASCII. What is left at the end, less than a block
 * or a word, is looked at together with bytes that were looked at before. */
static size_t
ascii_run(const char *s, size_t len)
{
	size_t i = 0;

	while (len - i >= BLOCK_BYTES && block_is_ascii(s + i))
		i += BLOCK_BYTES;
	if (i > 0 && len - i < BLOCK_BYTES && block_is_ascii(s + len - BLOCK_BYTES))
		return len;
	while (len - i >= sizeof(uint64_t) && word_is_ascii(s + i))
		i += sizeof(uint64_t);
	if (i > 0 && len - i < sizeof(uint64_t) &&
		word_is_ascii(s + len - sizeof(uint64_t)))
		return len;
	while (i < len && s[i] >= 0x20 && s[i] < 0x7f)
		i++;
	return i;
}

/* Letters and signs of common scripts that need no looking up: assigned since long ago,
 * with a cell or two of their own. The rest just takes the longer way. */
static const struct {
	uint32_t first, last;
} commons[] = {
	{0x00a1, 0x00ac},                   /* Latin-1 */
	{0x00ae, 0x02ff},                   /* Latin */
	{0x20a0, 0x20bf},                   /* currency signs */
	{0x2010, 0x2027},                   /* dashes, quotes, dots */
	{0x2030, 0x205e}, {0x0400, 0x0482}, /* Cyrillic */
	{0x2190, 0x21ff},                   /* arrows */
	{0x2500, 0x259f},                   /* boxes and blocks */
	{0x3041, 0x3096},                   /* Hiragana */
	{0x30a1, 0x30fa},                   /* Katakana */
	{0x4e00, 0x9fef},                   /* Han */
	{0xac00, 0xd7a3},                   /* Hangul */
};

static bool
is_common(uint32_t cp)
{
	for (size_t i = 0; i < sizeof commons / sizeof *commons; i++) {
		if (cp >= commons[i].first && cp <= commons[i].last)
			return true;
	}
	return false;
}

bool
text_is_plain(const char *s, size_t len)
{
	uint32_t cp;

	for (size_t i = ascii_run(s, len); i < len; i += ascii_run(s + i, len - i)) {
		size_t n = decode_strict(s + i, len - i, &cp);

		if (n < 2 || !is_common(cp))
			return false;
		i += n;
	}
	return true;
}

bool
text_valid_utf8(const char *s, size_t len)
{
	uint32_t cp;

	for (size_t i = ascii_run(s, len); i < len; i += ascii_run(s + i, len - i)) {
		size_t n = decode_strict(s + i, len - i, &cp);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

bool
text_scrub_utf8(struct str *out, const char *s, size_t len)
{
	size_t good = 0; /* start of the valid bytes not yet copied */
	bool clean = true;
	uint32_t cp;

	for (size_t i = ascii_run(s, len); i < len; i += ascii_run(s + i, len - i)) {
		size_t n = decode_strict(s + i, len - i, &cp);
		if (n > 0) {
			i += n;
			continue;
		}
		clean = false;
		str_add(out, s + good, i - good);
		text_encode(out, REPLACEMENT);
		good = ++i;
	}
	str_add(out, s + good, len - good);
	return clean;
}

/* ---- characters that hide -------------------------------------------------------- */

/* Characters that take no room of their own and change or hide what stands around them.
 * Shown as <U+XXXX>; the dropped ones are common in honest text and would only litter it. */
enum fate { FATE_SHOW, FATE_DROP };
enum in_runbook { RUNBOOK_FORBIDS, RUNBOOK_ALLOWS };

static const struct hidden {
	uint32_t first, last;
	enum fate fate;
	enum in_runbook in_runbook;
} hiddens[] = {
	{0x00ad, 0x00ad, FATE_DROP, RUNBOOK_FORBIDS}, /* soft hyphen */
	{0x034f, 0x034f, FATE_SHOW, RUNBOOK_FORBIDS}, /* combining grapheme joiner */
	{0x061c, 0x061c, FATE_SHOW, RUNBOOK_FORBIDS}, /* Arabic letter mark */
	{0x115f, 0x1160, FATE_SHOW, RUNBOOK_FORBIDS}, /* Hangul fillers */
	{0x17b4, 0x17b5, FATE_SHOW, RUNBOOK_FORBIDS}, /* Khmer inherent vowels */
	{0x180b, 0x180f, FATE_SHOW, RUNBOOK_FORBIDS}, /* Mongolian selectors, separator */
	{0x200b, 0x200c, FATE_SHOW, RUNBOOK_FORBIDS}, /* zero width space, non-joiner */
	{0x200d, 0x200d, FATE_DROP, RUNBOOK_FORBIDS}, /* zero width joiner */
	{0x200e, 0x200f, FATE_SHOW,
		RUNBOOK_FORBIDS}, /* left-to-right, right-to-left mark */
	{0x2028, 0x202e, FATE_SHOW, RUNBOOK_FORBIDS}, /* separators, bidi embeddings */
	{0x2060, 0x206f, FATE_SHOW, RUNBOOK_FORBIDS}, /* word joiner … bidi isolates … */
	{0x3164, 0x3164, FATE_SHOW, RUNBOOK_FORBIDS},   /* Hangul filler */
	{0xfe00, 0xfe0f, FATE_DROP, RUNBOOK_ALLOWS},    /* variation selectors */
	{0xfeff, 0xfeff, FATE_SHOW, RUNBOOK_FORBIDS},   /* byte order mark */
	{0xffa0, 0xffa0, FATE_SHOW, RUNBOOK_FORBIDS},   /* halfwidth Hangul filler */
	{0xfff0, 0xfffb, FATE_SHOW, RUNBOOK_FORBIDS},   /* interlinear annotation */
	{0x1bca0, 0x1bca3, FATE_SHOW, RUNBOOK_FORBIDS}, /* shorthand format controls */
	{0x1d173, 0x1d17a, FATE_SHOW, RUNBOOK_FORBIDS}, /* musical format controls */
	{0xe0000, 0xe0fff, FATE_SHOW,
		RUNBOOK_FORBIDS}, /* tags, more variation selectors */
};

static const struct hidden *
hidden_of(uint32_t cp)
{
	size_t low = 0, high = sizeof hiddens / sizeof *hiddens;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (cp > hiddens[mid].last)
			low = mid + 1;
		else if (cp < hiddens[mid].first)
			high = mid;
		else
			return &hiddens[mid];
	}
	return NULL;
}

static bool
is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

bool
text_forbidden(uint32_t cp)
{
	if (is_control(cp))
		return cp != '\t' && cp != '\n';
	const struct hidden *hidden = hidden_of(cp);
	return hidden != NULL && hidden->in_runbook == RUNBOOK_FORBIDS;
}

/* ---- cells ----------------------------------------------------------------------- */

/* The C library's answer is the one ncurses acts upon, but it knows nothing outside ASCII
 * unless the locale is a UTF-8 one. */
static int
width_beyond_ascii(uint32_t cp)
{
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		return wcwidth((wchar_t)cp);
	return utf8proc_charwidth((utf8proc_int32_t)cp);
}

int
text_cell_width(uint32_t cp)
{
	if (is_control(cp))
		return -1;
	if (cp < 0x7f)
		return 1;
	return width_beyond_ascii(cp);
}

static size_t
cells_of(uint32_t cp)
{
	int width = text_cell_width(cp);

	return width > 0 ? (size_t)width : 0;
}

size_t
text_cells(const char *s)
{
	size_t len = strlen(s), cells = 0;
	uint32_t cp;

	for (size_t i = 0; i < len;) {
		size_t run = ascii_run(s + i, len - i);
		cells += run;
		i += run;
		if (i < len) {
			i += text_decode(s + i, len - i, &cp);
			cells += cells_of(cp);
		}
	}
	return cells;
}

/* The grapheme at s: its bytes, and its cells if they are asked for. */
static size_t
grapheme(const char *s, size_t *cells)
{
	size_t width = 0, at = 0;
	utf8proc_int32_t state = 0;
	uint32_t cp = 0, next;

	if (s[0] != '\0') {
		at = text_decode(s, strnlen(s, 4), &cp);
		width = cells_of(cp);
	}
	while (at > 0 && s[at] != '\0') {
		if ((unsigned char)s[at] < 0x80 && cp < 0x80)
			break;
		size_t n = text_decode(s + at, strnlen(s + at, 4), &next);
		if (utf8proc_grapheme_break_stateful(
			    (utf8proc_int32_t)cp, (utf8proc_int32_t)next, &state))
			break;
		at += n;
		width += cells_of(next);
		cp = next;
	}
	if (cells != NULL)
		*cells = width;
	return at;
}

size_t
text_fit(const char *s, size_t cells)
{
	size_t at = 0, used = 0, width;

	for (size_t n; (n = grapheme(s + at, &width)) > 0; at += n) {
		if (used + width > cells)
			break;
		used += width;
	}
	return at;
}

void
text_add_cut(struct str *out, const char *s, size_t cells, const char *ellipsis)
{
	size_t fits = text_fit(s, cells);

	if (s[fits] == '\0') {
		str_add(out, s, fits);
		return;
	}
	size_t mark = ellipsis != NULL ? text_cells(ellipsis) : 0;
	if (mark > cells)
		mark = 0;
	str_add(out, s, text_fit(s, cells - mark));
	if (mark > 0)
		str_adds(out, ellipsis);
}

/* The last blank before `end` that has something to its left. */
static size_t
blank_before(const char *s, size_t end)
{
	size_t indent = strspn(s, " ");

	while (end > indent && s[end] != ' ')
		end--;
	return end > indent ? end : 0;
}

size_t
text_wrap(const char *s, size_t cells, size_t *skip)
{
	size_t line = strcspn(s, "\n");
	size_t fits = text_fit(s, cells);

	if (fits >= line) {
		*skip = line + (s[line] == '\n');
		return line;
	}
	if (fits == 0)
		fits = grapheme(
			s, NULL); /* narrower than one character: go on all the same */
	size_t blank = blank_before(s, fits);
	*skip = blank > 0 ? blank + 1 : fits;
	return blank > 0 ? blank : fits;
}

size_t
text_next(const char *s, size_t at)
{
	return at + grapheme(s + at, NULL);
}

size_t
text_prev(const char *s, size_t at)
{
	size_t from = at;

	if (at == 0)
		return 0;
	/* Between two ASCII bytes there is always a boundary; walk forward from such a place. */
	do
		from--;
	while (from > 0 &&
		((unsigned char)s[from] >= 0x80 || (unsigned char)s[from - 1] >= 0x80));
	for (size_t next; (next = text_next(s, from)) < at && next > from;)
		from = next;
	return from;
}

/* ---- harmless -------------------------------------------------------------------- */

struct washing {
	struct str *out;
	enum text_keep keep;
	size_t col;     /* cells since the start of the text or line */
	unsigned marks; /* combining marks since the last base character */
};

static void
put_ascii(struct washing *w, const char *s, size_t len)
{
	str_add(w->out, s, len);
	w->col += len;
	w->marks = 0;
}

static void
put_code(struct washing *w, uint32_t cp)
{
	size_t before = w->out->len;

	str_addf(w->out, "<U+%04X>", (unsigned)cp);
	w->col += w->out->len - before;
	w->marks = 0;
}

static void
put_tab(struct washing *w)
{
	static const char blanks[TAB_CELLS] = "        ";

	put_ascii(w, blanks, TAB_CELLS - w->col % TAB_CELLS);
}

static void
put_control(struct washing *w, uint32_t cp)
{
	if (cp == '\t') {
		put_tab(w);
	} else if (cp == '\n' && w->keep == TEXT_KEEP_LF) {
		str_addc(w->out, '\n');
		w->col = 0;
		w->marks = 0;
	} else if (cp < 0x80) {
		/* The usual caret notation: ^@ … ^_ and ^? */
		char caret[2] = {'^', (char)(cp ^ 0x40)};
		put_ascii(w, caret, sizeof caret);
	} else {
		put_code(w, cp);
	}
}

/* Without a base it would sit on whatever the caller printed before. */
static void
put_mark(struct washing *w, uint32_t cp)
{
	if (w->marks >= MARKS_MAX)
		return;
	if (w->col == 0) {
		text_encode(w->out, DOTTED_CIRCLE);
		w->col = 1;
	}
	text_encode(w->out, cp);
	w->marks++;
}

/* Format characters of later Unicode versions than our table, and what no version has
 * assigned: nobody can say what a terminal does with them. */
static bool
is_unsure(uint32_t cp)
{
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

static void
put_char(struct washing *w, uint32_t cp)
{
	if (is_control(cp)) {
		put_control(w, cp);
		return;
	}
	const struct hidden *hidden = hidden_of(cp);
	if (hidden != NULL && hidden->fate == FATE_DROP)
		return;
	if (hidden != NULL || is_unsure(cp)) {
		put_code(w, cp);
		return;
	}
	int width = text_cell_width(cp);
	if (width < 0) {
		put_code(w, cp);
	} else if (width == 0) {
		put_mark(w, cp);
	} else {
		text_encode(w->out, cp);
		w->col += (size_t)width;
		w->marks = 0;
	}
}

void
text_harmless(struct str *out, const void *bytes, size_t len, enum text_keep keep)
{
	struct washing w = {.out = out, .keep = keep};
	const char *s = bytes;
	uint32_t cp;

	str_reserve(out, len);
	for (size_t i = 0; i < len;) {
		size_t run = ascii_run(s + i, len - i);
		if (run > 0) {
			put_ascii(&w, s + i, run);
			i += run;
			continue;
		}
		i += text_decode(s + i, len - i, &cp);
		if (cp == '\r' && i < len && s[i] == '\n')
			continue;
		put_char(&w, cp);
	}
}

char *
text_harmless_dup(const char *s)
{
	struct str out = STR_INIT;

	text_harmless(&out, s, strlen(s), TEXT_ONE_LINE);
	return str_take(&out);
}
