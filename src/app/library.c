#include "app/library.h"
#include "app/runindex.h"
#include "app/tombstone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "journal/journal.h"
#include "journal/relocate.h"

enum { FOLDER_DEPTH = 4, RUNBOOKS_MAX = 5000, RUNS_MAX = 20000, SUFFIX_MIN = 4 };

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
		} else if (is_runbook_name(names[i]) && load_what(path) == LOAD_RUNBOOK &&
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
	struct owed_book *owed;
	bool closed, owes;
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
	run->closes = json_str(json_get(json_root(doc), "parent"), "duty", NULL) != NULL;
	if (run->closes)
		run->closes_of = mem_strdup(
			json_str(json_get(json_root(doc), "parent"), "run", NULL));
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
	owed_apply(g->owed, ev);
	g->owes |= ev->type == EVENT_OBLIGATION_OPEN ||
		ev->type == EVENT_OBLIGATION_CLOSE;
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

/* Whether it has to do with what is owed. */
static bool
read_run(struct library *l, struct library_run *run, const char *dir)
{
	struct glance g = {.run = run, .owed = &l->owed};
	struct err e = ERR_INIT;

	if (!journal_read(dir, glance_event, &g, &e) ||
		(!run->runbook && !err_set(&e, ERR_RECORD, "it holds no record"))) {
		mem_free(run->state);
		run->state = mem_strdup("bad");
		run->fault = text_harmless_dup(e.msg);
	} else if (!g.closed) {
		run->state = mem_strdup(g.busy_legs > 0 ? "running" : "open");
	}
	return g.owes || run->closes;
}

/* Forgets what the index said, for the record is read. */
static void
forget(struct library_run *run)
{
	char **const owned[] = {&run->runbook, &run->runbook_sha256, &run->title,
		&run->who, &run->state, &run->step};

	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
		mem_free(*owned[i]);
		*owned[i] = NULL;
	}
	run->closed = run->last = (struct wall){0};
}

/* A folder that has heads but no journal lost it; one without both never was a run. */
static bool
is_run(const char *dir)
{
	char *book = file_join(dir, "journal.jsonl"), *heads = file_join(dir, "heads");
	bool is = file_exists(book) || file_exists(heads);

	mem_free(book);
	mem_free(heads);
	return is;
}

/* What is owed stands in the records alone; the others need not be read to be named. */
static void
add_run(const struct library_opts *o, struct library *l, const char *runs_dir,
	const char *id, struct runindex *x)
{
	struct library_run run = {.opened = ulid_time(id)};
	char *dir = file_join(runs_dir, id);
	bool owes = false, hit;
	char con[256];

	snprintf(run.id, sizeof run.id, "%.26s", id);
	hit = runindex_take(x, &run, &owes);
	if (!hit && !is_run(dir) && !tombstone_is(dir)) {
		mem_free(dir);
		return;
	}
	run.dir = dir;
	if (!hit && tombstone_is(dir)) {
		struct err e = ERR_INIT;

		if (!tombstone_fill(dir, &run, &e)) {
			run.state = mem_strdup("bad");
			run.fault = text_harmless_dup(e.msg);
		}
	} else if (!hit) {
		owes = read_run(l, &run, dir);
		runindex_put(x, &run, owes);
	} else if (owes && !o->only_runs) {
		forget(&run);
		(void)read_run(l, &run, dir);
	}
	run.busy = !run.closed.ms && journal_is_busy(dir, con, sizeof con);
	if (run.busy)
		run.busy_con = text_harmless_dup(con);
	vec_push(&l->runs.list, run);
}

static int
newest_first(const void *a, const void *b)
{
	const struct library_run *x = a, *y = b;

	return strcmp(y->id, x->id);
}

static void
scan_runs(const struct library_opts *o, struct library *l, const char *runs_dir)
{
	struct runindex *x;
	size_t count = 0;
	char **ids;

	if (!file_exists(runs_dir))
		return;
	x = runindex_open(runs_dir);
	ids = file_names(runs_dir, &count, &l->fault);
	for (size_t i = 0; ids && i < count && i < RUNS_MAX; i++)
		if (ulid_valid(ids[i]))
			add_run(o, l, runs_dir, ids[i], x);
	file_names_free(ids);
	runindex_close(x);
	if (l->runs.list.len)
		qsort(l->runs.list.at, l->runs.list.len, sizeof *l->runs.list.at,
			newest_first);
}

/* A record keeps the path as it was given: whole paths must be the same, others agree by
 * their file's name. */
