#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "load/keyed.h"
#include "load/load.h"

/* A theme file: names of roles, colours and attributes to the numbers of model/theme. */

struct painting {
	struct reading r;
	const struct ynode *vars; /* or NULL */
	struct theme *t;
};

static const char *const sixteen[] = {"black", "red", "green", "yellow", "blue",
	"magenta", "cyan", "white", "brightblack", "brightred", "brightgreen",
	"brightyellow", "brightblue", "brightmagenta", "brightcyan", "brightwhite",
	"default", NULL};
enum { SIXTEEN_DEFAULT = 16 };

/* ---- single values --------------------------------------------------------------------- */

static bool
is_hex(const char *text)
{
	return text[0] == '#' && strlen(text) == 7 &&
		strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static const struct ynode *
variable(const struct painting *p, const struct ynode *n)
{
	const struct ynode *v = p->vars ? ynode_get(p->vars, n->text + 1) : NULL;
	const char *names[KEYS_MAX + 1] = {0};
	size_t count = 0;
	char *guess;

	if (v && v->kind == YNODE_SCALAR)
		return v;
	for (const struct ynode *k = p->vars ? p->vars->first : NULL;
		k && count < KEYS_MAX; k = k->next->next)
		if (k->kind == YNODE_SCALAR)
			names[count++] = k->text;
	guess = keyed_guess(n->text + 1, names);
	keyed_complain(&p->r, n, C_COLOUR, guess ? guess : "give it a colour in `vars:`",
		"there is no variable `%.60s`", n->text);
	mem_free(guess);
	return NULL;
}

/* #rrggbb, $name or default. */
static int
colour(const struct painting *p, const struct ynode *n)
{
	const struct ynode *v = n;

	if (!n)
		return THEME_UNSET;
	if (n->text[0] == '$')
		v = variable(p, n);
	if (!v)
		return THEME_UNSET;
	if (strcmp(v->text, "default") == 0)
		return THEME_DEFAULT;
	if (is_hex(v->text))
		return (int)strtol(v->text + 1, NULL, 16);
	keyed_complain(&p->r, v, C_COLOUR, "write \"#rrggbb\", $name or default",
		"`%.60s` is no colour", v->text);
	return THEME_UNSET;
}

static int
number256(const struct painting *p, const struct ynode *n)
{
	long v = strtol(n->text, NULL, 10);

	if (strcmp(n->text, "default") == 0)
		return THEME_DEFAULT;
	if (n->len <= 3 && strspn(n->text, "0123456789") == n->len && v >= 16 && v <= 255)
		return (int)v;
	keyed_complain(&p->r, n, C_COLOUR,
		"write a number from 16 to 255, or default; 0 to 15 are what their owner "
		"painted them",
		"`%.60s` is none of the 256 colours that are the same everywhere",
		n->text);
	return THEME_UNSET;
}

static int
name16(const struct painting *p, const struct ynode *n)
{
	char *guess;

	for (int i = 0; sixteen[i]; i++)
		if (strcmp(sixteen[i], n->text) == 0)
			return i == SIXTEEN_DEFAULT ? THEME_DEFAULT : i;
	guess = keyed_guess(n->text, sixteen);
	keyed_complain(&p->r, n, C_COLOUR,
		guess ? guess
		      : "black red green yellow blue magenta cyan white, the same with "
			"bright before them, or default",
		"`%.60s` is none of the sixteen colours", n->text);
	mem_free(guess);
	return THEME_UNSET;
}

/* ---- a role ------------------------------------------------------------------------------ */

/* Letters alone or letters and ground. */
static void
pair(const struct painting *p, const struct ynode *n, struct theme_pair *out,
	int (*value)(const struct painting *p, const struct ynode *n))
{
	const struct ynode *fg = n, *bg = NULL;

	if (!n)
		return;
	if (n->kind == YNODE_LIST) {
		fg = n->first;
		bg = fg ? fg->next : NULL;
		if (n->len < 1 || n->len > 2)
			keyed_complain(&p->r, n, C_COLOUR, "write [LETTERS, GROUND]",
				"a pair of colours has one or two of them");
	}
	*out = (struct theme_pair){
		fg ? value(p, fg) : THEME_UNSET, bg ? value(p, bg) : THEME_UNSET};
}

static int
attribute(const struct ynode *n)
{
	static const struct {
		const char *word;
		int attr;
	} words[] = {
		{"normal", STYLE_PLAIN},
		{"bold", STYLE_BOLD},
		{"dim", STYLE_FAINT},
		{"underline", STYLE_UNDERLINE},
		{"reverse", STYLE_REVERSE},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].word, n->text) == 0)
			return words[i].attr;
	return STYLE_PLAIN;
}

