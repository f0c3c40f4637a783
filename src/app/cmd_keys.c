/* keys: the keys of the console as they are here, and the check of a file of them. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/keysfile.h"
#include "base/mem.h"
#include "base/text.h"

static void
write_places(const struct keymap_row *row, struct str *text, struct jsonout *j)
{
	enum keymap_place place;
	const char *name;

	for (int i = 0; (name = keymap_place_name(i, &place)); i++) {
		if (!(row->places & (int)place))
			continue;
		if (text)
			str_addf(text, "%s%s", text->len ? ", " : "", name);
		if (j)
			jsonout_str(j, name);
	}
}

static void
write_row(const struct keymap *m, enum action a, struct str *out)
{
	const struct keymap_row *row = keymap_row(a);
	struct str places = STR_INIT;

	write_places(row, &places, NULL);
	str_addf(out, "%-20s %-18s %s %s\n%-20s   %s\n", row->name, keymap_keys(m, a),
		m->keys[a] ? "own" : "   ", row->help, "", places.buf);
	str_release(&places);
}

static void
write_json(const struct keymap *m, enum action a, struct jsonout *j)
{
	const struct keymap_row *row = keymap_row(a);
	char key[KEYMAP_KEY_BYTES];

	jsonout_open(j);
	jsonout_kstr(j, "action", row->name);
	jsonout_key(j, "keys");
	jsonout_open_array(j);
	for (size_t i = 0; keymap_key_at(m, a, i, key); i++)
		jsonout_str(j, key);
	jsonout_close_array(j);
	jsonout_kbool(j, "own", m->keys[a] != NULL);
	jsonout_kbool(j, "runs", row->effect == KEYMAP_EXECUTES);
	jsonout_key(j, "places");
	jsonout_open_array(j);
	write_places(row, NULL, j);
	jsonout_close_array(j);
	jsonout_kstr(j, "group", keymap_group_title(row->group));
	jsonout_kstr(j, "help", row->help);
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

static void
print(const struct cmd *c, const struct keymap *m, const struct diags *d)
{
	struct str text = STR_INIT, json = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &json, "keys");
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (int a = 0; a < ACTION_COUNT; a++) {
		write_row(m, a, &text);
		write_json(m, a, &j);
	}
	jsonout_close_array(&j);
	cmd_json_errors(&j, d);
	if (args_has(c->args, OPT_JSON))
		cmd_json_end(&j, &json);
	else
		cmd_print(&text);
	str_release(&text);
	str_release(&json);
}

enum exit_code
cmd_keys(struct cmd *c)
{
	const char *verb = c->args->words.list.len ? c->args->words.list.at[0] : "list";
	const char *file = c->args->words.list.len > 1 ? c->args->words.list.at[1] : NULL;
	enum exit_code bad = str_eq(verb, "check") ? EXIT_CODE_NO : EXIT_CODE_LOAD;
	char *path = file ? mem_strdup(file) : keysfile_path();
	struct diags d = {0};
	struct keymap m;
	struct err e = ERR_INIT;

	if (!str_eq(verb, "list") && !str_eq(verb, "check")) {
		mem_free(path);
		err_set(&e, ERR_INPUT, "keys: list or check, not %s", verb);
		return cmd_fail(c, &e);
	}
	if (file ? keysfile_read(path, &m, &d) : keysfile_own(&m, &d))
		bad = EXIT_CODE_OK;
	if (str_eq(verb, "list") || args_has(c->args, OPT_JSON))
		print(c, &m, &d);
	else if (bad == EXIT_CODE_OK)
		printf("%s: %s\n", path, "the keys can be used");
	print_complaints(&d);
	keymap_release(&m);
	diags_release(&d);
	mem_free(path);
	return bad;
}
