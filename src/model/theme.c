#include "model/theme.h"

#include "base/mem.h"
#include "model/tint.h"

static const char *const names[STYLE_COUNT + 1] = {
#define X(id, name, mono, help) name,
	STYLES(X)
#undef X
		NULL};

static const char *const levels[THEME_LEVEL_COUNT] = {
#define X(id, name) [THEME_##id] = name,
	THEME_LEVELS(X)
#undef X
};

const char *
theme_level_name(enum theme_level l)
{
	return levels[l];
}

const char *
theme_role_name(enum style s)
{
	return names[s];
}

const char *const *
theme_role_names(void)
{
	return names;
}

struct theme *
theme_new(const char *name, const char *path)
{
	static const int mono[STYLE_COUNT] = {
#define X(id, name, attrs, help) [STYLE_##id] = attrs,
		STYLES(X)
#undef X
	};
	struct theme *t = mem_alloc(sizeof *t);

	t->name = mem_strdup(name);
	t->path = mem_strdup(path);
	for (int s = 0; s < STYLE_COUNT; s++) {
		for (int l = 0; l < THEME_LEVEL_COUNT; l++)
			t->roles[s].pair[l] = (struct theme_pair){
				THEME_UNSET, THEME_UNSET};
		t->roles[s].mono = mono[s];
	}
	return t;
}

void
theme_free(struct theme *t)
{
	if (!t)
		return;
	mem_free(t->name);
	mem_free(t->path);
	mem_free(t);
}

/* One side of a role at a level: as written, or made from the neighbouring level. The
 * sixteen are never made from others: nobody knows what they look like. */
static int
side_of(const struct theme_role *r, enum theme_level level, bool fg)
{
	int at = fg ? r->pair[level].fg : r->pair[level].bg;
	int true_colour = fg ? r->pair[THEME_TRUE].fg : r->pair[THEME_TRUE].bg;
	int index = fg ? r->pair[THEME_256].fg : r->pair[THEME_256].bg;

	if (at != THEME_UNSET || level == THEME_16 || level == THEME_MONO)
		return at;
	if (level == THEME_256)
		return true_colour >= 0 ? tint_nearest(true_colour) : true_colour;
	return index >= 0 ? tint_rgb_of(index) : index;
}

static struct theme_pair
own_pair(const struct theme *t, enum style s, enum theme_level level)
{
	return (struct theme_pair){
		side_of(&t->roles[s], level, true), side_of(&t->roles[s], level, false)};
}

struct theme_look
theme_look(const struct theme *t, enum style s, enum theme_level level)
{
	struct theme_pair own = own_pair(t, s, level),
			  page = own_pair(t, STYLE_TEXT, level);
	bool coloured = own.fg != THEME_UNSET || own.bg != THEME_UNSET;
	int fg = own.fg != THEME_UNSET ? own.fg : page.fg;
	int bg = own.bg != THEME_UNSET ? own.bg : page.bg;

	return (struct theme_look){fg == THEME_UNSET ? THEME_DEFAULT : fg,
		bg == THEME_UNSET ? THEME_DEFAULT : bg,
		coloured ? t->roles[s].attr : t->roles[s].mono};
}
