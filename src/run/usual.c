#include "run/usual.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "run/added.h"

enum { KEPT = 200 }; /* times of one step */

struct times {
	VEC_OF(int64_t) list;
};

struct usual {
	struct map by_step[2]; /* by enum way: id -> struct times */
};

struct usual *
usual_new(void)
{
	struct usual *u = mem_alloc(sizeof *u);

	map_init(&u->by_step[WAY_FORWARD]);
	map_init(&u->by_step[WAY_BACK]);
	return u;
}

void
usual_free(struct usual *u)
{
	if (!u)
		return;
	for (int w = 0; w < 2; w++) {
		for (size_t i = 0; i < u->by_step[w].len; i++) {
			struct times *t = u->by_step[w].at[i].value;

			vec_free(&t->list);
			mem_free(t);
		}
		map_release(&u->by_step[w]);
	}
	mem_free(u);
}

static bool
ended_well(const struct json_node *d)
{
	const char *verdict = json_str(d, "verdict", "");

	return (strcmp(verdict, "ok") == 0 || strcmp(verdict, "warn") == 0) &&
		json_int(d, "attempt", 0) > 0;
}

void
usual_event(struct usual *u, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc;
	const struct json_node *d;
	struct times *t;
	enum way way;

	/* what was added to one run is another command in the next */
	if (ev->type != EVENT_STEP_DONE || !ev->step ||
		str_starts(ev->step, ADDED_PREFIX))
		return;
	doc = json_parse(ev->data, strlen(ev->data), &e);
	d = doc ? json_root(doc) : NULL;
	if (d && ended_well(d)) {
		way = str_eq(json_str(d, "way", NULL), "back") ? WAY_BACK : WAY_FORWARD;
		t = map_get(&u->by_step[way], ev->step);
		if (!t) {
			t = mem_alloc(sizeof *t);
			map_put(&u->by_step[way], ev->step, t);
		}
		if (t->list.len < KEPT)
			vec_push(&t->list, json_int(d, "took_ms", 0));
	}
	json_free(doc);
}

static int
shorter_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t
usual_ms(const struct usual *u, const char *step, enum way way, int pct, int *count)
{
	const struct times *t = u ? map_get(&u->by_step[way], step) : NULL;
	int64_t sorted[KEPT];
	size_t n = t ? t->list.len : 0;

	*count = (int)n;
	if (!n)
		return 0;
	memcpy(sorted, t->list.at, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, shorter_first);
	return sorted[(n * (size_t)pct + 99) / 100 - 1];
}
