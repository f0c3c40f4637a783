#include "app/outside.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/elsewhere.h"
#include "app/machine.h"
#include "app/onlooker.h"
#include "base/file.h"
#include "base/mem.h"
#include "remote/pace.h"

enum { TURN_MS = 50, TERM_MS = 3000, KILL_MS = 5000, FAR_MS = 10000, ANSWER_MS = 20000 };

/* Until all of it is there, as long as the store goes on answering. */
static struct onlooker *
arrive(struct loop *l, struct onlooker *take, struct err *e)
{
	struct mono began = clock_mono();
	struct str words = STR_INIT;
	enum onlooker_arrival is;

	while (take && (is = onlooker_arrives(take, e)) != ONLOOKER_THERE) {
		if (is == ONLOOKER_COMES && onlooker_state(take) == ONLOOKER_WAITS &&
			clock_mono().ms - began.ms > FAR_MS) {
			onlooker_words(take, &words);
			err_set(e, ERR_NET, "%s", words.buf);
			str_release(&words);
			is = ONLOOKER_NEVER;
		}
		if (is == ONLOOKER_NEVER) {
			onlooker_free(take);
			return NULL;
		}
		loop_turn(l, TURN_MS);
	}
	return take;
}

/* Of a run that another machine drives: NULL with ERR_NONE: the store knows of none. */
static struct onlooker *
find_far(struct cmd *c, const char *word, const char *dir, struct err *e)
{
	struct elsewhere w;
	struct str unsure = STR_INIT;
	struct onlooker *o = NULL;

	if (elsewhere_find(c, word, dir, &w, &unsure, e))
		o = arrive(c->loop, onlooker_new_far(c->loop, w.run, c->project, e), e);
	if (unsure.len)
		fprintf(stderr,
			"handrail: whether somebody elsewhere drives the run cannot be asked "
			"(%s)\n",
			unsure.buf);
	str_release(&unsure);
	elsewhere_release(&w);
	return o;
}

static bool
is_held(const char *dir)
{
	char con[256];

	return journal_is_busy(dir, con, sizeof con);
}

static struct onlooker *
find_at(struct cmd *c, const char *word, const char *dir, struct err *e)
{
	struct onlooker *o = NULL;

	if (!file_exists(word) && !is_held(dir))
		o = find_far(c, word, dir, e);
	return o || e->kind != ERR_NONE ? o
					: onlooker_new(c->loop, dir, word, c->project, e);
}

struct onlooker *
outside_far(struct cmd *c, const char *word, struct err *e)
{
	struct err none = ERR_INIT;
	bool name = !strchr(word, '/') && !file_exists(word);
	char *dir = name ? library_run_dir(c->runs_dir, word, &none) : NULL;
	struct onlooker *o = NULL;

	if (name && !(dir && is_held(dir)) &&
		(dir ? cmd_project_of_run(c, dir) : cmd_project(c, NULL)))
		o = find_far(c, word, dir, e);
	if (o && onlooker_state(o) == ONLOOKER_ALONE) {
		if (!dir)
			err_set(e, ERR_STATE,
				"nobody drives run %s now: handrail resume %s takes it to "
				"this machine",
				word, word);
		onlooker_free(o);
		o = NULL;
	}
	mem_free(dir);
	return o;
}

bool
outside_settle(struct cmd *c, struct session *s, const struct err *refused, struct err *e)
{
	struct onlooker *o = session_onlooker(s);
	struct mono began = clock_mono();
	struct str words = STR_INIT;

	while ((!session_idle(s) || onlooker_unanswered(o)) &&
		refused->kind == ERR_NONE && onlooker_state(o) != ONLOOKER_BROKEN &&
		clock_mono().ms - began.ms < pace_ms(ANSWER_MS)) {
		if (!session_idle(s)) /* a person types */
			began = clock_mono();
		loop_turn(c->loop, TURN_MS);
	}
	if (refused->kind != ERR_NONE) {
		*e = *refused;
	} else if (!session_idle(s) || onlooker_unanswered(o)) {
		onlooker_words(o, &words);
		err_set(e, ERR_TIMEOUT,
			"it waits in the store for the console that drives the run, which "
			"has not taken it yet (%s)",
			words.buf);
		str_release(&words);
	}
	return e->kind == ERR_NONE;
}

struct onlooker *
outside_find(struct cmd *c, const char *word, struct err *e)
{
	struct err none = ERR_INIT, here = ERR_INIT;
	char *dir = file_exists(word) ? mem_strdup(word)
				      : library_run_dir(c->runs_dir, word, &none);
	struct onlooker *o = NULL;

	if (dir && !cmd_project_of_run(c, dir)) {
		err_set(e, ERR_PARSE, "handrail.yaml of the run does not load");
	} else if (dir) {
		o = find_at(c, word, dir, e);
	} else {
		o = onlooker_new(c->loop, NULL, word, NULL, &here);
		if (!o && here.kind == ERR_INPUT && cmd_project(c, NULL))
			o = find_far(c, word, NULL, e);
		if (!o && e->kind == ERR_NONE)
			*e = here;
	}
	mem_free(dir);
	return o;
}

bool
outside_holder(const char *run_dir, struct str *out)
{
	struct journal_holder h;
	bool busy = journal_holder(run_dir, &h);

	if (busy)
		str_addf(out, "%s (%s%s)", *h.who ? h.who : "somebody",
			h.pid && machine_is_stopped(h.pid) ? "stopped, " : "",
			*h.con ? h.con : "?");
	journal_holder_release(&h);
	return busy;
}

/* Is the process that the lock names still that one? A number alone may be anybody's. */
static bool
is_that_process(const struct journal_holder *h, struct err *e)
{
	char *start = h->pid ? machine_started(h->pid) : NULL, *boot = machine_boot_id();
	bool same = start && str_eq(start, h->start) && str_eq(boot, h->boot);

	if (!h->pid)
		err_set(e, ERR_BUSY, "its lock does not say which process to end (%s)",
			h->con);
	else if (!same)
		err_set(e, ERR_BUSY,
			"process %lld of %s is not to be seen from here: it runs on "
			"another machine or in a container, and must be ended there",
			(long long)h->pid, h->con);
	mem_free(start);
	mem_free(boot);
	return same;
}

bool
outside_wait_free(struct loop *l, const char *run_dir, int64_t ms, struct err *e)
{
	struct mono began = clock_mono();
	char con[256];

	while (journal_is_busy(run_dir, con, sizeof con)) {
		if (clock_mono().ms - began.ms > ms)
			return err_set(
				e, ERR_BUSY, "the record is still held by %s", con);
		loop_turn(l, TURN_MS);
	}
	return true;
}

static bool
send(const struct journal_holder *h, int signo, struct err *e)
{
	if (kill((pid_t)h->pid, signo) == 0 || errno == ESRCH)
		return true;
	return err_set(
		e, ERR_BUSY, "%s cannot be ended from here: %s", h->con, strerror(errno));
}

bool
outside_end(struct loop *l, const char *run_dir, struct err *e)
{
	struct journal_holder h;
	struct err slow = ERR_INIT;
	bool ok = true;

	if (!journal_holder(run_dir, &h)) {
		journal_holder_release(&h);
		return true;
	}
	ok = is_that_process(&h, e) && send(&h, SIGTERM, e);
	/* stopped, or stuck: what it would still do must not come later */
	if (ok && !outside_wait_free(l, run_dir, TERM_MS, &slow))
		ok = is_that_process(&h, e) && send(&h, SIGKILL, e) &&
			outside_wait_free(l, run_dir, KILL_MS, e);
	journal_holder_release(&h);
	return ok;
}
