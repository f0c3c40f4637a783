#include "load/placeholder.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "load/placefind.h"
#include "load/placename.h"
#include "model/wordlist.h"

enum { BACK_MAX_BYTES = 256 }; /* how far back a word or line is looked at */

static bool
here(const struct placefind *f, const char *word)
{
	size_t n = strlen(word);

	return f->len - f->at >= n && memcmp(f->text + f->at, word, n) == 0;
}

static bool
here_any_case(const struct placefind *f, const char *word)
{
	size_t n = strlen(word);

	return f->len - f->at >= n && strncasecmp(f->text + f->at, word, n) == 0;
}

/* ---- words ----------------------------------------------------------------------------- */

/* YYYY-MM-DD, YYYYMMDD_HHMMSS, DD.MM.YYYY */
static size_t
find_date_pattern(struct placefind *f)
{
	size_t n = 0, years = 0, months = 0;
	char c;

	while (n < PLACEFIND_SPAN_BYTES &&
		(c = placefind_peek(f, (ptrdiff_t)n)) != '\0' &&
		strchr("YMDHS-_:./T", c) != NULL) {
		years += c == 'Y';
		months += c == 'M';
		n++;
	}
	while (n > 0 && strchr("-_:./T", placefind_peek(f, (ptrdiff_t)n - 1)) != NULL)
		n--;
	if (years != 4 || months < 2 ||
		isalnum((unsigned char)placefind_peek(f, (ptrdiff_t)n)))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n,
			.style = PLACEHOLDER_PATTERN,
			.words = memchr(f->text + f->at, 'H', n) != NULL ? "timestamp"
									 : "date",
			.words_len = memchr(f->text + f->at, 'H', n) != NULL ? 9 : 4});
}

/* vX.Y.Z, X.Y.Z, x.y.z */
static size_t
find_version_pattern(struct placefind *f)
{
	static const char *const forms[] = {"vX.Y.Z", "VX.Y.Z", "X.Y.Z", "vX.X.X",
		"X.X.X", "vx.y.z", "x.y.z", "vx.x.x", "vX.Y", "X.Y"};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		size_t n = strlen(forms[i]);
		char after;

		if (!here(f, forms[i]))
			continue;
		after = placefind_peek(f, (ptrdiff_t)n);
		if (placefind_word_byte(after) ||
			(after == '.' &&
				placefind_word_byte(placefind_peek(f, (ptrdiff_t)n + 1))))
			return 0;
		return placefind_take(f,
			&(struct placefind_found){.len = n,
				.style = PLACEHOLDER_PATTERN,
				.words = "version",
				.words_len = 7});
	}
	return 0;
}

/* Part of an e-mail address, or of the user in a URL. */
static bool
behind_at_sign(const struct placefind *f)
{
	for (size_t i = f->at; i > 0 && f->at - i < PLACEFIND_SPAN_BYTES; i--) {
		char c = f->text[i - 1];

		if (c == '@')
			return true;
		if (!isalnum((unsigned char)c) && c != '.' && c != '-')
			return false;
	}
	return false;
}

static size_t
find_domain(struct placefind *f)
{
	static const char *const domains[] = {"yourdomain.com", "your-domain.com",
		"yourdomain.tld", "your-domain.tld", "production-domain.com",
		"example.com", "example.org", "example.net", "mydomain.com",
		"my-domain.com", "yourcompany.com", "your-company.com", "yoursite.com",
		"your-site.com", "yourapp.com", "your-app.com"};

	for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
		size_t n = strlen(domains[i]);
		char after;

		if (!here_any_case(f, domains[i]))
			continue;
		after = placefind_peek(f, (ptrdiff_t)n);
		if (placefind_word_byte(after) || after == '-' ||
			(after == '.' &&
				placefind_word_byte(
					placefind_peek(f, (ptrdiff_t)n + 1))) ||
			behind_at_sign(f))
			return 0;
		return placefind_take(f,
			&(struct placefind_found){.len = n,
				.style = PLACEHOLDER_DOMAIN,
				.words = "domain",
				.words_len = 6});
	}
	return 0;
}

static size_t
find_yours(struct placefind *f)
{
	size_t n = 5;

	if (!here_any_case(f, "your-") && !here_any_case(f, "your_"))
		return 0;
	while (n < PLACEFIND_SPAN_BYTES &&
		(placefind_word_byte(placefind_peek(f, (ptrdiff_t)n)) ||
			placefind_peek(f, (ptrdiff_t)n) == '-'))
		n++;
	while (n > 5 && !placefind_word_byte(placefind_peek(f, (ptrdiff_t)n - 1)))
		n--;
	if (n == 5 || !isalpha((unsigned char)placefind_peek(f, 5)) || behind_at_sign(f))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n,
			.style = PLACEHOLDER_YOURS,
			.words = f->text + f->at,
			.words_len = n});
}

