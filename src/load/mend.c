#include "load/mend.h"

#include <stdlib.h>
#include <string.h>

#include "load/complaints.h"
#include "load/layout.h"

enum {
	ROUNDS_MAX = 20, /* a cure may bring to light what it hid */
	SINGLES_MAX = 40 /* cures tried alone when all of them together were no gain */
};

/* A text as it was read. */
struct look {
	struct diags d;
	struct runbook *rb; /* MEND_RUNBOOK */
	bool no_tree;       /* not even YAML: what else is wrong is not known */
	size_t bad_line;    /* where that was */
	VEC_OF(int) starts; /* lines where something is declared, in order */
};

struct mending {
	enum mend_what what;
	const char *path;
	const struct load_opts *o;
};

static int
by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

static void
note_starts(struct look *l, const char *path)
{
	const struct runbook *rb = l->rb;

	for (size_t i = 0; i < rb->steps.list.len; i++)
		if (str_eq(rb->steps.list.at[i].file, path))
			vec_push(&l->starts, rb->steps.list.at[i].line);
	for (size_t i = 0; i < rb->probes.list.len; i++)
		vec_push(&l->starts, rb->probes.list.at[i].line);
	for (size_t i = 0; i < rb->hosts.list.len; i++)
		vec_push(&l->starts, rb->hosts.list.at[i].line);
	if (l->starts.len)
		qsort(l->starts.at, l->starts.len, sizeof *l->starts.at, by_number);
}

static void
look_at(const struct mending *w, const struct str *text, struct look *out)
{
	const char *syntax[] = {
		complaints_row(C_SYNTAX)->id, complaints_row(C_SECOND)->id};

	*out = (struct look){0};
	if (w->what == MEND_RUNBOOK)
		out->rb = load_draft_text(w->path, text->buf, text->len, w->o, &out->d);
	else
		project_free(load_project_text(w->path, text->buf, text->len, &out->d));
	if (out->rb)
		note_starts(out, w->path);
	layout_check(w->path, text->buf, text->len, &out->d);
	for (size_t i = 0; i < out->d.list.len; i++) {
		const struct diag *one = &out->d.list.at[i];

		if (str_eq(one->file, w->path) &&
			(str_eq(one->id, syntax[0]) || str_eq(one->id, syntax[1]))) {
			out->no_tree = true;
			out->bad_line = (size_t)one->line;
		}
	}
}

static void
look_release(struct look *l)
{
	diags_release(&l->d);
	vec_free(&l->starts);
	runbook_unref(l->rb);
}

/* ---- is it better? ----------------------------------------------------------------------- */

/* Where the next thing is declared. */
static int
next_start(const struct look *l, int line)
{
	size_t low = 0, high = l->starts.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->starts.at[mid] <= line)
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->starts.len ? l->starts.at[low] : INT32_MAX;
}

/* Is there an error in what is declared from this line on, up to the next declaration? */
static bool
declared_wrong(const struct look *l, const char *path, int line)
{
	int next = next_start(l, line);

	for (size_t i = 0; i < l->d.list.len; i++) {
		const struct diag *one = &l->d.list.at[i];

		if (one->level == DIAG_ERROR && one->line >= line && one->line < next &&
			str_eq(one->file, path))
			return true;
	}
	return false;
}

static bool
host_wrong(const struct look *l, const char *path, int host)
{
	return host != NONE && declared_wrong(l, path, l->rb->hosts.list.at[host].line);
}

static bool
probes_wrong(const struct look *l, const char *path, const struct ints *list)
{
	for (size_t i = 0; i < list->list.len; i++) {
		const struct probe *p = &l->rb->probes.list.at[list->list.at[i]];

		if (declared_wrong(l, path, p->line) || host_wrong(l, path, p->host))
			return true;
	}
	return false;
}

/* A step that was right, with all it names, must be the same afterwards. */
static bool
same_step(const struct mending *w, const struct look *was, const struct look *is,
	const struct step *s)
{
	char before[DIGEST_HEX + 1], after[DIGEST_HEX + 1];
	int at;

	if (!str_eq(s->file, w->path) || declared_wrong(was, w->path, s->line) ||
		host_wrong(was, w->path, s->host) ||
		host_wrong(was, w->path, s->undo.host) ||
		probes_wrong(was, w->path, &s->probes) ||
		probes_wrong(was, w->path, &s->before))
		return true;
	at = runbook_find_step(is->rb, s->id);
	if (at == NONE)
		return false;
	step_digest(was->rb, s, before);
	step_digest(is->rb, &is->rb->steps.list.at[at], after);
	return strcmp(before, after) == 0;
}

