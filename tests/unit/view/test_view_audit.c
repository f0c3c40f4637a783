#include "view/view_audit.h"

#include <string.h>

#include "base/mem.h"
#include "unit.h"

enum { ROWS = 36, COLS = 120 };

/* One run whose record was read and verified; borrowed strings. */
struct stage {
	struct audit_check check;
	struct audit_run run;
	struct ints one, all;
	struct event *events[3];
	const char *hashes[3];
	struct audit_signature signatures[1];
	struct audit_scene scene;
	struct frame frame;
};

static struct event *
an_event(enum event_type type, int64_t seq, const char *data)
{
	struct event *ev = event_new(type, "step", data);

	ev->seq = seq;
	ev->who = mem_strdup("anna@example.com");
	ev->con = mem_strdup("jump1/1/ab");
	return ev;
}

static void
set_stage(struct stage *s)
{
	*s = (struct stage){.hashes = {"aa", "bb", "cc"}};
	s->events[0] = an_event(EVENT_RUN_OPEN, 0, "{}");
	s->events[1] = an_event(EVENT_SIGNOFF, 1, "{\"role\":\"SRE\",\"key\":\"K\"}");
	s->events[2] = an_event(EVENT_RUN_CLOSE, 2, "{\"result\":\"ok\"}");
	s->signatures[0] = (struct audit_signature){
		1, (char *)"SRE", (char *)"marek@example.com", true, (char *)"", -1};
	s->check = (struct audit_check){.verdict = AUDIT_OK,
		.at = {1},
		.records = 3,
		.head = (char *)"cc",
		.signatures = {s->signatures, 1, 1}};
	s->run = (struct audit_run){"01JCX0000000000000000007KQ2", "Restore", "ok",
		"anna", {0}, {1}, &s->check, NULL};
	vec_push(&s->one.list, 0);
	for (int i = 0; i < 3; i++)
		vec_push(&s->all.list, i);
	s->scene = (struct audit_scene){.runs = &s->run,
		.runs_len = 1,
		.runs_shown = &s->one,
		.run_fault = "the fold is not what is looked at here",
		.events = (const struct event *const *)s->events,
		.hashes = s->hashes,
		.events_len = 3,
		.events_shown = &s->all};
	frame_init(&s->frame, ROWS, COLS);
}

static void
strike(struct stage *s)
{
	for (size_t i = 0; i < COUNT(s->events); i++)
		event_free(s->events[i]);
	vec_free(&s->one.list);
	vec_free(&s->all.list);
	frame_release(&s->frame);
}

static char *
draw(struct stage *s, bool record)
{
	struct scene sc = {.place = "Audit", .who = "sam"};
	struct audit_state st = {.record = record, .lines = {.id = 0}};
	struct str text = STR_INIT;

	frame_release(&s->frame);
	frame_init(&s->frame, ROWS, COLS);
	view_audit_draw(&sc, &s->scene, &st, &s->frame);
	view_audit_release(&st);
	frame_text(&s->frame, &text);
	return str_take(&text);
}

static void
says(struct stage *s, bool record, const char *text, bool is)
{
	char *screen = draw(s, record);

	if (!strstr(screen, text) == is)
		fail_msg("%s: \"%s\" in\n%s", is ? "not there" : "there", text, screen);
	mem_free(screen);
}

/* The style in which a text stands. */
static enum style
style_of(struct stage *s, bool record, const char *text)
{
	char *screen = draw(s, record), *at = strstr(screen, text);
	int row = 0, col;
	enum style style;

	if (!at)
		fail_msg("not there: \"%s\" in\n%s", text, screen);
	for (char *c = screen; c < at; c++)
		row += *c == '\n';
	for (col = 0; col < COLS; col++) {
		size_t n = 0;

		while (text[n] && col + (int)n < COLS &&
			frame_cell(&s->frame, row, col + (int)n)->text[0] == text[n])
			n++;
		if (!text[n])
			break;
	}
	assert_true(col < COLS);
	style = frame_cell(&s->frame, row, col)->style;
	mem_free(screen);
	return style;
}

/* Lines that were read before or after those that verify looked at are nobody's. */
static void
only_the_record_that_was_verified_is_good(void **state)
{
	struct stage s;

	(void)state;
	set_stage(&s);
	says(&s, true, "CHAIN OK", true);
	assert_int_equal(style_of(&s, true, "OK 3 records"), STYLE_OK);
	says(&s, false, "Record   OK", true);
	s.hashes[2] = "dd";
	says(&s, true, "CHAIN OK", false);
	says(&s, true, "CHAIN not yet", true);
	says(&s, false, "Record   OK", false);
	says(&s, false, "marek@example.com as SRE", false);
	s.hashes[2] = "cc";
	s.check.records = 2;
	says(&s, true, "CHAIN OK", false);
	s.check.verdict = AUDIT_BAD; /* is said at once */
	says(&s, true, "CHAIN BAD", true);
	strike(&s);
}

