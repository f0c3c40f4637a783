#include "share/mirror.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/pace.h"
#include "remote/pgkeep.h"
#include "share/blobsend.h"
#include "share/bookwalk.h"
#include "share/cons.h"
#include "share/cursor.h"
#include "share/storesql.h"

enum {
	ANSWER_MS = 10 * 1000,
	FIRST_WAIT_MS = 1000,
	LAST_WAIT_MS = 30 * 1000,
	KEEP_MS = 30 *
		1000, /* between two writes of the cursor, which wait for the disk */
	LINES_MOST = 500,
	BLOBS = 2,    /* version of the store that keeps them */
	CONTESTS = 3, /* who else may send the same run at the same time */
};

static const char head_sql[] = "select seq, encode(hash, 'hex') from handrail.record "
			       "where run = $1 order by seq desc limit 1";
/* Whoever has this said may lose power: it says so only when it is on its disk. */
static const char durable_sql[] =
	"select set_config('synchronous_commit', 'on', false) "
	"where current_setting('synchronous_commit') in ('off', 'local')";
static const char send_sql[] =
	"insert into handrail.record (run, seq, line) "
	"select $1, $2::bigint + n - 1, convert_to(l || E'\\n', 'UTF8') "
	"from unnest(string_to_array(convert_from($3, 'UTF8'), E'\\n')) "
	"with ordinality as u(l, n) where l <> '' order by n";

/* Whose lines these are, for a store that knows drivers. */
static const char cons_sql[] = "select set_config('handrail.cons', $1, false)";
static const char blob_sql[] =
	"insert into handrail.blob (run, sha256, part, parts, bytes) "
	"values ($1, $2, $3::int, $4::int, $5) on conflict do nothing";

struct mirror {
	struct mirror_opts o;
	char *service, *run, *cons, *run_dir, *path; /* path: of the journal */
	bool keeps_blobs;                            /* the store has a place for them */
	struct pgkeep *pg;                           /* NULL: waiting for another try */
	struct loop_timer *again, *turn;             /* turn: the next piece of a walk */
	int64_t last;
	struct bookwalk walk;    /* behind the record that the store has for certain */
	struct bookwalk seeking; /* on its way to what the store says */
	int64_t store_seq;       /* what it says */
	char store_hash[DIGEST_HEX + 1];
	struct cursor cursor;
	struct mono kept; /* when the cursor was written */
	bool unkept;
	struct str piece;
	struct blobsend blobs; /* that it names */
	struct blobsend_part part;
	bool rechecked; /* what the cursor says was not believed, and all was looked at */
	int tries, contests;
	enum mirror_how how;
	struct mono since;
	char why[320];
	char odds[240]; /* what is wrong, unless somebody else drives */
};

static void ask_head(struct mirror *m);
static void send_more(struct mirror *m);

/* ---- what it says ------------------------------------------------------------------------ */

static void
become(struct mirror *m, enum mirror_how how, const char *why)
{
	bool bad = how == MIRROR_DOWN || how == MIRROR_ALARM || how == MIRROR_TAKEN;

	if (m->how == how && strcmp(m->why, why) == 0)
		return;
	/* It is down since it went down, whatever the last try said. */
	if (m->how != how)
		m->since = clock_mono();
	m->how = how;
	snprintf(m->why, sizeof m->why, "%s", bad ? why : "");
	m->o.on_state(m->o.ctx);
}

static void
keep_cursor(struct mirror *m, bool now)
{
	struct err ignored = ERR_INIT; /* a hint: the store is asked in any case */
	struct mono at = clock_mono();

	if (!m->unkept || (!now && at.ms - m->kept.ms < KEEP_MS))
		return;
	m->unkept = false;
	m->kept = at;
	if (!cursor_write(m->run_dir, &m->cursor, &ignored))
		m->unkept = now ? false : true;
}

static void
point(struct mirror *m)
{
	m->cursor.seq = m->walk.next - 1;
	m->cursor.offset = m->walk.last_began < 0 ? 0 : m->walk.last_began;
	snprintf(m->cursor.hash, sizeof m->cursor.hash, "%s", m->walk.last_hash);
	m->cursor.at = clock_wall();
	m->unkept = true;
}

/* ---- not now, or never -------------------------------------------------------------------- */

static void
hang_up(struct mirror *m)
{
	pgkeep_free(m->pg);
	m->pg = NULL;
	loop_timer_stop(m->turn);
}

