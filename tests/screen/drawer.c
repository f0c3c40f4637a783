/*
 * A small program on ui/term for test_term: draws a list, moves a selection, dies in every
 * way it is asked to. j and k move, p says what was pasted, i is an endless row of frames.
 */

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/term.h"
#include "view/frame.h"

struct drawer {
	struct loop *loop;
	struct term *term;
	int row, frames;
	bool dirty, flood;
	char last[64];
	int code; /* -1: goes on */
};

static void
on_key(void *ctx, const struct keys_event *ev)
{
	struct drawer *d = ctx;

	d->dirty = true;
	if (!ev->key) {
		snprintf(d->last, sizeof d->last, "paste %.40s", ev->paste);
		return;
	}
	snprintf(d->last, sizeof d->last, "key %.40s", ev->key);
	if (strcmp(ev->key, "j") == 0)
		d->row++;
	else if (strcmp(ev->key, "k") == 0)
		d->row--;
	else if (strcmp(ev->key, "q") == 0)
		d->code = 7;
	else if (strcmp(ev->key, "e") == 0)
		exit(9); /* NOLINT: the way out under test */
	else if (strcmp(ev->key, "b") == 0)
		bug_die("drawer.c", 1, "a broken promise");
	else if (strcmp(ev->key, "i") == 0)
		d->flood = true;
	else if (strcmp(ev->key, "C-z") == 0)
		term_suspend(d->term);
}

static void
on_resize(void *ctx)
{
	struct drawer *d = ctx;

	d->dirty = true;
}

static void
on_ready(void *ctx)
{
	(void)ctx;
}

static void
on_signal(void *ctx, int sig)
{
	struct drawer *d = ctx;

	d->code = 128 + sig;
}

static void
draw(void *ctx)
{
	struct drawer *d = ctx;
	struct frame f;

	if (!(d->dirty || d->flood) || d->code >= 0 || !term_ready(d->term))
		return;
	d->dirty = false;
	frame_init(&f, term_rows(d->term), term_cols(d->term));
	f.ascii = term_ascii(d->term);
	frame_box(&f, (struct area){0, 0, f.rows - 1, f.cols},
		&(struct frame_box){.title = "Drawer", .focus = FRAME_FOCUS});
	for (int i = 0; i < 5; i++)
		frame_putf(
			&f, (struct area){1 + i, 1, 1, 30}, STYLE_TEXT, "row %d 漢 é", i);
	frame_restyle(&f, (struct area){1 + d->row, 1, 1, 30}, STYLE_SELECT);
	frame_put(&f, (struct area){6, 1, 1, 30}, STYLE_FAIL, "failed");
	frame_putf(&f, (struct area){7, 1, 1, 60}, STYLE_TEXT, "%s", d->last);
	frame_putf(&f, (struct area){f.rows - 1, 0, 1, 60}, STYLE_KEY,
		"frame %d of %dx%d", d->frames++, f.cols, f.rows);
	frame_cursor(&f, 1 + d->row, 1);
	term_paint(d->term, &f);
	frame_release(&f);
}

/* Two roles in colour: a page, and a block that says failed. */
static struct theme *
painted(void)
{
	struct theme *t = theme_new("drawer", "drawer.yaml");

	t->roles[STYLE_TEXT].pair[THEME_TRUE] = (struct theme_pair){0xd8dee9, 0x000000};
	t->roles[STYLE_TEXT].pair[THEME_256] = (struct theme_pair){
		THEME_DEFAULT, THEME_DEFAULT};
	t->roles[STYLE_FAIL].pair[THEME_TRUE] = (struct theme_pair){0x000003, 0xff9ecf};
	t->roles[STYLE_FAIL].pair[THEME_256] = (struct theme_pair){231, 160};
	t->roles[STYLE_FAIL].pair[THEME_16] = (struct theme_pair){15, 1};
	t->roles[STYLE_FAIL].attr = STYLE_BOLD;
	return t;
}

int
main(int argc, char **argv)
{
	struct drawer d = {.loop = loop_new(), .code = -1, .dirty = true};
	struct err e = ERR_INIT;

	struct theme *theme = painted();

	setlocale(LC_CTYPE, "");
	d.term = term_open(&(struct term_opts){.loop = d.loop,
				   .palette = {theme, argc > 1 ? argv[1] : NULL},
				   .terminfo = getenv("DRAWER_TERMINFO"),
				   .calls = {on_key, on_resize, on_ready, on_signal, &d}},
		&e);
	theme_free(theme);
	if (!d.term) {
		fprintf(stderr, "drawer: %s\n", e.msg);
		loop_free(d.loop);
		return 2;
	}
	loop_after_turn(d.loop, draw, &d);
	while (d.code < 0)
		loop_turn(d.loop, d.flood ? 1 : 1000);
	loop_after_turn(d.loop, NULL, NULL);
	term_close(d.term);
	loop_free(d.loop);
	return d.code;
}
