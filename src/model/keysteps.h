#ifndef MODEL_KEYSTEPS_H
#define MODEL_KEYSTEPS_H

/* The second half of the list of keys: steps, handrail.yaml, answers, themes,
 * key bindings. See keylist.h. */

/* Kinds of steps, as bits. */
#define K(kind) (1u << STEP_##kind)
#define K_ACT   (K(RUN) | K(SQL) | K(HTTP) | K(COPY))

/* The first rows, down to SECTION, name the kind of the step. */
#define KEYS_STEP(X) \
	X(DO, "do", SCALAR, TEXT, NULL, NOTHING, K(DO), OPTIONAL, 1, \
		"A person acts and ticks; the text says what to do.") \
	X(RUN, "run", SCALAR, SHELL, NULL, NOTHING, K(RUN), OPTIONAL, 1, \
		"Shell text, run as one script on a host.") \
	X(SQL, "sql", SCALAR, SQL, NULL, NOTHING, K(SQL), OPTIONAL, 1, \
		"Statements in one transaction.") \
	X(HTTP, "http", OBJECT, TEXT, NULL, HTTP, K(HTTP), OPTIONAL, 1, \
		"A request. One that changes something and whose reply is lost is unknown.") \
	X(COPY, "copy", OBJECT, TEXT, NULL, COPY, K(COPY), OPTIONAL, 1, \
		"A file to or from a host: written aside, synced, renamed; its sha256 must be the " \
		"same at both ends.") \
	X(CHECK, "check", SCALAR | LIST, PROBE, NULL, NOTHING, K(CHECK), OPTIONAL, 1, \
		"Probes that must hold.") \
	X(SOAK, "soak", SCALAR | LIST, PROBE, NULL, NOTHING, K(SOAK), OPTIONAL, 1, \
		"Probes that must hold for a time.") \
	X(WATCH, "watch", SCALAR | LIST, LINE, NULL, NOTHING, K(WATCH), OPTIONAL, 1, \
		"A log of this file or a command, or several, that a person looks at. It is ended " \
		"by what that person says of it, by `for` or by `expect`, and holds up no later " \
		"step while it runs.") \
	X(WAIT, "wait", SCALAR, DURATION, NULL, NOTHING, K(WAIT), OPTIONAL, 1, \
		"Waits so long.") \
	X(UNTIL, "until", SCALAR, TIME, NULL, NOTHING, K(WAIT), OPTIONAL, 1, \
		"Waits until then: a moment, or the next time it is that late; in UTC, or as a clock " \
		"of the zone behind it shows; a value may say it, as ${name}.") \
	X(ASK, "ask", SCALAR, NAME, NULL, NOTHING, K(ASK), OPTIONAL, 1, \
		"Asks for an input here and not at the start.") \
	X(NOTIFY, "notify", SCALAR, TEXT, NULL, NOTHING, K(NOTIFY), OPTIONAL, 1, \
		"Tells others.") \
	X(CHOOSE, "choose", SCALAR, LINE, NULL, NOTHING, K(CHOOSE), OPTIONAL, 1, \
		"A question whose answer decides where to go on.") \
	X(CALL, "call", SCALAR, PATH, NULL, NOTHING, K(CALL), OPTIONAL, 1, \
		"Another runbook, whose steps follow here.") \
	X(SIGNOFF, "signoff", SCALAR, LINE, NULL, NOTHING, K(SIGNOFF), OPTIONAL, 1, \
		"A signature by this role.") \
	X(SCHEDULE, "schedule", OBJECTS, TEXT, NULL, SCHEDULE, K(SCHEDULE), OPTIONAL, 1, \
		"What is owed after the run.") \
	X(SECTION, "section", SCALAR, LINE, NULL, NOTHING, K(SECTION), OPTIONAL, 1, \
		"A heading; the steps below it belong to it.") \
	X(ID, "id", SCALAR, ID, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Name of the step in the record. Default: from the title.") \
	X(TITLE, "title", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The line in the list of steps. Default: the first line of its text.") \
	X(WHY, "why", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, "Why it is done.") \
	X(WHEN, "when", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Conditions that must all hold: env, input.NAME and step.ID, with * in the value. A " \
		"step is todo, done, failed, skipped, unknown or not-needed, a choose step also " \
		"what was answered.") \
	X(NEEDS, "needs", SCALAR | LIST, STEP, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Steps that must be done before.") \
	X(OPENS, "opens", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The log or pane that helps here.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Where. Needed by what runs, if the file has hosts.") \
	X(LINKS, "links", PAIRS, URL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Pages that help here.") \
	X(EXPLAIN, "explain", SCALAR | OBJECTS, TEXT, NULL, EXPLAIN, 0, OPTIONAL, 1, \
		"What the parts of the command do, for learners.") \
	X(SAMPLE, "sample", SCALAR | OBJECT, PATH, NULL, SAMPLE, 0, OPTIONAL, 1, \
		"Recorded output, for practice.") \
	X(SOURCE, "source", OBJECT, TEXT, NULL, STEP_SOURCE, 0, OPTIONAL, 1, \
		"Where on the imported page it stood.") \
	X(EVIDENCE, "evidence", SCALAR, WORD, "text|link|value|file", NOTHING, K(DO), \
		OPTIONAL, 1, "What a tick must bring along.") \
	X(AS, "as", SCALAR, LABEL, NULL, NOTHING, K(RUN) | K(COPY) | K(WATCH), OPTIONAL, \
		1, "The user it runs as, through sudo; of a copy, on every host.") \
	X(DIR, "dir", SCALAR, PATH, NULL, NOTHING, K(RUN) | K(WATCH), OPTIONAL, 1, \
		"The folder it starts in.") \
	X(ENV, "env", PAIRS, ANY, NULL, NOTHING, K(RUN), OPTIONAL, 1, \
		"Further variables of its environment.") \
	X(TTY, "tty", SCALAR, BOOL, NULL, NOTHING, K(RUN), OPTIONAL, 1, \
		"It needs a terminal.") \
	X(SHELL, "shell", SCALAR, LINE, NULL, NOTHING, K(RUN) | K(WATCH), OPTIONAL, 1, \
		"Its interpreter. Default: bash -euo pipefail, else sh -eu.") \
	X(SAVE, "save", PAIRS, LINE, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"Values kept for later steps: output, or a JSON pointer into it.") \
	X(EACH, "each", SCALAR | LIST, LINE, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"Repeats the step with ${each} set to one after the other.") \
	X(RETRIES, "retries", OBJECT, TEXT, NULL, RETRIES, K_ACT, OPTIONAL, 1, \
		"Tries again after a failure.") \
	X(RISK, "risk", SCALAR, WORD, "none|moderate|hard|severe", NOTHING, K_ACT, \
		OPTIONAL, 1, \
		"Default: moderate, of a GET, HEAD or OPTIONS none: a read-only look without " \
		"a job or an undo.") \
	X(CONFIRM, "confirm", SCALAR, LINE, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"The phrase a person types; a severe one must hold ${host}.") \
	X(TWO_PERSON, "two_person", SCALAR, BOOL, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"Somebody else than who runs it signs for each start, host by host, with a key " \
		"of the roster; see handrail-runbook(5), Two people.") \
	X(BEFORE, "before", SCALAR | LIST, PROBE, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"Probes that must hold before it starts, and again before each further host.") \
	X(UNDO, "undo", SCALAR | OBJECT, SHELL, NULL, UNDO, K_ACT, OPTIONAL, 1, \
		"The way back: shell text.") \
	X(IRREVERSIBLE, "irreversible", SCALAR, TEXT, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"Why there is no way back.") \
	X(TIMEOUT, "timeout", SCALAR, DURATION, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"After that it is late and a person is asked.") \
	X(KILL_AFTER, "kill_after", SCALAR, DURATION, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"After that it is ended without asking.") \
	X(SERIAL, "serial", SCALAR, COUNT, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"So many hosts of a group at a time.") \
	X(BATCH, "batch", SCALAR, PERCENT, NULL, NOTHING, K_ACT, OPTIONAL, 1, \
		"One host first, then such a part of the group at a time, each when the last is through.") \
	X(MAX_FAILURES, "max_failures", SCALAR, WHOLE, NULL, NOTHING, K_ACT, OPTIONAL, \
		1, "Goes on with the other hosts up to so many failures.") \
	X(ON_FAILURE, "on_failure", SCALAR, STEP, NULL, NOTHING, \
		K_ACT | K(CHECK) | K(SOAK) | K(WATCH), OPTIONAL, 1, \
		"stop, ask, or the step to go on with. Default: stop.") \
	X(EXPECT, "expect", EXPECT, TEST, NULL, EXPECT, K_ACT | K(WATCH), OPTIONAL, 1, \
		"What good looks like. A watch ends as soon as it holds.") \
	X(WARN, "warn", EXPECT, TEST, NULL, EXPECT, K_ACT, OPTIONAL, 1, \
		"A narrower expectation; broken it is WARN and blocks nothing.") \
	X(SERVICE, "service", SCALAR, LABEL, NULL, NOTHING, K(SQL), OPTIONAL, 1, \
		"A service of pg_service.conf.") \
	X(DSN, "dsn", SCALAR, NAME, NULL, NOTHING, K(SQL), OPTIONAL, 1, \
		"The secret input that holds the connection string.") \
	X(VERIFY, "verify", SCALAR, SQL, NULL, NOTHING, K(SQL), OPTIONAL, 1, \
		"A query that tells whether it happened, when the reply was lost.") \
	X(WITHIN, "within", SCALAR, DURATION, NULL, NOTHING, K(CHECK), OPTIONAL, 1, \
		"Looks again and again for so long before it fails.") \
	X(FOR, "for", SCALAR, DURATION, NULL, NOTHING, K(SOAK) | K(WATCH), OPTIONAL, 1, \
		"How long; a watch at most.") \
	X(EVERY, "every", SCALAR, DURATION, NULL, NOTHING, K(SOAK) | K(CHECK), OPTIONAL, \
		1, "How often it looks.") \
	X(ABORT, "abort", SCALAR | LIST, PROBE, NULL, NOTHING, K(SOAK), OPTIONAL, 1, \
		"Probes whose failure ends it at once.") \
	X(OPTIONS, "options", OBJECTS, TEXT, NULL, OPTION, K(CHOOSE), OPTIONAL, 1, \
		"The answers; two or more.") \
	X(WITH, "with", PAIRS, ANY, NULL, NOTHING, K(CALL), OPTIONAL, 1, \
		"Values for the inputs of the called runbook.") \
	X(SAYS, "says", SCALAR, TEXT, NULL, NOTHING, K(SIGNOFF), OPTIONAL, 1, \
		"The sentence that is signed.") \
	X(NOT, "not", SCALAR | LIST, LINE, NULL, NOTHING, K(SIGNOFF), OPTIONAL, 1, \
		"runner, or roles whose signer may not sign here too.") \
	X(COUNT, "count", SCALAR, COUNT, NULL, NOTHING, K(SIGNOFF), OPTIONAL, 1, \
		"So many different people. Default: 1.") \
	X(AFTER, "after", SCALAR | LIST, LINE, NULL, NOTHING, K(SIGNOFF), OPTIONAL, 1, \
		"Roles that must have signed before.") \
	X(CHANGED, "changed", SCALAR, PROBE, NULL, NOTHING, K(SIGNOFF), OPTIONAL, 1, \
		"A git probe with from and to: it is signed only where that finds a change, and " \
		"nobody signs before it has looked; see handrail-runbook(5), What changed.")

