#include "base/file.h"
#include "load/keyed.h"
#include "load/load_answers.h"
#include "load/load.h"

struct making {
	struct reading r;
	const struct runbook *rb;
	struct answers *a;
};

/* ---- inputs ---------------------------------------------------------------------------------- */

static const struct input *
find_input(const struct runbook *rb, const char *name)
{
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		char *full = runbook_full_name(
			rb, rb->inputs.list.at[i].scope, rb->inputs.list.at[i].name);
		bool same = str_eq(full, name);

		mem_free(full);
		if (same)
			return &rb->inputs.list.at[i];
	}
	return NULL;
}

static void
complain_input(const struct making *m, const struct ynode *k)
{
	const struct runbook *rb = m->rb;
	const char **names = mem_array(rb->inputs.list.len + 1, sizeof *names);
	char *guess;

	for (size_t i = 0; i < rb->inputs.list.len; i++)
		names[i] = rb->inputs.list.at[i].name;
	guess = keyed_guess(k->text, names);
	keyed_complain(&m->r, k, C_ANSWER_UNKNOWN,
		guess ? guess : "see `inputs:` of the runbook",
		"the runbook has no input `%.60s`", k->text);
	mem_free(guess);
	mem_free(names);
}

static void
read_source(struct making *m, const struct ynode *v, struct answer_input *in)
{
	const struct ynode *got[KEYS_MAX];

	if (!keyed_read(&m->r, v, KEYS_IN_ANSWER_FROM, 0, got))
		return;
	if (v->len != 1)
		keyed_complain(&m->r, v, C_VALUE, "write {env: NAME} or {file: PATH}",
			"a value comes from one place");
	in->env = keyed_line(got[KEY_ANSWER_FROM_ENV]);
	in->file = keyed_line(got[KEY_ANSWER_FROM_FILE]);
}

static void
read_inputs(struct making *m, const struct ynode *table)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		const struct ynode *v = k->next;
		const struct input *input;
		struct answer_input *in;

		if (k->kind != YNODE_SCALAR || v->kind == YNODE_BAD)
			continue;
		input = find_input(m->rb, k->text);
		if (!input) {
			complain_input(m, k);
			continue;
		}
		in = vec_add(&m->a->inputs.list);
		*in = (struct answer_input){
			.name = mem_strdup(k->text), .line = (int)k->line, .col = k->col};
		if (v->kind == YNODE_SCALAR) {
			in->value = keyed_text(v);
			if (input->from != SECRET_NOT)
				keyed_complain(&m->r, v, C_SECRET_LITERAL,
					"write {env: NAME} or {file: PATH}",
					"`%.60s` is a secret and stands here in the open",
					k->text);
		} else {
			read_source(m, v, in);
		}
	}
}

/* ---- steps ------------------------------------------------------------------------------------- */

/* Rows of KEYS_ANSWER each kind of step takes, as bits; note is taken by all of them. */
static unsigned
rows_of(const struct step *s)
{
	switch (s->kind) {
	case STEP_DO:
		return 1U << KEY_ANSWER_TICK | 1U << KEY_ANSWER_EVIDENCE |
			1U << KEY_ANSWER_REASON;
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		return 1U << KEY_ANSWER_CONFIRM | 1U << KEY_ANSWER_TICK |
			1U << KEY_ANSWER_REASON;
	case STEP_CHOOSE:
		return 1U << KEY_ANSWER_CHOOSE | 1U << KEY_ANSWER_TICK |
			1U << KEY_ANSWER_REASON;
	case STEP_ASK:
		return 1U << KEY_ANSWER_VALUE | 1U << KEY_ANSWER_TICK |
			1U << KEY_ANSWER_REASON;
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WATCH:
	case STEP_WAIT:
	case STEP_NOTIFY:
	case STEP_CALL:
	case STEP_SCHEDULE:
		return 1U << KEY_ANSWER_TICK | 1U << KEY_ANSWER_REASON;
	case STEP_SIGNOFF:
	case STEP_SECTION:
	case STEP_KIND_COUNT:
		break;
	}
	return 0;
}

