#include "app/logging.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/str.h"
#include "remote/fleet.h"

/* What is asked of a host by its own clock; the lines are judged by ours. */
enum { CLOCKS_DIFFER_S = 10 * 60 };

struct logging_source {
	struct logging *g;
	size_t index; /* in logs */
	enum follow_kind kind;
	struct follow *follow;
	bool was_live, dead, lost, over;
	bool rests; /* it ended, and is asked again now and then: nothing is told yet */
	int beats;  /* since it was asked */
	bool failed, unreadable;
	struct mono dead_since;
};

struct logging_host {
	const struct link *link;
	struct followmux *mux;
};

struct logging {
	struct logging_opts o;
	struct runbook *runbook;
	struct fleet *fleet;
	struct logs *logs;
	VEC_OF(struct logging_source *) sources;
	VEC_OF(struct logging_host) hosts;
};

/* Names as a runbook and the command line spell them. */
static const struct {
	const char *key;
	enum follow_kind kind;
	enum logs_kind lines;
} kinds[] = {
	{"path", FOLLOW_FILE, LOGS_TEXT},
	{"unit", FOLLOW_JOURNAL, LOGS_JOURNAL},
	{"container", FOLLOW_CONTAINER, LOGS_STAMPED},
	{"command", FOLLOW_COMMAND, LOGS_TEXT},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* ---- what a follower tells ---- */

static void
changed(struct logging_source *s)
{
	if (s->g->o.changed)
		s->g->o.changed(s->g->o.ctx);
}

static void
note(struct logging_source *s, const char *fmt, const char *a, const char *b)
{
	const struct logs_source *told = logs_source(s->g->logs, s->index);
	struct now now = clock_now();
	struct str text = STR_INIT;

	str_addf(&text, "%s %s: ", told->host, told->name);
	str_adds(&text, fmt);
	str_adds(&text, a);
	str_adds(&text, b);
	logs_note(s->g->logs, s->index, text.buf, &now);
	str_release(&text);
}

static void
on_begin(void *ctx, int64_t offset)
{
	struct logging_source *s = ctx;

	struct now now = clock_now();

	logs_begin(s->g->logs, s->index, offset);
	if (logs_source(s->g->logs, s->index)->state == LOGS_WAITING)
		logs_tell(s->g->logs, s->index, LOGS_LIVE, NULL, &now);
}

static void
on_event(void *ctx, enum follow_event e, int64_t bytes)
{
	struct logging_source *s = ctx;
	struct now now = clock_now();

	logs_flush(s->g->logs, s->index, &now);
	if (e == FOLLOW_LOST || e == FOLLOW_SHORT || e == FOLLOW_AGAIN) {
		logs_gap(s->g->logs, s->index, (uint64_t)bytes);
		s->lost = true;
	}
	if (e == FOLLOW_MISSING || e == FOLLOW_UNREADABLE)
		logs_tell(
			s->g->logs, s->index, LOGS_WAITING, follow_event_words(e), &now);
	note(s, follow_event_words(e), "", "");
	changed(s);
}

static void
came_back(struct logging_source *s)
{
	char gone[STAMP_BYTES];

	stamp_duration(clock_mono().ms - s->dead_since.ms, gone);
	if (s->lost || s->kind == FOLLOW_COMMAND)
		note(s, "the stream is back; gap of ", gone, "");
	else
		note(s, "the stream is back after ", gone, "; it goes on where it was");
	s->lost = false;
}

static void
wake(struct logging_source *s, const struct now *now)
{
	if (s->dead)
		came_back(s);
	s->was_live = true;
	s->dead = s->over = s->failed = s->rests = false;
	logs_tell(s->g->logs, s->index, LOGS_LIVE, NULL, now);
}

/* A container that ended is asked again, and mostly ends again at once. */
static void
on_live(struct logging_source *s, const struct now *now)
{
	s->beats = 0;
	if (!s->rests)
		wake(s, now);
}

static void
on_data(void *ctx, const char *p, size_t len)
{
	struct logging_source *s = ctx;
	const struct logs_source *told = logs_source(s->g->logs, s->index);
	struct now now = clock_now();
	uint64_t lines = told->lines;

	logs_feed(s->g->logs, s->index, p, len, &now);
	if (s->rests && told->lines > lines) /* not only what came already */
		wake(s, &now);
	changed(s);
}

static void
on_beat(void *ctx, const struct follow_beat *b)
{
	struct logging_source *s = ctx;
	struct now now = clock_now();
	struct logs_beat beat = {b->host_ms, b->zone_min, b->coarse};

	logs_beat(s->g->logs, s->index, &beat, &now);
	if (++s->beats > 1 && s->rests)
		wake(s, &now); /* it goes on, and has nothing to say */
	changed(s);
}

static void
on_over(struct logging_source *s, const struct follow_status *st, const struct now *now)
{
	char retry[STAMP_BYTES], tail[STAMP_BYTES + 16] = "";
	bool ended = st->state == FOLLOW_ENDED;

	if (st->retry_ms > 0)
		snprintf(tail, sizeof tail, "; tried again in %s",
			stamp_duration(st->retry_ms, retry));
	s->over = st->retry_ms == 0;
	s->failed = !ended || st->exit > 0;
	s->unreadable = st->unreadable || st->exit > 0;
	logs_flush(s->g->logs, s->index, now);
	if (s->rests && ended)
		return;
	logs_tell(s->g->logs, s->index, ended ? LOGS_ENDED : LOGS_DEAD, st->why, now);
	if (!s->dead && s->g->o.mode == FOLLOW_ON)
		note(s, s->was_live ? "the stream ended: " : "no stream: ", st->why,
			tail);
	if (!s->dead)
		s->dead_since = now->mono;
	s->dead = true;
	s->rests = ended && st->retry_ms > 0;
}

static void
on_state(void *ctx, const struct follow_status *st)
{
	struct logging_source *s = ctx;
	struct now now = clock_now();

	if (st->state == FOLLOW_LIVE)
		on_live(s, &now);
	else
		on_over(s, st, &now);
	changed(s);
}

static void
on_resume(void *ctx, struct follow_from *from)
{
	struct logging_source *s = ctx;

	from->offset = logs_offset(s->g->logs, s->index);
	from->since = s->kind == FOLLOW_FILE || s->kind == FOLLOW_COMMAND
		? ""
		: logs_resume(s->g->logs, s->index);
}

/* ---- links ---- */

static void
on_prompt(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct logging *g = ctx;

	if (g->o.prompt)
		g->o.prompt(g->o.ctx, l, p);
	else
		link_answer(l, NULL);
}

/* ---- life ---- */

struct logging *
logging_new(const struct logging_opts *o)
{
	struct logging *g = mem_alloc(sizeof *g);
	struct logs_opts lo = {.max_lines = o->max_lines,
		.max_bytes = o->max_bytes,
		.hold_ms = LOGS_HOLD_MS,
		.redact = o->redact,
		.inserted = o->inserted,
		.ctx = o->ctx};

	g->o = *o;
	g->runbook = runbook_ref((struct runbook *)o->runbook);
	g->logs = logs_new(&lo);
	g->fleet = fleet_new(&(struct fleet_opts){.loop = o->loop,
		.runbook = g->runbook,
		.beside = o->beside,
		.calls = {.on_prompt = on_prompt, .ctx = g}});
	return g;
}

void
logging_free(struct logging *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->sources.len; i++) {
		follow_free(g->sources.at[i]->follow);
		mem_free(g->sources.at[i]);
	}
	vec_free(&g->sources);
	for (size_t i = 0; i < g->hosts.len; i++)
		followmux_free(g->hosts.at[i].mux);
	vec_free(&g->hosts);
	fleet_free(g->fleet);
	logs_free(g->logs);
	runbook_unref(g->runbook);
	mem_free(g);
}

