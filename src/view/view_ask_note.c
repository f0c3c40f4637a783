#include "view/view_ask.h"

#include "base/mem.h"
#include "run/correct.h"
#include "view/steptext.h"

/* A note, or a correction of what somebody has said before. */

enum { SHOWN = 12 };

static void
offer(struct form *f, const struct run *r)
{
	struct correct_rows rows = {0};
	struct form_item *list;
	struct str words = STR_INIT;

	correct_list(r, &rows);
	if (rows.list.len) {
		list = form_add_list(f, ASK_LIST, "Corrects");
		form_list_add_key(list, -1, "nothing: it is a new note");
		for (size_t i = 0; i < rows.list.len && i < SHOWN; i++) {
			str_reset(&words);
			correct_words(r, rows.list.at[i].seq, &words);
			form_list_add_key(list, rows.list.at[i].seq, words.buf);
		}
	}
	str_release(&words);
	correct_release(&rows);
}

void
view_ask_note(struct form *f, const struct run *r, int step, struct now now)
{
	char *title = step < 0 ? NULL : steptext_title(r, step);

	form_init(f, "Note", now);
	if (title)
		form_body_text(f, STYLE_STRONG, title);
	form_body_text(f, STYLE_DIM,
		"It is added to the record and stays there; so does what it corrects.");
	form_add_field(f, ASK_TEXT, "Note");
	offer(f, r);
	form_add_button(f, ASK_YES, "Add it");
	form_add_button(f, ASK_NO, "Cancel");
	view_ask_need_text(f);
	mem_free(title);
}

int64_t
view_ask_note_of(const struct form *f)
{
	return form_chosen_key(f, ASK_LIST, -1);
}
