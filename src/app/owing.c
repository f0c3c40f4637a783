#include "app/owing.h"

#include <strings.h>

#include "app/library.h"
#include "app/spine.h"
#include "model/duty.h"
#include "run/timely.h"

enum { OWING_DIGITS = 4 };

static bool
fold_event(void *ctx, const struct event *ev, const char *hash)
{
	(void)hash;
	run_apply(ctx, ev);
	return true;
}

/* What was given to its run is given again; secrets are asked for where they come from. */
static void
hand_down(struct session *s, const struct run *from)
{
	const struct runbook *rb = session_runbook(s);

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		const char *value = run_value(from, in->scope, in->name);
		struct err e = ERR_INIT;

		if (in->from == SECRET_NOT && value &&
			!session_input(s, (int)i, value, &e))
			spine_message(s, &e);
	}
}

struct session *
owing_open(const struct session_opts *o, const struct owed *owed, struct err *e)
{
	char *dir = library_run_dir(o->runs_dir, owed->run, e);
	struct session_opts so = *o;
	struct session *s = NULL;
	struct run *from;

	so.runbook = dir ? outfit_duty(dir, o->project, owed->duty, e) : NULL;
	so.owed = owed;
	so.mode = RUN_LIVE;
	if (so.runbook) {
		from = run_new(so.runbook);
		s = journal_read(dir, fold_event, from, e) ? session_open(&so, e) : NULL;
		if (s)
			hand_down(s, from);
		run_free(from);
		runbook_unref(so.runbook);
	}
	mem_free(dir);
	return s;
}

/* Reviews that other runs in the same environment of the same project have left; NULL: none.
 * "7KR4.12 Review what was done outside of the change window". Caller frees. */
static char *
reviews(const struct run *r, const char *config, const char *runs_dir)
{
	struct library l;
	struct str out = STR_INIT;

	library_scan(&(struct library_opts){.runs_dir = runs_dir}, &l);
	for (size_t i = 0; i < l.owed.owed.list.len; i++) {
		const struct owed *o = &l.owed.owed.list.at[i];

		if (o->state != OWED_OPEN || !str_eq(o->duty, DUTY_REVIEW) ||
			str_eq(o->root, r->id) ||
			!str_eq(o->environment, r->environment) ||
			!str_eq(o->config, config))
			continue;
		str_addf(&out, "%s%s.%lld", out.len ? ", " : "",
			o->run + ULID_LEN - OWING_DIGITS, (long long)o->seq);
	}
	library_release(&l);
	if (!out.len)
		return NULL;
	str_adds(&out, " (handrail due)");
	return str_take(&out);
}

void
owing_close(struct session *s, const char *runs_dir)
{
	const struct run *r = session_run(s);
	char *owed = timely_release(r)
		? reviews(r, s->project ? s->project->path : NULL, runs_dir)
		: NULL;

	session_request(
		s, &(struct request){.kind = REQ_CLOSE, .step = NONE, .reason = owed});
	mem_free(owed);
}

char *
owing_closer(const char *runs_dir, const struct owed *owed)
{
	struct err e = ERR_INIT;

	return owed->closer ? library_run_dir(runs_dir, owed->closer, &e) : NULL;
}