struct logs *
logging_logs(struct logging *g)
{
	return g->logs;
}

static const char *
what_of(const struct log_source *log, size_t *kind)
{
	for (size_t i = 0; i < log->args.list.len; i++) {
		for (*kind = 0; *kind < KINDS; (*kind)++) {
			if (str_eq(log->args.list.at[i].key, kinds[*kind].key))
				return log->args.list.at[i].value;
		}
	}
	return NULL;
}

/* One channel for all logs of a host. */
static struct followmux *
mux_of(struct logging *g, struct link *l)
{
	for (size_t i = 0; i < g->hosts.len; i++) {
		if (g->hosts.at[i].link == l)
			return g->hosts.at[i].mux;
	}
	vec_push(&g->hosts, (struct logging_host){l, followmux_new(l, FOLLOWMUX_SHARED)});
	return g->hosts.at[g->hosts.len - 1].mux;
}

static void
start_on(struct logging *g, const struct log_source *log, int target)
{
	struct link *link = fleet_link(g->fleet, target);
	struct follow_calls calls = {
		on_begin, on_data, on_event, on_beat, on_state, on_resume, NULL};
	struct logging_source *s = mem_alloc(sizeof *s);
	size_t kind = 0;
	const char *what = what_of(log, &kind);

	s->g = g;
	s->kind = kinds[kind].kind;
	s->index = logs_add(g->logs, kinds[kind].lines, log->name, link_target(link));
	calls.ctx = s;
	vec_push(&g->sources, s);
	s->follow = follow_start(mux_of(g, link),
		&(struct follow_spec){.kind = s->kind,
			.mode = g->o.mode,
			.what = what,
			.name = log->name,
			.lines = g->o.lines,
			.since_s = g->o.since.ms > 0
				? g->o.since.ms / 1000 - CLOCKS_DIFFER_S
				: 0},
		&calls);
}

