#include "share/afar.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "remote/pace.h"
#include "share/hexed.h"
#include "share/storelink.h"

enum {
	POLL_MS = 2000, /* and whenever the store says that there is something */
	LETTERS = 3,    /* version of the store that takes them */
	PARTS_MOST = 1024,
};

static const char lines_sql[] =
	"select seq, convert_from(line, 'UTF8') from handrail.record "
	"where run = $1 and seq > $2::bigint order by seq limit 100";
/* What it has of the last one we know is asked each time: a store that was emptied, or put
 * back, says so itself. */
static const char state_sql[] =
	"select h.seq, greatest(0, extract(epoch from clock_timestamp() - h.anchored_at) "
	"* 1000)::bigint, (select encode(sha256(r.line), 'hex') from handrail.record r "
	"where r.run = $1 and r.seq = $2::bigint), d.epoch, d.con, d.who, "
	"d.left_at is not null, greatest(0, extract(epoch from clock_timestamp() - d.until "
	"+ interval '30 s') * 1000)::bigint "
	"from (select 1) one "
	"left join (select seq, anchored_at from handrail.record where run = $1 "
	"order by seq desc limit 1) h on true "
	"left join handrail.driver d on d.run = $1";
static const char part_sql[] = "select parts, encode(bytes, 'hex') from handrail.blob "
			       "where run = $1 and sha256 = $2 and part = $3::int";
static const char send_sql[] =
	"insert into handrail.inbox (run, id, con, who, kind, body) "
	"values ($1, $2, $3, $4, $5, convert_to($6, 'UTF8'))";
static const char answers_sql[] =
	"select i.id, a.seq, a.why from handrail.inbox i join handrail.answer a using (run, n) "
	"where i.run = $1 and i.id = any(string_to_array($2, ' '))";

struct sent {
	char id[LETTER_ID + 1];
	enum letter_kind kind;
	char *body;
	bool there;
};

struct wanted {
	char sha256[DIGEST_HEX + 1];
};

struct afar {
	struct afar_opts o;
	char *run, *con, *who;
	struct storelink *link;
	struct loop_timer *poll, *turn;
	int64_t seq; /* of the last line told */
	char head[DIGEST_HEX + 1];
	bool ended;                             /* no more lines are wanted */
	bool ask_lines, ask_state, ask_answers; /* when it is free */
	bool level;
	VEC_OF(struct wanted) wanted; /* the first one is under way */
	struct str file;
	int part;
	VEC_OF(struct sent) sent;
	struct mono seen;
	int64_t store_seq, newest_ms, epoch, heard_ms;
	char *driver, *driver_con;
	bool left, differs;
	char odd[200];
};

static void next(struct afar *f);

static void
changed(struct afar *f)
{
	if (f->o.calls.on_state)
		f->o.calls.on_state(f->o.calls.ctx);
}

static struct pgkeep_value
text_value(const char *s)
{
	return (struct pgkeep_value){s, strlen(s), false};
}

/* ---- lines ------------------------------------------------------------------------------- */

static void
take_line(struct afar *f, const char *line)
{
	size_t len = strlen(line);

	digest_hex(line, len, f->head);
	f->seq++;
	if (len && line[len - 1] == '\n')
		len--;
	if (!f->o.calls.on_line(f->o.calls.ctx, line, len))
		f->ended = true;
}

static void
lines_came(void *ctx, const struct pgkeep_answer *a)
{
	struct afar *f = ctx;
	bool was = f->level;

	if (!a->ok) {
		storelink_again(f->link, a);
		return;
	}
	for (int i = 0; i < a->rows && !f->ended; i++) {
		const char *line = pgkeep_cell(a->of, i, 1);
		int64_t seq;

		if (!line || !pgkeep_number(pgkeep_cell(a->of, i, 0), &seq)) {
			storelink_again(
				f->link, &(struct pgkeep_answer){.ok = true, .why = ""});
			return;
		}
		if (seq != f->seq + 1) {
			snprintf(f->odd, sizeof f->odd,
				"the store has not got record %lld of the run",
				(long long)f->seq + 1);
			break;
		}
		take_line(f, line);
	}
	f->ask_lines = a->rows > 0 && !f->odd[0];
	f->level = !f->ask_lines;
	if (!was && f->level)
		changed(f);
	loop_timer_start(f->turn, 0, 0);
}