static void
try_later(struct mirror *m, const char *why)
{
	int64_t wait = FIRST_WAIT_MS, now = clock_mono().ms;

	hang_up(m);
	for (int i = 0; i < m->tries && wait < LAST_WAIT_MS; i++)
		wait *= 2;
	if (wait > LAST_WAIT_MS)
		wait = LAST_WAIT_MS;
	m->tries++;
	/* Many consoles that lost the same store do not come back at the same moment. */
	loop_timer_start(m->again, pace_ms(wait / 2 + now % (wait / 2 + 1)), 0);
	become(m, MIRROR_DOWN, why);
}

static void
alarm_for(struct mirror *m, const char *why)
{
	hang_up(m);
	become(m, MIRROR_ALARM, why);
}

/* An answer that is an error. */
static void
refused(struct mirror *m, const struct pgkeep_answer *a)
{
	bool about_record = strncmp(a->state, "HR", 2) == 0;
	const char *cure = storesql_cure(a->state);

	if (strcmp(a->state, "HR001") == 0 && m->contests++ < CONTESTS)
		ask_head(m); /* somebody else may have sent the same */
	else if (strcmp(a->state, "HR004") == 0) {
		hang_up(m);
		become(m, MIRROR_TAKEN, a->why);
	} else if (about_record)
		alarm_for(m, a->why);
	else
		try_later(m, cure ? cure : a->why);
}

/* ---- sending ------------------------------------------------------------------------------- */

static void
level(struct mirror *m)
{
	m->tries = m->contests = 0;
	keep_cursor(m, false);
	become(m, MIRROR_LEVEL, "");
}

static void
sent(void *ctx, const struct pgkeep_answer *a)
{
	struct mirror *m = ctx;

	if (!a->ok) {
		refused(m, a);
		return;
	}
	m->tries = m->contests = 0;
	become(m, MIRROR_BEHIND, "");
	bookwalk_pass(&m->walk, &m->piece);
	point(m);
	keep_cursor(m, false);
	send_more(m);
}

static void send_part(struct mirror *m);

static void
part_sent(void *ctx, const struct pgkeep_answer *a)
{
	struct mirror *m = ctx;

	if (!a->ok) {
		refused(m, a);
		return;
	}
	m->tries = 0;
	blobsend_passed(&m->blobs, &m->part);
	send_part(m);
}

static void
send_lines(struct mirror *m)
{
	char seq[24];

	snprintf(seq, sizeof seq, "%lld", (long long)m->walk.next);
	pgkeep_ask(m->pg, send_sql,
		(struct pgkeep_value[]){{m->run, strlen(m->run), false},
			{seq, strlen(seq), false}, {m->piece.buf, m->piece.len, true}},
		3, sent, m);
}

/* What the lines name goes before them: what is in the store is there with its files. */
static void
send_part(struct mirror *m)
{
	char part[16], parts[16];

	if (!m->keeps_blobs || !blobsend_next(&m->blobs, m->run_dir, &m->part)) {
		send_lines(m);
		return;
	}
	snprintf(part, sizeof part, "%d", m->part.part);
	snprintf(parts, sizeof parts, "%d", m->part.parts);
	pgkeep_ask(m->pg, blob_sql,
		(struct pgkeep_value[]){{m->run, strlen(m->run), false},
			{m->part.sha256, DIGEST_HEX, false}, {part, strlen(part), false},
			{parts, strlen(parts), false},
			{m->part.bytes.buf, m->part.bytes.len, true}},
		5, part_sent, m);
	str_release(&m->part.bytes);
}

static void
send_more(struct mirror *m)
{
	struct err e = ERR_INIT;

	if (m->walk.next > m->last) {
		level(m);
		return;
	}
	if (!bookwalk_peek_groups(
		    &m->walk, m->path, m->last, LINES_MOST, &m->piece, &e)) {
		try_later(m, e.msg);
		return;
	}
	if (m->keeps_blobs)
		blobsend_find(&m->blobs, m->run_dir, m->piece.buf, m->piece.len);
	send_part(m);
	/* What was down is up once the store has taken something. */
	if (m->how != MIRROR_DOWN)
		become(m, MIRROR_BEHIND, "");
}

/* ---- how far is it? ---------------------------------------------------------------------- */

/* The record that the store names as its newest is here, and is the same. */
static void
agreed(struct mirror *m)
{
	if (m->seeking.next < m->walk.next)
		m->o.on_lost(m->o.ctx, m->seeking.next, m->walk.next - 1);
	m->walk = m->seeking;
	point(m);
	send_more(m);
}

