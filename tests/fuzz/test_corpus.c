/*
 * Every stored bad input and its verdict, for each parser: where a complaint points and what
 * it is called does not change unseen. CORPUS_UPDATE=1 writes the verdicts anew: read the
 * difference before you keep it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "fuzz/corpus.h"
#include "fuzz/parsers.h"
#include "model/runbook.h"

static void
write_anew(const char *parser, const struct corpus *c, const struct strings *said)
{
	char *path = mem_printf(
		"%s/tests/data/corpus/%s/verdicts", getenv("SRCDIR"), parser);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < c->list.len; i++)
		fprintf(f, "%s\t%s\n", c->list.at[i].name, said->list.at[i]);
	assert_int_equal(fclose(f), 0);
	mem_free(path);
}

static void
each_input_has_its_verdict(void **state)
{
	const struct parser *p = *state;
	struct strings said = {0};
	struct corpus c;
	int wrong = 0;

	corpus_read(p->name, &c);
	assert_true(c.list.len > 5);
	for (size_t i = 0; i < c.list.len; i++) {
		const struct corpus_input *in = &c.list.at[i];
		struct str raw = STR_INIT, out = STR_INIT;

		p->verdict(in->bytes.buf, in->bytes.len, &raw);
		text_harmless(&out, raw.buf, raw.len, TEXT_ONE_LINE);
		str_release(&raw);
		if (strcmp(out.buf, in->verdict) != 0) {
			print_message("# %s/%s: %s\n#   wanted: %s\n", p->name, in->name,
				out.buf, in->verdict);
			wrong++;
		}
		vec_push(&said.list, str_take(&out));
	}
	print_message("# %s: %zu inputs\n", p->name, c.list.len);
	if (getenv("CORPUS_UPDATE"))
		write_anew(p->name, &c, &said);
	for (size_t i = 0; i < said.list.len; i++)
		mem_free(said.list.at[i]);
	vec_free(&said.list);
	corpus_release(&c);
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	struct CMUnitTest tests[32] = {{0}};

	for (size_t i = 0; i < parsers_count; i++)
		tests[i] = (struct CMUnitTest){.name = parsers_table[i].name,
			.test_func = each_input_has_its_verdict,
			.initial_state = (void *)(uintptr_t)&parsers_table[i]};
	return _cmocka_run_group_tests("corpus", tests, parsers_count, NULL, NULL);
}
