/* store: the schema that several machines share, and what of the records here is in it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "app/mirroring.h"
#include "app/practice.h"
#include "app/storing.h"
#include "app/watched.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "journal/heads.h"
#include "share/bookwalk.h"
#include "share/cons.h"
#include "share/cursor.h"
#include "share/mirror.h"
#include "share/storesql.h"

enum { TURN_MS = 200 };

/* A run that goes to this store. */
struct store_run {
	char *id, *dir, *service;
	int64_t last;         /* durable here */
	struct cursor cursor; /* as last heard */
	int64_t sent;         /* of the store where it was asked, else of the cursor */
	char why[320];        /* send: what stands in the way; else "" */
	bool ok, differs;     /* differs: the store has another record `sent` */
};

struct store {
	struct cmd *c;
	struct mono until; /* ms 0: as long as it takes */
	const char *service;
	struct {
		VEC_OF(struct store_run) list;
	} runs;
};

/* ---- the runs ---------------------------------------------------------------------------- */

static int64_t
durable_seq(const char *dir)
{
	struct err ignored = ERR_INIT; /* nothing is durable for certain then */
	char *path = file_join(dir, "heads");
	struct heads *h = heads_open(path, &ignored);
	int64_t last = h ? heads_last(h) : -1;

	heads_free(h);
	mem_free(path);
	return last;
}

/* A run that was never sent, or to another store, is one of them when it is named. Without a
 * service: all that go to any. */
static void
add_run(struct store *st, const char *dir, bool named)
{
	struct store_run r = {.ok = true};
	struct err none = ERR_INIT;
	bool ours = cursor_read(dir, &r.cursor, &none) &&
		(!st->service || str_eq(r.cursor.service, st->service));

	if (!ours && !named) {
		cursor_release(&r.cursor);
		return;
	}
	r.service = mem_strdup(st->service ? st->service : r.cursor.service);
	r.dir = mem_strdup(dir);
	r.id = mem_strdup(file_base(dir));
	r.last = durable_seq(dir);
	r.sent = ours ? r.cursor.seq : -1;
	vec_push(&st->runs.list, r);
}

static bool
add_all(struct store *st, struct err *e)
{
	char *dir = st->c->runs_dir ? mem_strdup(st->c->runs_dir) : journal_runs_dir(e);
	size_t count = 0;
	char **names = dir ? file_names(dir, &count, e) : NULL;

	for (size_t i = 0; i < count; i++) {
		char *run = file_join(dir, names[i]);

		if (file_is_dir(run) && !practice_is(run))
			add_run(st, run, false);
		mem_free(run);
	}
	mem_free(dir);
	if (!names)
		return false;
	file_names_free(names);
	return true;
}

static enum exit_code
take_runs(struct store *st)
{
	const struct args *a = st->c->args;
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;

	if (a->words.list.len == 1 && !add_all(st, &e))
		return cmd_fail(st->c, &e);
	for (size_t i = 1; i < a->words.list.len; i++) {
		char *dir = cmd_run_dir(st->c, a->words.list.at[i], &code);

		if (!dir)
			return code;
		if (practice_is(dir))
			err_set(&e, ERR_REFUSED,
				"%s was practised: the store takes what was real",
				a->words.list.at[i]);
		else
			add_run(st, dir, true);
		mem_free(dir);
		if (e.kind != ERR_NONE)
			return cmd_fail(st->c, &e);
	}
	return code;
}

static void
release_runs(struct store *st)
{
	for (size_t i = 0; i < st->runs.list.len; i++) {
		struct store_run *r = &st->runs.list.at[i];

		mem_free(r->id);
		mem_free(r->dir);
		mem_free(r->service);
		cursor_release(&r->cursor);
	}
	vec_free(&st->runs.list);
}

/* ---- init, upgrade, sql -------------------------------------------------------------------- */

static enum exit_code
print_sql(struct store *st)
{
	struct str text = STR_INIT;

	(void)st;
	(void)storesql_since(0, &text);
	cmd_print_raw(&text);
	str_release(&text);
	return EXIT_CODE_OK;
}

static bool
bring_up_to_date(struct storing *s, int have, struct err *e)
{
	struct str text = STR_INIT;
	bool ok = !storesql_since(have, &text) || storing_script(s, text.buf, e);

	str_release(&text);
	return ok;
}

