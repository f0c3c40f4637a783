#include <string.h>

#include "app/spine.h"
#include "base/digest.h"
#include "base/mem.h"
#include "model/parts.h"
#include "probe/probe_sim.h"

/*
 * An sql, http or copy step in practice: its text is asked of the scenario as a command is, and
 * what it measures is `is:` of the answer. What that leaves out follows from the output.
 */

struct playdoing {
	struct doing *d;
	struct loop_timer *later;
	struct sim_answer answer;
};

bool
playdoing_plays(const struct session *s, enum step_kind k)
{
	return session_practises(s) &&
		(k == STEP_SQL || k == STEP_HTTP || k == STEP_COPY);
}

void
playdoing_free(struct playdoing *p)
{
	if (!p)
		return;
	loop_timer_free(p->later);
	mem_free(p->answer.out);
	mem_free(p);
}

static void
not_done(struct playdoing *p, const char *why)
{
	char *line = mem_strndup(why, strcspn(why, "\n"));

	outcome_lost(p->d, REQ_NOT_STARTED, NULL, line);
	outcome_forget(p->d);
	mem_free(line);
}

/* ---- what is measured ------------------------------------------------------------------------ */

static void
add_missing(const struct playdoing *p, struct facts *f)
{
	const struct sim_answer *a = &p->answer;
	size_t len = a->out_len;
	char sum[DIGEST_HEX + 1];

	while (len && a->out[len - 1] == '\n')
		len--;
	switch (p->d->s->runbook->steps.list.at[p->d->step].kind) {
	case STEP_SQL:
		if (!facts_has_field(f, EXPECT_REPLY) &&
			!facts_has_field(f, EXPECT_VALUE))
			facts_add_answer(f, EXPECT_REPLY, a->out, len, FACTS_WHOLE);
		break;
	case STEP_HTTP:
		if (!facts_has_field(f, EXPECT_STATUS))
			facts_add_number(f, EXPECT_STATUS, 200);
		if (!facts_has_field(f, EXPECT_BODY))
			facts_add_answer(f, EXPECT_BODY, a->out, a->out_len, FACTS_WHOLE);
		break;
	default:
		digest_hex(a->out, a->out_len, sum);
		if (!facts_has_field(f, EXPECT_SHA256))
			facts_add_text(f, EXPECT_SHA256, NULL, sum, strlen(sum));
		if (!facts_has_field(f, EXPECT_SIZE))
			facts_add_number(f, EXPECT_SIZE, (double)a->out_len);
		break;
	}
	if (!facts_has_field(f, EXPECT_OUTPUT))
		facts_add_text(f, EXPECT_OUTPUT, NULL, a->out, len);
}

/* A file is in place when it is what the record said it would be. */
static void
say_content(struct playdoing *p, const struct facts *f)
{
	const struct fact *sum = facts_find(f, EXPECT_SHA256, NULL);
	struct request q = outcome_request(p->d, REQ_STARTED);
	char *mark = mem_printf(
		"sha256 %s size %zu", sum ? sum->text : "", p->answer.out_len);

	q.boot_id = mark;
	session_request(p->d->s, &q);
	mem_free(mark);
}

static void
time_passed(void *ctx)
{
	struct playdoing *p = ctx;
	struct sim *sim = fleet_practice(p->d->s->fleet);
	struct facts facts = {0};

	sim_change(sim, p->answer.set);
	if (p->answer.exit != 0) {
		not_done(p, *p->answer.err ? p->answer.err : "it was refused");
		return;
	}
	probe_sim_facts(p->answer.is, &facts);
	add_missing(p, &facts);
	if (p->d->s->runbook->steps.list.at[p->d->step].kind == STEP_COPY)
		say_content(p, &facts);
	if (p->answer.out_len)
		printing_output(p->d, p->answer.out, p->answer.out_len);
	outcome_measured(p->d,
		p->d->s->runbook->steps.list.at[p->d->step].kind == STEP_SQL ? 0 : -1,
		&facts, NULL);
}

/* ---- begin and end ------------------------------------------------------------------------------ */

static struct sim_place
place_of(const struct doing *d)
{
	const struct runbook *rb = d->s->runbook;
	int target = run_leg_target(d->s->run, d->step, d->leg, d->way);

	if (target == NONE)
		return (struct sim_place){"local", "local"};
	return (struct sim_place){
		rb->hosts.list.at[rb->targets.list.at[target].host].name,
		rb->targets.list.at[target].id};
}

static bool
ask(struct playdoing *p, const struct sim_place *at, struct err *e)
{
	struct session *s = p->d->s;
	const struct step *st = &s->runbook->steps.list.at[p->d->step];
	struct asking_env env = {0};
	struct pairs values = {0};
	bool ok = asking_env(s, st, outcome_leg(p->d), p->d->way, &env, e);

	for (size_t i = 0; ok && i < env.list.len; i++)
		if (!env.list.at[i].secret)
			vec_push(&values.list,
				(struct pair){.key = mem_strdup(env.list.at[i].name),
					.value = mem_strdup(env.list.at[i].value)});
	if (ok)
		sim_ask(fleet_practice(s->fleet),
			&(struct sim_question){.at = *at,
				.step = st->id,
				.text = run_leg_text(
					s->run, p->d->step, p->d->leg, p->d->way),
				.values = &values},
			&p->answer);
	parts_free_pairs(&values);
	asking_env_release(&env);
	return ok;
}

bool
playdoing_start(struct doing *d, enum effect_kind how)
{
	struct playdoing *p = mem_alloc(sizeof *p);
	struct sim_place at = place_of(d);
	struct err e = ERR_INIT;

	p->d = d;
	d->play = p;
	p->later = loop_timer_new(d->s->loop, time_passed, p);
	if (how == EFFECT_ASK)
		not_done(p, "the console ended before the answer came");
	else if (sim_fault(fleet_practice(d->s->fleet), &at))
		not_done(p, "the host cannot be reached");
	else if (!ask(p, &at, &e))
		not_done(p, e.msg);
	else
		loop_timer_start(p->later, p->answer.after_ms, 0);
	return true;
}

void
playdoing_cancel(struct playdoing *p)
{
	if (p->d->ended)
		return;
	loop_timer_stop(p->later);
	not_done(p, "cancelled before the answer came");
}
