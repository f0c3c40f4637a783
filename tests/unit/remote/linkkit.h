#ifndef TESTS_UNIT_REMOTE_LINKKIT_H
#define TESTS_UNIT_REMOTE_LINKKIT_H

/* What the tests of this folder share: a loop, a link, and one exec seen to its end. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "remote/link.h"

enum { KIT_PATIENCE_MS = 30 * 1000 };

struct kit {
	struct loop *loop;
	struct host host;
	struct link *link;
	int states, prompts;
	char prompt[200];
	const char *answer; /* what the operator says; NULL: cancels */
	bool hold;          /* the operator says nothing */
};

static inline void
kit_say(void *ctx)
{
	struct kit *k = ctx;

	link_answer(k->link, k->answer);
}

static inline void
kit_on_state(void *ctx, struct link *l)
{
	struct kit *k = ctx;

	(void)l;
	k->states++;
}

static inline void
kit_on_prompt(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct kit *k = ctx;

	(void)l;
	k->prompts++;
	snprintf(k->prompt, sizeof k->prompt, "%s", p->text);
	if (!k->hold)
		loop_defer(k->loop, kit_say, k);
}

static inline void
kit_open(struct kit *k, enum host_via via, const char *target)
{
	struct link_opts o = {
		.target = target,
		.calls = {.on_state = kit_on_state, .on_prompt = kit_on_prompt},
		.connect_timeout_ms = 10 * 1000,
	};

	k->host.via = via;
	k->loop = o.loop = loop_new();
	o.host = &k->host;
	o.calls.ctx = k;
	k->link = link_new(&o);
}

static inline void
kit_close(struct kit *k)
{
	link_free(k->link);
	loop_free(k->loop);
	k->link = NULL;
	k->loop = NULL;
}

/* Turns the loop until the condition holds; fails the test when it never does. */
#define KIT_WAIT(k, cond) \
	do { \
		struct mono kit_begin = clock_mono(); \
		while (!(cond)) { \
			loop_turn((k)->loop, 1000); \
			if (clock_mono().ms - kit_begin.ms > KIT_PATIENCE_MS) \
				fail_msg("waited in vain for %s", #cond); \
		} \
	} while (0)

struct kit_exec {
	struct link_exec *x;
	struct str out, err;
	struct link_exec_end end;
	int ends;
};

static inline void
kit_exec_out(void *ctx, const char *p, size_t len)
{
	str_add(&((struct kit_exec *)ctx)->out, p, len);
}

static inline void
kit_exec_err(void *ctx, const char *p, size_t len)
{
	str_add(&((struct kit_exec *)ctx)->err, p, len);
}

static inline void
kit_exec_end(void *ctx, const struct link_exec_end *end)
{
	struct kit_exec *x = ctx;

	x->end = *end;
	x->ends++;
}

static inline void
kit_exec_start(struct kit *k, struct kit_exec *x, const char *command, const char *input)
{
	struct link_exec_calls calls = {
		.on_out = kit_exec_out,
		.on_err = kit_exec_err,
		.on_end = kit_exec_end,
		.ctx = x,
	};

	*x = (struct kit_exec){.out = STR_INIT, .err = STR_INIT};
	x->x = link_exec_start(k->link, command, input, strlen(input), &calls);
}

static inline void
kit_exec_release(struct kit_exec *x)
{
	link_exec_free(x->x);
	str_release(&x->out);
	str_release(&x->err);
}

#endif
