#include "view/form.h"

#include <ctype.h>
#include <string.h>

#include "base/bug.h"
#include "base/text.h"

void
form_init(struct form *f, const char *title, struct now now)
{
	*f = (struct form){.title = text_harmless_dup(title),
		.opened = now.mono,
		.press = FORM_NO_ID,
		.scroll = {.id = SCROLL_NOTHING}};
}

void
form_list_clear(struct form_item *list)
{
	for (size_t i = 0; i < list->rows.len; i++)
		mem_free(list->rows.at[i]);
	list->rows.len = list->keys.len = 0;
}

static void
item_release(struct form_item *it)
{
	mem_free(it->label);
	mem_free(it->off_why);
	if (it->kind == FORM_FIELD)
		field_release(&it->field);
	form_list_clear(it);
	vec_free(&it->rows);
	vec_free(&it->keys);
	scroll_release(&it->scroll);
}

void
form_release(struct form *f)
{
	for (size_t i = 0; i < f->items.len; i++)
		item_release(&f->items.at[i]);
	vec_free(&f->items);
	form_body_clear(f);
	vec_free(&f->body);
	scroll_release(&f->scroll);
	mem_free(f->title);
	mem_free(f->right);
	mem_free(f->caption);
	*f = (struct form){0};
}

void
form_right(struct form *f, enum style style, const char *text)
{
	mem_free(f->right);
	f->right = text_harmless_dup(text);
	f->right_style = style;
}

void
form_caption(struct form *f, const char *text)
{
	mem_free(f->caption);
	f->caption = text ? text_harmless_dup(text) : NULL;
}

/* ---- the text ------------------------------------------------------------------------ */

void
form_body_clear(struct form *f)
{
	for (size_t i = 0; i < f->body.len; i++) {
		mem_free(f->body.at[i].label);
		mem_free(f->body.at[i].text);
		mem_free(f->body.at[i].first);
	}
	f->body.len = 0;
}

void
form_body_text(struct form *f, enum style style, const char *text)
{
	vec_push(&f->body, (struct form_block){.text = mem_strdup(text), .style = style});
}

enum { LABEL_COLS = 10, LABEL_COLS_MAX = 30 };

/* What is longer than a column of labels may be stands above its text. */
void
form_body_label(struct form *f, const char *label, const char *text)
{
	char *safe = text_harmless_dup(label);
	int cells = (int)text_cells(safe),
	    cols = cells < LABEL_COLS ? LABEL_COLS : cells + 2;

	if (text && *text && cols > LABEL_COLS_MAX) {
		form_body_text(f, STYLE_DIM, label);
		vec_push(&f->body,
			(struct form_block){.label = mem_strdup(""),
				.text = mem_strdup(text),
				.indent = 2});
	} else if (text && *text) {
		vec_push(&f->body,
			(struct form_block){.label = mem_strdup(label),
				.text = mem_strdup(text),
				.indent = cols});
	}
	mem_free(safe);
}

void
form_body_prose(struct form *f, const char *label, const char *text)
{
	struct str flowing = STR_INIT;

	if (text)
		page_reflow(text, &flowing);
	form_body_label(f, label, flowing.buf);
	str_release(&flowing);
}

void
form_body_code(struct form *f, const char *text)
{
	vec_push(&f->body,
		(struct form_block){.text = mem_strdup(text),
			.first = mem_strdup("$ "),
			.style = STYLE_CODE,
			.indent = 2});
}

void
form_body_heading(struct form *f, const char *text)
{
	vec_push(&f->body,
		(struct form_block){.text = mem_strdup(text), .style = STYLE_TITLE});
}

void
form_body_blank(struct form *f)
{
	vec_push(&f->body, (struct form_block){.text = NULL});
}

/* ---- items --------------------------------------------------------------------------- */

static struct form_item *
add(struct form *f, enum form_kind kind, int id, const char *label)
{
	struct form_item *it = vec_add(&f->items);

	it->kind = kind;
	it->id = id;
	it->label = text_harmless_dup(label);
	it->filter = FORM_NO_ID;
	it->scroll.id = SCROLL_NOTHING;
	return it;
}

struct form_item *
form_add_field(struct form *f, int id, const char *label)
{
	struct form_item *it = add(f, FORM_FIELD, id, label);

	field_init(&it->field);
	return it;
}

struct form_item *
form_add_check(struct form *f, int id, const char *label)
{
	return add(f, FORM_CHECK, id, label);
}

struct form_item *
form_add_list(struct form *f, int id, const char *label)
{
	struct form_item *it = add(f, FORM_LIST, id, label);

	it->scroll.id = 0;
	return it;
}

