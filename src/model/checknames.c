#include <stdint.h>
#include <string.h>

#include "base/map.h"
#include "model/checklist.h"
#include "model/subst.h"

/* Names of inputs and saved values: who declares them, who uses them, and when. */

struct naming {
	const struct checking *c;
	struct map inputs; /* full name: index + 1 */
	struct map saved;  /* full name: first step that saves it + 1 */
	bool *used;        /* per input */
};

/* Where a text stands. */
struct place {
	struct naming *n;
	int scope, step; /* step NONE: probes, which may run at any time */
	struct spot at;
	const char *key;
	bool shown;
};

static int
look_up(const struct map *m, const char *full)
{
	return (int)(intptr_t)map_get(m, full) - 1;
}

static void
put(struct map *m, const char *full, int index)
{
	map_put(m, full, (void *)(intptr_t)(index + 1));
}

static bool
built_in(const char *name)
{
	static const char *const names[] = {"host", "run", "env", "step", "each"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (str_eq(name, names[i]))
			return true;
	}
	return false;
}

/* ---- uses ------------------------------------------------------------------------------ */

static void
check_name(void *ctx, const char *name)
{
	struct place *p = ctx;
	const struct checking *c = p->n->c;
	char *full;
	int input, saver;

	if (built_in(name))
		return;
	full = runbook_full_name(c->rb, p->scope, name);
	input = look_up(&p->n->inputs, full);
	saver = look_up(&p->n->saved, full);
	if (input != NONE) {
		p->n->used[input] = true;
		if (p->shown && c->rb->inputs.list.at[input].from != SECRET_NOT)
			check_complain(c, CHECK_SECRET_SHOWN, p->at,
				"%s holds the secret ${%s}", p->key, name);
	} else if (saver == NONE) {
		check_complain(c, CHECK_NAME_UNKNOWN, p->at,
			"%s: nothing is called ${%s}", p->key, name);
	} else if (p->step != NONE && saver >= p->step) {
		check_complain(c, CHECK_NAME_LATER, p->at,
			"%s: ${%s} is saved by a later step", p->key, name);
	}
	mem_free(full);
}

/* A text with ${names}. */
static void
filled(struct place p, const char *key, const char *text)
{
	p.key = key;
	if (text != NULL && strchr(text, '$') != NULL)
		subst_names(text, check_name, &p);
}

/* Shell text: variables that are inputs count as used, others are the shell's own. */
static void
shell(const struct place *p, const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";

	for (const char *s = text; s != NULL && (s = strchr(s, '$')) != NULL;) {
		char name[64];
		size_t len;

		s++;
		s += *s == '{';
		s += *s == '#' || *s == '!'; /* ${#name} */
		len = strspn(s, letters);
		if (len == 0 || len >= sizeof name)
			continue;
		memcpy(name, s, len);
		name[len] = '\0';
		s += len;
		{
			char *full = runbook_full_name(p->n->c->rb, p->scope, name);
			int input = look_up(&p->n->inputs, full);

			if (input != NONE)
				p->n->used[input] = true;
			mem_free(full);
		}
	}
}

static void
expect_name(void *ctx, const char *name)
{
	struct place *p = ctx;
	char *full = runbook_full_name(p->n->c->rb, p->scope, name);

	if (look_up(&p->n->inputs, full) != NONE || look_up(&p->n->saved, full) != NONE)
		check_complain(
			p->n->c, CHECK_EXPECT_NAME, p->at, "%s: ${%s}", p->key, name);
	mem_free(full);
}

/* What is measured is compared with the text itself: a name in it would never be equal. */
static void
literal_test(struct place *p, const struct expect_test *t)
{
	if (t->text != NULL && strchr(t->text, '$') != NULL)
		subst_names(t->text, expect_name, p);
	for (size_t i = 0; i < t->parts.len; i++)
		literal_test(p, t->parts.at[i]);
}

static void
literal(struct place p, const char *key, const struct expect *x)
{
	p.key = key;
	for (size_t i = 0; x != NULL && i < x->rules.len; i++)
		literal_test(&p, x->rules.at[i].test);
}

