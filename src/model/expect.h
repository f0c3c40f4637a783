#ifndef MODEL_EXPECT_H
#define MODEL_EXPECT_H

/*
 * What "good" means, and the judge: an expectation held against measured facts gives a
 * verdict and, for every field, what was wanted and what was got. Grammar: CONTRACTS.md
 * 1.2, handrail-runbook(5). Pure. Unknown is never ok: a missing field, number against
 * text, or an answer cut short is VERDICT_UNKNOWN, and unknown beats fail only when no
 * field failed for certain.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/pattern.h"
#include "base/str.h"
#include "base/vec.h"

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL, VERDICT_UNKNOWN };

const char *verdict_name(enum verdict v); /* "ok" "warn" "fail" "unknown" */
bool verdict_parse(const char *s, enum verdict *out);

/* Fields: name, how it is compared, default unit. One list for the enum, the loader, the
 * schema and the manual. NUMBER: as a number in the unit; TEXT: as text; DUAL: number if
 * the test is one, else text; JSON: by pointers; MAP: by names. */
#define EXPECT_FIELDS(X) \
	X(EXIT, "exit", NUMBER, "") X(OUTPUT, "output", TEXT, "") \
	X(STDOUT, "stdout", TEXT, "") X(STDERR, "stderr", TEXT, "") \
	X(VALUE, "value", DUAL, "") X(JSON, "json", JSON, "") X(TIME, "time", NUMBER, "ms") \
	X(STATUS, "status", NUMBER, "") X(HEADER, "header", MAP, "") \
	X(BODY, "body", TEXT, "") X(URL, "url", TEXT, "") X(COOKIE, "cookie", MAP, "") \
	X(ROW, "row", MAP, "") X(REPLY, "reply", DUAL, "") X(FIELD, "field", MAP, "") \
	X(DAYS_LEFT, "days_left", NUMBER, "d") X(ISSUER, "issuer", TEXT, "") \
	X(NAMES, "names", TEXT, "") X(PROTOCOL, "protocol", TEXT, "") \
	X(CHAIN, "chain", TEXT, "") X(AGE, "age", NUMBER, "s") \
	X(NEWEST_AGE, "newest_age", NUMBER, "s") X(SIZE, "size", NUMBER, "B") \
	X(COUNT, "count", NUMBER, "") X(MODE, "mode", TEXT, "") X(OWNER, "owner", TEXT, "") \
	X(SHA256, "sha256", TEXT, "") X(GZIP, "gzip", TEXT, "") X(TRAILER, "trailer", TEXT, "") \
	X(STATE, "state", TEXT, "") X(HEALTH, "health", TEXT, "") \
	X(RESTARTS, "restarts", NUMBER, "") X(IMAGE, "image", TEXT, "") \
	X(LIMITS, "limits", MAP, "") X(POLICY, "policy", TEXT, "") X(PORTS, "ports", TEXT, "") \
	X(LOG_OPTIONS, "log_options", MAP, "") X(USED, "used", NUMBER, "%") \
	X(INODES, "inodes", NUMBER, "%") X(LOAD, "load", NUMBER, "") X(CPU, "cpu", NUMBER, "%") \
	X(MEMORY, "memory", NUMBER, "%") X(IO, "io", NUMBER, "%") X(NET, "net", NUMBER, "B") \
	X(FDS, "fds", NUMBER, "%") X(PRESENT, "present", TEXT, "")

enum expect_field {
#define X(id, name, how, unit) EXPECT_##id,
	EXPECT_FIELDS(X)
#undef X
	EXPECT_FIELD_COUNT
};

enum expect_how { EXPECT_HOW_NUMBER, EXPECT_HOW_TEXT, EXPECT_HOW_DUAL, EXPECT_HOW_JSON, EXPECT_HOW_MAP };

struct expect_field_info {
	const char *name;
	enum expect_how how;
	const char *unit;
};

const struct expect_field_info *expect_field_info(enum expect_field f);
bool expect_field_find(const char *name, enum expect_field *out);

