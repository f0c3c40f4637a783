#include "view/keybind.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

/* "action key" pairs; a key "-" means none. */
static struct bindings *
bindings_of(const char *const *pairs)
{
	struct bindings *b = mem_alloc(sizeof *b);

	b->path = mem_strdup("keys.yaml");
	for (int i = 0; pairs[i]; i += 2)
		vec_push(&b->list,
			((struct binding){.action = mem_strdup(pairs[i]),
				.key = strcmp(pairs[i + 1], "-") == 0
					? NULL
					: mem_strdup(pairs[i + 1]),
				.line = i + 1,
				.col = 9,
				.action_line = i + 1,
				.action_col = 3}));
	return b;
}

static void
own_keys_take_the_place_of_the_built_in_ones(void **state)
{
	struct bindings *b = bindings_of((const char *const[]){"run.skip", "s",
		"run.skip", "F8", "screen.copy", "-", "run.note", "ä", NULL});
	struct diags d = {0};
	struct keymap m;

	(void)state;
	assert_true(keybind_apply(b, &m, &d));
	assert_int_equal(d.errors, 0);
	assert_string_equal(keymap_keys(&m, ACTION_RUN_SKIP), "s F8");
	assert_string_equal(keymap_keys(&m, ACTION_COPY), "");
	assert_int_equal(keymap_find(&m, ON_RUN, "F8"), ACTION_RUN_SKIP);
	assert_int_equal(keymap_find(&m, ON_RUN, "ä"), ACTION_RUN_NOTE);
	assert_int_equal(keymap_find(&m, ON_RUN, "a"), ACTION_NONE);
	assert_int_equal(keymap_find(&m, ON_RUN, "y"), ACTION_NONE);
	assert_int_equal(keymap_find(&m, ON_RUN, "Enter"), ACTION_RUN_ACT);
	keymap_release(&m);
	bindings_free(b);
}

static const struct {
	const char *action, *key, *id;
	int col;
} refused[] = {
	{"run.skpi", "F8", "E-BIND-001", 3},
	{"run.skip", "Enetr", "E-BIND-002", 9},
	{"run.skip", "", "E-BIND-002", 9},
	{"run.skip", "C-Z", "E-BIND-002", 9},
	{"run.skip", "ab", "E-BIND-002", 9},
	{"run.skip", "C-x C-y", "E-BIND-002", 9},
	{"run.skip", "u", "E-BIND-003", 9},
	{"move.up", "F10", "E-BIND-003", 9},
	{"run.act", "x", "E-BIND-004", 9},
	{"run.act", "Space", "E-BIND-004", 9},
	{"run.act", "1", "E-BIND-004", 9},
	{"plan.start", "é", "E-BIND-004", 9},
	{"form.accept", "j", "E-BIND-004", 9},
	{"screen.escape", "-", "E-BIND-005", 9},
	{"screen.help", "-", "E-BIND-005", 9},
	{"form.accept", "-", "E-BIND-005", 9},
	{"form.next", "n", "E-BIND-006", 9},
	{"edit.left", "Space", "E-BIND-006", 9},
	{"run.skip", "C-m", "E-BIND-007", 9},
	{"run.act", "C-j", "E-BIND-007", 9},
	{"run.skip", "C-s", "E-BIND-007", 9},
};

static void
what_cannot_be_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct bindings *b = bindings_of((const char *const[]){
			"run.note", "F11", refused[i].action, refused[i].key, NULL});
		struct diags d = {0};
		struct keymap m;

		if (keybind_apply(b, &m, &d))
			fail_msg("%s on %s is taken", refused[i].action, refused[i].key);
		if (strcmp(d.list.at[0].id, refused[i].id) != 0)
			fail_msg("%s on %s: %s %s", refused[i].action, refused[i].key,
				d.list.at[0].id, d.list.at[0].msg);
		assert_int_equal(d.list.at[0].line, 3);
		assert_int_equal(d.list.at[0].col, refused[i].col);
		/* and nothing of the file is used */
		assert_string_equal(keymap_keys(&m, ACTION_RUN_NOTE), "a");
		diags_release(&d);
		bindings_free(b);
	}
}

/* Every action moved to every single character: none of those that run anything gives in. */
static void
no_single_character_ever_runs_anything(void **state)
{
	char key[2] = {0};

	(void)state;
	for (int a = 0; a < ACTION_COUNT; a++)
		for (key[0] = '!'; key[0] <= '~'; key[0]++) {
			struct bindings *b = bindings_of(
				(const char *const[]){keymap_row(a)->name, key, NULL});
			struct diags d = {0};
			struct keymap m;

			if (keybind_apply(b, &m, &d))
				assert_int_equal(keymap_row(a)->effect, KEYMAP_LOOKS);
			keymap_release(&m);
			diags_release(&d);
			bindings_free(b);
		}
}

static void
the_built_in_keys_pass_their_own_check(void **state)
{
	(void)state;
	for (int a = 0; a < ACTION_COUNT; a++) {
		char key[KEYMAP_KEY_BYTES];
		struct bindings *b = mem_alloc(sizeof *b);
		struct diags d = {0};
		struct keymap m;

		b->path = mem_strdup("keys.yaml");
		for (size_t i = 0; keymap_key_at(NULL, a, i, key); i++)
			vec_push(&b->list,
				((struct binding){
					.action = mem_strdup(keymap_row(a)->name),
					.key = mem_strdup(key)}));
		if (!keybind_apply(b, &m, &d))
			fail_msg("%s: %s", keymap_row(a)->name, d.list.at[0].msg);
		keymap_release(&m);
		bindings_free(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_keys_take_the_place_of_the_built_in_ones),
		cmocka_unit_test(what_cannot_be_is_refused_with_its_place),
		cmocka_unit_test(no_single_character_ever_runs_anything),
		cmocka_unit_test(the_built_in_keys_pass_their_own_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
