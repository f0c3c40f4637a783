#include "base/redact.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/redactform.h"
#include "base/redactshape.h"
#include "base/vec.h"

enum {
	PAIRS = 256 * 256,
	PAIR_BEGINS = 1,   /* a pattern begins with these two bytes */
	PAIR_TELLS = 2,    /* behind the second one a shape may begin */
	WRAP_BYTES = 4096, /* base64 of a longer value is looked for in one line only */
	WRAP_AFTER = 4, /* it is not broken earlier: nothing is held back for a letter */
	KEY_LINES = 1000,
};

static const char mark[] = "[redacted:";

/* One spelling of a value. */
struct pattern {
	char *bytes;
	size_t len;
	size_t secret; /* index of its name */
	bool wraps;    /* line ends may stand within */
};

/* Patterns are sorted by their first two bytes. */
struct redact {
	VEC_OF(char *) names;
	VEC_OF(struct pattern) patterns;
	bool starts[256]; /* bytes with which a pattern begins */
	unsigned char pairs[PAIRS];
	bool ends[PAIRS]; /* a blank behind these two bytes may tell */
};

/*
 * `work` holds `seen` bytes that are settled, for looking back, and behind them the bytes
 * whose fate is open. All that any secret covers is taken out, also where secrets overlap:
 * a rest of the second one would be a piece of it. Whether one begins at a byte depends only
 * on the bytes around it, so the result is the same however the text was cut into chunks.
 */
struct redact_stream {
	const struct redact *set;
	struct str work;
	size_t seen;    /* bytes at the front of work that are settled */
	size_t covered; /* bytes behind them that belong to a value */
	size_t tag; /* what was named last in the covered region, + 1; 0 outside of one */
	bool pending; /* a shape may begin at the next byte, or hides already */
	bool hiding;
	struct redactshape_state shape;
	VEC_OF(size_t) hits;
	size_t shape_hits[REDACTSHAPE_COUNT];
};

/* ---- the set --------------------------------------------------------------------------- */

/* Two bytes as an index of `pairs`, in the order of this machine. */
static unsigned
pair_of(const char *p)
{
	uint16_t pair;

	memcpy(&pair, p, sizeof pair);
	return pair;
}

/* The same for sorting, by the first byte before the second. */
static int
order_of(const char *p)
{
	return (unsigned char)p[0] << 8 | (unsigned char)p[1];
}

struct redact *
redact_new(void)
{
	struct redact *r = mem_alloc(sizeof *r);

	for (unsigned pair = 0; pair < PAIRS; pair++) {
		char bytes[] = {(char)(pair >> 8), (char)pair};

		if (redactshape_tells(bytes[0], bytes[1]))
			r->pairs[pair_of(bytes)] = PAIR_TELLS;
		r->ends[pair_of(bytes)] = redactshape_ends(bytes[0], bytes[1]);
	}
	return r;
}

void
redact_free(struct redact *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->patterns.len; i++)
		mem_wipe_free(r->patterns.at[i].bytes, r->patterns.at[i].len);
	for (size_t i = 0; i < r->names.len; i++)
		mem_free(r->names.at[i]);
	vec_free(&r->patterns);
	vec_free(&r->names);
	mem_free(r);
}

static bool
is_known(const struct redact *r, const char *bytes, size_t len)
{
	for (size_t i = 0; i < r->patterns.len; i++)
		if (r->patterns.at[i].len == len &&
			memcmp(r->patterns.at[i].bytes, bytes, len) == 0)
			return true; /* the first name stands for it */
	return false;
}

static void
pattern_add(void *ctx, const char *bytes, size_t len, bool wraps)
{
	struct redact *r = ctx;

	if (is_known(r, bytes, len))
		return;
	vec_push(&r->patterns,
		(struct pattern){
			.bytes = mem_copy(bytes, len),
			.len = len,
			.secret = r->names.len,
			.wraps = wraps && len <= WRAP_BYTES,
		});
	r->starts[(unsigned char)bytes[0]] = true;
	r->pairs[pair_of(bytes)] |= PAIR_BEGINS;
}

static int
by_pair(const void *a, const void *b)
{
	const struct pattern *x = a, *y = b;

	return order_of(x->bytes) - order_of(y->bytes);
}

bool
redact_add(
	struct redact *r, const char *name, const char *value, size_t len, struct err *e)
{
	size_t before = r->patterns.len;

	if (len < REDACT_MIN_BYTES)
		return err_set(e, ERR_REFUSED,
			"secret %s has %zu bytes: below %d it would be found everywhere",
			name, len, (int)REDACT_MIN_BYTES);
	if (is_known(r, value, len))
		return true;
	redactform_each(value, len, REDACT_MIN_BYTES, pattern_add, r);
	if (r->patterns.len > before)
		vec_push(&r->names, mem_strdup(name));
	qsort(r->patterns.at, r->patterns.len, sizeof *r->patterns.at, by_pair);
	return true;
}

