#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ptyimpl.h"

enum { WIDE_REST = -1 }; /* what the emulator puts right of a wide character */

static size_t
put_utf8(char *at, uint32_t c)
{
	if (c < 0x80) {
		at[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		at[0] = (char)(0xc0 | c >> 6);
		at[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		at[0] = (char)(0xe0 | c >> 12);
		at[1] = (char)(0x80 | (c >> 6 & 0x3f));
		at[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	at[0] = (char)(0xf0 | c >> 18);
	at[1] = (char)(0x80 | (c >> 12 & 0x3f));
	at[2] = (char)(0x80 | (c >> 6 & 0x3f));
	at[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static int
colour_of(VTermColor c)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&c) || VTERM_COLOR_IS_DEFAULT_BG(&c))
		return PTY_COLOUR_DEFAULT;
	if (VTERM_COLOR_IS_INDEXED(&c))
		return c.indexed.idx;
	return PTY_COLOUR_RGB | c.rgb.red << 16 | c.rgb.green << 8 | c.rgb.blue;
}

struct pty_cell
pty_cell_at(struct pty *p, int row, int col)
{
	struct pty_cell cell = {.width = 1};
	VTermScreenCell c;
	size_t n = 0;

	if (row < 0 || row >= p->rows || col < 0 || col >= p->cols)
		ptyimpl_give_up("no such cell");
	vterm_screen_get_cell(p->screen, (VTermPos){.row = row, .col = col}, &c);
	if (!c.chars[0])
		cell.text[n++] = ' ';
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i]; i++)
		if (c.chars[i] != (uint32_t)WIDE_REST)
			n += put_utf8(cell.text + n, c.chars[i]);
	cell.text[n] = '\0';
	cell.width = c.width;
	cell.bold = c.attrs.bold;
	cell.underline = c.attrs.underline;
	cell.italic = c.attrs.italic;
	cell.blink = c.attrs.blink;
	cell.reverse = c.attrs.reverse;
	cell.strike = c.attrs.strike;
	cell.fg = colour_of(c.fg);
	cell.bg = colour_of(c.bg);
	return cell;
}

static void
add_row(struct pty *p, struct bytes *to, int row)
{
	size_t start = to->n;

	for (int col = 0; col < p->cols; col++) {
		struct pty_cell cell = pty_cell_at(p, row, col);

		ptyimpl_bytes_add(to, cell.text, strlen(cell.text));
	}
	while (to->n > start && to->at[to->n - 1] == ' ')
		to->at[--to->n] = '\0';
}

const char *
pty_screen(struct pty *p)
{
	ptyimpl_bytes_clear(&p->text);
	for (int row = 0; row < p->rows; row++) {
		if (row)
			ptyimpl_bytes_add(&p->text, "\n", 1);
		add_row(p, &p->text, row);
	}
	return p->text.at;
}

const char *
pty_row(struct pty *p, int row)
{
	ptyimpl_bytes_clear(&p->text);
	add_row(p, &p->text, row);
	return p->text.at;
}

static int
col_of_byte(struct pty *p, int row, size_t byte)
{
	size_t n = 0;

	for (int col = 0; col < p->cols; col++) {
		size_t here = strlen(pty_cell_at(p, row, col).text);

		if (n >= byte && here)
			return col;
		n += here;
	}
	return p->cols;
}

bool
pty_find(struct pty *p, const char *text, int *row, int *col)
{
	for (int r = 0; r < p->rows; r++) {
		const char *line = pty_row(p, r);
		const char *hit = strstr(line, text);

		if (hit) {
			*row = r;
			*col = col_of_byte(p, r, (size_t)(hit - line));
			return true;
		}
	}
	return false;
}

struct pty_cell
pty_cell_of(struct pty *p, const char *text)
{
	int row, col;

	if (!pty_find(p, text, &row, &col)) {
		pty_dump(p, text);
		ptyimpl_give_up("this text is not on the screen");
	}
	return pty_cell_at(p, row, col);
}

struct pty_cursor
pty_cursor(struct pty *p)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &pos);
	return (struct pty_cursor){
		.row = pos.row, .col = pos.col, .visible = p->cursor_visible};
}

bool
pty_altscreen(struct pty *p)
{
	return p->altscreen;
}

bool
pty_mouse(struct pty *p)
{
	return p->mouse;
}

const char *
pty_title(struct pty *p)
{
	return p->title.at;
}

int
pty_bells(struct pty *p)
{
	return p->bells;
}

int
pty_rows(struct pty *p)
{
	return p->rows;
}

int
pty_cols(struct pty *p)
{
	return p->cols;
}

int
pty_pid(struct pty *p)
{
	return p->pid;
}

const char *
pty_raw(struct pty *p, size_t *n_bytes)
{
	*n_bytes = p->raw.n;
	return p->raw.at;
}

bool
pty_raw_has(struct pty *p, const char *bytes, size_t n_bytes)
{
	return memmem(p->raw.at, p->raw.n, bytes, n_bytes) != NULL;
}

struct termios
pty_modes(struct pty *p)
{
	struct termios now;

	if (tcgetattr(p->master, &now))
		ptyimpl_give_up("tcgetattr");
	return now;
}

static bool
same_modes(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
		a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
		!memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc));
}

bool
pty_restored(struct pty *p)
{
	struct termios now = pty_modes(p);
	const char *why = NULL;

	if (!same_modes(&now, &p->before))
		why = "the terminal's modes are not as they were";
	else if (p->altscreen)
		why = "the alternate screen is still on";
	else if (!p->cursor_visible)
		why = "the cursor is still hidden";
	else if (p->mouse)
		why = "mouse reports are still on";
	if (why)
		pty_dump(p, why);
	return !why;
}

void
pty_dump(struct pty *p, const char *why)
{
	static const char *const phases[] = {"running", "stopped", "ended"};
	const char *line = pty_screen(p);

	fprintf(stderr,
		"# pty: %s\n# %s, wait status 0x%x, cursor %d,%d, %zu bytes so far%s\n",
		why, phases[p->phase], (unsigned)p->status, pty_cursor(p).row,
		pty_cursor(p).col, p->raw.n, p->altscreen ? ", alternate screen" : "");
	for (int row = 0; line; row++) {
		int n = (int)strcspn(line, "\n");

		fprintf(stderr, "# %3d|%.*s\n", row, n, line);
		line = line[n] ? line + n + 1 : NULL;
	}
}
