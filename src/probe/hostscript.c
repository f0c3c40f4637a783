#include "probe/hostscript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/keytable.h"
#include "probe/sh/probe_scripts.h"

static const char *const *const texts[HOSTSCRIPT_COUNT] = {
	[HOSTSCRIPT_FILE] = script_file,
	[HOSTSCRIPT_PORT] = script_port,
	[HOSTSCRIPT_HOST] = script_host,
	[HOSTSCRIPT_CONTAINER] = script_container,
	[HOSTSCRIPT_CRON] = script_cron,
	[HOSTSCRIPT_GIT] = script_git,
	[HOSTSCRIPT_CHANGED] = script_changed,
	[HOSTSCRIPT_ENV] = script_env,
	[HOSTSCRIPT_LOG] = script_log,
	[HOSTSCRIPT_INSIDE] = script_inside,
	[HOSTSCRIPT_BOXES] = script_boxes,
	[HOSTSCRIPT_COMPOSE] = script_compose,
};

void
hostscript_text(enum hostscript which, struct str *out)
{
	for (const char *const *line = texts[which]; *line; line++) {
		str_adds(out, *line);
		str_addc(out, '\n');
	}
}

/* ---- the reader ---- */

struct reader {
	uint64_t fields; /* of the kind */
	struct hostlook_one *out;
	struct {
		struct str text;
		bool seen;
	} texts[EXPECT_FIELD_COUNT]; /* gathered line by line */
	bool ended, garbled;
};

static void
keep_words(char *out, size_t size, const char *words, size_t len)
{
	struct str safe = STR_INIT;

	text_harmless(&safe, words, len, TEXT_ONE_LINE);
	snprintf(out, size, "%s", safe.buf);
	str_release(&safe);
}

/* Digits with at most one point, as the scripts write them; nothing that strtod would also
 * take. */
static bool
plain_number(const char *text, size_t len, double *out)
{
	char copy[32], *end;
	size_t digits = 0;

	if (len == 0 || len >= sizeof copy)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] >= '0' && text[i] <= '9')
			digits++;
		else if (text[i] != '.')
			return false;
		copy[i] = text[i];
	}
	copy[len] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0' && digits > 0;
}

static bool
take_number(struct reader *r, enum expect_field field, const char *value, size_t len)
{
	double number, factor;

	if (r->texts[field].seen || !plain_number(value, len, &number))
		return false;
	r->texts[field].seen = true;
	expect_family(expect_field_info(field)->unit, &factor);
	facts_add_number(&r->out->facts, field, number * factor);
	return true;
}

static bool
take_member(struct reader *r, enum expect_field field, const char *value, size_t len)
{
	const char *blank = memchr(value, ' ', len);
	char *key;

	if (!blank || blank == value)
		return false;
	key = mem_strndup(value, (size_t)(blank - value));
	if (facts_find(&r->out->facts, field, key)) {
		mem_free(key);
		return false;
	}
	facts_add_text(
		&r->out->facts, field, key, blank + 1, len - (size_t)(blank + 1 - value));
	mem_free(key);
	return true;
}

/* Of a text several lines make one. */
static bool
take_text(struct reader *r, enum expect_field field, const char *value, size_t len)
{
	struct str *text = &r->texts[field].text;

	if (r->texts[field].seen)
		str_addc(text, '\n');
	r->texts[field].seen = true;
	str_add(text, value, len);
	return true;
}

static bool
take_field(struct reader *r, const char *name, const char *value, size_t len)
{
	enum expect_field field;

	if (!expect_field_find(name, &field) || !(r->fields >> field & 1))
		return false;
	switch (expect_field_info(field)->how) {
	case EXPECT_HOW_NUMBER:
		return take_number(r, field, value, len);
	case EXPECT_HOW_MAP:
		return take_member(r, field, value, len);
	case EXPECT_HOW_TEXT:
	case EXPECT_HOW_DUAL:
		return take_text(r, field, value, len);
	case EXPECT_HOW_JSON:
		break;
	}
	return false;
}

static bool
take_line(struct reader *r, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);
	size_t at = blank ? (size_t)(blank - line) : len;
	const char *value = blank ? blank + 1 : line + len;
	size_t value_len = len - (size_t)(value - line);
	char name[24];

	if (at == 0 || at >= sizeof name || r->ended || memchr(line, '\0', len))
		return false;
	memcpy(name, line, at);
	name[at] = '\0';
	if (strcmp(name, "end") == 0) {
		r->ended = true;
		return value_len == 0;
	}
	if (strcmp(name, "none") == 0)
		keep_words(r->out->nothing, sizeof r->out->nothing, value, value_len);
	else if (strcmp(name, "cannot") == 0)
		keep_words(r->out->why, sizeof r->out->why, value, value_len);
	else if (strcmp(name, "because") == 0)
		keep_words(r->out->because, sizeof r->out->because, value, value_len);
	else
		return take_field(r, name, value, value_len);
	return value_len > 0;
}

static void
add_texts(struct reader *r)
{
	for (int i = 0; i < EXPECT_FIELD_COUNT; i++) {
		struct str *t = &r->texts[i].text;
		enum expect_how how = expect_field_info((enum expect_field)i)->how;

		if (r->texts[i].seen && how != EXPECT_HOW_NUMBER)
			facts_add_text(&r->out->facts, (enum expect_field)i, NULL, t->buf,
				t->len);
		str_release(t);
	}
}

/* What is not there has no text and no members: that much is known of it. */
static void
add_absence(struct reader *r)
{
	for (int i = 0; i < EXPECT_FIELD_COUNT; i++) {
		enum expect_field field = (enum expect_field)i;

		if (r->fields >> i & 1 && !facts_has_field(&r->out->facts, field) &&
			expect_field_info(field)->how != EXPECT_HOW_NUMBER)
			facts_add_text(&r->out->facts, field, NULL, "", 0);
	}
}

/* Where its end is missing, the shell over there may have said why. */
static void
explain(const struct look_end *end, bool good, struct hostlook_one *out)
{
	char first[160];

	keep_words(first, sizeof first, end->err.buf, strcspn(end->err.buf, "\n"));
	if (!good)
		snprintf(out->why, sizeof out->why, "the host's answer is garbled");
	else
		snprintf(out->why, sizeof out->why,
			"the look did not come to its end%s%s", *first ? ": " : "",
			first);
}

void
hostscript_read(
	enum probe_kind kind, const struct look_end *end, struct hostlook_one *out)
{
	const char *said = end->out.buf;
	size_t len = end->out.len;
	struct reader *r = mem_alloc(sizeof *r);
	bool good = true;

	r->fields = keytable_probe_fields(kind);
	r->out = out;
	for (int i = 0; i < EXPECT_FIELD_COUNT; i++)
		r->texts[i].text = STR_INIT;
	for (size_t at = 0; at < len && good;) {
		const char *lf = memchr(said + at, '\n', len - at);
		size_t line = lf ? (size_t)(lf - said) - at : len - at;

		good = take_line(r, said + at, line);
		at += line + 1;
	}
	add_texts(r);
	if (!good || !r->ended) {
		/* nothing of it counts, unless it said why itself */
		facts_release(&out->facts);
		*out->nothing = *out->because = '\0';
		if (!*out->why)
			explain(end, good, out);
	} else if (*out->why)
		; /* its own words */
	else if (*out->nothing)
		add_absence(r);
	mem_free(r);
}
