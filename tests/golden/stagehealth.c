#include "stagehealth.h"

#include <stdio.h>
#include <string.h>

#include "../unit/run/fixture.h"
#include "base/mem.h"
#include "view/healthwords.h"
#include "view/view_health.h"

static const struct now now = {.mono = {50000000}, .wall = {1763600900000}};

/* A probe and what its looks usually give. */
static const struct staged {
	const char *name;
	enum probe_kind kind;
	const char *subject;
	enum expect_field field;
	const char *want, *value, *unit;
	double number;
	bool on_web2;
	int every_s;
} staged[] = {
	{"api /health", PROBE_HTTP, "https://web1/health", EXPECT_STATUS, "200", "43",
		"ms", 43, false, 10},
	{"api /ready", PROBE_HTTP, "https://web1/ready", EXPECT_STATUS, "200", "61", "ms",
		61, false, 10},
	{"queue depth", PROBE_REDIS, "llen jobs", EXPECT_VALUE, "< 100", "22", "", 22,
		false, 15},
	{"frontend /", PROBE_HTTP, "https://web1/", EXPECT_URL, "/ci", "88", "ms", 88,
		false, 30},
	{"postgres", PROBE_SQL, "select 1", EXPECT_VALUE, "1", "1", "", 1, false, 15},
	{"disk of web2", PROBE_HOST, "", EXPECT_USED, "< 90%", "62", "%", 62, true, 30},
	{"/metrics is private", PROBE_HTTP, "https://web1/metrics", EXPECT_STATUS, "403",
		"12", "ms", 12, false, 300},
	{"tls example.com", PROBE_TLS, "example.com:443", EXPECT_DAYS_LEFT, "> 30d", "64",
		"d", 5529600000, false, 3600},
	{"last backup", PROBE_FILE, "/var/backups", EXPECT_NEWEST_AGE, "< 26h", "10", "h",
		36000000, true, 600},
};
enum { STAGED = sizeof staged / sizeof *staged, LOOKS = 40 };
enum { API, READY, QUEUE, FRONTEND, POSTGRES, DISK, METRICS, TLS, BACKUP };