enum expect_op { EXPECT_LT, EXPECT_LE, EXPECT_EQ, EXPECT_NE, EXPECT_GT, EXPECT_GE };
enum expect_test_kind {
	EXPECT_NUMBER,   /* op, number */
	EXPECT_RANGE,    /* low..high, both included */
	EXPECT_TEXT_IS,  /* text, byte for byte */
	EXPECT_ANY_OF,   /* one of parts */
	EXPECT_CONTAINS, /* text */
	EXPECT_MATCHES,  /* pattern */
	EXPECT_NOT,      /* parts[0] must not hold */
	EXPECT_ANY,      /* any element of an array holds parts[0] */
	EXPECT_ALL,      /* every element does; an empty array is unknown */
	EXPECT_ABSENT,   /* text "true": must not be there; "false": must be */
	EXPECT_RISING,   /* over a window; needs history */
	EXPECT_FALLING,
	EXPECT_AT,       /* each part has `key` (JSON pointer or map name) and must hold */
};

struct expect_test {
	enum expect_test_kind kind;
	enum expect_op op;
	double number, high; /* in `unit`'s base: ms, bytes, % or plain */
	char *unit;          /* as written, "" if none */
	char *text;          /* as written: shown as "want" */
	char *key;           /* inside EXPECT_AT */
	struct pattern *pattern;
	VEC_OF(struct expect_test *) parts;
};

struct expect_rule {
	enum expect_field field;
	struct expect_test *test;
};

struct expect {
	VEC_OF(struct expect_rule) rules; /* all must hold */
};

struct expect *expect_new(void);
void expect_free(struct expect *x);
struct expect_test *expect_test_new(enum expect_test_kind kind);
void expect_test_free(struct expect_test *t);
/* A scalar of the grammar ("< 200ms", "1..5", "ok"); NULL if it is malformed. */
struct expect_test *expect_scalar(const char *text, enum expect_how how, struct err *e);
/* NUMBER[UNIT] to base units (ms, bytes); false if it isn't one. */
bool expect_number(const char *text, double *number, const char **unit);

/* What was measured. Values are text; `json` is the parsed body where there is one. */
enum fact_kind { FACT_TEXT, FACT_NUMBER, FACT_CUT /* answer cut short: unknown */ };

struct fact {
	enum expect_field field;
	char *key; /* header, cookie, row or reply member; NULL for the whole */
	enum fact_kind kind;
	char *text;
	double number;
};

struct facts {
	VEC_OF(struct fact) list;
	struct json *json; /* owned, may be NULL */
	bool json_cut;
};

void facts_release(struct facts *f);
void facts_add_text(struct facts *f, enum expect_field field, const char *key,
		    const char *text, size_t len);
void facts_add_number(struct facts *f, enum expect_field field, double number);
/* output/stdout/body also give `value` (the answer as one number, else trimmed text) and
 * `json` when it parses. `cut` marks an answer that is not whole. */
enum facts_whole { FACTS_WHOLE, FACTS_CUT };
void facts_add_answer(struct facts *f, enum expect_field field, const char *text,
		      size_t len, enum facts_whole whole);

struct judged {
	char *field;  /* "exit", "json /status", "header content-type" */
	char *want;   /* as written */
	char *got;    /* harmless, cut to 200 bytes; "-" when missing */
	enum verdict verdict;
};

struct judgement {
	enum verdict verdict;
	VEC_OF(struct judged) rows;
};

/* NULL expect gives VERDICT_UNKNOWN: nothing expected proves nothing. */
void expect_judge(const struct expect *x, const struct facts *f, struct judgement *out);
void judgement_release(struct judgement *j);
/* One line: "status 200, json /status ok, time 43 ms < 200ms". */
void judgement_line(const struct judgement *j, struct str *out);
/* The whole expectation as a person reads it: "exit 0 · value > 0". */
void expect_text(const struct expect *x, struct str *out);

#endif
