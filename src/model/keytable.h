#ifndef MODEL_KEYTABLE_H
#define MODEL_KEYTABLE_H

/*
 * The table of keys behind the loader, "did you mean", the JSON Schema and the manual
 * pages: what may stand in each kind of mapping (a context), in which shape, by which
 * grammar. The rows are in keylist.h and keysteps.h. Pure data and look-ups.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/expect.h"
#include "model/keylist.h"
#include "model/keyscene.h"
#include "model/keysteps.h"
#include "model/runbook.h"

/* Contexts: id, heading in the manual, rows. */
#define KEY_CONTEXTS(X) \
	X(RUNBOOK, "a runbook") \
	X(REVIEWED, "reviewed") \
	X(SOURCE, "source") \
	X(INPUT, "an input") \
	X(FROM, "from") \
	X(HOST, "a host") \
	X(PROBE, "a probe") \
	X(LOG, "a log") \
	X(CONTAINERS, "containers") \
	X(STEP, "a step") \
	X(STEP_SOURCE, "source of a step") \
	X(UNDO, "undo") \
	X(RETRIES, "retries") \
	X(HTTP, "http") \
	X(COPY, "copy") \
	X(OPTION, "an option") \
	X(SCHEDULE, "schedule") \
	X(NOTIFY, "notify") \
	X(FREEZE, "a freeze") \
	X(EXPLAIN, "explain") \
	X(SAMPLE, "sample") \
	X(TEST, "a test") \
	X(PROJECT, "handrail.yaml") \
	X(ENVIRONMENT, "an environment") \
	X(STORE, "store") \
	X(POSTGRES, "postgres") \
	X(ANSWERS, "an answers file") \
	X(ANSWER_FROM, "the source of a value") \
	X(ANSWER, "the answer to a step") \
	X(THEME, "a theme") \
	X(LOOK, "the look of a role") \
	X(BINDINGS, "keys.yaml") \
	X(SETTINGS, "config.yaml") \
	X(UI, "ui") \
	X(ANCHOR, "anchor") \
	X(SCENARIO, "a scenario") \
	X(SCENE_ANSWER, "an answer of a scenario") \
	X(SCENE_PROBE, "a probe of a scenario") \
	X(SCENE_LOG, "a log of a scenario") \
	X(SCENE_BOX, "a container of a scenario") \
	X(SCENE_EVENT, "an event of a scenario") \
	X(SCENE_HINT, "a hint") \
	X(SCENE_GUIDE, "a line of the guide") \
	X(TESTS, "tests of a runbook") \
	X(TEST_CASE, "a test case")

enum key_context {
#define X(id, heading) KEYS_IN_##id,
	KEY_CONTEXTS(X)
#undef X
		KEYS_IN_COUNT,
	KEYS_IN_NOTHING, /* no mapping */
	KEYS_IN_EXPECT,  /* fields of the kind, keytable_fields() */
};

enum key_shape {
	KEY_SCALAR = 1,
	KEY_LIST = 2,     /* of scalars */
	KEY_PAIRS = 4,    /* names to scalars */
	KEY_OBJECT = 8,   /* a mapping of `of` */
	KEY_OBJECTS = 16, /* a list of them */
	KEY_TABLE = 32,   /* names to mappings of `of` */
	KEY_LISTS = 64,   /* names to lists of scalars */
	KEY_GRANTS = 128, /* names to names to lists of scalars */
	KEY_VALUES = 256, /* names to scalars or mappings of `of` */
	KEY_EXPECT = 512, /* fields to tests */
	KEY_TEST = 1024,  /* scalar, list or mapping: one test */
};

