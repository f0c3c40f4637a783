/*
 * Prints what is made from the table of keys: `keys-doc CONTEXT` the list of a context in
 * mdoc, `keys-doc fields` the fields of expectations, `keys-doc fixes` what lint mends,
 * `keys-doc roles` those of themes, `keys-doc actions` the keys of the console,
 * `keys-doc schema NAME` a schema, and
 * `keys-doc page FILE` the manual page with its parts between BEGIN and END renewed, and
 * `keys-doc tree FILE` a YAML file as JSON, as our parser reads it.
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/jsonout.h"
#include "load/cure.h"
#include "load/schema.h"
#include "load/ydoc.h"
#include "model/keytable.h"
#include "model/style.h"
#include "view/keymap.h"

static const char *const contexts[KEYS_IN_COUNT] = {
#define X(id, heading) #id,
	KEY_CONTEXTS(X)
#undef X
};

/* mdoc takes a leading dot or quote as a request, and a backslash as an escape. */
static void
add_text(struct str *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		str_adds(out, "\\&");
	for (; *text; text++)
		if (*text == '\\')
			str_adds(out, "\\e");
		else if (*text == '-')
			str_adds(out, "\\-");
		else
			str_addc(out, *text);
}

/* Sentences begin on a line of their own. */
static void
add_sentences(struct str *out, const char *text)
{
	char *copy = mem_strdup(text), *from = copy, *at;

	while ((at = strstr(from, ". "))) {
		at[1] = '\0';
		add_text(out, from);
		str_addc(out, '\n');
		from = at + 2;
	}
	add_text(out, from);
	str_addc(out, '\n');
	mem_free(copy);
}

static void
add_kinds(struct str *out, enum key_context ctx, const struct key_row *row)
{
	int count = ctx == KEYS_IN_STEP ? (int)STEP_KIND_COUNT : (int)PROBE_KIND_COUNT;
	const char *sep = " ";

	if (!row->kinds || (row->kinds & (row->kinds - 1)) == 0)
		return;
	str_adds(out, "For");
	for (int k = 0; k < count; k++) {
		if (!(row->kinds >> k & 1))
			continue;
		str_adds(out, sep);
		add_text(out,
			ctx == KEYS_IN_STEP ? step_kind_name((enum step_kind)k)
					    : probe_kind_name((enum probe_kind)k));
		sep = ", ";
	}
	str_adds(out, ".\n");
}

static void
add_context(struct str *out, enum key_context ctx)
{
	struct str shape = STR_INIT;
	const struct key_row *rows;
	size_t count;

	rows = keytable_of(ctx, &count);
	str_adds(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < count; i++) {
		str_reset(&shape);
		keytable_shape_text(&rows[i], &shape);
		str_addf(out, ".It Cm %s : No ", rows[i].name);
		add_text(out, shape.buf);
		str_adds(out, rows[i].need == KEY_REQUIRED ? " (required)\n" : "\n");
		add_sentences(out, rows[i].help);
		add_kinds(out, ctx, &rows[i]);
	}
	str_adds(out, ".El\n");
	str_release(&shape);
}

static void
add_fields(struct str *out, uint64_t fields, const char *name)
{
	const char *sep = "";

	if (!fields)
		return;
	str_addf(out, ".It Cm %s\n", name);
	for (int f = 0; f < EXPECT_FIELD_COUNT; f++) {
		const struct expect_field_info *info;

		if (!(fields >> f & 1))
			continue;
		info = expect_field_info((enum expect_field)f);
		str_addf(out, "%s%s", sep, info->name);
		if (info->unit[0])
			str_addf(out, " (%s)", info->unit);
		sep = ", ";
	}
	str_addc(out, '\n');
}

static void
add_all_fields(struct str *out)
{
	str_adds(out, ".Bl -tag -width container\n");
	for (int k = 0; k < PROBE_KIND_COUNT; k++)
		add_fields(out, keytable_probe_fields((enum probe_kind)k),
			probe_kind_name((enum probe_kind)k));
	add_fields(out, keytable_step_fields(STEP_RUN, RISK_MODERATE), "run step");
	add_fields(out, keytable_step_fields(STEP_RUN, RISK_NONE), "run step, risk none");
	add_fields(out, keytable_step_fields(STEP_SQL, RISK_MODERATE), "sql step");
	add_fields(out, keytable_step_fields(STEP_COPY, RISK_MODERATE), "copy step");
	str_adds(out, ".El\n");
}

static void
add_fixes(struct str *out)
{
	size_t count;
	const struct cure_row *rows = cure_rows(&count);

	str_adds(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < count; i++) {
		str_addf(out, ".It Sy %s\n", rows[i].id);
		add_sentences(out, rows[i].does);
	}
	str_adds(out, ".El\n");
}

