#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "base/mem.h"

enum { STR_FIRST_BYTES = 32 };

const char str_empty[1] = "";

void
str_init(struct str *s)
{
	*s = STR_INIT;
}

void
str_release(struct str *s)
{
	if (s->cap > 0)
		mem_free(s->buf);
	str_init(s);
}

void
str_reset(struct str *s)
{
	str_cut(s, 0);
}

void
str_reserve(struct str *s, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(s->len, more, &need) || need == SIZE_MAX)
		bug_no_memory(SIZE_MAX);
	need++; /* the NUL */
	if (need <= s->cap)
		return;
	size_t cap = s->cap > SIZE_MAX / 2 ? need : s->cap * 2;
	if (cap < need)
		cap = need;
	if (cap < STR_FIRST_BYTES)
		cap = STR_FIRST_BYTES;
	if (s->cap == 0) {
		s->buf = mem_grow(NULL, cap, 1);
		s->buf[0] = '\0';
	} else {
		s->buf = mem_grow(s->buf, cap, 1);
	}
	s->cap = cap;
}

void
str_add(struct str *s, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	str_reserve(s, len);
	memcpy(s->buf + s->len, bytes, len);
	s->len += len;
	s->buf[s->len] = '\0';
}

void
str_adds(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void
str_addc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void
str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	size_t room = s->cap > 0 ? s->cap - s->len : 0;
	int n = vsnprintf(room > 0 ? s->buf + s->len : NULL, room, fmt, ap);
	BUG_ON(n < 0);
	if ((size_t)n >= room) {
		str_reserve(s, (size_t)n);
		vsnprintf(s->buf + s->len, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	s->len += (size_t)n;
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

void
str_cut(struct str *s, size_t len)
{
	BUG_ON(len > s->len);
	if (s->cap == 0)
		return;
	s->len = len;
	s->buf[len] = '\0';
}

void
str_drop(struct str *s, size_t front)
{
	BUG_ON(front > s->len);
	if (front == 0)
		return;
	memmove(s->buf, s->buf + front, s->len - front + 1);
	s->len -= front;
}

void
str_taken(struct str *s, size_t *used)
{
	if (*used < s->len - *used)
		return;
	if (*used == s->len && s->cap > STR_QUEUE_KEEP)
		str_release(s);
	else
		str_drop(s, *used);
	*used = 0;
}

char *
str_take(struct str *s)
{
	char *text = s->cap > 0 ? s->buf : mem_strdup("");

	str_init(s);
	return text;
}

bool
str_ends(const struct str *s, const char *tail)
{
	size_t n = strlen(tail);

	return n <= s->len && memcmp(s->buf + s->len - n, tail, n) == 0;
}

bool
str_eq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
str_starts(const char *s, const char *head)
{
	return strncmp(s, head, strlen(head)) == 0;
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment over three rows of the usual table. */
/* Gives up with something above `limit` as soon as it cannot be less. */
static size_t
distance_within(const char *a, const char *b, size_t limit)
{
	size_t alen = strlen(a), blen = strlen(b);
	size_t few[3 * 33]; /* words are short, and asked about by the thousand */
	size_t *rows = blen < 33 ? few : mem_array(3 * (blen + 1), sizeof *rows);
	size_t *before = rows, *last = rows + blen + 1, *row = last + blen + 1;
	size_t last_least = 0, least = 0;

	for (size_t j = 0; j <= blen; j++)
		last[j] = j;
	for (size_t i = 1; i <= alen && (least <= limit || last_least <= limit); i++) {
		last_least = least;
		least = row[0] = i;
		for (size_t j = 1; j <= blen; j++) {
			size_t replace = last[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = min3(last[j] + 1, row[j - 1] + 1, replace);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
			if (row[j] < least)
				least = row[j];
		}
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	size_t distance = least <= limit || last_least <= limit ? last[blen] : least;
	if (rows != few)
		mem_free(rows);
	return distance;
}

size_t
str_distance(const char *a, const char *b)
{
	return distance_within(a, b, SIZE_MAX);
}

const char *
str_nearest(const char *word, const char *const *names)
{
	size_t len = strlen(word);
	size_t best = len / 3 > 0 ? len / 3 : 1;
	const char *found = NULL;

	for (; *names != NULL; names++) {
		size_t n = strlen(*names);
		size_t apart = n > len ? n - len : len - n;
		if (apart > best || n == 0)
			continue;
		size_t d = distance_within(word, *names, best);
		/* A one-letter word is not near another letter. */
		if (d > best || d >= n || (found != NULL && d == best))
			continue;
		best = d;
		found = *names;
	}
	return found;
}

void
str_add_bytes(struct str *s, int64_t n)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	enum { STEP = 1024, TENTHS = 10 };
	int64_t tenths = n / STEP * TENTHS + n % STEP * TENTHS / STEP;
	size_t u = 0;

	if (n < STEP) {
		str_addf(s, "%lld B", (long long)n);
		return;
	}
	while (tenths >= (int64_t)STEP * TENTHS && u + 1 < sizeof units / sizeof *units) {
		tenths /= STEP;
		u++;
	}
	str_addf(s, "%lld.%lld %s", (long long)(tenths / TENTHS),
		(long long)(tenths % TENTHS), units[u]);
}

void
str_add_shell_quoted(struct str *s, const char *text)
{
	str_addc(s, '\'');
	for (const char *quote; (quote = strchr(text, '\'')) != NULL; text = quote + 1) {
		str_add(s, text, (size_t)(quote - text));
		str_adds(s, "'\\''");
	}
	str_adds(s, text);
	str_addc(s, '\'');
}

char *
str_flatten(char *text)
{
	for (char *c = text; c && *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return text;
}

void
str_add_flat(struct str *out, const char *s)
{
	while (*s) {
		size_t line = strcspn(s, "\r\n"), end = line;

		while (end && (s[end - 1] == ' ' || s[end - 1] == '\t'))
			end--;
		str_add(out, s, end);
		s += line;
		s += strspn(s, "\r\n \t");
		if (*s && end)
			str_adds(out, "; ");
	}
}
