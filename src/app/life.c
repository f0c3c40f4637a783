#include "app/session.h"

#include <string.h>

#include "app/machine.h"
#include "app/onlooker.h"
#include "app/practice.h"
#include "app/redlining.h"
#include "app/spine.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/ulid.h"
#include "journal/relocate.h"
#include "run/drive.h"
#include "share/cons.h"

/* The life of a session: a new run, an open one taken up again, and its end. */

/* PARTING: for hosts to hear that a finished job may be tidied away. */
enum { PARTING_MS = 2000, LEAVE_TURN_MS = 20 };

static void
link_changed(void *ctx, struct link *l)
{
	struct session *s = ctx;

	if (s->watching)
		watching_links(s->watching);
	fencing_reached(s, l);
	spine_changed(s);
}

static void
link_prompts(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct asked *a = mem_alloc(sizeof *a);

	a->kind = ASKED_LINK;
	a->from = mem_strdup(p->target);
	a->text = mem_strdup(p->text);
	a->echo = p->echo;
	a->link = l;
	asking_add(ctx, a);
}

static void
session_equip(struct session *s, struct runbook *rb)
{
	s->muting.item = NONE;
	s->base_dir = file_dir(rb->path);
	s->runbook = runbook_ref(rb);
	s->run = run_new(rb);
	s->fleet = fleet_new(&(struct fleet_opts){
		.loop = s->loop,
		.runbook = rb,
		.calls = {.on_state = link_changed, .on_prompt = link_prompts, .ctx = s},
	});
	if (!s->onlooking)
		fleet_look_ahead(s->fleet);
	s->http = http_new(s->loop);
	s->redact = redact_new();
	asking_foresee(s);
	map_init(&s->secrets);
	map_init(&s->secrets_next);
	spine_begin(s);
	s->readings = mem_array(rb->probes.list.len + 1, sizeof *s->readings);
	s->hostkeys = mem_array(rb->targets.list.len + 1, sizeof *s->hostkeys);
	s->hostkey_list = mem_array(rb->targets.list.len + 1, sizeof *s->hostkey_list);
	s->choices = mem_array(rb->inputs.list.len + 1, sizeof *s->choices);
	s->choice_looks = mem_array(rb->inputs.list.len + 1, sizeof *s->choice_looks);
	s->choosing = mem_array(rb->inputs.list.len + 1, sizeof *s->choosing);
	s->allowed_signers = mem_strdup(rb->allowed_signers);
	looking_begin(s);
}

static struct session *
session_blank(const struct session_opts *o)
{
	struct session *s = mem_alloc(sizeof *s);

	s->loop = o->loop;
	s->calls = o->calls;
	s->project = o->project;
	s->mode = o->mode;
	s->quiet = o->quiet;
	s->key = mem_strdup(o->key);
	s->who = outfit_who();
	s->con = outfit_con();
	s->process = machine_process();
	str_init(&s->cons);
	s->claim = s->claim_shared = -1;
	return s;
}

/* Values that are known from the start: of the environment, and defaults are left to the
 * person; secrets from environment variables and files are read when a step needs them. */
static void
session_preset(struct session *s)
{
	const struct runbook *rb = s->runbook;

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		const struct scope *sc = &rb->scopes.list.at[in->scope];
		const char *given = in->scope ? pairs_get(&sc->with, in->name)
					      : pairs_get(&rb->env_inputs, in->name);
		struct err e = ERR_INIT;
		if (given && in->from == SECRET_NOT && !strstr(given, "${") &&
			!session_input(s, (int)i, given, &e))
			spine_message(s, &e);
	}
}

/* Of practice nobody hears, and it stands in nobody's way. */
static void
go_public(struct session *s)
{
	if (session_practises(s)) {
		practising_start(s);
	} else {
		notifying_start(s);
		mirroring_start(s);
		anchoring_start(s);
		claim_tell(s);
	}
	serving_start(s);
	bidden_start(s);
}

