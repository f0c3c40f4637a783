#include <string.h>

#include "base/file.h"
#include "load/keyed.h"
#include "load/load.h"
#include "load/load_answers.h"
#include "model/parts.h"

/* Tests of a runbook: tests/NAME.yaml beside NAME.yaml. */

struct making {
	struct reading r;
	struct load_tests *t;
	char *dir; /* of the file */
};

static const struct ynode *
cases_of(const struct load_tests *t)
{
	const struct ynode *list = ynode_get(ydoc_root(t->doc), "cases");

	return list && list->kind == YNODE_LIST ? list->first : NULL;
}

static char *
default_scenario(const struct load_tests *t)
{
	char *dir = file_dir(t->runbook), *folder = file_join(dir, "scenarios"),
	     *path = file_join(folder, file_base(t->runbook));

	mem_free(folder);
	mem_free(dir);
	return path;
}

static void
read_case(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX], *scenario;
	struct load_case *c;

	if (!keyed_read(&m->r, n, KEYS_IN_TEST_CASE, 0, got))
		return;
	scenario = got[KEY_TEST_CASE_SCENARIO];
	c = vec_add(&m->t->cases.list);
	c->line = (int)n->line;
	c->name = keyed_line(got[KEY_TEST_CASE_NAME]);
	c->scenario = scenario ? file_join(m->dir, scenario->text)
			       : default_scenario(m->t);
	c->end = keyed_line(got[KEY_TEST_CASE_END]);
	c->at = keyed_line(got[KEY_TEST_CASE_AT]);
	if (c->at && !str_eq(c->end, "open"))
		keyed_complain(&m->r, got[KEY_TEST_CASE_AT], C_VALUE, "write `end: open`",
			"only a run that stays open does so at a step");
	keyed_pairs(got[KEY_TEST_CASE_OUTCOMES], &c->outcomes);
	c->solved = got[KEY_TEST_CASE_SOLVED] ? keyed_bool(got[KEY_TEST_CASE_SOLVED])
					      : NONE;
	c->wrong = keyed_int(got[KEY_TEST_CASE_WRONG], NONE);
}

static char *
runbook_of(const char *path)
{
	char *dir = file_dir(path), *up = file_dir(dir),
	     *runbook = file_join(up, file_base(path));

	mem_free(up);
	mem_free(dir);
	return runbook;
}

static void
read_tests(struct making *m)
{
	const struct ynode *got[KEYS_MAX], *root = ydoc_root(m->t->doc),
					   *v = ynode_get(root, "handrail_test");

	if (v && v->kind == YNODE_SCALAR && !str_eq(v->text, "1")) {
		keyed_complain(&m->r, v, C_VERSION, "write `handrail_test: 1`",
			"this version reads format 1, not `%.20s`", v->text);
		return;
	}
	if (!keyed_read(&m->r, root, KEYS_IN_TESTS, 0, got))
		return;
	for (const struct ynode *n = cases_of(m->t); n; n = n->next)
		read_case(m, n);
}

struct load_tests *
load_tests(const char *path, struct diags *d)
{
	struct making m = {.r = {.d = d, .file = path}, .t = mem_alloc(sizeof *m.t)};
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	size_t before = d->errors;

	m.t->path = mem_strdup(path);
	m.t->runbook = runbook_of(path);
	m.dir = file_dir(path);
	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		m.t->doc = ydoc_parse(path, text.buf, text.len, d);
	else
		keyed_complain(&m.r, NULL, C_READ, NULL, "%s", e.msg);
	if (m.t->doc)
		read_tests(&m);
	str_release(&text);
	mem_free(m.dir);
	if (d->errors == before)
		return m.t;
	load_tests_free(m.t);
	return NULL;
}

void
load_tests_free(struct load_tests *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->cases.list.len; i++) {
		struct load_case *c = &t->cases.list.at[i];

		mem_free(c->name);
		mem_free(c->scenario);
		mem_free(c->end);
		mem_free(c->at);
		parts_free_pairs(&c->outcomes);
	}
	vec_free(&t->cases.list);
	mem_free(t->path);
	mem_free(t->runbook);
	ydoc_free(t->doc);
	mem_free(t);
}

struct answers *
load_case_answers(
	const struct load_tests *t, size_t i, const struct runbook *rb, struct diags *d)
{
	const struct ynode *n = cases_of(t);
	struct reading r = {.d = d, .file = t->path};
	const struct load_case *c = &t->cases.list.at[i];

	while (i-- > 0)
		n = n->next;
	for (size_t k = 0; k < c->outcomes.list.len; k++)
		if (runbook_find_step(rb, c->outcomes.list.at[k].key) == NONE)
			keyed_complain(&r, n, C_ANSWER_UNKNOWN,
				"`handrail show` lists the ids",
				"the runbook has no step `%.70s`",
				c->outcomes.list.at[k].key);
	if (c->at && runbook_find_step(rb, c->at) == NONE)
		keyed_complain(&r, n, C_ANSWER_UNKNOWN, "`handrail show` lists the ids",
			"the runbook has no step `%.70s`", c->at);
	return load_answers_nodes(
		t->path, rb, ynode_get(n, "inputs"), ynode_get(n, "steps"), d);
}