static bool
is_wanted(const struct logging *g, int target, const char *name)
{
	const char *is = target == NONE ? "local"
					: g->runbook->targets.list.at[target].id;

	return !name || str_eq(is, name);
}

bool
logging_start(struct logging *g, size_t log, const char *target, struct err *e)
{
	const struct log_source *l = &g->runbook->logs.list.at[log];
	const struct host *h = l->host == NONE ? NULL
					       : &g->runbook->hosts.list.at[l->host];
	size_t targets = h ? (size_t)h->target_count : 1;

	if (g->sources.len + targets > LOGGING_SOURCES_MAX)
		return err_set(
			e, ERR_LIMIT, "more than %d logs at a time", LOGGING_SOURCES_MAX);
	if (targets == 0)
		return err_set(e, ERR_INPUT,
			"log %s is on %s, which depends on the environment: --env NAME",
			l->name, h->name);
	for (size_t i = 0; i < targets; i++) {
		int t = h ? h->first_target + (int)i : NONE;

		if (is_wanted(g, t, target))
			start_on(g, l, t);
	}
	return true;
}

bool
logging_tail(struct logging *g, int target, const char *container, size_t *source,
	struct err *e)
{
	struct pair arg = {(char *)"container", (char *)container};
	struct log_source log = {
		.name = (char *)container, .args.list = {.at = &arg, .len = 1, .cap = 1}};
	const char *host = link_target(fleet_link(g->fleet, target));

	for (size_t i = 0; i < g->sources.len; i++) {
		const struct logs_source *s = logs_source(g->logs, i);

		*source = i;
		if (g->sources.at[i]->kind == FOLLOW_CONTAINER && str_eq(s->host, host) &&
			str_eq(s->name, container))
			return true;
	}
	if (g->sources.len == LOGGING_SOURCES_MAX)
		return err_set(
			e, ERR_LIMIT, "more than %d logs at a time", LOGGING_SOURCES_MAX);
	*source = g->sources.len;
	start_on(g, &log, target);
	return true;
}

bool
logging_over(const struct logging *g)
{
	for (size_t i = 0; i < g->sources.len; i++) {
		if (!g->sources.at[i]->over)
			return false;
	}
	return true;
}

void
logging_count(const struct logging *g, struct logging_count *out)
{
	*out = (struct logging_count){.sources = g->sources.len};
	for (size_t i = 0; i < g->sources.len; i++) {
		const struct logging_source *s = g->sources.at[i];

		if (!s->failed)
			continue;
		out->failed++;
		out->unreadable += s->unreadable;
	}
}

bool
logging_failed(const struct logging *g, size_t source)
{
	return g->sources.at[source]->failed;
}

/* ---- words ---- */

static const char *
split_word(const char *word, size_t *kind)
{
	if (word[0] == '/' || str_starts(word, "./") || str_starts(word, "../")) {
		*kind = 0;
		return word;
	}
	for (*kind = 1; *kind < KINDS; (*kind)++) {
		size_t len = strlen(kinds[*kind].key);

		if (str_starts(word, kinds[*kind].key) && word[len] == ':' &&
			word[len + 1])
			return word + len + 1;
	}
	return NULL;
}

bool
logging_is_source(const char *word)
{
	size_t kind;

	return split_word(word, &kind) != NULL;
}

void
logging_add_word(struct runbook *rb, const char *word)
{
	size_t kind;
	const char *what = split_word(word, &kind);
	const char *slash = strrchr(what, '/');
	struct log_source *log = vec_add(&rb->logs.list);
	struct pair *arg;

	*log = (struct log_source){
		.name = mem_strdup(kind == 0 && slash && slash[1] ? slash + 1 : what),
		.host = rb->hosts.list.len ? 0 : NONE};
	arg = vec_add(&log->args.list);
	*arg = (struct pair){
		.key = mem_strdup(kinds[kind].key), .value = mem_strdup(what)};
}