static enum exit_code
make_schema(struct store *st, bool anew)
{
	struct err e = ERR_INIT;
	enum exit_code code = EXIT_CODE_OK;
	struct storing *s;
	int have = 0;
	bool ok;

	if (!cmd_may_write(st->c, &code))
		return code;
	s = storing_open(st->c->loop, st->service, &e);
	ok = s && storing_version(s, &have, &e);
	if (ok && !anew && !have)
		ok = err_set(&e, ERR_STATE,
			"there is no store in that database: handrail store init");
	if (ok && anew && have && have < storesql_version())
		ok = err_set(&e, ERR_STATE,
			"the store is there and has version %d: handrail store upgrade",
			have);
	ok = ok && bring_up_to_date(s, have, &e);
	storing_close(s);
	if (!ok)
		return cmd_fail(st->c, &e);
	if (have >= storesql_version())
		printf("The store is there already, version %d.\n", have);
	else
		printf("The store has version %d now. Who writes to it is granted the role "
		       "handrail_writer, who only reads it handrail_reader.\n",
			storesql_version());
	return EXIT_CODE_OK;
}

static enum exit_code
init(struct store *st)
{
	return make_schema(st, true);
}

static enum exit_code
upgrade(struct store *st)
{
	return make_schema(st, false);
}

/* ---- what the store has ------------------------------------------------------------------ */

/* Is its newest record the one that is here? */
static bool
compare(struct store_run *r, const char *hash, struct err *e)
{
	char *path = file_join(r->dir, "journal.jsonl");
	struct bookwalk w;
	bool ok = true;

	bookwalk_begin(&w, 0, 0);
	while (ok && w.next <= r->sent)
		ok = bookwalk_to(&w, path, r->sent, e);
	r->differs = ok && strcmp(w.last_hash, hash) != 0;
	mem_free(path);
	return ok;
}

static bool
ask_run(struct storing *s, struct store_run *r, struct err *e)
{
	static const char sql[] = "select seq, encode(hash, 'hex') from handrail.record "
				  "where run = $1 order by seq desc limit 1";
	struct storing_answer a;
	struct pgkeep_value run = {r->id, strlen(r->id), false};
	bool ok = storing_ask(s, sql, &run, 1, &a, e);
	const char *hash = ok ? storing_cell(&a, 0, 1) : NULL;

	r->sent = -1;
	if (ok && a.rows)
		ok = storing_number(&a, 0, 0, &r->sent, e) &&
			(hash || err_set(e, ERR_STATE, PGKEEP_ODD));
	if (ok && r->sent > r->last) /* it may have come there since we looked here */
		r->last = durable_seq(r->dir);
	if (ok && r->sent >= 0 && r->sent <= r->last)
		ok = compare(r, hash, e);
	storing_answer_release(&a);
	return ok;
}

static bool
ask_runs(struct storing *s, struct store *st, struct err *e)
{
	for (size_t i = 0; i < st->runs.list.len; i++)
		if (!ask_run(s, &st->runs.list.at[i], e))
			return false;
	return true;
}

static bool
is_level(const struct store_run *r)
{
	return r->sent == r->last && r->last >= 0 && !r->differs;
}

/* ---- send ------------------------------------------------------------------------------------ */

static void
changed(void *ctx)
{
	(void)ctx; /* the loop turns, and we look */
}

static void
lost(void *ctx, int64_t from, int64_t to)
{
	struct store_run *r = ctx;

	fprintf(stderr,
		"handrail: run %s: the store has lost the records %lld to %lld, which it "
		"had: they are sent again\n",
		r->id, (long long)from, (long long)to);
}

static bool
is_late(const struct store *st)
{
	return st->until.ms && clock_mono().ms > st->until.ms;
}

/* DOWN: the store cannot be had now. */
static enum mirror_how
send_run(struct store *st, struct http *http, struct store_run *r)
{
	struct str cons = STR_INIT;
	struct err e = ERR_INIT;
	struct mirror_state s;
	struct mirror *m;
	char con[256];

	r->ok = false;
	if (journal_is_busy(r->dir, con, sizeof con)) {
		snprintf(r->why, sizeof r->why, "left to the console that drives it, %s",
			con);
		return MIRROR_CONNECTING;
	}
	r->last = durable_seq(r->dir); /* nobody adds to it now */
	if (r->last < 0) {
		snprintf(r->why, sizeof r->why, "it has no record that is vouched for");
		return MIRROR_CONNECTING;
	}
	if (!cons_of(r->dir, &cons, &e)) {
		snprintf(r->why, sizeof r->why, "%s", e.msg);
		str_release(&cons);
		return MIRROR_CONNECTING;
	}
	m = mirror_new(&(struct mirror_opts){.loop = st->c->loop,
		.http = http,
		.service = r->service,
		.run = r->id,
		.cons = cons.buf,
		.run_dir = r->dir,
		.on_state = changed,
		.on_lost = lost,
		.ctx = r});
	mirror_tell(m, r->dir, r->last);
	do {
		loop_turn(st->c->loop, TURN_MS);
		mirror_state(m, &s);
	} while ((s.how == MIRROR_CONNECTING || s.how == MIRROR_BEHIND) && !is_late(st));
	r->ok = s.how == MIRROR_LEVEL;
	r->sent = s.sent;
	snprintf(r->why, sizeof r->why, "%s", s.why);
	mirror_free(m);
	str_release(&cons);
	return s.how;
}

