#include "probe/hostlook.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "probe/hostscript.h"

enum { INSIDE_FAILED = 125 }; /* sh/inside.sh */

struct machine_look {
	struct probe_look *probe;
	const char *target;
	struct look *look;
	/* How it ended. */
	struct hostlook_one one;
	enum verdict verdict;
	int64_t took_ms;
};

struct probe_kind_state {
	struct machine_look *looks;
	size_t count, ended;
	bool inside;
	hostlook_read *read;
};

static enum verdict
judge(const struct probe_look *p, const struct hostlook_one *one)
{
	struct judgement j = {0};
	enum verdict v;

	expect_judge(p->probe->expect, &one->facts, &j);
	v = j.verdict;
	judgement_release(&j);
	return v == VERDICT_UNKNOWN && *one->nothing ? VERDICT_FAIL : v;
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

static const char *
or_null(const char *text)
{
	return *text ? text : NULL;
}

static void
tell_worst(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;
	struct machine_look *worst = &s->looks[0];
	struct probe_found f = {.silent = VERDICT_UNKNOWN};
	struct probe_each *each = mem_array(s->count, sizeof *each);

	for (size_t i = 1; i < s->count; i++) {
		if (badness(s->looks[i].verdict) > badness(worst->verdict))
			worst = &s->looks[i];
	}
	for (size_t i = 0; i < s->count; i++)
		each[i] = (struct probe_each){.where = s->looks[i].target,
			.facts = &s->looks[i].one.facts,
			.why = or_null(s->looks[i].one.why),
			.nothing = or_null(s->looks[i].one.nothing)};
	f.each = each;
	f.each_len = s->count;
	f.facts = &worst->one.facts;
	f.took_ms = worst->took_ms;
	f.why = or_null(worst->one.why);
	f.nothing = or_null(worst->one.nothing);
	f.because = or_null(worst->one.because);
	f.where = s->count > 1 ? worst->target : NULL;
	probe_found(p, &f); /* may free p */
	mem_free(each);
}

/* inside.sh could not do it: its words are on standard error. */
static bool
not_inside(const struct look_end *end, struct hostlook_one *one)
{
	static const char mark[] = "handrail: ";
	const char *said = end->err.buf;
	struct str safe = STR_INIT;

	if (end->exit != INSIDE_FAILED || strncmp(said, mark, strlen(mark)) != 0)
		return false;
	said += strlen(mark);
	text_harmless(&safe, said, strcspn(said, "\n"), TEXT_ONE_LINE);
	snprintf(one->why, sizeof one->why, "%s", safe.buf);
	str_release(&safe);
	return true;
}

static void
look_ended(void *ctx, const struct look_end *end)
{
	struct machine_look *k = ctx;
	struct probe_look *p = k->probe;
	struct probe_kind_state *s = p->state;

	k->took_ms = end->took_ms;
	k->verdict = VERDICT_UNKNOWN;
	if (!end->known)
		snprintf(k->one.why, sizeof k->one.why, "%s",
			*end->why ? end->why : "the command did not tell how it ended");
	else if (!s->inside || !not_inside(end, &k->one))
		s->read(p, end, &k->one);
	if (!*k->one.why)
		k->verdict = judge(p, &k->one);
	if (++s->ended == s->count)
		tell_worst(p);
}

/* ---- start ---- */

/* Names of the values, for the engine to hand them in. */
static char *
names_of(const struct job_env *env, size_t len)
{
	struct str names = STR_INIT;

	for (size_t i = 0; i < len; i++)
		str_addf(&names, "%s%s", i ? " " : "", env[i].name);
	return str_take(&names);
}

/* The first line of what is sent: it says to whoever lists processes what this is, and a
 * simulated host is asked by it. */
static void
add_title(const struct probe_look *p, const struct hostlook_spec *s, struct str *text)
{
	if (!s->says)
		return;
	str_addf(text, "# handrail %s: ", probe_kind_name(p->probe->kind));
	text_harmless(text, s->says, strcspn(s->says, "\n"), TEXT_ONE_LINE);
	str_addc(text, '\n');
}

static bool
good_container(const char *name)
{
	if (!name || !isalnum((unsigned char)*name))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_.-", *name))
			return false;
	return true;
}

static bool
start_looks(struct probe_look *p, int where, const struct look_spec *spec, struct err *e)
{
	const struct runbook *rb = p->env.runbook;
	const struct host *host = where == NONE ? NULL : &rb->hosts.list.at[where];
	struct probe_kind_state *s = p->state;

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
			l, spec, p->env.redact, look_ended, &s->looks[i]);
	}
	return true;
}

bool
hostlook_begin(struct probe_look *p, struct hostlook_spec *s, struct err *e)
{
	struct {
		VEC_OF(struct job_env) list;
	} env = {{0}};
	struct str text = STR_INIT;
	char *names = NULL, *script = NULL;
	struct look_spec spec = {.shell = s->shell,
		.dir = probe_arg(p, "dir"),
		.timeout_ms = p->probe->timeout_ms,
		.limit = s->limit};
	bool ok;

	p->state = mem_alloc(sizeof *p->state);
	p->state->read = s->read;
	p->state->inside = s->container != NULL;
	for (size_t i = 0; i < p->env.env_len; i++)
		vec_push(&env.list, p->env.env[i]);
	for (size_t i = 0; i < s->env_len; i++)
		vec_push(&env.list, s->env[i]);
	add_title(p, s, &text);
	if (s->container) {
		names = names_of(env.list.at, env.list.len);
		script = str_take(&s->text);
		vec_push(&env.list, (struct job_env){"HRP_SCRIPT", script, false});
		vec_push(&env.list, (struct job_env){"HRP_NAMES", names, false});
		vec_push(&env.list,
			(struct job_env){"HRP_CONTAINER", s->container, false});
		hostscript_text(HOSTSCRIPT_INSIDE, &text);
		spec.shell = HOSTSCRIPT_SHELL;
	} else {
		str_add(&text, s->text.buf, s->text.len);
	}
	str_release(&s->text);
	spec.text = text.buf;
	spec.env = env.list.at;
	spec.env_len = env.list.len;
	ok = s->container && !good_container(s->container)
		? err_set(e, ERR_INPUT, "%s: `%.60s` is no name of a container",
			  p->probe->name, s->container)
		: start_looks(p, s->host, &spec, e);
	vec_free(&env.list);
	mem_free(names);
	mem_free(script);
	str_release(&text);
	return ok;
}

void
hostlook_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	for (size_t i = 0; i < s->count && s->looks; i++) {
		look_free(s->looks[i].look);
		facts_release(&s->looks[i].one.facts);
	}
	mem_free(s->looks);
	mem_free(s);
}
