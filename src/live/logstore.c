#include "live/logstore.h"

#include <string.h>

#include "base/bug.h"
#include "base/mem.h"

/* Texts lie in chunks: a chunk is free again when the last line in it has gone. Lines come
 * nearly in the order of their time, so old chunks empty at about the same time. */
enum { CHUNK_BYTES = 256 * 1024, CHUNKS_MIN = 4, LINES_FIRST = 1024, LINES_FEW = 32768 };
/* The first chunks are got one by one, for the many logs that stay small; later ones from
 * slabs of a large page each. */
enum { SLAB_CHUNKS = 8 };

struct chunk {
	char *bytes;
	uint32_t used, lines;
};

struct logstore {
	struct logline *lines; /* circular, cap is a power of two */
	size_t cap, max_lines;
	uint64_t first, end, dropped;
	struct chunk *chunks;
	size_t chunk_count, chunks_max, in_use;
	size_t filling; /* the chunk that takes the next text */
};

struct logstore *
logstore_new(size_t max_lines, size_t max_bytes)
{
	struct logstore *s = mem_alloc(sizeof *s);

	BUG_ON(max_lines == 0);
	s->max_lines = max_lines;
	s->chunks_max = (max_bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
	if (s->chunks_max < CHUNKS_MIN)
		s->chunks_max = CHUNKS_MIN;
	s->chunks = mem_array(s->chunks_max, sizeof *s->chunks);
	s->cap = LINES_FIRST;
	s->lines = mem_array(s->cap, sizeof *s->lines);
	s->filling = s->chunks_max;
	return s;
}

static bool
in_slab(const struct logstore *s, size_t chunk)
{
	size_t slab = chunk - chunk % SLAB_CHUNKS;

	return slab > 0 && slab + SLAB_CHUNKS <= s->chunks_max;
}

void
logstore_free(struct logstore *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->chunk_count; i++) {
		if (!in_slab(s, i) || i % SLAB_CHUNKS == 0)
			mem_free(s->chunks[i].bytes);
	}
	mem_free(s->chunks);
	mem_free(s->lines);
	mem_free(s);
}

static struct logline *
at(const struct logstore *s, uint64_t seq)
{
	return &s->lines[seq & (s->cap - 1)];
}

static void
drop_oldest(struct logstore *s)
{
	struct chunk *c = &s->chunks[at(s, s->first)->chunk];

	c->lines--;
	if (c->lines == 0 && at(s, s->first)->chunk != s->filling) {
		c->used = 0;
		s->in_use--;
	}
	s->first++;
	s->dropped++;
}

static size_t
new_chunk(struct logstore *s)
{
	size_t i = s->chunk_count++;

	if (!in_slab(s, i))
		s->chunks[i].bytes = mem_grow(NULL, CHUNK_BYTES, 1);
	else if (i % SLAB_CHUNKS == 0)
		s->chunks[i].bytes = mem_large(SLAB_CHUNKS, CHUNK_BYTES);
	else
		s->chunks[i].bytes = s->chunks[i - 1].bytes + CHUNK_BYTES;
	return i;
}

static size_t
free_chunk(struct logstore *s)
{
	while (s->in_use >= s->chunks_max)
		drop_oldest(s);
	for (size_t i = 0; s->in_use < s->chunk_count; i++) {
		if (s->chunks[i].used == 0)
			return i;
	}
	return new_chunk(s);
}

static struct chunk *
room_for(struct logstore *s, size_t bytes)
{
	size_t full = s->filling;

	BUG_ON(bytes > CHUNK_BYTES);
	if (full < s->chunks_max && s->chunks[full].used + bytes <= CHUNK_BYTES)
		return &s->chunks[full];
	s->filling = s->chunks_max;
	if (full < s->chunks_max && s->chunks[full].lines == 0) {
		s->chunks[full].used = 0; /* all of its lines went while it was filled */
		s->in_use--;
	}
	s->filling = free_chunk(s);
	s->in_use++;
	return &s->chunks[s->filling];
}

/* Few lines double their room; more get all that they may ever need, since memory that is
 * not written yet costs nothing and copying does. */
