#include "app/themes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/themes_files.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/load.h"
#include "load/ydoc.h"

static const struct {
	const char *name, *text;
} shipped[] = {
	{"terminal", theme_terminal},
	{"night", theme_night},
	{"day", theme_day},
	{"high-contrast", theme_high_contrast},
	{"cvd-safe", theme_cvd_safe},
	{"mono", theme_mono},
};
enum { SHIPPED = sizeof shipped / sizeof *shipped };

static char *
own_folder(void)
{
	char *config = file_xdg(FILE_XDG_CONFIG), *dir = file_join(config, "themes");

	mem_free(config);
	return dir;
}

static bool
has_name(const struct strings *list, const char *name)
{
	for (size_t i = 0; i < list->list.len; i++)
		if (strcmp(list->list.at[i], name) == 0)
			return true;
	return false;
}

void
themes_names(struct strings *out)
{
	char *dir = own_folder(), **files = NULL;
	struct err e = ERR_INIT;
	size_t count = 0;

	if (file_is_dir(dir))
		files = file_names(dir, &count, &e);
	for (size_t i = 0; files && i < count; i++) {
		size_t len = strlen(files[i]);

		if (files[i][0] != '.' && len > 5 &&
			strcmp(files[i] + len - 5, ".yaml") == 0)
			vec_push(&out->list, mem_strndup(files[i], len - 5));
	}
	for (size_t i = 0; i < SHIPPED; i++)
		if (!has_name(out, shipped[i].name))
			vec_push(&out->list, mem_strdup(shipped[i].name));
	if (files)
		file_names_free(files);
	mem_free(dir);
}

/* The one all others rest on; a test loads every shipped file. */
static struct theme *
load(const char *path, const char *text, size_t len, struct diags *d)
{
	const struct source base_src = {.path = (char *)"terminal.yaml",
		.text = (char *)theme_terminal,
		.len = strlen(theme_terminal)};
	const struct source src = {
		.path = (char *)path, .text = (char *)text, .len = len};
	struct theme *base = load_theme_text(&base_src, NULL, d), *t;

	t = load_theme_text(&src, base, d);
	theme_free(base);
	return t;
}

struct theme *
themes_read(const char *path, struct diags *d)
{
	struct str text = STR_INIT;
	struct theme *t = NULL;
	struct err e = ERR_INIT;

	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		t = load(path, text.buf, text.len, d);
	else
		diag_add(d, DIAG_ERROR, "E-FILE-001", (struct spot){path, 0, 0},
			"the file must be read before it can be used", NULL, "%s", e.msg);
	str_release(&text);
	return t;
}

struct theme *
themes_find(const char *name, struct diags *d)
{
	char *dir = own_folder(), *file = mem_printf("%s.yaml", name);
	char *path = !strchr(name, '/') ? file_join(dir, file) : NULL;
	struct theme *t = NULL;
	bool own = path && file_exists(path);

	if (own)
		t = themes_read(path, d);
	for (size_t i = 0; i < SHIPPED && !own; i++)
		if (strcmp(shipped[i].name, name) == 0)
			t = load(file, shipped[i].text, strlen(shipped[i].text), d);
	mem_free(path);
	mem_free(file);
	mem_free(dir);
	return t;
}

static void
no_such_theme(const char *name, struct err *e)
{
	struct strings names = {0};
	struct str list = STR_INIT;

	themes_names(&names);
	for (size_t i = 0; i < names.list.len; i++)
		str_addf(&list, "%s%s", i ? " " : "", names.list.at[i]);
	err_set(e, ERR_INPUT, "there is no theme %s: %s", name, list.buf);
	parts_free_strings(&names);
	str_release(&list);
}

struct theme *
themes_choose(const struct args *a, struct err *e)
{
	const char *name = a->opt[OPT_THEME] ? a->opt[OPT_THEME]
					     : getenv("HANDRAIL_THEME");
	struct diags d = {0};
	struct theme *t = themes_find(name && *name ? name : "terminal", &d);
	const struct diag *first = d.list.len ? &d.list.at[0] : NULL;

	if (!t && first)
		err_set(e, ERR_PARSE, "%s:%d:%d: %s", first->file, first->line,
			first->col, first->msg);
	else if (!t)
		no_such_theme(name, e);
	diags_release(&d);
	return t;
}

char *
themes_terminfo(void)
{
	char exe[4096], *dir, *path;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	if (n > 0) { /* not installed: beside the program */
		exe[n] = '\0';
		dir = file_dir(exe);
		path = file_join(dir, "terminfo");
		mem_free(dir);
		if (file_is_dir(path))
			return path;
		mem_free(path);
	}
	return file_is_dir(HR_DATADIR "/terminfo") ? mem_strdup(HR_DATADIR "/terminfo")
						   : NULL;
}