size_t
redact_count(const struct redact *r)
{
	return r->names.len;
}

size_t
redact_kinds(const struct redact *r)
{
	return r->names.len + REDACTSHAPE_COUNT - 1;
}

const char *
redact_name(const struct redact *r, size_t i)
{
	if (i < r->names.len)
		return r->names.at[i];
	if (i < redact_kinds(r))
		return redactshape_name((enum redactshape)(i - r->names.len + 1));
	return NULL;
}

bool
redact_marked(const char *text)
{
	return strstr(text, mark) != NULL;
}

/* ---- values ---------------------------------------------------------------------------- */

enum found { FOUND_NOTHING, FOUND_VALUE, FOUND_PERHAPS };

enum ending { MORE_MAY_COME, TEXT_ENDS };

/* Base64 that was broken into lines; as JSON the line end is \n, two bytes. *used: bytes of
 * the text that the pattern covers. */
static enum found
fits_wrapped(const struct pattern *w, const char *p, size_t left, size_t *used)
{
	size_t i = 0, n = 0;

	while (i < w->len) {
		if (n == left)
			return FOUND_PERHAPS;
		if (w->bytes[i] == p[n]) {
			i++;
			n++;
		} else if (i >= WRAP_AFTER && (p[n] == '\n' || p[n] == '\r')) {
			n++;
		} else if (i >= WRAP_AFTER && p[n] == '\\') {
			if (n + 1 == left)
				return FOUND_PERHAPS;
			if (p[n + 1] != 'n' && p[n + 1] != 'r')
				return FOUND_NOTHING;
			n += 2;
		} else {
			return FOUND_NOTHING;
		}
		if (n > 3 * w->len)
			return FOUND_NOTHING;
	}
	*used = n;
	return FOUND_VALUE;
}

static enum found
fits(const struct pattern *w, const char *p, size_t left, size_t *used)
{
	if (w->wraps)
		return fits_wrapped(w, p, left, used);
	if (memcmp(w->bytes, p, w->len < left ? w->len : left) != 0)
		return FOUND_NOTHING;
	*used = w->len;
	return w->len <= left ? FOUND_VALUE : FOUND_PERHAPS;
}

