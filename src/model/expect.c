#include "model/expect.h"

#include <string.h>

#include "model/holds.h"
#include "model/quantity.h"

/* ---- fields ---------------------------------------------------------------------------- */

static const struct expect_field_info fields[EXPECT_FIELD_COUNT] = {
#define X(id, fname, kind, funit) \
	[EXPECT_##id] = {.name = fname, .how = EXPECT_HOW_##kind, .unit = funit},
	EXPECT_FIELDS(X)
#undef X
};

const struct expect_field_info *
expect_field_info(enum expect_field f)
{
	return &fields[f];
}

bool
expect_field_find(const char *name, enum expect_field *out)
{
	for (int f = 0; f < EXPECT_FIELD_COUNT; f++) {
		if (fields[f].name[0] == name[0] && str_eq(fields[f].name, name)) {
			*out = (enum expect_field)f;
			return true;
		}
	}
	return false;
}

/* ---- make and free --------------------------------------------------------------------- */

struct expect *
expect_new(void)
{
	return mem_alloc(sizeof(struct expect));
}

void
expect_free(struct expect *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < x->rules.len; i++)
		expect_test_free(x->rules.at[i].test);
	vec_free(&x->rules);
	mem_free(x);
}

struct expect_test *
expect_test_new(enum expect_test_kind kind)
{
	struct expect_test *t = mem_alloc(sizeof *t);

	t->kind = kind;
	t->op = EXPECT_EQ;
	return t;
}

void
expect_test_free(struct expect_test *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->parts.len; i++)
		expect_test_free(t->parts.at[i]);
	vec_free(&t->parts);
	mem_free(t->text);
	mem_free(t->key);
	pattern_free(t->pattern);
	mem_free(t);
}

/* ---- numbers --------------------------------------------------------------------------- */

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
expect_number(const char *text, double *number, const char **unit)
{
	struct quantity q;
	const char *after;

	if (!quantity_read(text, &q, &after) || *after != '\0')
		return false;
	*number = q.number;
	*unit = q.unit;
	return true;
}

enum expect_family
expect_family(const char *unit, double *factor)
{
	struct quantity q = quantity_unit(unit);

	if (factor != NULL)
		*factor = q.factor;
	return q.family;
}

/* ---- scalars --------------------------------------------------------------------------- */

static const struct {
	const char *sign;
	enum expect_op op;
} ops[] = {
	/* the longer ones first */
	{"<=", EXPECT_LE},
	{"!=", EXPECT_NE},
	{">=", EXPECT_GE},
	{"<", EXPECT_LT},
	{"=", EXPECT_EQ},
	{">", EXPECT_GT},
};

static struct expect_test *
scalar_new(enum expect_test_kind kind, const char *text, const char *unit)
{
	struct expect_test *t = expect_test_new(kind);

	t->text = mem_strdup(text);
	t->unit = unit;
	return t;
}

static struct expect_test *
number_new(const char *text, enum expect_op op, double number, const char *unit)
{
	struct expect_test *t = expect_test_new(EXPECT_NUMBER);

	t->op = op;
	t->number = number;
	t->unit = unit;
	t->text = mem_strdup(text);
	return t;
}

/* LOW..HIGH; NULL if it is none. A LOW without unit takes that of HIGH. */
static struct expect_test *
scalar_range(const char *text, bool *reversed)
{
	struct expect_test *t;
	struct quantity low, high;
	const char *at;

	*reversed = false;
	if (strstr(text, "..") == NULL || !quantity_read(text, &low, &at))
		return NULL;
	while (*at == ' ')
		at++;
	if (!str_starts(at, ".."))
		return NULL;
	for (at += 2; *at == ' '; at++)
		;
	if (!quantity_read(at, &high, &at) || *at != '\0')
		return NULL;
	if (low.unit[0] == '\0')
		low.number *= high.factor;
	else if (low.family != high.family)
		return NULL;
	*reversed = low.number > high.number;
	t = scalar_new(EXPECT_RANGE, text, high.unit);
	t->number = low.number;
	t->high = high.number;
	return t;
}