static int
attributes(const struct ynode *n, int fallback)
{
	int attrs = STYLE_PLAIN;

	if (!n)
		return fallback;
	if (n->kind == YNODE_SCALAR)
		return attribute(n);
	for (const struct ynode *i = n->first; i; i = i->next)
		attrs |= attribute(i);
	return attrs;
}

static void
read_look(struct painting *p, const struct ynode *key, enum style s)
{
	const struct ynode *got[KEYS_MAX];
	struct theme_role *role = &p->t->roles[s];
	bool colours;

	role->line = (int)key->line;
	role->col = key->col;
	if (!keyed_read(&p->r, key->next, KEYS_IN_LOOK, 0, got))
		return;
	/* who says how it looks in full says it for the 256 as well */
	colours = got[KEY_LOOK_FG] || got[KEY_LOOK_BG] || got[KEY_LOOK_C256];
	if (colours) {
		role->pair[THEME_TRUE].fg = colour(p, got[KEY_LOOK_FG]);
		role->pair[THEME_TRUE].bg = colour(p, got[KEY_LOOK_BG]);
		role->pair[THEME_256] = (struct theme_pair){THEME_UNSET, THEME_UNSET};
		role->attr = STYLE_PLAIN;
	}
	pair(p, got[KEY_LOOK_C256], &role->pair[THEME_256], number256);
	pair(p, got[KEY_LOOK_C16], &role->pair[THEME_16], name16);
	role->attr = attributes(got[KEY_LOOK_ATTR], role->attr);
	role->mono = attributes(got[KEY_LOOK_MONO], role->mono);
}

static void
read_roles(struct painting *p, const struct ynode *table)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		int found = NONE;
		char *guess;

		if (k->kind != YNODE_SCALAR || k->next->kind == YNODE_BAD)
			continue;
		for (int s = 0; s < STYLE_COUNT && found == NONE; s++)
			if (strcmp(theme_role_name(s), k->text) == 0)
				found = s;
		if (found != NONE) {
			read_look(p, k, found);
			continue;
		}
		guess = keyed_guess(k->text, theme_role_names());
		keyed_complain(&p->r, k, C_ROLE_UNKNOWN,
			guess ? guess : "see the roles in handrail-theme(5)",
			"there is no role `%.60s`", k->text);
		mem_free(guess);
	}
}

/* ---- the file ---------------------------------------------------------------------------- */

static void
check_name(const struct painting *p, const struct ynode *n)
{
	const char *file = file_base(p->r.file);
	size_t len = strcspn(file, ".");

	if (n && (n->len != len || memcmp(n->text, file, len) != 0))
		keyed_complain(&p->r, n, C_VALUE, "give file and theme the same name",
			"the theme calls itself `%.60s`, its file is %s", n->text, file);
}

static void
begin(struct painting *p, const struct theme *base, const struct ynode *got[KEYS_MAX])
{
	int rests = keyed_word(
		got[KEY_THEME_EXTENDS], KEYS_IN_THEME, KEY_THEME_EXTENDS, 0);

	if (base && rests == 0)
		memcpy(p->t->roles, base->roles, sizeof p->t->roles);
	for (int s = 0; s < STYLE_COUNT; s++)
		p->t->roles[s].line = p->t->roles[s].col = 0;
	p->t->light = keyed_word(got[KEY_THEME_BACKGROUND], KEYS_IN_THEME,
			      KEY_THEME_BACKGROUND, 0) == 1;
	p->t->high = keyed_word(got[KEY_THEME_CONTRAST], KEYS_IN_THEME,
			     KEY_THEME_CONTRAST, 0) == 1;
	p->vars = got[KEY_THEME_VARS];
}

struct theme *
load_theme_text(const struct source *src, const struct theme *base, struct diags *d)
{
	struct painting p = {.r = {.d = d, .file = src->path}};
	const struct ynode *got[KEYS_MAX], *v;
	struct ydoc *y = ydoc_parse(src->path, src->text, src->len, d);
	size_t before = d->errors;

	v = y ? ynode_get(ydoc_root(y), "handrail_theme") : NULL;
	if (v && v->kind == YNODE_SCALAR && !str_eq(v->text, "1")) {
		keyed_complain(&p.r, v, C_VERSION, "write `handrail_theme: 1`",
			"this version reads format 1, not `%.20s`", v->text);
	} else if (y && keyed_read(&p.r, ydoc_root(y), KEYS_IN_THEME, 0, got)) {
		v = got[KEY_THEME_NAME];
		check_name(&p, v);
		p.t = theme_new(v ? v->text : "", src->path);
		begin(&p, base, got);
		read_roles(&p, got[KEY_THEME_ROLES]);
	}
	ydoc_free(y);
	diags_sort(d);
	if (p.t && d->errors == before)
		return p.t;
	theme_free(p.t);
	return NULL;
}
