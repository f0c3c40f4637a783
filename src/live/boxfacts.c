#include "live/boxfacts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/str.h"

enum {
	LOOP_RESTARTS = 3,
	MEMORY_BAD_PERCENT = 90,
	NAMES_MAX = 6, /* of a list in one line */
	SEVERAL_PLACES = 8,
	STOPPED_EXIT = 143, /* SIGTERM: as a stop ends it */
};

void
boxfacts_release(struct boxfacts *f)
{
	for (size_t i = 0; i < f->list.len; i++)
		mem_free(f->list.at[i].text);
	vec_free(&f->list);
}

const char *
boxfacts_level_name(enum boxfacts_level l)
{
	static const char *const names[] = {"note", "warn", "bad"};

	return names[l];
}

enum boxfacts_level
boxfacts_worst(const struct boxfacts *f)
{
	enum boxfacts_level worst = BOXFACTS_NOTE;

	for (size_t i = 0; i < f->list.len; i++) {
		if (f->list.at[i].level > worst)
			worst = f->list.at[i].level;
	}
	return worst;
}

/* ---- adding ---- */

struct teller {
	const struct boxes *bs;
	const struct boxes_host *h;
	size_t host;
	struct now now;
	struct boxfacts *out;
};

static void add(struct teller *t, enum boxfacts_level level, const struct box *b,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void
add(struct teller *t, enum boxfacts_level level, const struct box *b, const char *fmt,
	...)
{
	struct str text = STR_INIT;
	va_list ap;

	if (t->h)
		str_addf(&text, "%s%s%s: ", t->h->name, b ? " " : "", b ? b->name : "");
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	vec_push(&t->out->list,
		(struct boxfact){.level = level,
			.key = b ? b->key : 0,
			.host = t->host,
			.text = str_take(&text)});
}

/* ---- one container ---- */

enum boxfacts_level
boxfacts_level(const struct box *b)
{
	if (b->state == BOX_RESTARTING || b->state == BOX_DEAD || b->state == BOX_UNKNOWN)
		return BOXFACTS_BAD;
	if (b->state == BOX_RUNNING && b->health == BOX_HEALTH_UNHEALTHY)
		return BOXFACTS_BAD;
	if (b->state == BOX_EXITED)
		return b->exit == 0               ? BOXFACTS_NOTE
			: b->exit == STOPPED_EXIT ? BOXFACTS_WARN
						  : BOXFACTS_BAD;
	if (b->state != BOX_RUNNING || b->health == BOX_HEALTH_STARTING ||
		b->health == BOX_HEALTH_UNKNOWN)
		return BOXFACTS_WARN;
	return BOXFACTS_NOTE;
}

/* It is to run again by itself whenever it ends. */
static bool
always_runs(const struct box *b)
{
	return str_eq(b->policy, "always") || str_eq(b->policy, "unless-stopped");
}

static void
tell_restarts(struct teller *t, const struct box *b)
{
	int64_t lately = boxes_restarts_lately(t->h, b, t->now.mono);
	int64_t age = boxes_age_ms(t->h, b, t->now.wall);
	char ago[STAMP_BYTES];

	if (lately >= LOOP_RESTARTS)
		add(t, BOXFACTS_BAD, b, "restarts again and again: %lld times in 20 min",
			(long long)lately);
	else if (b->state == BOX_RESTARTING)
		add(t, BOXFACTS_BAD, b, "is restarting after exit %d, %lld times so far",
			b->exit, (long long)b->restarts);
	else if (b->restarts >= LOOP_RESTARTS && age >= 0 && age < BOXES_RESTART_MS)
		add(t, BOXFACTS_BAD, b, "restarted %lld times, last %s ago",
			(long long)b->restarts, stamp_duration(age, ago));
	else if (box_restarted(b) > 0)
		add(t, BOXFACTS_WARN, b, "restarted %lld time%s since it is looked at",
			(long long)box_restarted(b), box_restarted(b) == 1 ? "" : "s");
}

static void
tell_memory(struct teller *t, const struct box *b)
{
	const struct box_sample *s = box_sample(b);
	int64_t percent;

	if (b->oom)
		add(t, BOXFACTS_BAD, b, "ran out of memory and was killed%s",
			b->state == BOX_RUNNING ? "; it runs again" : "");
	if (!s || b->memory_limit_bytes <= 0 || b->state != BOX_RUNNING)
		return;
	percent = s->memory_bytes / (b->memory_limit_bytes / 100 + 1);
	if (percent >= MEMORY_BAD_PERCENT)
		add(t, BOXFACTS_BAD, b, "memory is at %lld%% of its limit",
			(long long)percent);
}

static void
tell_state(struct teller *t, const struct box *b)
{
	if (b->state == BOX_RUNNING && b->health == BOX_HEALTH_UNHEALTHY)
		add(t, BOXFACTS_BAD, b, "its check says unhealthy%s%s",
			b->check ? ": " : "", b->check ? b->check : "");
	if (b->state == BOX_DEAD || b->state == BOX_PAUSED || b->state == BOX_UNKNOWN)
		add(t, b->state == BOX_PAUSED ? BOXFACTS_WARN : BOXFACTS_BAD, b,
			"its state is %s", box_state_name(b->state));
	if (b->state == BOX_EXITED && b->exit == STOPPED_EXIT)
		add(t, BOXFACTS_WARN, b, "was stopped (ended with %d)", b->exit);
	else if (b->state == BOX_EXITED && b->exit)
		add(t, BOXFACTS_BAD, b, "ended with %d%s%s", b->exit,
			b->error && *b->error ? ": " : "", b->error ? b->error : "");
	else if (b->state == BOX_EXITED && always_runs(b))
		add(t, BOXFACTS_WARN, b, "was stopped, though it is to run always");
}

/* ---- ports ---- */

static const char *
database_of(int port)
{
	static const struct {
		int port;
		const char *name;
	} known[] = {{1433, "SQL Server"}, {1521, "Oracle"}, {3306, "MySQL"},
		{5432, "PostgreSQL"}, {5984, "CouchDB"}, {6379, "Redis"},
		{8086, "InfluxDB"}, {9042, "Cassandra"}, {9200, "Elasticsearch"},
		{11211, "memcached"}, {27017, "MongoDB"}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].port == port)
			return known[i].name;
	}
	return NULL;
}

