#include "load/threshold.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "load/thresholdtopic.h"
#include "model/wordlist.h"

enum {
	WORD_BYTES = 24, /* longer ones are none of ours */
	SETTING_BYTES = 64,
	NUMBER_BYTES = 16,
	TEXT_BYTES = 96,
};

/* A number of the line that waits for its topic. */
struct quantity_found {
	size_t clause;
	double value;
	bool unit;
	enum expect_family family;
	enum expect_op op;
	bool compared;
	char before[WORD_BYTES], after[WORD_BYTES];
	size_t at, len; /* with its comparison */
};

struct line {
	const struct threshold_text *in;
	struct thresholds *out;
	const char *s;
	size_t len, at;
	int number;
	char before[WORD_BYTES];
	char setting[SETTING_BYTES]; /* last name of a setting that has no = */
	unsigned words;
	VEC_OF(unsigned) clauses;
	VEC_OF(struct quantity_found) found;
	bool after_wanted; /* the last number has no word after it yet */
};

static char
peek(const struct line *l, size_t ahead)
{
	return l->at + ahead < l->len ? l->s[l->at + ahead] : '\0';
}

static bool
word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* ---- numbers --------------------------------------------------------------------------- */

static const struct unit {
	const char *names;
	enum expect_family family;
	double factor;
} units[] = {
	{"ms", EXPECT_DURATION, 1}, {"s|sec|secs|second|seconds", EXPECT_DURATION, 1e3},
	{"min|mins|minute|minutes", EXPECT_DURATION, 60e3},
	{"h|hour|hours", EXPECT_DURATION, 3600e3},
	{"d|day|days", EXPECT_DURATION, 86400e3},
	{"week|weeks", EXPECT_DURATION, 7 * 86400e3},
	{"MB|GB|KB|MiB|GiB|KiB|k|K|M|G|m|r|x|vCPU", EXPECT_BYTES, 1}, /* not compared */
};

/* Unit behind the number, after one blank at most; its bytes with the blank. */
static size_t
read_unit(const struct line *l, size_t at, struct quantity_found *q)
{
	size_t blank = l->at + at < l->len && l->s[l->at + at] == ' ', n = 0;

	if (peek(l, at + blank) == '%') {
		q->family = EXPECT_PERCENT;
		q->unit = true;
		return blank + 1;
	}
	while (n < WORD_BYTES && isalpha((unsigned char)peek(l, at + blank + n)))
		n++;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (!among_bytes(l->s + l->at + at + blank, n, units[i].names))
			continue;
		q->family = units[i].family;
		q->value *= units[i].factor;
		q->unit = true;
		return blank + n;
	}
	return 0;
}

/* <, >=, ≥, "over": before the number at l->at; *from is where it begins. */
static bool
compared(const struct line *l, enum expect_op *op, size_t *from)
{
	static const struct {
		const char *words;
		enum expect_op op;
	} said[] = {{"under|below|within|max|maximum", EXPECT_LT},
		{"over|above|exceeds|exceeding|min|minimum", EXPECT_GT}};
	size_t at = l->at;

	while (at > 0 &&
		(l->s[at - 1] == ' ' || l->s[at - 1] == '`' || l->s[at - 1] == '~'))
		at--;
	*from = at;
	if (at > 0 && (l->s[at - 1] == '<' || l->s[at - 1] == '>')) {
		*op = l->s[at - 1] == '<' ? EXPECT_LT : EXPECT_GT;
		*from = at - 1;
		return true;
	}
	if (at > 1 && l->s[at - 1] == '=' &&
		(l->s[at - 2] == '<' || l->s[at - 2] == '>')) {
		*op = l->s[at - 2] == '<' ? EXPECT_LE : EXPECT_GE;
		*from = at - 2;
		return true;
	}
	if (at > 2 && memcmp(l->s + at - 3, "\xe2\x89", 2) == 0 &&
		((unsigned char)l->s[at - 1] == 0xa4 ||
			(unsigned char)l->s[at - 1] == 0xa5)) {
		*op = (unsigned char)l->s[at - 1] == 0xa4 ? EXPECT_LE : EXPECT_GE;
		*from = at - 3;
		return true;
	}
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		if (among(l->before, said[i].words)) {
			*op = said[i].op;
			*from = l->at;
			return true;
		}
	}
	return false;
}

/* Digits of a number that stands alone: no date, version, time, address or word. */
static size_t
number_here(const struct line *l)
{
	char before = l->at > 0 ? l->s[l->at - 1] : ' ', after;
	size_t n = 0;

	if (word_byte(before) || strchr(".,:/-@#$&", before) != NULL)
		return 0;
	while (n < NUMBER_BYTES && isdigit((unsigned char)peek(l, n)))
		n++;
	if (peek(l, n) == '.' && isdigit((unsigned char)peek(l, n + 1)))
		for (n++; n < NUMBER_BYTES && isdigit((unsigned char)peek(l, n));)
			n++;
	after = peek(l, n);
	if (n == NUMBER_BYTES || after == '_' || after == '-' || after == '/' ||
		((after == '.' || after == ':' || after == ',') &&
			word_byte(peek(l, n + 1))))
		return 0;
	return n;
}

