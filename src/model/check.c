#include "model/check.h"

#include <stdarg.h>
#include <string.h>

#include "model/acttext.h"
#include "model/checklist.h"
#include "model/moment.h"

static const struct check_rule rules[CHECK_COUNT] = {
#define X(key, name, lv, cause, hint) \
	[CHECK_##key] = {.id = name, .level = DIAG_##lv, .reason = cause, .help = hint},
	CHECK_RULES(X)
#undef X
};

const struct check_rule *
check_rules(size_t *count)
{
	*count = CHECK_COUNT;
	return rules;
}

/* ---- complaining ----------------------------------------------------------------------- */

void
check_complain(
	const struct checking *c, enum check_id id, struct spot at, const char *fmt, ...)
{
	struct str msg = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&msg, fmt, ap);
	va_end(ap);
	diag_add(c->d, rules[id].level, rules[id].id, at, rules[id].reason,
		rules[id].help, "%s", msg.buf);
	str_release(&msg);
}

struct spot
check_spot_step(const struct step *s)
{
	return (struct spot){.file = s->file, .line = s->line, .col = s->col};
}

struct spot
check_spot_line(const struct checking *c, int scope, int line)
{
	const char *file = c->rb->path;

	/* A called file is known by the steps that came from it. */
	for (size_t i = 0; scope > 0 && i < c->rb->steps.list.len; i++) {
		if (c->rb->steps.list.at[i].scope == scope) {
			file = c->rb->steps.list.at[i].file;
			break;
		}
	}
	return (struct spot){.file = file, .line = line, .col = line > 0 ? 1 : 0};
}

bool
check_acts(const struct step *s)
{
	return step_kind_acts(s->kind);
}

/* ---- expectations ---------------------------------------------------------------------- */

static void
check_sense(
	const struct checking *c, const struct expect *x, struct spot at, const char *key)
{
	if (x != NULL && x->rules.len > 0 && !expect_can_fail(x))
		check_complain(
			c, CHECK_CANNOT_FAIL, at, "%s can't be broken by anything", key);
}

static bool
expects_nothing(const struct expect *x)
{
	return x == NULL || x->rules.len == 0;
}

static void
check_expect(const struct checking *c, const struct step *s)
{
	struct spot at = check_spot_step(s);

	/* A copy is proven by its digest. */
	if (check_acts(s) && s->kind != STEP_COPY && expects_nothing(s->expect))
		check_complain(c, CHECK_NO_EXPECT, at, "%s without expect",
			step_kind_name(s->kind));
	check_sense(c, s->expect, at, "expect");
	check_sense(c, s->warn, at, "warn");
	check_sense(c, s->undo.expect, at, "undo: expect");
}

/* ---- acting steps ---------------------------------------------------------------------- */

static bool
reads_only(const struct step *s)
{
	const char *method = s->http.method != NULL ? s->http.method : "GET";

	return s->risk == RISK_NONE ||
		(s->kind == STEP_HTTP &&
			(str_eq(method, "GET") || str_eq(method, "HEAD")));
}

static void
check_look(const struct checking *c, const struct step *s, struct spot at)
{
	const char *key = NULL;

	if (s->undo.text != NULL)
		key = "undo";
	else if (s->irreversible != NULL)
		key = "irreversible";
	else if (s->confirm != NULL)
		key = "confirm";
	else if (s->two_person)
		key = "two_person";
	if (key != NULL)
		check_complain(c, CHECK_LOOK_ACTS, at, "risk none and %s", key);
}

static void
check_way_back(const struct checking *c, const struct step *s, struct spot at)
{
	if (s->undo.text == NULL && s->irreversible == NULL)
		check_complain(c, CHECK_NO_WAY_BACK, at, "no undo and no irreversible");
	else if (s->undo.text != NULL && s->irreversible != NULL)
		check_complain(c, CHECK_BOTH_WAYS, at, "undo and irreversible");
	if (s->retries > 0)
		check_complain(c, CHECK_RETRY_ACTS, at,
			"retries on a step that changes something");
}

static void
check_confirm(const struct checking *c, const struct step *s, struct spot at)
{
	if (s->risk >= RISK_HARD && s->confirm == NULL)
		check_complain(c, CHECK_NO_CONFIRM, at, "risk %s without confirm",
			risk_name(s->risk));
	else if (s->risk == RISK_SEVERE && strstr(s->confirm, "${host}") == NULL)
		check_complain(
			c, CHECK_CONFIRM_HOST, at, "the phrase does not hold ${host}");
	else if (s->risk == RISK_MODERATE && s->confirm != NULL)
		check_complain(c, CHECK_CONFIRM_IDLE, at, "confirm on a moderate step");
}

/* A group in one environment, whatever it is in the others: the file is for all of them. */
static bool
is_group(const struct checking *c, const struct host *h)
{
	if (h->target_count > 1)
		return true;
	for (size_t i = 0; c->project != NULL && i < c->project->environments.list.len;
		i++) {
		const struct environment *e = &c->project->environments.list.at[i];

		for (size_t j = 0; j < e->hosts.list.len; j++) {
			if (e->hosts.list.at[j].aliases.list.len > 1 &&
				strcmp(e->hosts.list.at[j].host.name, h->name) == 0)
				return true;
		}
	}
	return false;
}