static void
ask_lines(struct afar *f)
{
	char after[24];
	const struct pgkeep_value values[] = {
		text_value(f->run), {after, sizeof after, false}};

	snprintf(after, sizeof after, "%lld", (long long)f->seq);
	f->ask_lines = false;
	storelink_ask(f->link, lines_sql, values, 2, lines_came, f);
}

/* ---- who drives, and how far it is -------------------------------------------------------- */

static bool
read_driver(struct afar *f, const struct pgkeep_answer *a)
{
	const char *con = pgkeep_cell(a->of, 0, 4), *who = pgkeep_cell(a->of, 0, 5);

	mem_free(f->driver);
	mem_free(f->driver_con);
	f->driver = f->driver_con = NULL;
	f->epoch = f->heard_ms = 0;
	f->left = false;
	if (!con || !who)
		return true;
	f->driver = text_harmless_dup(who);
	f->driver_con = text_harmless_dup(con);
	f->left = str_eq(pgkeep_cell(a->of, 0, 6), "t");
	return pgkeep_number(pgkeep_cell(a->of, 0, 3), &f->epoch) &&
		pgkeep_number(pgkeep_cell(a->of, 0, 7), &f->heard_ms);
}

/* What was told is what it has, or nothing that it says now is believed. */
static void
compare(struct afar *f, const char *hash)
{
	if (f->seq < 0)
		return;
	if (!hash)
		snprintf(f->odd, sizeof f->odd,
			"the store has lost records that it had: it ends at %lld, and %lld "
			"were read",
			(long long)f->store_seq, (long long)f->seq);
	else if (strcmp(hash, f->head) != 0) {
		f->differs = true;
		snprintf(f->odd, sizeof f->odd,
			"the store holds another record %lld than it had",
			(long long)f->seq);
	} else {
		f->odd[0] = '\0';
	}
}

static void
state_came(void *ctx, const struct pgkeep_answer *a)
{
	struct afar *f = ctx;

	if (!a->ok || a->rows != 1) {
		storelink_again(f->link, a);
		return;
	}
	f->store_seq = -1;
	f->newest_ms = 0;
	if ((pgkeep_cell(a->of, 0, 0) &&
		    (!pgkeep_number(pgkeep_cell(a->of, 0, 0), &f->store_seq) ||
			    !pgkeep_number(pgkeep_cell(a->of, 0, 1), &f->newest_ms))) ||
		!read_driver(f, a)) {
		storelink_again(f->link, &(struct pgkeep_answer){.ok = true, .why = ""});
		return;
	}
	f->seen = clock_mono();
	compare(f, pgkeep_cell(a->of, 0, 2));
	if (f->store_seq > f->seq && !f->odd[0])
		f->ask_lines = true;
	changed(f);
	loop_timer_start(f->turn, 0, 0);
}

static void
ask_state(struct afar *f)
{
	char at[24];
	const struct pgkeep_value values[] = {text_value(f->run), {at, sizeof at, false}};

	snprintf(at, sizeof at, "%lld", (long long)f->seq);
	f->ask_state = false;
	storelink_ask(f->link, state_sql, values, 2, state_came, f);
}

/* ---- files ------------------------------------------------------------------------------- */

static void
file_ends(struct afar *f, bool whole)
{
	char hex[DIGEST_HEX + 1], sha256[DIGEST_HEX + 1];
	struct str bytes = f->file;

	memcpy(sha256, f->wanted.at[0].sha256, sizeof sha256);
	vec_remove(&f->wanted, 0);
	f->part = 0;
	str_init(&f->file);
	digest_hex(bytes.buf, bytes.len, hex);
	whole = whole && strcmp(hex, sha256) == 0;
	f->o.calls.on_file(
		f->o.calls.ctx, sha256, whole ? bytes.buf : NULL, whole ? bytes.len : 0);
	str_release(&bytes);
	loop_timer_start(f->turn, 0, 0);
}

