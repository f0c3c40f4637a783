#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "probe/probeway.h"

/*
 * A read-only command on the probe's host, or on this machine. On a group of machines it
 * runs on each of them; the reading is that of the one that is worst.
 */

struct command_look {
	struct probe_look *probe;
	const char *target;
	struct look *look;
	/* How it ended. */
	bool ended;
	struct facts facts;
	enum verdict verdict;
	int64_t took_ms;
	char why[320];
};

struct probe_kind_state {
	struct command_look *looks;
	size_t count, ended;
};

static enum verdict
judge(const struct probe_look *p, const struct facts *facts)
{
	struct judgement j = {0};
	enum verdict v;

	expect_judge(p->probe->expect, facts, &j);
	v = j.verdict;
	judgement_release(&j);
	return v;
}

/* A known failure outweighs not knowing. */
static int
badness(enum verdict v)
{
	static const int order[] = {[VERDICT_OK] = 0,
		[VERDICT_WARN] = 1,
		[VERDICT_UNKNOWN] = 2,
		[VERDICT_FAIL] = 3};

	return order[v];
}

static void
tell_worst(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;
	struct command_look *worst = &s->looks[0];
	struct probe_found f = {.silent = VERDICT_UNKNOWN};

	for (size_t i = 1; i < s->count; i++) {
		if (badness(s->looks[i].verdict) > badness(worst->verdict))
			worst = &s->looks[i];
	}
	f.facts = &worst->facts;
	f.took_ms = worst->took_ms;
	f.why = *worst->why ? worst->why : NULL;
	f.where = s->count > 1 ? worst->target : NULL;
	probe_found(p, &f); /* may free p */
}

static void
look_ended(void *ctx, const struct look_end *end)
{
	struct command_look *k = ctx;
	struct probe_look *p = k->probe;
	enum facts_whole whole = end->cut ? FACTS_CUT : FACTS_WHOLE;

	k->ended = true;
	k->took_ms = end->took_ms;
	k->verdict = VERDICT_UNKNOWN;
	if (end->known) {
		facts_add_number(&k->facts, EXPECT_EXIT, end->exit);
		facts_add_number(&k->facts, EXPECT_TIME, (double)end->took_ms);
		facts_add_answer(
			&k->facts, EXPECT_STDOUT, end->out.buf, end->out.len, whole);
		facts_add_answer(
			&k->facts, EXPECT_STDERR, end->err.buf, end->err.len, whole);
		k->verdict = judge(p, &k->facts);
	} else {
		snprintf(k->why, sizeof k->why, "%s",
			*end->why ? end->why : "the command did not tell how it ended");
	}
	if (++p->state->ended == p->state->count)
		tell_worst(p);
}

static bool
command_begin(struct probe_look *p, struct err *e)
{
	struct look_spec spec = {
		.text = p->probe->subject,
		.as = probe_arg(p, "as"),
		.dir = probe_arg(p, "dir"),
		.shell = probe_arg(p, "shell"),
		.env = p->env.env,
		.env_len = p->env.env_len,
		.timeout_ms = p->probe->timeout_ms,
	};
	const struct host *host = p->probe->host == NONE
		? NULL
		: &p->env.runbook->hosts.list.at[p->probe->host];
	struct probe_kind_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->count = host ? (size_t)host->target_count : 1;
	if (s->count == 0)
		return err_set(e, ERR_STATE, "%s: host %s has no machine", p->probe->name,
			host->name);
	s->looks = mem_array(s->count, sizeof *s->looks);
	for (size_t i = 0; i < s->count; i++) {
		int target = host ? host->first_target + (int)i : NONE;
		struct link *l = fleet_link(p->env.fleet, target);

		s->looks[i].probe = p;
		s->looks[i].target = link_target(l);
		s->looks[i].look = look_start(
			l, &spec, p->env.redact, look_ended, &s->looks[i]);
	}
	return true;
}

static void
command_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	for (size_t i = 0; i < s->count && s->looks; i++) {
		look_free(s->looks[i].look);
		facts_release(&s->looks[i].facts);
	}
	mem_free(s->looks);
	mem_free(s);
}

const struct probe_way probe_way_command = {
	.start = command_begin,
	.free = command_drop,
};