struct session *
session_open(const struct session_opts *o, struct err *e)
{
	struct session *s = session_blank(o);
	char *runs = o->runs_dir ? mem_strdup(o->runs_dir) : journal_runs_dir(e);
	char id[ULID_LEN + 1];
	struct str data = STR_INIT;
	bool ok = false;

	session_equip(s, o->runbook);
	if (session_practises(s))
		s->mode = RUN_PRACTICE;
	if (!runs)
		goto out;
	if (!session_practises(s) && practice_holds(runs)) {
		err_set(e, ERR_REFUSED,
			"%s keeps what is practised: a real run is not recorded there",
			runs);
		goto out;
	}
	if (!o->owed && !session_practises(s) && !claim_take(s, e))
		goto out;
	ulid_make(clock_wall(), id);
	s->journal = journal_create(
		runs, id, &(struct journal_who){s->con, s->who, s->process}, e);
	if (!s->journal)
		goto out;
	s->dir = mem_strdup(journal_dir(s->journal));
	if (!outfit_open(s, o, &data, e))
		goto out;
	memcpy(s->run->id, id, sizeof id);
	cons_add(&s->cons, s->con);
	s->begun_here = true;
	go_public(s);
	session_request(
		s, &(struct request){.kind = REQ_OPEN, .step = NONE, .data = data.buf});
	session_preset(s);
	s->snapshot_due = o->runbook->probes.list.len > 0;
	ok = true;
out:
	str_release(&data);
	mem_free(runs);
	if (ok)
		return s;
	session_free(s);
	return NULL;
}

struct session *
session_onlook(const struct session_opts *o, struct onlooker *take)
{
	struct session *s = session_blank(o);

	s->onlooking = true;
	s->quiet = true;
	session_equip(s, onlooker_runbook(take));
	s->dir = mem_strdup(onlooker_dir(take));
	mem_free(s->allowed_signers); /* those of the record count */
	s->allowed_signers = mem_strdup(onlooker_signers(take));
	s->onlooker = take;
	return s;
}

static bool
resume_event(void *ctx, const struct event *ev, const char *hash)
{
	struct session *s = ctx;

	if (ev->type == EVENT_RUN_OPEN)
		outfit_adopt(s, ev);
	run_apply(s->run, ev);
	run_head(s->run, hash);
	cons_add(&s->cons, ev->con);
	return true;
}

struct session *
session_resume(const struct session_opts *o, const char *run_dir, struct err *e)
{
	struct session *s = session_blank(o);
	struct str data = STR_INIT;
	struct runbook *rb = outfit_runbook(run_dir, o->project, e);
	int64_t taken;

	if (!rb) {
		mem_free(s->key);
		mem_free(s->who);
		mem_free(s->con);
		mem_free(s->process);
		mem_free(s);
		return NULL;
	}
	session_equip(s, rb);
	runbook_unref(rb);
	s->dir = mem_strdup(run_dir);
	taken = leasing_noted(s);
	s->journal = o->relocate
		? relocate_open(run_dir, o->relocate,
			  &(struct journal_who){s->con, s->who, s->process}, resume_event,
			  s, e)
		: journal_open(run_dir, &(struct journal_who){s->con, s->who, s->process},
			  resume_event, s, e);
	if (s->journal && s->run->closed) {
		err_set(e, ERR_STATE,
			"run %s is closed (%s): its record takes nothing more",
			s->run->id, s->run->result ? s->run->result : "?");
	} else if (s->journal &&
		(o->quiet || drive_may_take(s->run, s->who, o->typed, e)) &&
		(session_practises(s) || claim_take(s, e))) {
		journal_set_epoch(s->journal,
			taken > journal_epoch(s->journal)
				? taken
				: journal_epoch(s->journal) + 1);
		leasing_unnote(s->dir);
		cons_add(&s->cons, s->con);
		s->took_elsewhere = taken > 0;
		if (o->relocate) {
			err_set(&s->moving.why, ERR_STATE, "asked for by the operator");
			moving_told(s);
		}
		asking_zones(s);
		go_public(s);
		if (!o->quiet) {
			outfit_resume(s, &data);
			session_request(s,
				&(struct request){.kind = REQ_RESUME,
					.step = NONE,
					.name = s->who,
					.typed = o->typed,
					.data = data.buf});
			str_release(&data);
		}
		return s;
	}
	session_free(s);
	return NULL;
}