/* Both have it differently: because somebody else drives it now, or because one of the two was
 * changed. */
static void
driver_came(void *ctx, const struct pgkeep_answer *a)
{
	struct mirror *m = ctx;
	const char *con = a->ok ? pgkeep_cell(a->of, 0, 0) : NULL;
	const char *who = a->ok ? pgkeep_cell(a->of, 0, 1) : NULL;
	struct str text = STR_INIT, safe = STR_INIT;

	if (!a->ok) {
		refused(m, a);
	} else if (!con || !who || cons_has(m->cons, con)) {
		alarm_for(m, m->odds);
	} else {
		str_addf(&text, "run %s was taken over by %s (%s)", m->run, who, con);
		text_harmless(&safe, text.buf, text.len, TEXT_ONE_LINE);
		hang_up(m);
		become(m, MIRROR_TAKEN, safe.buf);
	}
	str_release(&text);
	str_release(&safe);
}

static void
odd(struct mirror *m, const char *why)
{
	snprintf(m->odds, sizeof m->odds, "%s", why);
	if (!m->keeps_blobs)
		alarm_for(m, why);
	else
		pgkeep_ask(m->pg, "select con, who from handrail.driver where run = $1",
			&(struct pgkeep_value){m->run, strlen(m->run), false}, 1,
			driver_came, m);
}

static void
differ(struct mirror *m)
{
	char why[240];

	snprintf(why, sizeof why,
		"the store holds another record %lld of this run than the one here: compare "
		"with handrail verify --store",
		(long long)m->store_seq);
	odd(m, why);
}

static void
seek(void *ctx)
{
	struct mirror *m = ctx;
	struct err e = ERR_INIT;

	if (!bookwalk_to(&m->seeking, m->path, m->store_seq, &e))
		try_later(m, e.msg);
	else if (m->seeking.next <= m->store_seq)
		loop_timer_start(m->turn, 1, 0);
	else if (strcmp(m->seeking.last_hash, m->store_hash) == 0)
		agreed(m);
	else if (!m->rechecked) {
		/* the cursor is a hint: it may be of another file, or half written */
		m->rechecked = true;
		bookwalk_begin(&m->seeking, 0, 0);
		loop_timer_start(m->turn, 0, 0);
	} else {
		differ(m);
	}
}

/* From where the walk begins: as near as the cursor leads. */
static void
seek_from(struct mirror *m)
{
	const struct cursor *c = &m->cursor;

	m->rechecked = c->seq < 0 || c->seq > m->store_seq;
	if (c->seq >= 0 && c->seq <= m->store_seq)
		bookwalk_begin(&m->seeking, c->seq, c->offset);
	else
		bookwalk_begin(&m->seeking, 0, 0);
}

static void
head_came(void *ctx, const struct pgkeep_answer *a)
{
	struct mirror *m = ctx;
	const char *hash = a->rows ? pgkeep_cell(a->of, 0, 1) : "";
	int64_t seq = -1;
	char why[200];

	if (!a->ok) {
		refused(m, a);
		return;
	}
	if (a->rows && (!pgkeep_number(pgkeep_cell(a->of, 0, 0), &seq) || !hash)) {
		try_later(m, PGKEEP_ODD);
		return;
	}
	m->store_seq = seq;
	snprintf(m->store_hash, sizeof m->store_hash, "%s", hash);
	if (m->store_seq > m->last) {
		snprintf(why, sizeof why,
			"the store holds %lld records of this run, and %lld are here: "
			"compare with handrail verify --store",
			(long long)m->store_seq + 1, (long long)m->last + 1);
		odd(m, why);
		return;
	}
	seek_from(m);
	if (m->store_seq < 0)
		agreed(m);
	else
		seek(m);
}

static void
ask_head(struct mirror *m)
{
	pgkeep_ask(m->pg, head_sql, &(struct pgkeep_value){m->run, strlen(m->run), false},
		1, head_came, m);
}

static void
cons_came(void *ctx, const struct pgkeep_answer *a)
{
	if (a->ok)
		ask_head(ctx);
	else
		refused(ctx, a);
}

static void
durable_came(void *ctx, const struct pgkeep_answer *a)
{
	struct mirror *m = ctx;

	if (a->ok)
		pgkeep_ask(m->pg, cons_sql,
			&(struct pgkeep_value){m->cons, strlen(m->cons), false}, 1,
			cons_came, m);
	else
		refused(m, a);
}

