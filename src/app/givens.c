#include "app/givens.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"

enum { SECRET_FILE_MAX = 64 * 1024 };

struct givens {
	const struct runbook *rb;
	struct map values; /* full name -> char *, wiped at the end */
	struct redact *redact;
};

static void
put(struct givens *g, const char *full, const char *value)
{
	char *old = map_put(&g->values, full, mem_strdup(value));

	if (old)
		mem_wipe_free(old, strlen(old));
}

void
givens_free(struct givens *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->values.len; i++)
		mem_wipe_free(g->values.at[i].value, strlen(g->values.at[i].value));
	map_release(&g->values);
	redact_free(g->redact);
	mem_free(g);
}

static const struct input *
input_of(const struct givens *g, const char *full_name)
{
	for (size_t i = 0; i < g->rb->inputs.list.len; i++) {
		const struct input *in = &g->rb->inputs.list.at[i];
		char *full = runbook_full_name(g->rb, in->scope, in->name);
		bool same = str_eq(full, full_name);

		mem_free(full);
		if (same)
			return in;
	}
	return NULL;
}

static void
put_secret(struct givens *g, const char *full, const char *value)
{
	struct err ignored = ERR_INIT; /* too short to be told apart: not used then */

	if (*value && redact_add(g->redact, full, value, strlen(value), &ignored))
		put(g, full, value);
}

void
givens_set(struct givens *g, const char *name, const char *value)
{
	const struct input *in = input_of(g, name);

	if (in && in->from != SECRET_NOT)
		put_secret(g, name, value);
	else
		put(g, name, value);
}

/* Nobody practises with what is really secret. */
static void
practise(struct givens *g, const struct input *in, const char *full)
{
	char *value = mem_printf("practice-%s", in->name);

	if (in->from != SECRET_NOT)
		put_secret(g, full, value);
	mem_free(value);
}

static void
fetch(struct givens *g, const struct input *in, const char *full)
{
	struct str text = STR_INIT;
	struct err ignored = ERR_INIT; /* who asks says that there is no value */
	const char *value;

	if (g->rb->scenario) {
		practise(g, in, full);
		return;
	}
	if (in->from == SECRET_ENV) {
		value = getenv(in->from_value);
		put_secret(g, full, value ? value : "");
	}
	if (in->from != SECRET_FILE)
		return;
	if (file_read(in->from_value, SECRET_FILE_MAX, &text, &ignored)) {
		while (text.len > 0 && strchr("\r\n", text.buf[text.len - 1]))
			str_cut(&text, text.len - 1);
		put_secret(g, full, text.buf);
	}
	if (text.cap)
		mem_wipe(text.buf, text.cap);
	str_release(&text);
}

/* What is shown may hold a secret that nothing has asked for yet. */
static void
foresee(struct givens *g)
{
	for (size_t i = 0; i < g->rb->inputs.list.len; i++) {
		const struct input *in = &g->rb->inputs.list.at[i];
		char *full = runbook_full_name(g->rb, in->scope, in->name);

		fetch(g, in, full);
		mem_free(full);
	}
}

struct givens *
givens_new(const struct runbook *rb)
{
	struct givens *g = mem_alloc(sizeof *g);

	g->rb = rb;
	g->redact = redact_new();
	map_init(&g->values);
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		const struct scope *sc = &rb->scopes.list.at[in->scope];
		const char *given = in->scope ? pairs_get(&sc->with, in->name)
					      : pairs_get(&rb->env_inputs, in->name);
		char *full;

		if (!given || in->from != SECRET_NOT || strstr(given, "${"))
			continue;
		full = runbook_full_name(rb, in->scope, in->name);
		put(g, full, given);
		mem_free(full);
	}
	foresee(g);
	return g;
}

const char *
givens_value(struct givens *g, const char *full_name)
{
	const struct input *in;

	if (!map_has(&g->values, full_name)) {
		in = input_of(g, full_name);
		if (in)
			fetch(g, in, full_name);
	}
	return map_get(&g->values, full_name);
}

const struct redact *
givens_redact(const struct givens *g)
{
	return g->redact;
}

void
givens_each(struct givens *g, int scope,
	void (*fn)(void *ctx, const char *name, const char *value), void *ctx)
{
	const char *prefix = g->rb->scopes.list.at[scope].prefix;
	size_t len = strlen(prefix);

	for (size_t i = 0; i < g->values.len; i++) {
		const char *full = g->values.at[i].key;
		const struct input *in = input_of(g, full);

		if (str_starts(full, prefix) && !strchr(full + len, '/') &&
			(!in || in->from == SECRET_NOT))
			fn(ctx, full + len, g->values.at[i].value);
	}
}
