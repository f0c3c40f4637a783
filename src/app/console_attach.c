#include <stdlib.h>
#include <string.h>

#include "app/attachment.h"
#include "app/consoleinner.h"
#include "base/mem.h"
#include "base/stamp.h"

/* Evidence for the marked step of the open run: a file or a link that is typed, the reading of
 * the marked probe, or what the screen shows, as text. */

static bool
may_attach(struct console *c)
{
	struct err e = ERR_INIT;

	if (!c->session)
		console_say(c, SCENE_WARNING, "no run is open here");
	else if (args_has(c->o->args, OPT_READONLY) || session_onlooking(c->session))
		console_say(c, SCENE_WARNING, "who looks on attaches nothing");
	else if (!gate_allows(session_run(c->session), ACT_NOTE, NONE, &e))
		console_say(c, SCENE_WARNING, "%s", e.msg);
	else
		return true;
	return false;
}

static int
step_of(const struct console *c)
{
	return c->run.tree.id == SCROLL_NOTHING ? NONE : c->run.tree.id;
}

static void
send(struct console *c, const struct attachment *a, int step)
{
	const struct run *r = session_run(c->session);
	bool has = step >= 0 && (size_t)step < r->steps.list.len;

	session_attach(c->session, has ? step : NONE, a->data.buf, &a->bytes);
	console_say(c, SCENE_INFO, "%zu bytes go into the record%s%s", a->bytes.len,
		has ? " of step " : "", has ? r->steps.list.at[step].step->number : "");
}

static void
send_made(struct console *c, const struct attachment_what *w)
{
	struct attachment a;
	struct err e = ERR_INIT;

	if (!attachment_made(w, session_redact(c->session), &a, &e)) {
		console_fault(c, &e);
		return;
	}
	send(c, &a, step_of(c));
	attachment_release(&a);
}

void
console_attach_ask(struct console *c)
{
	struct console_dialog *d;
	char *title;

	if (!may_attach(c))
		return;
	title = step_of(c) == NONE ? NULL : console_ask_title(c, step_of(c));
	d = console_dialog_push(c, DIALOG_ATTACH);
	d->step = step_of(c);
	console_ask_words(c, d,
		&(struct ask_words){.title = "Attach evidence",
			.text = title,
			.more = "A file of this machine is copied into the record, at most "
				"16 MiB, secrets taken out; a link (https://...) is kept as "
				"text. It stays there.",
			.field = "File or link",
			.yes = "Attach it"});
	view_ask_need_text(&d->form);
	mem_free(title);
}

bool
console_attach_pressed(struct console *c, struct console_dialog *d, int button)
{
	const char *word = form_field_text(&d->form, ASK_TEXT);
	const char *home = getenv("HOME");
	struct attachment a;
	struct err e = ERR_INIT;
	char *path;
	bool ok;

	if (button != ASK_YES || !may_attach(c))
		return true;
	path = word[0] == '~' && word[1] == '/' && home
		? mem_printf("%s%s", home, word + 1)
		: mem_strdup(word);
	ok = attachment_named(path, session_redact(c->session), &a, &e);
	mem_free(path);
	if (!ok) {
		console_fault(c, &e);
		return false;
	}
	send(c, &a, d->step);
	attachment_release(&a);
	return true;
}

/* The last rows say keys and messages, the cursor's place is no part of it. */
void
console_attach_pane(struct console *c)
{
	struct str text = STR_INIT, place = STR_INIT;
	char *cursor;

	if (!may_attach(c))
		return;
	frame_text(&c->frame, &text);
	cursor = strstr(text.buf, "\ncursor ");
	if (cursor)
		str_cut(&text, (size_t)(cursor - text.buf) + 1);
	console_place_words(c, &place);
	send_made(c,
		&(struct attachment_what){.kind = ATTACHMENT_PANE,
			.name = place.buf,
			.bytes = text.buf,
			.len = text.len});
	str_release(&place);
	str_release(&text);
}

static void
line(struct str *out, const char *label, const char *text)
{
	if (text && *text)
		str_addf(out, "%s: %s\n", label, text);
}

void
console_attach_reading(struct console *c)
{
	const struct board *b = console_health_board(c);
	int item = c->health.state.item;
	struct board_shown s;
	struct str text = STR_INIT;
	char stamp[STAMP_BYTES];

	if (!may_attach(c))
		return;
	if (!b || item == NONE || (size_t)item >= board_items(b)) {
		console_say(c, SCENE_INFO, "no probe is marked");
		return;
	}
	board_show(b, item, clock_now(), &s);
	if (s.age_ms < 0) {
		console_say(c, SCENE_INFO, "%s has not answered yet: there is no reading",
			s.name);
		return;
	}
	line(&text, "probe", s.name);
	line(&text, "kind", s.kind);
	line(&text, "state", vital_state_name(s.state));
	if (*s.field)
		str_addf(&text, "%s: %s%s%s\n", s.field, s.value, *s.unit ? " " : "",
			s.unit);
	line(&text, "wanted", s.want);
	line(&text, "expected", s.expect);
	line(&text, "said", s.message);
	line(&text, "answered",
		stamp_wall((struct wall){clock_wall().ms - s.age_ms}, stamp));
	line(&text, "judged", s.rows);
	send_made(c,
		&(struct attachment_what){.kind = ATTACHMENT_READING,
			.name = s.name,
			.host = s.host,
			.bytes = text.buf,
			.len = text.len});
	str_release(&text);
}
