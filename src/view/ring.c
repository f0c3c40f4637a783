#include "view/ring.h"

#include <string.h>

#include "base/text.h"

static void
leg_free(struct ring_leg *l)
{
	for (size_t i = 0; i < l->count; i++)
		mem_free(l->lines[(l->first + i) % RING_LINES].text);
	mem_free(l->lines);
	str_release(&l->partial);
	mem_free(l);
}

void
ring_release(struct ring *r)
{
	for (size_t i = 0; i < r->legs.len; i++)
		leg_free(r->legs.at[i]);
	vec_free(&r->legs);
}

static struct ring_leg *
find(const struct ring *r, struct ring_key key)
{
	for (size_t i = 0; i < r->legs.len; i++) {
		struct ring_leg *l = r->legs.at[i];

		if (l->step == key.step && l->leg == key.leg && l->way == key.way)
			return l;
	}
	return NULL;
}

const struct ring_leg *
ring_find(const struct ring *r, struct ring_key key)
{
	return find(r, key);
}

static struct ring_leg *
need(struct ring *r, struct ring_key key)
{
	struct ring_leg *l = find(r, key);

	if (l)
		return l;
	l = mem_alloc(sizeof *l);
	l->step = key.step;
	l->leg = key.leg;
	l->way = key.way;
	l->lines = mem_array(RING_LINES, sizeof *l->lines);
	l->partial = STR_INIT;
	vec_push(&r->legs, l);
	return l;
}

static void
push(struct ring_leg *l, char *text_take, struct wall at)
{
	struct ring_line *line;

	if (l->count == RING_LINES) {
		mem_free(l->lines[l->first].text);
		l->first = (l->first + 1) % RING_LINES;
		l->count--;
		l->dropped++;
	}
	line = &l->lines[(l->first + l->count++) % RING_LINES];
	*line = (struct ring_line){at, text_take};
}

static void
end_line(struct ring_leg *l, struct wall at)
{
	struct str safe = STR_INIT;

	text_harmless(&safe, l->partial.buf, l->partial.len, TEXT_ONE_LINE);
	push(l, str_take(&safe), at);
	str_reset(&l->partial);
	l->again = false;
}

void
ring_feed(struct ring *r, struct ring_key key, const char *p, size_t len, struct wall at)
{
	struct ring_leg *l = need(r, key);

	for (size_t i = 0; i < len; i++) {
		if (p[i] == '\n') {
			end_line(l, at);
			continue;
		}
		if (p[i] == '\r') {
			l->again = true;
			continue;
		}
		if (l->again)
			str_reset(&l->partial);
		l->again = false;
		if (l->partial.len < RING_LINE_BYTES)
			str_addc(&l->partial, p[i]);
	}
}

void
ring_note(struct ring *r, struct ring_key key, const char *text, struct wall at)
{
	struct ring_leg *l = need(r, key);

	if (l->partial.len)
		end_line(l, at);
	push(l, text_harmless_dup(text), at);
}

const struct ring_line *
ring_line(const struct ring_leg *l, size_t i)
{
	return &l->lines[(l->first + i) % RING_LINES];
}

bool
ring_partial(const struct ring_leg *l, struct str *out)
{
	if (!l->partial.len)
		return false;
	text_harmless(out, l->partial.buf, l->partial.len, TEXT_ONE_LINE);
	return true;
}
