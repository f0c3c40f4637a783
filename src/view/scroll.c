#include "view/scroll.h"

void
scroll_release(struct scroll *s)
{
	vec_free(&s->ids);
}

int
scroll_find(const struct scroll *s, int id)
{
	for (size_t i = 0; id != SCROLL_NOTHING && i < s->ids.len; i++)
		if (s->ids.at[i] == id)
			return (int)i;
	return SCROLL_NOTHING;
}

static int
last_top(const struct scroll *s)
{
	int over = (int)s->ids.len - s->height;

	return over > 0 ? over : 0;
}

static void
clamp_top(struct scroll *s)
{
	if (s->top > last_top(s))
		s->top = last_top(s);
	if (s->top < 0)
		s->top = 0;
}

/* An object may have several lines: all of them if they fit, its first one at least. */
static void
into_sight(struct scroll *s)
{
	int first = scroll_find(s, s->id), last = first;

	if (first == SCROLL_NOTHING)
		return;
	while (last + 1 < (int)s->ids.len && s->ids.at[last + 1] == s->id)
		last++;
	if (s->top < last - s->height + 1)
		s->top = last - s->height + 1;
	if (s->top > first)
		s->top = first;
}

void
scroll_begin(struct scroll *s, int height)
{
	s->ids.len = 0;
	s->height = height > 0 ? height : 1;
}

void
scroll_line(struct scroll *s, int id)
{
	vec_push(&s->ids, id);
}

void
scroll_end(struct scroll *s)
{
	if (scroll_find(s, s->id) == SCROLL_NOTHING)
		s->id = SCROLL_NOTHING;
	if (s->tail)
		s->top = last_top(s);
	else if (!s->free)
		into_sight(s);
	clamp_top(s);
}

void
scroll_select(struct scroll *s, int id)
{
	s->id = id;
	s->free = false;
	into_sight(s);
}

void
scroll_default(struct scroll *s)
{
	if (s->id != SCROLL_NOTHING)
		return;
	for (size_t i = 0; i < s->ids.len && s->id == SCROLL_NOTHING; i++)
		s->id = s->ids.at[i];
}

static int
distance(const struct scroll *s, enum scroll_step step)
{
	int half = s->height / 2 > 0 ? s->height / 2 : 1;
	int page = s->height > 1 ? s->height - 1 : 1;

	switch (step) {
	case SCROLL_UP:
		return -1;
	case SCROLL_DOWN:
		return 1;
	case SCROLL_HALF_UP:
		return -half;
	case SCROLL_HALF_DOWN:
		return half;
	case SCROLL_PAGE_UP:
		return -page;
	case SCROLL_PAGE_DOWN:
		return page;
	case SCROLL_FIRST:
		return -(int)s->ids.len;
	case SCROLL_LAST:
		return (int)s->ids.len;
	}
	return 0;
}

void
scroll_text(struct scroll *s, enum scroll_step step)
{
	s->top += distance(s, step);
	clamp_top(s);
	s->free = true;
	s->tail = s->tail ? s->top == last_top(s) : step == SCROLL_LAST;
}

static bool
has_ids(const struct scroll *s)
{
	for (size_t i = 0; i < s->ids.len; i++)
		if (s->ids.at[i] != SCROLL_NOTHING)
			return true;
	return false;
}

/* The nearest line with another id, from `at` on in the direction. */
static int
next_object(const struct scroll *s, int at, int direction, int not )
{
	for (; at >= 0 && at < (int)s->ids.len; at += direction)
		if (s->ids.at[at] != SCROLL_NOTHING && s->ids.at[at] != not )
			return at;
	return SCROLL_NOTHING;
}

void
scroll_move(struct scroll *s, enum scroll_step step)
{
	int by = distance(s, step), direction = by < 0 ? -1 : 1;
	int at = scroll_find(s, s->id), to;

	if (!has_ids(s)) {
		scroll_text(s, step);
		return;
	}
	if (at == SCROLL_NOTHING) { /* from what is in sight */
		at = next_object(s, s->top, 1, SCROLL_NOTHING);
		if (at == SCROLL_NOTHING)
			at = next_object(s, s->top, -1, SCROLL_NOTHING);
		scroll_select(s, s->ids.at[at]);
		return;
	}
	to = at + by;
	if (to < 0)
		to = 0;
	if (to >= (int)s->ids.len)
		to = (int)s->ids.len - 1;
	at = next_object(s, to, direction, s->id);
	if (at == SCROLL_NOTHING)
		at = next_object(s, to, -direction, s->id);
	if (at != SCROLL_NOTHING && (at - scroll_find(s, s->id)) * direction > 0)
		scroll_select(s, s->ids.at[at]);
	else
		scroll_select(s, s->id);
	/* the headings above the first object belong to it */
	if (scroll_find(s, s->id) == next_object(s, 0, 1, SCROLL_NOTHING))
		s->top = 0;
}

bool
scroll_search(struct scroll *s, bool forward, scroll_match *matches, const void *ctx)
{
	int n = (int)s->ids.len, at = scroll_find(s, s->id);

	if (at == SCROLL_NOTHING)
		at = forward ? n - 1 : 0;
	for (int i = 1; i <= n; i++) {
		int row = forward ? (at + i) % n : (at - i + n) % n;
		int id = s->ids.at[row];

		if (id != SCROLL_NOTHING && matches(ctx, id)) {
			scroll_select(s, id);
			return true;
		}
	}
	return false;
}
