#include "app/readingsline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define MAGIC "handrail-readings 1 "

static const char letters[] = "gwbus"; /* enum vital_answer */

/* ---- write ------------------------------------------------------------------------------- */

void
readingsline_header(const char *what, const char *name, struct str *out)
{
	str_addf(out, MAGIC "%s %s\n", what, name);
}

bool
readingsline_is_of(const char *text, const char *what)
{
	size_t head = strlen(MAGIC), len = strlen(what);

	return !str_starts(text, MAGIC) ||
		(strncmp(text + head, what, len) == 0 && text[head + len] == ' ');
}

void
readingsline_sample(const struct vital_sample *s, struct str *out)
{
	if (s->answer >= VITAL_GAP)
		return;
	str_addf(out, "s %lld %c %d ", (long long)s->at_ms, letters[s->answer],
		(int)s->took_ms);
	if (s->has_number && isfinite(s->number))
		str_addf(out, "%.15g\n", s->number);
	else
		str_adds(out, "-\n");
}

void
readingsline_change(const struct vital_change *c, struct str *out)
{
	str_addf(out, "c %lld %s %d %d %s\n", (long long)c->at.ms,
		vital_state_name(c->state), c->n, c->k, c->words);
}

void
readingsline_mute(const struct vital_mute *m, struct str *out)
{
	struct str who = STR_INIT, reason = STR_INIT;

	text_harmless(&who, m->who, strlen(m->who), TEXT_ONE_LINE);
	text_harmless(&reason, m->reason, strlen(m->reason), TEXT_ONE_LINE);
	for (size_t i = 0; i < who.len; i++)
		if (who.buf[i] == ' ')
			who.buf[i] = '_';
	str_addf(out, "m %lld %s %s\n", (long long)m->until.ms, who.len ? who.buf : "-",
		reason.buf);
	str_release(&who);
	str_release(&reason);
}

/* A sample counts in its five minutes when it is read: what is left of them is written. */
static void
without_samples(const struct vital *v, struct vital_up *b)
{
	for (size_t i = 0; i < vital_samples(v); i++) {
		const struct vital_sample *s = vital_sample(v, i);

		if (s->at_ms < b->from.ms || s->at_ms >= b->from.ms + VITAL_BUCKET_MS)
			continue;
		b->good -= b->good &&
			(s->answer == VITAL_GOOD || s->answer == VITAL_GOOD_WARN);
		b->bad -= b->bad && (s->answer == VITAL_BAD || s->answer == VITAL_SILENT);
		b->unknown -= b->unknown && s->answer == VITAL_UNSURE;
	}
}

void
readingsline_all(const struct vital *v, struct now now, struct str *out)
{
	struct vital_up b;
	int at = 0;

	if (vital_mute_of(v)->until.ms)
		readingsline_mute(vital_mute_of(v), out);
	for (size_t i = 0; i < vital_changes(v); i++)
		readingsline_change(vital_change(v, i), out);
	while (vital_bucket(v, now, &at, &b)) {
		without_samples(v, &b);
		if (b.good || b.bad || b.unknown)
			str_addf(out, "b %lld %u %u %u\n", (long long)b.from.ms, b.good,
				b.bad, b.unknown);
	}
	for (size_t i = 0; i < vital_samples(v); i++)
		readingsline_sample(vital_sample(v, i), out);
}

/* ---- read -------------------------------------------------------------------------------- */

/* A whole number and the blank behind it. */
static bool
take_int(const char **p, int64_t most, int64_t *out)
{
	const char *c = *p;
	int64_t n = 0;

	if (*c < '0' || *c > '9')
		return false;
	for (; *c >= '0' && *c <= '9'; c++) {
		if (n > most / 10)
			return false;
		n = n * 10 + (*c - '0');
	}
	if (n > most || (*c != ' ' && *c != '\0'))
		return false;
	*p = *c ? c + 1 : c;
	*out = n;
	return true;
}

enum { TIMES_MOST = 1 << 30 };
#define MS_MOST INT64_C(253402300799999) /* the end of the year 9999 */