static bool
is_loopback(const char *address)
{
	return str_starts(address, "127.") || strcmp(address, "::1") == 0;
}

static void
tell_ports(struct teller *t, const struct box *b)
{
	for (size_t i = 0; i < b->ports.list.len; i++) {
		const struct box_port *p = &b->ports.list.at[i];
		const char *what = database_of(p->inside);

		if (!what || !p->outside)
			continue;
		if (is_loopback(p->at))
			add(t, BOXFACTS_NOTE, b, "%s at %s:%d only: ok", what, p->at,
				p->outside);
		else
			add(t, BOXFACTS_WARN, b,
				"%s is published at %s:%d, for everybody", what, p->at,
				p->outside);
	}
}

/* ---- what is the same of many ---- */

typedef bool lacks_fn(const struct box *b);

static bool
lacks_limit(const struct box *b)
{
	return b->memory_limit_bytes <= 0;
}

static bool
lacks_tag(const struct box *b)
{
	return !strchr(b->image, '@') && strcmp(box_tag(b->image), "latest") == 0;
}

static bool
lacks_log_limit(const struct box *b)
{
	bool grows = str_eq(b->log_driver, "json-file") ||
		str_eq(b->log_driver, "k8s-file");

	return grows && (!*b->log_size || strcmp(b->log_size, "0B") == 0);
}

