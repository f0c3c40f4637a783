/* tick: looks at the probes of what is due, without a person, and closes what they settle.
 * What it sees is a fact once: a reading that says the same as the last one is not recorded
 * again. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/duelist.h"
#include "app/owing.h"
#include "app/spine.h"
#include "app/tickunits.h"
#include "app/trust.h"
#include "app/watched.h"
#include "base/disk.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "run/gate.h"

enum { TICK_MS = 120 * 1000, TURN_MS = 200 };

enum tick_result { TICKED_CLOSED, TICKED_SEEN, TICKED_BAD, TICKED_BUSY, TICKED_NOT };

static const char *const result_words[] = {
	[TICKED_CLOSED] = "closed",
	[TICKED_SEEN] = "evidence is there: it waits for a person",
	[TICKED_BAD] = "not settled",
	[TICKED_BUSY] = "left alone",
	[TICKED_NOT] = "not looked at",
};

struct tick_row {
	char id[ULID_LEN + 24];
	const struct owed *owed;
	enum tick_result result;
	char record[ULID_LEN + 1];
	char why[400];
};

struct ticking {
	struct cmd *c;
	struct mono until;
	bool late;
	struct session *s;
	struct err refused;
	struct {
		VEC_OF(struct tick_row) list;
	} rows;
};

static void
tick_refused(void *ctx, const struct err *e)
{
	struct ticking *t = ctx;

	t->refused = *e;
}

static void
tick_asks(void *ctx, const struct session_prompt *q)
{
	struct ticking *t = ctx;

	(void)q;
	session_answer(t->s, NULL); /* nobody is there */
}

/* ---- one obligation ------------------------------------------------------------------------ */

/* Turns the loop until `over` says so; false when the time is. */
static bool
wait_for(struct ticking *t, bool (*over)(const struct session *))
{
	while (!over(t->s)) {
		bool danger;

		if (clock_mono().ms > t->until.ms) {
			t->late = true;
			return false;
		}
		session_journal_words(t->s, &danger);
		if (danger &&
			!err_set(&t->refused, ERR_IO, "the record cannot be written"))
			return false;
		loop_turn(t->c->loop, TURN_MS);
	}
	return true;
}

static int
check_step(const struct session *s)
{
	return run_find_step(session_run(s), "check");
}

static bool
all_seen(const struct session *s)
{
	const struct step *st = session_run(s)->steps.list.at[check_step(s)].step;

	for (size_t i = 0; i < st->probes.list.len; i++)
		if (!session_reading(s, st->probes.list.at[i]))
			return false;
	return true;
}

static bool
is_good(enum verdict v)
{
	return v == VERDICT_OK || v == VERDICT_WARN;
}

/* Is this what the record says already? */
static bool
known(const struct run_step *rs, int probe, enum verdict v)
{
	for (size_t i = 0; i < rs->readings.list.len; i++)
		if (rs->readings.list.at[i].probe == probe)
			return rs->readings.list.at[i].verdict == v;
	return false;
}

/* Good ones are worth writing down together, others when they say something new. */
static bool
worth_recording(const struct session *s)
{
	const struct run_step *rs = &session_run(s)->steps.list.at[check_step(s)];
	bool good = true, news = false;

	for (size_t i = 0; i < rs->step->probes.list.len; i++) {
		int probe = rs->step->probes.list.at[i];
		const struct session_reading *r = session_reading(s, probe);

		good = good && is_good(r->verdict);
		news = news || !known(rs, probe, r->verdict);
	}
	return good || news;
}

static void
say_readings(const struct session *s, struct tick_row *row)
{
	const struct run_step *rs = &session_run(s)->steps.list.at[check_step(s)];
	struct str text = STR_INIT;

	for (size_t i = 0; i < rs->step->probes.list.len; i++) {
		int probe = rs->step->probes.list.at[i];
		const struct session_reading *r = session_reading(s, probe);

		if (r)
			str_addf(&text, "%s%s %s: %s", text.len ? "; " : "",
				session_runbook(s)->probes.list.at[probe].name,
				verdict_name(r->verdict), r->message);
	}
	snprintf(row->why, sizeof row->why, "%s", text.buf);
	str_release(&text);
}

/* The check is in the record and good; what else it takes is for a person. */
static void
close_if_settled(struct ticking *t, struct tick_row *row)
{
	row->result = TICKED_SEEN;
	if (!str_eq(run_outcome(session_run(t->s)), "ok"))
		return;
	session_request(t->s, &(struct request){.kind = REQ_CLOSE, .step = NONE});
	if (wait_for(t, session_idle) && session_run(t->s)->closed)
		row->result = TICKED_CLOSED;
}