static void
check_rows(const struct making *m, const struct ynode *map, const struct step *s)
{
	unsigned allowed = rows_of(s);

	if (!allowed) {
		keyed_complain(&m->r, map, C_ANSWER_KIND,
			s->kind == STEP_SIGNOFF ? "use `handrail sign`" : "remove it",
			"a `%s` step is not answered by file", step_kind_name(s->kind));
		return;
	}
	for (const struct ynode *k = map->first; k; k = k->next->next) {
		int row = k->kind == YNODE_SCALAR
			? keytable_find(KEYS_IN_ANSWER, k->text, k->len)
			: NONE;

		if (row != NONE && row != KEY_ANSWER_NOTE && !(allowed >> row & 1))
			keyed_complain(&m->r, k, C_ANSWER_KIND, "remove it",
				"`%s` does not answer a `%s` step", k->text,
				step_kind_name(s->kind));
	}
}

static void
check_choice(const struct making *m, const struct ynode *n, const struct step *s)
{
	const char **names;
	char *guess;

	if (!n || s->kind != STEP_CHOOSE)
		return;
	names = mem_array(s->options.list.len + 1, sizeof *names);
	for (size_t i = 0; i < s->options.list.len; i++) {
		const struct option *o = &s->options.list.at[i];
		const char *to = o->go == NONE ? NULL : m->rb->steps.list.at[o->go].id;

		names[i] = o->label;
		if (str_eq(n->text, o->label) || str_eq(n->text, to)) {
			mem_free(names);
			return;
		}
	}
	guess = keyed_guess(n->text, names);
	keyed_complain(&m->r, n, C_ANSWER_KIND,
		guess ? guess : "write the label of an option",
		"`%.60s` is no option of this step", n->text);
	mem_free(guess);
	mem_free(names);
}

/* What is to be called seen must come to an end without a person. */
static void
check_seen(const struct making *m, const struct ynode *tick, const struct step *s)
{
	if (!s->for_ms)
		keyed_complain(&m->r, tick, C_ANSWER_KIND,
			"give the step `for:`, or `expect:` and no answer",
			"only a person could end this watch");
}

/* A step that acts is skipped, or done by hand; it isn't ticked as done. */
static void
check_tick(const struct making *m, const struct ynode *map, const struct ynode **got,
	const struct step *s, enum answer_tick tick)
{
	bool by_hand = s->kind == STEP_DO || (s->kind == STEP_NOTIFY && !m->rb->notifies);

	if ((tick == ANSWER_DONE || tick == ANSWER_FAILED) && s->kind == STEP_WATCH &&
		!s->expect)
		check_seen(m, got[KEY_ANSWER_TICK], s);
	else if (tick == ANSWER_DONE && !by_hand)
		keyed_complain(&m->r, got[KEY_ANSWER_TICK], C_ANSWER_KIND,
			"use skip, na or by-hand with a reason",
			"a `%s` step is done by its outcome, not by a tick",
			step_kind_name(s->kind));
	if (tick != ANSWER_NO_TICK && tick != ANSWER_DONE && !got[KEY_ANSWER_REASON] &&
		!keyed_written(map, "reason"))
		keyed_complain(&m->r, got[KEY_ANSWER_TICK], C_ANSWER_REASON,
			"add `reason:`", "`%s` needs a reason",
			got[KEY_ANSWER_TICK]->text);
	if (s->kind == STEP_DO && s->evidence != EVIDENCE_NOTHING &&
		tick == ANSWER_DONE && !got[KEY_ANSWER_EVIDENCE] &&
		!keyed_written(map, "evidence"))
		keyed_complain(&m->r, map, C_ANSWER_KIND, "add `evidence:`",
			"the tick of this step needs evidence");
}