static struct runbook *
staged_runbook(void)
{
	static const char *const aliases[] = {"web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	int web = fixture_host(rb, "web", aliases);
	struct pair link = {mem_strdup("dashboard"),
		mem_strdup("https://grafana.example.com/d/api"), 0};

	vec_push(&rb->links.list, link);
	for (size_t i = 0; i < STAGED; i++) {
		int at = fixture_probe(rb, staged[i].name);
		struct probe *p = &rb->probes.list.at[at];
		struct expect_rule rule = {.field = staged[i].field};
		struct err e = ERR_INIT;

		p->kind = staged[i].kind;
		if (p->kind == PROBE_HTTP)
			p->http.url = mem_strdup(staged[i].subject);
		p->subject = mem_strdup(staged[i].subject);
		p->host = staged[i].on_web2 ? web : NONE;
		p->every_ms = INT64_C(1000) * staged[i].every_s;
		p->steady = p->of = 1;
		rule.test = expect_scalar(
			staged[i].want, expect_field_info(staged[i].field)->how, &e);
		p->expect = expect_new();
		if (rule.test)
			vec_push(&p->expect->rules, rule);
	}
	return rb;
}

static struct now
ago(int64_t ms)
{
	return (struct now){{now.mono.ms - ms}, {now.wall.ms - ms}};
}

/* One look, so long ago. */
static void
heard(struct board *b, int item, enum vital_answer answer, const char *message,
	int64_t ms)
{
	const struct staged *g = &staged[item];
	bool good = answer == VITAL_GOOD || answer == VITAL_GOOD_WARN;
	char value[16];
	/* some life in the numbers, the same each time */
	double number = g->number * (1 + (double)(ms / 1000 % 7) / 20);

	snprintf(value, sizeof value, "%s", g->value);
	board_heard(b, item,
		&(struct vital_look){.answer = answer,
			.field = expect_field_info(g->field)->name,
			.value = good ? value : "",
			.unit = good ? g->unit : "",
			.want = g->want,
			.message = message,
			.rows = "status 200: got 503, fail",
			.number = number,
			.has_number = good,
			.took_ms = (int64_t)(20 + ms / 1000 % 5),
			.at = ago(ms)});
}

/* As it was until so many looks ago. */
static void
was_good(struct board *b, int item, int until)
{
	for (int i = LOOKS; i > until; i--)
		heard(b, item, VITAL_GOOD, "200, 43 ms",
			INT64_C(1000) * staged[item].every_s * (i - 1) + 2000);
}

static void
went_bad(struct board *b, int item, enum vital_answer answer, const char *why, int looks)
{
	was_good(b, item, looks);
	for (int i = looks; i > 0; i--)
		heard(b, item, answer, why,
			INT64_C(1000) * staged[item].every_s * (i - 1) + 2000);
}

static void
queue_fills(struct board *b)
{
	was_good(b, QUEUE, 12);
	for (int i = 12; i > 0; i--) {
		char value[16];
		double number = 22 + (13 - i) * 8;

		snprintf(value, sizeof value, "%.0f", number);
		board_heard(b, QUEUE,
			&(struct vital_look){
				.answer = number < 100 ? VITAL_GOOD : VITAL_GOOD_WARN,
				.field = "value",
				.value = value,
				.unit = "",
				.want = "< 100",
				.message = "value 118 < 100",
				.number = number,
				.has_number = true,
				.took_ms = 3,
				.at = ago(INT64_C(15000) * (i - 1) + 2000)});
	}
}

static void
all_good(struct board *b)
{
	for (int i = 0; i < STAGED; i++)
		was_good(b, i, 0);
	board_link(b, 0, BOARD_LINK_UP, "live", ago(400000));
}

static void
mixed(struct board *b)
{
	for (int i = 0; i < STAGED; i++)
		if (i != QUEUE && i != READY && i != POSTGRES && i != API)
			was_good(b, i, 0);
	queue_fills(b);
	went_bad(b, READY, VITAL_BAD, "status 503, wanted 200, 12 ms", 1);
	went_bad(b, API, VITAL_BAD, "status 503, wanted 200, 12 ms", 9);
	went_bad(b, POSTGRES, VITAL_UNSURE, "no value came with the answer", 2);
	board_link(b, 0, BOARD_LINK_UP, "live", ago(400000));
	board_link(b, 0, BOARD_LINK_DOWN, "no route to host", ago(134000));
}

static void
all_dead(struct board *b)
{
	for (int i = 0; i < STAGED; i++)
		went_bad(b, i, VITAL_SILENT, "timed out after 5 s", 8);
	board_link(b, 0, BOARD_LINK_DOWN, "no route to host", ago(134000));
}

/* Nobody is to be alarmed, and nothing of it is green. */
static void
quiet(struct board *b)
{
	was_good(b, API, 20);
	went_bad(b, READY, VITAL_BAD, "status 503, wanted 200, 12 ms", 9);
	board_mute(b, READY,
		&(struct vital_mute){
			{now.wall.ms + 3600000}, "anna", "CHG-2231: it is being moved"});
	was_good(b, FRONTEND, 0);
	board_off(b, QUEUE, "input redis has no value");
	was_good(b, TLS, 0);
	board_watched(b, BOARD_PAUSED, ago(30000));
}

static void
draw(struct frame *f, void (*fill)(struct board *b), const struct health_state *from)
{
	static const struct health_use uses[] = {{"step 3  The writers stand here", NULL},
		{"Backend not responding", "runbooks/incident/backend.yaml"}};
	struct runbook *rb = staged_runbook();
	struct board *b = board_new(rb, ago(24 * 3600 * 1000), 1);
	struct scene_reading strip[STAGED + 1];
	struct str values[STAGED + 1];
	struct scene sc = {.now = now,
		.badge = "PROD",
		.prod = true,
		.place = "Health > Restore the ni_site database",
		.who = "anna@example.com",
		.strip = strip};
	struct health_state st = *from;

	board_watched(b, BOARD_LOOKED_AT, ago(24 * 3600 * 1000));
	fill(b);
	for (size_t i = 0; i < board_items(b); i++) {
		struct str *value = &values[sc.strip_len];
		struct board_shown s;

		board_show(b, (int)i, now, &s);
		if (s.skipped != NONE)
			continue;
		*value = STR_INIT;
		healthwords_strip(&s, now, value);
		strip[sc.strip_len++] = (struct scene_reading){s.name,
			vital_state_name(s.state), value->len ? value->buf : NULL,
			s.state, 0};
	}
	view_health_draw(&sc,
		&(struct health_scene){.board = b,
			.of = rb->title,
			.links = &rb->links,
			.uses = uses,
			.uses_len = 2,
			.no_logs = "this probe stands on no host"},
		&st, f);
	view_health_release(&st);
	for (size_t i = 0; i < sc.strip_len; i++)
		str_release(&values[i]);
	board_free(b);
	runbook_unref(rb);
}

void
stagehealth_good(struct frame *f)
{
	draw(f, all_good, &(struct health_state){.item = NONE});
}

void
stagehealth_mixed(struct frame *f)
{
	draw(f, mixed, &(struct health_state){.item = NONE});
}

void
stagehealth_dead(struct frame *f)
{
	draw(f, all_dead, &(struct health_state){.item = NONE});
}

void
stagehealth_quiet(struct frame *f)
{
	draw(f, quiet, &(struct health_state){.item = READY});
}

void
stagehealth_table(struct frame *f)
{
	draw(f, mixed, &(struct health_state){.item = QUEUE, .layout = HEALTH_TABLE});
}

void
stagehealth_details(struct frame *f)
{
	draw(f, mixed,
		&(struct health_state){
			.item = API, .open = true, .detail = {.id = SCROLL_NOTHING}});
}