static double
value_of(const char *s, size_t n)
{
	char digits[NUMBER_BYTES + 1];

	memcpy(digits, s, n);
	digits[n] = '\0';
	return strtod(digits, NULL);
}

static size_t
take_number(struct line *l)
{
	size_t n = number_here(l), unit, from = l->at;
	struct quantity_found q = {.clause = l->clauses.len - 1, .op = EXPECT_EQ};

	if (n == 0)
		return 0;
	q.value = value_of(l->s + l->at, n);
	unit = read_unit(l, n, &q);
	if (word_byte(peek(l, n + unit)))
		return n;
	q.compared = compared(l, &q.op, &from);
	if (!q.compared)
		from = l->at;
	q.at = from;
	q.len = l->at + n + unit - from;
	memcpy(q.before, l->before, sizeof q.before);
	vec_push(&l->found, q);
	l->after_wanted = true;
	return n + unit;
}

/* ---- settings -------------------------------------------------------------------------- */

static void
add(struct line *l, struct threshold t)
{
	t.source = l->in->source;
	t.line = l->number;
	vec_push(&l->out->list, t);
}

/* Text of the line without blanks around it, as much as is worth showing. */
static char *
shown(const struct line *l, size_t at, size_t len)
{
	return mem_strndup(l->s + at, len < TEXT_BYTES ? len : TEXT_BYTES);
}

static bool
capital_name(const char *s, size_t n)
{
	size_t letters = 0;

	for (size_t i = 0; i < n; i++) {
		if (islower((unsigned char)s[i]))
			return false;
		letters += isupper((unsigned char)s[i]) != 0;
	}
	return letters >= 3 && n < SETTING_BYTES;
}

/* A value of digits alone, or of letters for a setting that holds a word. */
static void
add_setting(struct line *l, const char *name, size_t name_len, size_t value_at)
{
	struct thresholdtopic topic = thresholdtopic_setting(name, name_len);
	const char *v = l->s + value_at;
	size_t n = 0, most = l->len - value_at;
	bool word = topic.name != NULL && topic.factor == 0;
	struct threshold t = {
		.op = EXPECT_EQ, .unit = topic.unit != NULL ? topic.unit : ""};

	while (n < most && n < NUMBER_BYTES &&
		(word ? isalpha((unsigned char)v[n]) : isdigit((unsigned char)v[n])))
		n++;
	if (n == 0 || n == NUMBER_BYTES || (n < most && (word_byte(v[n]) || v[n] == '.')))
		return;
	if (topic.name == NULL && !capital_name(name, name_len))
		return;
	t.topic = topic.name != NULL ? mem_strdup(topic.name)
				     : mem_strndup(name, name_len);
	t.kind = word ? THRESHOLD_WORD : THRESHOLD_NUMBER;
	t.value = word ? 0 : value_of(v, n) * (topic.name != NULL ? topic.factor : 1);
	t.text = mem_strndup(v, n);
	add(l, t);
}

/* "NAME (default: `60`)": a name earlier on the line, its number behind this word. */
static size_t
default_value(const struct line *l, size_t at)
{
	for (int i = 0; i < 4 && at < l->len && strchr(" :`=", l->s[at]) != NULL; i++)
		at++;
	return at;
}

/* ---- words ----------------------------------------------------------------------------- */

static void
next_to(struct line *l, const char *small)
{
	if (l->after_wanted && l->found.len > 0)
		memcpy(l->found.at[l->found.len - 1].after, small, WORD_BYTES);
	l->after_wanted = false;
	memcpy(l->before, small, WORD_BYTES);
}

/* One run of letters, digits and underscores. */
static size_t
take_word(struct line *l)
{
	const char *s = l->s + l->at;
	size_t n = 0, part = 0;
	char small[WORD_BYTES] = "";

	while (word_byte(peek(l, n)))
		n++;
	for (size_t i = 0; i < n && i < WORD_BYTES - 1; i++)
		small[i] = (char)tolower((unsigned char)s[i]);
	if (n < WORD_BYTES) {
		unsigned bit = thresholdtopic_word(small, n);

		l->words |= bit;
		l->clauses.at[l->clauses.len - 1] |= bit;
	}
	/* parts of a name count for the line: ni_site_db_backup */
	for (size_t i = 0; i <= n && n < SETTING_BYTES; i++) {
		char lower[WORD_BYTES];

		if (i < n && s[i] != '_')
			continue;
		for (size_t k = part; k < i && k - part < WORD_BYTES; k++)
			lower[k - part] = (char)tolower((unsigned char)s[k]);
		if (i - part < WORD_BYTES && i - part < n)
			l->words |= thresholdtopic_word(lower, i - part);
		part = i + 1;
	}
	if (peek(l, n) == '=' && n < SETTING_BYTES)
		add_setting(l, s, n, l->at + n + 1);
	else if (strcmp(small, "default") == 0 && l->setting[0] != '\0')
		add_setting(
			l, l->setting, strlen(l->setting), default_value(l, l->at + n));
	else if (capital_name(s, n) && (memchr(s, '_', n) != NULL)) {
		memcpy(l->setting, s, n);
		l->setting[n] = '\0';
	}
	next_to(l, small);
	return n;
}