static void
read_step(struct making *m, const struct ynode *k, int index)
{
	const struct step *s = &m->rb->steps.list.at[index];
	const struct ynode *got[KEYS_MAX];
	struct answer_step *a;

	if (!keyed_read(&m->r, k->next, KEYS_IN_ANSWER, 0, got))
		return;
	check_rows(m, k->next, s);
	a = vec_add(&m->a->steps.list);
	*a = (struct answer_step){.id = mem_strdup(k->text),
		.step = index,
		.line = (int)k->line,
		.col = k->col};
	a->tick = (enum answer_tick)(1 +
		keyed_word(got[KEY_ANSWER_TICK], KEYS_IN_ANSWER, KEY_ANSWER_TICK, -1));
	a->evidence = keyed_text(got[KEY_ANSWER_EVIDENCE]);
	a->note = keyed_text(got[KEY_ANSWER_NOTE]);
	a->reason = keyed_text(got[KEY_ANSWER_REASON]);
	a->confirm = keyed_line(got[KEY_ANSWER_CONFIRM]);
	a->choose = keyed_line(got[KEY_ANSWER_CHOOSE]);
	a->value = keyed_text(got[KEY_ANSWER_VALUE]);
	check_choice(m, got[KEY_ANSWER_CHOOSE], s);
	if (rows_of(s))
		check_tick(m, k->next, got, s, a->tick);
}

static void
complain_step(const struct making *m, const struct ynode *k)
{
	const struct runbook *rb = m->rb;
	const char **names = mem_array(rb->steps.list.len + 1, sizeof *names);
	char *guess;

	for (size_t i = 0; i < rb->steps.list.len; i++)
		names[i] = rb->steps.list.at[i].id;
	guess = keyed_guess(k->text, names);
	keyed_complain(&m->r, k, C_ANSWER_UNKNOWN,
		guess ? guess : "`handrail show` lists the ids",
		"the runbook has no step `%.70s`", k->text);
	mem_free(guess);
	mem_free(names);
}

static void
read_steps(struct making *m, const struct ynode *table)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		int index;

		if (k->kind != YNODE_SCALAR)
			continue;
		index = runbook_find_step(m->rb, k->text);
		if (index == NONE) {
			complain_step(m, k);
		} else if (answers_for(m->a, index)) {
			keyed_complain(&m->r, k, C_DUPLICATE, "keep one of them",
				"step `%.70s` has been answered already", k->text);
		} else {
			read_step(m, k, index);
		}
	}
}

struct answers *
load_answers_nodes(const char *path, const struct runbook *rb, const struct ynode *inputs,
	const struct ynode *steps, struct diags *d)
{
	struct making m = {
		.r = {.d = d, .file = path}, .rb = rb, .a = mem_alloc(sizeof *m.a)};
	size_t before = d->errors;

	m.a->path = mem_strdup(path);
	read_inputs(&m, inputs);
	read_steps(&m, steps);
	if (d->errors == before)
		return m.a;
	answers_free(m.a);
	return NULL;
}

struct answers *
load_answers(const char *path, const struct runbook *rb, struct diags *d)
{
	struct making m = {
		.r = {.d = d, .file = path}, .rb = rb, .a = mem_alloc(sizeof *m.a)};
	const struct ynode *got[KEYS_MAX], *v;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	size_t before = d->errors;
	struct ydoc *y = NULL;

	m.a->path = mem_strdup(path);
	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		y = ydoc_parse(path, text.buf, text.len, d);
	else
		keyed_complain(&m.r, NULL, C_READ, NULL, "%s", e.msg);
	v = y ? ynode_get(ydoc_root(y), "answers") : NULL;
	if (v && v->kind == YNODE_SCALAR && !str_eq(v->text, "1")) {
		keyed_complain(&m.r, v, C_VERSION, "write `answers: 1`",
			"this version reads format 1, not `%.20s`", v->text);
	} else if (y && keyed_read(&m.r, ydoc_root(y), KEYS_IN_ANSWERS, 0, got)) {
		read_inputs(&m, got[KEY_ANSWERS_INPUTS]);
		read_steps(&m, got[KEY_ANSWERS_STEPS]);
	}
	ydoc_free(y);
	str_release(&text);
	diags_sort(d);
	if (d->errors == before)
		return m.a;
	answers_free(m.a);
	return NULL;
}