struct form_item *
form_add_button(struct form *f, int id, const char *label)
{
	if (f->press == FORM_NO_ID)
		f->press = id;
	return add(f, FORM_BUTTON, id, label);
}

void
form_list_add(struct form_item *list, const char *text)
{
	vec_push(&list->rows, text_harmless_dup(text));
}

void
form_list_add_key(struct form_item *list, int64_t key, const char *text)
{
	form_list_add(list, text);
	vec_push(&list->keys, key);
}

int64_t
form_chosen_key(const struct form *f, int id, int64_t none)
{
	const struct form_item *it = form_item(f, id);
	int row = it ? form_chosen(f, id) : FORM_NO_ID;

	return row >= 0 && (size_t)row < it->keys.len ? it->keys.at[row] : none;
}

struct form_item *
form_item(const struct form *f, int id)
{
	for (size_t i = 0; i < f->items.len; i++)
		if (f->items.at[i].id == id)
			return &f->items.at[i];
	return NULL;
}

const char *
form_field_text(const struct form *f, int id)
{
	const struct form_item *it = form_item(f, id);

	return it ? it->field.text.buf : "";
}

bool
form_checked(const struct form *f, int id)
{
	const struct form_item *it = form_item(f, id);

	return it && it->checked;
}

bool
form_row_matches(const char *row, const char *filter)
{
	size_t len = strlen(filter);

	if (!len)
		return true;
	for (; *row; row++) {
		size_t i = 0;

		while (i < len && row[i] &&
			(filter[i] == row[i] ||
				filter[i] == tolower((unsigned char)row[i])))
			i++;
		if (i == len)
			return true;
	}
	return false;
}

int
form_chosen(const struct form *f, int id)
{
	const struct form_item *it = form_item(f, id);
	const char *filter;

	if (!it || it->scroll.id < 0)
		return FORM_NO_ID;
	filter = it->filter == FORM_NO_ID ? "" : form_field_text(f, it->filter);
	if ((size_t)it->scroll.id < it->rows.len &&
		form_row_matches(it->rows.at[it->scroll.id], filter))
		return it->scroll.id;
	/* the filter took the marked row away since it was drawn: the first one is next */
	for (size_t i = 0; i < it->rows.len; i++)
		if (form_row_matches(it->rows.at[i], filter))
			return (int)i;
	return FORM_NO_ID;
}

void
form_button_off(struct form *f, int id, const char *why)
{
	struct form_item *it = form_item(f, id);

	BUG_ON(!it);
	mem_free(it->off_why);
	it->off_why = mem_strdup(why);
	it->off = why != NULL;
}

bool
form_on_text(const struct form *f)
{
	return f->items.len && f->items.at[f->focus].kind == FORM_FIELD;
}

int64_t
form_guard_left(const struct form *f, struct now now)
{
	int64_t left = f->guard_ms - (now.mono.ms - f->opened.ms);

	return left > 0 ? left : 0;
}

/* ---- keys ---------------------------------------------------------------------------- */

static enum form_result
press(struct form *f, int id, struct now now, int *button)
{
	const struct form_item *it = form_item(f, id);

	*button = id;
	if (!it)
		return FORM_NOTHING;
	if (it->off)
		return FORM_IS_OFF;
	if (it->guarded && form_guard_left(f, now) > 0)
		return FORM_TOO_EARLY;
	return FORM_PRESSED;
}

void
form_focus(struct form *f, int id)
{
	for (size_t i = 0; i < f->items.len; i++)
		if (f->items.at[i].id == id)
			f->focus = (int)i;
}

static void
focus_step(struct form *f, int by)
{
	int n = (int)f->items.len;

	if (n)
		f->focus = (f->focus + by + n) % n;
}

static enum form_result
accept(struct form *f, struct now now, int *button)
{
	const struct form_item *it;

	if (!f->items.len)
		return FORM_NOTHING;
	it = &f->items.at[f->focus];
	if (it->kind == FORM_BUTTON)
		return press(f, it->id, now, button);
	if (it->kind != FORM_CHECK) {
		/* the last thing to fill in: Enter goes on with the main button */
		for (size_t i = (size_t)f->focus + 1; i < f->items.len; i++) {
			if (f->items.at[i].kind == FORM_BUTTON)
				return press(f, f->press, now, button);
			if (f->items.at[i].kind != FORM_LIST || it->kind == FORM_LIST)
				break;
		}
	}
	focus_step(f, 1);
	return FORM_CHANGED;
}

/* The list that the moving keys are for: the one in focus, fed by the field in focus, or
 * right above that where no text has to be scrolled. */
