/* logs: the console's logs for pipes and scripts, append only. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "app/logging.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/pattern.h"
#include "base/stamp.h"
#include "live/logparse.h"

enum {
	LINES_DEFAULT = 100,
	LINES_MOST = 1000 * 1000,
	LINES_SINCE = 100 * 1000, /* when a time is given and no number */
	TURN_MS = 100,
	PENDING_MOST = 2000, /* lines; the longest of them fit into the ring */
	BYTES_FOLLOW = 128 * 1024 * 1024,
	BYTES_MOST = 512 * 1024 * 1024,
};

struct shown {
	struct cmd *c;
	struct logging *g;
	struct logs *logs;
	struct pattern *grep;
	enum loglevel level;
	struct wall since; /* 0: any time */
	int64_t lines;
	bool json, follow, over;
	enum exit_code code;
	uint64_t printed; /* lines before this one were printed or dropped */
	uint64_t matched, skipped;
	struct link *asks;
	char *asked;
	bool echo;
};

/* ---- one line ---- */

static bool
is_wanted(struct shown *sh, const struct logline *l)
{
	if (l->flags & LOGLINE_NOTE)
		return true;
	return l->at_ms >= sh->since.ms && l->level >= sh->level &&
		(!sh->grep ||
			pattern_find(sh->grep, logstore_text(logs_store(sh->logs), l),
				l->len, NULL, NULL) == PATTERN_YES);
}

static void
line_json(struct shown *sh, const struct logline *l, struct jsonout *j)
{
	const struct logs_source *s = logs_source(sh->logs, l->source);
	char at[STAMP_BYTES];

	jsonout_open(j);
	jsonout_kstr(j, "time", stamp_wall((struct wall){l->at_ms}, at));
	jsonout_kstr(j, "host", s->host);
	jsonout_kstr(j, "source", s->name);
	jsonout_kstr(j, "level", loglevel_name((enum loglevel)l->level));
	jsonout_kstr(j, "text", logstore_text(logs_store(sh->logs), l));
	jsonout_key(j, "offset");
	if (l->offset >= 0)
		jsonout_int(j, l->offset);
	else
		jsonout_null(j);
	jsonout_kbool(j, "continues", l->flags & LOGLINE_CONTINUES);
	jsonout_kbool(j, "late", l->flags & LOGLINE_LATE);
	jsonout_kbool(j, "cut", l->flags & LOGLINE_CUT);
	jsonout_kbool(j, "note", l->flags & LOGLINE_NOTE);
	jsonout_close(j);
}