static void
tell_lacks(struct teller *t, lacks_fn *lacks, const char *what)
{
	struct str names = STR_INIT;
	size_t n = 0;

	for (size_t i = 0; i < t->h->boxes.list.len; i++) {
		const struct box *b = &t->h->boxes.list.at[i];

		if (!b->whole || b->state == BOX_EXITED || !boxes_shown(t->h, b) ||
			!lacks(b))
			continue;
		if (n++ < NAMES_MAX)
			str_addf(&names, "%s%s", names.len ? ", " : "", b->name);
	}
	if (n > NAMES_MAX)
		str_addf(&names, " and %zu more", n - NAMES_MAX);
	if (n)
		add(t, BOXFACTS_NOTE, NULL, "%s: %s", what, names.buf);
	str_release(&names);
}

/* ---- services ---- */

static bool
runs_well(const struct box *b)
{
	return b->state == BOX_RUNNING;
}

static bool
service_runs(const struct boxes_host *h, const struct boxes_group *g, const char *service)
{
	for (size_t i = 0; i < h->boxes.list.len; i++) {
		const struct box *b = &h->boxes.list.at[i];

		if (str_eq(b->service, service) && runs_well(b) && boxes_in_group(g, b))
			return true;
	}
	return false;
}

static bool
is_expected(const struct boxes_group *g, const char *service)
{
	for (size_t i = 0; i < g->services.list.len; i++) {
		if (strcmp(g->services.list.at[i], service) == 0)
			return true;
	}
	return false;
}

static void
tell_group(struct teller *t, const struct boxes_group *g)
{
	const char *project = g->project ? g->project : "these";

	if (!g->expects)
		return;
	if (!g->known) {
		add(t, g->why ? BOXFACTS_BAD : BOXFACTS_WARN, NULL,
			"which services of %s are to run is not known%s%s", project,
			g->why ? ": " : " yet", g->why ? g->why : "");
		return;
	}
	for (size_t i = 0; i < g->services.list.len; i++) {
		const char *service = g->services.list.at[i];

		if (!service_runs(t->h, g, service))
			add(t, BOXFACTS_BAD, NULL, "service %s of %s does not run",
				service, project);
	}
	for (size_t i = 0; i < t->h->boxes.list.len; i++) {
		const struct box *b = &t->h->boxes.list.at[i];

		if (b->service && g->project && str_eq(b->project, g->project) &&
			runs_well(b) && !is_expected(g, b->service))
			add(t, BOXFACTS_WARN, b, "service %s is none of %s", b->service,
				project);
	}
}

/* ---- versions ---- */

/* The same part of the same application, wherever it runs. */
static bool
same_part(const struct box *a, const struct box *b)
{
	size_t n = box_repository(a->image);

	if (a->service || b->service)
		return str_eq(a->service, b->service) && str_eq(a->project, b->project);
	return n == box_repository(b->image) && strncmp(a->image, b->image, n) == 0;
}

static bool
same_version(const struct box *a, const struct box *b)
{
	bool both = a->digest && *a->digest && b->digest && *b->digest;

	return both ? strcmp(a->digest, b->digest) == 0 : strcmp(a->image, b->image) == 0;
}

struct place {
	const struct boxes_host *h;
	const struct box *b;
};

/* Containers that run the same part; the first of each version. Gives how many. */
static size_t
versions_of(const struct boxes *bs, const struct box *b, struct place out[SEVERAL_PLACES])
{
	size_t n = 0;

	for (size_t i = 0; i < boxes_hosts(bs); i++) {
		const struct boxes_host *h = boxes_host(bs, i);

		for (size_t k = 0; k < h->boxes.list.len; k++) {
			const struct box *o = &h->boxes.list.at[k];
			bool had = o->state == BOX_EXITED || !boxes_shown(h, o) ||
				!same_part(b, o);

			for (size_t m = 0; m < n && !had; m++)
				had = same_version(out[m].b, o);
			if (!had && n < SEVERAL_PLACES)
				out[n++] = (struct place){h, o};
		}
	}
	return n;
}

