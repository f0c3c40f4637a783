#include "model/theme.h"

#include <stdio.h>

#include "model/tint.h"

/* Can it be read, can the states be told apart: by numbers, not by taste. */

enum { CONTRAST_PCT = 450, HIGH_PCT = 700, DISTANCE_TENTHS = 200, NOT_MEASURED = -1 };

static const enum style states[] = {STYLE_OK, STYLE_WARN, STYLE_FAIL, STYLE_RUN};
enum { STATES = sizeof states / sizeof *states };

static int
least_of(const struct theme *t)
{
	return t->high ? HIGH_PCT : CONTRAST_PCT;
}

static int
rgb_of(int colour, enum theme_level level)
{
	return level == THEME_TRUE || colour < 0 ? colour : tint_rgb_of(colour);
}

/* In hundredths; 0: one side is the terminal's own, which nobody here knows. Frames are
 * no text and may be fainter. */
static int
contrast_of(const struct theme *t, enum style s, enum theme_level level, enum style on)
{
	struct theme_look look = theme_look(t, s, level),
			  ground = theme_look(t, on, level);
	int fg = look.attrs & STYLE_REVERSE ? look.bg : look.fg;
	int bg = on != STYLE_TEXT            ? ground.bg
		: look.attrs & STYLE_REVERSE ? look.fg
					     : look.bg;

	if (s == STYLE_BORDER || fg < 0 || bg < 0)
		return 0;
	return tint_contrast_pct(rgb_of(fg, level), rgb_of(bg, level));
}

/* Tenths, or NOT_MEASURED. Two blocks differ by their grounds, two texts on the page
 * by their letters; a block beside a text cannot be mistaken for it. */
static int
distance_of(const struct theme *t, enum theme_level level, enum style a, enum style b)
{
	struct theme_look x = theme_look(t, a, level), y = theme_look(t, b, level);
	int page = theme_look(t, STYLE_TEXT, level).bg, least = 0;
	int from = rgb_of(x.bg != page ? x.bg : x.fg, level);
	int to = rgb_of(y.bg != page ? y.bg : y.fg, level);

	if ((x.bg != page) != (y.bg != page) || from < 0 || to < 0)
		return NOT_MEASURED;
	for (int eye = 0; eye < TINT_EYES; eye++) {
		int d = tint_distance_tenths(from, to, eye);

		if (eye == TINT_NORMAL || d < least)
			least = d;
	}
	return least;
}

struct theme_measure
theme_measure(const struct theme *t, enum theme_level level)
{
	struct theme_measure m = {0};
	int least = NOT_MEASURED;

	for (int s = 0; s < STYLE_COUNT; s++) {
		int c = contrast_of(t, s, level, STYLE_TEXT);

		if (c && (!m.contrast_pct || c < m.contrast_pct))
			m.contrast_pct = c;
	}
	for (int i = 0; i < STATES && level >= THEME_256; i++)
		for (int k = i + 1; k < STATES; k++) {
			int d = distance_of(t, level, states[i], states[k]);

			if (d != NOT_MEASURED && (least == NOT_MEASURED || d < least))
				least = d;
		}
	m.distance_tenths = least == NOT_MEASURED ? 0 : least;
	return m;
}

/* ---- complaints ------------------------------------------------------------------------ */

enum rule {
#define X(id, name, reason, help) RULE_##id,
	THEME_RULES(X)
#undef X
		RULE_COUNT
};

static const struct theme_rule rules[RULE_COUNT] = {
#define X(id, name, reason, help) [RULE_##id] = {name, reason, help},
	THEME_RULES(X)
#undef X
};

const struct theme_rule *
theme_rules(size_t *count)
{
	*count = RULE_COUNT;
	return rules;
}

struct checking {
	const struct theme *t;
	struct diags *d;
};

