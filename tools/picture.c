/*
 * Pictures of the console for docs/: walks the real program through the lines of a list, in a
 * pseudo-terminal of 120 columns and 36 rows, and writes what it draws as SVG.
 *
 *	picture make|check LIST FOLDER
 *
 * make writes FOLDER/NAME.svg where the program draws something else than the picture there
 * shows; check waits until it draws what the picture shows, prints TAP, and changes nothing.
 * Times, ids, durations are not compared. tools/pictures makes the scene. A line of the list:
 *
 *	console ARGUMENT...    the program anew
 *	wait TEXT              until the screen has it
 *	gone TEXT              until it has not
 *	keys KEYS              as tests/lib/pty.h spells them
 *	enter TEXT             Enter, again and again while the screen has it: what asks to be
 *	                       confirmed takes no key at once
 *	picture NAME TITLE     what the screen shows now
 */

#include <locale.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "lib/pty.h"

enum {
	ROWS = 36,
	COLS = 120,
	CELL_W = 8,
	CELL_H = 16,
	BASELINE = 12,
	WAIT_MS = 30000,
	STILL_MS = 1500,
	AGAIN_MS = 1200,
	ARGS_MAX = 16,
};

/* What is another each time: `shown` as wide, and compared as `means`; NULL: as shown. */
static const struct mask {
	const char *regex, *shown, *means;
} masks[] = {
	{"[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z", "12:34:56Z", "TIME"},
	{"[0-2][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]{3}", "12:34:56.789", "TIME"},
	{"Run [0-9A-Z]{4} ", "Run 7KR4 ", NULL},
	{"run [0-9A-Z]{4} step", "run 7KR4 step", NULL},
	{"/tmp/hr[.][A-Za-z0-9]{6}", "/home/nina/ops", NULL},
	{"01[0-9A-HJKMNP-TV-Z]{24}", "01M8J0MQGSXJ65V1DAHX3X7KR4", NULL},
	{"SHA256:[A-Za-z0-9+/]+", NULL, "PRINT"},
	{"[0-9a-f]{16,}", NULL, "HASH"},
	{"[0-9A-Z]{4} 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-2][0-9]:[0-5][0-9]",
		"7KR4 2026-11-28 12:34", "RUN DATE"},
	{"20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-2][0-9]:[0-5][0-9]", "2026-11-28 12:34",
		"DATE"},
	{"20[0-9]{2}-[0-9]{2}-[0-9]{2}", NULL, "DATE"},
	{"[0-9]+([.][0-9]+)? ?(ms|s|m|min|h|d)([^a-z0-9]|$)", NULL, "SPAN "},
	{"[0-9]+:[0-9]{2}([^0-9]|$)", NULL, "SPAN "},
	{"journal #[0-9]+ (synced|writing)", NULL, "journal"},
	{"(try|peak) [0-9]+", NULL, "COUNT"},
	{"[0-9]+ (lines?|looks|answers|good|bad|unknown)", NULL, "COUNT"},
	{"v?[0-9]+[.][0-9]+[.][0-9]+", NULL, "VERSION"},
};
enum { N_MASKS = sizeof masks / sizeof *masks };

struct painter {
	regex_t regex[N_MASKS];
	const char *list, *folder;
	struct pty *p;
	bool making;
	int line, n, bad;
};

static void __attribute__((noreturn, format(printf, 2, 3)))
give_up(const struct painter *d, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", d->list, d->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	printf("Bail out! %s:%d\n", d->list, d->line);
	exit(1);
}

/* ---- what is compared ---------------------------------------------------------------------- */

/* Every match of a mask in text becomes `with`. */
static void
put_instead(const regex_t *re, const char *with, struct str *text)
{
	struct str out = STR_INIT;
	const char *at = text->buf;
	regmatch_t m;

	while (*at && regexec(re, at, 1, &m, 0) == 0 && m.rm_eo > m.rm_so) {
		str_add(&out, at, (size_t)m.rm_so);
		str_adds(&out, with);
		at += m.rm_eo;
	}
	str_adds(&out, at);
	str_reset(text);
	str_add(text, out.buf, out.len);
	str_release(&out);
}

