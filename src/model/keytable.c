#include "model/keytable.h"

#include <string.h>

/* Words of the shapes column; the other columns are pasted and stay as they are. */
#define SCALAR  KEY_SCALAR
#define LIST    KEY_LIST
#define PAIRS   KEY_PAIRS
#define OBJECT  KEY_OBJECT
#define OBJECTS KEY_OBJECTS
#define TABLE   KEY_TABLE
#define LISTS   KEY_LISTS
#define GRANTS  KEY_GRANTS
#define VALUES  KEY_VALUES
#define EXPECT  KEY_EXPECT
#define TEST    KEY_TEST

#define ROW(id, key, shape, val, word, ctx, kind, must, from, says) \
	{.name = key, \
		.shapes = shape, \
		.value = KEY_VALUE_##val, \
		.words = word, \
		.of = KEYS_IN_##ctx, \
		.kinds = kind, \
		.need = KEY_##must, \
		.since = from, \
		.help = says},

static const struct key_row runbook_rows[] = {KEYS_RUNBOOK(ROW)};
static const struct key_row reviewed_rows[] = {KEYS_REVIEWED(ROW)};
static const struct key_row source_rows[] = {KEYS_SOURCE(ROW)};
static const struct key_row input_rows[] = {KEYS_INPUT(ROW)};
static const struct key_row from_rows[] = {KEYS_FROM(ROW)};
static const struct key_row host_rows[] = {KEYS_HOST(ROW)};
static const struct key_row probe_rows[] = {KEYS_PROBE(ROW)};
static const struct key_row log_rows[] = {KEYS_LOG(ROW)};
static const struct key_row containers_rows[] = {KEYS_CONTAINERS(ROW)};
static const struct key_row step_rows[] = {KEYS_STEP(ROW)};
static const struct key_row step_source_rows[] = {KEYS_STEP_SOURCE(ROW)};
static const struct key_row undo_rows[] = {KEYS_UNDO(ROW)};
static const struct key_row retries_rows[] = {KEYS_RETRIES(ROW)};
static const struct key_row http_rows[] = {KEYS_HTTP(ROW)};
static const struct key_row copy_rows[] = {KEYS_COPY(ROW)};
static const struct key_row option_rows[] = {KEYS_OPTION(ROW)};
static const struct key_row schedule_rows[] = {KEYS_SCHEDULE(ROW)};
static const struct key_row freeze_rows[] = {KEYS_FREEZE(ROW)};
static const struct key_row explain_rows[] = {KEYS_EXPLAIN(ROW)};
static const struct key_row sample_rows[] = {KEYS_SAMPLE(ROW)};
static const struct key_row test_rows[] = {KEYS_TEST(ROW)};
static const struct key_row project_rows[] = {KEYS_PROJECT(ROW)};
static const struct key_row environment_rows[] = {KEYS_ENVIRONMENT(ROW)};
static const struct key_row notify_rows[] = {KEYS_NOTIFY(ROW)};
static const struct key_row store_rows[] = {KEYS_STORE(ROW)};
static const struct key_row postgres_rows[] = {KEYS_POSTGRES(ROW)};
static const struct key_row answers_rows[] = {KEYS_ANSWERS(ROW)};
static const struct key_row answer_from_rows[] = {KEYS_ANSWER_FROM(ROW)};
static const struct key_row answer_rows[] = {KEYS_ANSWER(ROW)};
static const struct key_row theme_rows[] = {KEYS_THEME(ROW)};
static const struct key_row look_rows[] = {KEYS_LOOK(ROW)};
static const struct key_row bindings_rows[] = {KEYS_BINDINGS(ROW)};
static const struct key_row settings_rows[] = {KEYS_SETTINGS(ROW)};
static const struct key_row anchor_rows[] = {KEYS_ANCHOR(ROW)};
static const struct key_row ui_rows[] = {KEYS_UI(ROW)};
static const struct key_row scenario_rows[] = {KEYS_SCENARIO(ROW)};
static const struct key_row scene_answer_rows[] = {KEYS_SCENE_ANSWER(ROW)};
static const struct key_row scene_probe_rows[] = {KEYS_SCENE_PROBE(ROW)};
static const struct key_row scene_log_rows[] = {KEYS_SCENE_LOG(ROW)};
static const struct key_row scene_box_rows[] = {KEYS_SCENE_BOX(ROW)};
static const struct key_row scene_event_rows[] = {KEYS_SCENE_EVENT(ROW)};
static const struct key_row tests_rows[] = {KEYS_TESTS(ROW)};
static const struct key_row test_case_rows[] = {KEYS_TEST_CASE(ROW)};
static const struct key_row scene_hint_rows[] = {KEYS_SCENE_HINT(ROW)};
static const struct key_row scene_guide_rows[] = {KEYS_SCENE_GUIDE(ROW)};