/* 2026-11-20T13:28:53.311Z web1 api ERROR text; ~ before what came late. */
static void
line_text(struct shown *sh, const struct logline *l, struct str *out)
{
	const struct logs_source *s = logs_source(sh->logs, l->source);
	char at[STAMP_BYTES], level[8] = "-";

	stamp_wall((struct wall){l->at_ms}, at);
	if (l->flags & LOGLINE_NOTE) {
		str_addf(out, "%s --- %s\n", at, logstore_text(logs_store(sh->logs), l));
		return;
	}
	if (l->flags & LOGLINE_CONTINUES)
		snprintf(level, sizeof level, "|");
	else if (l->level != LOGLEVEL_NONE)
		snprintf(level, sizeof level, "%s",
			loglevel_name((enum loglevel)l->level));
	for (char *p = level; *p && l->level >= LOGLEVEL_WARN; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
	str_addf(out, "%s%s %s %s %-5s %s%s\n", l->flags & LOGLINE_LATE ? "~" : "", at,
		s->host, s->name, level, logstore_text(logs_store(sh->logs), l),
		l->flags & LOGLINE_CUT ? " (cut)" : "");
}

/* A reader that went away ends it. */
static void
put(struct shown *sh, const struct str *s)
{
	if (fwrite(s->buf, 1, s->len, stdout) == s->len && fflush(stdout) == 0)
		return;
	sh->over = true;
	if (errno == EPIPE)
		clearerr(stdout);
	else
		sh->code = EXIT_CODE_INTERNAL;
}

static void
print_line(struct shown *sh, uint64_t seq)
{
	const struct logline *l = logstore_at(logs_store(sh->logs), seq);
	struct str out = STR_INIT;
	struct jsonout j;

	if (!is_wanted(sh, l))
		return;
	if (!(l->flags & LOGLINE_NOTE))
		sh->matched++;
	if (sh->json) {
		jsonout_init(&j, &out);
		line_json(sh, l, &j);
		str_addc(&out, '\n');
	} else {
		line_text(sh, l, &out);
	}
	put(sh, &out);
	str_release(&out);
}

/* ---- while it follows ---- */

/* What comes behind the hold cannot be put above what was printed: it is marked. */
static void
on_inserted(void *ctx, uint64_t seq)
{
	struct shown *sh = ctx;

	if (!sh->follow || seq >= sh->printed)
		return;
	sh->printed++;
	print_line(sh, seq);
}

static void
print_settled(struct shown *sh)
{
	struct now now = clock_now();
	uint64_t settled = logs_settled(sh->logs, &now);
	uint64_t first = logstore_first(logs_store(sh->logs));

	if (first > sh->printed) {
		sh->skipped += first - sh->printed;
		fprintf(stderr, "handrail: %llu lines came too fast and were left out\n",
			(unsigned long long)(first - sh->printed));
		sh->printed = first;
	}
	for (; sh->printed < settled && !sh->over; sh->printed++)
		print_line(sh, sh->printed);
}

/* A flood is printed before the ring would have to drop it, in order or not. */
static void
on_changed(void *ctx)
{
	struct shown *sh = ctx;
	uint64_t end = logstore_end(logs_store(sh->logs));

	if (!sh->follow || end - sh->printed < PENDING_MOST)
		return;
	for (; sh->printed < end && !sh->over; sh->printed++)
		print_line(sh, sh->printed);
}

static void
on_prompt(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct shown *sh = ctx;

	mem_free(sh->asked);
	sh->asks = l;
	sh->asked = mem_printf("%s: %s ", p->target, p->text);
	sh->echo = p->echo;
}

static void
answer(struct shown *sh)
{
	struct str line = STR_INIT;
	struct link *l = sh->asks;
	bool got = tty_is_person() &&
		tty_ask(sh->asked, sh->echo ? TTY_SHOWN : TTY_HIDDEN, &line);

	sh->asks = NULL;
	link_answer(l, got ? line.buf : NULL);
	mem_wipe(line.buf, line.len);
	str_release(&line);
}

static void
on_signal(void *ctx, int sig)
{
	struct shown *sh = ctx;

	sh->over = true;
	sh->code = sig == SIGINT ? EXIT_CODE_INT : EXIT_CODE_TERM;
}

static void
turn_until_over(struct shown *sh)
{
	struct loop_signal *on_int = loop_signal_new(sh->c->loop, SIGINT, on_signal, sh);
	struct loop_signal *on_term = loop_signal_new(
		sh->c->loop, SIGTERM, on_signal, sh);

	while (!sh->over) {
		loop_turn(sh->c->loop, TURN_MS);
		if (sh->asks)
			answer(sh);
		if (sh->follow)
			print_settled(sh);
		if (logging_over(sh->g))
			break;
	}
	loop_signal_free(on_int);
	loop_signal_free(on_term);
}

/* ---- once: all of it in order, when all is there ---- */

struct order {
	int64_t at_ms;
	uint16_t source;
	uint64_t seq;
};

static int
by_time(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void
sources_json(struct shown *sh, struct jsonout *j)
{
	jsonout_key(j, "sources");
	jsonout_open_array(j);
	for (size_t i = 0; i < logs_sources(sh->logs); i++) {
		const struct logs_source *s = logs_source(sh->logs, i);

		jsonout_open(j);
		jsonout_kstr(j, "host", s->host);
		jsonout_kstr(j, "name", s->name);
		jsonout_kstr(j, "state", logs_state_name(s->state));
		jsonout_kstr(j, "why", *s->why ? s->why : NULL);
		jsonout_kint(j, "lines", (int64_t)s->lines);
		jsonout_kint(j, "late", (int64_t)s->late);
		jsonout_kint(j, "cut_bytes", (int64_t)s->cut_bytes);
		jsonout_kint(j, "gaps", (int64_t)s->gaps);
		jsonout_kint(j, "clock_ahead_ms", s->offset_known ? s->offset_ms : 0);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
print_all(struct shown *sh)
{
	const struct logstore *store = logs_store(sh->logs);
	uint64_t first = logstore_first(store), n = logstore_end(store) - first;
	struct order *o = mem_array(n + 1, sizeof *o);
	struct str out = STR_INIT;
	struct jsonout j;

	for (uint64_t i = 0; i < n; i++) {
		const struct logline *l = logstore_at(store, first + i);
		o[i] = (struct order){l->at_ms, l->source, first + i};
	}
	qsort(o, n, sizeof *o, by_time);
	if (sh->json) {
		cmd_json_begin(&j, &out, "logs");
		jsonout_key(&j, "items");
		jsonout_open_array(&j);
	}
	for (uint64_t i = 0; i < n && !sh->over; i++) {
		const struct logline *l = logstore_at(store, o[i].seq);

		if (!sh->json) {
			print_line(sh, o[i].seq);
		} else if (is_wanted(sh, l)) {
			line_json(sh, l, &j);
			sh->matched += !(l->flags & LOGLINE_NOTE);
		}
	}
	if (sh->json) {
		jsonout_close_array(&j);
		sources_json(sh, &j);
		cmd_json_end(&j, &out);
	}
	mem_free(o);
}

/* ---- what was asked for ---- */

/* Sources on the command line, as a runbook that nobody wrote. */
static struct runbook *
runbook_of_words(struct cmd *c, struct err *e)
{
	const char *host = c->args->opt[OPT_HOST];
	struct runbook *rb = runbook_new();

	if (host && !str_eq(host, "local")) {
		struct host *h = vec_add(&rb->hosts.list);
		struct target *t = vec_add(&rb->targets.list);

		*h = (struct host){
			.name = mem_strdup(host), .via = HOST_SSH, .target_count = 1};
		*t = (struct target){.id = mem_strdup(host)};
	}
	for (size_t i = 0; i < c->args->words.list.len; i++) {
		const char *word = c->args->words.list.at[i];

		if (!logging_is_source(word)) {
			err_set(e, ERR_INPUT,
				"%s is no log: /path, unit:NAME, container:NAME or command:TEXT",
				word);
			runbook_unref(rb);
			return NULL;
		}
		logging_add_word(rb, word);
	}
	return rb;
}

/* NAME, NAME@HOST or @HOST; NULL: all of them. */
static bool
start_named(struct shown *sh, const struct runbook *rb, const char *what, struct err *e)
{
	const char *at = what ? strchr(what, '@') : NULL, *host = at ? at + 1 : NULL;
	char *own = at ? mem_strndup(what, (size_t)(at - what)) : mem_strdup(what);
	const char *name = own && *own ? own : NULL;
	const char **names = mem_array(rb->logs.list.len + 1, sizeof *names);
	size_t before = logs_sources(sh->logs);
	bool found = false, ok = true;

	for (size_t i = 0; i < rb->logs.list.len && ok; i++) {
		names[i] = rb->logs.list.at[i].name;
		if (name && !str_eq(name, names[i]))
			continue;
		found = true;
		ok = logging_start(sh->g, i, host, e);
	}
	if (ok && found && host && logs_sources(sh->logs) == before) {
		ok = err_set(e, ERR_INPUT, "%s has no log %s%son %s",
			rb->name ? rb->name : "it", name ? name : "", name ? " " : "",
			host);
	} else if (ok && !found) {
		const char *near = name ? str_nearest(name, names) : NULL;
		ok = err_set(e, ERR_INPUT,
			name ? "%s has no log %s%s%s%s" : "%s has no logs",
			rb->name ? rb->name : "it", name ? name : "",
			near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	mem_free(names);
	mem_free(own);
	return ok;
}

static bool
start_all(struct shown *sh, const struct runbook *rb, struct err *e)
{
	const struct args *a = sh->c->args;
	bool words = logging_is_source(a->words.list.at[0]);

	if (words || a->words.list.len == 1)
		return start_named(sh, rb, NULL, e);
	for (size_t i = 1; i < a->words.list.len; i++) {
		if (!start_named(sh, rb, a->words.list.at[i], e))
			return false;
	}
	return true;
}

static bool
read_since(struct shown *sh, const char *text, struct err *e)
{
	int64_t ms;

	if (stamp_parse_duration(text, &ms))
		sh->since.ms = clock_wall().ms - ms;
	else if (!stamp_parse(text, &sh->since))
		return err_set(e, ERR_INPUT,
			"--since %s: as 15m, 2h, 1d or 2026-11-20T13:00:00Z", text);
	return true;
}

static bool
read_options(struct shown *sh, struct err *e)
{
	const char *const *opt = sh->c->args->opt;
	char *end;

	if (opt[OPT_SINCE] && !read_since(sh, opt[OPT_SINCE], e))
		return false;
	sh->lines = opt[OPT_SINCE] ? LINES_SINCE : LINES_DEFAULT;
	if (opt[OPT_LINES]) {
		sh->lines = strtoll(opt[OPT_LINES], &end, 10);
		if (end == opt[OPT_LINES] || *end || sh->lines < 0 ||
			sh->lines > LINES_MOST)
			return err_set(e, ERR_INPUT, "--lines %s: a number up to %d",
				opt[OPT_LINES], LINES_MOST);
	}
	if (opt[OPT_LEVEL] &&
		!loglevel_parse(opt[OPT_LEVEL], strlen(opt[OPT_LEVEL]), &sh->level))
		return err_set(e, ERR_INPUT,
			"--level %s: debug, info, warn, error or fatal", opt[OPT_LEVEL]);
	if (opt[OPT_GREP]) {
		sh->grep = pattern_new(opt[OPT_GREP], e);
		if (!sh->grep) {
			e->kind = ERR_INPUT;
			return err_ctx(e, "--grep");
		}
	}
	return true;
}

/* There may be lines of the time asked for that were not read. */
static bool
is_cut_short(const struct shown *sh, size_t source)
{
	const struct logstore *store = logs_store(sh->logs);

	if (sh->since.ms == 0 || sh->follow ||
		logs_source(sh->logs, source)->lines < (uint64_t)sh->lines)
		return false;
	for (uint64_t i = logstore_first(store); i < logstore_end(store); i++) {
		const struct logline *l = logstore_at(store, i);

		if (l->source == source && !(l->flags & LOGLINE_NOTE) &&
			l->at_ms < sh->since.ms)
			return false;
	}
	return true;
}

/* Some sources failed: the answer is not whole, and never looks as if it were. */
static enum exit_code
verdict(struct shown *sh)
{
	bool asked = sh->grep || sh->level != LOGLEVEL_NONE || sh->since.ms > 0;
	struct logging_count n;

	logging_count(sh->g, &n);
	for (size_t i = 0; i < logs_sources(sh->logs); i++) {
		const struct logs_source *s = logs_source(sh->logs, i);
		if (logging_failed(sh->g, i))
			fprintf(stderr, "handrail: %s %s: %s\n", s->host, s->name,
				s->why);
		else if (s->lines == 0 && !sh->follow)
			fprintf(stderr, "handrail: %s %s: no lines\n", s->host, s->name);
		else if (is_cut_short(sh, i))
			fprintf(stderr,
				"handrail: %s %s: only its last %lld lines were read, "
				"and all of them are newer: --lines N reads more\n",
				s->host, s->name, (long long)sh->lines);
	}
	if (sh->code != EXIT_CODE_OK)
		return sh->code;
	if (n.failed == n.sources)
		return n.unreadable == n.sources ? EXIT_CODE_LOAD : EXIT_CODE_CONNECT;
	return n.failed > 0 || (asked && sh->matched == 0 && !sh->follow) ? EXIT_CODE_NO
									  : EXIT_CODE_OK;
}

static enum exit_code
show(struct shown *sh, const struct runbook *rb)
{
	size_t most = (size_t)(sh->lines > 0 ? sh->lines : 1) * LOGGING_SOURCES_MAX;
	struct logging_opts o = {.loop = sh->c->loop,
		.runbook = rb,
		.mode = sh->follow ? FOLLOW_ON : FOLLOW_ONCE,
		.lines = sh->lines,
		.since = sh->since,
		.max_lines = sh->follow     ? 0
			: most < LINES_MOST ? most
					    : LINES_MOST,
		.max_bytes = sh->follow ? BYTES_FOLLOW : BYTES_MOST,
		.changed = on_changed,
		.inserted = on_inserted,
		.prompt = on_prompt,
		.ctx = sh};
	struct err e = ERR_INIT;
	enum exit_code code;

	sh->g = logging_new(&o);
	sh->logs = logging_logs(sh->g);
	if (!start_all(sh, rb, &e)) {
		code = cmd_fail(sh->c, &e);
	} else {
		turn_until_over(sh);
		if (!sh->follow && !sh->over)
			print_all(sh);
		code = verdict(sh);
	}
	logging_free(sh->g);
	mem_free(sh->asked);
	return code;
}

enum exit_code
cmd_logs(struct cmd *c)
{
	struct shown sh = {.c = c,
		.json = args_has(c->args, OPT_JSON),
		.follow = args_has(c->args, OPT_FOLLOW)};
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct runbook *rb = NULL;

	if (!read_options(&sh, &e)) {
		code = cmd_fail(c, &e);
	} else if (logging_is_source(c->args->words.list.at[0])) {
		rb = runbook_of_words(c, &e);
		if (!rb)
			code = cmd_fail(c, &e);
	} else {
		rb = cmd_load(c, c->args->words.list.at[0], &code);
	}
	if (rb)
		code = show(&sh, rb);
	runbook_unref(rb);
	pattern_free(sh.grep);
	return code;
}
