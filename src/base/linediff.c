#include "base/linediff.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"

/* Lines in the middle that are compared with each other; beyond that all of it differs. */
enum { MIDDLE_MAX = 1500 };

struct piece {
	const char *at;
	size_t len;
};

struct pieces {
	VEC_OF(struct piece) list;
};

static void
split(const char *text, struct pieces *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		vec_push(&out->list, (struct piece){text, len});
		text += len + (text[len] == '\n');
	}
}

static bool
same(const struct pieces *a, size_t i, const struct pieces *b, size_t k)
{
	const struct piece *x = &a->list.at[i], *y = &b->list.at[k];

	return x->len == y->len && memcmp(x->at, y->at, x->len) == 0;
}

static void
line(struct str *out, char mark, const struct piece *p)
{
	str_addf(out, "%c %.*s\n", mark, (int)p->len, p->at);
}

/* The longest row of lines that both have, by the table of its lengths. */
static void
middle(const struct pieces *a, size_t from, size_t to_a, const struct pieces *b,
	size_t to_b, struct str *out)
{
	size_t n = to_a - from, m = to_b - from, wide = m + 1, i = 0, k = 0;
	unsigned short *len = mem_array((n + 1) * wide, sizeof *len);

	for (size_t x = n; x-- > 0;)
		for (size_t y = m; y-- > 0;) {
			unsigned short down = len[(x + 1) * wide + y],
				       right = len[x * wide + y + 1];

			len[x * wide + y] = same(a, from + x, b, from + y)
				? (unsigned short)(len[(x + 1) * wide + y + 1] + 1)
				: down > right ? down
					       : right;
		}
	while (i < n || k < m) {
		if (i < n && k < m && same(a, from + i, b, from + k)) {
			i++;
			k++;
		} else if (i < n &&
			(k == m || len[(i + 1) * wide + k] >= len[i * wide + k + 1])) {
			line(out, '-', &a->list.at[from + i++]);
		} else {
			line(out, '+', &b->list.at[from + k++]);
		}
	}
	mem_free(len);
}

void
linediff(const char *old, const char *new, struct str *out)
{
	struct pieces a = {0}, b = {0};
	size_t from = 0, to_a, to_b;

	split(old, &a);
	split(new, &b);
	to_a = a.list.len;
	to_b = b.list.len;
	while (from < to_a && from < to_b && same(&a, from, &b, from))
		from++;
	while (to_a > from && to_b > from && same(&a, to_a - 1, &b, to_b - 1)) {
		to_a--;
		to_b--;
	}
	if (to_a - from <= MIDDLE_MAX && to_b - from <= MIDDLE_MAX) {
		middle(&a, from, to_a, &b, to_b, out);
	} else {
		for (size_t i = from; i < to_a; i++)
			line(out, '-', &a.list.at[i]);
		for (size_t i = from; i < to_b; i++)
			line(out, '+', &b.list.at[i]);
	}
	vec_free(&a.list);
	vec_free(&b.list);
}
