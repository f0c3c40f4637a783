#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H

/*
 * What was measured by one look or one job, filled by whoever looked and read by
 * expect_judge. A fact that is not here was not measured, which is never good news: who
 * found a plain thing to be not there says so with an empty text, and who found a map
 * (headers, cookies, columns) empty adds its field with key NULL and an empty text.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/vec.h"
#include "model/fields.h"

/* Numbers are in base units: milliseconds, bytes, percent or plain. */
enum fact_kind { FACT_TEXT, FACT_NUMBER, FACT_CUT /* answer cut short: unknown */ };

struct fact {
	enum expect_field field;
	char *key; /* header, cookie, row or reply member; NULL for the whole */
	enum fact_kind kind;
	char *text; /* may hold NUL bytes; ends in one */
	size_t len;
	double number;
};

struct past;

struct facts {
	VEC_OF(struct fact) list;
	struct json *json; /* owned, may be NULL */
	bool json_cut;
	struct past *past; /* of earlier looks; borrowed, may be NULL */
	int64_t at_ms;     /* of this one, by the clock of `past` */
};

void facts_release(struct facts *f);
void facts_add_text(struct facts *f, enum expect_field field, const char *key,
	const char *text, size_t len);
void facts_add_number(struct facts *f, enum expect_field field, double number);
/*
 * A whole answer, without the line end of its last line, as $(…) gives it. Output, stdout,
 * body and reply also give `value` (the answer as one number, else trimmed text) and
 * `json` when it parses; the first of them counts. `cut` marks an answer that is not
 * whole: what it lacks is unknown.
 */
enum facts_whole { FACTS_WHOLE, FACTS_CUT };
void facts_add_answer(struct facts *f, enum expect_field field, const char *text,
	size_t len, enum facts_whole whole);
/* NULL when it was not measured. Header names are compared without case. */
const struct fact *facts_find(
	const struct facts *f, enum expect_field field, const char *key);
/* Anything of that field was measured: a key that is missing is then known to be. */
bool facts_has_field(const struct facts *f, enum expect_field field);

#endif