bool
library_same_file(const char *recorded, const char *path)
{
	if (recorded[0] == '/' && path[0] == '/')
		return strcmp(recorded, path) == 0;
	return strcmp(file_base(recorded), file_base(path)) == 0;
}

static bool
is_run_of(const struct library_run *run, const struct library_runbook *rb)
{
	return run->runbook && library_same_file(run->runbook, rb->path);
}

static void
match_runs(struct library *l)
{
	for (size_t i = 0; i < l->runbooks.list.len; i++)
		for (size_t k = 0; k < l->runs.list.len; k++)
			if (!l->runs.list.at[k].closes &&
				is_run_of(&l->runs.list.at[k], &l->runbooks.list.at[i])) {
				l->runbooks.list.at[i].last_run = (int)k;
				break;
			}
}

static char *
runs_folder(const char *given)
{
	char *state, *runs;

	if (given)
		return mem_strdup(given);
	state = file_xdg(FILE_XDG_STATE);
	runs = file_join(state, "runs");
	mem_free(state);
	return runs;
}

void
library_scan(const struct library_opts *o, struct library *out)
{
	char *runs = runs_folder(o->runs_dir);

	memset(out, 0, sizeof *out);
	if (!o->only_runs && !o->only_records)
		look_everywhere(o, out);
	scan_runs(o, out, runs);
	owed_settle(&out->owed);
	match_runs(out);
	mem_free(runs);
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
			r->closes_of, r->who, r->state, r->step, r->busy_con, r->fault};
		for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++)
			mem_free(owned[k]);
	}
	vec_free(&l->runs.list);
	owed_release(&l->owed);
	for (size_t i = 0; i < l->looked.list.len; i++)
		mem_free(l->looked.list.at[i]);
	vec_free(&l->looked.list);
}

/* The one name that ends in suffix; NULL with ERR_INPUT for none or several. */
static const char *
only_ending(char **ids, size_t count, const char *suffix, struct err *e)
{
	size_t len = strlen(suffix);
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!ulid_valid(ids[i]) ||
			strcasecmp(ids[i] + ULID_LEN - len, suffix) != 0)
			continue;
		if (found) {
			err_set(e, ERR_INPUT,
				"%s names several runs (%s, %s): give more characters",
				suffix, found, ids[i]);
			return NULL;
		}
		found = ids[i];
	}
	if (!found)
		err_set(e, ERR_INPUT, "no run %s here; handrail runs lists them", suffix);
	return found;
}

/* A record that went to another disk is found where it went, if the old disk could still
 * say so. */
static char *
follow(char *take_dir)
{
	char *to = relocate_gone_to(take_dir);

	if (!to || !file_is_dir(to)) {
		mem_free(to);
		return take_dir;
	}
	mem_free(take_dir);
	return to;
}

char *
library_run_dir(const char *runs_dir, const char *suffix, struct err *e)
{
	size_t len = strlen(suffix), count = 0;
	char *runs, **ids = NULL, *dir = NULL;
	const char *id;

	if (len < SUFFIX_MIN || len > ULID_LEN) {
		err_set(e, ERR_INPUT,
			"%s: a run is named by at least %d last characters of its id",
			suffix, SUFFIX_MIN);
		return NULL;
	}
	runs = runs_folder(runs_dir);
	if (file_exists(runs))
		ids = file_names(runs, &count, e);
	if (ids || !file_exists(runs)) {
		id = only_ending(ids, count, suffix, e);
		dir = id ? follow(file_join(runs, id)) : NULL;
	}
	file_names_free(ids);
	mem_free(runs);
	return dir;
}

char *
library_word(const char *runs_dir, const char *dir, int digits)
{
	const char *id = file_base(dir);
	struct err ignored = ERR_INIT;
	char *home = library_run_dir(runs_dir, id, &ignored), *word;

	word = mem_strdup(home && strcmp(home, dir) == 0 ? id + ULID_LEN - digits : dir);
	mem_free(home);
	return word;
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

struct runbook *
library_project_runbook(const struct project *p, const char *environment, struct diags *d)
{
	static const char text[] = "handrail: 1\ntitle: Health\nsteps:\n"
				   "- section: Health\n- do: look\n";
	char *path = file_join(p->dir, "handrail.yaml");
	struct runbook *rb = load_runbook_text(path, text, sizeof text - 1,
		&(struct load_opts){.project = p, .environment = environment}, d);

	mem_free(path);
	return rb;
}