/* After an operator. */
static struct expect_test *
scalar_compared(const char *text, enum expect_how how, size_t which, struct err *e)
{
	const char *rest = text + strlen(ops[which].sign), *unit;
	enum expect_op op = ops[which].op;
	double number;

	while (*rest == ' ')
		rest++;
	if (expect_number(rest, &number, &unit)) {
		if (how == EXPECT_HOW_TEXT) {
			err_set(e, ERR_PARSE,
				"`%s` compares a number, but this field is text", text);
			return NULL;
		}
		return number_new(text, op, number, unit);
	}
	/* "<html>" and "=== done" are texts; "> 10 apples" and "= ok" are slips. */
	if (how == EXPECT_HOW_NUMBER || digit(*rest))
		err_set(e, ERR_PARSE, "`%s` is not a number with a known unit", text);
	else if (how != EXPECT_HOW_TEXT && (op == EXPECT_EQ || op == EXPECT_NE) &&
		*rest != '=')
		err_set(e, ERR_PARSE,
			"`%s` compares no number; for texts write the text alone, or not: TEXT",
			text);
	else
		return scalar_new(EXPECT_TEXT_IS, text, "");
	return NULL;
}

struct expect_test *
expect_scalar(const char *text, enum expect_how how, struct err *e)
{
	bool reversed, zeros;
	struct expect_test *t;
	const char *unit;
	double number;

	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
		if (text[0] == ops[i].sign[0] && str_starts(text, ops[i].sign))
			return scalar_compared(text, how, i, e);
	}
	if (how == EXPECT_HOW_TEXT)
		return scalar_new(EXPECT_TEXT_IS, text, "");
	t = scalar_range(text, &reversed);
	if (t != NULL && reversed) {
		expect_test_free(t);
		err_set(e, ERR_PARSE,
			"`%s` holds nothing: the first number is the larger one", text);
		return NULL;
	}
	if (t != NULL)
		return t;
	/* "0755" and "007" are names that look like numbers. */
	zeros = text[0] == '0' && digit(text[1]);
	if (expect_number(text, &number, &unit) && (!zeros || how == EXPECT_HOW_NUMBER))
		return number_new(text, EXPECT_EQ, number, unit);
	if (how == EXPECT_HOW_NUMBER) {
		err_set(e, ERR_PARSE, "`%s` is not a number with a known unit", text);
		return NULL;
	}
	return scalar_new(EXPECT_TEXT_IS, text, "");
}

/* ---- as text --------------------------------------------------------------------------- */

static void
parts_text(const struct expect_test *t, const char *between, struct str *out)
{
	for (size_t i = 0; i < t->parts.len; i++) {
		if (i > 0)
			str_adds(out, between);
		if (t->kind == EXPECT_AT)
			str_addf(out, "%s ", t->parts.at[i]->key);
		expect_test_text(t->parts.at[i], out);
	}
}

void
expect_test_text(const struct expect_test *t, struct str *out)
{
	const char *text = t->text != NULL ? t->text : "";

	switch (t->kind) {
	case EXPECT_NUMBER:
	case EXPECT_RANGE:
		str_adds(out, text);
		break;
	case EXPECT_TEXT_IS:
		str_adds(out, text[0] != '\0' ? text : "\"\"");
		break;
	case EXPECT_ANY_OF:
		parts_text(t, " or ", out);
		break;
	case EXPECT_CONTAINS:
		str_addf(out, "contains %s", text);
		break;
	case EXPECT_MATCHES:
		str_addf(out, "matches %s", text);
		break;
	case EXPECT_NOT:
		str_adds(out, "not ");
		parts_text(t, " or ", out);
		break;
	case EXPECT_ANY:
	case EXPECT_ALL:
		str_adds(out, t->kind == EXPECT_ANY ? "any " : "all ");
		parts_text(t, " or ", out);
		break;
	case EXPECT_ABSENT:
		str_adds(out, str_eq(text, "false") ? "present" : "absent");
		break;
	case EXPECT_RISING:
		str_adds(out, "rising");
		break;
	case EXPECT_FALLING:
		str_adds(out, "falling");
		break;
	case EXPECT_AT:
		parts_text(t, ", ", out);
		break;
	}
}