static void
add_roles(struct str *out)
{
	static const struct {
		const char *name, *help;
		int attrs;
	} roles[] = {
#define X(id, name, attrs, help) {name, help, attrs},
		STYLES(X)
#undef X
	};
	static const struct {
		int attr;
		const char *word;
	} words[] = {{STYLE_BOLD, "bold"}, {STYLE_FAINT, "dim"},
		{STYLE_UNDERLINE, "underline"}, {STYLE_REVERSE, "reverse"}};

	str_adds(out, ".Bl -tag -width select.inactive\n");
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		const char *sep = "\nWithout colour: ";

		str_addf(out, ".It Cm %s\n%s", roles[i].name, roles[i].help);
		for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
			if (!(roles[i].attrs & words[w].attr))
				continue;
			str_addf(out, "%s%s", sep, words[w].word);
			sep = ", ";
		}
		str_adds(out, roles[i].attrs ? ".\n" : "\n");
	}
	str_adds(out, ".El\n");
}

/* Names of keys as keys.yaml writes them. */
static void
add_action(struct str *out, const struct keymap_row *row)
{
	str_addf(out, ".It Cm %s\n", row->name);
	for (const char *at = row->help; *at; at++)
		str_addc(out, at == row->help && *at >= 'a' && *at <= 'z' ? *at - 32 : *at);
	str_addf(out, ".\nKeys: ");
	add_text(out, *row->keys ? row->keys : "none");
	str_adds(out, ".\n");
}

static void
add_actions(struct str *out)
{
	str_adds(out, ".Bl -tag -width Ds\n");
	for (int a = 0; a < ACTION_COUNT; a++)
		add_action(out, keymap_row(a));
	str_adds(out, ".El\n");
}

static const struct {
	const char *name;
	void (*add)(struct str *out);
} parts[] = {{"fields", add_all_fields}, {"fixes", add_fixes}, {"roles", add_roles},
	{"actions", add_actions}};

static bool
add_part(struct str *out, const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strlen(parts[i].name) == len && memcmp(parts[i].name, name, len) == 0) {
			parts[i].add(out);
			return true;
		}
	for (int i = 0; i < KEYS_IN_COUNT; i++)
		if (strlen(contexts[i]) == len && memcmp(contexts[i], name, len) == 0) {
			add_context(out, (enum key_context)i);
			return true;
		}
	return false;
}

/* Copies a page, putting new text between its BEGIN and END lines. */
static bool
add_page(struct str *out, const char *text)
{
	static const char begin[] = ".\\\" BEGIN keys ", end[] = ".\\\" END keys ";

	while (*text) {
		size_t line = strcspn(text, "\n") + 1;

		str_add(out, text, line);
		if (str_starts(text, begin)) {
			const char *name = text + sizeof begin - 1;

			if (!add_part(out, name, strcspn(name, "\n")))
				return false;
			text = strstr(text, end);
			if (!text)
				return false;
		} else {
			text += line;
		}
	}
	return true;
}

static void
add_node(struct jsonout *j, const struct ynode *n)
{
	switch ((enum ynode_kind)n->kind) {
	case YNODE_SCALAR:
		jsonout_strn(j, n->text, n->len);
		break;
	case YNODE_LIST:
		jsonout_open_array(j);
		for (const struct ynode *i = n->first; i; i = i->next)
			add_node(j, i);
		jsonout_close_array(j);
		break;
	case YNODE_MAP:
		jsonout_open(j);
		for (const struct ynode *k = n->first; k; k = k->next->next) {
			jsonout_key(j, k->text);
			add_node(j, k->next);
		}
		jsonout_close(j);
		break;
	case YNODE_BAD:
		jsonout_null(j);
		break;
	}
}

static bool
add_tree(struct str *out, const char *path, const struct str *text)
{
	struct diags d = {0};
	struct ydoc *y = ydoc_parse(path, text->buf, text->len, &d);
	bool ok = y && !d.errors;
	struct jsonout j;

	jsonout_init(&j, out);
	if (ok)
		add_node(&j, ydoc_root(y));
	else
		diags_print(&d, out);
	ydoc_free(y);
	diags_release(&d);
	return ok;
}

static bool
print(int argc, char **argv, struct str *out)
{
	struct str page = STR_INIT;
	enum schema_which which;
	struct err e = ERR_INIT;
	bool ok = false;

	if (argc == 2)
		return add_part(out, argv[1], strlen(argv[1]));
	if (argc != 3)
		return false;
	if (str_eq(argv[1], "schema") && schema_parse(argv[2], &which)) {
		schema_write(which, out);
		return true;
	}
	if (str_eq(argv[1], "page") && file_read(argv[2], 1 << 20, &page, &e))
		ok = add_page(out, page.buf);
	else if (str_eq(argv[1], "tree") && file_read(argv[2], 1 << 24, &page, &e))
		ok = add_tree(out, argv[2], &page);
	str_release(&page);
	return ok;
}

int
main(int argc, char **argv)
{
	struct str out = STR_INIT;
	bool ok = print(argc, argv, &out);

	if (ok)
		fwrite(out.buf, 1, out.len, stdout);
	else
		fputs("usage: keys-doc CONTEXT | fields | roles | actions | schema NAME | page FILE | tree FILE\n",
			stderr);
	str_release(&out);
	return ok ? 0 : 2;
}