/* Grammar of a scalar: id, how the manual calls it, JSON Schema pattern or NULL. */
#define KEY_VALUE_LIST(X) \
	X(ANY, "text, may be empty", NULL) \
	X(TEXT, "text", NULL) \
	X(LINE, "one line", NULL) \
	X(SHELL, "shell text", NULL) \
	X(SQL, "SQL", NULL) \
	X(LABEL, "a name without blanks", "^[A-Za-z0-9_][A-Za-z0-9_.@:/-]*$") \
	X(NAME, "name of an input", "^[a-z_][a-z0-9_]{0,31}$") \
	X(ID, "id", "^[a-z0-9][a-z0-9_-]{0,63}$") \
	X(WORD, "one of", NULL) \
	X(BOOL, "true or false", "^(true|false)$") \
	X(COUNT, "whole number from 1", "^[1-9][0-9]{0,8}$") \
	X(WHOLE, "whole number", "^[0-9]{1,9}$") \
	X(NUMBER, "number", "^[0-9]+(\\.[0-9]+)?$") \
	X(PERCENT, "part in %", "^([1-9]|[1-9][0-9]|100)%$") \
	X(DURATION, "duration", "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$") \
	X(SPAN, "time span", \
		"^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d)|[0-9]+(d|w|mo|y)( +[0-9]{2}:[0-9]{2}( +[A-Za-z0-9_+/-]+)?)?)$") \
	X(MINUTE, "day and time", "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$") \
	X(WINDOW, "window", \
		"^[A-Z][a-z]{2}(-[A-Z][a-z]{2})? +[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}( +[A-Za-z0-9_+/-]+)?$") \
	X(ZONE, "time zone", "^[A-Za-z0-9_+/-]+$") \
	X(DATE, "date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$") \
	X(TIME, "time", "^([0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z|[0-9]{2}:[0-9]{2})$") \
	X(MODE, "octal mode", "^0?[0-7]{3}$") \
	X(PATTERN, "PCRE2 pattern", NULL) \
	X(URL, "URL", "^([a-z][a-z0-9+.-]*://|\\$\\{)[^\\s]+$") \
	X(PATH, "path", NULL) \
	X(ALIAS, "ssh alias", "^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,254}$") \
	X(HOST, "name of a host", "^[A-Za-z0-9_][A-Za-z0-9_.@:/-]*$") \
	X(PROBE, "name of a probe", "^[A-Za-z0-9_][A-Za-z0-9_.@:/-]*$") \
	X(STEP, "id of a step", NULL) \
	X(TEST, "test", NULL)

enum key_value {
#define X(id, words, pattern) KEY_VALUE_##id,
	KEY_VALUE_LIST(X)
#undef X
		KEY_VALUE_ROWS
};

enum key_need { KEY_OPTIONAL, KEY_REQUIRED };

struct key_row {
	const char *name;
	unsigned shapes;
	enum key_value value;
	const char *words;   /* KEY_VALUE_WORD: the words, separated by | */
	enum key_context of; /* of the mappings inside */
	uint32_t kinds;      /* 0: all */
	enum key_need need;
	int since;
	const char *help;
};

