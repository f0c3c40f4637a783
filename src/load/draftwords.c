#include "load/draftwords.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "model/wordlist.h"

static bool
word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static const char *
past_blanks(const char *s)
{
	return s + strspn(s, " \t`*\"'");
}

/* The phrase where a word begins, in any case. */
static const char *
phrase(const char *text, const char *words)
{
	size_t n = strlen(words);

	for (const char *s = text; *s != '\0'; s++) {
		if ((s == text || !word_byte(s[-1])) && strncasecmp(s, words, n) == 0 &&
			!word_byte(s[n]))
			return s;
	}
	return NULL;
}

static const char *
phrase_of(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (phrase(text, list[i]) != NULL)
			return list[i];
	}
	return NULL;
}

static void
take(struct draftwords *w, const char *from, const char *end)
{
	memset(w->taken + (from - w->text), 1, (size_t)(end - from));
}

size_t
draftwords_label(const char *text)
{
	static const char *const labels[] = {"expected", "expect", "expects",
		"should return", "should", "returns", "=>", "->"};
	const char *s = text + strspn(text, " \t-*#");

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		size_t n = strlen(labels[i]);

		if (strncasecmp(s, labels[i], n) != 0 || word_byte(s[n]))
			continue;
		s += n;
		s += strspn(s, " *:");
		return (size_t)(s - text);
	}
	return 0;
}

/* ---- status ---------------------------------------------------------------------------- */

/* Three digits of a status that stand alone, or 4xx. */
static bool
status_at(const char *s)
{
	bool digits = s[0] >= '1' && s[0] <= '5' && isdigit((unsigned char)s[1]) &&
		isdigit((unsigned char)s[2]);

	return (digits ||
		       (s[0] >= '1' && s[0] <= '5' &&
			       strncasecmp(s + 1, "xx", 2) == 0)) &&
		!word_byte(s[3]) && s[3] != '%' &&
		!(s[3] == '.' && isdigit((unsigned char)s[4]));
}

/* What has to stand before or after a bare number to make it a status. */
static bool
spoken_of(const char *text, const char *s)
{
	static const char *const verbs[] = {"http", "status", "code", "returns", "return",
		"responds", "respond", "fails with", "answers", "error", "should be"};
	static const char nouns[] =
		"items|rows|results|users|ms|records|modules|requests|entries|"
		"seconds|s|times";
	const char *after = past_blanks(s + 3);

	if (among_bytes(after, strcspn(after, " ,.;"), nouns))
		return false;
	if (past_blanks(text) == s || strncmp(after, "OK", 2) == 0 || s[-1] == '(')
		return true;
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		const char *v = phrase(text, verbs[i]);

		if (v != NULL && v < s)
			return true;
	}
	return false;
}

/* The "HTTP" or "returns" in front belongs to it. */
static const char *
before_status(const char *text, const char *s)
{
	static const char *const heads[] = {"HTTP ", "status ", "status code ",
		"returns ", "return ", "non-", "responds ", "responds with "};
	const char *from = s;

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		size_t n = strlen(heads[i]);

		if ((size_t)(from - text) >= n &&
			strncasecmp(from - n, heads[i], n) == 0) {
			from -= n;
			i = (size_t)-1;
		}
	}
	return from;
}

bool
draftwords_status(struct draftwords *w, char *value)
{
	for (const char *s = w->text; *s != '\0'; s++) {
		const char *end;
		bool non = s - w->text >= 4 && strncasecmp(s - 4, "non-", 4) == 0;

		if ((s > w->text &&
			    (word_byte(s[-1]) || strchr("<>.:/", s[-1]) != NULL)) ||
			!status_at(s) || (!non && !spoken_of(w->text, s)))
			continue;
		if (tolower((unsigned char)s[1]) == 'x')
			snprintf(value, DRAFTWORDS_VALUE_BYTES, "%c00..%c99", s[0], s[0]);
		else
			snprintf(value, DRAFTWORDS_VALUE_BYTES, "%s%.3s",
				non ? "!= " : "", s);
		end = past_blanks(s + 3);
		if (strncmp(end, "OK", 2) == 0 && !word_byte(end[2]))
			end += 2;
		else
			end = s + 3;
		take(w, before_status(w->text, s), end);
		return true;
	}
	return false;
}

/* ---- time ------------------------------------------------------------------------------ */