/* A tick before this one was cut off within the check: it is looked at again. */
static void
look_on(struct ticking *t, int step, struct tick_row *row)
{
	struct str data = STR_INIT;

	outfit_resume(t->s, &data);
	session_request(t->s,
		&(struct request){.kind = REQ_RESUME, .step = NONE, .data = data.buf});
	str_release(&data);
	if (!wait_for(t, session_idle))
		return;
	say_readings(t->s, row);
	if (run_settled(&session_run(t->s)->steps.list.at[step]))
		close_if_settled(t, row);
}

static void
look_and_tell(struct ticking *t, struct tick_row *row)
{
	const struct run_step *rs;
	int step = check_step(t->s);
	struct err e = ERR_INIT;

	row->result = TICKED_BAD;
	if (step == NONE || !wait_for(t, session_idle))
		return;
	rs = &session_run(t->s)->steps.list.at[step];
	if (run_settled(rs)) {
		close_if_settled(t, row);
		return;
	}
	if (rs->own == STEP_IS_RUNNING) {
		look_on(t, step, row);
		return;
	}
	if (!gate_allows(session_run(t->s), ACT_START, step, &e)) {
		snprintf(row->why, sizeof row->why, "%s", e.msg);
		return;
	}
	/* The step has not begun: what comes is on the board, and no fact. */
	for (size_t i = 0; i < rs->step->probes.list.len; i++)
		looking_start(t->s, step, rs->step->probes.list.at[i], 0);
	if (!wait_for(t, all_seen))
		return;
	say_readings(t->s, row);
	if (!worth_recording(t->s))
		return;
	session_request(t->s, &(struct request){.kind = REQ_START, .step = step});
	if (!wait_for(t, session_idle))
		return;
	say_readings(t->s, row);
	if (run_settled(rs))
		close_if_settled(t, row);
}

/* Nobody reads a changed project here: what was trusted is what is used. */
static bool
still_trusted(const struct ticking *t, struct tick_row *row)
{
	const struct project *p = t->c->project;
	char hash[DIGEST_HEX + 1];

	trust_hash(session_runbook(t->s), p ? p->sha256 : NULL, hash);
	if (trust_has(hash))
		return true;
	snprintf(row->why, sizeof row->why,
		"handrail.yaml has changed since a person trusted it with this runbook");
	return false;
}

static void
tick_in(struct ticking *t, struct tick_row *row)
{
	struct session_opts so = {.loop = t->c->loop,
		.project = t->c->project,
		.runs_dir = t->c->runs_dir,
		.quiet = true,
		.calls = {.on_message = tick_refused, .on_prompt = tick_asks, .ctx = t}};
	char *closer = owing_closer(t->c->runs_dir, row->owed), con[256];
	struct err e = ERR_INIT;

	t->refused = ERR_INIT;
	t->s = closer ? session_resume(&so, closer, &e) : owing_open(&so, row->owed, &e);
	if (!t->s) {
		snprintf(row->why, sizeof row->why, "%s", e.msg);
		if (e.kind == ERR_STATE && closer &&
			journal_is_busy(closer, con, sizeof con))
			row->result = TICKED_BUSY;
	} else {
		snprintf(row->record, sizeof row->record, "%s", session_run(t->s)->id);
		if (still_trusted(t, row))
			look_and_tell(t, row);
		if (t->refused.kind != ERR_NONE && !row->why[0])
			snprintf(row->why, sizeof row->why, "%.390s", t->refused.msg);
	}
	session_free(t->s);
	t->s = NULL;
	mem_free(closer);
}

static void
tick_one(struct ticking *t, struct tick_row *row)
{
	struct project *ours = t->c->project;
	struct err e = ERR_INIT;
	char *dir = library_run_dir(t->c->runs_dir, row->owed->run, &e);

	row->result = TICKED_NOT;
	if (!dir) {
		snprintf(row->why, sizeof row->why, "%s", e.msg);
		return;
	}
	if (!args_has(t->c->args, OPT_PROJECT))
		t->c->project = NULL; /* each run has the one it was opened with */
	if (cmd_project_of_run(t->c, dir))
		tick_in(t, row);
	else
		snprintf(row->why, sizeof row->why, "its handrail.yaml does not load");
	if (t->c->project != ours)
		project_free(t->c->project);
	t->c->project = ours;
	mem_free(dir);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void
tick_json(const struct ticking *t)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "tick");
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < t->rows.list.len; i++) {
		static const char *const words[] = {
			"closed", "evidence", "bad", "busy", "skipped"};
		const struct tick_row *row = &t->rows.list.at[i];

		jsonout_open(&j);
		jsonout_kstr(&j, "id", row->id);
		jsonout_kstr(&j, "title", row->owed->title);
		jsonout_kstr(&j, "result", words[row->result]);
		jsonout_kstr(&j, "record", row->record[0] ? row->record : NULL);
		jsonout_kstr(&j, "message", row->why);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	jsonout_kbool(&j, "in_time", !t->late);
	cmd_json_end(&j, &out);
}