static void
complain(const struct checking *c, enum rule r, enum style s, const char *msg)
{
	const struct theme_role *role = &c->t->roles[s];

	diag_add(c->d, DIAG_ERROR, rules[r].id,
		(struct spot){c->t->path, role->line, role->col}, rules[r].reason,
		rules[r].help, "%s", msg);
}

static void
complain_contrast(const struct checking *c, enum theme_level level, enum style s,
	enum style on, int pct)
{
	char msg[160];

	snprintf(msg, sizeof msg,
		"`%s` on %s has contrast %d.%02d with --color=%s, wanted %d.%d",
		theme_role_name(s), on == STYLE_TEXT ? "its ground" : "the marked row",
		pct / 100, pct % 100, theme_level_name(level), least_of(c->t) / 100,
		least_of(c->t) % 100 / 10);
	complain(c, RULE_CONTRAST, s, msg);
}

static bool
stands_on_page(const struct theme *t, enum style s, enum theme_level level)
{
	return theme_look(t, s, level).bg == theme_look(t, STYLE_TEXT, level).bg;
}

static void
check_contrast(const struct checking *c, enum theme_level level)
{
	int pct;

	for (int s = 0; s < STYLE_COUNT; s++) {
		pct = contrast_of(c->t, s, level, STYLE_TEXT);
		if (pct && pct < least_of(c->t))
			complain_contrast(c, level, s, STYLE_TEXT, pct);
	}
	/* a state must be seen on the marked row too */
	for (int i = 0; i < STATES; i++) {
		pct = contrast_of(c->t, states[i], level, STYLE_SELECT);
		if (pct && pct < least_of(c->t) &&
			stands_on_page(c->t, states[i], level) &&
			!stands_on_page(c->t, STYLE_SELECT, level))
			complain_contrast(c, level, states[i], STYLE_SELECT, pct);
	}
}

static void
check_distance(const struct checking *c, enum theme_level level)
{
	char msg[160];

	for (int i = 0; i < STATES; i++)
		for (int k = i + 1; k < STATES; k++) {
			int gap = distance_of(c->t, level, states[i], states[k]);

			if (gap == NOT_MEASURED || gap >= DISTANCE_TENTHS)
				continue;
			snprintf(msg, sizeof msg,
				"`%s` and `%s` are %d.%d apart for some eyes with "
				"--color=%s, wanted %d",
				theme_role_name(states[i]), theme_role_name(states[k]),
				gap / 10, gap % 10, theme_level_name(level),
				DISTANCE_TENTHS / 10);
			complain(c, RULE_DISTANCE, states[k], msg);
		}
}

/* The sixteen are as their owner painted them: a block of both sides can be read on any
 * page, a lone side cannot. */
static void
check_blocks(const struct checking *c)
{
	char msg[160];

	for (int s = 0; s < STYLE_COUNT; s++) {
		struct theme_look look = theme_look(c->t, s, THEME_16);

		if ((look.fg < 0) == (look.bg < 0))
			continue;
		snprintf(msg, sizeof msg, "`%s` has one side alone in sixteen colours",
			theme_role_name(s));
		complain(c, RULE_ONE_SIDE, s, msg);
	}
}

static void
check_mono(const struct checking *c)
{
	char msg[160];

	for (int i = 0; i < STATES; i++)
		for (int k = i + 1; k < STATES; k++) {
			if (c->t->roles[states[i]].mono != c->t->roles[states[k]].mono)
				continue;
			snprintf(msg, sizeof msg,
				"`%s` and `%s` look the same without colour",
				theme_role_name(states[i]), theme_role_name(states[k]));
			complain(c, RULE_MONO, states[k], msg);
		}
}

void
theme_check(const struct theme *t, struct diags *d)
{
	const struct checking c = {t, d};

	for (int level = THEME_16; level < THEME_LEVEL_COUNT; level++) {
		check_contrast(&c, level);
		if (level != THEME_16)
			check_distance(&c, level);
	}
	check_blocks(&c);
	check_mono(&c);
}
