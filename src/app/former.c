#include "app/former.h"

#include <string.h>

#include "app/library.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/ulid.h"
#include "journal/journal.h"

enum { LOOKED_AT = 40, READ = 10, JOURNAL_BYTES = 1 << 20 };

struct reading_back {
	struct usual *usual;
	const char *path; /* of the runbook */
	bool same;
};

static bool
is_same_runbook(const struct event *ev, const char *path)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const char *there = json_str(
		json_get(doc ? json_root(doc) : NULL, "runbook"), "path", NULL);
	bool same = there && path && library_same_file(there, path);

	json_free(doc);
	return same;
}

static bool
heard(void *ctx, const struct event *ev, const char *hash)
{
	struct reading_back *rb = ctx;

	(void)hash;
	if (ev->type == EVENT_RUN_OPEN)
		rb->same = is_same_runbook(ev, rb->path);
	if (rb->same)
		usual_event(rb->usual, ev);
	return rb->same;
}

static bool
small_enough(const char *dir)
{
	char *path = file_join(dir, "journal.jsonl");
	int64_t bytes = file_size(path);

	mem_free(path);
	return bytes >= 0 && bytes <= JOURNAL_BYTES;
}

static void
read_newest(struct usual *u, const char *runs, const struct run *r, char **ids, size_t n)
{
	int read = 0, looked = 0;

	while (n-- > 0 && looked < LOOKED_AT && read < READ) {
		struct reading_back rb = {.usual = u, .path = r->runbook->path};
		struct err ignored = ERR_INIT;
		char *dir;

		if (!ulid_valid(ids[n]) || strcmp(ids[n], r->id) == 0)
			continue;
		looked++;
		dir = file_join(runs, ids[n]);
		if (small_enough(dir) && journal_read(dir, heard, &rb, &ignored))
			read++;
		mem_free(dir);
	}
}

/* The runs by id, which is by time. Both are the caller's. */
static char **
runs_in(const char *runs_dir, char **runs, size_t *n)
{
	struct err ignored = ERR_INIT;
	char *state = runs_dir ? NULL : file_xdg(FILE_XDG_STATE);

	*n = 0;
	*runs = runs_dir ? mem_strdup(runs_dir) : file_join(state, "runs");
	mem_free(state);
	return file_exists(*runs) ? file_names(*runs, n, &ignored) : NULL;
}

struct usual *
former_times(const char *runs_dir, const struct run *r)
{
	struct usual *u = usual_new();
	char *runs;
	size_t n;
	char **ids = runs_in(runs_dir, &runs, &n);

	read_newest(u, runs, r, ids, ids ? n : 0);
	file_names_free(ids);
	mem_free(runs);
	return u;
}

/* ---- what was given ----------------------------------------------------------------------- */

struct giving_back {
	const struct run *r;
	struct former_values *out;
	bool same;
};

static bool
same_environment(const struct event *ev, const struct run *r)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const char *there = json_str(doc ? json_root(doc) : NULL, "environment", NULL);
	bool same = str_eq(there ? there : "", r->environment ? r->environment : "");

	json_free(doc);
	return same;
}

/* The last value counts. One that held a secret is none. */
static void
keep_value(struct former_values *out, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const struct json_node *d = doc ? json_root(doc) : NULL;
	const char *name = json_str(d, "name", NULL), *value = json_str(d, "value", NULL);

	for (size_t i = 0; name && value && i < out->values.list.len; i++)
		if (strcmp(out->values.list.at[i].key, name) == 0) {
			mem_free(out->values.list.at[i].key);
			mem_free(out->values.list.at[i].value);
			vec_remove(&out->values.list, i);
			break;
		}
	if (name && value && !strstr(value, "[redacted"))
		vec_push(&out->values.list,
			(struct pair){mem_strdup(name), mem_strdup(value), 0});
	json_free(doc);
}

static bool
given(void *ctx, const struct event *ev, const char *hash)
{
	struct giving_back *g = ctx;

	(void)hash;
	if (ev->type == EVENT_RUN_OPEN) {
		g->same = is_same_runbook(ev, g->r->runbook->path) &&
			same_environment(ev, g->r);
		g->out->at = ev->t;
	}
	if (g->same && ev->type == EVENT_INPUT_SET)
		keep_value(g->out, ev);
	return g->same;
}

