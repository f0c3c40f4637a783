#ifndef TESTS_UNIT_REMOTE_JOBKIT_H
#define TESTS_UNIT_REMOTE_JOBKIT_H

/* What the tests of jobs share: a fresh folder of state, a job, and all that is told of it. */

#include "base/file.h"
#include "linkkit.h"
#include "remote/job.h"

#define RUN "01JD0000000000000000000000"

static char *state_dir; /* of all tests: a fresh folder */

struct seen {
	struct str out;
	int updates, ends;
	struct job_update last;
	struct job_end end;
	enum job_state states[8];
};

static inline void
on_update(void *ctx, const struct job_update *u)
{
	struct seen *s = ctx;

	if (s->updates < 8)
		s->states[s->updates] = u->state;
	s->updates++;
	s->last = *u;
}

static inline void
on_output(void *ctx, const char *p, size_t len)
{
	str_add(&((struct seen *)ctx)->out, p, len);
}

static inline void
on_end(void *ctx, const struct job_end *end)
{
	struct seen *s = ctx;

	s->ends++;
	s->end = *end;
}

static inline struct job_spec
spec(const char *step, const char *text)
{
	return (struct job_spec){
		.run = RUN,
		.step = step,
		.host = "local",
		.attempt = 1,
		.epoch = 1,
		.seq = 7,
		.head = "abc123",
		.text = text,
	};
}

static inline struct job *
start(struct kit *k, const struct job_spec *s, const struct redact *r, struct seen *seen)
{
	struct job_calls calls = {on_update, on_output, on_end, seen};

	*seen = (struct seen){.out = STR_INIT};
	return job_start(k->link, s, r, &calls);
}

static inline struct job *
resume(struct kit *k, const struct job_spec *s, struct seen *seen)
{
	struct job_calls calls = {on_update, on_output, on_end, seen};

	*seen = (struct seen){.out = STR_INIT};
	return job_resume(k->link, s, NULL, &calls);
}

static inline void
drop(struct job *j, struct seen *s)
{
	job_free(j);
	str_release(&s->out);
}

static inline bool
exists(const char *name)
{
	char *path = mem_printf("%s/%s", state_dir, name);
	bool yes = file_exists(path) || file_is_dir(path);

	mem_free(path);
	return yes;
}

static inline int
jobkit_begin(void **state)
{
	static char path[] = "/tmp/hr-test-job-XXXXXX";

	(void)state;
	state_dir = mkdtemp(path);
	setenv("XDG_STATE_HOME", state_dir, 1);
	return state_dir ? 0 : -1;
}

static inline int
jobkit_end(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	return file_remove_tree(state_dir, &e) ? 0 : -1;
}

#endif
