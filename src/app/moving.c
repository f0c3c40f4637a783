#include <string.h>

#include "app/spine.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "journal/relocate.h"

/* The record of a live run goes to another disk. The writer copies; meanwhile nothing is
 * decided. Then the move is written down first, and what waited follows. */

bool
moving_keeps(const struct queued *q)
{
	enum request_kind k = q->q.kind;

	return (k >= REQ_STARTED && k <= REQ_READING) || k == REQ_RESUME ||
		k == REQ_RELOCATED;
}

/* Whose outcome is not there yet: what it printed so far stays behind, and its host has all
 * of it. */
static void
lose_spools(struct session *s)
{
	static const char why[] = "the record moved to another disk while it ran";

	for (size_t i = 0; i < s->doings.list.len; i++)
		if (s->doings.list.at[i]->spool)
			spool_lose(s->doings.list.at[i]->spool, why);
	for (size_t i = 0; i < s->queue.list.len; i++)
		if (s->queue.list.at[i]->spool)
			spool_lose(s->queue.list.at[i]->spool, why);
}

/* What was ours in the old folder is ours in the new one. */
static void
new_home(struct session *s)
{
	size_t len = strlen(s->dir);
	const char *dir = journal_dir(s->journal);
	char *signers = s->allowed_signers;

	if (signers && strncmp(signers, s->dir, len) == 0 && signers[len] == '/') {
		s->allowed_signers = mem_printf("%s%s", dir, signers + len);
		mem_free(signers);
	}
	mem_free(s->moving.old_dir);
	s->moving.old_dir = s->dir;
	s->dir = mem_strdup(dir);
}

void
moving_told(struct session *s)
{
	struct request q = {.kind = REQ_RELOCATED, .step = NONE};
	struct str data = STR_INIT;
	struct jsonout j;

	new_home(s);
	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kstr(&j, "reason", s->moving.why.msg);
	jsonout_kint(&j, "errno", s->moving.why.sys);
	jsonout_kstr(&j, "old_path", s->moving.old_dir);
	jsonout_kint(&j, "durable_seq", journal_seq(s->journal));
	jsonout_close(&j);
	q.data = data.buf;
	spine_queue_first(s, spine_queued(&q));
	str_release(&data);
	spine_pump(s);
}

static void
copy_work(void *ctx)
{
	struct session *s = ctx;

	s->moving.ok = relocate_book(s->journal, s->moving.runs_dir, &s->moving.e);
}

static void
copied(void *ctx)
{
	struct session *s = ctx;

	s->writing = s->moving.on = false;
	if (s->moving.ok) {
		lose_spools(s);
		moving_told(s);
	} else {
		spine_message(s, &s->moving.e);
	}
	spine_pump(s);
	spine_changed(s);
}

bool
session_relocate(struct session *s, const char *runs_dir, struct err *e)
{
	bool danger;

	if (s->onlooking)
		return err_set(
			e, ERR_REFUSED, "only who drives the run moves its record");
	session_journal_words(s, &danger);
	if (s->moving.on || s->writing)
		return err_set(e, ERR_STATE, "the disk is being written to; try again");
	if (!danger)
		return err_set(e, ERR_STATE, "the record is where it should be");
	s->moving.on = s->writing = true;
	s->moving.e = ERR_INIT;
	s->moving.why = s->write_err;
	mem_free(s->moving.runs_dir);
	s->moving.runs_dir = mem_strdup(runs_dir);
	loop_timer_stop(s->retry);
	s->stalled = false;
	spine_requeue(s);
	loop_work_start(s->loop, copy_work, copied, s);
	spine_changed(s);
	return true;
}

bool
session_relocating(const struct session *s)
{
	return s->moving.on;
}
