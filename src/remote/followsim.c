#include <stdio.h>
#include <string.h>

#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "remote/followinner.h"
#include "remote/sim.h"

/* A log of a simulated host: the lines of its scenario, as they become due. */

enum { LOOK_MS = 200, LINES_AT_ONCE = 200 };

/* As the followers of each kind hand lines on. */
static void
add_line(const struct follow *f, const char *line, struct str *out)
{
	char stamp[STAMP_BYTES];
	struct jsonout j;
	char us[32];

	switch (f->spec.kind) {
	case FOLLOW_CONTAINER:
		str_addf(out, "%s %s\n", stamp_wall(clock_wall(), stamp), line);
		break;
	case FOLLOW_JOURNAL:
		snprintf(us, sizeof us, "%lld000", (long long)clock_wall().ms);
		jsonout_init(&j, out);
		jsonout_open(&j);
		jsonout_kstr(&j, "__REALTIME_TIMESTAMP", us);
		jsonout_kstr(&j, "MESSAGE", line);
		jsonout_close(&j);
		str_addc(out, '\n');
		break;
	case FOLLOW_FILE:
	case FOLLOW_COMMAND:
		str_addf(out, "%s\n", line);
		break;
	}
}

static void
tell_lines(struct follow *f)
{
	struct link *l = followmux_link(f->mux);
	struct sim_place at = link_place(l);
	struct str line = STR_INIT, all = STR_INIT;

	for (int i = 0; i < LINES_AT_ONCE; i++) {
		str_reset(&line);
		if (!sim_log_line(link_sim(l), f->spec.name, f->spec.what, &at, &f->told,
			    &line))
			break;
		add_line(f, line.buf, &all);
	}
	if (all.len) {
		f->next += (int64_t)all.len;
		f->calls.on_data(f->calls.ctx, all.buf, all.len);
	}
	str_release(&line);
	str_release(&all);
}

static void
tell_beat(struct follow *f)
{
	struct follow_beat b = {.host_ms = clock_wall().ms};

	if (f->calls.on_beat)
		f->calls.on_beat(f->calls.ctx, &b);
}

static void
look(void *ctx)
{
	struct follow *f = ctx;
	struct link_status s;

	follow_enter(f);
	link_status(followmux_link(f->mux), &s);
	if (s.state != LINK_READY) {
		if (f->lives)
			snprintf(f->why, sizeof f->why, "%.230s", s.words);
		if (f->lives)
			follow_tell_state(f, FOLLOW_DEAD);
		f->lives = false;
	} else {
		if (!f->lives) {
			f->lives = true;
			if (!f->begun)
				f->calls.on_begin(f->calls.ctx, 0);
			f->begun = true;
			if (!f->freed)
				follow_tell_state(f, FOLLOW_LIVE);
		}
		if (!f->freed)
			tell_beat(f);
		if (!f->freed)
			tell_lines(f);
		if (!f->freed && f->spec.mode == FOLLOW_ONCE) {
			loop_timer_stop(f->sim);
			f->ended = true;
			follow_tell_state(f, FOLLOW_ENDED);
		}
	}
	follow_leave(f);
}

void
followsim_begin(struct follow *f)
{
	struct link *l = followmux_link(f->mux);

	link_connect(l);
	f->sim = loop_timer_new(link_loop(l), look, f);
	loop_timer_start(f->sim, 0, LOOK_MS);
}

void
followsim_end(struct follow *f)
{
	if (f->sim)
		loop_timer_free(f->sim);
	f->sim = NULL;
	mem_free(f->told.next_ms);
	f->told.next_ms = NULL;
}
