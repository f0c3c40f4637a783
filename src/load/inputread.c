#include "load/inputread.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/pattern.h"

static void
complain_input(
	const struct frame *f, const struct ynode *at, const char *help, const char *what)
{
	keyed_complain(&f->r, at, C_INPUT_BAD, help, "%s", what);
}

static void
read_from(const struct frame *f, const struct ynode *n, struct input *in)
{
	const struct ynode *got[KEYS_MAX];

	if (n->kind == YNODE_SCALAR) {
		in->from = SECRET_ASK;
		return;
	}
	if (!keyed_read(&f->r, n, KEYS_IN_FROM, 0, got))
		return;
	if (n->len != 1)
		complain_input(f, n,
			"write {env: NAME}, {file: PATH}, ask or {command: NAME}",
			"a secret comes from one place");
	if (got[KEY_FROM_ENV]) {
		in->from = SECRET_ENV;
		in->from_value = keyed_line(got[KEY_FROM_ENV]);
	} else if (got[KEY_FROM_FILE]) {
		in->from = SECRET_FILE;
		in->from_value = keyed_line(got[KEY_FROM_FILE]);
	} else if (got[KEY_FROM_COMMAND]) {
		in->from = SECRET_COMMAND;
		in->from_value = keyed_line(got[KEY_FROM_COMMAND]);
	} else {
		in->from = SECRET_ASK;
	}
}

static void
read_secret(const struct frame *f, const struct ynode *key, const struct ynode **got,
	struct input *in)
{
	const struct ynode *from = got[KEY_INPUT_FROM],
			   *fallback = got[KEY_INPUT_DEFAULT];

	if (keyed_bool(got[KEY_INPUT_SECRET])) {
		if (from)
			read_from(f, from, in);
		else
			in->from = SECRET_ASK;
		if (!from && !keyed_written(key->next, "from"))
			complain_input(f, key,
				"add `from: ask`, {env: NAME} or {file: PATH}",
				"a secret says where it comes from");
		if (fallback)
			keyed_complain(&f->r, fallback, C_SECRET_LITERAL,
				"remove `default`", "a secret has no default");
	} else if (from) {
		complain_input(f, from, "add `secret: true`", "only secrets have `from`");
	}
}

/* The versions there are, newest first: the tags of the repository that the runbook is in. */
static char *
tags_of(const char *path)
{
	char *dir = file_dir(path), *real = file_real(dir), *at = mem_strdup(real);
	char *out = NULL;

	while (at && !out) {
		char *git = file_join(at, ".git"), *up = file_dir(at);
		bool top = str_eq(up, at);

		if (file_exists(git) && !strpbrk(real, "'\n"))
			out = mem_printf("git -C '%s' for-each-ref --count=100 "
					 "--sort=-version:refname "
					 "--format='%%(refname:short)' refs/tags",
				real);
		mem_free(git);
		mem_free(at);
		at = top ? NULL : mem_strdup(up);
		mem_free(up);
	}
	mem_free(at);
	mem_free(real);
	mem_free(dir);
	return out;
}

static void
read_input(struct frame *f, const struct ynode *key)
{
	const struct ynode *got[KEYS_MAX], *choices;
	struct runbook *rb = f->l->rb;
	struct input *in;
	char *full;

	if (!loading_name(&f->r, key, KEY_VALUE_NAME, "name of an input"))
		return;
	full = loading_full(f, key->text);
	if (!map_has(&f->l->inputs, full))
		loading_put(&f->l->inputs, full, (int)rb->inputs.list.len);
	mem_free(full);
	in = vec_add(&rb->inputs.list);
	*in = (struct input){.name = mem_strdup(key->text),
		.scope = f->scope,
		.host = NONE,
		.line = (int)key->line};
	if (!keyed_read(&f->r, key->next, KEYS_IN_INPUT, 0, got))
		return;
	choices = got[KEY_INPUT_CHOICES];
	in->ask = keyed_line(got[KEY_INPUT_ASK]);
	in->type = (enum input_type)keyed_word(got[KEY_INPUT_TYPE], KEYS_IN_INPUT,
		KEY_INPUT_TYPE,
		keyed_written(key->next, "choices") ? INPUT_CHOICE : INPUT_TEXT);
	in->fallback = keyed_text(got[KEY_INPUT_DEFAULT]);
	in->pattern_text = keyed_line(got[KEY_INPUT_PATTERN]);
	if (in->pattern_text)
		in->pattern = pattern_new(in->pattern_text, &ERR_INIT);
	if (choices && choices->kind == YNODE_SCALAR)
		in->choices = keyed_text(choices);
	else
		keyed_strings(choices, &in->options);
	in->host = loading_host(f, got[KEY_INPUT_HOST]);
	if (in->type == INPUT_VERSION && !choices && in->host == NONE)
		in->choices = tags_of(f->r.file);
	read_secret(f, key, got, in);
	if (!in->ask && in->from == SECRET_NOT && !in->fallback &&
		!keyed_written(key->next, "ask"))
		in->ask = mem_strdup(key->text);
}

void
inputread_file(struct frame *f, const struct ynode *table)
{
	if (!table)
		return;
	for (const struct ynode *k = table->first; k; k = k->next->next)
		if (k->kind == YNODE_SCALAR)
			read_input(f, k);
}