static struct form_item *
list_in_reach(struct form *f)
{
	struct form_item *it = f->items.len ? &f->items.at[f->focus] : NULL;

	if (!it || it->kind == FORM_LIST)
		return it;
	for (size_t i = 0; it->kind == FORM_FIELD && i < f->items.len; i++)
		if (f->items.at[i].kind == FORM_LIST && f->items.at[i].filter == it->id)
			return &f->items.at[i];
	if (it->kind == FORM_FIELD && f->focus > 0 && it[-1].kind == FORM_LIST &&
		it[-1].filter == FORM_NO_ID && (int)f->scroll.ids.len <= f->scroll.height)
		return it - 1;
	return NULL;
}

static enum form_result
move(struct form *f, enum scroll_step step)
{
	struct form_item *list = list_in_reach(f);
	bool on_button = f->items.len && f->items.at[f->focus].kind != FORM_FIELD;
	bool longer = (int)f->scroll.ids.len > f->scroll.height;

	/* the sentence below the text names these keys, wherever the focus is */
	if (longer && (step == SCROLL_PAGE_UP || step == SCROLL_PAGE_DOWN))
		scroll_text(&f->scroll, step);
	else if (list)
		scroll_move(&list->scroll, step);
	else if (longer || step == SCROLL_PAGE_UP || step == SCROLL_PAGE_DOWN)
		scroll_text(&f->scroll, step);
	else if (on_button && (step == SCROLL_UP || step == SCROLL_DOWN))
		focus_step(f, step == SCROLL_UP ? -1 : 1);
	return FORM_CHANGED;
}

static const struct {
	enum action action;
	enum scroll_step step;
} moves[] = {
	{ACTION_UP, SCROLL_UP},
	{ACTION_UP_VI, SCROLL_UP},
	{ACTION_DOWN, SCROLL_DOWN},
	{ACTION_DOWN_VI, SCROLL_DOWN},
	{ACTION_HALF_UP, SCROLL_HALF_UP},
	{ACTION_HALF_DOWN, SCROLL_HALF_DOWN},
	{ACTION_PAGE_UP, SCROLL_PAGE_UP},
	{ACTION_PAGE_DOWN, SCROLL_PAGE_DOWN},
	{ACTION_FIRST, SCROLL_FIRST},
	{ACTION_LAST, SCROLL_LAST},
};

static const struct {
	enum action action;
	enum field_edit edit;
} edits[] = {
	{ACTION_EDIT_LEFT, FIELD_LEFT},
	{ACTION_EDIT_RIGHT, FIELD_RIGHT},
	{ACTION_EDIT_START, FIELD_START},
	{ACTION_EDIT_END, FIELD_END},
	{ACTION_EDIT_BACKSPACE, FIELD_BACKSPACE},
	{ACTION_EDIT_DELETE, FIELD_DELETE},
	{ACTION_EDIT_KILL_WORD, FIELD_KILL_WORD},
	{ACTION_EDIT_KILL_BACK, FIELD_KILL_BACK},
	{ACTION_EDIT_KILL_END, FIELD_KILL_END},
};

enum form_result
form_do(struct form *f, enum action a, struct now now, int *button)
{
	struct form_item *it = f->items.len ? &f->items.at[f->focus] : NULL;

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].action == a)
			return move(f, moves[i].step);
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		if (edits[i].action == a && form_on_text(f)) {
			field_edit(&it->field, edits[i].edit);
			return FORM_CHANGED;
		}
	}
	if (a == ACTION_FORM_NEXT || a == ACTION_RIGHT || a == ACTION_FORM_PREV ||
		a == ACTION_LEFT) {
		focus_step(f, a == ACTION_FORM_NEXT || a == ACTION_RIGHT ? 1 : -1);
		return FORM_CHANGED;
	}
	if (a == ACTION_FORM_ACCEPT)
		return accept(f, now, button);
	if (a == ACTION_FORM_TOGGLE && it && it->kind == FORM_CHECK) {
		it->checked = !it->checked;
		return FORM_CHANGED;
	}
	if (a == ACTION_ESCAPE || a == ACTION_STOP)
		return FORM_CANCELLED;
	return FORM_NOTHING;
}

enum form_result
form_type(struct form *f, const char *utf8)
{
	if (!form_on_text(f) || !field_type(&f->items.at[f->focus].field, utf8))
		return FORM_NOTHING;
	return FORM_CHANGED;
}

enum form_result
form_paste(struct form *f, const char *text, size_t len)
{
	if (!form_on_text(f) || !field_paste(&f->items.at[f->focus].field, text, len))
		return FORM_NO_PASTE;
	return FORM_CHANGED;
}
