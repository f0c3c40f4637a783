#include "view/keybind.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum rule {
#define X(id, name, reason, help) RULE_##id,
	KEYBIND_RULES(X)
#undef X
		RULE_COUNT
};

static const struct keybind_rule rules[RULE_COUNT] = {
#define X(id, name, reason, help) [RULE_##id] = {name, reason, help},
	KEYBIND_RULES(X)
#undef X
};

const struct keybind_rule *
keybind_rules(size_t *count)
{
	*count = RULE_COUNT;
	return rules;
}

struct binding_up {
	const struct bindings *b;
	struct keymap *map;
	struct diags *d;
};

static void
complain(const struct binding_up *u, enum rule r, struct spot at, const char *msg)
{
	at.file = u->b->path;
	diag_add(u->d, DIAG_ERROR, rules[r].id, at, rules[r].reason, rules[r].help, "%s",
		msg);
}

/* ---- names of keys ----------------------------------------------------------------------- */

static bool
is_named(const char *key)
{
	static const char *const names[] = {"Enter", "Tab", "Space", "BS", "Del", "Ins",
		"Esc", "Up", "Down", "Left", "Right", "Home", "End", "PageUp", "PageDown",
		"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11",
		"F12"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], key) == 0)
			return true;
	return false;
}

static bool
is_character(const char *key)
{
	size_t len = strlen(key);

	return len && (unsigned char)*key > ' ' && *key != 0x7f &&
		text_valid_utf8(key, len) && text_next(key, 0) == len;
}

static bool
is_key(const char *key)
{
	const char *rest = key;

	if (is_character(key))
		return true;
	if (str_starts(key, "C-") && strlen(key) == 3)
		return key[2] >= 'a' && key[2] <= 'z';
	if (str_starts(key, "M-") && strlen(key) == 3)
		return key[2] > ' ' && key[2] < 0x7f;
	while (str_starts(rest, "C-") || str_starts(rest, "M-") || str_starts(rest, "S-"))
		rest += 2;
	return is_named(rest);
}

static bool
is_taken(const char *key)
{
	static const char *const taken[] = {"C-h", "C-i", "C-j", "C-m", "C-s", "C-q"};

	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (strcmp(taken[i], key) == 0)
			return true;
	return false;
}

static bool
is_typed(const char *key)
{
	return is_character(key) || strcmp(key, "Space") == 0;
}

/* ---- one binding --------------------------------------------------------------------------- */

static enum action
action_of(const struct binding_up *u, const struct binding *b)
{
	const char *names[ACTION_COUNT + 1] = {0}, *near;
	char *msg;

	for (int a = 0; a < ACTION_COUNT; a++) {
		names[a] = keymap_row(a)->name;
		if (strcmp(names[a], b->action) == 0)
			return a;
	}
	near = str_nearest(b->action, names);
	msg = mem_printf("there is no action `%.60s`%s%s%s", b->action,
		near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
	complain(u, RULE_ACTION,
		(struct spot){.line = b->action_line, .col = b->action_col}, msg);
	mem_free(msg);
	return ACTION_NONE;
}

static bool
key_fits(
	const struct binding_up *u, const struct binding *b, const struct keymap_row *row)
{
	enum rule broken = RULE_COUNT;
	char *msg;

	if (!is_key(b->key))
		broken = RULE_KEY;
	else if (is_taken(b->key))
		broken = RULE_TAKEN;
	else if (row->effect == KEYMAP_EXECUTES && is_typed(b->key))
		broken = RULE_LETTER;
	else if (row->places & ON_TYPING && is_typed(b->key))
		broken = RULE_TYPED;
	if (broken == RULE_COUNT)
		return true;
	msg = mem_printf("`%s`: %s `%.40s`", row->name,
		broken == RULE_KEY             ? "there is no key"
			: broken == RULE_TAKEN ? "never comes as"
					       : "cannot be on the bare key",
		b->key);
	complain(u, broken, (struct spot){.line = b->line, .col = b->col}, msg);
	mem_free(msg);
	return false;
}

static void
bind(const struct binding_up *u, const struct binding *b, enum action a)
{
	char *before = u->map->keys[a];

	if (b->key && !key_fits(u, b, keymap_row(a)))
		return;
	u->map->keys[a] = !b->key   ? mem_strdup("")
		: before && *before ? mem_printf("%s %s", before, b->key)
				    : mem_strdup(b->key);
	mem_free(before);
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* Where a key of an action was written; the whole file for a built-in one. */
static struct spot
spot_of(const struct bindings *b, enum action a)
{
	for (size_t i = 0; i < b->list.len; i++)
		if (strcmp(b->list.at[i].action, keymap_row(a)->name) == 0)
			return (struct spot){
				.line = b->list.at[i].line, .col = b->list.at[i].col};
	return (struct spot){0};
}

static void
complain_clash(const struct binding_up *u, enum action a, enum action b, const char *key)
{
	struct spot at = spot_of(u->b, a);
	char *msg = mem_printf("`%s` means both %s and %s", key, keymap_row(a)->name,
		keymap_row(b)->name);

	complain(u, RULE_CLASH, at.line ? at : spot_of(u->b, b), msg);
	mem_free(msg);
}

static void
check_clashes(const struct binding_up *u)
{
	for (int a = 0; a < ACTION_COUNT; a++)
		for (int b = 0; b < a; b++) {
			char key[KEYMAP_KEY_BYTES];

			if (!(keymap_row(a)->places & keymap_row(b)->places))
				continue;
			for (size_t i = 0; keymap_key_at(u->map, a, i, key); i++)
				if (keymap_has_key(u->map, b, key))
					complain_clash(u, a, b, key);
		}
}

static void
check_needed(const struct binding_up *u)
{
	static const enum action needed[] = {ACTION_FORM_ACCEPT, ACTION_FORM_NEXT,
		ACTION_RUN_ACT, ACTION_PLAN_START, ACTION_HOME_OPEN, ACTION_ESCAPE,
		ACTION_HELP, ACTION_HELP_TEXT, ACTION_QUIT, ACTION_STOP, ACTION_UP,
		ACTION_DOWN};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		char *msg;

		if (*keymap_keys(u->map, needed[i]))
			continue;
		msg = mem_printf("`%s` has no key", keymap_row(needed[i])->name);
		complain(u, RULE_NEEDED, spot_of(u->b, needed[i]), msg);
		mem_free(msg);
	}
}

bool
keybind_apply(const struct bindings *b, struct keymap *out, struct diags *d)
{
	struct binding_up u = {b, out, d};
	size_t before = d->errors;

	*out = (struct keymap){0};
	for (size_t i = 0; i < b->list.len; i++) {
		enum action a = action_of(&u, &b->list.at[i]);

		if (a != ACTION_NONE)
			bind(&u, &b->list.at[i], a);
	}
	if (d->errors == before) {
		check_clashes(&u);
		check_needed(&u);
	}
	if (d->errors != before)
		keymap_release(out);
	return d->errors == before;
}