static void
tick_text(const struct ticking *t)
{
	struct str out = STR_INIT;

	for (size_t i = 0; i < t->rows.list.len; i++) {
		const struct tick_row *row = &t->rows.list.at[i];

		str_addf(&out, "%-12s %s: %s%s%s\n", row->id, row->owed->title,
			result_words[row->result], row->why[0] ? ": " : "", row->why);
	}
	if (!t->rows.list.len)
		str_adds(&out, "No probe is due.\n");
	if (t->late)
		str_adds(&out, "The time was over before all were looked at.\n");
	cmd_print(&out);
	str_release(&out);
}

static enum exit_code
tick_all(struct ticking *t, const struct library *lib)
{
	struct duelist d = {0};
	struct wall now = clock_wall();
	enum exit_code code = EXIT_CODE_OK;

	duelist_make(lib, &d);
	for (size_t i = 0; i < d.list.len && d.list.at[i].due.ms <= now.ms && !t->late;
		i++) {
		struct tick_row *row;

		if (!d.list.at[i].owed || !d.list.at[i].owed->checks.list.len)
			continue;
		row = vec_add(&t->rows.list);
		memcpy(row->id, d.list.at[i].id, sizeof row->id);
		row->owed = d.list.at[i].owed;
		tick_one(t, row);
		if (row->result == TICKED_BAD || row->result == TICKED_NOT)
			code = EXIT_CODE_NO;
		if (t->refused.kind == ERR_IO)
			code = EXIT_CODE_NOT_WRITTEN;
	}
	duelist_release(&d);
	if (args_has(t->c->args, OPT_JSON))
		tick_json(t);
	else
		tick_text(t);
	return t->late ? EXIT_CODE_TIMEOUT : code;
}

static enum exit_code
tick_locked(struct cmd *c, int64_t timeout_ms)
{
	struct ticking t = {.c = c, .until = clock_mono()};
	enum exit_code code, records;
	struct library lib;
	struct err e = ERR_INIT;

	t.until.ms += timeout_ms;
	if (!cmd_project(c, NULL))
		return EXIT_CODE_LOAD;
	cmd_library(c, &lib);
	code = tick_all(&t, &lib);
	vec_free(&t.rows.list);
	records = cmd_library_done(&lib);
	if (!t.late && !watched_tell(clock_wall(), &e))
		code = cmd_fail(c, &e);
	return records != EXIT_CODE_OK ? records : code;
}

static enum exit_code
install_help(void)
{
	static const char text[] =
		"# ~/.config/systemd/user/handrail-tick.service\n" TICK_SERVICE "\n"
		"# ~/.config/systemd/user/handrail-tick.timer\n" TICK_TIMER "\n"
		"# systemctl --user enable --now handrail-tick.timer\n"
		"# loginctl enable-linger        (also while nobody is logged in)\n\n"
		"# or, instead of both, a line of crontab -e:\n" TICK_CRON;
	struct str out = STR_INIT;

	str_adds(&out, text);
	cmd_print(&out);
	str_release(&out);
	return EXIT_CODE_OK;
}

enum exit_code
cmd_tick(struct cmd *c)
{
	const char *timeout = c->args->opt[OPT_TIMEOUT];
	enum exit_code code = EXIT_CODE_OK;
	int64_t ms = TICK_MS;
	struct err e = ERR_INIT;
	int lock;

	if (args_has(c->args, OPT_INSTALL_HELP))
		return install_help();
	if (!cmd_may_write(c, &code))
		return code;
	if (timeout && !stamp_parse_duration(timeout, &ms)) {
		err_set(&e, ERR_INPUT, "--timeout %s is not a duration (30s, 10m, 2h)",
			timeout);
		return cmd_fail(c, &e);
	}
	lock = watched_lock("tick.lock", &e);
	if (lock < 0) {
		code = cmd_fail(c, &e);
		return e.kind == ERR_STATE ? EXIT_CODE_BUSY : code;
	}
	code = tick_locked(c, ms);
	disk_close(lock); /* a store that is slow keeps no other tick from its probes */
	cmd_store_catch_up(c, ms);
	return code;
}