/* ---- lines ----------------------------------------------------------------------------- */

static void
settle(struct line *l)
{
	for (size_t i = 0; i < l->found.len; i++) {
		const struct quantity_found *q = &l->found.at[i];
		struct thresholdtopic_in in = {.clause = l->clauses.at[q->clause],
			.line = l->words,
			.before = q->before,
			.after = q->after,
			.family = q->family,
			.compared = q->compared};
		struct thresholdtopic topic = thresholdtopic_of(&in);

		if (topic.name == NULL || !isfinite(q->value))
			continue;
		add(l,
			(struct threshold){.topic = mem_strdup(topic.name),
				.op = q->op,
				.value = q->value * (q->unit ? 1 : topic.factor),
				.unit = topic.unit,
				.text = shown(l, q->at, q->len),
				.kind = THRESHOLD_NUMBER});
	}
}

static bool
ends_clause(const struct line *l)
{
	char c = peek(l, 0), after = peek(l, 1);

	return c == ';' || ((c == ',' || c == '.') && (after == ' ' || after == '\0'));
}

static void
scan_line(struct line *l)
{
	l->clauses.len = l->found.len = 0;
	l->words = 0;
	l->at = 0;
	l->after_wanted = false;
	l->setting[0] = '\0';
	memset(l->before, 0, sizeof l->before);
	vec_push(&l->clauses, 0u);
	while (l->at < l->len) {
		char c = peek(l, 0);
		size_t n = 0;

		if (isdigit((unsigned char)c))
			n = take_number(l);
		if (n == 0 && word_byte(c))
			n = take_word(l);
		if (n == 0 && ends_clause(l))
			vec_push(&l->clauses, 0u);
		l->at += n > 0 ? n : 1;
	}
	settle(l);
}

void
threshold_scan(const struct threshold_text *t, struct thresholds *out)
{
	struct line l = {.in = t, .out = out, .number = t->first_line};

	for (size_t at = 0; at < t->len; l.number++) {
		const char *lf = memchr(t->text + at, '\n', t->len - at);
		size_t end = lf != NULL ? (size_t)(lf - t->text) : t->len;

		l.s = t->text + at;
		l.len = end - at;
		scan_line(&l);
		at = end + 1;
	}
	vec_free(&l.clauses);
	vec_free(&l.found);
}

void
threshold_release(struct thresholds *t)
{
	for (size_t i = 0; i < t->list.len; i++) {
		mem_free(t->list.at[i].topic);
		mem_free(t->list.at[i].text);
	}
	vec_free(&t->list);
}

/* ---- conflicts ------------------------------------------------------------------------- */

static bool
same(const struct threshold *a, const struct threshold *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == THRESHOLD_WORD ? strcasecmp(a->text, b->text) == 0
					 : fabs(a->value - b->value) < 1e-9;
}

/* What the entries are sorted by: topic, then value, then their order. */
struct entry {
	const struct threshold *t;
	size_t index;
};

static int
by_topic(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int d = strcmp(a->t->topic, b->t->topic);

	if (d == 0)
		d = (a->t->kind > b->t->kind) - (a->t->kind < b->t->kind);
	if (d == 0 && a->t->kind == THRESHOLD_WORD)
		d = strcasecmp(a->t->text, b->t->text);
	if (d == 0)
		d = (a->t->value > b->t->value) - (a->t->value < b->t->value);
	return d != 0 ? d : (a->index > b->index) - (a->index < b->index);
}

static int
by_index(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Entries of one topic; the first of every value and source is told. */
static void
judge(const struct entry *e, size_t n, struct threshold_conflicts *out)
{
	struct threshold_conflict *c;

	if (same(e[0].t, e[n - 1].t))
		return;
	c = vec_add(&out->list);
	c->topic = e[0].t->topic;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && same(e[i].t, e[i - 1].t) &&
			e[i].t->source == e[i - 1].t->source)
			continue;
		vec_push(&c->which, e[i].index);
	}
	qsort(c->which.at, c->which.len, sizeof *c->which.at, by_index);
}

void
threshold_conflicts(const struct thresholds *t, struct threshold_conflicts *out)
{
	struct entry *e = mem_array(t->list.len + 1, sizeof *e);

	for (size_t i = 0; i < t->list.len; i++)
		e[i] = (struct entry){&t->list.at[i], i};
	if (t->list.len > 0)
		qsort(e, t->list.len, sizeof *e, by_topic);
	for (size_t i = 0; i < t->list.len;) {
		size_t n = 1;

		while (i + n < t->list.len && str_eq(e[i].t->topic, e[i + n].t->topic))
			n++;
		judge(e + i, n, out);
		i += n;
	}
	mem_free(e);
}

void
threshold_conflicts_release(struct threshold_conflicts *c)
{
	for (size_t i = 0; i < c->list.len; i++)
		vec_free(&c->list.at[i].which);
	vec_free(&c->list);
}
