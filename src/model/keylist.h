#ifndef MODEL_KEYLIST_H
#define MODEL_KEYLIST_H

/*
 * Every key a person may write in a runbook, in handrail.yaml and in an answers file: the
 * one list behind the loader, "did you mean", the JSON Schema and the tables of
 * handrail-runbook(5) and handrail-config(5). Add a key here and in the reader of its
 * context; `make man-update` renews the manual pages.
 *
 * Row: X(id, name, shapes, value, words, of, kinds, need, since, help)
 *   shapes  what may stand there, of enum key_shape, combined
 *   value   grammar of its scalars, enum key_value
 *   words   KEY_WORD: the words, separated by |; otherwise NULL
 *   of      context of the mappings inside, enum key_context
 *   kinds   step or probe kinds that know the key; 0: all
 *   since   number of the format that brought it
 */

#define KEYS_RUNBOOK(X) \
	X(HANDRAIL, "handrail", SCALAR, COUNT, NULL, NOTHING, 0, REQUIRED, 1, \
		"Number of the format. This version reads 1.") \
	X(TITLE, "title", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"What the runbook achieves, as it stands in lists.") \
	X(KIND, "kind", SCALAR, WORD, \
		"checklist|deploy|migration|rollback|restore|incident|maintenance|smoke|onboarding", \
		NOTHING, 0, OPTIONAL, 1, "What sort of work it is. Default: checklist.") \
	X(WHY, "why", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"When and why a person would do this.") \
	X(OWNER, "owner", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Who keeps it true.") \
	X(REVIEWED, "reviewed", OBJECT, TEXT, NULL, REVIEWED, 0, OPTIONAL, 1, \
		"When it was last walked or read, and how long that holds.") \
	X(CONTACTS, "contacts", PAIRS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Whom to reach, and where.") \
	X(LINKS, "links", PAIRS, URL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Pages worth having open.") \
	X(ALIASES, "aliases", SCALAR | LIST, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Other words people search it by.") \
	X(TAGS, "tags", SCALAR | LIST, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Words to group by.") \
	X(ENVIRONMENTS, "environments", SCALAR | LIST, LABEL, NULL, NOTHING, 0, \
		OPTIONAL, 1, \
		"Environments of handrail.yaml it may run in. Default: all.") \
	X(INPUTS, "inputs", TABLE, TEXT, NULL, INPUT, 0, OPTIONAL, 1, \
		"Values asked or fetched, by name. In shell text they are environment variables.") \
	X(HOSTS, "hosts", TABLE, TEXT, NULL, HOST, 0, OPTIONAL, 1, \
		"Machines it concerns, by the names its steps use.") \
	X(PROBES, "probes", TABLE, TEXT, NULL, PROBE, 0, OPTIONAL, 1, \
		"Looks at something, judged by an expectation, by name.") \
	X(LOGS, "logs", TABLE, TEXT, NULL, LOG, 0, OPTIONAL, 1, \
		"Logs to follow, by name.") \
	X(CONTAINERS, "containers", OBJECTS, TEXT, NULL, CONTAINERS, 0, OPTIONAL, 1, \
		"Groups of containers to show.") \
	X(ROLES, "roles", LISTS, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Who may sign as what: a list of principals for each role.") \
	X(STEPS, "steps", OBJECTS, TEXT, NULL, STEP, 0, REQUIRED, 1, \
		"What to do, in order.") \
	X(ROLLBACK, "rollback", SCALAR | OBJECTS, LINE, NULL, STEP, 0, OPTIONAL, 1, \
		"The runbook that leads back, or the steps that do. They are not part of the way " \
		"on: words of their own begin them.") \
	X(SOURCE, "source", OBJECT, TEXT, NULL, SOURCE, 0, OPTIONAL, 1, \
		"The page it was imported from.")

