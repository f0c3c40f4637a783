#include "base/redact.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"

struct secret {
	char *name;
	char *value;
	size_t len;
};

struct redact {
	VEC_OF(struct secret) secrets;
	bool starts[256]; /* bytes with which some value begins */
};

/*
 * `work` holds the bytes whose fate is open. All that any value covers is taken out, also
 * where values overlap: a rest of the second one would be a piece of a secret. Whether a
 * value begins at a byte depends only on the bytes that follow, so the result is the same
 * however the text was cut into chunks.
 */
struct redact_stream {
	const struct redact *set;
	struct str work;
	size_t covered; /* bytes at the front of work that belong to a value */
	size_t tag; /* value named last in the covered region, + 1; 0 outside of one */
	VEC_OF(size_t) hits;
};

struct redact *
redact_new(void)
{
	return mem_alloc(sizeof(struct redact));
}

void
redact_free(struct redact *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->secrets.len; i++) {
		mem_free(r->secrets.at[i].name);
		mem_wipe_free(r->secrets.at[i].value, r->secrets.at[i].len);
	}
	vec_free(&r->secrets);
	mem_free(r);
}

bool
redact_add(
	struct redact *r, const char *name, const char *value, size_t len, struct err *e)
{
	if (len < REDACT_MIN_BYTES)
		return err_set(e, ERR_REFUSED,
			"secret %s has %zu bytes: below %d it would be found everywhere",
			name, len, (int)REDACT_MIN_BYTES);
	for (size_t i = 0; i < r->secrets.len; i++) {
		const struct secret *have = &r->secrets.at[i];
		if (have->len == len && memcmp(have->value, value, len) == 0)
			return true; /* the first name stands for it */
	}
	struct secret *secret = vec_add(&r->secrets);
	*secret = (struct secret){
		.name = mem_strdup(name),
		.value = mem_copy(value, len),
		.len = len,
	};
	r->starts[(unsigned char)value[0]] = true;
	return true;
}

size_t
redact_count(const struct redact *r)
{
	return r->secrets.len;
}

const char *
redact_name(const struct redact *r, size_t i)
{
	return i < r->secrets.len ? r->secrets.at[i].name : NULL;
}

struct redact_stream *
redact_stream_new(const struct redact *r)
{
	struct redact_stream *s = mem_alloc(sizeof *s);

	s->set = r;
	str_init(&s->work);
	return s;
}

void
redact_stream_free(struct redact_stream *s)
{
	if (s == NULL)
		return;
	if (s->work.cap > 0)
		mem_wipe(s->work.buf, s->work.cap);
	str_release(&s->work);
	vec_free(&s->hits);
	mem_free(s);
}

enum found { FOUND_NOTHING, FOUND_VALUE, FOUND_PERHAPS };

/* The longest value that begins at p. FOUND_PERHAPS: some longer value fits as far as the
 * bytes go, more are needed to know. */
static enum found
find_at(const struct redact *r, const char *p, size_t left, size_t *which)
{
	size_t longest = 0;
	enum found found = FOUND_NOTHING;

	for (size_t i = 0; i < r->secrets.len; i++) {
		const struct secret *s = &r->secrets.at[i];
		size_t seen = s->len < left ? s->len : left;
		if (s->value[0] != p[0] || memcmp(s->value, p, seen) != 0)
			continue;
		if (s->len > left)
			return FOUND_PERHAPS;
		if (s->len > longest) {
			longest = s->len;
			*which = i;
			found = FOUND_VALUE;
		}
	}
	return found;
}

/* Bytes with which no value begins. */
static size_t
skip_plain(const struct redact *r, const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && !r->starts[(unsigned char)p[n]])
		n++;
	return n;
}

static void
name_value(struct redact_stream *s, size_t which, struct str *out)
{
	if (s->tag == which + 1)
		return; /* a value that overlaps itself is one finding */
	s->tag = which + 1;
	while (s->hits.len <= which)
		vec_push(&s->hits, 0);
	s->hits.at[which]++;
	str_addf(out, "[redacted:%s]", s->set->secrets.at[which].name);
}

enum ending { MORE_MAY_COME, TEXT_ENDS };

/* At the end of the text a value that fits only in part is none: look again without it. */
static enum found
decide_at(const struct redact *r, const char *p, size_t left, enum ending ending,
	size_t *which)
{
	enum found found = find_at(r, p, left, which);

	if (found != FOUND_PERHAPS || ending == MORE_MAY_COME)
		return found;
	size_t longest = 0;
	for (size_t i = 0; i < r->secrets.len; i++) {
		const struct secret *s = &r->secrets.at[i];
		if (s->len <= left && s->len > longest &&
			memcmp(s->value, p, s->len) == 0) {
			longest = s->len;
			*which = i;
		}
	}
	return longest > 0 ? FOUND_VALUE : FOUND_NOTHING;
}

static void
work_off(struct redact_stream *s, enum ending ending, struct str *out)
{
	const struct redact *r = s->set;
	const char *p = s->work.buf;
	size_t len = s->work.len, i = 0, covered = s->covered, which = 0;

	while (i < len) {
		if (i >= covered) {
			s->tag = 0;
			size_t plain = skip_plain(r, p + i, len - i);
			str_add(out, p + i, plain);
			i += plain;
			if (i == len)
				break;
		}
		enum found found = decide_at(r, p + i, len - i, ending, &which);
		if (found == FOUND_PERHAPS)
			break;
		if (found == FOUND_VALUE && i + r->secrets.at[which].len > covered) {
			covered = i + r->secrets.at[which].len;
			name_value(s, which, out);
		}
		if (i >= covered)
			str_addc(out, p[i]);
		i++;
	}
	s->covered = covered > i ? covered - i : 0;
	str_drop(&s->work, i);
}

void
redact_feed(struct redact_stream *s, const void *p, size_t len, struct str *out)
{
	if (s->set->secrets.len == 0 && s->work.len == 0) {
		str_add(out, p, len);
		return;
	}
	str_add(&s->work, p, len);
	work_off(s, MORE_MAY_COME, out);
}

void
redact_end(struct redact_stream *s, struct str *out)
{
	work_off(s, TEXT_ENDS, out);
	s->tag = 0;
}

size_t
redact_hits(const struct redact_stream *s, size_t i)
{
	return i < s->hits.len ? s->hits.at[i] : 0;
}

void
redact_text(const struct redact *r, const char *p, size_t len, struct str *out)
{
	struct redact_stream *s = redact_stream_new(r);

	redact_feed(s, p, len, out);
	redact_end(s, out);
	redact_stream_free(s);
}
