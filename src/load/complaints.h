#ifndef LOAD_COMPLAINTS_H
#define LOAD_COMPLAINTS_H

/*
 * Every complaint the loader has: one list for the id, the reason printed under the
 * message, and what `handrail help ID` says more. Ids are for ever: a row may be added,
 * never given another meaning.
 */

#include <stddef.h>

#define COMPLAINTS(X) \
	X(READ, "E-FILE-001", "the file must be read before it can be checked", \
		"Runbooks are regular files of at most 16 MiB. Folders, pipes and devices are not read.") \
	X(EMPTY, "E-YAML-001", "nothing in it can be done", \
		"The file holds no YAML document, or only comments.") \
	X(SYNTAX, "E-YAML-002", "the rest of the file can't be understood", \
		"The text is not YAML. Only the first such place is known, because what follows it " \
		"depends on it. Frequent causes: a `: ` or ` #` inside a plain value (put it in " \
		"quotes), a tab as indentation, a quote that is not closed.") \
	X(ENCODING, "E-YAML-003", "other programs would read another text", \
		"Files are UTF-8 without control characters. A byte order mark at the start is passed " \
		"over; UTF-16 is not read.") \
	X(BREAK, "E-YAML-004", "some YAML parsers end the line there and some do not", \
		"U+0085, U+2028 and U+2029 are line breaks for YAML 1.1 and plain characters for 1.2.") \
	X(CHARACTER, "E-YAML-005", "a reader would not see what is really written", \
		"Control, bidirectional, zero-width and tag characters can hide a command or make it " \
		"look like another. They are refused in every value, written out or as an escape.") \
	X(SIZE, "E-YAML-006", "a file this large would block the console", \
		"At most 16 MiB a file, and 64 MiB of memory for its tree.") \
	X(DEPTH, "E-YAML-007", "deep nesting is a known way to stop a parser", \
		"At most 64 levels.") \
	X(SCALAR, "E-YAML-008", \
		"a value this long can't be shown or checked by a person", \
		"At most 64 KiB in one value. Put long scripts in a file on the host.") \
	X(ANCHOR, "E-YAML-009", "a step should say what it does where it stands", \
		"Anchors and aliases are refused: what is run must be readable in place, and a few " \
		"lines of them can grow to gigabytes.") \
	X(TAG, "E-YAML-010", "a tag makes parsers build other things than text", \
		"Every value is text until the table of keys gives it a type.") \
	X(MERGE, "E-YAML-011", "merge keys are read differently by different parsers", \
		"Write the keys out.") \
	X(DUPLICATE, "E-YAML-012", "parsers disagree which of the two counts", \
		"A key may stand once in a mapping.") \
	X(COMPLEX, "E-YAML-013", "a key is a word, never a list or a mapping", \
		"Often a placeholder like {name} without quotes.") \
	X(SECOND, "E-YAML-014", "only the first would be used", \
		"One document per file. Remove the second `---`, or make it a file of its own.") \
	X(VERSION, "E-FILE-002", \
		"a later format may mean other things by the same words", \
		"The file says which format it follows; a newer one needs a newer handrail.") \
	X(KEY_UNKNOWN, "E-KEY-001", \
		"a key that is not read looks as if it did something", \
		"The manual pages handrail-runbook(5) and handrail-config(5) list every key.") \
	X(KEY_MISSING, "E-KEY-002", "it can't be done or checked without", \
		"A key that has no default is absent.") \
	X(KEY_KIND, "E-KEY-003", "it would do nothing here", \
		"Some keys belong to certain kinds of steps or probes only.") \
	X(SHAPE, "E-KEY-004", "it would be read as something else than was meant", \
		"Each key takes a single value, a list or a mapping, as the manual says.") \
	X(VALUE, "E-KEY-005", "it can't be used as it stands", \
		"The value doesn't follow the grammar of its key.") \
	X(NO_VALUE, "E-KEY-006", "an empty value is nearly always a slip", \
		"The key is there and nothing stands behind it.") \
	X(TOGETHER, "E-KEY-007", "they exclude each other", \
		"Only one of these keys may be there.") \
	X(NO_KIND, "E-STEP-001", "the console can't know what to do", \
		"Every step has one of the keys that name its kind: do run sql http copy check soak " \
		"watch wait until ask notify choose call signoff schedule section.") \
	X(TWO_KINDS, "E-STEP-002", "one step does one thing", \
		"Make it two steps, so that each is ticked and recorded for itself.") \
	X(TOO_MANY, "E-STEP-003", "no person walks that many", \
		"At most 20,000 steps, with those of called runbooks.") \
	X(ID_TWICE, "E-STEP-004", "the record names steps by their id", \
		"Ids are unique in a runbook. Ids made from titles get -2, -3 by themselves; written " \
		"ones don't.") \
	X(STEP_UNKNOWN, "E-STEP-005", "a name that leads nowhere can't be followed", \
		"`needs`, `goto` and `on_failure` name steps of the same file by id.") \
	X(HOST_UNKNOWN, "E-HOST-001", "nothing may run on a machine that isn't named", \
		"Hosts are those of the runbook and of the chosen environment in handrail.yaml.") \
	X(HOST_TWICE, "E-HOST-002", "one of the two would silently win", \
		"A host is described either in the runbook or in handrail.yaml, and a called runbook " \
		"may not mean another machine by the same name.") \
	X(HOST_HOW, "E-HOST-003", "it must be clear how the machine is reached", \
		"A host has exactly one of ssh, local: true and sim.") \
	X(PROBE_UNKNOWN, "E-PROBE-001", "a check of nothing would pass or hang", \
		"Probes are those of the runbook and of handrail.yaml.") \
	X(PROBE_TWICE, "E-PROBE-002", "one of the two would silently win", \
		"A probe is described either in the runbook or in handrail.yaml.") \
	X(PROBE_KIND, "E-PROBE-003", "the key that names the subject names the kind", \
		"A probe has one of http burst cors tls tcp dns command file port env container host " \
		"sql redis prom metrics log cron git ci. host and container may stand beside others.") \
	X(INPUT_UNKNOWN, "E-INPUT-001", "there is nothing to ask for", \
		"An ask step, `with:` and answers name inputs by their name.") \
	X(INPUT_BAD, "E-INPUT-002", "the question could not be put as written", \
		"See inputs in handrail-runbook(5).") \
	X(NAME_BAD, "E-NAME-001", "names become variables of the shell", \
		"Names of inputs and saved values are [a-z_][a-z0-9_]{0,31}, not path, ifs, env, home " \
		"and nothing that begins with ld_.") \
	X(SECRET_LITERAL, "E-SECRET-001", "files are copied, committed and shown", \
		"A secret comes from the environment, a file, a question or a command of the " \
		"operator's own configuration, never from a runbook or an answers file.") \
	X(FIELD_UNKNOWN, "E-EXPECT-001", \
		"a field that is never measured is never wrong", \
		"Each kind measures its own fields; the table is in handrail-runbook(5).") \
	X(TEST_BAD, "E-EXPECT-002", "it could not be compared with what is measured", \
		"A test is a value with an optional sign and unit, a range LOW..HIGH, a list of " \
		"values, or one of contains matches not any all absent rising falling.") \
	X(EXPECT_EMPTY, "E-EXPECT-003", "nothing expected proves nothing", \
		"At least one field must be expected.") \
	X(WHEN_BAD, "E-WHEN-001", \
		"a condition that is never true skips the step for ever", \
		"Conditions are env, input.NAME and step.ID.") \
	X(CALL_MISSING, "E-CALL-001", "its steps must be known before the run starts", \
		"Looked for beside the calling file, then in the folders named by handrail.yaml.") \
	X(CALL_CYCLE, "E-CALL-002", "it would never end", \
		"A runbook may not call itself, also not through others.") \
	X(CALL_DEEP, "E-CALL-003", "nobody can keep that many levels in mind", \
		"At most 8 levels of calls and 200 calls in all.") \
	X(ENV_UNKNOWN, "E-ENV-001", "hosts and inputs of the environment are missing", \
		"Environments are those of handrail.yaml.") \
	X(ENV_REFUSED, "E-ENV-002", "the runbook says where it may run", \
		"`environments:` of the runbook lists the ones it was written for.") \
	X(ZONE, "E-ZONE-001", "at which moment that would be can't be known", \
		"Zones are those of the system's zoneinfo, as Europe/Berlin or UTC; on Debian they come " \
		"with the package tzdata.") \
	X(ROLE_TWICE, "E-ROLE-001", \
		"whoever writes the runbook could name his own approvers", \
		"A role of handrail.yaml may not be given again in a runbook.") \
	X(PROJECT_CHANGED, "E-PROJ-001", \
		"what was trusted is no longer what would be used", \
		"handrail.yaml was written to after it had been read. Start again.") \
	X(ANSWER_UNKNOWN, "E-ANSWER-001", "an answer to nothing hides a missing one", \
		"Answers name inputs, and steps by id or number.") \
	X(ANSWER_KIND, "E-ANSWER-002", "the step would stop there without a person", \
		"do steps take tick, evidence and note; run steps confirm; choose steps choose; ask " \
		"steps value. Sign-offs and unknown outcomes are never answered by file.") \
	X(ANSWER_REASON, "E-ANSWER-003", \
		"the record says why a step was not done as written", \
		"Every tick but done has a reason.") \
	X(SCENE_STATE, "E-SCENE-001", "what is never so would never answer", \
		"`when` and `solved` of a scenario name what its `state` names, with values that stand " \
		"there or that a `set` gives.") \
	X(SCENE_NAME, "E-SCENE-002", "the scenario plays another runbook", \
		"Steps, probes and logs of a scenario are those of the runbook that is practised.") \
	X(SCENE_IS, "E-SCENE-003", "a probe finds something, nothing, or is silent", \
		"Fields are those of an expectation: handrail-runbook(5) lists them for each kind.") \
	X(WRITE, "E-FILE-003", "what could be mended stays as it was", \
		"lint --fix replaces a file whole or not at all. It leaves read-only files alone, and " \
		"those that somebody else changes at the same time.") \
	X(PROD_UNARMED, "W-PROJ-002", \
		"a run there acts at once, on what is called production", \
		"A badge that begins with PROD arms an environment, and so does `may: {arm: {NAME: " \
		"[ROLE]}}`. A name or badge that only holds the word does not.") \
	X(TEXT_MARK, "W-TEXT-001", "some programs take it for a part of the first word", \
		"A byte order mark means nothing in UTF-8. It is passed over, and stays in the hash " \
		"that is trusted.") \
	X(TEXT_ENDS, "W-TEXT-002", \
		"a program that rewrites them changes the hash that was trusted", \
		"Lines end in LF, as git stores them. CR LF is read alike.") \
	X(TEXT_BLANKS, "W-TEXT-003", \
		"nobody sees them, and every comparison shows them", \
		"Blanks and tabs at the end of lines. Those inside of texts of several lines belong " \
		"to the text and are left alone.") \
	X(TEXT_LAST, "W-TEXT-004", "what is appended would stand on the same line", \
		"The last line ends like every other.") \
	X(COLOUR, "E-COLOR-001", "the role would be drawn in no colour at all", \
		"Colours are #rrggbb, $name of vars, numbers from 16 to 255, or the names of the " \
		"sixteen; see handrail-theme(5).") \
	X(ROLE_UNKNOWN, "E-COLOR-002", "nothing on the screen would look like that", \
		"The roles are listed in handrail-theme(5).")

enum complaint {
#define X(id, name, reason, more) C_##id,
	COMPLAINTS(X)
#undef X
		C_COUNT
};

struct complaint_row {
	const char *id, *reason, *more;
};

const struct complaint_row *complaints_row(enum complaint c);
/* By id ("E-KEY-001"), any case; NULL if there is none. */
const struct complaint_row *complaints_find(const char *id);

#endif
