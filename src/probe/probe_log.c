#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "probe/hostscript.h"
#include "probe/linetime.h"

/*
 * Lines of a log that match, in a window of time. The end of the log comes here, as patterns
 * are PCRE2 and a host may have none; a window that does not lie whole in what came is unknown.
 */

enum { BYTES_MAX = 2 * 1024 * 1024, SLACK = 64 * 1024, MS_PER_S = 1000 };

struct counted {
	struct linetime_clock clock;
	int64_t since_s; /* the window's beginning; 0: all of it */
	bool filtered;   /* the host left out what is older */
	bool cut;
	const struct pattern *pattern;
	/* Found. */
	size_t seen, lines, matching;
	int64_t first_s, last_s,
		newest_s; /* first time seen, latest, of the last match */
	bool gave_up;
};

static void
count_line(struct counted *c, const char *line, size_t len)
{
	int64_t at;

	if (linetime_read(&c->clock, line, len, &at)) {
		if (!c->first_s)
			c->first_s = at;
		c->last_s = at;
	}
	c->seen += len > 0;
	/* A line without a time belongs to the one before it. */
	if (len == 0 || (c->since_s && !c->filtered && c->last_s < c->since_s))
		return;
	c->lines++;
	if (c->pattern) {
		switch (pattern_find(c->pattern, line, len, NULL, NULL)) {
		case PATTERN_YES:
			break;
		case PATTERN_GAVE_UP:
			c->gave_up = true;
			return;
		case PATTERN_NO:
			return;
		}
	}
	c->matching++;
	c->newest_s = c->last_s;
}

static void
count_lines(struct counted *c, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		const char *lf = memchr(text + at, '\n', len - at);
		size_t line = lf ? (size_t)(lf - text) - at : len - at;

		count_line(c, text + at, line);
		at += line + 1;
	}
}

static void
add_facts(const struct counted *c, struct facts *f)
{
	const char *present = c->matching ? "yes" : "no";

	facts_add_number(f, EXPECT_COUNT, (double)c->matching);
	facts_add_text(f, EXPECT_PRESENT, NULL, present, strlen(present));
	if (c->lines)
		facts_add_number(
			f, EXPECT_VALUE, 100.0 * (double)c->matching / (double)c->lines);
	if (c->newest_s && c->newest_s <= c->clock.now_s)
		facts_add_number(f, EXPECT_NEWEST_AGE,
			(double)(c->clock.now_s - c->newest_s) * MS_PER_S);
}

/* Why what came does not tell, or NULL. */
static const char *
not_told(const struct counted *c)
{
	bool covered = c->first_s && c->first_s < c->since_s;

	if (c->gave_up)
		return "the pattern takes too long on a line; make it simpler";
	if (c->since_s && !c->filtered && c->seen && !c->first_s)
		return "its lines tell no time that is understood; leave out `within`";
	if (c->cut && (!c->since_s || c->filtered || !covered))
		return c->since_s ? "more than 2 MiB in the window; make `within` shorter"
				  : NULL; /* without a window it is the end that counts */
	return NULL;
}

static const struct log_source *
find_log(const struct probe_look *p)
{
	const struct runbook *rb = p->env.runbook;

	for (size_t i = 0; i < rb->logs.list.len; i++) {
		const struct log_source *log = &rb->logs.list.at[i];

		if (log->scope == p->probe->scope &&
			strcmp(log->name, p->probe->subject) == 0)
			return log;
	}
	return NULL;
}

static int64_t
window_ms(const struct probe_look *p)
{
	const char *within = probe_arg(p, "within");
	int64_t ms = 0;

	return within && stamp_parse_duration(within, &ms) ? ms : 0;
}

/* "now SECONDS ZONE\ndata\n" and the log behind it. */
static bool
read_head(struct counted *c, const struct str *out, size_t *at)
{
	long long now;
	char zone[8];
	int n = 0;

	if (sscanf(out->buf, "now %15lld %7s data%n", &now, zone, &n) != 2 || n == 0 ||
		out->buf[n] != '\n' || !linetime_zone(zone, &c->clock.zone_s))
		return false;
	c->clock.now_s = now;
	*at = (size_t)n + 1;
	return true;
}

