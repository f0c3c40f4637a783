#include "audit/stated.h"

#include <string.h>

#include "base/mem.h"
#include "event/canon.h"

enum {
	SEQ_DIGITS = 9,
	EXCEPTION_DIGITS = 4,
	COMMIT_SHORT = 40, /* letters of a commit by SHA-1, and by SHA-256 */
	COMMIT_LONG = 64
};

/* One line at a time; `at` stands on the next one. */
struct reading_lines {
	const char *at;
	const char *value, *end; /* of the line taken last */
	struct err *e;
};

static bool
wrong(struct reading_lines *r, const char *what)
{
	return err_set(r->e, ERR_RECORD, "the statement: %s", what);
}

/* The next line is "name: VALUE". */
static bool
take(struct reading_lines *r, const char *name)
{
	size_t len = strlen(name), line = strcspn(r->at, "\n");

	if (r->at[line] != '\n' || line < len + 2 || strncmp(r->at, name, len) != 0 ||
		r->at[len] != ':' || r->at[len + 1] != ' ')
		return err_set(r->e, ERR_RECORD,
			"the statement has no line \"%s:\" where it should", name);
	r->value = r->at + len + 2;
	r->end = r->at + line;
	r->at += line + 1;
	return true;
}

static bool
take_word(struct reading_lines *r, const char *name, char **out)
{
	if (!take(r, name))
		return false;
	*out = mem_strndup(r->value, (size_t)(r->end - r->value));
	return true;
}

static bool
number(const char *p, const char *end, size_t digits, int64_t *out)
{
	*out = 0;
	if (p == end || (size_t)(end - p) > digits || (*p == '0' && end - p > 1))
		return false;
	for (; p < end; p++) {
		if (*p < '0' || *p > '9')
			return false;
		*out = *out * 10 + (*p - '0');
	}
	return true;
}

/* One JSON text in the record's spelling, and nothing else. */
static bool
quoted(struct reading_lines *r, const char *from)
{
	struct canon c = {.at = from, .end = r->end};
	const char *start;
	size_t len;

	return (canon_string(&c, &start, &len) && c.at == r->end) ||
		wrong(r, "a text that is not one JSON string");
}

static bool
take_quoted(struct reading_lines *r, const char *name)
{
	return take(r, name) && quoted(r, r->value);
}

static bool
is_hash(const char *p, const char *end)
{
	return end - p == DIGEST_HEX && strspn(p, "0123456789abcdef") >= DIGEST_HEX;
}

/* "step: ID sha256:HEX" */
static bool
take_step(struct reading_lines *r, struct stated *out)
{
	static const char mark[] = " sha256:";
	const char *hash;

	if (!take(r, "step"))
		return false;
	if (r->end - r->value < (ptrdiff_t)(sizeof mark - 1 + DIGEST_HEX))
		return wrong(r, "the step has no hash");
	hash = r->end - DIGEST_HEX;
	if (!is_hash(hash, r->end) ||
		memcmp(hash - (sizeof mark - 1), mark, sizeof mark - 1) != 0)
		return wrong(r, "the step has no hash");
	out->step = mem_strndup(r->value, (size_t)(hash - (sizeof mark - 1) - r->value));
	return true;
}

static bool
take_decision(struct reading_lines *r, struct stated *out)
{
	if (!take_word(r, "decision", &out->decision))
		return false;
	return strcmp(out->decision, "approve") == 0 ||
		strcmp(out->decision, "reject") == 0 ||
		strcmp(out->decision, "waive") == 0 || wrong(r, "the decision is none");
}

/* "changed: SEQ FROM..TO sha256:HEX", of a sign-off that what changed asks for alone; that it
 * is the record's is journal/gates's to see. */
static bool
take_changed(struct reading_lines *r, int64_t *highest)
{
	static const char mark[] = " sha256:", hex[] = "0123456789abcdef";
	const char *blank, *p;
	size_t from, to;
	int64_t seq;

	if (strncmp(r->at, "changed: ", strlen("changed: ")) != 0)
		return true;
	if (!take(r, "changed"))
		return false;
	blank = memchr(r->value, ' ', (size_t)(r->end - r->value));
	if (!blank || !number(r->value, blank, SEQ_DIGITS, &seq))
		return wrong(r, "what changed names no record");
	p = blank + 1;
	from = strspn(p, hex);
	if ((from != COMMIT_SHORT && from != COMMIT_LONG) ||
		strncmp(p + from, "..", 2) != 0)
		return wrong(r, "what changed names no commits");
	p += from + 2;
	to = strspn(p, hex);
	p += to;
	if (to != from || strncmp(p, mark, sizeof mark - 1) != 0 ||
		!is_hash(p + sizeof mark - 1, r->end))
		return wrong(r, "what changed has no hash");
	if (seq > *highest)
		*highest = seq;
	return true;
}