static void
grow(struct logstore *s)
{
	struct logline *old = s->lines;
	size_t from = s->cap, to = from;

	do
		to *= 2;
	while (from >= LINES_FEW && to < s->max_lines);
	s->lines = mem_large(to, sizeof *s->lines);
	for (uint64_t i = s->first; i < s->end; i++)
		s->lines[i & (to - 1)] = old[i & (from - 1)];
	s->cap = to;
	mem_free(old);
}

/* Member by member: a record that was just made is slow to be read back as a whole. */
static void
put(struct logline *to, const struct logline *line, const struct logline *where)
{
	to->at_ms = line->at_ms;
	to->offset = line->offset;
	to->chunk = where->chunk;
	to->start = where->start;
	to->len = where->len;
	to->source = line->source;
	to->level = line->level;
	to->flags = line->flags | where->flags;
}

void
logstore_insert(struct logstore *s, uint64_t seq, const struct logline *line,
	const struct logstore_bytes *text, const struct logstore_bytes *raw)
{
	struct logline where = {.len = (uint32_t)text->len};
	struct chunk *c;

	if (s->end - s->first >= s->max_lines)
		drop_oldest(s);
	else if (s->end - s->first >= s->cap)
		grow(s);
	c = room_for(s, text->len + 1 + (raw ? raw->len : 0) + sizeof(uint32_t));
	if (seq < s->first)
		seq = s->first;
	where.chunk = (uint32_t)(c - s->chunks);
	where.start = c->used;
	memcpy(c->bytes + c->used, text->p, text->len);
	c->used += where.len;
	c->bytes[c->used++] = '\0';
	if (raw) {
		uint32_t n = (uint32_t)raw->len;

		where.flags = LOGLINE_RAW;
		memcpy(c->bytes + c->used, &n, sizeof n);
		memcpy(c->bytes + c->used + sizeof n, raw->p, n);
		c->used += (uint32_t)sizeof n + n;
	}
	c->lines++;
	for (uint64_t i = s->end; i > seq; i--)
		*at(s, i) = *at(s, i - 1);
	put(at(s, seq), line, &where);
	s->end++;
}

uint64_t
logstore_first(const struct logstore *s)
{
	return s->first;
}

uint64_t
logstore_end(const struct logstore *s)
{
	return s->end;
}

uint64_t
logstore_dropped(const struct logstore *s)
{
	return s->dropped;
}

size_t
logstore_bytes(const struct logstore *s)
{
	return s->chunk_count * CHUNK_BYTES;
}

const struct logline *
logstore_at(const struct logstore *s, uint64_t seq)
{
	BUG_ON(seq < s->first || seq >= s->end);
	return at(s, seq);
}

const char *
logstore_text(const struct logstore *s, const struct logline *l)
{
	return s->chunks[l->chunk].bytes + l->start;
}

struct logstore_bytes
logstore_raw(const struct logstore *s, const struct logline *l)
{
	const char *text = logstore_text(s, l);
	struct logstore_bytes raw = {text, l->len};
	uint32_t n;

	if (l->flags & LOGLINE_RAW) {
		memcpy(&n, text + l->len + 1, sizeof n);
		raw.p = text + l->len + 1 + sizeof n;
		raw.len = n;
	}
	return raw;
}

void
logstore_mark(struct logstore *s, uint64_t seq)
{
	BUG_ON(seq < s->first || seq >= s->end);
	at(s, seq)->flags ^= LOGLINE_MARKED;
}

/* By time, then by source, so that what one source said in one millisecond (a trace) stays
 * together. */
static bool
is_later(const struct logline *a, const struct logline *b)
{
	return a->at_ms != b->at_ms ? a->at_ms > b->at_ms : a->source > b->source;
}

uint64_t
logstore_place(const struct logstore *s, const struct logline *line, size_t reach)
{
	uint64_t low = s->end - s->first > reach ? s->end - reach : s->first;
	uint64_t seq = s->end;

	while (seq > low && is_later(at(s, seq - 1), line))
		seq--;
	return seq;
}