void
expect_text(const struct expect *x, struct str *out)
{
	for (size_t i = 0; x != NULL && i < x->rules.len; i++) {
		if (i > 0)
			str_adds(out, " · ");
		str_addf(out, "%s ", fields[x->rules.at[i].field].name);
		expect_test_text(x->rules.at[i].test, out);
	}
}

/* ---- sense ----------------------------------------------------------------------------- */

static const char *const family_words[] = {
	[EXPECT_PLAIN] = "a plain number",
	[EXPECT_DURATION] = "a time (ms s m h d)",
	[EXPECT_BYTES] = "a size (B KiB MiB GiB)",
	[EXPECT_PERCENT] = "a percentage",
};

static bool
fits_number(enum expect_field field, const struct expect_test *t, struct err *e)
{
	enum expect_family got = expect_family(t->unit, NULL);
	enum expect_family want = expect_family(fields[field].unit, NULL);

	if (fields[field].how != EXPECT_HOW_NUMBER || got == EXPECT_PLAIN || got == want)
		return true;
	return err_set(e, ERR_PARSE, "%s is %s, `%s` is not", fields[field].name,
		family_words[want], t->text);
}

static bool
fits_members(enum expect_field field, const struct expect_test *t, struct err *e)
{
	bool json = fields[field].how == EXPECT_HOW_JSON;

	if (!json && fields[field].how != EXPECT_HOW_MAP)
		return err_set(e, ERR_PARSE, "%s has no members", fields[field].name);
	for (size_t i = 0; i < t->parts.len; i++) {
		const struct expect_test *part = t->parts.at[i];

		if (json && part->key[0] != '/' && part->key[0] != '\0')
			return err_set(e, ERR_PARSE,
				"`%s` is no JSON pointer: it begins with /", part->key);
		if (!json && part->kind == EXPECT_AT)
			return err_set(e, ERR_PARSE, "%s %s has no members",
				fields[field].name, part->key);
	}
	return true;
}

bool
expect_fits(enum expect_field field, const struct expect_test *t, struct err *e)
{
	if ((t->kind == EXPECT_NUMBER || t->kind == EXPECT_RANGE) &&
		!fits_number(field, t, e))
		return false;
	if (t->kind == EXPECT_AT && !fits_members(field, t, e))
		return false;
	if (field == EXPECT_PRESENT && t->kind == EXPECT_TEXT_IS &&
		!str_eq(t->text, "yes") && !str_eq(t->text, "no"))
		return err_set(
			e, ERR_PARSE, "`present` is yes or no, never `%.40s`", t->text);
	for (size_t i = 0; i < t->parts.len; i++) {
		if (!expect_fits(field, t->parts.at[i], e))
			return false;
	}
	return true;
}

/* Fields that count something never measure below zero. */
static bool
always_number(enum expect_field field, const struct expect_test *t)
{
	bool counts = fields[field].how == EXPECT_HOW_NUMBER &&
		field != EXPECT_DAYS_LEFT && field != EXPECT_NET;

	if (!counts)
		return false;
	if (t->kind == EXPECT_RANGE)
		return field == EXPECT_EXIT && t->number <= 0 && t->high >= 255;
	if (t->op == EXPECT_GE)
		return t->number <= 0;
	if (t->op == EXPECT_GT || t->op == EXPECT_NE)
		return t->number < 0;
	return field == EXPECT_EXIT && t->op == EXPECT_LE && t->number >= 255;
}