void
former_values(const char *runs_dir, const struct run *r, struct former_values *out)
{
	int looked = 0;
	char *runs;
	size_t n;
	char **ids = runs_in(runs_dir, &runs, &n);

	*out = (struct former_values){0};
	while (ids && n-- > 0 && looked < LOOKED_AT && !out->run) {
		struct giving_back g = {.r = r, .out = out};
		struct err ignored = ERR_INIT;
		char *dir;

		if (!ulid_valid(ids[n]) || strcmp(ids[n], r->id) == 0)
			continue;
		looked++;
		dir = file_join(runs, ids[n]);
		if (small_enough(dir) && journal_read(dir, given, &g, &ignored) && g.same)
			out->run = mem_strdup(ids[n]);
		else
			former_values_release(out);
		mem_free(dir);
	}
	file_names_free(ids);
	mem_free(runs);
}

void
former_values_release(struct former_values *f)
{
	for (size_t i = 0; i < f->values.list.len; i++) {
		mem_free(f->values.list.at[i].key);
		mem_free(f->values.list.at[i].value);
	}
	vec_free(&f->values.list);
	mem_free(f->run);
	*f = (struct former_values){0};
}

/* ---- what was edited ------------------------------------------------------------------------ */

struct reading_edits {
	const char *path;
	struct former_redlines *out;
	bool same;
};

static void
keep_edit(struct former_redlines *out, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const struct json_node *d = doc ? json_root(doc) : NULL;
	const char *old = json_str(d, "old", NULL), *new = json_str(d, "new", NULL);
	struct former_redline *f = NULL;

	const struct json_node *added = json_get(d, "added");

	if (added && json_str(added, "id", NULL)) {
		f = vec_add(&out->list);
		f->step = mem_strdup(json_str(added, "id", ""));
		f->new = mem_strdup(
			json_str(added, "text", json_str(added, "title", "")));
	}
	for (size_t i = 0; !added && ev->step && i < out->list.len; i++)
		if (strcmp(out->list.at[i].step, ev->step) == 0)
			f = &out->list.at[i];
	if (old && new && ev->step && !f) {
		f = vec_add(&out->list);
		f->step = mem_strdup(ev->step);
		f->old = mem_strdup(old);
	}
	if (f && new) {
		mem_free(f->new);
		f->new = mem_strdup(new);
	}
	json_free(doc);
}

/* What was added and then skipped as a whole is in no patch. */
static void
drop_added(struct former_redlines *out, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	bool whole = doc && !json_str(json_root(doc), "host", NULL) &&
		!json_str(json_root(doc), "way", NULL);

	json_free(doc);
	for (size_t i = out->list.len; whole && ev->step && i-- > 0;) {
		struct former_redline *f = &out->list.at[i];

		if (f->old || !str_eq(f->step, ev->step))
			continue;
		mem_free(f->step);
		mem_free(f->new);
		vec_remove(&out->list, i);
	}
}

static bool
edited(void *ctx, const struct event *ev, const char *hash)
{
	struct reading_edits *re = ctx;

	(void)hash;
	if (ev->type == EVENT_RUN_OPEN)
		re->same = is_same_runbook(ev, re->path);
	if (re->same && ev->type == EVENT_REDLINE)
		keep_edit(re->out, ev);
	if (re->same && ev->type == EVENT_STEP_SKIP)
		drop_added(re->out, ev);
	return re->same;
}

void
former_redlines(const char *runs_dir, const struct run *r, struct former_redlines *out)
{
	int looked = 0;
	char *runs;
	size_t n;
	char **ids = runs_in(runs_dir, &runs, &n);

	*out = (struct former_redlines){0};
	while (ids && n-- > 0 && looked < LOOKED_AT && !out->run) {
		struct reading_edits re = {.path = r->runbook->path, .out = out};
		struct err ignored = ERR_INIT;
		char *dir;

		if (!ulid_valid(ids[n]) || strcmp(ids[n], r->id) == 0)
			continue;
		looked++;
		dir = file_join(runs, ids[n]);
		if (small_enough(dir) && journal_read(dir, edited, &re, &ignored) &&
			out->list.len) {
			out->run = mem_strdup(ids[n]);
			out->dir = mem_strdup(dir);
		}
		mem_free(dir);
	}
	file_names_free(ids);
	mem_free(runs);
}

void
former_redlines_release(struct former_redlines *f)
{
	for (size_t i = 0; i < f->list.len; i++) {
		mem_free(f->list.at[i].step);
		mem_free(f->list.at[i].old);
		mem_free(f->list.at[i].new);
	}
	vec_free(&f->list);
	mem_free(f->run);
	mem_free(f->dir);
	*f = (struct former_redlines){0};
}
