#include "app/cmdinput.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "run/inputs.h"

enum { INPUT_FILE_MAX = 64 * 1024 };

static bool
read_value(const char *given, struct str *out, struct err *e)
{
	char buf[4096];
	size_t n;

	if (strcmp(given, "-") == 0)
		while ((n = fread(buf, 1, sizeof buf, stdin)) > 0) {
			str_add(out, buf, n);
			if (out->len > INPUT_FILE_MAX)
				return err_set(e, ERR_INPUT,
					"standard input: more than %d KiB for one input",
					INPUT_FILE_MAX / 1024);
		}
	else if (given[0] == '@') {
		if (!file_read(given + 1, INPUT_FILE_MAX, out, e))
			return false;
	} else {
		str_adds(out, given);
		return true;
	}
	while (out->len && out->buf[out->len - 1] == '\n')
		str_cut(out, out->len - 1);
	return true;
}

static bool
parse_one(const char *text, const struct runbook *rb, struct pairs *out, struct err *e)
{
	const char *eq = strchr(text, '=');
	struct str value = STR_INIT;
	char *name;
	int input;

	if (!eq || eq == text)
		return err_set(e, ERR_INPUT, "--input wants NAME=VALUE, not %s", text);
	name = mem_strndup(text, (size_t)(eq - text));
	input = runbook_find_input(rb, 0, name);
	if (input == NONE) {
		err_set(e, ERR_INPUT, "the runbook has no input %s", name);
	} else if (rb->inputs.list.at[input].from != SECRET_NOT && eq[1] != '@' &&
		strcmp(eq + 1, "-") != 0) {
		err_set(e, ERR_INPUT,
			"%s is a secret: not on a command line; use %s=@FILE or %s=-",
			name, name, name);
		input = NONE;
	} else if (!read_value(eq + 1, &value, e) ||
		!session_input_fits(&rb->inputs.list.at[input], value.buf, e)) {
		input = NONE;
	}
	if (input != NONE) {
		vec_push(&out->list, (struct pair){name, mem_strdup(value.buf), 0});
		name = NULL;
	}
	mem_free(name);
	mem_wipe(value.buf, value.len);
	str_release(&value);
	return input != NONE;
}

bool
cmdinput_parse(
	const struct args *a, const struct runbook *rb, struct pairs *out, struct err *e)
{
	for (size_t i = 0; i < a->inputs.list.len; i++)
		if (!parse_one(a->inputs.list.at[i], rb, out, e))
			return false;
	return true;
}

bool
cmdinput_answers(const struct answers *a, const struct runbook *rb, struct err *e)
{
	for (size_t i = 0; i < a->inputs.list.len; i++) {
		const struct answer_input *in = &a->inputs.list.at[i];
		int input = runbook_find_input(rb, 0, in->name);
		if (in->env && !getenv(in->env))
			return err_set(e, ERR_INPUT,
				"input %s: the environment has no %s", in->name, in->env);
		if (in->file && !file_exists(in->file))
			return err_set(
				e, ERR_IO, "input %s: no file %s", in->name, in->file);
		if (in->value && input != NONE &&
			!session_input_fits(&rb->inputs.list.at[input], in->value, e))
			return false;
	}
	return true;
}

bool
cmdinput_give(struct session *s, const struct pairs *inputs, struct err *e)
{
	for (size_t i = 0; i < inputs->list.len; i++) {
		int input = runbook_find_input(
			session_runbook(s), 0, inputs->list.at[i].key);
		if (input != NONE &&
			!session_input(s, input, inputs->list.at[i].value, e))
			return false;
	}
	return true;
}

bool
cmdinput_change(
	struct session *s, const struct pairs *inputs, struct str *said, struct err *e)
{
	const struct run *r = session_run(s);

	for (size_t i = 0; i < inputs->list.len; i++) {
		int input = runbook_find_input(
			session_runbook(s), 0, inputs->list.at[i].key);
		const char *value = inputs->list.at[i].value, *now;

		if (input == NONE)
			continue;
		now = run_value(r, 0, inputs->list.at[i].key);
		if (now && !str_eq(now, value) && !inputs_may_change(r, input, e))
			return false;
		inputs_changed(r, input, value, said);
	}
	return cmdinput_give(s, inputs, e);
}

void
cmdinput_release(struct pairs *p)
{
	for (size_t i = 0; i < p->list.len; i++) {
		mem_free(p->list.at[i].key);
		mem_wipe_free(p->list.at[i].value, strlen(p->list.at[i].value));
	}
	vec_free(&p->list);
}

static void
add_host(struct strings *out, const char *alias)
{
	for (size_t i = 0; i < out->list.len; i++)
		if (strcmp(out->list.at[i], alias) == 0)
			return;
	vec_push(&out->list, mem_strdup(alias));
}

/* All machines of a host of the file, or the one machine of that alias. */
static bool
add_named(const struct runbook *rb, const char *name, struct strings *out)
{
	size_t before = out->list.len;
	bool known = false;

	for (size_t i = 0; i < rb->targets.list.len; i++) {
		const struct target *t = &rb->targets.list.at[i];

		if (!str_eq(t->id, name) &&
			!str_eq(rb->hosts.list.at[t->host].name, name))
			continue;
		known = true;
		add_host(out, t->id);
	}
	return known || out->list.len > before;
}

bool
cmdinput_limit(const struct args *a, const struct runbook *rb, struct strings *out,
	struct err *e)
{
	const char *text = a->opt[OPT_LIMIT];
	char *copy, *save = NULL;
	bool ok = true;

	if (!text)
		return true;
	copy = mem_strdup(text);
	for (char *name = strtok_r(copy, ",", &save); ok && name;
		name = strtok_r(NULL, ",", &save))
		ok = add_named(rb, name, out) ||
			err_set(e, ERR_INPUT, "--limit: the runbook has no host %s",
				name);
	if (ok && !out->list.len)
		ok = err_set(e, ERR_INPUT, "--limit names no host");
	mem_free(copy);
	return ok;
}

void
cmdinput_limit_release(struct strings *limit)
{
	for (size_t i = 0; i < limit->list.len; i++)
		mem_free(limit->list.at[i]);
	vec_free(&limit->list);
}
