#include "base/wirefacts.h"

#include <string.h>

#include "base/mem.h"

enum { FILES_MAX = 64, TEXT_MAX = 4096 };

/* No text of an honest configuration is longer; a cut path would be another path. */
static const char *
short_enough(const char *text)
{
	return text && strlen(text) <= TEXT_MAX ? text : "";
}

/* How many files fit into one frame. */
static size_t
count_files(const struct wirefacts *f, size_t used)
{
	size_t n = 0;

	used += sizeof(uint32_t);
	while (n < f->files.len && n < FILES_MAX) {
		used += sizeof(uint32_t) + strlen(short_enough(f->files.at[n]));
		if (used > WIRE_PAYLOAD_MAX)
			break;
		n++;
	}
	return n;
}

void
wirefacts_add(struct str *payload, const struct wirefacts *f)
{
	wire_add_u32(payload, WIRE_PROTO);
#define X(name) wire_add_text(payload, short_enough(f->name));
	WIREFACTS_TEXTS(X)
#undef X
#define X(name) wire_add_u32(payload, f->name);
	WIREFACTS_NUMBERS(X)
#undef X
	size_t count = count_files(f, payload->len);
	wire_add_u32(payload, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		wire_add_text(payload, short_enough(f->files.at[i]));
}

bool
wirefacts_get(struct wirefacts *f, const char *payload, size_t len)
{
	struct wire_cursor c = {.p = payload, .len = len};
	uint32_t proto = wire_get_u32(&c);

	*f = (struct wirefacts){0};
#define X(name) f->name = wire_get_text(&c);
	WIREFACTS_TEXTS(X)
#undef X
#define X(name) f->name = wire_get_u32(&c);
	WIREFACTS_NUMBERS(X)
#undef X
	uint32_t count = wire_get_u32(&c);
	for (uint32_t i = 0; i < count && i < FILES_MAX && !c.bad; i++) {
		char *path = wire_get_text(&c);

		if (path)
			vec_push(&f->files, path);
	}
	if (proto == WIRE_PROTO && !c.bad && c.len == 0)
		return true;
	wirefacts_release(f);
	return false;
}

void
wirefacts_release(struct wirefacts *f)
{
#define X(name) mem_free(f->name);
	WIREFACTS_TEXTS(X)
#undef X
	for (size_t i = 0; i < f->files.len; i++)
		mem_free(f->files.at[i]);
	vec_free(&f->files);
	*f = (struct wirefacts){0};
}