/* Runs of blanks, of lines and of the bars of a small chart count as one. */
static void
squeeze(struct str *text)
{
	static const char *const runs[] = {
		" ", "─", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	struct str out = STR_INIT;
	size_t before = 0;

	for (const char *at = text->buf; *at;) {
		size_t kind = 0, len = 1;

		for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
			if (str_starts(at, runs[i])) {
				kind = i < 2 ? i + 1 : 3;
				len = strlen(runs[i]);
			}
		if (!kind || kind != before)
			str_add(&out, at, len);
		before = kind;
		at += len;
	}
	str_reset(text);
	str_add(text, out.buf, out.len);
	str_release(&out);
}

/* One row as it is compared; one like the row before counts once, so that a list may be longer. */
static void
add_meaning(const struct painter *d, const char *row, struct str *out)
{
	struct str line = STR_INIT;

	str_adds(&line, row);
	for (int i = 0; i < N_MASKS; i++)
		put_instead(&d->regex[i],
			masks[i].means ? masks[i].means : masks[i].shown, &line);
	squeeze(&line);
	while (line.len && line.buf[line.len - 1] == ' ')
		str_cut(&line, line.len - 1);
	str_addc(&line, '\n');
	if (!str_ends(out, line.buf) ||
		(out->len > line.len && out->buf[out->len - line.len - 1] != '\n'))
		str_addf(out, "%s", line.buf);
	str_release(&line);
}

static void
screen_meaning(const struct painter *d, struct pty *p, struct str *out)
{
	str_reset(out);
	for (int row = 0; row < ROWS; row++)
		add_meaning(d, pty_row(p, row), out);
}

/* ---- SVG ------------------------------------------------------------------------------------- */

static void
add_escaped(struct str *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			str_adds(out, "&amp;");
			break;
		case '<':
			str_adds(out, "&lt;");
			break;
		case '>':
			str_adds(out, "&gt;");
			break;
		default:
			str_addc(out, *text);
		}
	}
}

/* Of xterm's 256 colours the cube and the greys; the first sixteen are the terminal's own. */
static unsigned
rgb(int colour, unsigned otherwise)
{
	static const unsigned steps[] = {0, 95, 135, 175, 215, 255};
	unsigned c = (unsigned)colour;

	if (colour < 16)
		return otherwise;
	if (c & PTY_COLOUR_RGB)
		return c & 0xffffff;
	if (c >= 232)
		return (8 + (c - 232) * 10) * 0x010101;
	c -= 16;
	return steps[c / 36] << 16 | steps[c / 6 % 6] << 8 | steps[c % 6];
}

static bool
same_look(const struct pty_cell *a, const struct pty_cell *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold &&
		a->underline == b->underline && a->reverse == b->reverse;
}

struct paper {
	unsigned fg, bg;
};

/* Cells [from, to) of a row, all of one look. */
static void
add_run(struct str *out, const struct paper *page, const struct pty_cell *c, int row,
	int from, int to, const char *text)
{
	unsigned fg = rgb(c->fg, page->fg), bg = rgb(c->bg, page->bg);

	if (c->reverse) {
		unsigned swap = fg;

		fg = bg;
		bg = swap;
	}
	if (bg != page->bg)
		str_addf(out,
			"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
			from * CELL_W, row * CELL_H, (to - from) * CELL_W, CELL_H, bg);
	if (strspn(text, " ") == strlen(text))
		return;
	str_addf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"", from * CELL_W,
		row * CELL_H + BASELINE, (to - from) * CELL_W);
	if (fg != page->fg)
		str_addf(out, " fill=\"#%06x\"", fg);
	str_addf(out, "%s%s>", c->bold ? " font-weight=\"bold\"" : "",
		c->underline ? " text-decoration=\"underline\"" : "");
	add_escaped(out, text);
	str_adds(out, "</text>\n");
}

/* The row with what differs each time replaced by something of the same width. */
static void
shown_row(const struct painter *d, struct pty *p, int row, struct str *out)
{
	str_reset(out);
	str_adds(out, pty_row(p, row));
	for (int i = 0; i < N_MASKS; i++)
		if (masks[i].shown)
			put_instead(&d->regex[i], masks[i].shown, out);
}

static const char *
one_char(const char *at, struct str *to)
{
	do
		str_addc(to, *at++);
	while (((unsigned char)*at & 0xc0) == 0x80);
	return at;
}

static void
add_row(const struct painter *d, const struct paper *page, struct pty *p, int row,
	struct str *out)
{
	struct str shown = STR_INIT, text = STR_INIT;
	const char *at;
	int from = 0;

	shown_row(d, p, row, &shown);
	at = shown.buf;
	while (from < COLS) {
		struct pty_cell first = pty_cell_at(p, row, from), next = first;
		int to = from;

		str_reset(&text);
		while (to < COLS && same_look(&first, &next)) {
			if (*at)
				at = one_char(at, &text);
			else
				str_addc(&text, ' ');
			to += next.width > 1 ? next.width : 1;
			if (to < COLS)
				next = pty_cell_at(p, row, to);
		}
		add_run(out, page, &first, row, from, to, text.buf);
		from = to;
	}
	str_release(&text);
	str_release(&shown);
}