/* Indices into the rows of each context: KEY_STEP_TITLE ... KEY_STEP_ROWS. */
enum {
#define X(id, ...) KEY_RUNBOOK_##id,
	KEYS_RUNBOOK(X)
#undef X
		KEY_RUNBOOK_ROWS
};
enum {
#define X(id, ...) KEY_REVIEWED_##id,
	KEYS_REVIEWED(X)
#undef X
		KEY_REVIEWED_ROWS
};
enum {
#define X(id, ...) KEY_SOURCE_##id,
	KEYS_SOURCE(X)
#undef X
		KEY_SOURCE_ROWS
};
enum {
#define X(id, ...) KEY_INPUT_##id,
	KEYS_INPUT(X)
#undef X
		KEY_INPUT_ROWS
};
enum {
#define X(id, ...) KEY_FROM_##id,
	KEYS_FROM(X)
#undef X
		KEY_FROM_ROWS
};
enum {
#define X(id, ...) KEY_HOST_##id,
	KEYS_HOST(X)
#undef X
		KEY_HOST_ROWS
};
enum {
#define X(id, ...) KEY_PROBE_##id,
	KEYS_PROBE(X)
#undef X
		KEY_PROBE_ROWS
};
enum {
#define X(id, ...) KEY_LOG_##id,
	KEYS_LOG(X)
#undef X
		KEY_LOG_ROWS
};
enum {
#define X(id, ...) KEY_CONTAINERS_##id,
	KEYS_CONTAINERS(X)
#undef X
		KEY_CONTAINERS_ROWS
};
enum {
#define X(id, ...) KEY_STEP_##id,
	KEYS_STEP(X)
#undef X
		KEY_STEP_ROWS
};
enum {
#define X(id, ...) KEY_STEP_SOURCE_##id,
	KEYS_STEP_SOURCE(X)
#undef X
		KEY_STEP_SOURCE_ROWS
};
enum {
#define X(id, ...) KEY_UNDO_##id,
	KEYS_UNDO(X)
#undef X
		KEY_UNDO_ROWS
};
enum {
#define X(id, ...) KEY_RETRIES_##id,
	KEYS_RETRIES(X)
#undef X
		KEY_RETRIES_ROWS
};
enum {
#define X(id, ...) KEY_HTTP_##id,
	KEYS_HTTP(X)
#undef X
		KEY_HTTP_ROWS
};
enum {
#define X(id, ...) KEY_COPY_##id,
	KEYS_COPY(X)
#undef X
		KEY_COPY_ROWS
};
enum {
#define X(id, ...) KEY_OPTION_##id,
	KEYS_OPTION(X)
#undef X
		KEY_OPTION_ROWS
};
enum {
#define X(id, ...) KEY_SCHEDULE_##id,
	KEYS_SCHEDULE(X)
#undef X
		KEY_SCHEDULE_ROWS
};
enum {
#define X(id, ...) KEY_FREEZE_##id,
	KEYS_FREEZE(X)
#undef X
		KEY_FREEZE_ROWS
};
enum {
#define X(id, ...) KEY_EXPLAIN_##id,
	KEYS_EXPLAIN(X)
#undef X
		KEY_EXPLAIN_ROWS
};
enum {
#define X(id, ...) KEY_SAMPLE_##id,
	KEYS_SAMPLE(X)
#undef X
		KEY_SAMPLE_ROWS
};
enum {
#define X(id, ...) KEY_TEST_##id,
	KEYS_TEST(X)
#undef X
		KEY_TEST_ROWS
};
enum {
#define X(id, ...) KEY_PROJECT_##id,
	KEYS_PROJECT(X)
#undef X
		KEY_PROJECT_ROWS
};
enum {
#define X(id, ...) KEY_ENVIRONMENT_##id,
	KEYS_ENVIRONMENT(X)
#undef X
		KEY_ENVIRONMENT_ROWS
};
enum {
#define X(id, ...) KEY_NOTIFY_##id,
	KEYS_NOTIFY(X)
#undef X
		KEY_NOTIFY_ROWS
};
enum {
#define X(id, ...) KEY_STORE_##id,
	KEYS_STORE(X)
#undef X
		KEY_STORE_ROWS
};
enum {
#define X(id, ...) KEY_POSTGRES_##id,
	KEYS_POSTGRES(X)
#undef X
		KEY_POSTGRES_ROWS
};
enum {
#define X(id, ...) KEY_ANSWERS_##id,
	KEYS_ANSWERS(X)
#undef X
		KEY_ANSWERS_ROWS
};
enum {
#define X(id, ...) KEY_ANSWER_FROM_##id,
	KEYS_ANSWER_FROM(X)
#undef X
		KEY_ANSWER_FROM_ROWS
};
enum {
#define X(id, ...) KEY_ANSWER_##id,
	KEYS_ANSWER(X)
#undef X
		KEY_ANSWER_ROWS
};
enum {
#define X(id, ...) KEY_THEME_##id,
	KEYS_THEME(X)
#undef X
		KEY_THEME_ROWS
};
enum {
#define X(id, ...) KEY_LOOK_##id,
	KEYS_LOOK(X)
#undef X
		KEY_LOOK_ROWS
};
enum {
#define X(id, ...) KEY_BINDINGS_##id,
	KEYS_BINDINGS(X)
#undef X
		KEY_BINDINGS_ROWS
};

