#include "model/holds.h"

#include <math.h>
#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "model/past.h"

enum { GOT_BYTES = 200 };

/* ---- what was measured ----------------------------------------------------------------- */

struct held
holds_fact(const struct facts *f, enum expect_field field, const char *key)
{
	const struct expect_field_info *info = expect_field_info(field);
	const struct fact *fact = facts_find(f, field, key);
	struct held h = {.how = info->how,
		.field_unit = info->unit,
		.unit = "",
		.past = f->past,
		.at_ms = f->at_ms};

	if (fact == NULL) {
		if (key != NULL && facts_has_field(f, field))
			h.kind = HELD_NOTHING;
		return h;
	}
	h.text = fact->text;
	h.len = fact->len;
	h.number = fact->number;
	switch (fact->kind) {
	case FACT_TEXT:
		h.kind = HELD_TEXT;
		/* Headers, columns and replies come as text even where they are numbers. */
		if (info->how != EXPECT_HOW_TEXT && strlen(h.text) == h.len &&
			expect_number(h.text, &h.number, &h.unit))
			h.kind = HELD_NUMBER;
		break;
	case FACT_NUMBER:
		h.kind = HELD_NUMBER;
		if (info->how == EXPECT_HOW_NUMBER)
			h.unit = info->unit;
		else if (!expect_number(h.text, &h.number, &h.unit))
			h.unit = "";
		break;
	case FACT_CUT:
		h.kind = HELD_CUT;
		break;
	}
	return h;
}

static void
held_node(struct held *h, const struct json_node *node)
{
	h->kind = HELD_NODE;
	h->node = node;
	h->unit = "";
	h->text = json_text(node);
	h->len = h->text != NULL ? strlen(h->text) : 0;
	if (h->text != NULL)
		h->kind = HELD_TEXT;
}

struct held
holds_json(const struct facts *f)
{
	struct held h = {.how = EXPECT_HOW_JSON,
		.field_unit = "",
		.unit = "",
		.past = f->past,
		.at_ms = f->at_ms};

	if (f->json_cut) {
		h.kind = HELD_CUT;
		h.text = "";
	} else if (f->json != NULL) {
		held_node(&h, json_root(f->json));
	}
	return h;
}

struct held
holds_member(const struct held *h, const char *pointer)
{
	struct held member = *h;
	const struct json_node *node;

	if (pointer[0] == '\0' || h->kind == HELD_CUT || h->kind == HELD_MISSING ||
		h->kind == HELD_NOTHING)
		return member;
	node = json_pointer(h->node, pointer);
	if (node == NULL) {
		member = (struct held){.kind = HELD_NOTHING,
			.how = h->how,
			.field_unit = h->field_unit,
			.unit = ""};
		return member;
	}
	held_node(&member, node);
	return member;
}

/* ---- numbers --------------------------------------------------------------------------- */

static bool
held_number(const struct held *h, double *number)
{
	if (h->kind == HELD_NUMBER) {
		*number = h->number;
		return true;
	}
	return h->kind == HELD_NODE && json_number(h->node, number);
}

/*
 * Brings what was wanted to base units and says whether it may be compared with what was
 * got. A bare number got is taken for bytes or percent where those are wanted, but never
 * for a time: seconds and milliseconds are both common.
 */
static bool
comparable(const struct expect_test *t, const struct held *h, double *scale)
{
	enum expect_family want = expect_family(t->unit, NULL);
	enum expect_family got = expect_family(h->unit, NULL);

	*scale = 1;
	if (t->unit[0] == '\0' && h->how == EXPECT_HOW_NUMBER) {
		want = expect_family(h->field_unit, scale);
		return want == got;
	}
	if (want == got)
		return true;
	if (got == EXPECT_PLAIN)
		return want != EXPECT_DURATION;
	return got == EXPECT_PERCENT && want == EXPECT_PLAIN;
}

static enum verdict
told(bool holds)
{
	return holds ? VERDICT_OK : VERDICT_FAIL;
}

