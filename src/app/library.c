#include "app/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "journal/journal.h"

enum { FOLDER_DEPTH = 4, RUNBOOKS_MAX = 5000, RUNS_MAX = 20000 };

/* ---- runbooks ----------------------------------------------------------------------------- */

static bool
is_runbook_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot && (str_eq(dot, ".yaml") || str_eq(dot, ".yml")) &&
		!str_eq(name, "handrail.yaml");
}

static void
add_runbook(struct library *l, const char *path, const char *group)
{
	struct library_runbook *rb = vec_add(&l->runbooks.list);
	struct diags d = {0};
	char *stem = mem_strdup(file_base(path));

	stem[strcspn(stem, ".")] = '\0';
	rb->path = mem_strdup(path);
	rb->name = stem;
	rb->group = mem_strdup(group);
	rb->last_run = NONE;
	rb->summary = load_summary(path, &d);
	if (!rb->summary && d.list.len) {
		const struct diag *f = &d.list.at[0];
		rb->fault = mem_printf(
			"%s:%d:%d: %s", file_base(path), f->line, f->col, f->msg);
	}
	diags_release(&d);
}

static size_t
add_folder(struct library *l, const char *dir, const char *group, int depth)
{
	struct err e = ERR_INIT;
	size_t count = 0, found = 0;
	char **names = file_names(dir, &count, &e);

	for (size_t i = 0; names && i < count; i++) {
		char *path = file_join(dir, names[i]);
		if (file_is_dir(path) && depth < FOLDER_DEPTH && names[i][0] != '.') {
			char *sub = group[0] ? file_join(group, names[i])
					     : mem_strdup(names[i]);
			found += add_folder(l, path, sub, depth + 1);
			mem_free(sub);
		} else if (is_runbook_name(names[i]) &&
			l->runbooks.list.len < RUNBOOKS_MAX) {
			add_runbook(l, path, group);
			found++;
		}
		mem_free(path);
	}
	file_names_free(names);
	return found;
}

static bool
seen_folder(const struct library *l, const char *dir)
{
	size_t len = strlen(dir);

	for (size_t i = 0; i < l->looked.list.len; i++)
		if (strncmp(l->looked.list.at[i], dir, len) == 0 &&
			l->looked.list.at[i][len] == '\t')
			return true;
	return false;
}

static void
look_in(struct library *l, const char *dir)
{
	char *real;

	if (!*dir)
		return;
	real = realpath(dir, NULL);
	if (!real) {
		vec_push(&l->looked.list, mem_printf("%s\tno such folder", dir));
		return;
	}
	if (!seen_folder(l, real)) {
		size_t n = add_folder(l, real, "", 0);
		vec_push(&l->looked.list,
			n ? mem_printf("%s\t%zu", real, n)
			  : mem_printf("%s\tempty", real));
	}
	free(real);
}

static void
look_in_list(struct library *l, const char *list)
{
	char *copy = mem_strdup(list), *save = NULL;

	for (char *dir = strtok_r(copy, ":", &save); dir;
		dir = strtok_r(NULL, ":", &save))
		look_in(l, dir);
	mem_free(copy);
}

