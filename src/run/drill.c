#include "run/drill.h"

#include <string.h>

#include "base/stamp.h"

static bool
is(const struct noted *n, const char *drill)
{
	return n->drill && strcmp(n->drill, drill) == 0;
}

void
drill_count(const struct run *r, struct drill *out)
{
	struct wall last = r->opened_at;

	*out = (struct drill){0};
	for (size_t i = 0; i < r->notes.list.len; i++) {
		const struct noted *n = &r->notes.list.at[i];

		out->hints += is(n, DRILL_HINT);
		out->wrong += is(n, DRILL_WRONG);
		if (is(n, DRILL_SOLVED) && !out->solved) {
			out->solved = true;
			out->took_ms = n->at.ms - r->opened_at.ms;
		}
		last = n->at;
	}
	if (!out->solved && r->closed_at.ms)
		last = r->closed_at;
	if (!out->solved)
		out->took_ms = last.ms - r->opened_at.ms;
}

static void
add_count(struct str *out, int n, const char *what)
{
	if (n)
		str_addf(out, ", %d %s%s", n, what, n == 1 ? "" : "s");
	else
		str_addf(out, ", no %s", what);
}

void
drill_words(const struct drill *d, struct str *out)
{
	char took[STAMP_BYTES];

	str_addf(out, "%s %s", d->solved ? "solved in" : "not solved in",
		stamp_duration(d->took_ms, took));
	add_count(out, d->hints, "hint");
	add_count(out, d->wrong, "wrong turn");
}
