#include "run/owed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/stamp.h"
#include "model/parts.h"

struct owed_end {
	char run[ULID_LEN + 1]; /* of the beginning */
	int64_t seq;
	char *as, *reason;
};

struct owed_run {
	char id[ULID_LEN + 1];
	char *runbook, *sha256, *environment, *config, *root;
	char of_run[ULID_LEN + 1]; /* it is there to close; "" */
	int64_t of_seq;
	bool closed, tried;
};

/* ---- one record --------------------------------------------------------------------------- */

static void
take_id(char out[ULID_LEN + 1], const char *id)
{
	snprintf(out, ULID_LEN + 1, "%.26s", id);
}

static struct owed_run *
run_of(struct owed_book *b, const char *id)
{
	/* events of one record come together */
	for (size_t i = b->runs.list.len; i-- > 0;)
		if (strcmp(b->runs.list.at[i].id, id) == 0)
			return &b->runs.list.at[i];
	return NULL;
}

static void
run_begins(struct owed_book *b, const struct event *ev, const struct json_node *d)
{
	const struct json_node *parent = json_get(d, "parent");
	struct owed_run *r = vec_add(&b->runs.list);

	memcpy(r->id, ev->run, sizeof r->id);
	r->runbook = mem_strdup(json_str(json_get(d, "runbook"), "path", ""));
	r->sha256 = mem_strdup(json_str(json_get(d, "runbook"), "sha256", NULL));
	r->environment = mem_strdup(json_str(d, "environment", NULL));
	r->config = mem_strdup(json_str(json_get(d, "config"), "path", NULL));
	r->root = mem_strdup(json_str(parent, "root", ev->run));
	if (!json_str(parent, "duty", NULL))
		return;
	take_id(r->of_run, json_str(parent, "run", ""));
	r->of_seq = json_int(parent, "seq", -1);
}

static struct wall
time_of(const struct json_node *d, const char *key)
{
	struct wall t = {0};

	return stamp_parse(json_str(d, key, ""), &t) ? t : (struct wall){0};
}

static void
begins(struct owed_book *b, const struct event *ev, const struct json_node *d)
{
	const struct json_node *checks = json_get(d, "check");
	const struct owed_run *r = run_of(b, ev->run);
	struct owed *o = vec_add(&b->owed.list);

	memcpy(o->run, ev->run, sizeof o->run);
	take_id(o->root, r && r->root ? r->root : ev->run);
	o->seq = ev->seq;
	o->opened = ev->t;
	o->title = mem_strdup(json_str(d, "title", "?"));
	o->role = mem_strdup(json_str(d, "role", NULL));
	o->duty = mem_strdup(json_str(d, "duty", ""));
	o->every = mem_strdup(json_str(d, "every", NULL));
	o->due = time_of(d, "due");
	o->first = time_of(d, "first");
	o->runbook = mem_strdup(r ? r->runbook : "");
	o->sha256 = mem_strdup(r ? r->sha256 : NULL);
	o->environment = mem_strdup(r ? r->environment : NULL);
	o->config = mem_strdup(r ? r->config : NULL);
	o->about = mem_strdup(json_str(d, "about", NULL));
	for (size_t i = 0; i < json_len(checks); i++)
		vec_push(&o->checks.list,
			mem_strdup(json_text(json_at(checks, i))
					? json_text(json_at(checks, i))
					: "?"));
}

static void
ends(struct owed_book *b, const struct json_node *d)
{
	struct owed_end *x = vec_add(&b->ends.list);

	take_id(x->run, json_str(d, "run", ""));
	x->seq = json_int(d, "of", -1);
	x->as = mem_strdup(json_str(d, "as", "done"));
	x->reason = mem_strdup(json_str(d, "reason", NULL));
}

void
owed_apply(struct owed_book *b, const struct event *ev)
{
	struct owed_run *r;
	struct err e = ERR_INIT;
	struct json *doc = NULL;

	switch (ev->type) {
	case EVENT_RUN_OPEN:
	case EVENT_OBLIGATION_OPEN:
	case EVENT_OBLIGATION_CLOSE:
		doc = json_parse(ev->data, strlen(ev->data), &e);
		break;
	case EVENT_RUN_CLOSE:
	case EVENT_PROBE_RESULT:
	case EVENT_TICK_SET:
		r = run_of(b, ev->run);
		if (r && ev->type == EVENT_RUN_CLOSE)
			r->closed = true;
		else if (r)
			r->tried = true;
		return;
	default:
		return;
	}
	if (ev->type == EVENT_RUN_OPEN)
		run_begins(b, ev, json_root(doc));
	else if (ev->type == EVENT_OBLIGATION_OPEN)
		begins(b, ev, json_root(doc));
	else
		ends(b, json_root(doc));
	json_free(doc);
}