/* What was heard of it once is no proof: it may have been emptied or restored since. */
static bool
ask_first(struct store *st, struct err *e)
{
	struct storing *s = st->runs.list.len ? storing_open(st->c->loop, st->service, e)
					      : NULL;
	bool ok = !st->runs.list.len || (s && ask_runs(s, st, e));

	storing_close(s);
	return ok;
}

static enum exit_code
send_all(struct store *st)
{
	enum exit_code code = take_runs(st);
	struct http *http = http_new(st->c->loop);
	bool named = st->c->args->words.list.len > 1;
	struct err e = ERR_INIT;
	size_t done = 0, bad = 0;

	if (code == EXIT_CODE_OK && !cmd_may_write(st->c, &code))
		release_runs(st);
	if (code == EXIT_CODE_OK && !named && !ask_first(st, &e))
		code = cmd_fail(st->c, &e);
	for (size_t i = 0; code == EXIT_CODE_OK && i < st->runs.list.len; i++) {
		struct store_run *r = &st->runs.list.at[i];
		int64_t had = r->sent;

		if (!named && is_level(r))
			continue;
		(void)send_run(st, http, r);
		if (r->ok && had < r->sent)
			printf("%s: %lld records sent, all %lld are in the store\n",
				r->id, (long long)(r->sent - had),
				(long long)r->sent + 1);
		else if (!r->ok)
			fprintf(stderr, "handrail: %s: %s\n", r->id, r->why);
		done += r->ok;
		bad += !r->ok;
	}
	http_free(http);
	if (code == EXIT_CODE_OK && !done && !bad)
		puts("Nothing to send.");
	return code != EXIT_CODE_OK ? code : bad ? EXIT_CODE_NO : EXIT_CODE_OK;
}

static void
catch_up(struct cmd *c, int64_t ms)
{
	struct store st = {.c = c, .until = clock_mono()};
	struct http *http = http_new(c->loop);
	struct err e = ERR_INIT; /* without runs there is nothing to send */
	const char *down = NULL, *asked = NULL;
	struct storing *s = NULL;

	st.until.ms += ms;
	if (!add_all(&st, &e))
		err_init(&e);
	for (size_t i = 0; i < st.runs.list.len && !is_late(&st); i++) {
		struct store_run *r = &st.runs.list.at[i];

		if (str_eq(down, r->service))
			continue;
		err_init(&e); /* of a store that is away nothing is said */
		if (!str_eq(asked, r->service)) {
			storing_close(s);
			s = storing_open(c->loop, r->service, &e);
			asked = r->service;
		}
		if (!s || !ask_run(s, r, &e)) {
			down = r->service;
			continue;
		}
		if (is_level(r) || r->last < 0)
			continue;
		switch (send_run(&st, http, r)) {
		case MIRROR_DOWN:
			down = r->service;
			break;
		case MIRROR_ALARM:
		case MIRROR_TAKEN:
			fprintf(stderr, "handrail: %s: %s\n", r->id, r->why);
			break;
		case MIRROR_CONNECTING:
		case MIRROR_BEHIND:
		case MIRROR_LEVEL:
			break;
		}
	}
	storing_close(s);
	http_free(http);
	release_runs(&st);
}

void
cmd_store_catch_up(struct cmd *c, int64_t ms)
{
	struct err another = ERR_INIT; /* one at a time */
	int lock = watched_lock("store.lock", &another);

	if (lock < 0)
		return;
	catch_up(c, ms);
	disk_close(lock);
}

/* ---- status ---------------------------------------------------------------------------------- */

static const char *
run_words(const struct store_run *r, bool up, struct str *out)
{
	char at[STAMP_BYTES];

	str_reset(out);
	if (r->last < 0)
		str_addf(out,
			"nothing here vouches for its record; the store has %lld records",
			(long long)r->sent + 1);
	else if (r->differs)
		str_addf(out,
			"DIFFERS: the store has another record %lld than the one here",
			(long long)r->sent);
	else if (r->sent > r->last)
		str_addf(out, "DIFFERS: the store has %lld records, and %lld are here",
			(long long)r->sent + 1, (long long)r->last + 1);
	else if (r->sent < r->last)
		str_addf(out, "%lld of %lld records, %lld behind", (long long)r->sent + 1,
			(long long)r->last + 1, (long long)(r->last - r->sent));
	else
		str_addf(out, "%lld records", (long long)r->sent + 1);
	if (!up)
		str_addf(out, ", as heard at %s", stamp_wall_sec(r->cursor.at, at));
	return out->buf;
}

