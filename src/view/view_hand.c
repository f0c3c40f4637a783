#include "view/view_hand.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/ulid.h"
#include "run/legs.h"

enum { WIDE = 92, FORCE_GUARD_MS = 1000, SHORT_ID = 4 };

/* "word: text", line by line, as labels. */
static void
add_lines(struct form *f, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), word = strcspn(text, ":");
		char *label, *rest;

		if (word < len) {
			label = mem_strndup(text, word);
			rest = mem_strndup(text + word + 1 + (text[word + 1] == ' '),
				len - word - 1 - (text[word + 1] == ' '));
			form_body_label(f, label, rest);
			mem_free(rest);
			mem_free(label);
		} else {
			rest = mem_strndup(text, len);
			form_body_text(f, STYLE_TEXT, rest);
			mem_free(rest);
		}
		text += len + (text[len] == '\n');
	}
}

static void
add_summary(struct form *f, const struct run *r, struct now now)
{
	struct str text = STR_INIT;

	drive_summary(r, now.wall, &text);
	add_lines(f, text.buf);
	str_release(&text);
}

void
view_hand_offer(
	struct form *f, const struct run *r, const char *onlookers, struct now now)
{
	struct str words = STR_INIT;

	form_init(f, r->offer.stands ? "The run is offered" : "Hand over the run?", now);
	f->wide = WIDE;
	if (r->offer.stands) {
		str_addf(&words,
			"To %s. You drive it until it is taken; what stands goes with it.",
			r->offer.to ? r->offer.to : "whoever looks on");
	} else {
		str_adds(
			&words, "You drive it until somebody of this account takes it. ");
		if (*onlookers)
			str_addf(&words, "%s look%s on now.", onlookers,
				strchr(onlookers, ',') ? "" : "s");
		else
			str_addf(&words,
				"Nobody looks on now: handrail take-over %s takes it.",
				r->id + ULID_LEN - SHORT_ID);
	}
	form_body_text(f, STYLE_STRONG, words.buf);
	form_body_heading(f, "What stands");
	add_summary(f, r, now);
	if (!r->offer.stands)
		form_add_field(f, HAND_TO, "To (empty: anybody)");
	form_add_button(f, r->offer.stands ? HAND_BACK : HAND_YES,
		r->offer.stands ? "Take the offer back" : "Offer it");
	form_add_button(f, HAND_CANCEL, r->offer.stands ? "Leave it" : "Cancel");
	str_release(&words);
}

void
view_hand_accept(struct form *f, const struct run *r, struct now now)
{
	struct str words = STR_INIT;
	char at[STAMP_BYTES];

	form_init(f, "Take the run?", now);
	f->wide = WIDE;
	str_addf(&words, "%s offers it since %s. From then on you drive it here.",
		r->offer.by ? r->offer.by : "?", stamp_clock(r->offer.at, at));
	form_body_text(f, STYLE_STRONG, words.buf);
	form_body_heading(f, "What stands");
	add_summary(f, r, now);
	form_add_button(f, HAND_YES, "Take it");
	form_add_button(f, HAND_CANCEL, "Not now");
	f->focus = 1;
	str_release(&words);
}

/* title, what it means, and the word of the button. */
static void
force_open(
	struct form *f, const struct run *r, const char *const words[3], struct now now)
{
	struct form_item *it;

	form_init(f, words[0], now);
	form_right(f, STYLE_RISK_2, "by force");
	f->wide = WIDE;
	f->guard_ms = FORCE_GUARD_MS;
	form_body_text(f, STYLE_STRONG, words[1]);
	form_body_heading(f, "What stands");
	add_summary(f, r, now);
	it = form_add_field(f, HAND_WORDS, "Type");
	it->field.paste = FIELD_PASTE_REFUSED;
	it = form_add_button(f, HAND_YES, words[2]);
	it->guarded = true;
	form_add_button(f, HAND_CANCEL, "Cancel");
	view_hand_force_update(f, r);
}

void
view_hand_force(struct form *f, const struct run *r, const char *holder, struct now now)
{
	char *text = holder
		? mem_printf(
			  "It is driven by %s, who does not offer it. That console is ended; "
			  "commands on hosts go on and are found again.",
			  holder)
		: mem_printf(
			  "It was handed to %s, who has not taken it. Nobody drives it "
			  "now.",
			  r->released_to ? r->released_to : "somebody else");

	force_open(f, r,
		(const char *const[]){holder
				? "End the other console and drive the run here?"
				: "Drive a run that was handed to somebody else?",
			text, holder ? "End it" : "Take it"},
		now);
	mem_free(text);
}

void
view_hand_force_far(
	struct form *f, const struct run *r, const char *holder, struct now now)
{
	char *text = mem_printf(
		"%s. That console is not ended: hosts refuse it once they know the new "
		"driver, and it stops when it hears of it. Steps without a host "
		"know no driver: look that nobody is there.",
		holder);

	force_open(f, r,
		(const char *const[]){"Drive the run here, away from another machine?",
			text, "Take it"},
		now);
	mem_free(text);
}

void
view_hand_force_update(struct form *f, const struct run *r)
{
	char *phrase = drive_phrase(r);
	char *caption = mem_printf("To do so, type  %s", phrase);

	form_caption(f, caption);
	form_button_off(f, HAND_YES,
		str_eq(form_field_text(f, HAND_WORDS), phrase)
			? NULL
			: "off until the words match");
	mem_free(caption);
	mem_free(phrase);
}
