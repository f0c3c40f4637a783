#include <string.h>

#include "app/consoleinner.h"

/* The dialog that silences a probe: never without a reason, never for ever. */

static const struct {
	const char *words;
	int64_t ms;
} spans[] = {
	{"for 15 minutes", INT64_C(15) * 60 * 1000},
	{"for 1 hour", INT64_C(3600) * 1000},
	{"for 4 hours", INT64_C(4) * 3600 * 1000},
	{"for 24 hours", INT64_C(24) * 3600 * 1000},
};
enum { SPANS = sizeof spans / sizeof *spans, SPAN_USUAL = 1 };

void
console_mute_ask(struct console *c, int item)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_MUTE);
	const char *rows[SPANS + 1] = {NULL};
	struct board_shown s;

	for (int i = 0; i < SPANS; i++)
		rows[i] = spans[i].words;
	board_show(console_health_board(c), item, clock_now(), &s);
	d->item = item;
	console_ask_words(c, d,
		&(struct ask_words){.title = "Mute a probe",
			.text = s.name,
			.more = c->session
				? "It is looked at as before and counts as no alarm until then. "
				  "The reason is in the record."
				: "It is looked at as before and counts as no alarm until then.",
			.rows = rows,
			.field = "Reason",
			.yes = "Mute it"});
	scroll_select(&form_item(&d->form, ASK_LIST)->scroll, SPAN_USUAL);
	view_ask_need_text(&d->form);
}

/* The board may have gone under it, with its session. */
void
console_mute_update(struct console *c, struct console_dialog *d)
{
	const struct board *b = console_health_board(c);

	d->finished = !b || (size_t)d->item >= board_items(b);
	view_ask_need_text(&d->form);
}

/* As much of it as has room, in whole characters. */
static void
take_reason(const char *text, struct vital_mute *m)
{
	size_t len = strlen(text);

	if (len >= sizeof m->reason)
		len = sizeof m->reason - 1;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(m->reason, text, len);
	m->reason[len] = '\0';
}

bool
console_mute_pressed(struct console *c, struct console_dialog *d, int button)
{
	int row = form_chosen(&d->form, ASK_LIST);
	struct vital_mute m = {0};

	if (button != ASK_YES || row == FORM_NO_ID)
		return true;
	m.until.ms = clock_wall().ms + spans[row].ms;
	take_reason(form_field_text(&d->form, ASK_TEXT), &m);
	console_health_mute(c, d->item, &m);
	return true;
}
