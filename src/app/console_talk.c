#include <string.h>
#include <unistd.h>

#include "app/consoleinner.h"
#include "base/mem.h"
#include "view/leavewords.h"

/* Dialogs about the console itself: prompts, stopping, leaving, finding. */

/* ssh-keygen's words name no key; the dialog below does. */
static char *
prompt_title(const struct console *c)
{
	const struct console_dialog *d = console_dialog_top(c);
	const struct sign_keys *keys = c->session ? session_keys(c->session) : NULL;

	if (d && d->kind == DIALOG_SIGN && keys && d->signed_key >= 0 &&
		(size_t)d->signed_key < keys->list.len)
		return mem_printf("%s asks, for the key %s", c->prompt_from,
			keys->list.at[d->signed_key].name);
	return mem_printf("%s asks", c->prompt_from);
}

void
console_ask_prompt(struct console *c)
{
	char *title = prompt_title(c); /* before it covers who asked */
	struct console_dialog *d = console_dialog_push(c, DIALOG_PROMPT);

	console_ask_words(c, d,
		&(struct ask_words){.title = title,
			.text = c->prompt_text,
			.more = "The answer goes to whoever asks, and is stored nowhere.",
			.field = "Answer",
			.yes = "Answer",
			.no = "Refuse"});
	form_item(&d->form, ASK_TEXT)->field.echo = c->prompt_echo ? FIELD_SHOWN
								   : FIELD_HIDDEN;
	mem_free(title);
}

static void
prompt_done(struct console *c, const char *answer)
{
	c->prompting = false; /* the next one, if any, says so from inside */
	session_answer(c->session, answer);
}

bool
console_talk_prompt_pressed(struct console *c, struct console_dialog *d, int button)
{
	prompt_done(c, button == ASK_YES ? form_field_text(&d->form, ASK_TEXT) : NULL);
	return true;
}

static int
running_step(const struct run *r, int wanted)
{
	if (wanted >= 0 && r->steps.list.at[wanted].own == STEP_IS_RUNNING)
		return wanted;
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].own == STEP_IS_RUNNING)
			return (int)i;
	return NONE;
}

void
console_ask_stop(struct console *c)
{
	int step = running_step(session_run(c->session), c->run.tree.id);
	struct console_dialog *d;
	char *title;

	if (step == NONE)
		return;
	d = console_dialog_push(c, DIALOG_STOP);
	title = console_ask_title(c, step);
	d->step = step;
	console_ask_words(c, d,
		&(struct ask_words){.title = "Stop what runs?",
			.text = title,
			.more = leavewords_stop(
				&session_runbook(c->session)->steps.list.at[step]),
			.yes = "Stop it",
			.no = "Let it run"});
	mem_free(title);
}

bool
console_talk_stop_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button == ASK_YES)
		session_request(c->session,
			&(struct request){.kind = REQ_CANCEL,
				.step = d->step,
				.leg = LEG_ALL,
				.reason = "stopped by the operator"});
	return true;
}

void
console_ask_quit(struct console *c)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_QUIT);
	struct str words = STR_INIT;
	bool busy = leavewords_of(session_run(c->session), &words);
	char *more = c->o->passing
		? mem_strdup("The tour and its record are thrown away.")
		: mem_printf("Take it up again: handrail resume %s",
			  session_run(c->session)->id);

	console_ask_words(c, d,
		&(struct ask_words){.title = "Leave the run?",
			.text = busy ? words.buf
				: c->o->passing
				? "Nothing is running."
				: "The run stays open in its record. Nothing is running.",
			.more = more,
			.yes = "Leave",
			.no = "Stay"});
	mem_free(more);
	str_release(&words);
}

bool
console_talk_quit_pressed(struct console *c, struct console_dialog *d, int button)
{
	(void)d;
	if (button == ASK_YES)
		console_leave(c, EXIT_CODE_STOPPED);
	return true;
}