static void
check_group(const struct checking *c, const struct step *s, struct spot at)
{
	bool single = s->host == NONE || !is_group(c, &c->rb->hosts.list.at[s->host]);

	if (s->serial > 0 && s->batch_pct > 0)
		check_complain(c, CHECK_SERIAL_BATCH, at, "serial and batch");
	if (single && (s->serial > 0 || s->batch_pct > 0 || s->max_failures > 0))
		check_complain(c, CHECK_GROUP_OF_ONE, at, "%s without a group of hosts",
			s->serial > 0              ? "serial"
				: s->batch_pct > 0 ? "batch"
						   : "max_failures");
}

/* Hosts of an environment alone ask for nothing: the file may be for this machine. So may
 * a called one, whatever its caller declares: its author says so. */
static void
check_hostless(const struct checking *c, const struct step *s, struct spot at)
{
	const struct runbook *rb = c->rb;

	if (s->scope == 0 ? !rb->declares_hosts : rb->hosts.list.len == 0)
		return;
	check_complain(c, s->scope == 0 ? CHECK_NO_HOST : CHECK_CALL_HOST, at,
		"%s without host", step_kind_name(s->kind));
}

/* ---- files ----------------------------------------------------------------------------- */

static int
machines_of(const struct checking *c, int host)
{
	return host == NONE ? 1 : c->rb->hosts.list.at[host].target_count;
}

static void
check_copy(const struct checking *c, const struct step *s)
{
	struct spot at = check_spot_step(s);
	const struct copy_place *from = &s->copy_source, *to = &s->copy_target;

	if (from->path == NULL || to->path == NULL)
		return; /* complained of as they were read */
	if (!acttext_is_file(from->path) || !acttext_is_file(to->path))
		check_complain(c, CHECK_COPY_PATH, at, "copy: `%s` is no path of a file",
			acttext_is_file(from->path) ? s->copy_to : s->copy_from);
	if (s->risk == RISK_NONE)
		check_complain(c, CHECK_LOOK_ACTS, at, "risk none and copy");
	if (machines_of(c, from->host) > 1 &&
		(to->host != NONE || strstr(to->path, "${host}") == NULL))
		check_complain(c, CHECK_COPY_GROUP, at, "copy from a group of hosts");
}

static void
check_acting(const struct checking *c, const struct step *s)
{
	struct spot at = check_spot_step(s);

	if (reads_only(s)) {
		if (s->risk == RISK_NONE)
			check_look(c, s, at);
	} else {
		check_way_back(c, s, at);
		check_confirm(c, s, at);
	}
	check_group(c, s, at);
	if (s->kind == STEP_RUN && s->host == NONE)
		check_hostless(c, s, at);
	if (s->kind == STEP_COPY)
		check_copy(c, s);
	if (s->kill_after_ms > 0 && s->timeout_ms >= s->kill_after_ms)
		check_complain(c, CHECK_TIMES, at, "kill_after comes before timeout");
}

/* ---- the other kinds ------------------------------------------------------------------- */

static void
check_looking(const struct checking *c, const struct step *s)
{
	struct spot at = check_spot_step(s);
	int64_t whole = s->kind == STEP_SOAK ? s->for_ms : s->within_ms;

	if (s->probes.list.len == 0)
		check_complain(c, CHECK_NO_PROBES, at, "%s without a probe",
			step_kind_name(s->kind));
	if (s->kind == STEP_SOAK && s->for_ms <= 0)
		check_complain(c, CHECK_SOAK_TIME, at, "soak without for");
	if (whole > 0 && s->every_ms > whole)
		check_complain(c, CHECK_TIMES, at, "every is longer than the whole time");
}

/* What holds before anything was written would end it at once. */
static void
check_watch(const struct checking *c, const struct step *s)
{
	struct spot at = check_spot_step(s);
	struct judgement j = {0};
	struct facts nothing = {0};

	if (s->host == NONE)
		check_hostless(c, s, at);
	if (s->expect == NULL || s->expect->rules.len == 0)
		return;
	facts_add_text(&nothing, EXPECT_OUTPUT, NULL, "", 0);
	expect_judge(s->expect, &nothing, &j);
	if (j.verdict == VERDICT_OK)
		check_complain(
			c, CHECK_WATCH_AT_ONCE, at, "expect holds before anything came");
	judgement_release(&j);
	facts_release(&nothing);
}

static void
check_choose(const struct checking *c, const struct step *s)
{
	struct spot at = check_spot_step(s);

	if (s->options.list.len < 2)
		check_complain(c, CHECK_FEW_OPTIONS, at, "choose with %zu option%s",
			s->options.list.len, s->options.list.len == 1 ? "" : "s");
	for (size_t i = 0; i < s->options.list.len; i++) {
		for (size_t k = 0; k < i; k++) {
			if (str_eq(s->options.list.at[i].label,
				    s->options.list.at[k].label))
				check_complain(c, CHECK_OPTION_TWICE, at,
					"two options are called `%s`",
					s->options.list.at[i].label);
		}
	}
}

