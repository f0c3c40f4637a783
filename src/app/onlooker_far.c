#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/mirroring.h"
#include "app/onlookerinner.h"
#include "app/spine.h"
#include "audit/armour.h"
#include "audit/sign.h"
#include "audit/stated.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "journal/scan.h"
#include "remote/http.h"
#include "remote/pace.h"
#include "share/afar.h"

/*
 * An onlooker at a run that another machine drives: its lines, the runbook and the signers out
 * of the store, every line checked against the one before and every signature by ssh-keygen,
 * as they come. Nothing of it is kept on this disk but the signers, while it lasts.
 */

enum {
	LEASES = 2,            /* version of the store that knows who drives */
	SILENT_MS = 30 * 1000, /* as in store.sql: it says every 10 s that it is there */
	PATIENCE_MS = 3000,    /* then the store does not answer */
	UNSEEN_MS = 6000,      /* asked every 2 s */
};

struct wanted_file {
	char *sha256, *role, *path;
};

struct to_check { /* a signature that came */
	int64_t seq;
	struct wall t;
	char *who, *step, *role, *stmt, *sig, *key;
};

struct far {
	struct http *http;
	struct afar *a;
	bool opened; /* run.open was read */
	VEC_OF(struct wanted_file) wanted;
	bool missing; /* the store has not got the runbook */
	char *signers;
	bool names_signers;
	VEC_OF(struct to_check)
	checks; /* the first one is under way when `check` is there */
	struct sign *check;
	struct loop_timer *turn;
	char *who, *con;
};

/* ---- signatures --------------------------------------------------------------------------- */

static void
to_check_release(struct to_check *t)
{
	mem_free(t->who);
	mem_free(t->step);
	mem_free(t->role);
	mem_free(t->stmt);
	mem_free(t->sig);
	mem_free(t->key);
}

static bool
bad_signature(struct onlooker *o, const struct to_check *t, const char *why)
{
	if (!o->broken)
		err_set(&o->why, ERR_RECORD, "the signature of %s in line %lld: %s",
			t->who, (long long)t->seq + 1, why);
	o->broken = true;
	onlooker_tell_state(o);
	return false;
}

/* What it says, against the lines that are known. */
static bool
says_what_is(struct onlooker *o, const struct to_check *t)
{
	char *key = armour_fingerprint(t->sig);
	struct stated said;
	struct err e = ERR_INIT;
	bool ok = stated_parse(t->stmt, &said, &e);

	if (!ok)
		bad_signature(o, t, e.msg);
	else if (said.seq < 0 || said.seq >= t->seq ||
		strcmp(said.head, o->known.at[said.seq].hash) != 0 ||
		strcmp(said.run, o->run) != 0 || !str_eq(said.signer, t->who) ||
		!str_eq(said.key, t->key) || !str_eq(key, t->key) ||
		!str_eq(said.role, t->role) || !str_eq(said.step, t->step))
		ok = bad_signature(
			o, t, "its statement says another thing than the record");
	stated_release(&said);
	mem_free(key);
	return ok;
}

static void
checked(void *ctx, const struct sign_end *end)
{
	struct onlooker *o = ctx;
	struct far *f = o->far;
	struct to_check t = f->checks.at[0];

	vec_remove(&f->checks, 0);
	if (!end->ok)
		bad_signature(o, &t, end->why);
	to_check_release(&t);
	loop_timer_start(f->turn, 0, 0);
}

/* The next of them, when the signers are there. Outside of the child's own call. */
static void
check_next(void *ctx)
{
	struct onlooker *o = ctx;
	struct far *f = o->far;
	struct err e = ERR_INIT;
	char time[STAMP_BYTES];
	const struct to_check *t;

	sign_free(f->check);
	f->check = NULL;
	if (!f->checks.len || o->broken || (f->names_signers && !f->signers))
		return;
	t = &f->checks.at[0];
	if (!f->signers) {
		bad_signature(o, t, "the record names no signers");
		return;
	}
	if (!says_what_is(o, t))
		return;
	f->check = sign_check(o->loop, f->signers, t->who, t->stmt, t->sig,
		stamp_wall_sec(t->t, time), checked, o, &e);
	if (!f->check)
		bad_signature(o, t, e.msg);
}

