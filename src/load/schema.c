#include "load/schema.h"

#include "base/jsonout.h"
#include "model/keytable.h"

static const struct {
	const char *name, *title;
	enum key_context root;
} files[SCHEMA_COUNT] = {
	[SCHEMA_RUNBOOK] = {"runbook", "A runbook of Handrail", KEYS_IN_RUNBOOK},
	[SCHEMA_CONFIG] = {"config", "handrail.yaml", KEYS_IN_PROJECT},
	[SCHEMA_ANSWERS] = {"answers", "Answers for handrail run --plain",
		KEYS_IN_ANSWERS},
	[SCHEMA_THEME] = {"theme", "A theme of Handrail", KEYS_IN_THEME},
	[SCHEMA_KEYS] = {"keys", "Key bindings of Handrail", KEYS_IN_BINDINGS},
	[SCHEMA_SETTINGS] = {"settings", "config.yaml, settings of an operator",
		KEYS_IN_SETTINGS},
	[SCHEMA_TEST] = {"test", "Tests of a runbook", KEYS_IN_TESTS},
	[SCHEMA_SCENARIO] = {"scenario", "A scenario to practise in", KEYS_IN_SCENARIO},
};

/* Names of the definitions, by context. */
static const char *const definitions[KEYS_IN_COUNT] = {
#define X(id, heading) #id,
	KEY_CONTEXTS(X)
#undef X
};

bool
schema_parse(const char *name, enum schema_which *out)
{
	for (int i = 0; i < SCHEMA_COUNT; i++)
		if (str_eq(files[i].name, name)) {
			*out = (enum schema_which)i;
			return true;
		}
	return false;
}

static void
write_ref(struct jsonout *j, const char *name)
{
	char *ref = mem_printf("#/definitions/%s", name);

	jsonout_open(j);
	jsonout_kstr(j, "$ref", ref);
	jsonout_close(j);
	mem_free(ref);
}

/* ---- values ------------------------------------------------------------------------------------ */

/* A string, or what an editor's parser makes of the same characters without quotes. */
static void
write_types(struct jsonout *j, const char *other)
{
	jsonout_key(j, "type");
	jsonout_open_array(j);
	jsonout_str(j, "string");
	if (other)
		jsonout_str(j, other);
	if (str_eq(other, "number"))
		jsonout_str(j, "boolean");
	jsonout_close_array(j);
}

/* Editors read plain scalars as numbers and booleans, the loader as text: both are taken
 * where the grammar allows such a thing. */
static void
write_scalar(struct jsonout *j, const struct key_row *row)
{
	const char *pattern = keytable_value_pattern(row->value);

	jsonout_open(j);
	switch (row->value) {
	case KEY_VALUE_WORD:
		jsonout_key(j, "enum");
		jsonout_open_array(j);
		for (const char *p = row->words; *p;) {
			size_t n = strcspn(p, "|");

			jsonout_strn(j, p, n);
			p += n;
			p += *p == '|';
		}
		jsonout_close_array(j);
		break;
	case KEY_VALUE_BOOL:
		write_types(j, "boolean");
		jsonout_kstr(j, "pattern", pattern);
		break;
	case KEY_VALUE_COUNT:
	case KEY_VALUE_WHOLE:
	case KEY_VALUE_MODE:
		write_types(j, "integer");
		jsonout_kint(j, "minimum", row->value == KEY_VALUE_COUNT);
		jsonout_kstr(j, "pattern", pattern);
		break;
	case KEY_VALUE_NUMBER:
		write_types(j, "number");
		jsonout_kstr(j, "pattern", pattern);
		break;
	default:
		write_types(j, pattern ? NULL : "number");
		if (pattern)
			jsonout_kstr(j, "pattern", pattern);
	}
	jsonout_close(j);
}

static void
write_list_of(struct jsonout *j, const struct key_row *row)
{
	jsonout_open(j);
	jsonout_kstr(j, "type", "array");
	jsonout_key(j, "items");
	if (row)
		write_scalar(j, row);
	jsonout_close(j);
}

/* One shape of a row; names_of wraps the rest of them in "names to". */
static void write_shape(struct jsonout *j, const struct key_row *row, unsigned shape);

static void
write_names(struct jsonout *j, const struct key_row *row, unsigned inner)
{
	jsonout_open(j);
	jsonout_kstr(j, "type", "object");
	jsonout_key(j, "additionalProperties");
	if (inner & (inner - 1)) {
		jsonout_open(j);
		jsonout_key(j, "anyOf");
		jsonout_open_array(j);
		for (unsigned bit = 1; bit <= KEY_TEST; bit <<= 1)
			if (inner & bit)
				write_shape(j, row, bit);
		jsonout_close_array(j);
		jsonout_close(j);
	} else {
		write_shape(j, row, inner);
	}
	jsonout_close(j);
}