static bool
better(const struct mending *w, const struct look *was, const struct look *is)
{
	/* What could not be read at all may bring complaints to light. It must get further. */
	if (was->no_tree)
		return !is->no_tree || is->bad_line > was->bad_line ||
			is->d.errors + is->d.warnings < was->d.errors + was->d.warnings;
	if (is->no_tree ||
		is->d.errors + is->d.warnings >= was->d.errors + was->d.warnings ||
		is->d.errors > was->d.errors)
		return false;
	for (size_t i = 0; was->rb && i < was->rb->steps.list.len; i++)
		if (!same_step(w, was, is, &was->rb->steps.list.at[i]))
			return false;
	return true;
}

/* ---- applying ------------------------------------------------------------------------------ */

struct cures {
	VEC_OF(const struct diag *) list;
};

static int
by_place(const void *a, const void *b)
{
	const struct diag_fix *x = &(*(const struct diag *const *)a)->fix;
	const struct diag_fix *y = &(*(const struct diag *const *)b)->fix;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->len < y->len ? -1 : x->len > y->len;
}

/* In order of their places; one that touches another waits for the next round. */
static void
collect(const struct mending *w, const struct diags *d, struct cures *out)
{
	size_t kept = 0, end = 0;

	for (size_t i = 0; i < d->list.len; i++)
		if (d->list.at[i].fix.text && str_eq(d->list.at[i].file, w->path))
			vec_push(&out->list, &d->list.at[i]);
	if (!out->list.len)
		return;
	qsort(out->list.at, out->list.len, sizeof *out->list.at, by_place);
	for (size_t i = 0; i < out->list.len; i++) {
		const struct diag_fix *fix = &out->list.at[i]->fix;

		if (kept && fix->at <= end)
			continue;
		end = fix->at + fix->len;
		out->list.at[kept++] = out->list.at[i];
	}
	out->list.len = kept;
}

static void
apply(const struct str *text, const struct cures *cures, struct str *out)
{
	size_t done = 0;

	for (size_t i = 0; i < cures->list.len; i++) {
		const struct diag_fix *fix = &cures->list.at[i]->fix;

		str_add(out, text->buf + done, fix->at - done);
		str_adds(out, fix->text);
		done = fix->at + fix->len;
	}
	str_add(out, text->buf + done, text->len - done);
}

/* The text with these cures, if it is better so: taken over into `m`, `l` looks at it. */
static bool
try_cures(const struct mending *w, struct mend *m, struct look *l,
	const struct cures *cures)
{
	struct str next = STR_INIT;
	struct look after;

	apply(&m->text, cures, &next);
	look_at(w, &next, &after);
	if (!better(w, l, &after)) {
		look_release(&after);
		str_release(&next);
		return false;
	}
	for (size_t i = 0; i < cures->list.len; i++)
		diag_copy(&m->fixed, cures->list.at[i]);
	str_release(&m->text);
	m->text = next;
	look_release(l);
	*l = after;
	return true;
}

/* All cures together were no gain: the first of them that is one alone. */
static bool
try_singles(const struct mending *w, struct mend *m, struct look *l,
	const struct cures *cures)
{
	size_t tried = cures->list.len < SINGLES_MAX ? cures->list.len : SINGLES_MAX;
	bool better = false;

	for (size_t i = 0; i < tried && !better; i++) {
		struct cures one = {0};

		vec_push(&one.list, cures->list.at[i]);
		better = try_cures(w, m, l, &one);
		vec_free(&one.list);
	}
	if (!better)
		m->left_out = cures->list.len;
	return better;
}

bool
mend_text(struct mend *m, enum mend_what what, const char *path, const struct str *text,
	const struct load_opts *o)
{
	const struct mending w = {.what = what, .path = path, .o = o};
	bool go = true;
	struct look l;

	*m = (struct mend){0};
	str_init(&m->text);
	str_add(&m->text, text->buf, text->len);
	look_at(&w, &m->text, &l);
	for (int round = 0; go && round < ROUNDS_MAX + SINGLES_MAX; round++) {
		struct cures cures = {0};

		collect(&w, &l.d, &cures);
		go = cures.list.len &&
			(try_cures(&w, m, &l, &cures) ||
				(cures.list.len > 1 && try_singles(&w, m, &l, &cures)));
		if (!go && cures.list.len == 1)
			m->left_out = 1;
		vec_free(&cures.list);
	}
	look_release(&l);
	return m->fixed.list.len > 0;
}

void
mend_release(struct mend *m)
{
	str_release(&m->text);
	diags_release(&m->fixed);
}