/* The look most cells have is that of the page. */
static struct paper
paper_of(struct pty *p)
{
	struct pty_cell c = pty_cell_at(p, ROWS - 2, COLS - 1);

	return (struct paper){rgb(c.fg, 0xd8dee9), rgb(c.bg, 0x101418)};
}

static void
draw(const struct painter *d, struct pty *p, const char *title, struct str *out)
{
	struct paper page = paper_of(p);

	str_reset(out);
	str_addf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
		"font-family=\"'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"13.29\" "
		"fill=\"#%06x\" xml:space=\"preserve\">\n<title>",
		COLS * CELL_W, ROWS * CELL_H, page.fg);
	add_escaped(out, title);
	str_addf(out,
		"</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#%06x\"/>\n",
		page.bg);
	for (int row = 0; row < ROWS; row++)
		add_row(d, &page, p, row, out);
	str_adds(out, "</svg>\n");
}

/* ---- a picture read back ------------------------------------------------------------------- */

static void
add_plain(struct str *out, const char *at, const char *end)
{
	static const struct {
		const char *name;
		char is;
	} names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

	while (at < end) {
		size_t len = 1;
		char c = *at;

		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (str_starts(at, names[i].name)) {
				c = names[i].is;
				len = strlen(names[i].name);
			}
		str_addc(out, c);
		at += len;
	}
}

/* What the picture in a file shows, row by row; false where there is none. */
static bool
picture_meaning(const struct painter *d, const char *path, struct str *out)
{
	struct err e = ERR_INIT;
	struct str svg = STR_INIT;
	struct str rows[ROWS];
	int x, y, cells[ROWS] = {0};

	str_reset(out);
	if (!file_read(path, 1 << 20, &svg, &e))
		return false;
	for (int row = 0; row < ROWS; row++)
		rows[row] = STR_INIT;
	for (const char *at = svg.buf; (at = strstr(at, "\n<text ")) != NULL; at++) {
		const char *from = strchr(at, '>'),
			   *end = from ? strstr(from, "</text>") : NULL;

		if (sscanf(at, "\n<text x=\"%d\" y=\"%d\"", &x, &y) != 2 || !end)
			continue;
		y = (y - BASELINE) / CELL_H;
		if (y < 0 || y >= ROWS)
			continue;
		for (; cells[y] < x / CELL_W; cells[y]++)
			str_addc(&rows[y], ' ');
		x = (int)rows[y].len;
		add_plain(&rows[y], from + 1, end);
		cells[y] += (int)text_cells(rows[y].buf + x);
	}
	for (int row = 0; row < ROWS; row++) {
		add_meaning(d, rows[row].buf, out);
		str_release(&rows[row]);
	}
	str_release(&svg);
	return true;
}

/* ---- the walk --------------------------------------------------------------------------------- */

struct still {
	const struct painter *d;
	struct str now, before;
	int64_t since;
};

/* The clock on the screen brings a turn each second. */
static bool
stands_still(struct pty *p, void *arg)
{
	struct still *s = arg;
	int64_t now = clock_mono().ms;

	screen_meaning(s->d, p, &s->now);
	if (strcmp(s->now.buf, s->before.buf) != 0) {
		str_reset(&s->before);
		str_adds(&s->before, s->now.buf);
		s->since = now;
	}
	return now - s->since >= STILL_MS;
}

static void
make(struct painter *d, const char *path, const char *name, const char *title)
{
	struct still s = {.d = d, .now = STR_INIT, .before = STR_INIT};
	struct str svg = STR_INIT, old = STR_INIT;
	struct err e = ERR_INIT;

	if (!pty_wait(d->p, stands_still, &s, WAIT_MS))
		give_up(d, "%s does not stand still", name);
	if (picture_meaning(d, path, &old) && strcmp(old.buf, s.now.buf) == 0) {
		printf("%s is as it was\n", path);
	} else {
		draw(d, d->p, title, &svg);
		if (!file_replace(path, svg.buf, svg.len, 0644, &e))
			give_up(d, "%s", e.msg);
		printf("%s is new\n", path);
	}
	str_release(&svg);
	str_release(&old);
	str_release(&s.now);
	str_release(&s.before);
}

struct wanted {
	const struct painter *d;
	struct str want, have;
};

static bool
draws_it(struct pty *p, void *arg)
{
	struct wanted *w = arg;

	screen_meaning(w->d, p, &w->have);
	return strcmp(w->want.buf, w->have.buf) == 0;
}

static void
tell_difference(const char *want, const char *have)
{
	for (int row = 0; row < ROWS && *want && *have; row++) {
		int w = (int)strcspn(want, "\n"), h = (int)strcspn(have, "\n");

		if (w != h || strncmp(want, have, (size_t)w) != 0)
			printf("# row %d shows %.*s\n# and the program %.*s\n", row, w,
				want, h, have);
		want += w + 1;
		have += h + 1;
	}
}