static void
part_came(void *ctx, const struct pgkeep_answer *a)
{
	struct afar *f = ctx;
	int64_t parts = 0;

	if (!a->ok) {
		storelink_again(f->link, a);
		return;
	}
	if (!a->rows || !pgkeep_number(pgkeep_cell(a->of, 0, 0), &parts) ||
		parts > PARTS_MOST || !hexed_add(&f->file, pgkeep_cell(a->of, 0, 1))) {
		file_ends(f, false);
		return;
	}
	if (++f->part >= parts)
		file_ends(f, true);
	else
		loop_timer_start(f->turn, 0, 0);
}

static void
ask_part(struct afar *f)
{
	char number[16];
	const struct pgkeep_value values[] = {text_value(f->run),
		text_value(f->wanted.at[0].sha256), {number, sizeof number, false}};

	snprintf(number, sizeof number, "%d", f->part);
	storelink_ask(f->link, part_sql, values, 3, part_came, f);
}

void
afar_want(struct afar *f, const char *sha256)
{
	snprintf(vec_add(&f->wanted)->sha256, DIGEST_HEX + 1, "%s", sha256);
	loop_timer_start(f->turn, 0, 0);
}

/* ---- letters ------------------------------------------------------------------------------ */

static void
forget_letter(struct afar *f, size_t i)
{
	mem_free(f->sent.at[i].body);
	vec_remove(&f->sent, i);
}

static void
answered(struct afar *f, const char *id, int64_t seq, const char *why)
{
	char *shown = text_harmless_dup(why ? why : "");

	for (size_t i = 0; i < f->sent.len; i++) {
		if (!str_eq(f->sent.at[i].id, id))
			continue;
		char own[LETTER_ID + 1];

		memcpy(own, f->sent.at[i].id, sizeof own);
		forget_letter(f, i);
		f->o.calls.on_answer(f->o.calls.ctx, own, seq, shown);
		break;
	}
	mem_free(shown);
}

static struct sent *
unsent(struct afar *f)
{
	for (size_t i = 0; i < f->sent.len; i++)
		if (!f->sent.at[i].there)
			return &f->sent.at[i];
	return NULL;
}

/* One is under way at a time: the first that is not there. */
static void
sent_came(void *ctx, const struct pgkeep_answer *a)
{
	struct afar *f = ctx;
	struct sent *s = unsent(f);

	if (!s)
		return;
	if (a->ok) {
		s->there = true;
		f->ask_answers = true;
		changed(f);
	} else if (strncmp(a->state, "HR", 2) == 0 || strcmp(a->state, "42501") == 0) {
		answered(f, s->id, -1,
			strcmp(a->state, "42501") == 0
				? "the store lets this user only read"
				: a->why);
	} else {
		storelink_again(f->link, a);
		return;
	}
	loop_timer_start(f->turn, 0, 0);
}

static void
ask_send(struct afar *f, const struct sent *s)
{
	const struct pgkeep_value values[] = {text_value(f->run), text_value(s->id),
		text_value(f->con), text_value(f->who), text_value(letter_word(s->kind)),
		text_value(s->body)};

	storelink_ask(f->link, send_sql, values, 6, sent_came, f);
}

static void
answers_came(void *ctx, const struct pgkeep_answer *a)
{
	struct afar *f = ctx;

	if (!a->ok) {
		storelink_again(f->link, a);
		return;
	}
	for (int i = 0; i < a->rows; i++) {
		const char *id = pgkeep_cell(a->of, i, 0);
		int64_t seq = -1;

		if (pgkeep_cell(a->of, i, 1) &&
			!pgkeep_number(pgkeep_cell(a->of, i, 1), &seq))
			continue;
		answered(f, id, seq, pgkeep_cell(a->of, i, 2));
	}
	loop_timer_start(f->turn, 0, 0);
}

static void
ask_answers(struct afar *f)
{
	struct str ids = STR_INIT;

	for (size_t i = 0; i < f->sent.len; i++)
		if (f->sent.at[i].there)
			str_addf(&ids, "%s%s", ids.len ? " " : "", f->sent.at[i].id);
	f->ask_answers = false;
	if (ids.len) {
		const struct pgkeep_value values[] = {
			text_value(f->run), text_value(ids.buf)};

		storelink_ask(f->link, answers_sql, values, 2, answers_came, f);
	}
	str_release(&ids);
}