static enum verdict
compare(enum expect_op op, double got, double want)
{
	switch (op) {
	case EXPECT_LT:
		return told(got < want);
	case EXPECT_LE:
		return told(got <= want);
	case EXPECT_EQ:
		return told(got == want);
	case EXPECT_NE:
		return told(got != want);
	case EXPECT_GT:
		return told(got > want);
	case EXPECT_GE:
		return told(got >= want);
	}
	return VERDICT_UNKNOWN;
}

/* ---- texts ----------------------------------------------------------------------------- */

/* The measured thing as text; false for what has none (objects, missing things). */
static bool
held_text(const struct held *h, struct str *out)
{
	switch (h->kind) {
	case HELD_TEXT:
	case HELD_NUMBER:
		str_add(out, h->text, h->len);
		return true;
	case HELD_NODE:
		if (json_type_of(h->node) == JSON_NULL)
			str_adds(out, "null");
		else
			return json_scalar_text(h->node, out);
		return true;
	case HELD_MISSING:
	case HELD_NOTHING:
	case HELD_CUT:
		return false;
	}
	return false;
}

static enum verdict
text_is(const struct expect_test *t, const struct held *h)
{
	struct str got = STR_INIT;
	enum verdict v = VERDICT_UNKNOWN;

	if (held_text(h, &got))
		v = told(got.len == strlen(t->text) &&
			memcmp(got.buf, t->text, got.len) == 0);
	str_release(&got);
	return v;
}

static enum verdict
contains(const struct expect_test *t, const struct held *h)
{
	struct str got = STR_INIT;
	enum verdict v = VERDICT_UNKNOWN;
	bool found;

	if (h->kind == HELD_CUT)
		str_add(&got, h->text, h->len);
	else if (!held_text(h, &got) && h->kind == HELD_NODE)
		json_write(h->node, &got);
	found = memmem(got.buf, got.len, t->text, strlen(t->text)) != NULL;
	/* What was found in a part is in the whole; what was not may be in the rest. */
	if (h->kind != HELD_MISSING && h->kind != HELD_NOTHING &&
		(found || h->kind != HELD_CUT))
		v = told(found);
	str_release(&got);
	return v;
}

static enum verdict
matches(const struct expect_test *t, const struct held *h)
{
	struct str got = STR_INIT;
	enum verdict v = VERDICT_UNKNOWN;

	if (!held_text(h, &got) && h->kind == HELD_NODE)
		json_write(h->node, &got);
	if (h->kind != HELD_MISSING && h->kind != HELD_NOTHING && h->kind != HELD_CUT &&
		t->pattern != NULL) {
		switch (pattern_find(t->pattern, got.buf, got.len, NULL, NULL)) {
		case PATTERN_YES:
			v = VERDICT_OK;
			break;
		case PATTERN_NO:
			v = VERDICT_FAIL;
			break;
		case PATTERN_GAVE_UP:
			break;
		}
	}
	str_release(&got);
	return v;
}

/* A plain NUMBER is a text as well: "7" may be a name, and 7.0 may be seven. */
static enum verdict
number_holds(const struct expect_test *t, const struct held *h)
{
	bool plain = t->text != NULL && strchr("<>=!", t->text[0]) == NULL;
	bool may_be_text = plain && h->how != EXPECT_HOW_NUMBER;
	double got, scale;

	if (may_be_text && text_is(t, h) == VERDICT_OK)
		return VERDICT_OK;
	if (!held_number(h, &got))
		return may_be_text ? text_is(t, h) : VERDICT_UNKNOWN;
	if (!comparable(t, h, &scale))
		return VERDICT_UNKNOWN;
	if (t->kind == EXPECT_RANGE)
		return told(got >= t->number * scale && got <= t->high * scale);
	return compare(t->op, got, t->number * scale);
}

/* One look has no history, and what is no number no direction. */
static enum verdict
moves(const struct expect_test *t, const struct held *h)
{
	double got;

	if (h->past == NULL || !held_number(h, &got))
		return VERDICT_UNKNOWN;
	return past_judge(h->past, t, h->at_ms, got);
}

/* ---- several --------------------------------------------------------------------------- */

