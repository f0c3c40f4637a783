#ifndef MODEL_CHECKLIST_H
#define MODEL_CHECKLIST_H

/* The rules of check.h in one list, and how its files report them. Ids are never given to
 * another rule. */

#include "model/check.h"

/* id, "ID", level, reason, help */
#define CHECK_RULES(X) \
	X(NO_EXPECT, "E-CHK-001", ERROR, \
		"a step is green only by a measured expectation", \
		"add expect:, for a command at least expect: {exit: 0}") \
	X(CANNOT_FAIL, "E-CHK-002", ERROR, \
		"an expectation that always holds proves nothing", \
		"name the value a good answer has and a bad one has not") \
	X(NO_WAY_BACK, "E-CHK-004", ERROR, \
		"when a later step fails, the way back must be known now", \
		"add undo: with the command that leads back, or irreversible: with the reason; risk: none if it only looks") \
	X(BOTH_WAYS, "E-CHK-005", ERROR, "it can't be both", \
		"keep undo: or irreversible:") \
	X(LOOK_ACTS, "E-CHK-006", ERROR, \
		"risk: none is a read-only look: it runs as no job and is never undone", \
		"drop the key, or declare the risk it has") \
	X(NO_CONFIRM, "E-CHK-007", ERROR, \
		"a hard or severe step is confirmed by typing a phrase", \
		"add confirm: with words that name what will happen") \
	X(CONFIRM_HOST, "E-CHK-008", ERROR, \
		"the phrase must name the machine it is typed for", \
		"write ${host} in it: confirm: restore the database on ${host}") \
	X(CONFIRM_IDLE, "W-CHK-009", WARNING, \
		"only hard and severe steps ask for a phrase", \
		"drop confirm:, or declare risk: hard") \
	X(NO_HOST, "E-CHK-010", ERROR, \
		"the file declares hosts: without host: it would run on the operator's own machine", \
		"add host: with one of them; for this machine declare one with local: true") \
	X(NAME_UNKNOWN, "E-CHK-011", ERROR, "the text could not be filled in", \
		"declare it under inputs:, or save it in a step before; $${ is a literal ${") \
	X(NAME_LATER, "E-CHK-012", ERROR, "it has no value yet when this step comes", \
		"move the step that saves it before this one") \
	X(INPUT_UNUSED, "W-CHK-013", WARNING, "the operator is asked for nothing", \
		"use it as $name in a command or ${name} in another text, or remove it") \
	X(SECRET_SHOWN, "E-CHK-014", ERROR, "this text is shown and recorded", \
		"use a secret only in shell text, as $name, or in an http header") \
	X(CYCLE, "E-CHK-015", ERROR, "none of them could ever start", \
		"take one of the needs: away") \
	X(NEEDS_LATER, "W-CHK-016", WARNING, \
		"the walk stops here until a person has done the later one", \
		"put the steps in the order they are done") \
	X(GOTO_BACK, "W-CHK-017", WARNING, \
		"steps that are done stay done: it would not be walked again", \
		"lead to a later step, or use retries: or a check with within:") \
	X(AFTER_UNKNOWN, "E-CHK-018", ERROR, \
		"it would wait for a signature nobody gives", \
		"name the role of a sign-off before this one") \
	X(ROLE_UNKNOWN, "E-CHK-019", ERROR, "nobody could sign for it", \
		"declare it under roles:") \
	X(TOO_FEW, "E-CHK-020", ERROR, "there are not enough people to sign", \
		"lower count:, or give the role more principals") \
	X(NO_SAYS, "E-CHK-021", ERROR, "a signature must say what is signed", \
		"add says: with the sentence the signer stands for") \
	X(SERIAL_BATCH, "E-CHK-022", ERROR, "they are two answers to the same question", \
		"keep serial: or batch:") \
	X(GROUP_OF_ONE, "W-CHK-023", WARNING, \
		"the host is a single machine: it changes nothing", NULL) \
	X(TIMES, "W-CHK-024", WARNING, "the shorter time always comes first", NULL) \
	X(SOAK_TIME, "E-CHK-025", ERROR, "a soak without a length never ends", \
		"add for: 15m") \
	X(RETRY_ACTS, "W-CHK-026", WARNING, \
		"a command that changes something may have done half of it before it failed", \
		"retry only what may safely run twice; use a check step with within: to wait") \
	X(SAVE_INPUT, "E-CHK-027", ERROR, \
		"the input would silently change in the middle of the run", \
		"save it under another name") \
	X(SAVE_TWICE, "W-CHK-028", WARNING, "the later value replaces the earlier one", \
		NULL) \
	X(NO_CHOICES, "E-CHK-029", ERROR, "there is nothing to choose from", \
		"add choices: with a list, or a command whose lines are the choices") \
	X(BAD_DEFAULT, "E-CHK-030", ERROR, \
		"the default would be refused when it is used", NULL) \
	X(NO_PROBES, "E-CHK-031", ERROR, "a check of nothing would always pass", \
		"name one probe at least") \
	X(PROBE_EXPECT, "E-CHK-032", ERROR, \
		"a probe without an expectation says nothing", \
		"add expect: with what good looks like") \
	X(FEW_OPTIONS, "E-CHK-033", ERROR, "a choice needs two ways at least", NULL) \
	X(OPTION_TWICE, "E-CHK-034", ERROR, \
		"the record would not show which one was meant", NULL) \
	X(WHEN_KEY, "E-CHK-035", ERROR, "the condition could never hold", \
		"write env:, input.NAME: or step.ID: with the id of an earlier step") \
	X(RISK_LOW, "E-CHK-036", ERROR, \
		"the operator is asked as often as the declared risk says", NULL) \
	X(LOOK_CHANGES, "E-CHK-037", ERROR, \
		"probes, choices and watches only look, and are begun again without being asked", \
		"use a command that only reads") \
	X(NO_WAIT, "E-CHK-038", ERROR, "it would wait for nothing", \
		"add wait: with a time, or until:") \
	X(WAIT_CLOCK, "W-CHK-053", WARNING, \
		"clocks are put forward or back at that time", \
		"write the moment in UTC, as 2026-10-25T00:30:00Z, or another time") \
	X(ENVIRONMENT, "W-CHK-039", WARNING, \
		"handrail.yaml has no environment of this name", NULL) \
	X(WATCH_AT_ONCE, "E-CHK-041", ERROR, \
		"a watch ends as soon as its expectation holds", \
		"expect what will be written; for what must not appear use soak with a log probe") \
	X(COPY_GROUP, "E-CHK-042", ERROR, \
		"the file of one machine would take the place of that of another", \
		"name one machine in from:, or write ${host} into a path of this machine in to:") \
	X(COPY_PATH, "E-CHK-043", ERROR, "a copy takes one file and names its place", \
		"write the whole path of the file on both sides") \
	X(EXPECT_NAME, "E-CHK-047", ERROR, \
		"an expectation is compared as it stands: no value is put in", \
		"compare in the command, [ \"$(cat VERSION)\" = \"$version\" ], and expect {exit: 0}") \
	X(BAD_GIVEN, "E-CHK-048", ERROR, \
		"it would be refused when the run begins, and the default used in its place", \
		"change it under inputs: of the environment") \
	X(WHEN_WORD, "E-CHK-049", ERROR, "the condition could never hold", \
		"write todo, done, failed, skipped, unknown or not-needed, or an answer of a choose step") \
	X(CHANGED_PROBE, "E-CHK-050", ERROR, \
		"what changed is what git finds between two revisions", \
		"name a probe as {git: TREE, from: REVISION, to: REVISION, paths: [...], expect: {state: [changed, unchanged]}}") \
	X(REVISIONS, "E-CHK-051", ERROR, \
		"a git probe looks at a working tree, or at what changed between two revisions", \
		"give from: and to:, and paths: or lines: only with them; branch: is for a working tree") \
	X(CHANGED_GROUP, "E-CHK-052", ERROR, \
		"several machines may give several answers, and one signature answers one", \
		"look at the repository on one machine") \
	X(CALL_HOST, "W-CHK-040", WARNING, \
		"a command without host: runs on the operator's own machine", NULL)

enum check_id {
#define X(id, name, level, reason, help) CHECK_##id,
	CHECK_RULES(X)
#undef X
		CHECK_COUNT
};

struct checking {
	const struct runbook *rb;
	const struct project *project; /* or NULL */
	struct diags *d;
};

void check_complain(const struct checking *c, enum check_id id, struct spot at,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
struct spot check_spot_step(const struct step *s);
struct spot check_spot_line(const struct checking *c, int scope, int line);
/* Acts on something: run, sql, http, copy. */
bool check_acts(const struct step *s);

void check_names(const struct checking *c); /* ${names}, inputs, saved values */
void check_order(const struct checking *c); /* needs, goto, when, sign-offs */
void check_danger(
	const struct checking *c); /* every text against the rules of danger.h */

#endif
