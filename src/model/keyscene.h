#ifndef MODEL_KEYSCENE_H
#define MODEL_KEYSCENE_H

/* The third part of the list of keys: scenarios and tests of runbooks (handrail-scenario(5)). See keylist.h. */

/* Of enum scene_place (model/scenario.h), in its order. */
#define SCENE_PLACES \
	"home|plan|run|running|health|logs|containers|learn|confirm|back|back-words|over"

#define KEYS_SCENARIO(X) \
	X(HANDRAIL_SCENARIO, "handrail_scenario", SCALAR, COUNT, NULL, NOTHING, 0, \
		REQUIRED, 1, "Number of the format. This version reads 1.") \
	X(TITLE, "title", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"What has happened, as a person would be told at the telephone.") \
	X(WHY, "why", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What is known at the start, and what whoever practises shall reach.") \
	X(LIKE, "like", SCALAR, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The environment of handrail.yaml whose names of hosts and inputs it has.") \
	X(HOSTS, "hosts", LISTS, ALIAS, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Hosts by the names that the runbook uses, with their machines.") \
	X(INPUTS, "inputs", PAIRS, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Values of inputs, before those of the environment.") \
	X(STATE, "state", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How it stands at the start: words by names of your own.") \
	X(ANSWERS, "answers", OBJECTS, TEXT, NULL, SCENE_ANSWER, 0, OPTIONAL, 1, \
		"What commands answer; the first that fits does.") \
	X(PROBES, "probes", OBJECTS, TEXT, NULL, SCENE_PROBE, 0, OPTIONAL, 1, \
		"What probes find, of any kind; the first that fits is found.") \
	X(LOGS, "logs", OBJECTS, TEXT, NULL, SCENE_LOG, 0, OPTIONAL, 1, \
		"Lines of logs.") \
	X(CONTAINERS, "containers", OBJECTS, TEXT, NULL, SCENE_BOX, 0, OPTIONAL, 1, \
		"Containers that run there, or do not.") \
	X(EVENTS, "events", OBJECTS, TEXT, NULL, SCENE_EVENT, 0, OPTIONAL, 1, \
		"What happens by itself: at a time, or after a step.") \
	X(HINTS, "hints", OBJECTS, TEXT, NULL, SCENE_HINT, 0, OPTIONAL, 1, \
		"What helps whoever is stuck; each is counted.") \
	X(GUIDE, "guide", OBJECTS, TEXT, NULL, SCENE_GUIDE, 0, OPTIONAL, 1, \
		"Lines at the top of the screen that lead a newcomer through; not counted.") \
	X(SOLVED, "solved", PAIRS, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"The state in which it is solved; all must hold.") \
	X(WITHIN, "within", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"In what time somebody who knows it solves it.") \
	X(EVERY, "every", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How long a drill holds; after that it is due again.")

#define KEYS_SCENE_ANSWER(X) \
	X(STEP, "step", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only to the command of this step.") \
	X(MATCH, "match", SCALAR, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only to a command that holds this text, as it stands in the runbook.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only there: a host, or one machine of it.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only while this is the state; all must hold, with * in the value.") \
	X(INPUT, "input", PAIRS, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only with these values of inputs and saved values, with * in the value.") \
	X(TIMES, "times", SCALAR, COUNT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"So often, then a later one answers. Default: always.") \
	X(AFTER, "after", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How long it takes.") \
	X(OUTPUT, "output", SCALAR, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What it writes.") \
	X(ERROR, "error", SCALAR, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What it writes to standard error.") \
	X(BYTES, "bytes", SCALAR, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The same as output with \\xHH for a byte that YAML cannot hold.") \
	X(EXIT, "exit", SCALAR, WHOLE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Its exit status. Default: 0.") \
	X(IS, "is", EXPECT, TEXT, NULL, EXPECT, 0, OPTIONAL, 1, \
		"What an sql, http or copy step measures: fields as its expectation calls them, " \
		"with values.") \
	X(SET, "set", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What is different from then on.") \
	X(WRONG, "wrong", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Who does this has taken a wrong turn, and why.")

#define KEYS_SCENE_PROBE(X) \
	X(PROBE, "probe", SCALAR, PROBE, NULL, NOTHING, 0, REQUIRED, 1, \
		"The probe, by its name in the runbook.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only there: a host, or one machine of it.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only while this is the state; all must hold, with * in the value.") \
	X(IS, "is", EXPECT, TEXT, NULL, EXPECT, 0, OPTIONAL, 1, \
		"What is measured: its fields as an expectation calls them, with values.") \
	X(NOTHING, "nothing", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What is looked for is not there, in these words.") \
	X(SILENT, "silent", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"No answer, and these words why; the probe fails.") \
	X(AFTER, "after", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How long the look takes. Default: its `time`, or no time.")

