#include "view/view_ask.h"

#include <string.h>

#include "base/stamp.h"

/* The dialogs that end what is owed without its being done. */

enum { END_WIDE = 76 };

void
view_ask_end(struct form *f, const struct ask_end *a, struct now now)
{
	form_init(f, a->postpone ? "Owed later" : "No longer owed", now);
	f->wide = END_WIDE;
	form_right(f, STYLE_DIM, a->id);
	if (a->postpone)
		form_add_field(f, ASK_TEXT, "Until");
	form_add_field(f, ASK_MORE, "Reason");
	form_add_button(f, ASK_YES, a->postpone ? "Postpone it" : "Release it");
	form_add_button(f, ASK_NO, "Cancel");
	view_ask_end_update(f, a);
}

void
view_ask_end_update(struct form *f, const struct ask_end *a)
{
	const char *reason = form_field_text(f, ASK_MORE);
	bool timeless = a->postpone && !form_field_text(f, ASK_TEXT)[0];
	char at[STAMP_BYTES];

	form_body_clear(f);
	form_body_text(f, STYLE_STRONG, a->title);
	form_body_label(f, "Due", stamp_wall_sec(a->due, at));
	if (a->postpone)
		form_body_label(f, "Then",
			!a->why_not        ? a->stamp
				: timeless ? "2d, or 2026-12-01T09:00:00Z"
					   : a->why_not);
	form_body_text(f, STYLE_DIM,
		a->postpone
			? "It stays owed until then. The record keeps who postponed it, and why."
			: "It is not done, and nobody is asked for it again. The record keeps who "
			  "released it, and why.");
	form_button_off(f, ASK_YES,
		timeless                              ? "off until there is a time"
			: a->why_not                  ? "off until it is a time"
			: reason[strspn(reason, " ")] ? NULL
						      : "off until there is a reason");
}