static void
http_names(struct place p, const struct http_spec *h)
{
	p.shown = true;
	filled(p, "url", h->url);
	p.shown = false;
	filled(p, "body", h->body);
	for (size_t i = 0; i < h->headers.list.len; i++)
		filled(p, "headers", h->headers.list.at[i].value);
}

/* The input that holds a connection string, by its bare name. */
static void
dsn(struct naming *n, int scope, const char *name)
{
	char *full = runbook_full_name(n->c->rb, scope, name);
	int input = look_up(&n->inputs, full);

	if (input != NONE)
		n->used[input] = true;
	mem_free(full);
}

static void
step_names(struct naming *n, const struct step *s)
{
	struct place p = {.n = n,
		.scope = s->scope,
		.step = s->index,
		.at = check_spot_step(s),
		.shown = true};

	filled(p, "title", s->title);
	filled(p, "confirm", s->confirm);
	filled(p, "says", s->says);
	filled(p, "dir", s->dir);
	filled(p, "from", s->copy_from);
	filled(p, "to", s->copy_to);
	filled(p, "until", s->wait_until);
	literal(p, "expect", s->expect);
	literal(p, "warn", s->warn);
	literal(p, "undo: expect", s->undo.expect);
	for (size_t i = 0; i < s->options.list.len; i++)
		filled(p, "options", s->options.list.at[i].says);
	http_names(p, &s->http);
	p.shown = false;
	for (size_t i = 0; i < s->env.list.len; i++)
		filled(p, "env", s->env.list.at[i].value);
	shell(&p, s->undo.text);
	if (s->kind == STEP_RUN || s->kind == STEP_SQL || s->kind == STEP_WATCH) {
		shell(&p, s->text);
		shell(&p, s->verify_sql);
	} else if (s->kind != STEP_HTTP) {
		p.shown = true;
		filled(p, step_kind_name(s->kind), s->text);
	}
	if (s->kind == STEP_ASK && s->input != NONE)
		n->used[s->input] = true;
	if (s->dsn != NULL)
		dsn(n, s->scope, s->dsn);
}

static void
probe_names(struct naming *n, const struct probe *pr)
{
	struct place p = {.n = n,
		.scope = pr->scope,
		.step = NONE,
		.at = check_spot_line(n->c, pr->scope, pr->line),
		.shown = true};

	if (pr->kind == PROBE_COMMAND)
		shell(&p, pr->subject);
	else
		filled(p, probe_kind_name(pr->kind), pr->subject);
	literal(p, "expect", pr->expect);
	literal(p, "warn", pr->warn);
	p.shown = false;
	http_names(p, &pr->http);
	for (size_t i = 0; i < pr->args.list.len; i++) {
		const struct pair *arg = &pr->args.list.at[i];

		if (pr->kind != PROBE_GIT)
			shell(&p, arg->value);
		else if (!str_eq(arg->key, "lines"))
			filled(p, arg->key, arg->value);
	}
	if (pairs_get(&pr->args, "dsn"))
		dsn(n, pr->scope, pairs_get(&pr->args, "dsn"));
}

/* A log's path, container or command. */
static void
log_names(struct naming *n, const struct log_source *log)
{
	struct place p = {.n = n, .scope = log->scope, .step = NONE};

	for (size_t i = 0; i < log->args.list.len; i++)
		shell(&p, log->args.list.at[i].value);
}

/* What is used without a ${}: conditions, and values handed to a called runbook. */
static void
other_uses(struct naming *n)
{
	const struct runbook *rb = n->c->rb;

	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];

		for (size_t k = 0; k < s->when.list.len; k++) {
			const char *key = s->when.list.at[k].key;
			char *full;
			int input;

			if (!str_starts(key, "input."))
				continue;
			full = runbook_full_name(rb, s->scope, key + strlen("input."));
			input = look_up(&n->inputs, full);
			if (input != NONE)
				n->used[input] = true;
			else
				check_complain(n->c, CHECK_WHEN_KEY, check_spot_step(s),
					"when: no input is called `%s`",
					key + strlen("input."));
			mem_free(full);
		}
	}
	for (size_t i = 0; i < rb->scopes.list.len; i++) {
		const struct scope *scope = &rb->scopes.list.at[i];
		struct place p = {.n = n, .scope = scope->parent, .step = NONE};

		p.at = check_spot_line(n->c, scope->parent, 0);
		for (size_t k = 0; scope->parent != NONE && k < scope->with.list.len;
			k++) {
			p.at.line = scope->with.list.at[k].line;
			filled(p, "with", scope->with.list.at[k].value);
		}
	}
}

