#ifndef VIEW_KEYBIND_H
#define VIEW_KEYBIND_H

/*
 * An operator's own keys over the built-in ones, and whether that can be: every action and
 * key known, no key with two meanings in one place, no letter that runs anything, no way
 * out lost. All complaints at once, each with its place; a map with one of them is not used.
 */

#include "model/bindings.h"
#include "model/diag.h"
#include "view/keymap.h"

/* name, id, reason, help. Ids are for ever. */
#define KEYBIND_RULES(X) \
	X(ACTION, "E-BIND-001", "a key for nothing would do nothing", \
		"handrail keys lists the actions") \
	X(KEY, "E-BIND-002", "no terminal sends it by this name", \
		"write a character, or Enter Tab S-Tab Space BS Del Ins Esc Up Down Left Right " \
		"Home End PageUp PageDown F1 to F12, C-x, M-x") \
	X(CLASH, "E-BIND-003", "one key would mean two things in one place", \
		"give one of the two another key, or none: []") \
	X(LETTER, "E-BIND-004", \
		"a key pressed by the way, or pasted text, must never run anything on a host", \
		"take Enter, a function key or Ctrl with a letter") \
	X(NEEDED, "E-BIND-005", "without it there is no way on or no way out", \
		"leave it one key") \
	X(TYPED, "E-BIND-006", "a text field must take every character", \
		"take a function key or Ctrl with a letter") \
	X(TAKEN, "E-BIND-007", "the terminal takes it for something else", \
		"C-h is Backspace, C-i Tab, C-j and C-m Enter; C-s and C-q stop and start the " \
		"terminal")

struct keybind_rule {
	const char *id, *reason, *help;
};
const struct keybind_rule *keybind_rules(size_t *count);

/* False: `out` is the built-in map. */
bool keybind_apply(const struct bindings *b, struct keymap *out, struct diags *d);

#endif