static const struct fill {
	const char *word, *name; /* name NULL: of the label */
	bool secret, any_case;
} fills[] = {
	{"changeme", NULL, true, true},
	{"change-me", NULL, true, true},
	{"change_me", NULL, true, true},
	{"replaceme", NULL, false, true},
	{"replace-me", NULL, false, true},
	{"replace_me", NULL, false, true},
	{"strong-password", "password", true, true},
	{"strongpassword", "password", true, true},
	{"StrongPass123!", "password", true, false},
	{"password123", "password", true, true},
	{"TBD", NULL, false, false},
	{"FIXME", NULL, false, false},
};

static size_t
find_fill(struct placefind *f)
{
	for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
		const struct fill *fill = &fills[i];
		size_t n = strlen(fill->word);

		if (!(fill->any_case ? here_any_case(f, fill->word)
				     : here(f, fill->word)) ||
			placefind_word_byte(placefind_peek(f, (ptrdiff_t)n)) ||
			placefind_peek(f, (ptrdiff_t)n) == '-')
			continue;
		return placefind_take(f,
			&(struct placefind_found){.len = n,
				.style = PLACEHOLDER_FILL,
				.words = fill->name,
				.words_len = fill->name != NULL ? strlen(fill->name) : 0,
				.fallback = fill->secret ? "password" : "to_be_decided",
				.secret = fill->secret});
	}
	return 0;
}

/* ---- values left out ------------------------------------------------------------------- */

static size_t
dots(const struct placefind *f, size_t ahead)
{
	if (placefind_peek(f, (ptrdiff_t)ahead) == '.' &&
		placefind_peek(f, (ptrdiff_t)ahead + 1) == '.' &&
		placefind_peek(f, (ptrdiff_t)ahead + 2) == '.' &&
		placefind_peek(f, (ptrdiff_t)ahead + 3) != '.')
		return 3;
	return f->len - f->at >= ahead + 3 &&
			memcmp(f->text + f->at + ahead, "\xe2\x80\xa6", 3) == 0
		? 3
		: 0;
}

/* sk-..., mongodb://... : dots where a value would go on */
static size_t
find_cut_value(struct placefind *f)
{
	static const char keys[] =
		"sk-|pk-|rk-|sk_|pk_|ghp_|gho_|AKIA|xoxb-|xoxp-|glpat-|hf_";
	size_t n = 0, end;
	bool secret;

	while (n < 12 &&
		(placefind_word_byte(placefind_peek(f, (ptrdiff_t)n)) ||
			placefind_peek(f, (ptrdiff_t)n) == '-' ||
			placefind_peek(f, (ptrdiff_t)n) == '+'))
		n++;
	secret = among_bytes(f->text + f->at, n, keys);
	if (!secret && placefind_peek(f, (ptrdiff_t)n) == ':' &&
		placefind_peek(f, (ptrdiff_t)n + 1) == '/' &&
		placefind_peek(f, (ptrdiff_t)n + 2) == '/')
		n += 3;
	else if (!secret)
		return 0;
	end = dots(f, n);
	if (end == 0)
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n + end,
			.style = PLACEHOLDER_ELLIPSIS,
			.fallback = secret ? "api_key" : "url",
			.secret = secret || !here(f, "http")});
}

/* name = ... ; and ... as a word of a command */
static size_t
find_dots(struct placefind *f)
{
	size_t n = dots(f, 0);
	char before = f->at > 0 ? placefind_peek(f, -1) : '\n',
	     after = placefind_peek(f, (ptrdiff_t)n);
	bool alone = after == '\0' || strchr(" \n\r\t\"'`;", after) != NULL;

	if (n == 0 || !alone)
		return 0;
	if (placename_assigned(f->text, f->at))
		return placefind_take(f,
			&(struct placefind_found){.len = n,
				.style = PLACEHOLDER_ELLIPSIS,
				.fallback = "value"});
	if (f->place != PLACEHOLDER_IN_COMMAND || before != ' ' || f->at < 2 ||
		!placefind_word_byte(placefind_peek(f, -2)))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n,
			.style = PLACEHOLDER_ELLIPSIS,
			.words = "arguments",
			.words_len = 9});
}

/* Date: ____________ */
static size_t
find_blank(struct placefind *f)
{
	size_t n = 0;

	while (placefind_peek(f, (ptrdiff_t)n) == '_')
		n++;
	/* the run is passed over as one, whatever it is */
	if (n < 4 || f->place == PLACEHOLDER_IN_COMMAND ||
		placefind_word_byte(placefind_peek(f, (ptrdiff_t)n)) ||
		placename_label(f->text, f->at, NULL) == 0)
		return 0;
	return placefind_take(f,
		&(struct placefind_found){
			.len = n, .style = PLACEHOLDER_BLANK, .fallback = "value"});
}

/* ---- literals -------------------------------------------------------------------------- */

static size_t
digits_at(const struct placefind *f, size_t ahead, size_t most)
{
	size_t n = 0;

	while (n < most &&
		isdigit((unsigned char)placefind_peek(f, (ptrdiff_t)(ahead + n))))
		n++;
	return n;
}