struct table {
	const char *heading;
	const struct key_row *rows;
	size_t count;
};

static const struct table tables[KEYS_IN_COUNT] = {
	[KEYS_IN_RUNBOOK] = {"a runbook", runbook_rows, KEY_RUNBOOK_ROWS},
	[KEYS_IN_REVIEWED] = {"reviewed", reviewed_rows, KEY_REVIEWED_ROWS},
	[KEYS_IN_SOURCE] = {"source", source_rows, KEY_SOURCE_ROWS},
	[KEYS_IN_INPUT] = {"an input", input_rows, KEY_INPUT_ROWS},
	[KEYS_IN_FROM] = {"from", from_rows, KEY_FROM_ROWS},
	[KEYS_IN_HOST] = {"a host", host_rows, KEY_HOST_ROWS},
	[KEYS_IN_PROBE] = {"a probe", probe_rows, KEY_PROBE_ROWS},
	[KEYS_IN_LOG] = {"a log", log_rows, KEY_LOG_ROWS},
	[KEYS_IN_CONTAINERS] = {"containers", containers_rows, KEY_CONTAINERS_ROWS},
	[KEYS_IN_STEP] = {"a step", step_rows, KEY_STEP_ROWS},
	[KEYS_IN_STEP_SOURCE] = {"source of a step", step_source_rows,
		KEY_STEP_SOURCE_ROWS},
	[KEYS_IN_UNDO] = {"undo", undo_rows, KEY_UNDO_ROWS},
	[KEYS_IN_RETRIES] = {"retries", retries_rows, KEY_RETRIES_ROWS},
	[KEYS_IN_HTTP] = {"http", http_rows, KEY_HTTP_ROWS},
	[KEYS_IN_COPY] = {"copy", copy_rows, KEY_COPY_ROWS},
	[KEYS_IN_OPTION] = {"an option", option_rows, KEY_OPTION_ROWS},
	[KEYS_IN_SCHEDULE] = {"schedule", schedule_rows, KEY_SCHEDULE_ROWS},
	[KEYS_IN_FREEZE] = {"freeze", freeze_rows, KEY_FREEZE_ROWS},
	[KEYS_IN_EXPLAIN] = {"explain", explain_rows, KEY_EXPLAIN_ROWS},
	[KEYS_IN_SAMPLE] = {"sample", sample_rows, KEY_SAMPLE_ROWS},
	[KEYS_IN_TEST] = {"a test", test_rows, KEY_TEST_ROWS},
	[KEYS_IN_PROJECT] = {"handrail.yaml", project_rows, KEY_PROJECT_ROWS},
	[KEYS_IN_ENVIRONMENT] = {"an environment", environment_rows,
		KEY_ENVIRONMENT_ROWS},
	[KEYS_IN_NOTIFY] = {"notify", notify_rows, KEY_NOTIFY_ROWS},
	[KEYS_IN_STORE] = {"store", store_rows, KEY_STORE_ROWS},
	[KEYS_IN_POSTGRES] = {"postgres", postgres_rows, KEY_POSTGRES_ROWS},
	[KEYS_IN_ANSWERS] = {"an answers file", answers_rows, KEY_ANSWERS_ROWS},
	[KEYS_IN_ANSWER_FROM] = {"the source of a value", answer_from_rows,
		KEY_ANSWER_FROM_ROWS},
	[KEYS_IN_ANSWER] = {"the answer to a step", answer_rows, KEY_ANSWER_ROWS},
	[KEYS_IN_THEME] = {"a theme", theme_rows, KEY_THEME_ROWS},
	[KEYS_IN_LOOK] = {"the look of a role", look_rows, KEY_LOOK_ROWS},
	[KEYS_IN_BINDINGS] = {"keys.yaml", bindings_rows, KEY_BINDINGS_ROWS},
	[KEYS_IN_SETTINGS] = {"config.yaml", settings_rows, KEY_SETTINGS_ROWS},
	[KEYS_IN_ANCHOR] = {"anchor", anchor_rows, KEY_ANCHOR_ROWS},
	[KEYS_IN_UI] = {"ui", ui_rows, KEY_UI_ROWS},
	[KEYS_IN_SCENARIO] = {"a scenario", scenario_rows, KEY_SCENARIO_ROWS},
	[KEYS_IN_SCENE_ANSWER] = {"an answer of a scenario", scene_answer_rows,
		KEY_SCENE_ANSWER_ROWS},
	[KEYS_IN_SCENE_PROBE] = {"a probe of a scenario", scene_probe_rows,
		KEY_SCENE_PROBE_ROWS},
	[KEYS_IN_SCENE_LOG] = {"a log of a scenario", scene_log_rows, KEY_SCENE_LOG_ROWS},
	[KEYS_IN_SCENE_BOX] = {"a container of a scenario", scene_box_rows,
		KEY_SCENE_BOX_ROWS},
	[KEYS_IN_SCENE_EVENT] = {"an event of a scenario", scene_event_rows,
		KEY_SCENE_EVENT_ROWS},
	[KEYS_IN_TESTS] = {"tests of a runbook", tests_rows, KEY_TESTS_ROWS},
	[KEYS_IN_TEST_CASE] = {"a test case", test_case_rows, KEY_TEST_CASE_ROWS},
	[KEYS_IN_SCENE_HINT] = {"a hint", scene_hint_rows, KEY_SCENE_HINT_ROWS},
	[KEYS_IN_SCENE_GUIDE] = {"a line of the guide", scene_guide_rows,
		KEY_SCENE_GUIDE_ROWS},
};

