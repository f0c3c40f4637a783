#include "view/view_plan.h"

#include <string.h>

#include "base/mem.h"
#include "model/parts.h"
#include "unit.h"

enum { ROWS = 40, COLS = 120 };

/* A runbook with one host of two machines, made by hand; borrowed strings. */
struct stage {
	struct runbook rb;
	struct pairs ways;
	struct frame frame;
};

static void
set_stage(struct stage *s)
{
	static struct host host = {.name = (char *)"web", .target_count = 2};
	static struct target targets[] = {{(char *)"web1", 0}, {(char *)"web2", 0}};

	*s = (struct stage){0};
	s->rb.title = (char *)"Look";
	s->rb.path = (char *)"look.yaml";
	vec_push(&s->rb.hosts.list, host);
	vec_push(&s->rb.targets.list, targets[0]);
	vec_push(&s->rb.targets.list, targets[1]);
	frame_init(&s->frame, ROWS, COLS);
}

static char *
draw(struct stage *s)
{
	struct scene sc = {.place = "Plan", .who = "sam"};
	struct plan_state st = {0};
	struct plan_scene p = {.runbook = &s->rb, .hash = "8f2c1ad0", .ways = &s->ways};
	struct str text = STR_INIT;

	view_plan_draw(&sc, &p, &st, &s->frame);
	view_plan_release(&st);
	frame_text(&s->frame, &text);
	return str_take(&text);
}

static void
strike(struct stage *s)
{
	vec_free(&s->rb.hosts.list);
	vec_free(&s->rb.targets.list);
	parts_free_pairs(&s->ways);
	frame_release(&s->frame);
}

static void
names_the_way_to_each_machine_that_is_known(void **state)
{
	struct stage s;
	char *text;

	(void)state;
	set_stage(&s);
	text = draw(&s);
	assert_non_null(strstr(text, "ssh web1, ssh web2"));
	assert_null(strstr(text, "web1: by"));
	mem_free(text);
	vec_push(&s.ways.list,
		(struct pair){.key = mem_strdup("web2"),
			.value = mem_strdup("by openssh, because: ProxyJump")});
	text = draw(&s);
	assert_non_null(strstr(text, "web2: by openssh, because: ProxyJump"));
	assert_null(strstr(text, "web1: by"));
	mem_free(text);
	strike(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_way_to_each_machine_that_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
