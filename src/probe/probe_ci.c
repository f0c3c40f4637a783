#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "probe/linetime.h"
#include "probe/weblook.h"

/*
 * The state of a pipeline, from the interface of the service that runs it: the runs of GitHub
 * and Forgejo, the pipelines of GitLab, the status of one commit. The newest one counts, of
 * the branch where one is named. state is success, failure, running or what else it says;
 * value the commit; age since it last changed.
 */

struct probe_kind_state {
	struct http_call *call;
};

/* What the services call the same things. */
static const struct {
	const char *said, *state;
} words[] = {
	{"success", "success"},
	{"passed", "success"},
	{"failed", "failure"},
	{"failure", "failure"},
	{"error", "failure"},
	{"timed_out", "failure"},
	{"startup_failure", "failure"},
	{"in_progress", "running"},
	{"running", "running"},
	{"pending", "running"},
	{"queued", "running"},
	{"waiting", "running"},
	{"created", "running"},
	{"preparing", "running"},
	{"requested", "running"},
	{"canceled", "cancelled"},
	{"cancelled", "cancelled"},
};

static const char *
first_text(const struct json_node *n, const char *const *keys)
{
	for (; *keys; keys++) {
		const char *text = json_str(n, *keys, NULL);

		if (text && *text)
			return text;
	}
	return NULL;
}

static const char *
state_of(const struct json_node *run)
{
	static const char *const keys[] = {"conclusion", "state", "status", NULL};
	const char *said = first_text(run, keys);

	for (size_t i = 0; said && i < sizeof words / sizeof *words; i++)
		if (strcasecmp(words[i].said, said) == 0)
			return words[i].state;
	return said;
}

static bool
is_branch(const struct json_node *run, const char *branch)
{
	static const char *const keys[] = {"head_branch", "ref", "branch", NULL};
	const char *said = first_text(run, keys);

	if (!branch)
		return true;
	if (said && str_starts(said, "refs/heads/"))
		said += strlen("refs/heads/");
	return said && strcmp(said, branch) == 0;
}

/* The newest run: the services list it first. */
static const struct json_node *
find_run(const struct json_node *root, const char *branch)
{
	static const char *const lists[] = {"workflow_runs", "pipelines", "runs", NULL};
	const struct json_node *list = json_type_of(root) == JSON_ARRAY ? root : NULL;

	for (int i = 0; !list && lists[i]; i++)
		if (json_type_of(json_get(root, lists[i])) == JSON_ARRAY)
			list = json_get(root, lists[i]);
	if (!list)
		return json_type_of(root) == JSON_OBJECT && state_of(root) &&
				(!branch || is_branch(root, branch))
			? root
			: NULL;
	for (size_t i = 0; i < json_len(list); i++)
		if (is_branch(json_at(list, i), branch))
			return json_at(list, i);
	return NULL;
}

static void
add_facts(const struct json_node *run, struct facts *f)
{
	static const char *const shas[] = {"head_sha", "sha", "commit_sha", NULL};
	static const char *const times[] = {
		"updated_at", "finished_at", "created_at", "updated", NULL};
	const char *state = state_of(run), *sha = first_text(run, shas);
	const char *at = first_text(run, times);
	struct linetime_clock clock = {.now_s = clock_wall().ms / 1000};
	int64_t seconds;

	if (state)
		facts_add_text(f, EXPECT_STATE, NULL, state, strlen(state));
	if (sha)
		facts_add_text(f, EXPECT_VALUE, NULL, sha, strlen(sha));
	if (at && linetime_read(&clock, at, strlen(at), &seconds) &&
		seconds <= clock.now_s)
		facts_add_number(f, EXPECT_AGE, (double)(clock.now_s - seconds) * 1000);
}

static void
came(void *ctx, const struct http_end *end)
{
	struct probe_look *p = ctx;
	struct facts facts = {0};
	struct err e = ERR_INIT;
	struct probe_found f = {
		.facts = &facts, .took_ms = end->took_ms, .silent = VERDICT_UNKNOWN};
	const struct json_node *run;
	struct json *j;

	if (weblook_failed(p, end))
		return;
	j = json_parse(end->body.buf, end->body.len, &e);
	run = find_run(json_root(j), probe_arg(p, "branch"));
	if (!j)
		f.why = "the answer is no JSON; is this the URL of the interface?";
	else if (run)
		add_facts(run, &facts);
	else
		f.nothing = probe_arg(p, "branch") ? "there is no run of that branch"
						   : "there is no run";
	probe_found(p, &f); /* may free p */
	facts_release(&facts);
	json_free(j);
}

static bool
ci_begin(struct probe_look *p, struct err *e)
{
	struct weblook_spec s = {.url = p->probe->subject};

	p->state = mem_alloc(sizeof *p->state);
	p->state->call = weblook_start(p, &s, came, p, e);
	return p->state->call != NULL;
}

static void
ci_drop(struct probe_look *p)
{
	if (!p->state)
		return;
	http_call_free(p->state->call);
	mem_free(p->state);
}

const struct probe_way probe_way_ci = {
	.start = ci_begin,
	.free = ci_drop,
};