static void
write_shape(struct jsonout *j, const struct key_row *row, unsigned shape)
{
	switch ((enum key_shape)shape) {
	case KEY_SCALAR:
		write_scalar(j, row);
		break;
	case KEY_LIST:
		write_list_of(j, row);
		break;
	case KEY_PAIRS:
		write_names(j, row, KEY_SCALAR);
		break;
	case KEY_OBJECT:
		write_ref(j, definitions[row->of]);
		break;
	case KEY_OBJECTS:
		jsonout_open(j);
		jsonout_kstr(j, "type", "array");
		jsonout_key(j, "items");
		write_ref(j, definitions[row->of]);
		jsonout_close(j);
		break;
	case KEY_TABLE:
		write_names(j, row, KEY_OBJECT);
		break;
	case KEY_LISTS:
		write_names(j, row, KEY_SCALAR | KEY_LIST);
		break;
	case KEY_GRANTS:
		write_names(j, row, KEY_LISTS);
		break;
	case KEY_VALUES:
		write_names(j, row, KEY_SCALAR | KEY_OBJECT);
		break;
	case KEY_EXPECT:
		write_ref(j, "EXPECT");
		break;
	case KEY_TEST:
		write_ref(j, "ANY_TEST");
		break;
	}
}

static void
write_row(struct jsonout *j, const struct key_row *row)
{
	jsonout_key(j, row->name);
	jsonout_open(j);
	jsonout_kstr(j, "description", row->help);
	jsonout_key(j, "anyOf");
	jsonout_open_array(j);
	for (unsigned bit = 1; bit <= KEY_TEST; bit <<= 1)
		if (row->shapes & bit)
			write_shape(j, row, bit);
	jsonout_close_array(j);
	jsonout_close(j);
}

/* ---- contexts ---------------------------------------------------------------------------------- */

/* A step has exactly one of the keys that name its kind. */
static void
write_one_kind(struct jsonout *j)
{
	size_t count;
	const struct key_row *rows = keytable_of(KEYS_IN_STEP, &count);

	jsonout_key(j, "oneOf");
	jsonout_open_array(j);
	for (int i = 0; i < KEYS_STEP_KINDS; i++) {
		jsonout_open(j);
		jsonout_key(j, "required");
		jsonout_open_array(j);
		jsonout_str(j, rows[i].name);
		jsonout_close_array(j);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
write_context(struct jsonout *j, enum key_context ctx)
{
	size_t count;
	const struct key_row *rows = keytable_of(ctx, &count);

	jsonout_kstr(j, "type", "object");
	jsonout_kbool(j, "additionalProperties", false);
	jsonout_key(j, "properties");
	jsonout_open(j);
	for (size_t i = 0; i < count; i++)
		write_row(j, &rows[i]);
	jsonout_close(j);
	jsonout_key(j, "required");
	jsonout_open_array(j);
	for (size_t i = 0; i < count; i++)
		if (rows[i].need == KEY_REQUIRED)
			jsonout_str(j, rows[i].name);
	jsonout_close_array(j);
	if (ctx == KEYS_IN_STEP)
		write_one_kind(j);
}

static void
write_expect(struct jsonout *j)
{
	jsonout_key(j, "EXPECT");
	jsonout_open(j);
	jsonout_kstr(j, "type", "object");
	jsonout_kint(j, "minProperties", 1);
	jsonout_kbool(j, "additionalProperties", false);
	jsonout_key(j, "properties");
	jsonout_open(j);
	for (int f = 0; f < EXPECT_FIELD_COUNT; f++) {
		jsonout_key(j, expect_field_info((enum expect_field)f)->name);
		write_ref(j, "ANY_TEST");
	}
	jsonout_close(j);
	jsonout_close(j);
}

/* Scalar, list of scalars, the forms of a test, or members with tests. */
static void
write_any_test(struct jsonout *j)
{
	struct key_row any = {.name = "test", .value = KEY_VALUE_TEST};

	jsonout_key(j, "ANY_TEST");
	jsonout_open(j);
	jsonout_key(j, "anyOf");
	jsonout_open_array(j);
	write_scalar(j, &any);
	write_list_of(j, &any);
	write_ref(j, definitions[KEYS_IN_TEST]);
	jsonout_open(j);
	jsonout_kstr(j, "type", "object");
	jsonout_key(j, "additionalProperties");
	write_ref(j, "ANY_TEST");
	jsonout_close(j);
	jsonout_close_array(j);
	jsonout_close(j);
}

/* Contexts a file can reach. */
static void
reach(enum key_context ctx, uint64_t *seen)
{
	size_t count;
	const struct key_row *rows;

	if (ctx == KEYS_IN_EXPECT)
		ctx = KEYS_IN_TEST;
	if (ctx >= KEYS_IN_COUNT || (*seen >> ctx & 1))
		return;
	*seen |= UINT64_C(1) << ctx;
	rows = keytable_of(ctx, &count);
	for (size_t i = 0; i < count; i++)
		reach(rows[i].of, seen);
}

void
schema_write(enum schema_which which, struct str *out)
{
	enum key_context root = files[which].root;
	uint64_t seen = 0;
	struct jsonout j;

	reach(root, &seen);
	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kstr(&j, "$schema", "http://json-schema.org/draft-07/schema#");
	jsonout_kstr(&j, "title", files[which].title);
	write_context(&j, root);
	jsonout_key(&j, "definitions");
	jsonout_open(&j);
	for (int ctx = 0; ctx < KEYS_IN_COUNT; ctx++) {
		if (ctx == (int)root || !(seen >> ctx & 1))
			continue;
		jsonout_key(&j, definitions[ctx]);
		jsonout_open(&j);
		write_context(&j, (enum key_context)ctx);
		jsonout_close(&j);
	}
	if (seen >> KEYS_IN_TEST & 1) {
		write_expect(&j);
		write_any_test(&j);
	}
	jsonout_close(&j);
	jsonout_close(&j);
	str_addc(out, '\n');
}