static void
count_in(const struct probe_look *p, const struct look_end *end, size_t at,
	struct counted *c, struct hostlook_one *out)
{
	const struct log_source *log = find_log(p);
	const char *text = probe_arg(p, "matches"), *why;
	struct pattern *pattern = NULL;
	struct err e = ERR_INIT;
	size_t len = end->out.len - at;

	if (text && !(pattern = pattern_new(text, &e))) {
		snprintf(out->why, sizeof out->why, "%.*s", (int)sizeof out->why - 1,
			e.msg);
		return;
	}
	c->pattern = pattern;
	c->cut = end->cut || len >= BYTES_MAX;
	c->filtered = !pairs_get(&log->args, "path");
	if (window_ms(p) > 0)
		c->since_s = c->clock.now_s - window_ms(p) / MS_PER_S;
	count_lines(c, end->out.buf + at, len);
	pattern_free(pattern);
	why = not_told(c);
	if (why)
		snprintf(out->why, sizeof out->why, "log %s: %s", log->name, why);
	else
		add_facts(c, &out->facts);
}

/* Whoever keeps the log gave up: what it said last may tell why, and counts for nothing. */
static void
log_failed(const struct probe_look *p, const struct look_end *end, size_t at,
	struct hostlook_one *out)
{
	const char *text = end->out.buf + at, *last = text;
	size_t len = end->out.len - at;
	struct str safe = STR_INIT;

	while (len > 0 && text[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			last = text + i + 1;
	text_harmless(&safe, last, len - (size_t)(last - text), TEXT_ONE_LINE);
	snprintf(out->why, sizeof out->why, "log %s was not told to its end%s%s",
		find_log(p)->name, safe.len ? ": " : "", safe.buf);
	str_release(&safe);
}

static void
read_log(const struct probe_look *p, const struct look_end *end, struct hostlook_one *out)
{
	struct counted c = {0};
	size_t at = 0;

	if (!read_head(&c, &end->out, &at))
		hostscript_read(PROBE_LOG, end, out);
	else if (end->exit != 0)
		log_failed(p, end, at, out);
	else
		count_in(p, end, at, &c, out);
}

/* Nothing there: nothing put in. */
static bool
fill(const struct probe_look *p, const char *text, struct str *out, struct err *e)
{
	return !text || probe_expand(p, text, SUBST_TEXT, out, e);
}

static bool
log_begin(struct probe_look *p, struct err *e)
{
	const struct log_source *log = find_log(p);
	struct hostlook_spec s = {.text = STR_INIT,
		.says = p->probe->subject,
		.shell = HOSTSCRIPT_SHELL,
		.limit = BYTES_MAX + SLACK,
		.read = read_log};
	char bytes[24], seconds[24] = "";
	struct str path = STR_INIT, box = STR_INIT;
	bool ok;

	if (!log)
		return err_set(e, ERR_INPUT, "%s: there is no log %s in this runbook",
			p->probe->name, p->probe->subject);
	if (pairs_get(&log->args, "command"))
		return err_set(e, ERR_INPUT,
			"%s: log %s is what a command writes: it can be followed, and not looked "
			"back on",
			p->probe->name, p->probe->subject);
	snprintf(bytes, sizeof bytes, "%d", (int)BYTES_MAX);
	if (window_ms(p) > 0)
		snprintf(seconds, sizeof seconds, "%lld",
			(long long)(window_ms(p) / MS_PER_S));
	ok = fill(p, pairs_get(&log->args, "path"), &path, e) &&
		fill(p, pairs_get(&log->args, "container"), &box, e);
	if (ok) {
		const char *unit = pairs_get(&log->args, "unit");
		const struct job_env env[] = {
			{"HRP_CONTAINER", box.buf, false},
			{"HRP_UNIT", unit ? unit : "", false},
			{"HRP_PATH", path.buf, false},
			{"HRP_SECONDS", seconds, false},
			{"HRP_BYTES", bytes, false},
			{"HRP_WANT", " ", false},
		};

		s.env = env;
		s.env_len = sizeof env / sizeof *env;
		s.host = log->host;
		hostscript_text(HOSTSCRIPT_LOG, &s.text);
		ok = hostlook_begin(p, &s, e);
	}
	str_release(&s.text);
	str_release(&path);
	str_release(&box);
	return ok;
}

const struct probe_way probe_way_log = {
	.start = log_begin,
	.free = hostlook_drop,
};