static void
check(struct painter *d, const char *path, const char *name)
{
	struct wanted w = {.d = d, .want = STR_INIT, .have = STR_INIT};
	bool ok = picture_meaning(d, path, &w.want) &&
		pty_wait(d->p, draws_it, &w, WAIT_MS);

	printf("%sok %d - %s is what the program draws (else: make pictures)\n",
		ok ? "" : "not ", ++d->n, name);
	if (!ok)
		tell_difference(w.want.buf, w.have.buf);
	d->bad += !ok;
	str_release(&w.want);
	str_release(&w.have);
}

struct entering {
	const char *while_there;
	int64_t sent;
};

static bool
has_gone(struct pty *p, void *arg)
{
	struct entering *t = arg;
	int64_t now = clock_mono().ms;

	if (!strstr(pty_screen(p), t->while_there))
		return true;
	if (now - t->sent >= AGAIN_MS) {
		pty_send(p, "<Enter>");
		t->sent = now;
	}
	return false;
}

static void
start(struct painter *d, char *words)
{
	const char *argv[ARGS_MAX + 1] = {getenv("HANDRAIL")};
	static const char *const env[] = {"COLORTERM=truecolor", "HANDRAIL_THEME=night",
		"HANDRAIL_OPERATOR=nina@example.com", "HANDRAIL_COPY=off",
		"SSH_AUTH_SOCK", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "HANDRAIL_RUNBOOKS",
		"ACCESSIBLE", NULL};
	int n = 1;
	char *save = NULL;

	for (char *w = strtok_r(words, " ", &save); w && n < ARGS_MAX;
		w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	argv[n] = NULL;
	pty_close(d->p);
	d->p = pty_open(
		&(struct pty_opts){.argv = argv, .env = env, .rows = ROWS, .cols = COLS});
}

static void
do_line(struct painter *d, char *line)
{
	char *rest = line + strcspn(line, " ");
	char *path;

	if (*rest)
		*rest++ = '\0';
	if (strcmp(line, "console") == 0) {
		start(d, rest);
	} else if (!d->p) {
		give_up(d, "no console yet");
	} else if (strcmp(line, "wait") == 0) {
		if (!pty_wait_text(d->p, rest, WAIT_MS))
			give_up(d, "not seen: %s", rest);
	} else if (strcmp(line, "gone") == 0) {
		if (!pty_wait_gone(d->p, rest, WAIT_MS))
			give_up(d, "still there: %s", rest);
	} else if (strcmp(line, "enter") == 0) {
		if (!pty_wait(d->p, has_gone, &(struct entering){rest, clock_mono().ms},
			    WAIT_MS))
			give_up(d, "still there: %s", rest);
	} else if (strcmp(line, "keys") == 0) {
		pty_send(d->p, rest);
	} else if (strcmp(line, "picture") == 0) {
		char *title = rest + strcspn(rest, " ");

		if (*title)
			*title++ = '\0';
		path = mem_printf("%s/%s.svg", d->folder, rest);
		if (d->making)
			make(d, path, rest, title);
		else
			check(d, path, rest);
		mem_free(path);
	} else {
		give_up(d, "not known: %s", line);
	}
}

int
main(int argc, char **argv)
{
	struct painter d = {
		.list = argc > 2 ? argv[2] : "", .folder = argc > 3 ? argv[3] : ""};
	struct str list = STR_INIT;
	struct err e = ERR_INIT;

	setlocale(LC_CTYPE, "C.UTF-8");
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (argc != 4 || !getenv("HANDRAIL")) {
		fprintf(stderr,
			"usage: HANDRAIL=PROGRAM picture make|check LIST FOLDER\n");
		return 2;
	}
	d.making = strcmp(argv[1], "make") == 0;
	for (int i = 0; i < N_MASKS; i++)
		if (regcomp(&d.regex[i], masks[i].regex, REG_EXTENDED) != 0)
			give_up(&d, "mask %d", i);
	if (!file_read(d.list, 1 << 20, &list, &e))
		give_up(&d, "%s", e.msg);
	for (char *at = list.buf; at && *at;) {
		char *end = strchr(at, '\n');

		if (end)
			*end++ = '\0';
		d.line++;
		if (*at && *at != '#')
			do_line(&d, at);
		at = end;
	}
	pty_close(d.p);
	if (!d.making)
		printf("1..%d\n", d.n);
	for (int i = 0; i < N_MASKS; i++)
		regfree(&d.regex[i]);
	str_release(&list);
	return d.bad > 0;
}
