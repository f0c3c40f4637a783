#include "app/consoleinner.h"
#include "app/trust.h"
#include "base/mem.h"
#include "load/load.h"

/* What is seen without a run: health, logs and containers of what was chosen and trusted
 * last, else of what handrail.yaml lists. */

const struct redact *
console_eyes_redact(const struct console *c)
{
	return c->session ? session_redact(c->session) : givens_redact(c->health.givens);
}

struct fleet *
console_eyes_fleet(const struct console *c)
{
	return c->session ? session_fleet(c->session) : watching_fleet(c->health.own);
}

bool
console_eyes_asks(const struct console *c)
{
	return !console_health_runbook(c) && c->o->project && !c->o->practises;
}

void
console_eyes_release(struct console *c)
{
	if (c->health.project)
		runbook_unref(c->health.project);
	c->health.project = NULL;
}

static void
open_screen(struct console *c, enum action a)
{
	if (a == ACTION_HEALTH)
		console_health_open(c);
	else if (a == ACTION_LOGS)
		console_logs_open(c);
	else
		console_boxes_open(c);
}

static bool
lists_something(const struct runbook *rb)
{
	return rb->probes.list.len || rb->targets.list.len;
}

/* True: it is there, in health.project. */
static bool
take_project(struct console *c)
{
	struct diags d = {0};

	console_eyes_release(c);
	c->health.project = library_project_runbook(
		c->o->project, console_home_environment(c), &d);
	if (!c->health.project)
		console_say(c, SCENE_WARNING, "handrail.yaml: %s",
			d.list.len ? d.list.at[0].msg : "cannot be used");
	else if (!lists_something(c->health.project))
		console_eyes_release(c);
	diags_release(&d);
	return c->health.project != NULL;
}

static void
project_hash(const struct console *c, char out[DIGEST_HEX + 1])
{
	trust_hash(c->health.project, c->o->project->sha256, out);
}

static void
look(struct console *c)
{
	console_health_watch(c, c->health.project);
	console_eyes_release(c);
}

void
console_eyes_open(struct console *c, enum action a)
{
	char hash[DIGEST_HEX + 1];
	struct console_dialog *d;

	if (c->session && session_onlooking(c->session)) {
		console_say(c, SCENE_INFO,
			"you look on at the run alone: its hosts are looked at by who drives it");
		return;
	}
	if (!console_eyes_asks(c) || !take_project(c)) {
		open_screen(c, a);
		return;
	}
	project_hash(c, hash);
	if (trust_has(hash)) {
		look(c);
		open_screen(c, a);
		return;
	}
	d = console_dialog_push(c, DIALOG_EYES);
	d->item = (int)a;
	view_ask_look(&d->form, c->health.project, clock_now());
	console_dialog_opened(c, d);
}

bool
console_eyes_pressed(struct console *c, struct console_dialog *d, int button)
{
	char hash[DIGEST_HEX + 1];
	struct err e = ERR_INIT;

	if (button != ASK_YES || c->session || !c->health.project)
		return true;
	project_hash(c, hash);
	if (!trust_grant(hash, c->o->project->path, &e))
		console_fault(c, &e);
	look(c);
	open_screen(c, (enum action)d->item);
	return true;
}

/* ---- aloud ---- */

static bool
is_down(const struct board *b, int item, struct now now, struct board_shown *s)
{
	board_show(b, item, now, s);
	return s->state == VITAL_DOWN && s->alarm;
}

/* Nothing that came says that it is up again. */
static bool
may_be_down(enum vital_state s)
{
	return s == VITAL_UNKNOWN || s == VITAL_STALE || s == VITAL_FAIL;
}

/* Once for each that goes down, and a word when it is back; of a board that is seen for the first time only what goes
 * down from then on. */
void
console_eyes_alarm(struct console *c)
{
	struct console_health *h = &c->health;
	const struct board *b = console_health_board(c);
	bool first = b && (b != h->heard || h->down.len != board_items(b));

	if (first)
		h->down.len = 0;
	h->heard = b;
	for (size_t i = 0; b && i < board_items(b); i++) {
		struct board_shown s;
		bool down = is_down(b, (int)i, clock_now(), &s);

		if (first)
			vec_push(&h->down, down);
		/* an act on a container looks for what it is to bring about */
		if (down && !h->down.at[i] && !console_boxes_is_act(c)) {
			console_say(c, SCENE_ERROR, "%s is DOWN: %s", s.name, s.message);
			console_attend(c);
		} else if (h->down.at[i] && s.state == VITAL_OK) {
			console_say(c, SCENE_INFO, "%s is OK again", s.name);
		}
		h->down.at[i] = down || (h->down.at[i] && may_be_down(s.state));
	}
}