const char *
boxfacts_version(const struct boxes *bs, const struct box *b)
{
	struct place at[SEVERAL_PLACES];
	size_t n = versions_of(bs, b, at);
	const struct box *newest = NULL;

	if (n < 2 || b->state == BOX_EXITED)
		return "";
	for (size_t i = 0; i < n; i++) {
		if (!newest || at[i].b->started.ms > newest->started.ms)
			newest = at[i].b;
	}
	return same_version(newest, b) ? "new" : "old";
}

static void
add_version(const struct place *p, bool tags_differ, struct str *out)
{
	str_addf(out, "%s%s", out->len ? ", " : "", box_tag(p->b->image));
	if (!tags_differ)
		str_addf(out, " (%.12s)", p->b->digest ? p->b->digest : "?");
	str_addf(out, " on %s", p->h->name);
}

/* One line for each part that runs in several versions, told at its first container. */
static void
tell_versions(struct teller *t, const struct box *b)
{
	struct place at[SEVERAL_PLACES];
	size_t n = versions_of(t->bs, b, at);
	struct str text = STR_INIT;
	const struct boxes_host *here = t->h;
	bool tags_differ = false;

	if (n < 2 || at[0].b != b)
		return;
	for (size_t i = 1; i < n; i++)
		tags_differ = tags_differ ||
			strcmp(box_tag(at[i].b->image), box_tag(b->image)) != 0;
	for (size_t i = 0; i < n; i++)
		add_version(&at[i], tags_differ, &text);
	t->h = NULL;
	add(t, BOXFACTS_WARN, b, "versions differ: %s %s",
		b->service ? b->service : b->name, text.buf);
	t->h = here;
	str_release(&text);
}

/* ---- all ---- */

/* The words of a link begin with the host's name already. */
static void
tell_host_state(struct teller *t)
{
	enum boxes_state s = boxes_state_now(t->h, t->now.mono);
	const struct boxes_host *h = t->h;
	const char *why = h->why ? h->why : "no answer";
	char ago[STAMP_BYTES];

	if (str_starts(why, h->name))
		t->h = NULL;
	if (s == BOXES_WAITING)
		add(t, BOXFACTS_WARN, NULL, "has not answered yet");
	else if (s != BOXES_LIVE && h->answered.wall.ms)
		add(t, BOXFACTS_BAD, NULL, "%s; what is shown is %s old", why,
			stamp_duration(
				(t->now.mono.ms - h->answered.mono.ms) / 1000 * 1000,
				ago));
	else if (s != BOXES_LIVE)
		add(t, BOXFACTS_BAD, NULL, "%s", why);
	t->h = h;
}

static void
tell_host(struct teller *t)
{
	tell_host_state(t);
	for (size_t i = 0; i < t->h->boxes.list.len; i++) {
		const struct box *b = &t->h->boxes.list.at[i];

		if (!boxes_shown(t->h, b))
			continue;
		tell_state(t, b);
		tell_restarts(t, b);
		tell_memory(t, b);
		tell_versions(t, b);
		tell_ports(t, b);
	}
	for (size_t i = 0; i < t->h->groups.list.len && t->h->answered.wall.ms; i++)
		tell_group(t, &t->h->groups.list.at[i]);
	tell_lacks(t, lacks_limit, "no memory limit");
	tell_lacks(t, lacks_log_limit, "log without a size limit");
	tell_lacks(t, lacks_tag, "image without a fixed tag");
}

/* Worst first, else in the order they were told. */
static void
sort(struct boxfacts *f)
{
	for (size_t i = 1; i < f->list.len; i++) {
		struct boxfact one = f->list.at[i];
		size_t k = i;

		for (; k > 0 && f->list.at[k - 1].level < one.level; k--)
			f->list.at[k] = f->list.at[k - 1];
		f->list.at[k] = one;
	}
}

void
boxfacts_of(const struct boxes *bs, struct now now, struct boxfacts *out)
{
	struct teller t = {.bs = bs, .now = now, .out = out};

	*out = (struct boxfacts){0};
	for (size_t i = 0; i < boxes_hosts(bs); i++) {
		t.h = boxes_host(bs, i);
		t.host = i;
		tell_host(&t);
	}
	sort(out);
}