const struct key_row *
keytable_of(enum key_context ctx, size_t *count)
{
	*count = tables[ctx].count;
	return tables[ctx].rows;
}

int
keytable_find(enum key_context ctx, const char *name, size_t len)
{
	const struct table *t = &tables[ctx];

	for (size_t i = 0; i < t->count; i++) {
		const char *key = t->rows[i].name;

		if (key[0] == name[0] && strlen(key) == len && !memcmp(key, name, len))
			return (int)i;
	}
	return NONE;
}

/* ---- by hash --------------------------------------------------------------------------- */

enum { SLOTS = 2048 }; /* some 350 rows: nearly every one in its own place */

struct keytable_index {
	struct {
		unsigned char ctx, place; /* row + 1; 0: free */
	} slots[SLOTS];
};

static size_t
slot_of(enum key_context ctx, const char *name, size_t len)
{
	uint32_t h = (uint32_t)ctx * 131 + (uint32_t)len;

	for (size_t i = 0; i < len; i++)
		h = h * 31 + (unsigned char)name[i];
	return (h ^ h >> 12) % SLOTS;
}

struct keytable_index *
keytable_index_new(void)
{
	struct keytable_index *x = mem_alloc(sizeof *x);

	for (unsigned ctx = 0; ctx < KEYS_IN_COUNT; ctx++) {
		for (size_t row = 0; row < tables[ctx].count; row++) {
			const char *name = tables[ctx].rows[row].name;
			size_t i = slot_of((enum key_context)ctx, name, strlen(name));

			while (x->slots[i].place != 0)
				i = (i + 1) % SLOTS;
			x->slots[i].ctx = (unsigned char)ctx;
			x->slots[i].place = (unsigned char)(row + 1);
		}
	}
	return x;
}

