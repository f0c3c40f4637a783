#ifndef APP_CONSOLE_H
#define APP_CONSOLE_H

/*
 * The full-screen console: home, plan page, run view and their dialogs, joined with the
 * session. cmd_console and cmd_demo call it once; it returns when the operator leaves. It
 * owns the terminal from start to end and puts it back on every way out. A run that is
 * left stays open in its record, and its jobs go on.
 *
 * Opening contacts nothing: a given runbook opens its plan page, a given run its run view.
 */

#include "app/args.h"
#include "loop/loop.h"
#include "model/project.h"
#include "run/run.h"

struct onlooker;

struct console_opts {
	struct loop *loop;
	const struct args *args;       /* readonly, theme, color, ascii, runbooks */
	const struct project *project; /* or NULL */
	const char *runs_dir;          /* NULL: the default */
	const char *runbook;       /* path of a file: its plan page first; NULL: home */
	const char *run_dir;       /* of a run to take up again; NULL */
	const char *typed;         /* session_opts.typed of that, or NULL */
	struct onlooker *onlooker; /* a run to look on at; taken; or NULL */
	struct runbook *learn;     /* only to learn from it; or NULL */
	const char *replay;        /* folder of a run to go through, alone; or NULL */
	struct strings *dirs;    /* gets the folder of each run that was open; or NULL */
	bool practises;          /* nothing that is real is begun or taken up */
	const char *scenario;    /* of practice, with `runbook`; or NULL */
	const char *environment; /* of handrail.yaml, or NULL */
	enum run_mode mode;
	const struct strings *limit; /* only these hosts; or NULL */
	const struct pairs *inputs;  /* given beforehand, values resolved; or NULL */
	bool passing; /* the runs are thrown away at the end: nothing to resume */
	const struct scenario *guide; /* that leads on Home already; or NULL */
};

/* Without a terminal: EXIT_CODE_USAGE and a sentence on standard error. */
enum exit_code console_run(const struct console_opts *o);

#endif
