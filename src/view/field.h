#ifndef VIEW_FIELD_H
#define VIEW_FIELD_H

/*
 * A one-line editor: steps of whole graphemes, the keys people know from their shell,
 * input that may be hidden, a paste that may be refused. Knows nothing of keys or
 * screens; the words of the keymap call it.
 */

#include <stdbool.h>

#include "base/str.h"
#include "view/frame.h"

enum field_paste { FIELD_PASTE_OK, FIELD_PASTE_REFUSED };
enum field_echo { FIELD_SHOWN, FIELD_HIDDEN };

struct field {
	struct str text;
	size_t at; /* of the cursor, in bytes */
	enum field_paste paste;
	enum field_echo echo;
	size_t max_bytes; /* 0: FIELD_MAX_BYTES */
};
enum { FIELD_MAX_BYTES = 4096 };

enum field_edit {
	FIELD_LEFT,
	FIELD_RIGHT,
	FIELD_START,
	FIELD_END,
	FIELD_BACKSPACE,
	FIELD_DELETE,
	FIELD_KILL_WORD,
	FIELD_KILL_BACK,
	FIELD_KILL_END,
};

void field_init(struct field *f);
void field_release(struct field *f); /* wipes it */
void field_set(struct field *f, const char *text);
/* Typed characters, valid UTF-8; false when there is no room or they may not stand here. */
bool field_type(struct field *f, const char *utf8);
/* Newlines become blanks. False: refused, nothing changed. */
bool field_paste(struct field *f, const char *text, size_t len);
void field_edit(struct field *f, enum field_edit what);
/* Draws it into one row, scrolled so that the cursor shows. */
void field_draw(
	const struct field *f, struct frame *fr, struct area a, enum frame_focus focus);

#endif