static void
version_came(void *ctx, const struct pgkeep_answer *a)
{
	struct mirror *m = ctx;
	const char *speaks = a->ok && a->rows ? pgkeep_cell(a->of, 0, 1) : NULL;
	int64_t wants, version;
	char why[120];

	if (!a->ok) {
		refused(m, a);
	} else if (!speaks) {
		try_later(m, "the store is empty: handrail store init");
	} else if (!pgkeep_number(speaks, &wants) ||
		!pgkeep_number(pgkeep_cell(a->of, 0, 0), &version)) {
		try_later(m, PGKEEP_ODD);
	} else if (wants > storesql_version()) {
		snprintf(why, sizeof why,
			"the store wants a newer handrail, which knows its version %s",
			speaks);
		try_later(m, why);
	} else {
		m->keeps_blobs = version >= BLOBS;
		pgkeep_ask(m->pg, durable_sql, NULL, 0, durable_came, m);
	}
}

/* ---- the connection ------------------------------------------------------------------------ */

static void
went_up(void *ctx)
{
	struct mirror *m = ctx;

	pgkeep_ask(m->pg, STORESQL_VERSION, NULL, 0, version_came, m);
}

static void
went_down(void *ctx, const char *why)
{
	try_later(ctx, why);
}

static void
dial(void *ctx)
{
	struct mirror *m = ctx;
	struct err e = ERR_INIT;

	m->pg = pgkeep_start(&(struct pgkeep_opts){.loop = m->o.loop,
				     .http = m->o.http,
				     .service = m->service,
				     .timeout_ms = pace_ms(ANSWER_MS)},
		&(struct pgkeep_calls){went_up, went_down, m}, &e);
	if (!m->pg)
		try_later(m, e.msg);
}

/* ---- from outside ------------------------------------------------------------------------- */

struct mirror *
mirror_new(const struct mirror_opts *o)
{
	struct mirror *m = mem_alloc(sizeof *m);
	struct err ignored = ERR_INIT;

	m->o = *o;
	m->service = mem_strdup(o->service);
	m->run = mem_strdup(o->run);
	m->cons = mem_strdup(o->cons);
	m->run_dir = mem_strdup(o->run_dir);
	m->path = file_join(o->run_dir, "journal.jsonl");
	m->piece = STR_INIT;
	m->last = -1;
	m->since = clock_mono();
	m->again = loop_timer_new(o->loop, dial, m);
	m->turn = loop_timer_new(o->loop, seek, m);
	if (!cursor_read(o->run_dir, &m->cursor, &ignored) ||
		!str_eq(m->cursor.service, o->service)) {
		cursor_release(&m->cursor);
		m->cursor = (struct cursor){.seq = -1, .at = clock_wall()};
		m->cursor.service = mem_strdup(o->service);
	}
	bookwalk_begin(&m->walk, m->cursor.seq + 1, 0);
	loop_timer_start(m->again, 0, 0);
	return m;
}

static void
move(struct mirror *m, const char *run_dir)
{
	cursor_remove(m->run_dir);
	mem_free(m->run_dir);
	mem_free(m->path);
	m->run_dir = mem_strdup(run_dir);
	m->path = file_join(run_dir, "journal.jsonl");
	m->unkept = true;
}

void
mirror_tell(struct mirror *m, const char *run_dir, int64_t last)
{
	if (strcmp(run_dir, m->run_dir) != 0)
		move(m, run_dir);
	if (m->last < 0) { /* the folder is there now: this run is one that is sent */
		m->unkept = true;
		keep_cursor(m, true);
	}
	m->last = last;
	if (m->how == MIRROR_LEVEL && m->walk.next <= last && pgkeep_is_free(m->pg))
		send_more(m);
}

void
mirror_state(const struct mirror *m, struct mirror_state *out)
{
	*out = (struct mirror_state){.how = m->how,
		.last = m->last,
		.sent = m->walk.next - 1,
		.since = m->since,
		.why = m->why};
}

const char *
mirror_head(const struct mirror *m)
{
	return m->walk.last_hash;
}

void
mirror_free(struct mirror *m)
{
	if (!m)
		return;
	hang_up(m);
	if (m->last >= 0)
		keep_cursor(m, true);
	loop_timer_free(m->again);
	loop_timer_free(m->turn);
	cursor_release(&m->cursor);
	str_release(&m->piece);
	blobsend_reset(&m->blobs);
	mem_free(m->cons);
	mem_free(m->service);
	mem_free(m->run);
	mem_free(m->run_dir);
	mem_free(m->path);
	mem_free(m);
}