bool
draftwords_time(struct draftwords *w, char *value)
{
	for (const char *s = w->text; *s != '\0'; s++) {
		const char *from = s, *digits, *unit;
		size_t n, letters;
		bool equal = s[0] == '<' && s[1] == '=';

		if (*s == '<')
			s += 1 + equal;
		else if ((s == w->text || !word_byte(s[-1])) &&
			(strncasecmp(s, "under ", 6) == 0 ||
				strncasecmp(s, "below ", 6) == 0))
			s += 6;
		else if ((s == w->text || !word_byte(s[-1])) &&
			strncasecmp(s, "within ", 7) == 0)
			s += 7;
		else
			continue;
		digits = s + strspn(s, " ");
		n = strspn(digits, "0123456789.");
		unit = digits + n + strspn(digits + n, " ");
		letters = 0;
		while (isalpha((unsigned char)unit[letters]))
			letters++;
		s = from;
		if (n == 0 || n > 8 || !isdigit((unsigned char)digits[0]) ||
			digits[n - 1] == '.' ||
			!among_bytes(unit, letters,
				"ms|s|sec|seconds|second|m|minutes|minute"))
			continue;
		snprintf(value, DRAFTWORDS_VALUE_BYTES, "%s %.*s%s", equal ? "<=" : "<",
			(int)n, digits,
			letters > 1 && unit[1] == 's' ? "ms"
				: unit[0] == 's'      ? "s"
						      : "m");
		take(w, from, unit + letters);
		return true;
	}
	return false;
}

/* ---- redirects, counts, headers -------------------------------------------------------- */

bool
draftwords_redirect(struct draftwords *w, const char **target, size_t *len)
{
	const char *s = phrase(w->text, "redirects to"), *from;

	if (s == NULL)
		s = phrase(w->text, "redirected to");
	if (s == NULL)
		return false;
	from = s;
	s = past_blanks(strstr(s, " to") + 3);
	*len = strcspn(s, " `\"'),*");
	*target = s;
	if (*len == 0 || (*s != '/' && strncmp(s, "http", 4) != 0))
		return false;
	take(w, from, s + *len);
	return true;
}

bool
draftwords_count(struct draftwords *w, long *count, const char **what, size_t *len)
{
	static const char *const verbs[] = {
		"lists", "returns", "list of", "shows", "contains"};
	const char *verb = phrase_of(w->text, verbs, sizeof verbs / sizeof verbs[0]);
	const char *s = verb != NULL ? phrase(w->text, verb) + strlen(verb) : NULL;
	size_t n;

	if (s == NULL)
		return false;
	s = past_blanks(s);
	if (strncasecmp(s, "all ", 4) == 0)
		s += 4;
	n = strspn(s, "0123456789");
	if (n == 0 || n > 4 || s[n] != ' ' || !isalpha((unsigned char)s[n + 1]))
		return false;
	*count = strtol(s, NULL, 10);
	*what = s + n + 1;
	*len = 0;
	while (word_byte((*what)[*len]))
		(*len)++;
	if (*count == 0)
		return false;
	take(w, phrase(w->text, verb), *what + *len);
	return true;
}

/* X-Request-ID before the word "header" */
static bool
named_header(struct draftwords *w, struct draftwords_header *out)
{
	const char *s = phrase(w->text, "header"), *end, *from;

	if (s == NULL || s == w->text)
		return false;
	end = s;
	while (end > w->text && strchr(" `\"*", end[-1]) != NULL)
		end--;
	from = end;
	while (from > w->text && (isalnum((unsigned char)from[-1]) || from[-1] == '-'))
		from--;
	if (from == end || !isalpha((unsigned char)*from) ||
		(memchr(from, '-', (size_t)(end - from)) == NULL && end[0] != '`'))
		return false;
	*out = (struct draftwords_header){.name = from, .name_len = (size_t)(end - from)};
	take(w, from, s + strlen("header"));
	return true;
}

bool
draftwords_header(struct draftwords *w, struct draftwords_header *out)
{
	static const char allow[] = "access-control-allow-origin";
	const char *s = phrase(w->text, "CORS error");

	if (named_header(w, out))
		return true;
	*out = (struct draftwords_header){
		.name = allow, .name_len = sizeof allow - 1, .guessed = true};
	if (s != NULL) {
		out->absent = true;
		take(w, s, s + strlen("CORS error"));
		return true;
	}
	s = phrase(w->text, "CORS headers present");
	if (s == NULL)
		return false;
	take(w, s, s + strlen("CORS headers present"));
	return true;
}

/* ---- habits ---------------------------------------------------------------------------- */

bool
draftwords_guess(struct draftwords *w, char *value)
{
	static const char *const works[] = {"loads", "request succeeds", "succeeds",
		"responds", "works", "accessible", "successful", "calls successful"};

	if (phrase(w->text, "swagger") != NULL) {
		snprintf(value, DRAFTWORDS_VALUE_BYTES, "swagger");
		return true;
	}
	if (phrase_of(w->text, works, sizeof works / sizeof works[0]) == NULL)
		return false;
	snprintf(value, DRAFTWORDS_VALUE_BYTES, "200..299");
	return true;
}