/* ---- all of them -------------------------------------------------------------------------- */

static struct owed *
find(struct owed_book *b, const char *run, int64_t seq)
{
	for (size_t i = 0; i < b->owed.list.len; i++)
		if (b->owed.list.at[i].seq == seq &&
			strcmp(b->owed.list.at[i].run, run) == 0)
			return &b->owed.list.at[i];
	return NULL;
}

/* Two projects may both have a runbooks/weekly.yaml: its path says little where it is not a
 * whole one. In doubt both are owed. */
static bool
same_runbook(const struct owed *a, const struct owed *b)
{
	return str_eq(a->runbook, b->runbook) &&
		(a->runbook[0] == '/' || (a->config && str_eq(a->config, b->config)) ||
			(a->sha256 && str_eq(a->sha256, b->sha256)));
}

static bool
same_duty(const struct owed *a, const struct owed *b)
{
	return same_runbook(a, b) && str_eq(a->environment, b->environment) &&
		str_eq(a->duty, b->duty) && str_eq(a->title, b->title) &&
		str_eq(a->about, b->about);
}

static bool
was_released(const struct owed *o)
{
	return o->state == OWED_CLOSED && str_eq(o->as, "released");
}

/* A duty that comes again is owed once, however often its runbook was walked: to the newest
 * of the runs that left it. One that was released says nothing about an older one, which
 * nobody released: in doubt that is owed. */
static void
replace(struct owed_book *b)
{
	for (size_t i = 0; i < b->owed.list.len; i++) {
		struct owed *old = &b->owed.list.at[i];

		for (size_t k = 0;
			old->every && old->state == OWED_OPEN && k < b->owed.list.len;
			k++) {
			const struct owed *new = &b->owed.list.at[k];

			if (new->every && !was_released(new) &&
				strcmp(new->root, old->root) > 0 && same_duty(old, new))
				old->state = OWED_REPLACED;
		}
	}
}

static int
by_due(const void *a, const void *b)
{
	const struct owed *x = a, *y = b;

	if (x->due.ms != y->due.ms)
		return x->due.ms < y->due.ms ? -1 : 1;
	if (strcmp(x->run, y->run) != 0)
		return strcmp(x->run, y->run);
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

void
owed_settle(struct owed_book *b)
{
	for (size_t i = 0; i < b->ends.list.len; i++) {
		struct owed_end *x = &b->ends.list.at[i];
		struct owed *o = find(b, x->run, x->seq);

		if (!o || o->state == OWED_CLOSED)
			continue;
		o->state = OWED_CLOSED;
		o->as = mem_strdup(x->as);
		o->reason = mem_strdup(x->reason);
	}
	for (size_t i = 0; i < b->runs.list.len; i++) {
		const struct owed_run *r = &b->runs.list.at[i];
		struct owed *o = r->of_run[0] && !r->closed
			? find(b, r->of_run, r->of_seq)
			: NULL;

		/* the oldest of them, should there be two */
		if (!o || (o->closer && strcmp(o->closer, r->id) < 0))
			continue;
		mem_free(o->closer);
		o->closer = mem_strdup(r->id);
		o->tried = r->tried;
	}
	replace(b);
	if (b->owed.list.len)
		qsort(b->owed.list.at, b->owed.list.len, sizeof *b->owed.list.at, by_due);
}

size_t
owed_count_due(const struct owed_book *b, struct wall now)
{
	size_t n = 0;

	for (size_t i = 0; i < b->owed.list.len; i++)
		n += b->owed.list.at[i].state == OWED_OPEN &&
			b->owed.list.at[i].due.ms <= now.ms;
	return n;
}

void
owed_release(struct owed_book *b)
{
	for (size_t i = 0; i < b->owed.list.len; i++) {
		struct owed *o = &b->owed.list.at[i];
		char *const texts[] = {o->title, o->role, o->duty, o->every, o->runbook,
			o->sha256, o->environment, o->config, o->as, o->reason, o->closer,
			o->about};

		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			mem_free(texts[k]);
		parts_free_strings(&o->checks);
	}
	for (size_t i = 0; i < b->ends.list.len; i++) {
		mem_free(b->ends.list.at[i].as);
		mem_free(b->ends.list.at[i].reason);
	}
	for (size_t i = 0; i < b->runs.list.len; i++) {
		mem_free(b->runs.list.at[i].runbook);
		mem_free(b->runs.list.at[i].sha256);
		mem_free(b->runs.list.at[i].environment);
		mem_free(b->runs.list.at[i].config);
		mem_free(b->runs.list.at[i].root);
	}
	vec_free(&b->owed.list);
	vec_free(&b->ends.list);
	vec_free(&b->runs.list);
}