void
keytable_index_free(struct keytable_index *x)
{
	mem_free(x);
}

int
keytable_index_find(const struct keytable_index *x, enum key_context ctx,
	const char *name, size_t len)
{
	size_t i = slot_of(ctx, name, len);

	for (; x->slots[i].place != 0; i = (i + 1) % SLOTS) {
		int row = x->slots[i].place - 1;

		if (x->slots[i].ctx == ctx &&
			strncmp(tables[ctx].rows[row].name, name, len) == 0 &&
			tables[ctx].rows[row].name[len] == '\0')
			return row;
	}
	return NONE;
}

int
keytable_nearest(enum key_context ctx, const char *word, uint32_t kinds)
{
	const struct table *t = &tables[ctx];
	const char *names[KEYS_MAX + 1];
	const char *near;
	size_t n = 0;

	if (strlen(word) > KEYS_MAX)
		return NONE;
	for (size_t i = 0; i < t->count; i++)
		if (!kinds || !t->rows[i].kinds || (t->rows[i].kinds & kinds))
			names[n++] = t->rows[i].name;
	names[n] = NULL;
	near = str_nearest(word, names);
	return near ? keytable_find(ctx, near, strlen(near)) : NONE;
}

const char *
keytable_heading(enum key_context ctx)
{
	return tables[ctx].heading;
}

static const struct {
	const char *words, *pattern;
} values[] = {
#define X(id, words, pattern) {words, pattern},
	KEY_VALUE_LIST(X)
#undef X
};

const char *
keytable_value_words(enum key_value v)
{
	return values[v].words;
}

const char *
keytable_value_pattern(enum key_value v)
{
	return values[v].pattern;
}

/* What stands for each shape in a sentence; {} is the grammar of the scalars. */
static const struct {
	unsigned shape;
	const char *before, *after;
} shape_words[] = {
	{KEY_SCALAR, "", ""},
	{KEY_LIST, "a list (", ")"},
	{KEY_PAIRS, "names with values (", ")"},
	{KEY_LISTS, "names with lists (", ")"},
	{KEY_GRANTS, "names with names with lists (", ")"},
};

static const struct {
	unsigned shape;
	const char *text;
} inner_words[] = {
	{KEY_OBJECT, "a mapping"},
	{KEY_OBJECTS, "a list of mappings"},
	{KEY_TABLE, "names with mappings"},
	{KEY_VALUES, "names with values or mappings"},
	{KEY_EXPECT, "fields with tests"},
	{KEY_TEST, "a test"},
};

static void
add_value(const struct key_row *row, struct str *out)
{
	if (row->value != KEY_VALUE_WORD) {
		str_adds(out, keytable_value_words(row->value));
		return;
	}
	for (const char *p = row->words; *p; p++)
		if (*p == '|')
			str_adds(out, ", ");
		else
			str_addc(out, *p);
}

void
keytable_shape_text(const struct key_row *row, struct str *out)
{
	const char *sep = "";

	for (size_t i = 0; i < sizeof shape_words / sizeof shape_words[0]; i++) {
		if (!(row->shapes & shape_words[i].shape))
			continue;
		str_adds(out, sep);
		str_adds(out, shape_words[i].before);
		add_value(row, out);
		str_adds(out, shape_words[i].after);
		sep = " or ";
	}
	for (size_t i = 0; i < sizeof inner_words / sizeof inner_words[0]; i++) {
		if (!(row->shapes & inner_words[i].shape))
			continue;
		str_adds(out, sep);
		str_adds(out, inner_words[i].text);
		sep = " or ";
	}
}

int
keytable_word(const char *words, const char *text)
{
	size_t len = strlen(text);
	int i = 0;

	for (const char *p = words; *p; i++) {
		size_t n = strcspn(p, "|");

		if (n == len && !memcmp(p, text, n))
			return i;
		p += n;
		if (*p)
			p++;
	}
	return NONE;
}