static bool
read_sample(const char *p, struct vital *v, struct now now)
{
	struct vital_sample s = {0};
	const char *letter;
	int64_t took;
	char *end;

	if (!take_int(&p, MS_MOST, &s.at_ms) || !*p || p[1] != ' ')
		return false;
	letter = strchr(letters, *p);
	if (!letter)
		return false;
	p += 2;
	if (!take_int(&p, INT32_MAX, &took) || !*p)
		return false;
	s.answer = (uint8_t)(letter - letters);
	s.took_ms = (int32_t)took;
	if (strcmp(p, "-") != 0) {
		s.number = strtod(p, &end);
		if (*end || end == p || !isfinite(s.number))
			return false;
		s.has_number = true;
	}
	vital_put_sample(v, &s, now); /* of the future: left out, not wrong */
	return true;
}

static bool
read_change(const char *p, struct vital *v, struct now now)
{
	struct vital_change c = {0};
	size_t len;
	int64_t n, k;

	if (!take_int(&p, MS_MOST, &c.at.ms))
		return false;
	len = strcspn(p, " ");
	for (int s = 0;; s++) {
		const char *name = s <= VITAL_UNKNOWN
			? vital_state_name((enum vital_state)s)
			: NULL;

		if (!name)
			return false;
		c.state = (enum vital_state)s;
		if (strlen(name) == len && strncmp(name, p, len) == 0)
			break;
	}
	p += len + (p[len] == ' ');
	if (!take_int(&p, TIMES_MOST, &n) || !take_int(&p, TIMES_MOST, &k))
		return false;
	c.n = (int)n;
	c.k = (int)k;
	snprintf(c.words, sizeof c.words, "%s", p);
	vital_put_change(v, &c, now);
	return true;
}

static bool
read_bucket(const char *p, struct vital *v, struct now now)
{
	int64_t at, good, bad, unknown;

	if (!take_int(&p, MS_MOST, &at) || !take_int(&p, TIMES_MOST, &good) ||
		!take_int(&p, TIMES_MOST, &bad) || !take_int(&p, TIMES_MOST, &unknown) ||
		*p)
		return false;
	vital_put_bucket(v, (struct wall){at},
		&(struct vital_up){.good = (uint32_t)good,
			.bad = (uint32_t)bad,
			.unknown = (uint32_t)unknown},
		now);
	return true;
}

static bool
read_mute(const char *p, struct vital *v)
{
	struct vital_mute m = {0};
	size_t len;

	if (!take_int(&p, MS_MOST, &m.until.ms))
		return false;
	len = strcspn(p, " ");
	snprintf(m.who, sizeof m.who, "%.*s", (int)len, p);
	p += len + (p[len] == ' ');
	snprintf(m.reason, sizeof m.reason, "%s", p);
	vital_mute(v, &m);
	return true;
}

static const char *
read_line(const char *line, struct vital *v, struct now now)
{
	bool ok = false;

	if (!text_valid_utf8(line, strlen(line)))
		return "is not UTF-8";
	if (!*line || line[1] != ' ')
		return "has no known kind";
	switch (line[0]) {
	case 's':
		ok = read_sample(line + 2, v, now);
		break;
	case 'c':
		ok = read_change(line + 2, v, now);
		break;
	case 'b':
		ok = read_bucket(line + 2, v, now);
		break;
	case 'm':
		ok = read_mute(line + 2, v);
		break;
	default:
		return "has no known kind";
	}
	return ok ? NULL : "is garbled";
}

static void
note(struct readingsline_fault *f, int line, const char *what)
{
	if (what && !f->what)
		*f = (struct readingsline_fault){line, what};
}

bool
readingsline_read(const char *text, size_t len, struct vital *v, struct now now,
	struct readingsline_fault *f)
{
	const char *p = text, *end = text + len;
	int n = 0;

	*f = (struct readingsline_fault){0};
	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		struct str line = STR_INIT;

		n++;
		if (!lf) {
			note(f, n, "was cut off");
			break;
		}
		str_add(&line, p, (size_t)(lf - p));
		if (memchr(p, '\0', (size_t)(lf - p)))
			note(f, n, "holds a NUL byte");
		else if (n > 1)
			note(f, n, read_line(line.buf, v, now));
		else if (!str_starts(line.buf, MAGIC))
			note(f, n, "is no header");
		str_release(&line);
		p = lf + 1;
	}
	if (n == 0)
		note(f, 1, "is missing");
	vital_put_end(v, now);
	return !f->what;
}
