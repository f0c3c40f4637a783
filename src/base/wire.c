#include "base/wire.h"

#include <string.h>

#include "base/bug.h"
#include "base/mem.h"

enum { LENGTH_BYTES = 4, WIRE_LENGTH_MIN = 5 };

static const struct {
	const char *name, *to;
} types[WIRE_TYPES] = {[WIRE_NONE] = {"NONE", ""},
#define X(name, to) [WIRE_##name] = {#name, to},
	WIRE_FRAMES(X)
#undef X
};

static bool
is_known(uint32_t type)
{
	return type > WIRE_NONE && type < WIRE_TYPES;
}

const char *
wire_name(enum wire_type type)
{
	return types[is_known(type) ? type : WIRE_NONE].name;
}

const char *
wire_to(enum wire_type type)
{
	return types[is_known(type) ? type : WIRE_NONE].to;
}

static uint32_t
read_u32(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void
wire_add_u32(struct str *s, uint32_t n)
{
	unsigned char b[4] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16),
		(unsigned char)(n >> 8), (unsigned char)n};

	str_add(s, b, sizeof b);
}

void
wire_add(
	struct str *out, enum wire_type type, uint32_t channel, const void *p, size_t len)
{
	BUG_ON(!is_known(type) || len > WIRE_PAYLOAD_MAX);
	str_reserve(out, WIRE_HEAD + len);
	wire_add_u32(out, (uint32_t)(WIRE_LENGTH_MIN + len));
	str_addc(out, (char)type);
	wire_add_u32(out, channel);
	str_add(out, p, len);
}

void
wire_reader_init(struct wire_reader *r)
{
	str_init(&r->in);
	r->used = 0;
}

void
wire_reader_release(struct wire_reader *r)
{
	mem_wipe(
		r->in.buf, r->in.cap); /* answers to password prompts pass through here */
	str_release(&r->in);
	r->used = 0;
}

void
wire_feed(struct wire_reader *r, const void *p, size_t len)
{
	str_taken(&r->in, &r->used);
	str_add(&r->in, p, len);
}

int
wire_next(struct wire_reader *r, struct wire_frame *f, struct err *e)
{
	const char *p = r->in.buf + r->used;
	size_t have = r->in.len - r->used;

	if (have < LENGTH_BYTES)
		return 0;
	uint32_t len = read_u32(p);
	if (len > WIRE_MAX) {
		err_set(e, ERR_LIMIT, "frame of %u bytes, at most %d are allowed",
			(unsigned)len, (int)WIRE_MAX);
		return -1;
	}
	if (len < WIRE_LENGTH_MIN) {
		err_set(e, ERR_PARSE, "frame of %u bytes has no head", (unsigned)len);
		return -1;
	}
	/* Said as early as it can be known, not when the payload has arrived. */
	if (have > LENGTH_BYTES && !is_known((unsigned char)p[LENGTH_BYTES])) {
		err_set(e, ERR_PARSE, "unknown frame type %u",
			(unsigned char)p[LENGTH_BYTES]);
		return -1;
	}
	if (have < LENGTH_BYTES + (size_t)len)
		return 0;
	*f = (struct wire_frame){
		.type = (enum wire_type)(unsigned char)p[LENGTH_BYTES],
		.channel = read_u32(p + LENGTH_BYTES + 1),
		.payload = p + WIRE_HEAD,
		.len = len - WIRE_LENGTH_MIN,
	};
	r->used += LENGTH_BYTES + len;
	return 1;
}

void
wire_add_text(struct str *s, const char *text)
{
	wire_add_bytes(s, text, strlen(text));
}

void
wire_add_bytes(struct str *s, const void *p, size_t len)
{
	BUG_ON(len > UINT32_MAX);
	wire_add_u32(s, (uint32_t)len);
	str_add(s, p, len);
}

static const char *
take(struct wire_cursor *c, size_t len)
{
	if (c->bad || c->len < len) {
		c->bad = true;
		return NULL;
	}
	const char *p = c->p;
	c->p += len;
	c->len -= len;
	return p;
}

uint32_t
wire_get_u32(struct wire_cursor *c)
{
	const char *p = take(c, 4);

	return p != NULL ? read_u32(p) : 0;
}

const char *
wire_get_bytes(struct wire_cursor *c, size_t *len)
{
	size_t n = wire_get_u32(c);
	const char *p = take(c, n);

	*len = p != NULL ? n : 0;
	return p;
}

char *
wire_get_text(struct wire_cursor *c)
{
	size_t len;
	const char *p = wire_get_bytes(c, &len);

	if (p != NULL && memchr(p, '\0', len) != NULL)
		c->bad = true;
	return p != NULL && !c->bad ? mem_strndup(p, len) : NULL;
}