static void
signoff_came(struct onlooker *o, const char *line, size_t len)
{
	struct far *f = o->far;
	struct err e = ERR_INIT;
	struct event *ev = event_parse(line, len, &e);
	struct json *doc = ev ? json_parse(ev->data, strlen(ev->data), &e) : NULL;
	const struct json_node *d = json_root(doc);

	if (ev)
		vec_push(&f->checks,
			((struct to_check){.seq = ev->seq,
				.t = ev->t,
				.who = mem_strdup(ev->who),
				.step = mem_strdup(ev->step),
				.role = mem_strdup(json_str(d, "role", "")),
				.stmt = mem_strdup(json_str(d, "stmt", "")),
				.sig = mem_strdup(json_str(d, "sig", "")),
				.key = mem_strdup(json_str(d, "key", ""))}));
	json_free(doc);
	event_free(ev);
	if (!f->check)
		loop_timer_start(f->turn, 0, 0);
}

/* ---- files that run.open names --------------------------------------------------------------- */

static void
want(struct onlooker *o, const char *role, const struct json_node *file)
{
	const char *sha256 = json_str(file, "sha256", NULL);

	if (!sha256 || strlen(sha256) != DIGEST_HEX)
		return;
	vec_push(&o->far->wanted,
		((struct wanted_file){mem_strdup(sha256), mem_strdup(role),
			mem_strdup(json_str(file, "path", "runbook.yaml"))}));
	afar_want(o->far->a, sha256);
}

static void
open_came(struct onlooker *o, const char *line, size_t len)
{
	struct err e = ERR_INIT;
	struct event *ev = event_parse(line, len, &e);
	struct json *doc = ev ? json_parse(ev->data, strlen(ev->data), &e) : NULL;
	const struct json_node *rb = json_get(json_root(doc), "runbook");
	const struct json_node *calls = json_get(rb, "calls");
	const struct json_node *signers = json_get(json_root(doc), "allowed_signers");

	o->far->opened = true;
	want(o, "runbook", rb);
	for (size_t i = 0; i < json_len(calls); i++)
		want(o, "call", json_at(calls, i));
	o->far->names_signers = json_str(signers, "sha256", NULL) != NULL;
	want(o, "signers", signers);
	json_free(doc);
	event_free(ev);
}