static bool
always(enum expect_field field, const struct expect_test *t)
{
	static const char *const all[] = {
		"", ".*", "^", "$", "^.*", ".*$", "^.*$", ".?", NULL};
	bool every = t->parts.len > 0;

	switch (t->kind) {
	case EXPECT_NUMBER:
	case EXPECT_RANGE:
		return always_number(field, t);
	case EXPECT_CONTAINS:
		return t->text == NULL || t->text[0] == '\0';
	case EXPECT_MATCHES:
		for (size_t i = 0; all[i] != NULL; i++) {
			if (str_eq(t->text, all[i]))
				return true;
		}
		return false;
	case EXPECT_ANY_OF:
		for (size_t i = 0; i < t->parts.len; i++) {
			if (always(field, t->parts.at[i]))
				return true;
		}
		return false;
	case EXPECT_AT:
	case EXPECT_ALL:
		for (size_t i = 0; i < t->parts.len; i++)
			every = every && always(field, t->parts.at[i]);
		return every;
	case EXPECT_TEXT_IS:
	case EXPECT_NOT:
	case EXPECT_ANY:
	case EXPECT_ABSENT:
	case EXPECT_RISING:
	case EXPECT_FALLING:
		return false;
	}
	return false;
}

bool
expect_can_fail(const struct expect *x)
{
	for (size_t i = 0; x != NULL && i < x->rules.len; i++) {
		if (!always(x->rules.at[i].field, x->rules.at[i].test))
			return true;
	}
	return false;
}

/* ---- the judge ------------------------------------------------------------------------- */

static void
judge_row(const struct expect_test *t, const struct held *h, char *name_take,
	struct judgement *out)
{
	struct judged *row = vec_add(&out->rows);
	struct str want = STR_INIT, got = STR_INIT;

	expect_test_text(t, &want);
	holds_got(h, &got);
	row->field = name_take;
	row->want = str_take(&want);
	row->got = str_take(&got);
	row->verdict = holds(t, h);
}

/* Members of a JSON document; a pointer may lead to further pointers. */
static void
judge_json(const struct expect_test *t, const struct held *h, const char *path,
	struct judgement *out)
{
	if (t->kind != EXPECT_AT) {
		judge_row(t, h, mem_printf("json%s%s", path[0] != '\0' ? " " : "", path),
			out);
		return;
	}
	for (size_t i = 0; i < t->parts.len; i++) {
		const struct expect_test *part = t->parts.at[i];
		struct held member = holds_member(h, part->key);
		char *below = mem_printf("%s%s", path, part->key);

		judge_json(part, &member, below, out);
		mem_free(below);
	}
}

static void
judge_rule(const struct expect_rule *rule, const struct facts *f, struct judgement *out)
{
	const struct expect_field_info *info = &fields[rule->field];
	const struct expect_test *t = rule->test;
	struct held h;

	if (info->how == EXPECT_HOW_JSON) {
		h = holds_json(f);
		judge_json(t, &h, "", out);
		return;
	}
	if (info->how != EXPECT_HOW_MAP || t->kind != EXPECT_AT) {
		h = holds_fact(f, rule->field, NULL);
		judge_row(t, &h, mem_strdup(info->name), out);
		return;
	}
	for (size_t i = 0; i < t->parts.len; i++) {
		h = holds_fact(f, rule->field, t->parts.at[i]->key);
		judge_row(t->parts.at[i], &h,
			mem_printf("%s %s", info->name, t->parts.at[i]->key), out);
	}
}

void
expect_judge(const struct expect *x, const struct facts *f, struct judgement *out)
{
	bool failed = false, unknown = false;

	*out = (struct judgement){.verdict = VERDICT_UNKNOWN};
	for (size_t i = 0; x != NULL && i < x->rules.len; i++)
		judge_rule(&x->rules.at[i], f, out);
	for (size_t i = 0; i < out->rows.len; i++) {
		failed = failed || out->rows.at[i].verdict == VERDICT_FAIL;
		unknown = unknown || out->rows.at[i].verdict == VERDICT_UNKNOWN;
	}
	if (failed)
		out->verdict = VERDICT_FAIL;
	else if (!unknown && out->rows.len > 0)
		out->verdict = VERDICT_OK;
}
