#include "load/expectread.h"

#include <string.h>

#include "base/pattern.h"

/* What a test is read for. */
struct place {
	const struct reading *r;
	const char *field; /* as written */
	enum expect_how how;
};

struct tests {
	VEC_OF(struct expect_test *) list;
};

static void read_test(const struct place *p, const struct ynode *n, struct tests *out);

static void
complain_test(const struct place *p, const struct ynode *n, const char *what)
{
	keyed_complain(p->r, n, C_TEST_BAD,
		"write a value (ok, \"< 200ms\", 1..5), a list of values, or contains, matches, "
		"not, any, all, absent, rising, falling",
		"`%s`: %s", p->field, what);
}

static void
release_tests(struct tests *t)
{
	for (size_t i = 0; i < t->list.len; i++)
		expect_test_free(t->list.at[i]);
	vec_free(&t->list);
}

static void
move_parts(struct expect_test *t, struct tests *parts)
{
	for (size_t i = 0; i < parts->list.len; i++)
		vec_push(&t->parts, parts->list.at[i]);
	vec_free(&parts->list);
}

/* NULL after a complaint. */
static struct expect_test *
scalar_test(const struct place *p, const struct ynode *n)
{
	struct expect_test *t;
	struct err e;

	if (n->len == 0 && n->style == YNODE_PLAIN) {
		complain_test(p, n, "nothing stands here");
		return NULL;
	}
	err_init(&e);
	t = expect_scalar(n->text, p->how, &e);
	if (!t)
		complain_test(p, n, e.msg);
	return t;
}

static void
read_scalar(const struct place *p, const struct ynode *n, struct tests *out)
{
	struct expect_test *t = scalar_test(p, n);

	if (t)
		vec_push(&out->list, t);
}

static void
read_any_of(const struct place *p, const struct ynode *n, struct tests *out)
{
	struct expect_test *t;
	struct tests parts = {0};

	for (const struct ynode *i = n->first; i; i = i->next) {
		if (i->kind == YNODE_SCALAR)
			read_scalar(p, i, &parts);
		else if (i->kind != YNODE_BAD)
			complain_test(p, i, "a list of alternatives holds single values");
	}
	if (!n->first)
		complain_test(p, n, "an empty list is never met");
	if (!parts.list.len)
		return;
	t = expect_test_new(EXPECT_ANY_OF);
	move_parts(t, &parts);
	vec_push(&out->list, t);
}

static struct expect_test *
read_leaf(const struct place *p, const struct ynode *v, int row)
{
	static const enum expect_test_kind kinds[KEY_TEST_ROWS] = {
		[KEY_TEST_CONTAINS] = EXPECT_CONTAINS,
		[KEY_TEST_MATCHES] = EXPECT_MATCHES,
		[KEY_TEST_NOT] = EXPECT_NOT,
		[KEY_TEST_ANY] = EXPECT_ANY,
		[KEY_TEST_ALL] = EXPECT_ALL,
		[KEY_TEST_ABSENT] = EXPECT_ABSENT,
		[KEY_TEST_RISING] = EXPECT_RISING,
		[KEY_TEST_FALLING] = EXPECT_FALLING,
	};
	struct expect_test *t = expect_test_new(kinds[row]);
	struct err e = ERR_INIT;
	struct tests parts = {0};

	switch (kinds[row]) {
	case EXPECT_NOT:
	case EXPECT_ANY:
	case EXPECT_ALL:
		read_test(&(struct place){p->r, p->field,
				  row == KEY_TEST_NOT ? p->how : EXPECT_HOW_DUAL},
			v, &parts);
		if (parts.list.len > 1)
			complain_test(p, v, "one test stands inside not, any and all");
		if (parts.list.len == 1) {
			move_parts(t, &parts);
			return t;
		}
		release_tests(&parts);
		expect_test_free(t);
		return NULL;
	case EXPECT_MATCHES:
		t->pattern = pattern_new(v->text, &e);
		if (!t->pattern)
			complain_test(p, v, e.msg);
		break;
	case EXPECT_RISING:
	case EXPECT_FALLING:
		t->number = (double)keyed_ms(v);
		break;
	case EXPECT_NUMBER:
	case EXPECT_RANGE:
	case EXPECT_TEXT_IS:
	case EXPECT_ANY_OF:
	case EXPECT_CONTAINS:
	case EXPECT_ABSENT:
	case EXPECT_AT:
		break;
	}
	t->text = keyed_text(v);
	return t;
}

/* {contains: x, not: y}: one test for each key. */
static void
read_ops(const struct place *p, const struct ynode *n, struct tests *out)
{
	const struct ynode *got[KEYS_MAX];

	if (!keyed_read(p->r, n, KEYS_IN_TEST, 0, got))
		return;
	for (int row = 0; row < KEY_TEST_ROWS; row++) {
		struct expect_test *t = got[row] ? read_leaf(p, got[row], row) : NULL;

		if (t)
			vec_push(&out->list, t);
	}
}