static enum verdict
opposite(enum verdict v)
{
	switch (v) {
	case VERDICT_OK:
		return VERDICT_FAIL;
	case VERDICT_FAIL:
		return VERDICT_OK;
	case VERDICT_WARN:
	case VERDICT_UNKNOWN:
		break;
	}
	return VERDICT_UNKNOWN;
}

static enum verdict holds_whole(const struct expect_test *t, const struct held *h);

/* Running "or" and "and" of three values. */
static enum verdict
either(enum verdict a, enum verdict b)
{
	if (a == VERDICT_OK || b == VERDICT_OK)
		return VERDICT_OK;
	return a == VERDICT_UNKNOWN || b == VERDICT_UNKNOWN ? VERDICT_UNKNOWN
							    : VERDICT_FAIL;
}

static enum verdict
both(enum verdict a, enum verdict b)
{
	if (a == VERDICT_FAIL || b == VERDICT_FAIL)
		return VERDICT_FAIL;
	return a == VERDICT_UNKNOWN || b == VERDICT_UNKNOWN ? VERDICT_UNKNOWN
							    : VERDICT_OK;
}

static enum verdict
any_of(const struct expect_test *t, const struct held *h)
{
	enum verdict v = VERDICT_FAIL;

	if (t->parts.len == 0)
		return VERDICT_UNKNOWN;
	for (size_t i = 0; i < t->parts.len; i++)
		v = either(v, holds_whole(t->parts.at[i], h));
	return v;
}

static enum verdict
members_hold(const struct expect_test *t, const struct held *h)
{
	enum verdict v = VERDICT_OK;

	if (t->parts.len == 0)
		return VERDICT_UNKNOWN;
	for (size_t i = 0; i < t->parts.len; i++) {
		struct held member = holds_member(h, t->parts.at[i]->key);

		v = both(v, holds_whole(t->parts.at[i], &member));
	}
	return v;
}

/* The elements of an array, or the lines of a text, under "any" or "all". */
static enum verdict
each_element(const struct expect_test *t, const struct held *h)
{
	bool any = t->kind == EXPECT_ANY;
	enum verdict v = any ? VERDICT_FAIL : VERDICT_OK;
	size_t seen = 0;

	if (h->kind == HELD_NODE && json_type_of(h->node) == JSON_ARRAY) {
		for (; seen < json_len(h->node); seen++) {
			struct held one = *h;

			held_node(&one, json_at(h->node, seen));
			v = any ? either(v, any_of(t, &one)) : both(v, any_of(t, &one));
		}
	} else if (h->kind == HELD_TEXT && h->node == NULL) {
		for (const char *at = h->text, *end = at + h->len; at < end; seen++) {
			const char *lf = memchr(at, '\n', (size_t)(end - at));
			struct held line = *h;

			line.text = at;
			line.len = (size_t)((lf != NULL ? lf : end) - at);
			v = any ? either(v, any_of(t, &line)) : both(v, any_of(t, &line));
			at = lf != NULL ? lf + 1 : end;
		}
	} else {
		return VERDICT_UNKNOWN;
	}
	return seen == 0 && !any ? VERDICT_UNKNOWN : v;
}

static enum verdict
absent(const struct expect_test *t, const struct held *h)
{
	bool must_be = str_eq(t->text, "false");

	switch (h->kind) {
	case HELD_MISSING:
		return VERDICT_UNKNOWN;
	case HELD_NOTHING:
		return told(!must_be);
	case HELD_CUT:
		/* Something came, so it is there; without a byte nothing can be said. */
		return h->len > 0 ? told(must_be) : VERDICT_UNKNOWN;
	case HELD_TEXT:
		return told((h->len == 0 && h->how != EXPECT_HOW_JSON) != must_be);
	case HELD_NUMBER:
	case HELD_NODE:
		return told(must_be);
	}
	return VERDICT_UNKNOWN;
}

