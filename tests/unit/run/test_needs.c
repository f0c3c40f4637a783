#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "run/needs.h"

static void
says(struct world *w, enum needs want, const char *words)
{
	struct str out = STR_INIT;
	enum needs got = needs_of(w->r, &out);

	if (got != want || strcmp(out.buf, words) != 0)
		fail_msg("%d %s, wanted %d %s", got, out.buf, want, words);
	str_release(&out);
}

/* A restore from its first step to its end, as a list of runs tells it. */
static void
what_a_person_has_to_do_is_said(void **state)
{
	struct world *w = world_restore();
	struct str title = STR_INIT;

	(void)state;
	str_addf(&title, "to do: %s", world_step(w, "tell")->step->title);
	says(w, NEEDS_PERSON, title.buf);
	world_tell(w);
	str_reset(&title);
	str_addf(&title, "to start: %s", world_step(w, "stop")->step->title);
	says(w, NEEDS_PERSON, title.buf);
	assert_true(world_start(w, "stop", NULL));
	says(w, NEEDS_NOBODY, "");
	assert_true(world_started(w, "stop", 0, 1));
	assert_true(world_ended(w, "stop", 0, 1, 3));
	str_reset(&title);
	str_addf(&title, "failed: %s", world_step(w, "stop")->step->title);
	says(w, NEEDS_PERSON, title.buf);
	assert_true(world_ask(
		w, &(struct request){.kind = REQ_HOLD, .step = NONE, .reason = "lunch"}));
	says(w, NEEDS_HOLDER, "on hold: lunch");
	str_release(&title);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_person_has_to_do_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