enum {
#define X(id, ...) KEY_SETTINGS_##id,
	KEYS_SETTINGS(X)
#undef X
		KEY_SETTINGS_ROWS
};

enum {
#define X(id, ...) KEY_ANCHOR_##id,
	KEYS_ANCHOR(X)
#undef X
		KEY_ANCHOR_ROWS
};
enum {
#define X(id, ...) KEY_UI_##id,
	KEYS_UI(X)
#undef X
		KEY_UI_ROWS
};
enum {
#define X(id, ...) KEY_SCENARIO_##id,
	KEYS_SCENARIO(X)
#undef X
		KEY_SCENARIO_ROWS
};
enum {
#define X(id, ...) KEY_SCENE_ANSWER_##id,
	KEYS_SCENE_ANSWER(X)
#undef X
		KEY_SCENE_ANSWER_ROWS
};
enum {
#define X(id, ...) KEY_SCENE_PROBE_##id,
	KEYS_SCENE_PROBE(X)
#undef X
		KEY_SCENE_PROBE_ROWS
};
enum {
#define X(id, ...) KEY_SCENE_LOG_##id,
	KEYS_SCENE_LOG(X)
#undef X
		KEY_SCENE_LOG_ROWS
};
enum {
#define X(id, ...) KEY_SCENE_BOX_##id,
	KEYS_SCENE_BOX(X)
#undef X
		KEY_SCENE_BOX_ROWS
};
enum {
#define X(id, ...) KEY_SCENE_EVENT_##id,
	KEYS_SCENE_EVENT(X)
#undef X
		KEY_SCENE_EVENT_ROWS
};
enum {
#define X(id, ...) KEY_SCENE_GUIDE_##id,
	KEYS_SCENE_GUIDE(X)
#undef X
		KEY_SCENE_GUIDE_ROWS
};
enum {
#define X(id, ...) KEY_SCENE_HINT_##id,
	KEYS_SCENE_HINT(X)
#undef X
		KEY_SCENE_HINT_ROWS
};
enum {
#define X(id, ...) KEY_TESTS_##id,
	KEYS_TESTS(X)
#undef X
		KEY_TESTS_ROWS
};
enum {
#define X(id, ...) KEY_TEST_CASE_##id,
	KEYS_TEST_CASE(X)
#undef X
		KEY_TEST_CASE_ROWS
};

enum { KEYS_MAX = 72 }; /* rows of the longest context */

/* Rows of a context, `*count` of them. */
const struct key_row *keytable_of(enum key_context ctx, size_t *count);
/* Index of a name of `len` bytes, or NONE. */
int keytable_find(enum key_context ctx, const char *name, size_t len);
/* The same by hash, for the reader of large files. Made from the tables alone. */
struct keytable_index;
struct keytable_index *keytable_index_new(void);
void keytable_index_free(struct keytable_index *x);
int keytable_index_find(const struct keytable_index *x, enum key_context ctx,
	const char *name, size_t len);
/* The nearest name for a word that is none: index, or NONE. Names that `kinds` (a bit, or
 * 0) does not know are passed over. */
int keytable_nearest(enum key_context ctx, const char *word, uint32_t kinds);
const char *keytable_heading(enum key_context ctx);
const char *keytable_value_words(enum key_value v);   /* "duration" */
const char *keytable_value_pattern(enum key_value v); /* of the schema; NULL: none */
/* "text, or a list", as manual and complaints say it. */
void keytable_shape_text(const struct key_row *row, struct str *out);
/* Index of `text` among words separated by |, or NONE. */
int keytable_word(const char *words, const char *text);

/* Fields an expectation of this probe or step may hold, as bits of enum expect_field. */
uint64_t keytable_probe_fields(enum probe_kind k);
uint64_t keytable_step_fields(enum step_kind k, enum risk risk);

#endif