static enum verdict
holds_whole(const struct expect_test *t, const struct held *h)
{
	switch (t->kind) {
	case EXPECT_NUMBER:
	case EXPECT_RANGE:
		return number_holds(t, h);
	case EXPECT_TEXT_IS:
		return text_is(t, h);
	case EXPECT_ANY_OF:
		return any_of(t, h);
	case EXPECT_CONTAINS:
		return contains(t, h);
	case EXPECT_MATCHES:
		return matches(t, h);
	case EXPECT_NOT:
		return t->parts.len > 0 ? opposite(any_of(t, h)) : VERDICT_UNKNOWN;
	case EXPECT_ANY:
	case EXPECT_ALL:
		return each_element(t, h);
	case EXPECT_ABSENT:
		return absent(t, h);
	case EXPECT_RISING:
	case EXPECT_FALLING:
		return moves(t, h);
	case EXPECT_AT:
		return members_hold(t, h);
	}
	return VERDICT_UNKNOWN;
}

enum verdict
holds(const struct expect_test *t, const struct held *h)
{
	enum verdict v = holds_whole(t, h);

	/* A part may prove that something is wrong, never that all is well. */
	return v == VERDICT_OK && h->kind == HELD_CUT ? VERDICT_UNKNOWN : v;
}

/* ---- for people ------------------------------------------------------------------------ */

static void
add_duration(double ms, const char *field_unit, struct str *out)
{
	char text[STAMP_BYTES];

	if (str_eq(field_unit, "d")) {
		str_addf(out, "%.3g d", ms / 86400e3);
		return;
	}
	if (fabs(ms) > 1e15) {
		str_addf(out, "%g ms", ms);
		return;
	}
	str_addf(out, "%s%s", ms < 0 ? "-" : "",
		stamp_duration((int64_t)(fabs(ms) + 0.5), text));
}

static void
add_bytes(double bytes, struct str *out)
{
	static const char *const names[] = {"B", "KiB", "MiB", "GiB"};
	size_t i = 0;

	while (i < 3 && fabs(bytes) >= 1024) {
		bytes /= 1024;
		i++;
	}
	str_addf(out, "%.4g %s", bytes, names[i]);
}

static void
add_number(const struct held *h, struct str *out)
{
	if (h->how != EXPECT_HOW_NUMBER) {
		text_harmless(out, h->text, h->len, TEXT_ONE_LINE); /* as it came */
		return;
	}
	switch (expect_family(h->unit, NULL)) {
	case EXPECT_PLAIN:
		str_addf(out, "%.15g", h->number);
		break;
	case EXPECT_DURATION:
		add_duration(h->number, h->field_unit, out);
		break;
	case EXPECT_BYTES:
		add_bytes(h->number, out);
		break;
	case EXPECT_PERCENT:
		str_addf(out, "%.4g%%", h->number);
		break;
	}
}

static void
cut_to(struct str *s, size_t limit)
{
	if (s->len <= limit)
		return;
	limit -= strlen("...");
	while (limit > 0 && ((unsigned char)s->buf[limit] & 0xc0) == 0x80)
		limit--;
	str_cut(s, limit);
	str_adds(s, "...");
}

void
holds_got(const struct held *h, struct str *out)
{
	struct str raw = STR_INIT;
	/* Harmless bytes never grow less than the raw ones: no need to look at more. */
	size_t len = h->len < GOT_BYTES + 4 ? h->len : GOT_BYTES + 4;

	switch (h->kind) {
	case HELD_MISSING:
	case HELD_NOTHING:
		str_adds(out, "-");
		break;
	case HELD_CUT:
		text_harmless(out, h->text, len, TEXT_ONE_LINE);
		cut_to(out, GOT_BYTES - 12);
		str_adds(out, out->len > 0 ? " (cut short)" : "(cut short)");
		break;
	case HELD_TEXT:
		text_harmless(out, h->text, len, TEXT_ONE_LINE);
		if (out->len == 0)
			str_adds(out, "\"\"");
		break;
	case HELD_NUMBER:
		add_number(h, out);
		break;
	case HELD_NODE:
		if (!held_text(h, &raw))
			json_write(h->node, &raw);
		text_harmless(out, raw.buf, raw.len, TEXT_ONE_LINE);
		break;
	}
	cut_to(out, GOT_BYTES);
	str_release(&raw);
}
