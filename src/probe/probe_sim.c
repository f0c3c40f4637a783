#include "probe/probe_sim.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/jsonout.h"
#include "base/mem.h"

/*
 * What a scenario says that a probe finds: of any kind, in place of a look at anything. Each
 * machine of its host may be told apart.
 */

struct place {
	struct facts facts;
	const char *target, *why, *nothing;
	enum verdict verdict;
};

struct probe_kind_state {
	struct place *places;
	size_t count;
	int64_t took_ms;
	struct loop_timer *timer;
};

/* ---- facts -------------------------------------------------------------------------------- */

static bool
answers(enum expect_field field)
{
	return field == EXPECT_OUTPUT || field == EXPECT_STDOUT || field == EXPECT_BODY ||
		field == EXPECT_REPLY;
}

/* A number without a unit is in that of its field. */
static double
in_base_units(const struct scene_fact *f)
{
	double number, factor = 1;
	const char *unit = "";

	if (expect_number(f->text, &number, &unit) && !*unit)
		expect_family(expect_field_info(f->field)->unit, &factor);
	return f->number * factor;
}

static bool
is_bare(const char *text)
{
	struct err ignored = ERR_INIT;
	struct json *j = json_parse(text, strlen(text), &ignored);
	bool bare = j != NULL;

	json_free(j);
	return bare;
}

/* {/name: value} as the object that holds it. */
static void
add_member(const struct scene_fact *f, struct str *json)
{
	struct jsonout j;

	str_adds(json, json->len ? "," : "{");
	jsonout_init(&j, json);
	jsonout_str(&j, f->key + (*f->key == '/'));
	str_addc(json, ':');
	if (is_bare(f->text)) {
		str_adds(json, f->text);
	} else {
		jsonout_init(&j, json);
		jsonout_str(&j, f->text);
	}
}

static void
add_fact(const struct scene_fact *f, struct facts *out, struct str *json)
{
	enum expect_how how = expect_field_info(f->field)->how;
	size_t len = strlen(f->text);

	if (f->field == EXPECT_JSON && f->key)
		add_member(f, json);
	else if (f->field == EXPECT_JSON)
		str_add(json, f->text, len);
	else if (answers(f->field))
		facts_add_answer(out, f->field, f->text, len, FACTS_WHOLE);
	else if (how == EXPECT_HOW_NUMBER || (how == EXPECT_HOW_DUAL && f->is_number))
		facts_add_number(out, f->field, in_base_units(f));
	else
		facts_add_text(out, f->field, f->key, f->text, len);
}

void
probe_sim_facts(const struct scene_facts *is, struct facts *out)
{
	struct str json = STR_INIT;
	struct err ignored = ERR_INIT;
	bool members = false;

	for (size_t i = 0; i < is->list.len; i++) {
		const struct scene_fact *f = &is->list.at[i];

		members |= f->field == EXPECT_JSON && f->key;
		add_fact(f, out, &json);
	}
	if (members)
		str_addc(&json, '}');
	if (json.len && !out->json)
		out->json = json_parse(json.buf, json.len, &ignored);
	str_release(&json);
}

static void
fill(const struct scene_probe *s, int64_t took_ms, struct facts *out)
{
	probe_sim_facts(&s->is, out);
	if (!s->silent && !facts_has_field(out, EXPECT_TIME))
		facts_add_number(out, EXPECT_TIME, (double)took_ms);
}

/* ---- where -------------------------------------------------------------------------------- */

static int
log_host(const struct runbook *rb, const struct probe *p)
{
	for (size_t i = 0; i < rb->logs.list.len; i++)
		if (rb->logs.list.at[i].scope == p->scope &&
			str_eq(rb->logs.list.at[i].name, p->subject))
			return rb->logs.list.at[i].host;
	return NONE;
}

static int
host_of(const struct probe_look *p)
{
	if (p->probe->kind == PROBE_LOG)
		return log_host(p->env.runbook, p->probe);
	return p->probe->host != NONE ? p->probe->host : p->probe->through;
}

/* The i-th machine of its host; false: there are no more. */
static bool
place_at(const struct probe_look *p, size_t i, struct sim_place *out)
{
	const struct runbook *rb = p->env.runbook;
	int host = host_of(p);
	const struct host *h = host == NONE ? NULL : &rb->hosts.list.at[host];

	if (!h) {
		*out = (struct sim_place){"local", "local"};
		return i == 0;
	}
	if (i >= (size_t)h->target_count)
		return false;
	*out = (struct sim_place){
		h->name, rb->targets.list.at[h->first_target + (int)i].id};
	return true;
}

/* ---- the look ------------------------------------------------------------------------------ */