void
afar_send(struct afar *f, const struct letter *l, char id[LETTER_ID + 1])
{
	struct sent *s = vec_add(&f->sent);

	digest_random_hex(LETTER_ID / 2, s->id);
	memcpy(id, s->id, sizeof s->id);
	s->kind = l->kind;
	s->body = letter_write(l);
	loop_timer_start(f->turn, 0, 0);
}

bool
afar_is_sent(const struct afar *f, const char *id)
{
	for (size_t i = 0; i < f->sent.len; i++)
		if (str_eq(f->sent.at[i].id, id))
			return f->sent.at[i].there;
	return true;
}

/* ---- one question at a time ---------------------------------------------------------------- */

static void
next(struct afar *f)
{
	struct sent *s = unsent(f);

	if (!storelink_is_free(f->link))
		return;
	if (s && storelink_version(f->link) >= LETTERS)
		ask_send(f, s);
	else if (s)
		answered(f, s->id, -1,
			"the store is older than this handrail and takes no letters: "
			"handrail store upgrade");
	else if (f->ask_lines && !f->ended)
		ask_lines(f);
	else if (f->wanted.len)
		ask_part(f);
	else if (f->ask_state)
		ask_state(f);
	else if (f->ask_answers)
		ask_answers(f);
}

static void
turn(void *ctx)
{
	next(ctx);
}

static void
poll(void *ctx)
{
	struct afar *f = ctx;

	f->ask_state = true;
	f->ask_answers = f->sent.len > 0;
	next(f);
}

static void
went_up(void *ctx)
{
	struct afar *f = ctx;

	f->ask_lines = f->ask_state = true;
	f->ask_answers = f->sent.len > 0;
	f->part = 0; /* of a file that was under way: from its beginning */
	str_reset(&f->file);
	changed(f);
	next(f);
}

static void
went_down(void *ctx)
{
	struct afar *f = ctx;

	f->level = false;
	changed(f);
}

static void
said(void *ctx, const char *word, const char *run)
{
	struct afar *f = ctx;

	if (strcmp(run, f->run) != 0)
		return;
	f->ask_lines |= strcmp(word, "record") == 0;
	f->ask_state |= strcmp(word, "lease") == 0 || strcmp(word, "record") == 0;
	f->ask_answers |= strcmp(word, "answer") == 0;
	next(f);
}

/* ---- from outside -------------------------------------------------------------------------- */

struct afar *
afar_new(const struct afar_opts *o)
{
	struct afar *f = mem_alloc(sizeof *f);

	f->o = *o;
	f->run = mem_strdup(o->run);
	f->con = mem_strdup(o->con);
	f->who = mem_strdup(o->who);
	f->seq = f->store_seq = -1;
	str_init(&f->file);
	f->poll = loop_timer_new(o->loop, poll, f);
	f->turn = loop_timer_new(o->loop, turn, f);
	f->link = storelink_new(&(struct storelink_opts){.loop = o->loop,
		.http = o->http,
		.service = o->service,
		.needs = o->needs,
		.on_up = went_up,
		.on_down = went_down,
		.on_said = said,
		.ctx = f});
	loop_timer_start(f->poll, pace_ms(POLL_MS), pace_ms(POLL_MS));
	return f;
}

void
afar_state(const struct afar *f, struct afar_state *out)
{
	*out = (struct afar_state){.up = storelink_is_up(f->link),
		.level = f->level,
		.why = storelink_why(f->link),
		.since = storelink_since(f->link),
		.seen = f->seen,
		.version = storelink_version(f->link),
		.store_seq = f->store_seq,
		.newest_ms = f->newest_ms,
		.epoch = f->epoch,
		.who = f->driver,
		.con = f->driver_con,
		.left = f->left,
		.heard_ms = f->heard_ms,
		.odd = f->odd[0] ? f->odd : NULL,
		.differs = f->differs,
		.unanswered = f->sent.len};
}

void
afar_free(struct afar *f)
{
	if (!f)
		return;
	storelink_free(f->link);
	loop_timer_free(f->poll);
	loop_timer_free(f->turn);
	while (f->sent.len)
		forget_letter(f, f->sent.len - 1);
	vec_free(&f->sent);
	vec_free(&f->wanted);
	str_release(&f->file);
	mem_free(f->driver);
	mem_free(f->driver_con);
	mem_free(f->run);
	mem_free(f->con);
	mem_free(f->who);
	mem_free(f);
}
