#ifndef MODEL_THEME_H
#define MODEL_THEME_H

/*
 * How each role looks, for every kind of terminal: plain data, made by load/load_theme
 * from a file. theme_look answers for one role on one kind; what a file leaves out is
 * worked out there. theme_check says whether it can be read and told apart.
 */

#include "model/diag.h"
#include "model/style.h"

/* id, name of --color */
#define THEME_LEVELS(X) \
	X(MONO, "never") \
	X(16, "16") \
	X(256, "256") \
	X(TRUE, "true")

enum theme_level {
#define X(id, name) THEME_##id,
	THEME_LEVELS(X)
#undef X
		THEME_LEVEL_COUNT
};
const char *theme_level_name(enum theme_level l);

enum { THEME_UNSET = -2, THEME_DEFAULT = -1 /* the terminal's own */ };

struct theme_pair {
	int fg, bg; /* 0xrrggbb or an index, by the level */
};

struct theme_role {
	struct theme_pair pair[THEME_LEVEL_COUNT]; /* none for THEME_MONO */
	int attr;                                  /* beside its own colours */
	int mono;                                  /* where it has none */
	int line, col;                             /* in the file; 0: not there */
};

struct theme {
	char *name, *path;
	bool light, high; /* a light page; twice the contrast is promised */
	struct theme_role roles[STYLE_COUNT];
};

/* No colours, the attributes of the list of roles. */
struct theme *theme_new(const char *name, const char *path);
void theme_free(struct theme *t);

const char *theme_role_name(enum style s);
/* NULL-terminated, for "did you mean". */
const char *const *theme_role_names(void);

struct theme_look {
	int fg, bg; /* as the level has them, or THEME_DEFAULT */
	int attrs;  /* enum style_attr */
};
struct theme_look theme_look(const struct theme *t, enum style s, enum theme_level level);

/* What theme_check complains of: name, id, reason, help. Ids are for ever. */
#define THEME_RULES(X) \
	X(CONTRAST, "E-THEME-001", "a text that can hardly be read is overlooked", \
		"take a lighter or a darker colour for one of the two sides") \
	X(DISTANCE, "E-THEME-002", \
		"one man in twelve sees some reds and greens as one colour", \
		"make one of the two much lighter, or bluer") \
	X(ONE_SIDE, "E-THEME-003", \
		"a letter of one colour on a page nobody knows may not be seen", \
		"write c16: [FOREGROUND, BACKGROUND], or leave both out") \
	X(MONO, "E-THEME-004", "a screen without colour must be complete", \
		"give one of the two another mono attribute")
struct theme_rule {
	const char *id, *reason, *help;
};
const struct theme_rule *theme_rules(size_t *count);

/* Contrast of every text with its ground, distance of the states for four kinds of eyes,
 * blocks with both sides, and that no state needs colour. Complains at the role's line. */
void theme_check(const struct theme *t, struct diags *d);
/* The smallest of each, for show: contrast in hundredths, distance in tenths; 0: there
 * are no colours to measure at this level. */
struct theme_measure {
	int contrast_pct, distance_tenths;
};
struct theme_measure theme_measure(const struct theme *t, enum theme_level level);

#endif