/* Of a day that is written down; without one it is another day each time. */
static void
check_moment(const struct checking *c, const struct step *s)
{
	struct err ignored = ERR_INIT; /* the loader has complained */
	struct str words = STR_INIT;
	struct moment m;

	if (strlen(s->wait_until) > 4 && s->wait_until[4] == '-' &&
		moment_read(
			s->wait_until, &c->rb->windows, (struct wall){0}, &m, &ignored) &&
		m.kind != MOMENT_PLAIN) {
		moment_words(&m, &words);
		check_complain(c, CHECK_WAIT_CLOCK, check_spot_step(s), "%s: %s",
			s->wait_until, words.buf);
	}
	str_release(&words);
}

static void
check_changed(const struct checking *c, const struct step *s)
{
	for (size_t i = 0; i < s->changed.list.len; i++) {
		const struct probe *p = &c->rb->probes.list.at[s->changed.list.at[i]];

		if (p->kind != PROBE_GIT || pairs_get(&p->args, "from") == NULL)
			check_complain(c, CHECK_CHANGED_PROBE, check_spot_step(s),
				"changed: `%s` does not compare two revisions", p->name);
		else if (p->host != NONE && is_group(c, &c->rb->hosts.list.at[p->host]))
			check_complain(c, CHECK_CHANGED_GROUP, check_spot_step(s),
				"changed: `%s` looks on a group of hosts", p->name);
	}
}

static void
check_step(const struct checking *c, const struct step *s)
{
	check_expect(c, s);
	switch (s->kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		check_acting(c, s);
		break;
	case STEP_CHECK:
	case STEP_SOAK:
		check_looking(c, s);
		break;
	case STEP_CHOOSE:
		check_choose(c, s);
		break;
	case STEP_SIGNOFF:
		if (s->says == NULL || s->says[0] == '\0')
			check_complain(c, CHECK_NO_SAYS, check_spot_step(s),
				"signoff without says");
		check_changed(c, s);
		break;
	case STEP_WAIT:
		if (s->wait_ms <= 0 && s->wait_until == NULL)
			check_complain(c, CHECK_NO_WAIT, check_spot_step(s),
				"wait without a time");
		else if (s->wait_until)
			check_moment(c, s);
		break;
	case STEP_WATCH:
		check_watch(c, s);
		break;
	case STEP_DO:
	case STEP_ASK:
	case STEP_NOTIFY:
	case STEP_CALL:
	case STEP_SCHEDULE:
	case STEP_SECTION:
	case STEP_KIND_COUNT:
		break;
	}
}

static void
check_revisions(const struct checking *c, const struct probe *p, struct spot at)
{
	bool from = pairs_get(&p->args, "from") != NULL,
	     to = pairs_get(&p->args, "to") != NULL;
	const char *idle = pairs_get(&p->args, "paths") != NULL ? "paths"
		: pairs_get(&p->args, "lines") != NULL          ? "lines"
								: NULL;

	if (from != to)
		check_complain(c, CHECK_REVISIONS, at, "probe `%s` has %s", p->name,
			from ? "from: and no to:" : "to: and no from:");
	else if (!from && idle != NULL)
		check_complain(c, CHECK_REVISIONS, at, "probe `%s` has %s without from",
			p->name, idle);
	else if (from && pairs_get(&p->args, "branch") != NULL)
		check_complain(c, CHECK_REVISIONS, at, "probe `%s` has from and branch",
			p->name);
}

static void
check_probe(const struct checking *c, const struct probe *p)
{
	struct spot at = check_spot_line(c, p->scope, p->line);

	if (expects_nothing(p->expect))
		check_complain(
			c, CHECK_PROBE_EXPECT, at, "probe `%s` expects nothing", p->name);
	check_sense(c, p->expect, at, "expect");
	check_sense(c, p->warn, at, "warn");
	if (p->timeout_ms > 0 && p->every_ms > 0 && p->timeout_ms > p->every_ms)
		check_complain(c, CHECK_TIMES, at, "timeout is longer than every");
	if (p->kind == PROBE_GIT)
		check_revisions(c, p, at);
}

static void
check_environments(const struct checking *c)
{
	const struct strings *names = &c->rb->environments;

	if (c->project == NULL || c->project->environments.list.len == 0)
		return;
	for (size_t i = 0; i < names->list.len; i++) {
		if (project_environment(c->project, names->list.at[i]) == NULL)
			check_complain(c, CHECK_ENVIRONMENT, check_spot_line(c, 0, 0),
				"no environment is called `%s`", names->list.at[i]);
	}
}

void
check_runbook(const struct runbook *rb, const struct project *p, struct diags *d)
{
	struct checking c = {.rb = rb, .project = p, .d = d};

	for (size_t i = 0; i < rb->steps.list.len; i++)
		check_step(&c, &rb->steps.list.at[i]);
	for (size_t i = 0; i < rb->probes.list.len; i++)
		check_probe(&c, &rb->probes.list.at[i]);
	check_environments(&c);
	check_names(&c);
	check_order(&c);
	check_danger(&c);
}