static enum verdict
judge(const struct probe_look *p, const struct place *at)
{
	struct judgement j = {0};
	enum verdict v;

	if (at->why)
		return VERDICT_FAIL;
	expect_judge(p->probe->expect, &at->facts, &j);
	v = j.verdict;
	judgement_release(&j);
	return v == VERDICT_UNKNOWN && at->nothing ? VERDICT_FAIL : v;
}

/* A known failure outweighs not knowing. */
static int
badness(enum verdict v)
{
	return v == VERDICT_FAIL ? 3 : v == VERDICT_UNKNOWN ? 2 : v == VERDICT_WARN;
}

static void
tell(void *ctx)
{
	struct probe_look *p = ctx;
	struct probe_kind_state *s = p->state;
	struct probe_each *each = mem_array(s->count, sizeof *each);
	const struct place *worst = &s->places[0];
	struct probe_found f = {.each = each, .each_len = s->count};

	for (size_t i = 0; i < s->count; i++) {
		struct place *at = &s->places[i];

		each[i] = (struct probe_each){
			at->target, &at->facts, at->why, at->nothing};
		if (badness(at->verdict) > badness(worst->verdict))
			worst = at;
	}
	f.silent = worst->verdict;
	f.facts = (struct facts *)&worst->facts;
	f.took_ms = s->took_ms;
	f.why = worst->why;
	f.nothing = worst->nothing;
	f.where = s->count > 1 ? worst->target : NULL;
	probe_found(p, &f); /* may free p */
	mem_free(each);
}

/* As long as the scenario says; an answer that took a time took it. */
static int64_t
takes_ms(const struct scene_probe *s)
{
	for (size_t i = 0; !s->after_ms && i < s->is.list.len; i++)
		if (s->is.list.at[i].field == EXPECT_TIME)
			return (int64_t)in_base_units(&s->is.list.at[i]);
	return s->after_ms;
}

/* A host that cannot be reached is not looked at. */
static void
look_at(struct probe_look *p, struct sim *sim, const struct sim_place *at,
	struct place *out)
{
	const struct scene_probe *found = sim_probe(sim, p->probe->name, at);
	struct probe_kind_state *s = p->state;

	out->target = at->target;
	if (sim_fault(sim, at))
		out->why = "the host cannot be reached";
	else if (!found)
		out->why = "the scenario does not say what is found there";
	if (found && !out->why) {
		int64_t took = takes_ms(found);

		fill(found, took, &out->facts);
		out->why = found->silent;
		out->nothing = found->nothing;
		if (took > s->took_ms)
			s->took_ms = took;
	}
	out->verdict = found && !sim_fault(sim, at) ? judge(p, out) : VERDICT_UNKNOWN;
}

static bool
sim_begin(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state = mem_alloc(sizeof *s);
	struct sim *sim = fleet_sim(p->env.fleet, host_of(p));
	struct sim_place at;

	while (place_at(p, s->count, &at))
		s->count++;
	if (s->count == 0)
		return err_set(
			e, ERR_STATE, "%s: its host has no machine", p->probe->name);
	s->places = mem_array(s->count, sizeof *s->places);
	for (size_t i = 0; i < s->count; i++) {
		place_at(p, i, &at);
		look_at(p, sim, &at, &s->places[i]);
	}
	s->timer = loop_timer_new(p->env.loop, tell, p);
	loop_timer_start(s->timer, s->took_ms, 0);
	return true;
}

static void
sim_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	for (size_t i = 0; i < s->count && s->places; i++)
		facts_release(&s->places[i].facts);
	mem_free(s->places);
	if (s->timer)
		loop_timer_free(s->timer);
	mem_free(s);
}

const struct probe_way probe_way_sim = {
	.start = sim_begin,
	.free = sim_drop,
};

/* ---- whose it is ---------------------------------------------------------------------------- */

/* Kinds that ask by a script over there: where the scenario names no such probe, an answer of
 * it may fit the script. */
static bool
asks_by_script(enum probe_kind k)
{
	return k == PROBE_COMMAND || k == PROBE_FILE || k == PROBE_PORT ||
		k == PROBE_HOST || k == PROBE_CONTAINER || k == PROBE_CRON ||
		k == PROBE_GIT || k == PROBE_ENV || k == PROBE_LOG;
}

static bool
named(const struct scenario *s, const char *probe)
{
	for (size_t i = 0; i < s->probes.list.len; i++)
		if (str_eq(s->probes.list.at[i].probe, probe))
			return true;
	return false;
}

bool
probe_sim_plays(const struct probe_look *p)
{
	struct sim *sim = fleet_sim(p->env.fleet, host_of(p));

	return sim &&
		(named(sim_scenario(sim), p->probe->name) ||
			!asks_by_script(p->probe->kind));
}
