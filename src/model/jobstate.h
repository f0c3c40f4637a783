#ifndef MODEL_JOBSTATE_H
#define MODEL_JOBSTATE_H

/*
 * What a host says of a job (HR1, remote/hr1/README), once: the name in the record,
 * what it means in a sentence, and, where it leaves an outcome unknown, what a person looks
 * at before saying what became of it. Read by the client of the protocol, by the screen, the
 * line mode, the report and the manual.
 */

#include <stdbool.h>

/* id, name, meaning (of "it", the job), where the evidence is; "" where no outcome of a
 * step is ever unknown by it. */
#define JOB_STATES(X) \
	X(ABSENT, "absent", \
		"the host knows no such job any more: its folder was removed", \
		"Look for what the step should have left behind; on the host nothing of its " \
		"output is left.") \
	X(LAUNCHING, "launching", \
		"the host was asked to start it, it has not begun yet", "") \
	X(STARTING, "starting", "it is just beginning", "") \
	X(ABORTED, "aborted", "its start was called off; nothing was run", "") \
	X(RUNNING, "running", "it runs", "") \
	X(ORPHAN, "orphan", \
		"it runs, but what watches over it was killed: its exit status will be lost", \
		"") \
	X(DONE, "done", "it ended", "") \
	X(LOST_REBOOT, "lost-reboot", "the host was restarted while it ran", \
		"It was cut off somewhere in the middle. Look what of it was done, and whether " \
		"the services of the host came back.") \
	X(LOST_KILLED, "lost-killed", \
		"it is gone without an exit status: killed together with what watches over it " \
		"(a container that was restarted, memory that ran out), or it ended after that", \
		"It may have been cut off in the middle or have come to its end. Look what of " \
		"it was done; its output so far is in the record.") \
	X(ELSEWHERE, "elsewhere", \
		"it was started on another machine that shares this home; only that one knows", \
		"The name leads to another machine now. Look on the one where it was started.") \
	X(FENCED, "fenced", "another driver has taken over; nothing was run", "") \
	X(REFUSED, "refused", "the host refused to start it; nothing was run", "") \
	X(UNANSWERED, "unanswered", "it was sent, and no answer came", \
		"The server may have done all of it or nothing. Look there, before it is sent " \
		"again.") \
	X(UNKNOWN, "unknown", "nobody could ask the host what became of it", \
		"It may still be running. Look on the host whether it is, and what of it was " \
		"done.")

enum job_state {
#define X(id, name, means, look) JOB_##id,
	JOB_STATES(X)
#undef X
		JOB_STATE_COUNT
};

const char *jobstate_name(enum job_state s);
/* JOB_UNKNOWN for a name that no version up to this one knows. */
enum job_state jobstate_by_name(const char *name);
bool jobstate_is_name(const char *name);
const char *jobstate_means(enum job_state s);
const char *jobstate_look(enum job_state s); /* "": it never leaves an outcome unknown */

#endif