static bool
in_path(const struct placefind *f)
{
	for (size_t i = f->at; i > 0 && f->at - i < BACK_MAX_BYTES; i--) {
		if (f->text[i - 1] == '/')
			return true;
		if (strchr(" \t\n\"'=", f->text[i - 1]) != NULL)
			return false;
	}
	return false;
}

/* backup_20231201_020000.archive */
static size_t
find_literal_date(struct placefind *f)
{
	size_t n = 8, time, more;
	char month, day;

	if (f->place != PLACEHOLDER_IN_COMMAND || !here(f, "20"))
		return 0;
	if (digits_at(f, 0, 5) == 4 && placefind_peek(f, 4) == '-' &&
		digits_at(f, 5, 3) == 2 && placefind_peek(f, 7) == '-' &&
		digits_at(f, 8, 3) == 2) {
		n = 10;
		month = placefind_peek(f, 5);
		day = placefind_peek(f, 8);
	} else if (digits_at(f, 0, 9) == 8) {
		month = placefind_peek(f, 4);
		day = placefind_peek(f, 6);
	} else {
		return 0;
	}
	if (month > '1' || day > '3' || !in_path(f))
		return 0;
	time = digits_at(f, n + 1, 7);
	more = strchr("_-T", placefind_peek(f, (ptrdiff_t)n)) != NULL &&
			(time == 6 || time == 4)
		? time + 1
		: 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n + more,
			.style = PLACEHOLDER_LITERAL_DATE,
			.words = more > 0 ? "timestamp" : "date",
			.words_len = more > 0 ? 9 : 4});
}

static bool
line_of_git(const struct placefind *f)
{
	size_t from = f->at;

	while (from > 0 && f->at - from < BACK_MAX_BYTES && f->text[from - 1] != '\n')
		from--;
	return memmem(f->text + from, f->at - from, "git ", 4) != NULL;
}

static size_t
find_literal_version(struct placefind *f)
{
	size_t n = 1, part, parts = 0;

	while ((part = digits_at(f, n, 6)) > 0) {
		n += part;
		parts++;
		if (placefind_peek(f, (ptrdiff_t)n) != '.')
			break;
		n++;
	}
	if (f->place != PLACEHOLDER_IN_COMMAND || parts < 3 || part == 0 ||
		placefind_word_byte(placefind_peek(f, (ptrdiff_t)n)) || !line_of_git(f))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n,
			.style = PLACEHOLDER_LITERAL_VERSION,
			.words = "version",
			.words_len = 7});
}

/* ---- the walk -------------------------------------------------------------------------- */

typedef size_t finder(struct placefind *f);

/* At the first byte of a word. */
static size_t
find_word(struct placefind *f, char c)
{
	static finder *const letters[] = {find_date_pattern, find_version_pattern,
		find_cut_value, find_domain, find_yours, find_fill, find_literal_version};
	size_t n = 0;

	if (isdigit((unsigned char)c))
		return find_literal_date(f);
	if (c == '_') {
		n = placefind_underlined(f);
		return n > 0 ? n : find_blank(f);
	}
	for (size_t i = 0; n == 0 && i < sizeof letters / sizeof letters[0]; i++) {
		if (letters[i] != find_literal_version || c == 'v')
			n = letters[i](f);
	}
	return n;
}

/* A word also begins behind _ : ni_site_YYYY-MM-DD.sql.gz */
static bool
begins(const struct placefind *f, char c)
{
	char before = f->at > 0 ? f->text[f->at - 1] : '\0';

	if (isdigit((unsigned char)c))
		return !isalnum((unsigned char)before) || isalpha((unsigned char)before);
	if (c == '_')
		return before != '_';
	return !isalnum((unsigned char)before) && (before != '-' || c == 'Y');
}

void
placeholder_find(const char *text, size_t len, enum placeholder_place place,
	struct placeholders *out)
{
	struct placefind f = {.text = text, .len = len, .place = place, .out = out};

	while (f.at < len) {
		char c = text[f.at];
		size_t n = 0;

		if (c == '<')
			n = placefind_angle(&f);
		else if (c == '[')
			n = placefind_bracket(&f);
		else if (c == '{')
			n = placefind_braces(&f);
		else if (c == '%')
			n = placefind_percent(&f);
		else if (c == '$')
			n = placefind_required(&f);
		else if (c == '.' || c == '\xe2')
			n = find_dots(&f);
		else if (placefind_word_byte(c) && begins(&f, c))
			n = find_word(&f, c);
		f.at += n > 0 ? n : 1;
	}
}

void
placeholder_release(struct placeholders *p)
{
	for (size_t i = 0; i < p->list.len; i++)
		mem_free(p->list.at[i].question);
	vec_free(&p->list);
}

const char *
placeholder_style_text(enum placeholder_style style)
{
	static const char *const texts[PLACEHOLDER_STYLE_COUNT] = {
#define X(id, text) [PLACEHOLDER_##id] = text,
		PLACEHOLDER_STYLES(X)
#undef X
	};

	return texts[style];
}
