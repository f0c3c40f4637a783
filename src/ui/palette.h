#ifndef UI_PALETTE_H
#define UI_PALETTE_H

/*
 * Roles to what the terminal can do. Two themes are built in: `terminal` keeps the
 * terminal's own colours and sets both foreground and background wherever it uses a block
 * of colour; `mono` uses attributes alone. Never changes the terminal's palette.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "view/style.h"

enum palette_level { PALETTE_MONO, PALETTE_16, PALETTE_256 };

struct palette_entry {
	uint32_t attrs; /* of curses */
	int pair;
};
struct palette {
	enum palette_level level;
	struct palette_entry entries[STYLE_COUNT];
};

struct palette_opts {
	const char *theme; /* "terminal", "mono" or NULL */
	const char *color; /* --color: auto never 16 256, or NULL */
};
/* ERR_INPUT for a theme or level that is not there. Reads the environment; no curses. */
bool palette_choose(const struct palette_opts *o, int colors, enum palette_level *out,
	struct err *e) WARN_UNUSED;
/* After curses has started; a pair that cannot be had leaves its role to attributes. */
void palette_make(struct palette *p, enum palette_level level);
bool palette_valid(const struct palette_opts *o, struct err *e) WARN_UNUSED;

#endif
