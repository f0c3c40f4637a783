#include "app/outside.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "app/machine.h"
#include "app/onlooker.h"
#include "base/file.h"
#include "base/mem.h"

enum { TURN_MS = 50, TERM_MS = 3000, KILL_MS = 5000, SHORT_ID = 6 };

struct onlooker *
outside_find(struct cmd *c, const char *word, struct err *e)
{
	struct err none = ERR_INIT;
	char *dir = file_exists(word) ? mem_strdup(word)
				      : library_run_dir(c->runs_dir, word, &none);
	struct onlooker *o = NULL;

	if (dir && !cmd_project_of_run(c, dir))
		err_set(e, ERR_PARSE, "handrail.yaml of the run does not load");
	else
		o = onlooker_new(c->loop, dir, word, dir ? c->project : NULL, e);
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
