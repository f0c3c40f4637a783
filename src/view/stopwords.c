#include "view/stopwords.h"

#include <string.h>

static const struct {
	const char *reply, *words;
	bool ended;
} rows[] = {
	{"cancelled-before-start", "it had not begun, and now never will", true},
	{"terminated", "its processes ended by TERM", true},
	{"killed", "its processes did not end by TERM and were ended by KILL", true},
	{"ended", "it was ended, and nothing of it runs there any more", true},
	{"gone", "none of its processes was left to end", true},
	{"already-done", "it had ended by itself before", true},
	{"aborted", "it had never begun; no signal was sent", true},
	{"unkillable",
		"its processes are still there after KILL: they hang in the kernel, "
		"and only that host can tell why",
		false},
	{"badpid",
		"what the host wrote down is no process of this job: nothing was "
		"signalled, and it may still run",
		false},
	{"absent", "the host does not know the job yet; it is asked again", false},
	{"launching", "it is about to start; it is asked again", false},
	{"noroom",
		"it is about to start, and the disk there (full, read-only) lets nobody hold "
		"that up; it is asked again",
		false},
	{"starting", "it is just starting; it is asked again", false},
	{"elsewhere",
		"it was started on another machine that shares this home: nothing was "
		"signalled",
		false},
	{"lost-reboot", "the host has restarted since: nothing was signalled", false},
	{"unheard", "nobody knows whether the host heard it; it is asked again", false},
};

bool
stopwords_of(const char *reply, struct str *out)
{
	size_t len = strcspn(reply, " :");
	const char *rest = reply + len + strspn(reply + len, " :");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strlen(rows[i].reply) != len ||
			strncmp(rows[i].reply, reply, len) != 0)
			continue;
		str_adds(out, rows[i].words);
		if (*rest && reply[len] == ':')
			str_addf(out, " (%s)", rest);
		else if (*rest)
			str_addf(out, " (exit %s)", rest);
		return rows[i].ended;
	}
	str_addf(out, "the host says: %s", reply);
	return false;
}
