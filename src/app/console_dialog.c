#include <string.h>

#include "app/consoleinner.h"
#include "base/mem.h"
#include "view/view_confirm.h"

/* The stack of dialogs. The top one takes every key; it was opened by the operator's own. */

struct console_dialog *
console_dialog_top(const struct console *c)
{
	return c->dialogs.len ? c->dialogs.at[c->dialogs.len - 1] : NULL;
}

struct console_dialog *
console_dialog_push(struct console *c, enum console_dialog_kind kind)
{
	struct console_dialog *d = mem_alloc(sizeof *d);

	d->kind = kind;
	d->step = d->input = d->item = NONE;
	d->leg = LEG_ALL;
	d->signed_key = NONE;
	vec_push(&c->dialogs, d);
	return d;
}

/* What was typed before it was there does not count. */
void
console_dialog_opened(struct console *c, struct console_dialog *d)
{
	term_flush_input(c->term);
	if (d->form.guard_ms)
		loop_timer_start(c->guard, d->form.guard_ms + 10, 0);
	c->dirty = true;
}

void
console_dialog_close(struct console *c, struct console_dialog *d)
{
	for (size_t i = 0; i < c->dialogs.len; i++) {
		if (c->dialogs.at[i] != d)
			continue;
		vec_remove(&c->dialogs, i);
		break;
	}
	form_release(&d->form);
	undo_plan_release(&d->plan);
	mem_free(d->statement);
	mem_free(d->why);
	mem_free(d->signed_comment);
	mem_free(d);
	c->dirty = true;
}

void
console_dialog_close_all(struct console *c)
{
	while (c->dialogs.len)
		console_dialog_close(c, console_dialog_top(c));
	vec_free(&c->dialogs);
}

void
console_dialog_update(struct console *c)
{
	for (size_t i = 0; i < c->dialogs.len; i++) {
		struct console_dialog *d = c->dialogs.at[i];

		if (console_ask_ops[d->kind].update)
			console_ask_ops[d->kind].update(c, d);
	}
	for (size_t i = c->dialogs.len; i-- > 0;)
		if (c->dialogs.at[i]->finished && !c->dialogs.at[i]->pressed)
			console_dialog_close(c, c->dialogs.at[i]);
}

static void
too_early(struct console *c, const struct console_dialog *d)
{
	int64_t left = form_guard_left(&d->form, clock_now()) + 99; /* never 0.0 */

	console_say(c, SCENE_WARNING,
		"the key came too early and did nothing: ready in %d.%d s",
		(int)(left / 1000), (int)(left % 1000 / 100));
}

static void
said_no(struct console *c, const struct console_dialog *d, int button)
{
	const struct form_item *it = form_item(&d->form, button);

	if (d->kind == DIALOG_CONFIRM && *form_field_text(&d->form, CONFIRM_PHRASE))
		console_say(c, SCENE_WARNING, "the words do not match; nothing has run");
	else
		console_say(
			c, SCENE_WARNING, "%s", it && it->off_why ? it->off_why : "off");
}

static void
result(struct console *c, struct console_dialog *d, enum form_result r, int button)
{
	switch (r) {
	case FORM_PRESSED:
		d->pressed = true; /* what it does may change the run at once */
		if (console_ask_ops[d->kind].pressed(c, d, button) || d->finished)
			console_dialog_close(c, d);
		else
			d->pressed = false;
		break;
	case FORM_CANCELLED:
		d->pressed = true;
		console_say_no_more(c); /* it was about what was typed here */
		if (console_ask_ops[d->kind].cancelled)
			console_ask_ops[d->kind].cancelled(c, d);
		console_dialog_close(c, d);
		break;
	case FORM_TOO_EARLY:
		too_early(c, d);
		break;
	case FORM_IS_OFF:
		said_no(c, d, button);
		break;
	case FORM_NO_PASTE:
		console_say(c, SCENE_WARNING, "a paste is refused here: type it");
		break;
	case FORM_CHANGED:
		console_say_no_more(c);
		break;
	case FORM_NOTHING:
		break;
	}
}

static bool
is_letter_for_buttons(enum action a)
{
	return a == ACTION_UP_VI || a == ACTION_DOWN_VI || a == ACTION_LEFT ||
		a == ACTION_RIGHT || a == ACTION_FIRST || a == ACTION_LAST;
}

void
console_dialog_key(struct console *c, const struct keys_event *ev)
{
	struct console_dialog *d = console_dialog_top(c);
	struct now now = clock_now();
	bool text = form_on_text(&d->form);
	enum form_result r = FORM_NOTHING;
	int button = FORM_NO_ID;
	enum action a;

	if (!ev->key) {
		r = form_paste(&d->form, ev->paste, ev->paste_len);
	} else {
		a = keymap_find(&c->keys, text ? ON_TEXT : ON_FORM, ev->key);
		if (a == ACTION_QUIT) {
			console_say(c, SCENE_INFO, "Esc closes the dialog first");
			return;
		}
		if (a != ACTION_NONE && !(text && is_letter_for_buttons(a)))
			r = form_do(&d->form, a, now, &button);
		else if (ev->text)
			r = form_type(&d->form, ev->text);
	}
	if (r == FORM_CHANGED && console_ask_ops[d->kind].update)
		console_ask_ops[d->kind].update(c, d);
	result(c, d, r, button);
	c->dirty = true;
	/* an input that is no fact of the record is there at once */
	if (c->session)
		console_ask_chain(c);
}

void
console_dialog_draw(struct console *c, const struct scene *sc)
{
	struct console_dialog *d = console_dialog_top(c);
	int top = sc->strip_len ? 2 : 1;
	struct area a = {top, 0, c->frame.rows - top - 2, c->frame.cols};
	struct area foot = {c->frame.rows - 1, 0, 1, c->frame.cols};
	struct keymap_can can = {0};

	const char *none = !c->prompting   ? "nobody asks for anything"
		: d->kind == DIALOG_PROMPT ? "this is where the answer goes"
					   : NULL;

	keymap_deny(&can, ACTION_RUN_ANSWER, none);
	keymap_deny(&can, ACTION_RUN_ANSWER_TEXT, none);
	frame_fill(&c->frame, foot, STYLE_TEXT);
	keymap_footer(&c->frame, (struct area){foot.row, 1, 1, foot.cols - 2},
		form_on_text(&d->form) ? ON_TEXT : ON_FORM, &can, sc->keys);
	form_draw(&d->form, &c->frame, a, sc->now);
}
