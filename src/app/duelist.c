#include "app/duelist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/practice.h"
#include "base/file.h"
#include "model/recur.h"

enum { SUFFIX = 4 };

static bool
is_unique(const struct library *l, const char *suffix)
{
	size_t n = 0;

	for (size_t i = 0; i < l->runs.list.len; i++)
		n += strcmp(l->runs.list.at[i].id + ULID_LEN - strlen(suffix), suffix) ==
			0;
	return n < 2;
}

static void
name(const struct library *l, const struct owed *o, char out[ULID_LEN + 24])
{
	size_t digits = SUFFIX;

	while (digits < ULID_LEN && !is_unique(l, o->run + ULID_LEN - digits))
		digits++;
	snprintf(out, ULID_LEN + 24, "%s.%lld", o->run + ULID_LEN - digits,
		(long long)o->seq);
}

static int
by_due(const void *a, const void *b)
{
	const struct duelist_item *x = a, *y = b;

	if (x->due.ms != y->due.ms)
		return x->due.ms < y->due.ms ? -1 : 1;
	return strcmp(x->title, y->title);
}

const char *
duelist_word(enum duelist_kind k)
{
	static const char *const words[] = {[DUELIST_OBLIGATION] = "obligation",
		[DUELIST_REVIEW] = "review",
		[DUELIST_DRILL] = "drill"};

	return words[k];
}

/* What was practised once is practised again; what never was is nobody's debt. */
static void
add_drills(const struct library *l, struct duelist *out)
{
	struct practice_drills drills;

	practice_drills(&drills);
	for (size_t i = 0; i < l->runbooks.list.len; i++) {
		const struct library_runbook *rb = &l->runbooks.list.at[i];
		const struct practice_drill *last = practice_last(&drills, rb->path);
		struct duelist_item *item;

		if (!last || !last->every_ms || !rb->summary)
			continue;
		item = vec_add(&out->list);
		item->kind = DUELIST_DRILL;
		item->title = rb->summary->title;
		item->runbook = rb->path;
		item->due.ms = last->at.ms + last->every_ms;
	}
	practice_drills_release(&drills);
}

void
duelist_make(const struct library *l, struct duelist *out)
{
	for (size_t i = 0; i < l->owed.owed.list.len; i++) {
		const struct owed *o = &l->owed.owed.list.at[i];
		struct duelist_item *item;

		if (o->state != OWED_OPEN)
			continue;
		item = vec_add(&out->list);
		item->owed = o;
		name(l, o, item->id);
		item->title = o->title;
		item->runbook = o->runbook;
		item->environment = o->environment;
		item->role = o->role;
		item->every = o->every;
		item->due = o->due;
		item->probes = o->checks.list.len && !o->role;
		item->bad = o->tried && o->checks.list.len;
	}
	for (size_t i = 0; i < l->runbooks.list.len; i++) {
		const struct library_runbook *rb = &l->runbooks.list.at[i];
		struct duelist_item *item;

		if (!rb->summary || !rb->summary->review_due.ms)
			continue;
		item = vec_add(&out->list);
		item->kind = DUELIST_REVIEW;
		item->title = rb->summary->title;
		item->runbook = rb->path;
		item->due = rb->summary->review_due;
	}
	add_drills(l, out);
	if (out->list.len)
		qsort(out->list.at, out->list.len, sizeof *out->list.at, by_due);
}

void
duelist_release(struct duelist *d)
{
	vec_free(&d->list);
}

size_t
duelist_due(const struct duelist *d, struct wall now)
{
	size_t n = 0;

	while (n < d->list.len && d->list.at[n].due.ms <= now.ms)
		n++;
	return n;
}

static const char *
what_became_of(const struct owed *o)
{
	if (o->state == OWED_REPLACED)
		return "a newer run of the same runbook owes it now";
	return o->as ? o->as : "closed";
}

const struct owed *
duelist_find(const struct library *l, const char *id, struct err *e)
{
	const char *dot = strrchr(id, '.');
	size_t len = dot ? (size_t)(dot - id) : 0;
	const struct owed *found = NULL;

	if (len < SUFFIX || len > ULID_LEN || !dot[1] ||
		dot[1 + strspn(dot + 1, "0123456789")]) {
		err_set(e, ERR_INPUT,
			"%s: what is owed is named RUN.NUMBER, as handrail due shows it",
			id);
		return NULL;
	}
	for (size_t i = 0; i < l->owed.owed.list.len; i++) {
		const struct owed *o = &l->owed.owed.list.at[i];

		if (o->seq != strtoll(dot + 1, NULL, 10) ||
			strncasecmp(o->run + ULID_LEN - len, id, len) != 0)
			continue;
		if (found) {
			err_set(e, ERR_INPUT, "%s names several: give more characters",
				id);
			return NULL;
		}
		found = o;
	}
	if (!found)
		err_set(e, ERR_INPUT, "nothing owed is called %s; handrail due lists it",
			id);
	else if (found->state != OWED_OPEN) {
		err_set(e, ERR_STATE, "%s is over: %s", id, what_became_of(found));
		found = NULL;
	}
	return found;
}

bool
duelist_later(const char *text, struct wall now, char stamp[STAMP_BYTES], struct err *e)
{
	struct recur r;
	const char *why;
	struct wall t;

	if (!stamp_parse(text, &t)) {
		if (!recur_parse(text, &r, &why) || r.zone_name[0])
			return err_set(e, ERR_INPUT,
				"\"%.40s\" is no time: write 2d, or 2026-12-01T09:00:00Z",
				text);
		t = recur_add(&r, now, 1);
	}
	if (t.ms <= now.ms)
		return err_set(e, ERR_INPUT, "that is over: write a later time");
	stamp_wall(t, stamp);
	return true;
}
