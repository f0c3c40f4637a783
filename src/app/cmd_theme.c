/* theme: names, looks and the check of themes. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/themes.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/palette.h"

/* ---- the words given --------------------------------------------------------------------- */

/* The themes after the verb, all of them when there is none. */
static void
wanted(const struct cmd *c, struct strings *out)
{
	for (size_t i = 1; i < c->args->words.list.len; i++)
		vec_push(&out->list, mem_strdup(c->args->words.list.at[i]));
	if (!out->list.len)
		themes_names(out);
}

/* A word with a slash or a dot is a file, any other a name. */
static struct theme *
theme_of(const char *word, struct diags *d)
{
	struct theme *t = strpbrk(word, "./") ? themes_read(word, d)
					      : themes_find(word, d);

	if (!t && !d->errors)
		diag_add(d, DIAG_ERROR, "E-FILE-001", (struct spot){word, 0, 0},
			"nobody has a theme of this name",
			"handrail theme list names them", "there is no theme %s", word);
	return t;
}

/* ---- list -------------------------------------------------------------------------------- */

static void
write_ratio(struct str *out, int pct)
{
	if (pct)
		str_addf(out, " %7d.%d", pct / 100, pct % 100 / 10);
	else
		str_adds(out, "         -");
}

static void
list_row(const struct theme *t, struct str *out)
{
	struct theme_measure m = theme_measure(t, THEME_TRUE);

	str_addf(out, "%-16s %-6s", t->name, t->light ? "light" : "dark");
	write_ratio(out, m.contrast_pct);
	write_ratio(out, m.distance_tenths * 10);
	str_addf(out, "  %s\n", strchr(t->path, '/') ? t->path : "built in");
}

static void
list(const struct theme *t, const struct cmd *c, struct str *out)
{
	(void)c;
	if (!out->len)
		str_addf(out, "%-16s %-6s %9s %9s\n", "NAME", "PAGE", "CONTRAST",
			"DISTANCE");
	list_row(t, out);
}

/* ---- show -------------------------------------------------------------------------------- */

