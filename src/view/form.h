#ifndef VIEW_FORM_H
#define VIEW_FORM_H

/*
 * A dialog as data: a text that scrolls, fields, boxes to tick, a list to choose from, a
 * row of buttons, one focus. All dialogs are forms, so all answer to the same keys. A
 * button may be off (and says why) and may be guarded: it takes no key before the dialog
 * has been on screen for its time, so that a key typed for something else does nothing.
 * Pure: the time comes in.
 *
 * Sequence: form_init, form_body_*, form_add_*, then form_do / form_type / form_paste for
 * each key and form_draw for each frame, form_release.
 */

#include "base/clock.h"
#include "view/field.h"
#include "view/keymap.h"
#include "view/page.h"

enum form_kind { FORM_FIELD, FORM_CHECK, FORM_LIST, FORM_BUTTON };

struct form_item {
	enum form_kind kind;
	int id;
	char *label;
	struct field field;
	bool checked;
	bool off;     /* button */
	bool guarded; /* button: not before the guard's time */
	char *off_why;
	struct scroll scroll; /* list: ids are row numbers */
	VEC_OF(char *) rows;
	VEC_OF(int64_t) keys; /* of the rows, or none: what each stands for */
	int filter;           /* id of the field that filters the list, or FORM_NO_ID */
};
enum { FORM_NO_ID = -1 };

struct form_block {
	char *label, *text, *first;
	enum style style;
	int indent;
};

struct form {
	char *title, *right;
	enum style right_style;
	VEC_OF(struct form_block) body;
	struct scroll scroll; /* of the body */
	VEC_OF(struct form_item) items;
	char *caption; /* a line above the items that never scrolls away, or NULL */
	int focus;     /* index in items */
	int press;     /* id of the button that Enter in the last field presses */
	struct mono opened;
	int64_t guard_ms;
	int wide;   /* wished columns, 0: 96 */
	bool fills; /* takes all the height it can get */
};

void form_init(struct form *f, const char *title, struct now now);
void form_release(struct form *f);
void form_right(struct form *f, enum style style, const char *text);

void form_caption(struct form *f, const char *text); /* NULL: none */

/* The text. form_body_clear and filling it again keeps the place. */
void form_body_clear(struct form *f);
void form_body_text(struct form *f, enum style style, const char *text);
void form_body_label(struct form *f, const char *label, const char *text);
void form_body_prose(struct form *f, const char *label, const char *text);
void form_body_code(struct form *f, const char *text); /* "$ " before it */
void form_body_heading(struct form *f, const char *text);
void form_body_blank(struct form *f);

/* Items in the order of Tab; buttons last. Pointers are valid until the next add. */
struct form_item *form_add_field(struct form *f, int id, const char *label);
struct form_item *form_add_check(struct form *f, int id, const char *label);
struct form_item *form_add_list(struct form *f, int id, const char *label);
struct form_item *form_add_button(struct form *f, int id, const char *label);
void form_list_clear(struct form_item *list);
void form_list_add(struct form_item *list, const char *text);
/* All rows of a list have keys, or none has. */
void form_list_add_key(struct form_item *list, int64_t key, const char *text);

struct form_item *form_item(const struct form *f, int id);
const char *form_field_text(const struct form *f, int id);
bool form_checked(const struct form *f, int id);
/* Row number of the selection among all rows; FORM_NO_ID: none. */
int form_chosen(const struct form *f, int id);
/* The key of that row; `none` where there is no such list, row or key. */
int64_t form_chosen_key(const struct form *f, int id, int64_t none);
void form_button_off(struct form *f, int id, const char *why); /* NULL: on */
/* Small letters of the filter match both. */
bool form_row_matches(const char *row, const char *filter);
bool form_on_text(const struct form *f); /* the focus is in a field */
void form_focus(struct form *f, int id); /* moves it there */
int64_t form_guard_left(const struct form *f, struct now now); /* ms, 0: over */

enum form_result {
	FORM_NOTHING, /* not for a form */
	FORM_CHANGED,
	FORM_PRESSED, /* *button was pressed */
	FORM_CANCELLED,
	FORM_TOO_EARLY, /* the guard's time is not over */
	FORM_IS_OFF,    /* *button is off */
	FORM_NO_PASTE,
};
enum form_result form_do(struct form *f, enum action a, struct now now, int *button);
enum form_result form_type(struct form *f, const char *utf8);
enum form_result form_paste(struct form *f, const char *text, size_t len);

/* Centred in the area; boxed unless the screen is compact. */
void form_draw(struct form *form, struct frame *f, struct area a, struct now now);

#endif
