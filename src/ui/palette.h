#ifndef UI_PALETTE_H
#define UI_PALETTE_H

/*
 * A theme's roles to what this terminal can do: pairs and attributes of curses. Chooses
 * the level by what the operator and the terminal say; the theme comes from elsewhere.
 * Never changes the terminal's own palette.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/theme.h"

struct palette_entry {
	uint32_t attrs; /* of curses */
	int pair;
};
struct palette {
	enum theme_level level;
	struct palette_entry entries[STYLE_COUNT];
};

struct palette_opts {
	const struct theme *theme; /* borrowed */
	const char *color;         /* --color: auto or a level's name; NULL */
};
/* ERR_INPUT for a word that is none. */
bool palette_valid(const char *color, struct err *e) WARN_UNUSED;
/* The level for a terminal of so many colours: --color, then HANDRAIL_COLOR, then
 * NO_COLOR, then what the terminal can. Reads the environment; no curses. */
bool palette_choose(const struct palette_opts *o, int colors, enum theme_level *out,
	struct err *e) WARN_UNUSED;
/* Is 24-bit colour wanted here: asked for, or announced by the terminal (COLORTERM)? */
bool palette_wants_true(const struct palette_opts *o);
/* After curses has started; a pair that cannot be had leaves its role to attributes. */
void palette_make(struct palette *p, enum theme_level level, const struct theme *t);

#endif
