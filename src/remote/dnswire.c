#include "remote/dnswire.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum {
	HEADER_BYTES = 12,
	NAME_MAX_BYTES = 255,
	JUMPS_MAX = 64,
	RECORDS_MAX = 1000,
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_SRV = 33,
	TYPE_CAA = 257,
	RCODE_MASK = 15,
	POINTER = 0xc0,
};

static const struct {
	const char *name;
	int type;
} types[] = {{"A", TYPE_A}, {"AAAA", TYPE_AAAA}, {"CNAME", TYPE_CNAME}, {"MX", TYPE_MX},
	{"TXT", TYPE_TXT}, {"NS", TYPE_NS}, {"SRV", TYPE_SRV}, {"CAA", TYPE_CAA}};

int
dnswire_type(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].type;
	return 0;
}

struct message {
	const unsigned char *p;
	size_t len, at;
	bool bad;
};

static unsigned
get(struct message *m, int bytes)
{
	unsigned v = 0;

	if (m->bad || m->len - m->at < (size_t)bytes) {
		m->bad = true;
		return 0;
	}
	while (bytes-- > 0)
		v = v << 8 | m->p[m->at++];
	return v;
}

/* A name, which may point backwards; out may be NULL. Never longer than a name may be. */
static void
get_name(struct message *m, struct str *out)
{
	size_t at = m->at, total = 0;
	bool jumped = false;
	int jumps = 0;

	for (;;) {
		unsigned n;

		if (at >= m->len || jumps > JUMPS_MAX || total > NAME_MAX_BYTES) {
			m->bad = true;
			return;
		}
		n = m->p[at++];
		if (n == 0)
			break;
		if ((n & POINTER) == POINTER) {
			if (at >= m->len) {
				m->bad = true;
				return;
			}
			if (!jumped)
				m->at = at + 1;
			jumped = true;
			jumps++;
			at = (size_t)(n & ~(unsigned)POINTER) << 8 | m->p[at];
			continue;
		}
		if (n > 63 || m->len - at < n) {
			m->bad = true;
			return;
		}
		if (out && total)
			str_addc(out, '.');
		if (out)
			text_harmless(out, (const char *)m->p + at, n, TEXT_ONE_LINE);
		total += n + 1;
		at += n;
	}
	if (!jumped)
		m->at = at;
}

static void
get_text(struct message *m, size_t len, struct str *out)
{
	if (m->bad || m->len - m->at < len) {
		m->bad = true;
		return;
	}
	text_harmless(out, (const char *)m->p + m->at, len, TEXT_ONE_LINE);
	m->at += len;
}

static void
get_v6(struct message *m, struct str *out)
{
	int best = -1, longest = 1, words[8];

	for (int i = 0; i < 8; i++)
		words[i] = (int)get(m, 2);
	for (int i = 0; i < 8; i++) {
		int run = 0;

		while (i + run < 8 && words[i + run] == 0)
			run++;
		if (run > longest) {
			longest = run;
			best = i;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			str_adds(out, "::");
			i += longest - 1;
			continue;
		}
		str_addf(out, "%s%x", i && !str_ends(out, "::") ? ":" : "", words[i]);
	}
}

/* The data of one record that ends at `end`. */
static void
get_data(struct message *m, int type, size_t end, struct str *out)
{
	unsigned a, b, c;

	switch (type) {
	case TYPE_A:
		a = get(m, 4);
		str_addf(out, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255,
			a & 255);
		break;
	case TYPE_AAAA:
		get_v6(m, out);
		break;
	case TYPE_NS:
	case TYPE_CNAME:
		get_name(m, out);
		break;
	case TYPE_MX:
		str_addf(out, "%u ", get(m, 2));
		get_name(m, out);
		break;
	case TYPE_SRV:
		a = get(m, 2);
		b = get(m, 2);
		c = get(m, 2);
		str_addf(out, "%u %u %u ", a, b, c);
		get_name(m, out);
		break;
	case TYPE_TXT:
		while (!m->bad && m->at < end)
			get_text(m, get(m, 1), out);
		break;
	case TYPE_CAA:
		str_addf(out, "%u ", get(m, 1));
		get_text(m, get(m, 1), out);
		str_adds(out, " ");
		if (!m->bad && m->at <= end)
			get_text(m, end - m->at, out);
		break;
	default:
		m->bad = true;
	}
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
get_records(struct message *m, unsigned count, int type, struct strings *out)
{
	for (unsigned i = 0; i < count && !m->bad; i++) {
		struct str data = STR_INIT;
		size_t end;
		int is;

		get_name(m, NULL);
		is = (int)get(m, 2);
		get(m, 2); /* class */
		get(m, 4); /* how long it holds */
		end = get(m, 2);
		end += m->at;
		m->bad = m->bad || end > m->len;
		if (!m->bad && is == type) {
			get_data(m, type, end, &data);
			m->bad = m->bad || m->at != end;
			vec_push(&out->list, str_take(&data));
		}
		str_release(&data);
		m->at = end;
	}
}

bool
dnswire_read(const unsigned char *p, size_t len, int type, struct strings *out,
	int *rcode, struct err *e)
{
	struct message m = {.p = p, .len = len};
	unsigned flags, questions, answers;

	get(&m, 2);
	flags = get(&m, 2);
	questions = get(&m, 2);
	answers = get(&m, 2);
	get(&m, 4);
	*rcode = (int)(flags & RCODE_MASK);
	if (!(flags & 0x8000) || questions > 1 || answers > RECORDS_MAX)
		m.bad = true;
	if (questions && !m.bad) {
		get_name(&m, NULL);
		get(&m, 4);
	}
	get_records(&m, answers, type, out);
	if (m.bad)
		return err_set(e, ERR_PARSE, "the answer is malformed");
	if (out->list.len > 1)
		qsort(out->list.at, out->list.len, sizeof *out->list.at, by_bytes);
	return true;
}