#define KEYS_SOURCE(X) \
	X(FILE, "file", SCALAR, LINE, NULL, NOTHING, 0, REQUIRED, 1, \
		"Name of the page, without its folder.") \
	X(SHA256, "sha256", SCALAR, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Digest of the page as it was read.")

#define KEYS_REVIEWED(X) \
	X(LAST, "last", SCALAR, DATE, NULL, NOTHING, 0, REQUIRED, 1, \
		"Day of the last review.") \
	X(EVERY, "every", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How long a review holds; after that the runbook is marked as due.")

#define KEYS_INPUT(X) \
	X(ASK, "ask", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, "The question.") \
	X(TYPE, "type", SCALAR, WORD, "text|number|choice|multi|version|date|file", \
		NOTHING, 0, OPTIONAL, 1, \
		"What an answer must be; see handrail-runbook(5), Answers. Default: choice with " \
		"choices, else text.") \
	X(DEFAULT, "default", SCALAR, ANY, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Offered as the answer.") \
	X(PATTERN, "pattern", SCALAR, PATTERN, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What a text must match (PCRE2).") \
	X(CHOICES, "choices", SCALAR | LIST, SHELL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A shell command whose lines are offered, or the list itself.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Where the command of choices runs. Default: this machine.") \
	X(SECRET, "secret", SCALAR, BOOL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Never shown, never in the record.") \
	X(FROM, "from", SCALAR | OBJECT, WORD, "ask", FROM, 0, OPTIONAL, 1, \
		"Where a secret comes from.")

#define KEYS_FROM(X) \
	X(ENV, "env", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A variable of the operator's environment.") \
	X(FILE, "file", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A file on this machine.") \
	X(COMMAND, "command", SCALAR, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A command by the name it has in the operator's own configuration.")

#define KEYS_HOST(X) \
	X(SSH, "ssh", SCALAR | LIST, ALIAS, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What ssh calls it; several make a group.") \
	X(LOCAL, "local", SCALAR, BOOL, NULL, NOTHING, 0, OPTIONAL, 1, "This machine.") \
	X(SIM, "sim", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A scenario that plays the host, for practice and tests.") \
	X(TRANSPORT, "transport", SCALAR, WORD, "auto|libssh2|openssh", NOTHING, 0, \
		OPTIONAL, 1, \
		"How it is reached. Default: auto, which is libssh2 where it can serve and the system ssh elsewhere; handrail doctor --host and the plan page say which and why.") \
	X(JOB_DIR, "job_dir", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Where jobs are kept on the host when there is no writable home.")

/* Kinds of probes, as bits. */
#define P(kind) (1u << PROBE_##kind)
#define P_WEB   (P(HTTP) | P(BURST) | P(CORS))
#define P_CERT  (P_TLS | P(SQL)) /* who else takes certificates */
#define P_TLS   (P_WEB | P(TLS) | P(REDIS) | P(PROM) | P(METRICS) | P(CI))

#define KEYS_PROBE(X) \
	X(HTTP, "http", SCALAR, URL, NULL, NOTHING, P(HTTP), OPTIONAL, 1, \
		"A request; the URL.") \
	X(BURST, "burst", SCALAR, URL, NULL, NOTHING, P(BURST), OPTIONAL, 1, \
		"Several requests one after the other, as a rate limit sees them; the URL.") \
	X(CORS, "cors", SCALAR, URL, NULL, NOTHING, P(CORS), OPTIONAL, 1, \
		"A preflight request; the URL.") \
	X(TLS, "tls", SCALAR, LINE, NULL, NOTHING, P(TLS), OPTIONAL, 1, \
		"The certificate served at HOST:PORT.") \
	X(TCP, "tcp", SCALAR, LINE, NULL, NOTHING, P(TCP), OPTIONAL, 1, \
		"Whether HOST:PORT accepts connections.") \
	X(DNS, "dns", SCALAR, LINE, NULL, NOTHING, P(DNS), OPTIONAL, 1, \
		"What a name resolves to.") \
	X(COMMAND, "command", SCALAR, SHELL, NULL, NOTHING, P(COMMAND), OPTIONAL, 1, \
		"A read-only shell command.") \
	X(FILE, "file", SCALAR, PATH, NULL, NOTHING, P(FILE), OPTIONAL, 1, \
		"Files, with * and ?, on a host.") \
	X(PORT, "port", SCALAR, COUNT, NULL, NOTHING, P(PORT), OPTIONAL, 1, \
		"Whether something listens on a port of a host.") \
	X(ENV, "env", SCALAR | LIST, LINE, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"Variables of a container, a process or a file; values never leave the host.") \
	X(CONTAINER, "container", SCALAR, LINE, NULL, NOTHING, \
		P(CONTAINER) | P(ENV) | P(COMMAND) | P(FILE), OPTIONAL, 1, \
		"A container, or the container the look is made in.") \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, \
		P(HOST) | P(COMMAND) | P(FILE) | P(PORT) | P(ENV) | P(CONTAINER) | \
			P(CRON) | P(GIT), \
		OPTIONAL, 1, "The host looked at, or the host the look is made on.") \
	X(SQL, "sql", SCALAR, SQL, NULL, NOTHING, P(SQL), OPTIONAL, 1, \
		"A query in a read-only transaction.") \
	X(REDIS, "redis", SCALAR | LIST, LINE, NULL, NOTHING, P(REDIS), OPTIONAL, 1, \
		"A reading command, as a list of words.") \
	X(PROM, "prom", SCALAR, TEXT, NULL, NOTHING, P(PROM), OPTIONAL, 1, \
		"A PromQL query.") \
	X(METRICS, "metrics", SCALAR, LINE, NULL, NOTHING, P(METRICS), OPTIONAL, 1, \
		"A metric on a page of metrics.") \
	X(LOG, "log", SCALAR, LABEL, NULL, NOTHING, P(LOG), OPTIONAL, 1, \
		"A log of this runbook, by name.") \
	X(CRON, "cron", SCALAR, LINE, NULL, NOTHING, P(CRON), OPTIONAL, 1, \
		"A cron entry, by a part of its command.") \
	X(GIT, "git", SCALAR, PATH, NULL, NOTHING, P(GIT), OPTIONAL, 1, \
		"A working tree on a host.") \
	X(CI, "ci", SCALAR, URL, NULL, NOTHING, P(CI), OPTIONAL, 1, \
		"The state of a pipeline; the URL of its interface.") \
	X(EXPECT, "expect", EXPECT, TEST, NULL, EXPECT, 0, REQUIRED, 1, \
		"What good looks like; without it a probe proves nothing.") \
	X(WARN, "warn", EXPECT, TEST, NULL, EXPECT, 0, OPTIONAL, 1, \
		"A narrower expectation; broken it is WARN and blocks nothing.") \
	X(STEADY, "steady", SCALAR, COUNT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"So many good readings in a row. Default: 1.") \
	X(OF, "of", SCALAR, COUNT, NULL, NOTHING, 0, OPTIONAL, 1, \
		"So many readings are looked at: steady of them must be good.") \
	X(EVERY, "every", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How often it looks while shown or waited for. Default: 10s.") \
	X(TIMEOUT, "timeout", SCALAR, DURATION, NULL, NOTHING, 0, OPTIONAL, 1, \
		"How long one look may take. Default: 10s, or every if that is shorter.") \
	X(WHY, "why", SCALAR, TEXT, NULL, NOTHING, 0, OPTIONAL, 1, "What it tells.") \
	X(NEEDS, "needs", SCALAR | LIST, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Hosts or probes without which it can't be good: one dead parent is one alarm.") \
	X(THROUGH, "through", SCALAR, HOST, NULL, NOTHING, \
		P_TLS | P(TCP) | P(DNS) | P(SQL), OPTIONAL, 1, \
		"The host whose connection carries it; of several machines the first.") \
	X(METHOD, "method", SCALAR, WORD, "GET|HEAD|OPTIONS|POST", NOTHING, P_WEB, \
		OPTIONAL, 1, "Default: GET.") \
	X(HEADERS, "headers", PAIRS, LINE, NULL, NOTHING, \
		P_WEB | P(PROM) | P(METRICS) | P(CI), OPTIONAL, 1, "Headers sent.") \
	X(BODY, "body", SCALAR, TEXT, NULL, NOTHING, P_WEB, OPTIONAL, 1, "Body sent.") \
	X(CA, "ca", SCALAR, PATH, NULL, NOTHING, P_CERT, OPTIONAL, 1, \
		"Certificates trusted instead of the system's.") \
	X(CERT, "cert", SCALAR, PATH, NULL, NOTHING, P_CERT, OPTIONAL, 1, \
		"A certificate of our own.") \
	X(KEY, "key", SCALAR, PATH, NULL, NOTHING, P_CERT, OPTIONAL, 1, "Its key.") \
	X(PROXY, "proxy", SCALAR, URL, NULL, NOTHING, \
		P_WEB | P(PROM) | P(METRICS) | P(CI), OPTIONAL, 1, \
		"A proxy. Variables of the environment are never used.") \
	X(DOTENV, "dotenv", SCALAR, PATH, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"A file of NAME=VALUE lines that holds the variables.") \
	X(PROCESS, "process", SCALAR, LINE, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"The process that has the variables: its number or its program's name.") \
	X(EQUALS, "equals", PAIRS, ANY, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"Values they must have. NAME.host (scheme, user, port, path) is a part of a URL.") \
	X(LENGTHS, "lengths", PAIRS, COUNT, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"Bytes they must at least have; known defaults are refused.") \
	X(RANGES, "ranges", PAIRS, LINE, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"Numbers they must be, as LOW..HIGH.") \
	X(WITHOUT, "without", SCALAR | LIST, LINE, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"Variables that must not be set.") \
	X(REFUSED, "refused", SCALAR | LIST, LINE, NULL, NOTHING, P(ENV), OPTIONAL, 1, \
		"Values that none of them may have.") \
	X(ORIGIN, "origin", SCALAR, URL, NULL, NOTHING, P(CORS), OPTIONAL, 1, \
		"The origin that asks.") \
	X(TIMES, "times", SCALAR, COUNT, NULL, NOTHING, P(BURST), OPTIONAL, 1, \
		"How many requests, at most 1000. Default: 20.") \
	X(AT_ONCE, "at_once", SCALAR, COUNT, NULL, NOTHING, P(BURST), OPTIONAL, 1, \
		"How many of them at the same time, at most 8. Default: 1.") \
	X(COUNTS, "counts", SCALAR, COUNT, NULL, NOTHING, P(BURST), OPTIONAL, 1, \
		"The status that counts. Default: 429.") \
	X(NAME, "name", SCALAR, LINE, NULL, NOTHING, P(TLS), OPTIONAL, 1, \
		"The server's name when it differs from the host.") \
	X(RECORD, "record", SCALAR, WORD, "A|AAAA|CNAME|MX|TXT|NS|SRV|CAA", NOTHING, \
		P(DNS), OPTIONAL, 1, "The type of record. Default: A.") \
	X(SERVER, "server", SCALAR, LINE, NULL, NOTHING, P(DNS), OPTIONAL, 1, \
		"The name server asked.") \
	X(DISK, "disk", SCALAR, PATH, NULL, NOTHING, P(HOST), OPTIONAL, 1, \
		"The file system whose use is measured. Default: /.") \
	X(SERVICE, "service", SCALAR, LABEL, NULL, NOTHING, P(SQL), OPTIONAL, 1, \
		"A service of pg_service.conf.") \
	X(DSN, "dsn", SCALAR, NAME, NULL, NOTHING, P(SQL), OPTIONAL, 1, \
		"The secret input that holds the connection string.") \
	X(URL, "url", SCALAR, URL, NULL, NOTHING, P(REDIS) | P(PROM) | P(METRICS), \
		OPTIONAL, 1, "The server.") \
	X(MATCHES, "matches", SCALAR, PATTERN, NULL, NOTHING, P(LOG), OPTIONAL, 1, \
		"Lines that count (PCRE2).") \
	X(WITHIN, "within", SCALAR, DURATION, NULL, NOTHING, P(LOG) | P(BURST), \
		OPTIONAL, 1, "The window looked at.") \
	X(BRANCH, "branch", SCALAR, LINE, NULL, NOTHING, P(GIT) | P(CI), OPTIONAL, 1, \
		"The branch.") \
	X(FROM, "from", SCALAR, LINE, NULL, NOTHING, P(GIT), OPTIONAL, 1, \
		"With to: what changed is looked at, from this revision.") \
	X(TO, "to", SCALAR, LINE, NULL, NOTHING, P(GIT), OPTIONAL, 1, \
		"Up to this revision.") \
	X(PATHS, "paths", SCALAR | LIST, LINE, NULL, NOTHING, P(GIT), OPTIONAL, 1, \
		"Only changes of these files and folders count, with *, ** and ?.") \
	X(LINES, "lines", SCALAR, LINE, NULL, NOTHING, P(GIT), OPTIONAL, 1, \
		"Only files count in which a line that came or went fits this (extended " \
		"regular expression).") \
	X(DRAFT, "draft", SCALAR, BOOL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Written by an import and not yet promoted: only a step that names it looks.")

#define KEYS_LOG(X) \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Where it is. Default: this machine.") \
	X(CONTAINER, "container", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The output of a container.") \
	X(PATH, "path", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, "A file.") \
	X(UNIT, "unit", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, "A systemd unit.") \
	X(COMMAND, "command", SCALAR, SHELL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"What a command writes: only a look, it runs for as long as it is " \
		"followed.") \
	X(FORMAT, "format", SCALAR, WORD, "text|json|logfmt|nginx|postgres", NOTHING, 0, \
		OPTIONAL, 1, "How its lines are read. Default: text.")

#define KEYS_CONTAINERS(X) \
	X(HOST, "host", SCALAR, HOST, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Where they run. Default: this machine.") \
	X(PROJECT, "project", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"A compose project.") \
	X(NAME, "name", SCALAR, LINE, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Names, with * and ?.") \
	X(SERVICES, "services", SCALAR | LIST, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Services of the project that are to run.") \
	X(DIR, "dir", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"The folder on the host whose compose files say which services are to run.") \
	X(COMPOSE, "compose", SCALAR | LIST, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"These compose files instead of the usual ones.") \
	X(ENV_FILE, "env_file", SCALAR, PATH, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Values for the compose files, read on the host.") \
	X(PROFILES, "profiles", SCALAR | LIST, LABEL, NULL, NOTHING, 0, OPTIONAL, 1, \
		"Profiles of compose that are on.")

#endif