/* Where it may go: --relocate, else a folder that survives a reboot on most systems. */
void
console_ask_relocate(struct console *c)
{
	const char *given = c->o->args->opt[OPT_RELOCATE];
	struct console_dialog *d;
	bool danger;
	char *text, *value;

	text = mem_strdup(session_journal_words(c->session, &danger));
	if (!danger) {
		console_say(c, SCENE_INFO, "the record is where it should be: %s", text);
		mem_free(text);
		return;
	}
	d = console_dialog_push(c, DIALOG_RELOCATE);
	value = given ? mem_strdup(given)
		      : mem_printf("/var/tmp/handrail-%u", (unsigned)geteuid());
	console_ask_words(c, d,
		&(struct ask_words){.title = "Go on in another folder?",
			.text = text,
			.more = "What is on the disk for certain is copied, checked and goes on "
				"there; the move is its next record. Choose a folder on another "
				"disk.",
			.field = "Folder",
			.value = value,
			.yes = "Move the record"});
	mem_free(value);
	mem_free(text);
}

bool
console_talk_relocate_pressed(struct console *c, struct console_dialog *d, int button)
{
	struct err e = ERR_INIT;

	if (button == ASK_YES &&
		!session_relocate(c->session, form_field_text(&d->form, ASK_TEXT), &e))
		console_fault(c, &e);
	return true;
}

void
console_ask_find(struct console *c)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_FIND);

	console_ask_words(c, d,
		&(struct ask_words){.title = "Find",
			.field = "Find",
			.value = c->find,
			.yes = "Find"});
}

bool
console_talk_find_pressed(struct console *c, struct console_dialog *d, int button)
{
	if (button != ASK_YES)
		return true;
	mem_free(c->find);
	c->find = mem_strdup(form_field_text(&d->form, ASK_TEXT));
	if (!console_find(c, true))
		console_say(c, SCENE_INFO, "nothing found; n looks again");
	return true;
}

void
console_ask_filter(struct console *c)
{
	struct console_dialog *d = console_dialog_push(c, DIALOG_FILTER);
	bool boxes = c->screen == SCREEN_BOXES;

	if (c->screen == SCREEN_AUDIT || c->screen == SCREEN_HOME) {
		console_ask_words(c, d,
			&(struct ask_words){.title = "Show only what has this text",
				.field = "Text",
				.value = c->screen == SCREEN_HOME
					? c->home_filter
					: console_audit_filter_text(c),
				.more = "Small letters match both; empty shows all.",
				.yes = "Filter"});
		return;
	}
	console_ask_words(c, d,
		&(struct ask_words){.title = boxes ? "Show only containers that match"
						   : "Show only lines that match",
			.field = "Pattern",
			.value = boxes ? console_boxes_filter_text(c)
				       : console_logs_filter_text(c),
			.more = boxes
				? "PCRE2, on host, name, image, state and health; empty shows all."
				: "PCRE2; small letters match both; empty shows all lines.",
			.yes = "Filter"});
}

bool
console_talk_filter_pressed(struct console *c, struct console_dialog *d, int button)
{
	const char *text = form_field_text(&d->form, ASK_TEXT);
	bool boxes = c->screen == SCREEN_BOXES;
	struct err e = ERR_INIT;

	if (c->screen == SCREEN_HOME && button == ASK_YES)
		console_home_filter(c, text);
	if (c->screen == SCREEN_HOME)
		return true;
	if (c->screen == SCREEN_AUDIT)
		return button != ASK_YES || console_audit_filter(c, text);
	if (button != ASK_YES || (boxes ? !c->boxes : !c->logs))
		return true;
	if (boxes ? console_boxes_filter(c, text, &e) : console_logs_filter(c, text, &e))
		return true;
	console_fault(c, &e);
	return false;
}

void
console_talk_prompt_cancelled(struct console *c, struct console_dialog *d)
{
	(void)d;
	/* Esc puts it off; only Refuse is an answer */
	console_say(c, SCENE_INFO, "It still waits for an answer.");
}