/* {/pointer: test} or {name: test}. */
static void
read_members(const struct place *p, const struct ynode *n, struct tests *out)
{
	struct place inner = {.r = p->r, .how = EXPECT_HOW_DUAL};
	struct expect_test *t;
	struct tests all = {0};

	for (const struct ynode *k = n->first; k; k = k->next->next) {
		struct tests parts = {0};

		if (k->kind != YNODE_SCALAR)
			continue;
		if (p->how != EXPECT_HOW_MAP && k->text[0] != '/' && k->len) {
			complain_test(p, k, "pointers begin with /");
			continue;
		}
		inner.field = k->text;
		read_test(&inner, k->next, &parts);
		for (size_t i = 0; i < parts.list.len; i++) {
			parts.list.at[i]->key = mem_strndup(k->text, k->len);
			vec_push(&all.list, parts.list.at[i]);
		}
		vec_free(&parts.list);
	}
	if (!n->first)
		complain_test(p, n, "nothing is expected");
	if (!all.list.len)
		return;
	t = expect_test_new(EXPECT_AT);
	move_parts(t, &all);
	vec_push(&out->list, t);
}

static void
read_test(const struct place *p, const struct ynode *n, struct tests *out)
{
	switch ((enum ynode_kind)n->kind) {
	case YNODE_SCALAR:
		if (p->how == EXPECT_HOW_MAP)
			complain_test(p, n, "this field has members: write {name: test}");
		else
			read_scalar(p, n, out);
		break;
	case YNODE_LIST:
		if (p->how == EXPECT_HOW_MAP)
			complain_test(p, n, "this field has members: write {name: test}");
		else
			read_any_of(p, n, out);
		break;
	case YNODE_MAP:
		if (p->how == EXPECT_HOW_MAP ||
			(n->first && n->first->kind == YNODE_SCALAR &&
				n->first->text[0] == '/'))
			read_members(p, n, out);
		else
			read_ops(p, n, out);
		break;
	case YNODE_BAD:
		break;
	}
}

static void
complain_field(
	const struct reading *r, const struct ynode *k, uint64_t fields, const char *what)
{
	const char *names[EXPECT_FIELD_COUNT + 1];
	struct str list = STR_INIT;
	size_t n = 0;
	char *guess;

	str_addf(&list, "%s measures", what);
	for (int f = 0; f < EXPECT_FIELD_COUNT; f++) {
		if (!(fields >> f & 1))
			continue;
		str_addf(&list, "%s %s", n ? "," : "", expect_field_info(f)->name);
		names[n++] = expect_field_info(f)->name;
	}
	names[n] = NULL;
	guess = keyed_guess(k->text, names);
	keyed_complain(r, k, C_FIELD_UNKNOWN, guess ? guess : list.buf,
		"%s has no field `%.60s`", what, k->text);
	mem_free(guess);
	str_release(&list);
}

static void
read_field(const struct reading *r, const struct ynode *k, enum expect_field field,
	struct expect *x)
{
	const struct expect_field_info *info = expect_field_info(field);
	struct place p = {.r = r, .field = info->name, .how = info->how};
	struct tests tests = {0};
	struct err e;

	err_init(&e);
	vec_reserve(&tests.list, 1);
	read_test(&p, k->next, &tests);
	for (size_t i = 0; i < tests.list.len; i++) {
		struct expect_rule rule = {.field = field, .test = tests.list.at[i]};

		if (!expect_fits(field, rule.test, &e))
			complain_test(&p, k->next, e.msg);
		vec_push(&x->rules, rule);
	}
	vec_free(&tests.list);
}

struct expect *
expectread_placeholder(uint64_t fields)
{
	struct expect *x = expect_new();
	struct err e = ERR_INIT;
	struct expect_rule rule;

	if (!fields)
		return x;
	rule.field = (enum expect_field)__builtin_ctzll(fields);
	rule.test = expect_scalar("0", expect_field_info(rule.field)->how, &e);
	if (rule.test)
		vec_push(&x->rules, rule);
	return x;
}

struct expect *
expectread_expect(
	const struct reading *r, const struct ynode *n, uint64_t fields, const char *what)
{
	struct expect *x;

	if (!n)
		return NULL;
	x = expect_new();
	vec_reserve(&x->rules, n->kind == YNODE_MAP ? n->len : 0);
	if (n->kind == YNODE_MAP && !n->first)
		keyed_complain(r, n, C_EXPECT_EMPTY,
			"expect at least one field, as `exit: 0`",
			"this expectation is empty");
	for (const struct ynode *k = n->kind == YNODE_MAP ? n->first : NULL; k;
		k = k->next->next) {
		enum expect_field field;

		if (k->kind != YNODE_SCALAR)
			continue;
		if (expect_field_find(k->text, &field) && (fields >> field & 1))
			read_field(r, k, field, x);
		else
			complain_field(r, k, fields, what);
	}
	if (!x->rules.len) {
		expect_free(x);
		x = expectread_placeholder(fields);
	}
	return x;
}