#define KEYS_SCENE_LOG(X) \
	X(LOG, "log", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"The log, by its name in the runbook or by what is followed.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only there: a host, or one machine of it.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only while this is the state; all must hold, with * in the value.") \
	X(LINES, "lines", SCALAR | LIST, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"The lines; ${now} in them is the time.") \
	X(EVERY, "every", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Written again and again, so often. Default: once, when it begins to hold.")

#define KEYS_SCENE_BOX(X) \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, REQUIRED, 1, \
		"Where: a host, or one machine of it.") \
	X(NAME, "name", SCALAR, LABEL, NULL, NOTHING, 0, REQUIRED, 1, \
		"What it is called.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only while this is the state; all must hold, with * in the value.") \
	X(IMAGE, "image", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, "Its image.") \
	X(PROJECT, "project", SCALAR, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The compose project it is of: what `containers` of a runbook chooses by.") \
	X(SERVICE, "service", SCALAR, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The service of that project.") \
	X(STATE, "state", SCALAR, WORD, "running|exited|restarting|created|paused|dead", \
		NOTHING, 0, OPTIONAL, 1, "Default: running.") \
	X(HEALTH, "health", SCALAR, WORD, "healthy|unhealthy|starting|none", NOTHING, 0, \
		OPTIONAL, 1, "Default: none.") \
	X(RESTARTS, "restarts", SCALAR, WHOLE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How often it was started again. Default: 0.")

#define KEYS_SCENE_EVENT(X) \
	X(AT, "at", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"So long after the beginning, or after the step is done.") \
	X(AFTER, "after", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Once this step is done.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only if that is the state then; all must hold, with * in the value.") \
	X(SET, "set", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What is different from then on.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Whom `fault` befalls: a host, or one machine of it.") \
	X(FAULT, "fault", SCALAR, WORD, \
		"none|refused|unreachable|no_such_host|busy|timeout|key_changed|denied|crashed", \
		NOTHING, 0, OPTIONAL, 1, \
		"The host cannot be reached from then on; none: it can again.")

#define KEYS_SCENE_HINT(X) \
	X(STEP, "step", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only at this step.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only while this is the state; all must hold, with * in the value.") \
	X(SAYS, "says", SCALAR, TEXT, NULL, NOTHING, 0, REQUIRED, 1, "The hint.")

#define KEYS_SCENE_GUIDE(X) \
	X(ON, "on", SCALAR, WORD, SCENE_PLACES, NOTHING, 0, REQUIRED, 1, \
		"Where it is said: a screen; running: the run while a step runs; a dialog; " \
		"over: the run is closed.") \
	X(STEP, "step", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only at this step.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Only while this is the state; all must hold, with * in the value.") \
	X(UNTIL, "until", SCALAR, WORD, SCENE_PLACES, NOTHING, 0, OPTIONAL, 1, \
		"Only until that was opened.") \
	X(SAYS, "says", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"The line; {ACTION} in it is the key of that action (handrail keys).")

#define KEYS_TESTS(X) \
	X(HANDRAIL_TEST, "handrail_test", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, 1, \
		"Number of the format. This version reads 1.") \
	X(CASES, "cases", OBJECTS, TEXT, NULL, TEST_CASE, 0, REQUIRED, 1, \
		"Walks through the runbook.")

#define KEYS_TEST_CASE(X) \
	X(NAME, "name", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"What is shown by it.") \
	X(SCENARIO, "scenario", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The scenario, from this file. Default: ../scenarios/NAME.yaml.") \
	X(INPUTS, "inputs", VALUES, ANY, NULL, ANSWER_FROM, 0, OPTIONAL, 1, \
		"Values of inputs, as in an answers file.") \
	X(STEPS, "steps", TABLE, TEXT, NULL, ANSWER, 0, OPTIONAL, 1, \
		"Answers to steps, as in an answers file.") \
	X(END, "end", SCALAR, WORD, "ok|failed|open", NOTHING, 0, REQUIRED, 1, \
		"How the run ends; open: it waits for somebody.") \
	X(AT, "at", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The step at which it stays open; needed with end: open.") \
	X(OUTCOMES, "outcomes", PAIRS, WORD, \
		"todo|done|failed|skipped|unknown|not-needed", NOTHING, 0, OPTIONAL, 1, \
		"How these steps end.") \
	X(SOLVED, "solved", SCALAR, BOOL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Whether the scenario is solved at the end.") \
	X(WRONG, "wrong", SCALAR, WHOLE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How many wrong turns were taken.")

#endif
