#include "app/elsewhere.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/fetching.h"
#include "app/leasing.h"
#include "app/mirroring.h"
#include "app/storing.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "base/ulid.h"
#include "share/cons.h"

enum { LEASES = 2, SUFFIX_MIN = 4, SHORT_MS = 4000, ANSWER_MS = 15 * 1000 };

void
elsewhere_release(struct elsewhere *w)
{
	mem_free(w->who);
	mem_free(w->con);
	*w = (struct elsewhere){.seq = -1};
}

void
elsewhere_words(const struct elsewhere *w, struct str *out)
{
	char took[STAMP_BYTES];

	if (!w->epoch) {
		str_adds(out, "a console of an older handrail, which does not say whose");
		return;
	}
	str_addf(out, "%s (%s", w->who, w->con);
	if (w->left)
		str_adds(out, ", which has ended)");
	else
		str_addf(out, "), last heard %s ago",
			stamp_duration(w->heard_s * 1000, took));
}

/* ---- finding it ---------------------------------------------------------------------------- */

static bool
is_suffix(const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)word[i]))
			return false;
	return len >= SUFFIX_MIN && len <= ULID_LEN;
}

static bool
find_run(struct storing *s, const char *word, struct elsewhere *out, struct err *e)
{
	static const char sql[] = "select run from handrail.record where seq = 0 and "
				  "run like '%' || upper($1) limit 2";
	struct storing_answer a;
	bool ok = storing_ask(
		s, sql, &(struct pgkeep_value){word, strlen(word), false}, 1, &a, e);
	const char *run = ok ? storing_cell(&a, 0, 0) : NULL;

	if (ok && a.rows > 1)
		ok = err_set(e, ERR_INPUT,
			"%s names several runs in the store: give more characters", word);
	else if (ok && run && ulid_valid(run))
		memcpy(out->run, run, ULID_LEN + 1);
	storing_answer_release(&a);
	return ok;
}

static bool
read_driver(struct storing *s, struct elsewhere *out, struct err *e)
{
	static const char sql[] =
		"select (select max(seq) from handrail.record r where r.run = $1), "
		"d.epoch, d.con, d.who, d.left_at is not null, greatest(0, extract(epoch "
		"from clock_timestamp() - d.until + interval '30 s'))::bigint "
		"from (select 1) one left join handrail.driver d on d.run = $1";
	struct storing_answer a;
	bool ok = storing_ask(s, sql, &(struct pgkeep_value){out->run, ULID_LEN, false},
			  1, &a, e) &&
		storing_number(&a, 0, 0, &out->seq, e);

	if (ok && storing_cell(&a, 0, 1)) {
		ok = storing_number(&a, 0, 1, &out->epoch, e) &&
			storing_number(&a, 0, 5, &out->heard_s, e);
		out->con = text_harmless_dup(storing_cell(&a, 0, 2));
		out->who = text_harmless_dup(storing_cell(&a, 0, 3));
		out->left = str_eq(storing_cell(&a, 0, 4), "t");
	}
	storing_answer_release(&a);
	return ok;
}

/* What its driver wrote is not here; or, where no driver is known, the store has more. */
static bool
is_elsewhere(const struct elsewhere *w, const char *local_dir, struct err *e)
{
	struct str cons = STR_INIT;
	bool yes = true;

	if (!local_dir)
		return true;
	if (w->con)
		yes = cons_of(local_dir, &cons, e) && !cons_has(cons.buf, w->con);
	else
		yes = fetching_last_seq(local_dir) < w->seq;
	str_release(&cons);
	return yes && e->kind == ERR_NONE;
}

static struct storing *
open_store(struct cmd *c, int64_t ms, struct err *e)
{
	struct storing *s;
	int version = 0;

	s = storing_open_within(c->loop, mirroring_service(c->project), ms, e);
	if (s && storing_version(s, &version, e) && version < LEASES)
		err_set(e, ERR_STATE,
			"the store is older than this handrail and does not know who drives: "
			"handrail store upgrade");
	if (s && e->kind != ERR_NONE) {
		storing_close(s);
		s = NULL;
	}
	return s;
}

bool
elsewhere_find(struct cmd *c, const char *word, const char *local_dir,
	struct elsewhere *out, struct str *unsure, struct err *e)
{
	const char *id = local_dir ? file_base(local_dir) : word;
	struct storing *s;
	bool yes;

	*out = (struct elsewhere){.seq = -1};
	if (!is_suffix(id) || !mirroring_service(c->project))
		return false;
	/* what is here can go on without it */
	s = open_store(c, local_dir ? SHORT_MS : ANSWER_MS, e);
	if (s && find_run(s, id, out, e) && out->run[0])
		(void)!read_driver(s, out, e);
	storing_close(s);
	if (e->kind != ERR_NONE && local_dir) {
		str_adds(unsure, e->msg);
		err_init(e);
		return false;
	}
	yes = e->kind == ERR_NONE && out->run[0] && out->seq >= 0 &&
		is_elsewhere(out, local_dir, e);
	return yes;
}

/* ---- taking it ----------------------------------------------------------------------------- */

char *
elsewhere_fetch(struct cmd *c, struct elsewhere *w, struct err *e)
{
	struct storing *s = open_store(c, ANSWER_MS, e);
	char *dir = s ? fetching_record(c, s, w->run, &w->seq, e) : NULL;

	storing_close(s);
	return dir;
}

struct taken_as {
	const char *con;
	int64_t epoch;
};

static bool
take_lease(struct storing *s, const struct elsewhere *w, const struct taken_as *as,
	bool *again, struct err *e)
{
	static const char sql[] =
		"insert into handrail.lease (run, epoch, con, who, from_seq) "
		"values ($1, $2::bigint, $3, $4, $5::bigint)";
	char number[24], seq[24], *who = session_claimed_who();
	const struct pgkeep_value values[] = {{w->run, ULID_LEN, false},
		{number, sizeof number, false}, {as->con, strlen(as->con), false},
		{who, strlen(who), false}, {seq, sizeof seq, false}};
	struct storing_answer a;
	bool ok;

	snprintf(number, sizeof number, "%lld", (long long)as->epoch);
	snprintf(seq, sizeof seq, "%lld", (long long)w->seq);
	ok = storing_ask(s, sql, values, 5, &a, e);
	if (!ok && strcmp(a.state, "HR004") == 0) {
		err_ctx(e, "somebody else was quicker");
		e->kind = ERR_BUSY;
	}
	*again = !ok && strcmp(a.state, "HR005") == 0;
	storing_answer_release(&a);
	mem_free(who);
	return ok;
}

char *
elsewhere_take(struct cmd *c, const struct elsewhere *w, char *fetched_take, bool *again,
	struct err *e)
{
	struct storing *s = open_store(c, ANSWER_MS, e);
	char *con = session_new_con(), *dir = NULL;
	int64_t epoch = fetching_epoch(fetched_take), taken;

	*again = false;
	taken = (epoch > w->epoch ? epoch : w->epoch) + 1;
	if (s && take_lease(s, w, &(struct taken_as){con, taken}, again, e) &&
		leasing_note(fetched_take, taken, con, e))
		dir = fetching_install(c, fetched_take, e);
	storing_close(s);
	fetching_drop(fetched_take);
	mem_free(con);
	return dir;
}
