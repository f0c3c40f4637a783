#include "ui/palette.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum { ALL_COLORS = 1 << 24, EIGHT = 8 };

bool
palette_valid(const char *color, struct err *e)
{
	if (!color || strcmp(color, "auto") == 0)
		return true;
	for (int l = 0; l < THEME_LEVEL_COUNT; l++)
		if (strcmp(color, theme_level_name(l)) == 0)
			return true;
	return err_set(e, ERR_INPUT, "--color takes auto, never, 16, 256 or true, not %s",
		color);
}

static const char *
wanted(const struct palette_opts *o)
{
	const char *env = getenv("HANDRAIL_COLOR");

	return o->color ? o->color : env && *env ? env : NULL;
}

bool
palette_choose(
	const struct palette_opts *o, int colors, enum theme_level *out, struct err *e)
{
	const char *want = wanted(o), *no = getenv("NO_COLOR");
	enum theme_level can = colors >= ALL_COLORS ? THEME_TRUE
		: colors >= 256                     ? THEME_256
		: colors >= EIGHT                   ? THEME_16
						    : THEME_MONO;

	*out = THEME_MONO;
	if (!palette_valid(want, e))
		return false;
	if (!want && no && *no)
		return true;
	*out = can;
	for (int l = 0; want && l < THEME_LEVEL_COUNT; l++)
		if (strcmp(want, theme_level_name(l)) == 0 && l < (int)can)
			*out = l;
	return true;
}

bool
palette_wants_true(const struct palette_opts *o)
{
	const char *says = getenv("COLORTERM"), *want = wanted(o);
	enum theme_level level;
	struct err e = ERR_INIT;

	if (!palette_choose(o, ALL_COLORS, &level, &e) || level != THEME_TRUE)
		return false;
	return str_eq(want, theme_level_name(THEME_TRUE)) || str_eq(says, "truecolor") ||
		str_eq(says, "24bit");
}

static attr_t
attrs_of(int style)
{
	attr_t a = A_NORMAL;

	if (style & STYLE_BOLD)
		a |= A_BOLD;
	if (style & STYLE_FAINT)
		a |= A_DIM;
	if (style & STYLE_UNDERLINE)
		a |= A_UNDERLINE;
	if (style & STYLE_REVERSE)
		a |= A_REVERSE;
	return a;
}

static bool
has_colours(const struct theme *t, enum theme_level level)
{
	for (int s = 0; s < STYLE_COUNT; s++) {
		struct theme_look look = theme_look(t, s, level);

		if (look.fg >= 0 || look.bg >= 0)
			return true;
	}
	return false;
}

/* The bright half of sixteen where there are eight: the plain one, with bold letters. */
static struct theme_look
for_eight(struct theme_look look)
{
	if (look.fg >= COLORS && look.fg < 2 * EIGHT) {
		look.fg -= EIGHT;
		look.attrs |= STYLE_BOLD;
	}
	if (look.bg >= COLORS && look.bg < 2 * EIGHT)
		look.bg -= EIGHT;
	return look;
}

static struct palette_entry
entry_of(const struct theme *t, enum style s, enum theme_level level)
{
	struct theme_look look = theme_look(t, s, level);
	int pair;

	if (level == THEME_16)
		look = for_eight(look);
	if (look.fg < 0 && look.bg < 0)
		return (struct palette_entry){.attrs = (uint32_t)attrs_of(look.attrs)};
	/* -1: no such pair; using it would end in a fault inside curses */
	pair = look.fg < COLORS && look.bg < COLORS ? alloc_pair(look.fg, look.bg) : -1;
	if (pair <= 0)
		return (struct palette_entry){
			.attrs = (uint32_t)attrs_of(t->roles[s].mono)};
	return (struct palette_entry){(uint32_t)attrs_of(look.attrs), pair};
}

void
palette_make(struct palette *p, enum theme_level level, const struct theme *t)
{
	if (level != THEME_MONO &&
		(!has_colours(t, level) || start_color() == ERR ||
			use_default_colors() == ERR))
		level = THEME_MONO;
	p->level = level;
	for (int s = 0; s < STYLE_COUNT; s++)
		p->entries[s] = entry_of(t, s, level);
}
