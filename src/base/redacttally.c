#include "base/redacttally.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

static const char head[] = "[redacted:";
enum { HEAD_BYTES = sizeof head - 1 };

static void
count_one(struct redacttally *t)
{
	const char *name = t->name;
	struct redacttally_row *row;

	for (size_t i = 0; i < 2; i++, name = "others") {
		for (size_t at = 0; at < t->list.len; at++) {
			if (strcmp(t->list.at[at].name, name) == 0) {
				t->list.at[at].count++;
				return;
			}
		}
		if (t->list.len < REDACTTALLY_NAMES + i)
			break;
	}
	row = vec_add(&t->list);
	*row = (struct redacttally_row){.name = mem_strdup(name), .count = 1};
}

/* Names of inputs, with the calls they belong to, and of shapes. */
static bool
names_hold(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.' || c == '/';
}

/* One more byte of what may be a mark. */
static void
go_on(struct redacttally *t, char c)
{
	size_t at = t->matched;

	if (at < HEAD_BYTES) {
		t->matched = c == head[at] ? at + 1 : c == head[0];
		return;
	}
	at -= HEAD_BYTES;
	t->name[at] = '\0';
	if (c == ']' && at > 0)
		count_one(t);
	if (!names_hold(c) || at + 1 == sizeof t->name) {
		t->matched = 0;
		return;
	}
	t->name[at] = c;
	t->matched++;
}

void
redacttally_feed(struct redacttally *t, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end) {
		if (t->matched == 0) {
			p = memchr(p, head[0], (size_t)(end - p));
			if (!p)
				return;
		}
		go_on(t, *p++);
	}
}

void
redacttally_write(const struct redacttally *t, struct jsonout *j)
{
	if (t->list.len == 0)
		return;
	jsonout_key(j, "redacted");
	jsonout_open(j);
	for (size_t i = 0; i < t->list.len; i++)
		jsonout_kint(j, t->list.at[i].name, t->list.at[i].count);
	jsonout_close(j);
}

void
redacttally_release(struct redacttally *t)
{
	for (size_t i = 0; i < t->list.len; i++)
		mem_free(t->list.at[i].name);
	vec_free(&t->list);
	*t = (struct redacttally){0};
}