static void
look_everywhere(const struct library_opts *o, struct library *l)
{
	const char *listed = getenv("HANDRAIL_RUNBOOKS");
	char *own = file_xdg(FILE_XDG_CONFIG), *own_runbooks = file_join(own, "runbooks");
	bool told = (o->folders && o->folders[0]) || (listed && *listed);

	for (size_t i = 0; o->folders && o->folders[i]; i++)
		look_in(l, o->folders[i]);
	if (listed && *listed)
		look_in_list(l, listed);
	for (size_t i = 0; o->project && i < o->project->runbooks.list.len; i++)
		look_in(l, o->project->runbooks.list.at[i]);
	if (!told) {
		look_in(l, "runbooks");
		look_in(l, own_runbooks);
		look_in(l, HR_DATADIR "/runbooks");
	}
	mem_free(own_runbooks);
	mem_free(own);
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* What a list needs of a run, taken from its record without the runbook. */
struct glance {
	struct library_run *run;
	bool closed, failed;
	int busy_legs;
};

static void
glance_open(struct library_run *run, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const struct json_node *rb = json_get(json_root(doc), "runbook");

	run->runbook = text_harmless_dup(json_str(rb, "path", "?"));
	run->title = text_harmless_dup(json_str(rb, "title", json_str(rb, "name", "?")));
	run->runbook_sha256 = mem_strdup(json_str(rb, "sha256", ""));
	run->who = text_harmless_dup(ev->who);
	run->opened = ev->t;
	json_free(doc);
}

static bool
glance_event(void *ctx, const struct event *ev, const char *hash)
{
	struct glance *g = ctx;
	struct err e = ERR_INIT;
	struct json *doc;

	(void)hash;
	g->run->last = ev->t;
	if (ev->step) {
		mem_free(g->run->step);
		g->run->step = mem_strdup(ev->step);
	}
	if (ev->type == EVENT_RUN_OPEN && !g->run->runbook)
		glance_open(g->run, ev);
	if (ev->type == EVENT_STEP_INTENT)
		g->busy_legs++;
	if (ev->type == EVENT_STEP_DONE || ev->type == EVENT_STEP_UNKNOWN)
		g->busy_legs--;
	if (ev->type == EVENT_RUN_CLOSE) {
		doc = json_parse(ev->data, strlen(ev->data), &e);
		g->closed = true;
		g->run->closed = ev->t;
		mem_free(g->run->state);
		g->run->state = text_harmless_dup(
			json_str(json_root(doc), "result", "?"));
		json_free(doc);
	}
	return true;
}

static void
add_run(struct library *l, const char *dir, const char *id)
{
	struct library_run *run = vec_add(&l->runs.list);
	struct glance g = {.run = run};
	struct err e = ERR_INIT;
	char con[256];

	snprintf(run->id, sizeof run->id, "%.26s", id);
	run->dir = mem_strdup(dir);
	run->opened = ulid_time(id);
	run->busy = journal_is_busy(dir, con, sizeof con);
	if (run->busy)
		run->busy_con = text_harmless_dup(con);
	if (!journal_read(dir, glance_event, &g, &e)) {
		mem_free(run->state);
		run->state = mem_strdup("bad");
		run->fault = mem_strdup(e.msg);
	} else if (!g.closed) {
		run->state = mem_strdup(g.busy_legs > 0 ? "running" : "open");
	}
}

static int
newest_first(const void *a, const void *b)
{
	const struct library_run *x = a, *y = b;

	return strcmp(y->id, x->id);
}

static void
scan_runs(struct library *l, const char *runs_dir)
{
	struct err e = ERR_INIT;
	size_t count = 0;
	char **ids = file_names(runs_dir, &count, &e);

	for (size_t i = 0; ids && i < count && i < RUNS_MAX; i++) {
		char *dir = file_join(runs_dir, ids[i]),
		     *book = file_join(dir, "journal.jsonl");
		if (ulid_valid(ids[i]) && file_exists(book))
			add_run(l, dir, ids[i]);
		mem_free(book);
		mem_free(dir);
	}
	file_names_free(ids);
	if (l->runs.list.len)
		qsort(l->runs.list.at, l->runs.list.len, sizeof *l->runs.list.at,
			newest_first);
}

static void
match_runs(struct library *l)
{
	for (size_t i = 0; i < l->runbooks.list.len; i++)
		for (size_t k = 0; k < l->runs.list.len; k++)
			if (l->runs.list.at[k].runbook &&
				strcmp(file_base(l->runs.list.at[k].runbook),
					file_base(l->runbooks.list.at[i].path)) == 0) {
				l->runbooks.list.at[i].last_run = (int)k;
				break;
			}
}

void
library_scan(const struct library_opts *o, struct library *out)
{
	char *state = file_xdg(FILE_XDG_STATE);
	char *runs = o->runs_dir ? mem_strdup(o->runs_dir) : file_join(state, "runs");

	memset(out, 0, sizeof *out);
	look_everywhere(o, out);
	scan_runs(out, runs);
	match_runs(out);
	mem_free(runs);
	mem_free(state);
}

void
library_release(struct library *l)
{
	for (size_t i = 0; i < l->runbooks.list.len; i++) {
		struct library_runbook *rb = &l->runbooks.list.at[i];
		mem_free(rb->path);
		mem_free(rb->name);
		mem_free(rb->group);
		mem_free(rb->fault);
		load_summary_free(rb->summary);
	}
	vec_free(&l->runbooks.list);
	for (size_t i = 0; i < l->runs.list.len; i++) {
		struct library_run *r = &l->runs.list.at[i];
		char *const owned[] = {r->dir, r->runbook, r->runbook_sha256, r->title,
			r->who, r->state, r->step, r->busy_con, r->fault};
		for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++)
			mem_free(owned[k]);
	}
	vec_free(&l->runs.list);
	for (size_t i = 0; i < l->looked.list.len; i++)
		mem_free(l->looked.list.at[i]);
	vec_free(&l->looked.list);
}

const struct library_run *
library_find_run(const struct library *l, const char *suffix, struct err *e)
{
	const struct library_run *found = NULL;
	size_t len = strlen(suffix);

	if (len < 4 || len > ULID_LEN) {
		err_set(e, ERR_INPUT,
			"%s: a run is named by at least 4 last characters of its id",
			suffix);
		return NULL;
	}
	for (size_t i = 0; i < l->runs.list.len; i++) {
		const struct library_run *r = &l->runs.list.at[i];
		if (strcasecmp(r->id + ULID_LEN - len, suffix) != 0)
			continue;
		if (found) {
			err_set(e, ERR_INPUT,
				"%s names several runs (%s, %s): give more characters",
				suffix, found->id, r->id);
			return NULL;
		}
		found = r;
	}
	if (!found)
		err_set(e, ERR_INPUT, "no run %s here; handrail runs lists them", suffix);
	return found;
}

static bool
answers_to(const struct library_runbook *rb, const char *word)
{
	if (strcmp(rb->name, word) == 0)
		return true;
	for (size_t i = 0; rb->summary && i < rb->summary->aliases.list.len; i++)
		if (strcmp(rb->summary->aliases.list.at[i], word) == 0)
			return true;
	return rb->summary && strcmp(rb->summary->title, word) == 0;
}

char *
library_find_runbook(const struct library *l, const char *word, struct err *e)
{
	const char **names;
	const char *near;

	if (strchr(word, '/') || is_runbook_name(word)) {
		if (file_exists(word))
			return mem_strdup(word);
		err_set(e, ERR_IO, "%s: no such file", word);
		return NULL;
	}
	for (size_t i = 0; i < l->runbooks.list.len; i++)
		if (answers_to(&l->runbooks.list.at[i], word))
			return mem_strdup(l->runbooks.list.at[i].path);
	names = mem_array(l->runbooks.list.len + 1, sizeof *names);
	for (size_t i = 0; i < l->runbooks.list.len; i++)
		names[i] = l->runbooks.list.at[i].name;
	near = str_nearest(word, names);
	err_set(e, ERR_INPUT, "no runbook %s%s%s%s; handrail list shows them", word,
		near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	mem_free(names);
	return NULL;
}