static void
colour_word(struct str *out, int colour, enum theme_level level)
{
	static const char *const sixteen[] = {
		"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};

	if (colour < 0)
		str_adds(out, "default");
	else if (level == THEME_TRUE)
		str_addf(out, "#%06x", (unsigned)colour);
	else if (level == THEME_16)
		str_addf(out, "%s%s", colour >= 8 ? "bright" : "", sixteen[colour % 8]);
	else
		str_addf(out, "%d", colour);
}

static void
attr_words(struct str *out, int attrs)
{
	static const struct {
		int attr;
		const char *word;
	} words[] = {{STYLE_BOLD, "bold"}, {STYLE_FAINT, "dim"},
		{STYLE_UNDERLINE, "underline"}, {STYLE_REVERSE, "reverse"}};
	size_t before = out->len;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (attrs & words[i].attr)
			str_addf(
				out, "%s%s", out->len > before ? "+" : "", words[i].word);
	if (out->len == before)
		str_adds(out, "normal");
}

/* A sample in its own colours, for a terminal that takes them. */
static void
sample(struct str *out, struct theme_look look, enum theme_level level)
{
	int fg = look.fg, bg = look.bg;

	str_adds(out, "\033[0");
	if (look.attrs & STYLE_BOLD)
		str_adds(out, ";1");
	if (look.attrs & STYLE_FAINT)
		str_adds(out, ";2");
	if (look.attrs & STYLE_UNDERLINE)
		str_adds(out, ";4");
	if (look.attrs & STYLE_REVERSE)
		str_adds(out, ";7");
	for (int side = 0; side < 2; side++) {
		int v = side ? bg : fg, base = side ? 48 : 38;

		if (v >= 0 && level == THEME_TRUE)
			str_addf(out, ";%d;2;%d;%d;%d", base, v >> 16, v >> 8 & 255,
				v & 255);
		else if (v >= 0)
			str_addf(out, ";%d;5;%d", base, v);
	}
	str_adds(out, "m Sample \033[0m ");
}

static void
show_role(const struct theme *t, enum style s, bool coloured, struct str *out)
{
	for (int l = THEME_LEVEL_COUNT - 1; l >= 0; l--) {
		struct theme_look look = theme_look(t, s, l);
		size_t from;

		str_addf(out, "%-16s %-6s ", l == THEME_TRUE ? theme_role_name(s) : "",
			theme_level_name(l));
		if (coloured)
			sample(out, look, l);
		from = out->len;
		colour_word(out, look.fg, l);
		str_adds(out, " on ");
		colour_word(out, look.bg, l);
		str_addf(out, "%*s", (int)(24 - (out->len - from)), "");
		attr_words(out, look.attrs);
		str_addc(out, '\n');
	}
}

static bool
takes_colour(const struct cmd *c)
{
	struct palette_opts o = {.color = c->args->opt[OPT_COLOR]};
	enum theme_level level;
	struct err e = ERR_INIT;

	return isatty(STDOUT_FILENO) && !tty_plain(c->args) &&
		palette_choose(&o, 256, &level, &e) && level == THEME_256;
}

static void
show(const struct theme *t, const struct cmd *c, struct str *out)
{
	str_addf(out, "%s%s, %s page%s\n", out->len ? "\n" : "", t->name,
		t->light ? "light" : "dark", t->high ? ", high contrast" : "");
	for (int s = 0; s < STYLE_COUNT; s++)
		show_role(t, s, takes_colour(c), out);
}

static void
show_json(struct jsonout *j, const struct theme *t)
{
	jsonout_key(j, "roles");
	jsonout_open_array(j);
	for (int s = 0; s < STYLE_COUNT; s++) {
		jsonout_open(j);
		jsonout_kstr(j, "role", theme_role_name(s));
		for (int l = 0; l < THEME_LEVEL_COUNT; l++) {
			struct theme_look look = theme_look(t, s, l);
			struct str text = STR_INIT;

			colour_word(&text, look.fg, l);
			str_adds(&text, " on ");
			colour_word(&text, look.bg, l);
			str_addc(&text, ' ');
			attr_words(&text, look.attrs);
			jsonout_kstr(j, theme_level_name(l), text.buf);
			str_release(&text);
		}
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

/* ---- check ------------------------------------------------------------------------------- */

static void
check(const struct theme *t, const struct cmd *c, struct str *out)
{
	(void)c;
	str_addf(out, "%s: can be read, and its states told apart\n", t->name);
}

/* ---- all of them ------------------------------------------------------------------------- */

enum verb { VERB_LIST, VERB_SHOW, VERB_CHECK, VERB_COUNT };

static const struct {
	const char *name;
	void (*write)(const struct theme *t, const struct cmd *c, struct str *out);
} verbs[VERB_COUNT] = {[VERB_LIST] = {"list", list},
	[VERB_SHOW] = {"show", show},
	[VERB_CHECK] = {"check", check}};

static void
write_json(struct jsonout *j, const struct theme *t, enum verb verb)
{
	jsonout_open(j);
	jsonout_kstr(j, "name", t->name);
	jsonout_kstr(j, "path", strchr(t->path, '/') ? t->path : NULL);
	jsonout_kstr(j, "background", t->light ? "light" : "dark");
	jsonout_key(j, "levels");
	jsonout_open_array(j);
	for (int l = THEME_16; l < THEME_LEVEL_COUNT; l++) {
		struct theme_measure m = theme_measure(t, l);

		jsonout_open(j);
		jsonout_kstr(j, "level", theme_level_name(l));
		jsonout_kint(j, "contrast_pct", m.contrast_pct);
		jsonout_kint(j, "distance_tenths", m.distance_tenths);
		jsonout_close(j);
	}
	jsonout_close_array(j);
	if (verb == VERB_SHOW)
		show_json(j, t);
	jsonout_close(j);
}

static void
print_complaints(const struct diags *d)
{
	struct str out = STR_INIT, clean = STR_INIT;

	diags_print(d, &out);
	text_harmless(&clean, out.buf, out.len, TEXT_KEEP_LF);
	fwrite(clean.buf, 1, clean.len, stderr);
	str_release(&clean);
	str_release(&out);
}

static enum exit_code
do_verb(struct cmd *c, enum verb verb)
{
	struct strings names = {0};
	struct str text = STR_INIT, json = STR_INIT;
	struct diags d = {0};
	struct jsonout j;
	enum exit_code bad = verb == VERB_CHECK ? EXIT_CODE_NO : EXIT_CODE_LOAD;

	wanted(c, &names);
	cmd_json_begin(&j, &json, "theme");
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < names.list.len; i++) {
		size_t before = d.errors;
		struct theme *t = theme_of(names.list.at[i], &d);

		if (t && verb == VERB_CHECK)
			theme_check(t, &d);
		if (t && (verb != VERB_CHECK || d.errors == before))
			verbs[verb].write(t, c, &text);
		if (t)
			write_json(&j, t, verb);
		theme_free(t);
	}
	jsonout_close_array(&j);
	cmd_json_errors(&j, &d);
	if (args_has(c->args, OPT_JSON))
		cmd_json_end(&j, &json);
	else
		cmd_print_raw(&text);
	print_complaints(&d);
	bad = d.errors ? bad : EXIT_CODE_OK;
	diags_release(&d);
	str_release(&text);
	str_release(&json);
	parts_free_strings(&names);
	return bad;
}

enum exit_code
cmd_theme(struct cmd *c)
{
	const char *word = c->args->words.list.at[0];
	struct err e = ERR_INIT;

	for (int v = 0; v < VERB_COUNT; v++)
		if (strcmp(verbs[v].name, word) == 0)
			return do_verb(c, v);
	err_set(&e, ERR_INPUT, "theme: list, show or check, not %s", word);
	return cmd_fail(c, &e);
}