#define F(field) (UINT64_C(1) << EXPECT_##field)
#define F_LOOK   (F(EXIT) | F(STDOUT) | F(STDERR) | F(VALUE) | F(JSON) | F(TIME))
#define F_JOB    (F(EXIT) | F(OUTPUT) | F(VALUE) | F(JSON) | F(TIME))
#define F_HTTP   (F(STATUS) | F(HEADER) | F(BODY) | F(JSON) | F(TIME) | F(URL) | F(COOKIE))
#define F_SQL    (F(VALUE) | F(ROW) | F(JSON) | F(TIME))
#define F_HOST \
	(F(USED) | F(INODES) | F(LOAD) | F(CPU) | F(MEMORY) | F(IO) | F(NET) | F(FDS))
#define F_BOX \
	(F(STATE) | F(HEALTH) | F(RESTARTS) | F(IMAGE) | F(LIMITS) | F(POLICY) | \
		F(PORTS) | F(LOG_OPTIONS))
#define F_FILE \
	(F(AGE) | F(NEWEST_AGE) | F(SIZE) | F(COUNT) | F(MODE) | F(OWNER) | F(SHA256) | \
		F(GZIP) | F(TRAILER))
#define F_TLS (F(DAYS_LEFT) | F(ISSUER) | F(NAMES) | F(PROTOCOL) | F(CHAIN))

static const uint64_t probe_fields[PROBE_KIND_COUNT] = {
	[PROBE_HTTP] = F_HTTP,
	[PROBE_BURST] = F(STATUS) | F(COUNT) | F(VALUE) | F(HEADER) | F(TIME),
	[PROBE_CORS] = F(STATUS) | F(STATE) | F(HEADER) | F(TIME),
	[PROBE_TLS] = F_TLS,
	[PROBE_TCP] = F(STATE) | F(TIME),
	[PROBE_DNS] = F(NAMES) | F(VALUE) | F(COUNT) | F(TIME),
	[PROBE_COMMAND] = F_LOOK,
	[PROBE_FILE] = F_FILE,
	[PROBE_PORT] = F(STATE) | F(NAMES) | F(TIME),
	[PROBE_ENV] = F(PRESENT) | F(NAMES),
	[PROBE_CONTAINER] = F_BOX,
	[PROBE_HOST] = F_HOST,
	[PROBE_SQL] = F_SQL,
	[PROBE_REDIS] = F(REPLY) | F(FIELD) | F(VALUE) | F(TIME),
	[PROBE_PROM] = F(VALUE) | F(PRESENT),
	[PROBE_METRICS] = F(VALUE) | F(PRESENT),
	[PROBE_LOG] = F(COUNT) | F(VALUE) | F(PRESENT) | F(NEWEST_AGE),
	[PROBE_CRON] = F(PRESENT) | F(COUNT) | F(VALUE) | F(AGE),
	[PROBE_GIT] = F(STATE) | F(VALUE) | F(AGE) | F(COUNT) | F(NAMES) | F(SHA256) |
		F(FROM) | F(TO),
	[PROBE_CI] = F(STATE) | F(VALUE) | F(AGE),
};

uint64_t
keytable_probe_fields(enum probe_kind k)
{
	return probe_fields[k];
}

uint64_t
keytable_step_fields(enum step_kind k, enum risk risk)
{
	switch (k) {
	case STEP_RUN:
		return risk == RISK_NONE ? F_LOOK | F_JOB : F_JOB;
	case STEP_HTTP:
		return F_HTTP;
	case STEP_SQL:
		return F_SQL | F(COUNT);
	case STEP_COPY:
		return F(SHA256) | F(SIZE) | F(TIME);
	case STEP_WATCH:
		return F(EXIT) | F(OUTPUT);
	case STEP_DO:
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WAIT:
	case STEP_ASK:
	case STEP_NOTIFY:
	case STEP_CHOOSE:
	case STEP_CALL:
	case STEP_SIGNOFF:
	case STEP_SCHEDULE:
	case STEP_SECTION:
	case STEP_KIND_COUNT:
		break;
	}
	return 0;
}