static void
keep_signers(struct onlooker *o, const char *bytes, size_t len)
{
	const char *tmp = getenv("TMPDIR");
	char *path = mem_printf("%s/handrail-signers-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	struct err e = ERR_INIT;
	int fd = mkstemp(path);
	bool ok = fd >= 0 && file_write_all(fd, bytes, len, &e);

	if (fd >= 0 && close(fd) != 0)
		ok = false;
	if (ok) {
		o->far->signers = path;
		loop_timer_start(o->far->turn, 0, 0);
		return;
	}
	if (fd >= 0)
		(void)unlink(path);
	mem_free(path);
	onlooker_broken(o, "its signers cannot be kept here to check signatures");
}

static void
file_came(void *ctx, const char *sha256, const char *bytes, size_t len)
{
	struct onlooker *o = ctx;
	struct far *f = o->far;
	struct wanted_file w =
		f->wanted.at[0]; /* in the order in which they were wanted */

	(void)sha256;
	vec_remove(&f->wanted, 0);
	if (!bytes) {
		f->missing = true;
	} else if (str_eq(w.role, "signers")) {
		keep_signers(o, bytes, len);
	} else {
		vec_push(&o->files,
			((struct source){.path = mem_strdup(w.path),
				.text = mem_strndup(bytes, len),
				.len = len}));
		vec_push(&o->roles.list, mem_strdup(w.role));
	}
	mem_free(w.sha256);
	mem_free(w.role);
	mem_free(w.path);
}

/* ---- lines ------------------------------------------------------------------------------------ */

void
onlooker_far_line(struct onlooker *o, const char *line, size_t len)
{
	static const char signoff[] = ",\"type\":\"signoff\",";

	if (!o->far->opened)
		open_came(o, line, len);
	/* the envelope comes first, and no text in it holds a bare quote */
	if (memmem(line, len, signoff, sizeof signoff - 1))
		signoff_came(o, line, len);
}

static bool
line_came(void *ctx, const char *line, size_t len)
{
	struct onlooker *o = ctx;

	if (!onlooker_take_line(o, line, len))
		return false;
	onlooker_far_line(o, line, len);
	return true;
}

static void
state_came(void *ctx)
{
	struct onlooker *o = ctx;
	struct afar_state st;

	afar_state(o->far->a, &st);
	if (st.differs && !o->broken)
		onlooker_broken(o, st.odd);
	else
		onlooker_tell_state(o);
}

static void
answer_came(void *ctx, const char *id, int64_t seq, const char *why)
{
	struct onlooker *o = ctx;

	(void)id;
	if (seq < 0 && o->begun && o->calls.on_refused)
		o->calls.on_refused(o->calls.ctx, why);
	onlooker_tell_state(o);
}

/* ---- what is known ------------------------------------------------------------------------------ */

static int64_t
since_ms(struct mono then)
{
	return clock_mono().ms - then.ms;
}

/* By now, as far as the store has been asked. */
static int64_t
heard_ms(const struct afar_state *st)
{
	return st->heard_ms + since_ms(st->seen);
}

static bool
unseen(const struct afar_state *st)
{
	return st->up && st->seen.ms && since_ms(st->seen) > pace_ms(UNSEEN_MS);
}

enum onlooker_state
onlooker_far_state(const struct onlooker *o)
{
	struct afar_state st;

	afar_state(o->far->a, &st);
	if (!st.up)
		return since_ms(st.since) < PATIENCE_MS && !st.why[0] ? ONLOOKER_MOVING
								      : ONLOOKER_WAITS;
	if (!st.seen.ms)
		return ONLOOKER_MOVING;
	if (unseen(&st) || st.odd || !st.epoch)
		return ONLOOKER_WAITS;
	if (st.left)
		return ONLOOKER_ALONE;
	return heard_ms(&st) > SILENT_MS ? ONLOOKER_WAITS : ONLOOKER_LIVE;
}

static void
words_of_store(const struct afar_state *st, struct str *out)
{
	char took[STAMP_BYTES];

	if (st->up)
		str_addf(out, "THE STORE HAS NOT ANSWERED for %s",
			stamp_duration(since_ms(st->seen), took));
	else
		str_addf(out, "THE STORE CANNOT BE ASKED for %s%s%s",
			stamp_duration(since_ms(st->since), took), st->why[0] ? ": " : "",
			st->why);
	str_adds(out, "; what happens there is not seen");
}

void
onlooker_far_words(const struct onlooker *o, struct str *out)
{
	struct afar_state st;
	char took[STAMP_BYTES];
	enum onlooker_state is = onlooker_far_state(o);

	afar_state(o->far->a, &st);
	if (is == ONLOOKER_MOVING)
		str_adds(out, "the store is being asked");
	else if (!st.up || unseen(&st))
		words_of_store(&st, out);
	else if (st.odd)
		str_addf(out, "STORE DIFFERS: %s", st.odd);
	else if (!st.epoch)
		str_addf(out,
			"a console of an older handrail writes it, which does not say that "
			"it is there; its newest record is %s old",
			stamp_duration(st.newest_ms + since_ms(st.seen), took));
	else if (st.left)
		str_addf(
			out, "nobody drives it now: %s (%s) has left it", st.who, st.con);
	else
		str_addf(out, "%s %s it elsewhere (%s), last heard %s ago%s", st.who,
			is == ONLOOKER_LIVE ? "drives" : "drove", st.con,
			stamp_duration(heard_ms(&st) / 1000 * 1000, took),
			is == ONLOOKER_LIVE ? "" : ": what it did since is not here");
	if (is == ONLOOKER_LIVE && st.store_seq > o->seq)
		str_addf(out, ", %lld records are still to come",
			(long long)(st.store_seq - o->seq));
	if (st.unanswered)
		str_addf(out, ", %zu not answered yet", st.unanswered);
}

void
onlooker_far_news(const struct onlooker *o, struct str *out)
{
	struct afar_state st;

	afar_state(o->far->a, &st);
	str_addf(out, "%d %d %d %s %s", (int)onlooker_far_state(o), st.up, unseen(&st),
		st.odd ? st.odd : "", st.con ? st.con : "");
}

const char *
onlooker_far_driver(const struct onlooker *o)
{
	struct afar_state st;

	afar_state(o->far->a, &st);
	return st.who;
}

bool
onlooker_is_far(const struct onlooker *o)
{
	return o->far != NULL;
}

bool
onlooker_has_left(const struct onlooker *o)
{
	struct afar_state st;

	if (!o->far)
		return false;
	afar_state(o->far->a, &st);
	return st.left;
}

const char *
onlooker_far_signers(const struct onlooker *o)
{
	return o->far->signers;
}

size_t
onlooker_unanswered(const struct onlooker *o)
{
	struct afar_state st;

	if (!o->far)
		return 0;
	afar_state(o->far->a, &st);
	return st.unanswered;
}

/* ---- letters ------------------------------------------------------------------------------------- */

/* One that was only not heard for a while reads letters when it comes back. */
bool
onlooker_far_there(const struct onlooker *o, struct err *e)
{
	enum onlooker_state is = onlooker_state(o);
	struct str words = STR_INIT;
	struct afar_state st;

	afar_state(o->far->a, &st);
	if (is != ONLOOKER_BROKEN && is != ONLOOKER_ALONE && is != ONLOOKER_MOVING &&
		st.up && !st.odd)
		return true;
	onlooker_words(o, &words);
	err_set(e, ERR_STATE, "nobody can be asked: %s", words.buf);
	str_release(&words);
	return false;
}

bool
onlooker_far_send(struct onlooker *o, const struct letter *l, struct err *e)
{
	char id[LETTER_ID + 1];

	if (!onlooker_far_there(o, e))
		return false;
	afar_send(o->far->a, l, id);
	return true;
}

/* ---- life ------------------------------------------------------------------------------------------ */

struct onlooker *
onlooker_new_far(
	struct loop *l, const char *run, const struct project *project, struct err *e)
{
	struct onlooker *o = mem_alloc(sizeof *o);
	struct far *f = mem_alloc(sizeof *f);
	const char *service = mirroring_service_for(project, NULL, e);

	if (!service) {
		mem_free(f);
		mem_free(o);
		return NULL;
	}
	o->loop = l;
	o->project = project;
	o->seq = -1;
	o->file_size = -1;
	str_init(&o->text);
	memcpy(o->head, scan_zero_head, sizeof o->head);
	snprintf(o->run, sizeof o->run, "%s", run);
	o->asked = clock_mono();
	o->far = f;
	f->http = http_new(l);
	f->who = outfit_who();
	f->con = outfit_con();
	f->turn = loop_timer_new(l, check_next, o);
	f->a = afar_new(&(struct afar_opts){.loop = l,
		.http = f->http,
		.service = service,
		.run = o->run,
		.con = f->con,
		.who = f->who,
		.needs = LEASES,
		.calls = {line_came, file_came, state_came, answer_came, o}});
	return o;
}

enum onlooker_arrival
onlooker_arrives(struct onlooker *o, struct err *e)
{
	struct far *f = o->far;
	struct afar_state st;

	afar_state(f->a, &st);
	if (o->broken) {
		*e = o->why;
		return ONLOOKER_NEVER;
	}
	if (st.level && o->seq < 0) {
		err_set(e, ERR_INPUT, "the store holds nothing of run %s", o->run);
		return ONLOOKER_NEVER;
	}
	if (!st.level || !st.seen.ms || f->wanted.len || f->checks.len)
		return ONLOOKER_COMES;
	if (f->missing) {
		err_set(e, ERR_STATE,
			"the runbook of run %s, or its signers, is not in the store (yet)",
			o->run);
		return ONLOOKER_NEVER;
	}
	if (!o->runbook && !onlooker_load(o, e))
		return ONLOOKER_NEVER;
	onlooker_files_release(o);
	return ONLOOKER_THERE;
}

void
onlooker_far_release(struct onlooker *o)
{
	struct far *f = o->far;

	if (!f)
		return;
	afar_free(f->a);
	sign_free(f->check);
	loop_timer_free(f->turn);
	for (size_t i = 0; i < f->checks.len; i++)
		to_check_release(&f->checks.at[i]);
	vec_free(&f->checks);
	for (size_t i = 0; i < f->wanted.len; i++) {
		mem_free(f->wanted.at[i].sha256);
		mem_free(f->wanted.at[i].role);
		mem_free(f->wanted.at[i].path);
	}
	vec_free(&f->wanted);
	if (f->signers)
		(void)unlink(f->signers);
	mem_free(f->signers);
	mem_free(f->who);
	mem_free(f->con);
	http_free(f->http);
	mem_free(f);
	o->far = NULL;
}