/* Highest seq spoken of so far: none may lie beyond the record that is covered. */
static bool
take_exceptions(struct reading_lines *r, int64_t *highest)
{
	int64_t count, seq;

	if (!take(r, "exceptions"))
		return false;
	if (!number(r->value, r->end, EXCEPTION_DIGITS, &count))
		return wrong(r, "the number of exceptions is none");
	for (; count > 0; count--) {
		const char *blank;

		if (!take(r, "exception"))
			return false;
		blank = memchr(r->value, ' ', (size_t)(r->end - r->value));
		if (!blank || !number(r->value, blank, SEQ_DIGITS, &seq))
			return wrong(r, "an exception names no record");
		if (!quoted(r, blank + 1))
			return false;
		if (seq > *highest)
			*highest = seq;
	}
	return true;
}

/* "evidence: A..B" */
static bool
take_evidence(struct reading_lines *r, int64_t *highest)
{
	const char *dots;
	int64_t from, to;

	if (!take(r, "evidence"))
		return false;
	dots = memmem(r->value, (size_t)(r->end - r->value), "..", 2);
	if (!dots || !number(r->value, dots, SEQ_DIGITS, &from) ||
		!number(dots + 2, r->end, SEQ_DIGITS, &to))
		return wrong(r, "the evidence is no range of records");
	if (from > *highest)
		*highest = from;
	if (to > *highest)
		*highest = to;
	return true;
}

static bool
take_head(struct reading_lines *r, struct stated *out, int64_t highest)
{
	if (!take(r, "seq"))
		return false;
	if (!number(r->value, r->end, SEQ_DIGITS, &out->seq))
		return wrong(r, "seq is none");
	if (highest > out->seq)
		return wrong(r, "it speaks of a record that it does not cover");
	if (!take(r, "head"))
		return false;
	if (!is_hash(r->value, r->end))
		return wrong(r, "head is no hash");
	memcpy(out->head, r->value, DIGEST_HEX);
	return true;
}

/* "time: 2026-11-20T13:02:40Z" */
static bool
take_time(struct reading_lines *r, char **out)
{
	static const char shape[] = "0000-00-00T00:00:00Z";
	size_t len = sizeof shape - 1;

	if (!take(r, "time"))
		return false;
	if ((size_t)(r->end - r->value) != len)
		return wrong(r, "time is none");
	for (size_t i = 0; i < len; i++) {
		char c = r->value[i];
		if (shape[i] == '0' ? c < '0' || c > '9' : c != shape[i])
			return wrong(r, "time is none");
	}
	*out = mem_strndup(r->value, len);
	return true;
}

static bool
take_comment(struct reading_lines *r, char **out)
{
	if (!take_quoted(r, "comment"))
		return false;
	*out = mem_strndup(r->value, (size_t)(r->end - r->value));
	return true;
}

/* "mode: practice", in the statement of a run that is not real alone. */
static bool
take_mode(struct reading_lines *r, struct stated *out)
{
	if (strncmp(r->at, "mode: ", strlen("mode: ")) != 0)
		return true;
	return take_word(r, "mode", &out->mode) &&
		((*out->mode && strcmp(out->mode, "live") != 0) ||
			wrong(r, "a real run has no mode"));
}

bool
stated_parse(const char *text, struct stated *out, struct err *e)
{
	static const char first[] = "handrail sign-off v1\n";
	struct reading_lines r = {.at = text, .e = e};
	int64_t highest = 0;

	memset(out, 0, sizeof *out);
	if (strncmp(text, first, sizeof first - 1) != 0)
		return wrong(&r, "it is of another kind");
	r.at += sizeof first - 1;
	if (!take_word(&r, "run", &out->run) || !take_mode(&r, out) ||
		!take_word(&r, "runbook", &out->runbook) || !take_step(&r, out) ||
		!take_decision(&r, out) || !take_word(&r, "role", &out->role) ||
		!take_quoted(&r, "says") || !take_changed(&r, &highest) ||
		!take_exceptions(&r, &highest) || !take_evidence(&r, &highest) ||
		!take_head(&r, out, highest) || !take_word(&r, "signer", &out->signer) ||
		!take_word(&r, "key", &out->key) || !take_time(&r, &out->time) ||
		!take_comment(&r, &out->comment))
		return false;
	return *r.at == '\0' || wrong(&r, "a line too many");
}

bool
stated_parse_authority(const char *text, struct stated *out, struct err *e)
{
	static const char first[] = "handrail authority v1\n";
	struct reading_lines r = {.at = text, .e = e};

	memset(out, 0, sizeof *out);
	if (strncmp(text, first, sizeof first - 1) != 0)
		return wrong(&r, "it is of another kind");
	r.at += sizeof first - 1;
	if (!take_word(&r, "run", &out->run) || !take_mode(&r, out) ||
		!take_word(&r, "runbook", &out->runbook) ||
		!take_word(&r, "act", &out->role) || !take(&r, "record"))
		return false;
	if (!number(r.value, r.end, SEQ_DIGITS, &out->record))
		return wrong(&r, "record is none");
	if (!take_head(&r, out, out->record) || !take_word(&r, "signer", &out->signer) ||
		!take_word(&r, "key", &out->key) || !take_time(&r, &out->time))
		return false;
	return *r.at == '\0' || wrong(&r, "a line too many");
}

void
stated_release(struct stated *s)
{
	char *const owned[] = {s->run, s->runbook, s->step, s->role, s->signer, s->key,
		s->decision, s->mode, s->time, s->comment};

	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		mem_free(owned[i]);
	memset(s, 0, sizeof *s);
}