/* A line claims to be a signature; what it is worth verify says, of this record alone. */
static void
a_signature_is_as_good_as_its_check(void **state)
{
	static const struct {
		bool ok;
		int64_t seq, voided;
		enum audit_verdict verdict;
		int64_t records;
		const char *words;
		enum style style;
	} rows[] = {
		{true, 1, -1, AUDIT_OK, 3, "holds: step signed as SRE", STYLE_OK},
		{true, 1, 2, AUDIT_OK, 3, "VOID: step signed as SRE", STYLE_WARN},
		{false, 1, -1, AUDIT_BAD, 3, "BAD: step signed as SRE", STYLE_FAIL},
		{true, 2, -1, AUDIT_OK, 3, "not checked: step signed as SRE", STYLE_TEXT},
		{true, 1, -1, AUDIT_OK, 2, "not checked: step signed as SRE", STYLE_TEXT},
		{true, 1, -1, AUDIT_CHECKING, 3, "not checked: step signed as SRE",
			STYLE_TEXT},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stage s;
		enum style style;

		set_stage(&s);
		s.signatures[0].ok = rows[i].ok;
		s.signatures[0].seq = rows[i].seq;
		s.signatures[0].voided = rows[i].voided;
		s.check.verdict = rows[i].verdict;
		s.check.records = rows[i].records;
		style = style_of(&s, true, rows[i].words);
		assert_int_equal(view_audit_is_bad(&s.scene, &s.check, 1),
			rows[i].style == STYLE_FAIL);
		assert_false(view_audit_is_bad(&s.scene, &s.check, 2));
		if (style != rows[i].style)
			fail_msg("row %zu, %s: style %d, not %d", i, rows[i].words, style,
				rows[i].style);
		strike(&s);
	}
}

/* Who opened the run signs that: the same holds. */
static void
an_act_that_is_signed_is_a_signature(void **state)
{
	struct stage s;

	(void)state;
	set_stage(&s);
	event_free(s.events[1]);
	s.events[1] = an_event(EVENT_AUTHORITY, 1,
		"{\"of\":0,\"act\":\"open\",\"sig\":\"S\",\"key\":\"K\"}");
	assert_int_equal(style_of(&s, true, "holds: open of record 0"), STYLE_OK);
	s.signatures[0].ok = false;
	assert_int_equal(style_of(&s, true, "BAD: open of record 0"), STYLE_FAIL);
	event_free(s.events[1]);
	s.events[1] = an_event(
		EVENT_AUTHORITY, 1, "{\"of\":0,\"act\":\"open\",\"why\":\"no key\"}");
	assert_int_equal(style_of(&s, true, "S open of record 0 is not"), STYLE_TEXT);
	strike(&s);
}

/* Nobody says what is not there of lines that nobody read. */
static void
what_follows_a_fault_is_not_known(void **state)
{
	struct stage s;

	(void)state;
	set_stage(&s);
	s.check.signatures.len = 0;
	says(&s, true, "SIGNATURES none", true);
	says(&s, false, "nobody signed", true);
	says(&s, false, "Still owed", true);
	says(&s, false, "not known: the record was not read", true);
	s.check.verdict = AUDIT_BAD;
	s.check.fault_line = 4;
	s.scene.stops_at = 4;
	says(&s, false, "nobody signed", false);
	says(&s, false, "none before line 4;", true);
	says(&s, false, "not known: what follows line 3", true);
	says(&s, true, "SIGNATURES none before 4", true);
	says(&s, true, "ANCHORS 0 before 4", true);
	says(&s, true, "SECRETS 0 before 4", true);
	s.check.signatures.len = 1;
	says(&s, true, "SIGNATURES OK 1 before 4", true);
	assert_int_equal(style_of(&s, true, "OK 1 before 4"), STYLE_TEXT);
	says(&s, false, "what follows line 3 was not read", true);
	strike(&s);
}

static void
a_filter_says_how_many_it_does_not_know(void **state)
{
	struct stage s;

	(void)state;
	set_stage(&s);
	s.scene.filter = "BAD";
	s.one.list.len = 0;
	says(&s, false, "filter \"BAD\": 0", true);
	says(&s, false, "nothing matches", true);
	says(&s, false, "not verified yet", false);
	s.check.verdict = AUDIT_CHECKING;
	says(&s, false, "filter \"BAD\": 0, 1 not verified yet", true);
	says(&s, false, "nothing matches so far", true);
	strike(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_record_that_was_verified_is_good),
		cmocka_unit_test(a_signature_is_as_good_as_its_check),
		cmocka_unit_test(an_act_that_is_signed_is_a_signature),
		cmocka_unit_test(what_follows_a_fault_is_not_known),
		cmocka_unit_test(a_filter_says_how_many_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
