#include "model/facts.h"

#include <strings.h>

#include "model/expect.h"

void
facts_release(struct facts *f)
{
	for (size_t i = 0; i < f->list.len; i++) {
		mem_free(f->list.at[i].key);
		mem_free(f->list.at[i].text);
	}
	vec_free(&f->list);
	json_free(f->json);
	f->json = NULL;
	f->json_cut = false;
}

static struct fact *
add(struct facts *f, enum expect_field field, const char *key, enum fact_kind kind)
{
	struct fact *fact = vec_add(&f->list);

	fact->field = field;
	fact->key = mem_strdup(key);
	fact->kind = kind;
	return fact;
}

static void
set_text(struct fact *fact, const char *text, size_t len)
{
	struct str copy = STR_INIT;

	/* Never NULL, also for an empty text: NULL would read as "no text". */
	str_reserve(&copy, len + 1);
	str_add(&copy, text, len);
	fact->len = len;
	fact->text = str_take(&copy);
}

void
facts_add_text(struct facts *f, enum expect_field field, const char *key,
	const char *text, size_t len)
{
	set_text(add(f, field, key, FACT_TEXT), text, len);
}

void
facts_add_number(struct facts *f, enum expect_field field, double number)
{
	struct fact *fact = add(f, field, NULL, FACT_NUMBER);
	struct str text = STR_INIT;

	fact->number = number;
	str_addf(&text, "%.15g", number);
	set_text(fact, text.buf, text.len);
	str_release(&text);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
add_value(struct facts *f, const char *text, size_t len)
{
	struct fact *fact;
	const char *unit;
	double number;

	while (len > 0 && blank(text[len - 1]))
		len--;
	while (len > 0 && blank(text[0])) {
		text++;
		len--;
	}
	fact = add(f, EXPECT_VALUE, NULL, FACT_TEXT);
	set_text(fact, text, len);
	if (strlen(fact->text) == len && expect_number(fact->text, &number, &unit)) {
		fact->kind = FACT_NUMBER;
		fact->number = number;
	}
}

static void
add_json(struct facts *f, const char *text, size_t len)
{
	struct err ignored =
		ERR_INIT; /* most answers are no JSON, and that is no fault */

	f->json = json_parse(text, len, &ignored);
}

void
facts_add_answer(struct facts *f, enum expect_field field, const char *text, size_t len,
	enum facts_whole whole)
{
	bool leads = field == EXPECT_OUTPUT || field == EXPECT_STDOUT ||
		field == EXPECT_BODY || field == EXPECT_REPLY;

	if (whole == FACTS_CUT) {
		set_text(add(f, field, NULL, FACT_CUT), text, len);
		if (leads && facts_find(f, EXPECT_VALUE, NULL) == NULL) {
			set_text(add(f, EXPECT_VALUE, NULL, FACT_CUT), text, len);
			f->json_cut = true;
		}
		return;
	}
	if (len > 0 && text[len - 1] == '\n') {
		len--;
		if (len > 0 && text[len - 1] == '\r')
			len--;
	}
	set_text(add(f, field, NULL, FACT_TEXT), text, len);
	if (leads && facts_find(f, EXPECT_VALUE, NULL) == NULL) {
		add_value(f, text, len);
		add_json(f, text, len);
	}
}

static bool
same_key(enum expect_field field, const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return field == EXPECT_HEADER ? strcasecmp(a, b) == 0 : str_eq(a, b);
}

const struct fact *
facts_find(const struct facts *f, enum expect_field field, const char *key)
{
	for (size_t i = 0; i < f->list.len; i++) {
		const struct fact *fact = &f->list.at[i];

		if (fact->field == field && same_key(field, fact->key, key))
			return fact;
	}
	return NULL;
}

bool
facts_has_field(const struct facts *f, enum expect_field field)
{
	for (size_t i = 0; i < f->list.len; i++) {
		if (f->list.at[i].field == field)
			return true;
	}
	return false;
}