/* The first of the patterns that are not before this order. */
static size_t
first_of(const struct redact *r, int order)
{
	size_t low = 0, high = r->patterns.len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (order_of(r->patterns.at[middle].bytes) < order)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The value that covers most from p on: *which secret, *used bytes. FOUND_PERHAPS: some
 * value fits as far as the bytes go, more are needed to know; at the end of the text such a
 * one is none. */
static enum found
find_at(const struct redact *r, const char *p, size_t left, enum ending ending,
	size_t *which, size_t *used)
{
	enum found found = FOUND_NOTHING;
	size_t most = 0, i;

	if (!r->starts[(unsigned char)p[0]])
		return FOUND_NOTHING;
	if (left < 2)
		return ending == MORE_MAY_COME ? FOUND_PERHAPS : FOUND_NOTHING;
	if (!(r->pairs[pair_of(p)] & PAIR_BEGINS))
		return FOUND_NOTHING;
	for (i = first_of(r, order_of(p)); i < r->patterns.len; i++) {
		size_t n = 0;
		enum found fit;

		if (order_of(r->patterns.at[i].bytes) != order_of(p))
			break;
		fit = fits(&r->patterns.at[i], p, left, &n);
		if (fit == FOUND_PERHAPS && ending == MORE_MAY_COME)
			return FOUND_PERHAPS;
		if (fit == FOUND_VALUE && n > most) {
			most = *used = n;
			*which = r->patterns.at[i].secret;
			found = FOUND_VALUE;
		}
	}
	return found;
}

/* ---- a stream -------------------------------------------------------------------------- */

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

/* A shape may begin behind p[i]. */
static bool
tells(struct redact_stream *s, const char *p, size_t i)
{
	size_t from = i > REDACTSHAPE_BACK ? i - REDACTSHAPE_BACK : 0;

	if (i > 1 && p[i] == ' ' && !s->set->ends[pair_of(p + i - 2)])
		return false;
	return i > 0 && s->set->pairs[pair_of(p + i - 1)] & PAIR_TELLS &&
		redactshape_begins(p + from, i - from, &s->shape);
}

/* The first byte from p[i] on with which something may begin, or behind which. */
static size_t
skip_plain(struct redact_stream *s, const char *p, size_t i, size_t len)
{
	const struct redact *r = s->set;

	if (i < len && tells(s, p, i))
		return i;
	for (; i + 1 < len; i++) {
		unsigned kind;

		while (i + 4 < len &&
			!(r->pairs[pair_of(p + i)] | r->pairs[pair_of(p + i + 1)] |
				r->pairs[pair_of(p + i + 2)] |
				r->pairs[pair_of(p + i + 3)]))
			i += 4;
		if (i + 1 == len)
			break;
		kind = r->pairs[pair_of(p + i)];
		if (!kind)
			continue;
		if (kind & PAIR_BEGINS)
			return i;
		if (tells(s, p, i + 1))
			return i + 1;
	}
	return i < len && r->starts[(unsigned char)p[i]] ? i : len;
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
	str_addf(out, "%s%s]", mark, s->set->names.at[which]);
}

static void
name_shape(struct redact_stream *s, struct str *out)
{
	s->shape_hits[s->shape.shape]++;
	s->tag = SIZE_MAX;
	str_addf(out, "%s%s]", mark, redactshape_name(s->shape.shape));
}

/* A shape that may begin at byte i, or hides already: whether byte i is hidden by it. */
static bool
hides(struct redact_stream *s, enum redactshape_verdict shape, bool covered,
	struct str *out)
{
	if (!s->hiding && shape == REDACTSHAPE_YES && !covered)
		name_shape(s, out);
	s->hiding = shape == REDACTSHAPE_YES;
	s->pending = s->hiding || shape == REDACTSHAPE_QUOTED;
	return s->hiding;
}

/* What the shape that is pending says of byte i. */
static enum redactshape_verdict
ask_shape(struct redact_stream *s, size_t i, enum ending ending)
{
	struct redactshape_state before = s->shape;
	const char *p = s->work.buf;
	size_t len = s->work.len;
	bool ends = ending == TEXT_ENDS;
	enum redactshape_verdict v = REDACTSHAPE_YES;

	if (!s->hiding)
		v = redactshape_decide(&s->shape, p + i, len - i, ends);
	if (v == REDACTSHAPE_YES)
		v = redactshape_takes(&s->shape, p, i, len, ends);
	if (v == REDACTSHAPE_MORE)
		s->shape = before; /* it is asked again */
	return v;
}

static void
settle(struct redact_stream *s, size_t i, size_t covered)
{
	size_t keep = i < REDACTSHAPE_BACK ? i : REDACTSHAPE_BACK;

	s->covered = covered > i ? covered - i : 0;
	str_drop(&s->work, i - keep);
	s->seen = keep;
}

static void
work_off(struct redact_stream *s, enum ending ending, struct str *out)
{
	const struct redact *r = s->set;
	const char *p = s->work.buf;
	size_t len = s->work.len, i = s->seen, covered = i + s->covered;

	while (i < len) {
		enum redactshape_verdict shape = REDACTSHAPE_NO;
		size_t which = 0, used = 0;
		enum found found;
		bool hidden;

		if (i >= covered && !s->pending) {
			size_t next = skip_plain(s, p, i, len);

			s->tag = 0;
			str_add(out, p + i, next - i);
			i = next;
			if (i == len)
				break;
		}
		found = find_at(r, p + i, len - i, ending, &which, &used);
		if (found == FOUND_PERHAPS)
			break;
		if (s->pending)
			shape = ask_shape(s, i, ending);
		if (shape == REDACTSHAPE_MORE)
			break;
		if (found == FOUND_VALUE && i + used > covered) {
			covered = i + used;
			name_value(s, which, out);
		}
		hidden = s->pending && hides(s, shape, i < covered, out);
		if (!hidden && i >= covered)
			str_addc(out, p[i]);
		if (!hidden && !s->pending)
			s->pending = tells(s, p, i);
		i++;
	}
	settle(s, i, covered);
}

void
redact_feed(struct redact_stream *s, const void *p, size_t len, struct str *out)
{
	str_add(&s->work, p, len);
	work_off(s, MORE_MAY_COME, out);
}

static void
start_again(struct redact_stream *s)
{
	str_drop(&s->work, s->work.len);
	s->seen = s->covered = s->tag = 0;
	s->pending = s->hiding = false;
}

void
redact_end(struct redact_stream *s, struct str *out)
{
	work_off(s, TEXT_ENDS, out);
	start_again(s);
}

void
redact_line(struct redact_stream *s, const char *p, size_t len, unsigned *key_lines,
	struct str *out)
{
	if (*key_lines > 0) {
		redactshape_key(&s->shape);
		s->pending = true;
	}
	str_add(&s->work, p, len);
	work_off(s, TEXT_ENDS, out);
	if (s->pending && s->shape.shape == REDACTSHAPE_PRIVATE_KEY && !s->shape.last &&
		*key_lines < KEY_LINES)
		++*key_lines;
	else
		*key_lines = 0;
	start_again(s);
}

size_t
redact_hits(const struct redact_stream *s, size_t i)
{
	size_t values = s->set->names.len;

	if (i < values)
		return i < s->hits.len ? s->hits.at[i] : 0;
	return i < redact_kinds(s->set) ? s->shape_hits[i - values + 1] : 0;
}

void
redact_text(const struct redact *r, const char *p, size_t len, struct str *out)
{
	struct redact_stream *s = redact_stream_new(r);

	redact_feed(s, p, len, out);
	redact_end(s, out);
	redact_stream_free(s);
}
