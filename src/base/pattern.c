#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/bug.h"
#include "base/mem.h"

enum { PATTERN_MATCH_LIMIT = 20000, PATTERN_HEAP_KIB = 1024, PATTERN_BYTES_MAX = 16384 };

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *match; /* scratch of the search that is under way */
};

static pcre2_code *
compile(const char *text, struct err *e)
{
	int fault = 0;
	PCRE2_SIZE at = 0;
	pcre2_compile_context *ctx = pcre2_compile_context_create(NULL);

	if (ctx == NULL)
		bug_no_memory(0);
	pcre2_set_max_pattern_length(ctx, PATTERN_BYTES_MAX);
	/* \C could stop in the middle of a character. */
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &fault,
		&at, ctx);
	pcre2_compile_context_free(ctx);
	if (code == NULL) {
		PCRE2_UCHAR why[160];
		pcre2_get_error_message(fault, why, sizeof why);
		err_set(e, ERR_PARSE, "pattern, character %zu: %s", (size_t)at + 1,
			(const char *)why);
	}
	return code;
}

struct pattern *
pattern_new(const char *text, struct err *e)
{
	pcre2_code *code = compile(text, e);

	if (code == NULL)
		return NULL;
	struct pattern *p = mem_alloc(sizeof *p);
	p->code = code;
	p->limits = pcre2_match_context_create(NULL);
	p->match = pcre2_match_data_create_from_pattern(code, NULL);
	if (p->limits == NULL || p->match == NULL)
		bug_no_memory(0);
	pcre2_set_match_limit(p->limits, PATTERN_MATCH_LIMIT);
	pcre2_set_heap_limit(p->limits, PATTERN_HEAP_KIB);
	/* Where there is no JIT the interpreter does the same, slower. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return p;
}

void
pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	pcre2_match_data_free(p->match);
	pcre2_match_context_free(p->limits);
	pcre2_code_free(p->code);
	mem_free(p);
}

enum pattern_result
pattern_find(
	const struct pattern *p, const char *s, size_t len, size_t *start, size_t *end)
{
	int rc = pcre2_match(p->code, (PCRE2_SPTR)s, len, 0, 0, p->match, p->limits);

	if (rc == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO;
	if (rc < 0)
		return PATTERN_GAVE_UP;
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->match);
	/* \K in a lookahead can put the start behind the end. */
	if (start != NULL)
		*start = at[0] < at[1] ? at[0] : at[1];
	if (end != NULL)
		*end = at[0] < at[1] ? at[1] : at[0];
	return PATTERN_YES;
}
