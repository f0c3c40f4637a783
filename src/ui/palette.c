#include "ui/palette.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

struct colours {
	int fg, bg;
};

/* The theme `terminal` (themes/terminal.yaml says the same in words): both sides or
 * neither, and only for what must not be overlooked. */
static const struct {
	struct colours c16, c256;
	attr_t attrs; /* beside the colours */
	bool coloured;
} terminal_theme[STYLE_COUNT] = {
	[STYLE_WARN] = {{COLOR_BLACK, COLOR_YELLOW}, {16, 220}, A_NORMAL, true},
	[STYLE_FAIL] = {{COLOR_WHITE, COLOR_RED}, {231, 160}, A_BOLD, true},
	[STYLE_RUN] = {{COLOR_BLACK, COLOR_CYAN}, {16, 116}, A_NORMAL, true},
	[STYLE_WAIT] = {{COLOR_BLACK, COLOR_YELLOW}, {16, 220}, A_NORMAL, true},
	[STYLE_RISK_2] = {{COLOR_BLACK, COLOR_YELLOW}, {16, 220}, A_NORMAL, true},
	[STYLE_RISK_3] = {{COLOR_WHITE, COLOR_RED}, {231, 160}, A_BOLD, true},
	[STYLE_ERROR] = {{COLOR_WHITE, COLOR_RED}, {231, 160}, A_BOLD, true},
	[STYLE_WARNING] = {{COLOR_BLACK, COLOR_YELLOW}, {16, 220}, A_NORMAL, true},
	[STYLE_ENV_PROD] = {{COLOR_WHITE, COLOR_RED}, {231, 160}, A_BOLD, true},
	[STYLE_ENV_OTHER] = {{COLOR_BLACK, COLOR_CYAN}, {16, 116}, A_NORMAL, true},
};

static attr_t
mono_attrs(enum style s)
{
	static const int mono[STYLE_COUNT] = {
#define X(id, name, attrs) [STYLE_##id] = attrs,
		STYLES(X)
#undef X
	};
	attr_t a = A_NORMAL;

	if (mono[s] & STYLE_BOLD)
		a |= A_BOLD;
	if (mono[s] & STYLE_FAINT)
		a |= A_DIM;
	if (mono[s] & STYLE_UNDERLINE)
		a |= A_UNDERLINE;
	if (mono[s] & STYLE_REVERSE)
		a |= A_REVERSE;
	return a;
}

bool
palette_valid(const struct palette_opts *o, struct err *e)
{
	if (o->theme && !str_eq(o->theme, "terminal") && !str_eq(o->theme, "mono"))
		return err_set(
			e, ERR_INPUT, "there is no theme %s: terminal or mono", o->theme);
	if (o->color && !str_eq(o->color, "auto") && !str_eq(o->color, "never") &&
		!str_eq(o->color, "16") && !str_eq(o->color, "256"))
		return err_set(e, ERR_INPUT,
			"--color takes auto, never, 16 or 256, not %s", o->color);
	return true;
}

/* Flag, then HANDRAIL_COLOR, then NO_COLOR, then what the terminal can. */
bool
palette_choose(
	const struct palette_opts *o, int colors, enum palette_level *out, struct err *e)
{
	const char *want = o->color ? o->color : getenv("HANDRAIL_COLOR");
	const char *no = getenv("NO_COLOR");
	enum palette_level can = colors >= 256 ? PALETTE_256
		: colors >= 8                  ? PALETTE_16
					       : PALETTE_MONO;

	*out = PALETTE_MONO;
	if (!palette_valid(&(struct palette_opts){o->theme, want}, e))
		return false;
	if (str_eq(o->theme, "mono") || str_eq(want, "never"))
		return true;
	if (!want && no && *no)
		return true;
	*out = can;
	if (str_eq(want, "16") && can > PALETTE_16)
		*out = PALETTE_16;
	return true;
}

void
palette_make(struct palette *p, enum palette_level level)
{
	p->level = level;
	if (level != PALETTE_MONO &&
		(start_color() == ERR || use_default_colors() == ERR))
		p->level = level = PALETTE_MONO;
	for (int s = 0; s < STYLE_COUNT; s++) {
		struct palette_entry *entry = &p->entries[s];
		const struct colours *c = level == PALETTE_256 ? &terminal_theme[s].c256
							       : &terminal_theme[s].c16;

		*entry = (struct palette_entry){.attrs = (uint32_t)mono_attrs(s)};
		if (level == PALETTE_MONO || !terminal_theme[s].coloured)
			continue;
		/* -1: no such pair; using it would end in a fault inside curses */
		if (c->fg >= COLORS || c->bg >= COLORS)
			continue;
		int pair = alloc_pair(c->fg, c->bg);
		if (pair <= 0)
			continue;
		entry->pair = pair;
		entry->attrs = (uint32_t)terminal_theme[s].attrs;
	}
}