/* ---- declarations ---------------------------------------------------------------------- */

static void
declare(struct naming *n)
{
	const struct runbook *rb = n->c->rb;

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		char *full = runbook_full_name(rb, in->scope, in->name);

		put(&n->inputs, full, (int)i);
		mem_free(full);
	}
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];

		for (size_t k = 0; k < s->save.list.len; k++) {
			const char *name = s->save.list.at[k].name;
			char *full = runbook_full_name(rb, s->scope, name);

			if (map_has(&n->inputs, full))
				check_complain(n->c, CHECK_SAVE_INPUT, check_spot_step(s),
					"save: `%s` is an input", name);
			else if (map_has(&n->saved, full))
				check_complain(n->c, CHECK_SAVE_TWICE, check_spot_step(s),
					"save: `%s` is saved by an earlier step too",
					name);
			else
				put(&n->saved, full, (int)i);
			mem_free(full);
		}
	}
}

static bool
among(const struct strings *list, const char *text)
{
	for (size_t i = 0; i < list->list.len; i++) {
		if (str_eq(list->list.at[i], text))
			return true;
	}
	return false;
}

/* A value that stands in a file and would be refused when the run begins. */
static void
check_value(const struct checking *c, const struct input *in, enum check_id rule,
	const char *whose, const char *value)
{
	struct spot at = check_spot_line(c, in->scope, in->line);
	const char *unit;
	double number;

	if (value == NULL)
		return;
	if (in->type == INPUT_CHOICE && in->options.list.len > 0 &&
		!among(&in->options, value))
		check_complain(c, rule, at, "the %s of `%s` is none of its choices",
			whose, in->name);
	else if (in->type == INPUT_NUMBER &&
		(!expect_number(value, &number, &unit) || unit[0] != '\0'))
		check_complain(
			c, rule, at, "the %s of `%s` is no number", whose, in->name);
	else if (in->pattern != NULL &&
		pattern_find(in->pattern, value, strlen(value), NULL, NULL) == PATTERN_NO)
		check_complain(c, rule, at, "the %s of `%s` breaks its pattern", whose,
			in->name);
}

static void
check_input(const struct checking *c, const struct input *in)
{
	bool chooses = in->type == INPUT_CHOICE || in->type == INPUT_MULTI;

	if (chooses && in->choices == NULL && in->options.list.len == 0)
		check_complain(c, CHECK_NO_CHOICES,
			check_spot_line(c, in->scope, in->line),
			"input `%s` has no choices", in->name);
	check_value(c, in, CHECK_BAD_DEFAULT, "default", in->fallback);
	if (in->scope == 0 && in->from == SECRET_NOT)
		check_value(c, in, CHECK_BAD_GIVEN, "value that handrail.yaml gives",
			pairs_get(&c->rb->env_inputs, in->name));
}

void
check_names(const struct checking *c)
{
	const struct runbook *rb = c->rb;
	struct naming n = {
		.c = c, .used = mem_array(rb->inputs.list.len + 1, sizeof(bool))};

	map_init(&n.inputs);
	map_init(&n.saved);
	declare(&n);
	for (size_t i = 0; i < rb->steps.list.len; i++)
		step_names(&n, &rb->steps.list.at[i]);
	for (size_t i = 0; i < rb->probes.list.len; i++)
		probe_names(&n, &rb->probes.list.at[i]);
	for (size_t i = 0; i < rb->logs.list.len; i++)
		log_names(&n, &rb->logs.list.at[i]);
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		struct place p = {.n = &n, .scope = in->scope, .step = NONE};

		shell(&p, in->choices);
		check_input(c, in);
	}
	other_uses(&n);
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];

		if (!n.used[i])
			check_complain(c, CHECK_INPUT_UNUSED,
				check_spot_line(c, in->scope, in->line),
				"input `%s` is never used", in->name);
	}
	map_release(&n.inputs);
	map_release(&n.saved);
	mem_free(n.used);
}