static void
free_secret_map(struct map *m)
{
	for (size_t i = 0; i < m->len; i++)
		mem_wipe_free(m->at[i].value, strlen(m->at[i].value));
	map_release(m);
}

/* The writer owns the batch until it is done, and a host that answers may hear that its
 * finished job can be tidied away. */
static bool
session_may_go(const struct session *s)
{
	if (s->writing || (notifying_busy(s) && clock_mono().ms < s->leave_by.ms))
		return false;
	if ((serving_busy(s) || mirroring_busy(s) || anchoring_busy(s) ||
		    fencing_busy(s) || leasing_busy(s) || inboxing_busy(s)) &&
		clock_mono().ms < s->leave_by.ms)
		return false;
	return !fleet_parting(s->fleet) || clock_mono().ms > s->leave_by.ms;
}

static void
session_end(struct session *s)
{
	serving_release(s);
	onlooking_release(s);
	claim_release(s);
	fencing_release(s);
	outcome_release(s);
	looking_release(s);
	signing_release(s);
	bidden_release(s);
	authorizing_release(s);
	asking_release(s);
	spine_end(s);
	notifying_release(s);
	inboxing_release(s);
	leasing_release(s);
	fencing_release(s);
	mirroring_release(s);
	str_release(&s->cons);
	anchoring_release(s);
	http_free(s->http);
	fleet_free(s->fleet);
	journal_free(s->journal);
	run_free(s->run);
	runbook_unref(s->runbook);
	redact_free(s->redact);
	free_secret_map(&s->secrets);
	free_secret_map(&s->secrets_next);
	mem_free(s->readings);
	mem_free(s->hostkeys);
	mem_free(s->hostkey_list);
	mem_free(s->allowed_signers);
	mem_free(s->dir);
	mem_free(s->base_dir);
	mem_free(s->moving.runs_dir);
	mem_free(s->moving.old_dir);
	mem_free(s->key);
	mem_free(s->who);
	mem_free(s->con);
	mem_free(s->process);
	mem_free(s->ended_by);
	mem_free(s->unclaimed);
	mem_free(s);
}

static void
leaving(void *ctx)
{
	struct session *s = ctx;

	if (session_may_go(s))
		session_end(s);
	else
		loop_timer_start(s->pump, LEAVE_TURN_MS, 0);
}

void
session_free(struct session *s)
{
	if (!s)
		return;
	spine_part(s);
	leasing_leave(s);
	s->leave_by = clock_mono();
	s->leave_by.ms += PARTING_MS;
	if (loop_turning(s->loop)) {
		loop_timer_free(s->pump);
		s->pumping = true; /* nothing new is decided */
		s->pump = loop_timer_new(s->loop, leaving, s);
		loop_timer_start(s->pump, 0, 0);
		return;
	}
	while (!session_may_go(s))
		loop_turn(s->loop, LEAVE_TURN_MS);
	session_end(s);
}

char *
session_claimed_who(void)
{
	return outfit_who();
}

char *
session_new_con(void)
{
	return outfit_con();
}

struct fleet *
session_fleet(const struct session *s)
{
	return s->fleet;
}

/* No reason not to close. */
void
spine_redlines(struct session *s)
{
	struct err e = ERR_INIT;

	s->redlines = redlining_close(s->run, s->project, s->dir, &e);
	if (e.kind != ERR_NONE)
		spine_message(s, &e);
}

bool
session_redlines(const struct session *s)
{
	return s->redlines;
}