/* Rows of KEYS_STEP that name a kind. */
enum { KEYS_STEP_KINDS = 17 };

#define KEYS_STEP_SOURCE(X) \
	X(LINE, "line", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, 1, \
		"Line of the page.") \
	X(KIND, "kind", SCALAR, WORD, "task|ordered|fence|heading|item|table|text", \
		NOTHING, 0, OPTIONAL, 1, "What stood there.")

#define KEYS_UNDO(X) \
	X(RUN, "run", SCALAR, SHELL, NULL, NOTHING, 0, REQUIRED, 1, "The shell text.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Default: the step's.") \
	X(RISK, "risk", SCALAR, WORD, "none|moderate|hard|severe", NOTHING, 0, OPTIONAL, \
		1, "Default: moderate.") \
	X(EXPECT, "expect", EXPECT, TEST, NULL, EXPECT, 0, OPTIONAL, 1, \
		"Default: exit 0.")

#define KEYS_RETRIES(X) \
	X(TIMES, "times", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, 1, \
		"How often at most.") \
	X(WAIT, "wait", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Pause between them.")

#define KEYS_HTTP(X) \
	X(METHOD, "method", SCALAR, WORD, "GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE", \
		NOTHING, 0, OPTIONAL, 1, "Default: GET.") \
	X(URL, "url", SCALAR, URL, NULL, NOTHING, 0, REQUIRED, 1, "Where to.") \
	X(HEADERS, "headers", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Headers sent.") \
	X(BODY, "body", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, "Body sent.")

#define KEYS_COPY(X) \
	X(FROM, "from", SCALAR, PATH, NULL, NOTHING, 0, REQUIRED, 1, \
		"[HOST:]PATH of one file. Without a host it is on this machine, and a relative " \
		"one is looked for beside the runbook.") \
	X(TO, "to", SCALAR, PATH, NULL, NOTHING, 0, REQUIRED, 1, \
		"[HOST:]PATH of its new place. What stands there is replaced.") \
	X(MODE, "mode", SCALAR, MODE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Octal. Default: 0600.")

#define KEYS_OPTION(X) \
	X(LABEL, "label", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, "The answer.") \
	X(SAYS, "says", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, "What it means.") \
	X(GOTO, "goto", SCALAR, STEP, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The step to go on with. Default: the next.")

#define KEYS_SCHEDULE(X) \
	X(TITLE, "title", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, "What is owed.") \
	X(DUE, "due", SCALAR, SPAN, NULL, NOTHING, 0, REQUIRED, 1, \
		"How long after the step: 1h, 7d, 1w, 1mo, 1y; from a day on also the time " \
		"of day and its zone, as 1w 09:00 Europe/Berlin.") \
	X(EVERY, "every", SCALAR, SPAN, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Again and again, counted from when it was due first.") \
	X(CHECK, "check", SCALAR | LIST, PROBE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Probes that settle it.") \
	X(ROLE, "role", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Who owes it, and says at the end that it is done.")

#define KEYS_FREEZE(X) \
	X(FROM, "from", SCALAR, MINUTE, NULL, NOTHING, 0, REQUIRED, 1, \
		"When it begins, as \"2026-12-18 17:00\".") \
	X(UNTIL, "until", SCALAR, MINUTE, NULL, NOTHING, 0, REQUIRED, 1, \
		"When it ends.") \
	X(ZONE, "zone", SCALAR, ZONE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Whose clock that is, as Europe/Berlin. Default: UTC.") \
	X(WHY, "why", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Shown to whoever is refused.")

#define KEYS_EXPLAIN(X) \
	X(PART, "part", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"A part of the command.") \
	X(TEXT, "text", SCALAR, TEXT, NULL, NOTHING, 0, REQUIRED, 1, "What it does.")

#define KEYS_SAMPLE(X) \
	X(FILE, "file", SCALAR, PATH, NULL, NOTHING, 0, REQUIRED, 1, "The recording.") \
	X(SPEED, "speed", SCALAR, NUMBER, NULL, NOTHING, 0, OPTIONAL, 1, "Default: 1.")

/* Forms of a test in an expectation that are a mapping. */
#define KEYS_TEST(X) \
	X(CONTAINS, "contains", SCALAR, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Has this text in it.") \
	X(MATCHES, "matches", SCALAR, PATTERN, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Matches this PCRE2 pattern, anywhere.") \
	X(NOT, "not", TEST, TEST, NULL, TEST, 0, OPTIONAL, 1, "The test must not hold.") \
	X(ANY, "any", TEST, TEST, NULL, TEST, 0, OPTIONAL, 1, \
		"One element of the list holds it.") \
	X(ALL, "all", TEST, TEST, NULL, TEST, 0, OPTIONAL, 1, \
		"Every element holds it; an empty list is unknown.") \
	X(ABSENT, "absent", SCALAR, BOOL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Is not there.") \
	X(RISING, "rising", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Has grown over this time.") \
	X(FALLING, "falling", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Has fallen over this time.")

#define KEYS_PROJECT(X) \
	X(HANDRAIL_PROJECT, "handrail_project", SCALAR, COUNT, NULL, NOTHING, 0, \
		REQUIRED, 1, "Number of the format. This version reads 1.") \
	X(NAME, "name", SCALAR, LABEL, NULL, NOTHING, 0, REQUIRED, 1, \
		"Name of the project.") \
	X(RUNBOOKS, "runbooks", SCALAR | LIST, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Folders with runbooks, seen from this file. Default: runbooks.") \
	X(ENVIRONMENTS, "environments", TABLE, TEXT, NULL, ENVIRONMENT, 0, OPTIONAL, 1, \
		"Where runbooks may run, by name; `practice` is what scenarios are in.") \
	X(ROLES, "roles", LISTS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Who may sign as what: a list of principals of allowed_signers for each role.") \
	X(ALLOWED_SIGNERS, "allowed_signers", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, \
		1, "The keys of the principals, in the format of ssh-keygen.") \
	X(MAY, "may", GRANTS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Which roles may arm runs where, as {arm: {production: [SRE]}}; what it names " \
		"observes until it is armed. Advisory: the rights on the hosts decide.") \
	X(PROBES, "probes", TABLE, TEXT, NULL, PROBE, 0, OPTIONAL, 1, \
		"Probes every runbook of the project knows.") \
	X(NOTIFY, "notify", OBJECTS, TEXT, NULL, NOTIFY, 0, OPTIONAL, 1, \
		"Whom runs tell of themselves, by webhook.") \
	X(STORE, "store", OBJECT, TEXT, NULL, STORE, 0, OPTIONAL, 1, \
		"What several machines share.")

#define KEYS_NOTIFY(X) \
	X(URL, "url", SCALAR | OBJECT, URL, NULL, ANSWER_FROM, 0, REQUIRED, 1, \
		"Where the notice is posted; as {env: NAME} or {file: PATH} where it is a secret.") \
	X(FORMAT, "format", SCALAR, WORD, "json|slack", NOTHING, 0, OPTIONAL, 1, \
		"How it is written. Default: json, an object with all that is known.") \
	X(ON, "on", SCALAR | LIST, WORD, "start|needs|failed|signed|closed", NOTHING, 0, \
		OPTIONAL, 1, \
		"What is told: the run begins, it needs a person, a step failed, somebody " \
		"signed or declined, the run is closed. Default: all. What a notify step says " \
		"is always told.") \
	X(ENVIRONMENTS, "environments", SCALAR | LIST, LABEL, NULL, NOTHING, 0, \
		OPTIONAL, 1, "Only of runs there. Default: all.")

#define KEYS_ENVIRONMENT(X) \
	X(BADGE, "badge", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The word shown on every screen. Default: the name.") \
	X(HOSTS, "hosts", TABLE, TEXT, NULL, HOST, 0, OPTIONAL, 1, \
		"Its machines, by name.") \
	X(INPUTS, "inputs", PAIRS, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Values that are the same for all runs here.") \
	X(WINDOWS, "windows", SCALAR | LIST, WINDOW, NULL, NOTHING, 0, OPTIONAL, 1, \
		"When what changes something may be started here, as \"Mon-Thu 09:00-17:00 " \
		"Europe/Berlin\". None: always. Without a zone: UTC.") \
	X(FREEZES, "freezes", OBJECTS, TEXT, NULL, FREEZE, 0, OPTIONAL, 1, \
		"When nothing of it may, whatever the windows say.") \
	X(BURSTS, "bursts", SCALAR | LIST, URL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Servers that burst probes may hit, as https://host:port; no others are.")

#define KEYS_STORE(X) \
	X(POSTGRES, "postgres", OBJECT, TEXT, NULL, POSTGRES, 0, OPTIONAL, 1, \
		"The database that mirrors the record.") \
	X(REDIS, "redis", SCALAR, URL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The server that carries presence and the live feed.")

#define KEYS_POSTGRES(X) \
	X(SERVICE, "service", SCALAR, LABEL, NULL, NOTHING, 0, REQUIRED, 1, \
		"A service of pg_service.conf.")

#define KEYS_ANSWERS(X) \
	X(ANSWERS, "answers", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, 1, \
		"Number of the format. This version reads 1.") \
	X(INPUTS, "inputs", VALUES, ANY, NULL, ANSWER_FROM, 0, OPTIONAL, 1, \
		"Values of inputs; a secret only as env or file.") \
	X(STEPS, "steps", TABLE, TEXT, NULL, ANSWER, 0, OPTIONAL, 1, \
		"Answers by the id or number of the step.")

#define KEYS_ANSWER_FROM(X) \
	X(ENV, "env", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A variable of the environment.") \
	X(FILE, "file", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A file on this machine.")

#define KEYS_ANSWER(X) \
	X(TICK, "tick", SCALAR, WORD, "done|skip|na|by-hand|failed", NOTHING, 0, \
		OPTIONAL, 1, "What the person at the keyboard would have said.") \
	X(EVIDENCE, "evidence", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What the tick brings along.") \
	X(NOTE, "note", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A remark for the record.") \
	X(REASON, "reason", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Needed by every tick but done.") \
	X(CONFIRM, "confirm", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The phrase of the step, filled in.") \
	X(CHOOSE, "choose", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The label of the option, or the step it goes to.") \
	X(VALUE, "value", SCALAR, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The answer to an ask step.")

#define KEYS_THEME(X) \
	X(HANDRAIL_THEME, "handrail_theme", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, \
		1, "Number of the format. This version reads 1.") \
	X(NAME, "name", SCALAR, ID, NULL, NOTHING, 0, REQUIRED, 1, \
		"What --theme takes; the name of the file without .yaml.") \
	X(BACKGROUND, "background", SCALAR, WORD, "dark|light", NOTHING, 0, OPTIONAL, 1, \
		"What the page is like. Default: dark.") \
	X(CONTRAST, "contrast", SCALAR, WORD, "normal|high", NOTHING, 0, OPTIONAL, 1, \
		"What handrail theme check asks for: 4.5 to 1, or 7 to 1. Default: normal.") \
	X(EXTENDS, "extends", SCALAR, WORD, "terminal|nothing", NOTHING, 0, OPTIONAL, 1, \
		"Where roles that are not here, and levels a role leaves out, come from. " \
		"Default: terminal.") \
	X(VARS, "vars", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Colours by name, for use as $name.") \
	X(ROLES, "roles", TABLE, TEXT, NULL, LOOK, 0, OPTIONAL, 1, \
		"How each role looks, by its name.")

#define KEYS_LOOK(X) \
	X(FG, "fg", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Letters: #rrggbb, $name or default. Default: those of the role text.") \
	X(BG, "bg", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Ground: #rrggbb, $name or default. Default: that of the role text.") \
	X(ATTR, "attr", SCALAR | LIST, WORD, "normal|bold|dim|underline|reverse", \
		NOTHING, 0, OPTIONAL, 1, \
		"Attributes beside the colours. Default: normal.") \
	X(C256, "c256", SCALAR | LIST, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Letters and ground as numbers from 16 to 255 or default, where there are 256 " \
		"colours. Default: the nearest to fg and bg.") \
	X(C16, "c16", SCALAR | LIST, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Letters and ground by the names of the sixteen colours, both or default. " \
		"Never made from other colours.") \
	X(MONO, "mono", SCALAR | LIST, WORD, "normal|bold|dim|underline|reverse", \
		NOTHING, 0, OPTIONAL, 1, "Attributes where the role has no colours.")

#define KEYS_BINDINGS(X) \
	X(HANDRAIL_KEYS, "handrail_keys", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, 1, \
		"Number of the format. This version reads 1.") \
	X(KEYS, "keys", LISTS, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"The keys of an action, by its name; they take the place of the built-in ones.")

#define KEYS_SETTINGS(X) \
	X(HANDRAIL_CONFIG, "handrail_config", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, \
		1, "Number of the format. This version reads 1.") \
	X(UI, "ui", OBJECT, TEXT, NULL, UI, 0, OPTIONAL, 1, "How the console behaves.") \
	X(ANCHOR, "anchor", OBJECT, TEXT, NULL, ANCHOR, 0, OPTIONAL, 1, \
		"Who else is given the heads of the record.") \
	X(COMMANDS, "commands", PAIRS, SHELL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Shell text by name, run on this machine; what it prints is the secret of an " \
		"input `from: {command: NAME}`.")

#define KEYS_ANCHOR(X) \
	X(COMMAND, "command", SCALAR, SHELL, NULL, NOTHING, 0, REQUIRED, 1, \
		"What is run on this machine with RUN SEQ HEAD as a line on its input; exit 0 " \
		"says that it holds this head.")

#define KEYS_UI(X) \
	X(NOTIFY, "notify", SCALAR, WORD, "bell|osc9|off", NOTHING, 0, OPTIONAL, 1, \
		"How it asks for attention: the bell of the terminal, a notice of the desktop " \
		"by OSC 9 where the terminal knows that, or not at all. Default: bell.")

#endif