static void
status_text(const struct store *st, int version, const struct err *e)
{
	struct str words = STR_INIT, out = STR_INIT;
	bool up = e->kind == ERR_NONE;

	if (up)
		str_addf(&out, "The store %s is up, version %d.\n", st->service, version);
	else
		str_addf(&out, "%s\n", e->msg);
	for (size_t i = 0; i < st->runs.list.len; i++)
		str_addf(&out, "%s  %s\n", st->runs.list.at[i].id,
			run_words(&st->runs.list.at[i], up, &words));
	if (!st->runs.list.len)
		str_adds(&out, "No run here goes to it yet.\n");
	cmd_print(&out);
	str_release(&out);
	str_release(&words);
}

static void
status_json(const struct store *st, int version, const struct err *e)
{
	struct str out = STR_INIT;
	struct jsonout j;
	char at[STAMP_BYTES];

	cmd_json_begin(&j, &out, "store");
	jsonout_kstr(&j, "service", st->service);
	jsonout_kstr(&j, "state", e->kind == ERR_NONE ? "up" : "down");
	jsonout_kstr(&j, "why", e->kind == ERR_NONE ? NULL : e->msg);
	jsonout_kint(&j, "version", version);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < st->runs.list.len; i++) {
		const struct store_run *r = &st->runs.list.at[i];

		jsonout_open(&j);
		jsonout_kstr(&j, "run", r->id);
		jsonout_kint(&j, "records", r->last + 1);
		jsonout_kint(&j, "stored", r->sent + 1);
		jsonout_kint(&j, "behind", r->last - r->sent);
		jsonout_kbool(&j, "differs", r->differs || r->sent > r->last);
		jsonout_kstr(&j, "heard",
			r->cursor.at.ms ? stamp_wall(r->cursor.at, at) : NULL);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	cmd_json_end(&j, &out);
}

static enum exit_code
status(struct store *st)
{
	enum exit_code code = take_runs(st);
	struct err e = ERR_INIT;
	struct storing *s;
	int version = 0;
	bool level = true;

	if (code != EXIT_CODE_OK)
		return code;
	s = storing_open(st->c->loop, st->service, &e);
	if (e.kind == ERR_INPUT)
		return cmd_fail(st->c, &e);
	if (s && storing_version(s, &version, &e) && !version)
		err_set(&e, ERR_STATE,
			"there is no store in the database of %s: handrail store init",
			st->service);
	if (s && version && e.kind == ERR_NONE)
		(void)!ask_runs(s, st, &e);
	storing_close(s);
	for (size_t i = 0; i < st->runs.list.len; i++)
		level &= is_level(&st->runs.list.at[i]);
	(args_has(st->c->args, OPT_JSON) ? status_json : status_text)(st, version, &e);
	return e.kind == ERR_NONE && level ? EXIT_CODE_OK : EXIT_CODE_NO;
}

/* ---- which ------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	enum exit_code (*fn)(struct store *st);
	bool asks; /* a server, so it has to be named */
	bool runs; /* may be named behind it */
} verbs[] = {
	{"init", init, true, false},
	{"upgrade", upgrade, true, false},
	{"status", status, true, true},
	{"send", send_all, true, true},
	{"sql", print_sql, false, false},
};

enum exit_code
cmd_store(struct cmd *c)
{
	const char *word = c->args->words.list.at[0];
	struct store st = {.c = c};
	struct err e = ERR_INIT;
	enum exit_code code;
	size_t v = 0;

	while (v < sizeof verbs / sizeof *verbs && strcmp(verbs[v].name, word) != 0)
		v++;
	if (v == sizeof verbs / sizeof *verbs) {
		err_set(&e, ERR_INPUT,
			"store: init, upgrade, status, send or sql, not %s", word);
		return cmd_fail(c, &e);
	}
	if (!verbs[v].runs && c->args->words.list.len > 1) {
		err_set(&e, ERR_INPUT, "store %s takes no run", word);
		return cmd_fail(c, &e);
	}
	if (verbs[v].asks) {
		if (!cmd_project(c, NULL))
			return EXIT_CODE_LOAD;
		st.service = mirroring_service_for(
			c->project, c->args->opt[OPT_SERVICE], &e);
		if (!st.service)
			return cmd_fail(c, &e);
	}
	code = verbs[v].fn(&st);
	release_runs(&st);
	return code;
}
