#include "load/placefind.h"

#include <string.h>

#include "base/text.h"
#include "load/placename.h"
#include "model/wordlist.h"

size_t
placefind_take(struct placefind *f, const struct placefind_found *what)
{
	struct placeholder *p = vec_add(&f->out->list);
	struct placename_in in = {.text = f->text,
		.len = f->len,
		.at = f->at,
		.span = what->len,
		.words = what->words,
		.words_len = what->words_len,
		.fallback = what->fallback,
		.secret = what->secret};

	p->at = f->at;
	p->len = what->len;
	p->style = what->style;
	placename_fill(&in, p);
	if (what->question != NULL) {
		mem_free(p->question);
		p->question = mem_strdup(what->question);
	}
	return what->len;
}

/* ---- brackets -------------------------------------------------------------------------- */

static bool
html(const char *s, size_t n)
{
	static const char tags[] =
		"a|b|i|u|p|s|br|hr|em|h1|h2|h3|h4|h5|h6|li|ol|ul|td|th|tr|dl|dt|dd|div|img|kbd|pre|"
		"sub|sup|svg|body|code|form|head|html|link|meta|span|font|nav|main|table|tbody|thead|"
		"title|input|style|label|script|strong|button|center|details|summary|section|small|"
		"header|footer|article|iframe|video|audio|source|picture|mark|del|ins|blockquote";
	char small[16];

	if (n >= sizeof small)
		return false;
	for (size_t i = 0; i < n; i++)
		small[i] = (char)tolower((unsigned char)s[i]);
	return among_bytes(small, n, tags);
}

/* <previous-version-tag>, <real key>; no mark-up, no comparison, no type of a template */
size_t
placefind_angle(struct placefind *f)
{
	size_t n = 0, blanks = 0;
	const char *s = f->text + f->at + 1;
	char before = f->at > 0 ? placefind_peek(f, -1) : '\0', c;
	bool joined = false;

	while (n < PLACEFIND_SPAN_BYTES &&
		(c = placefind_peek(f, (ptrdiff_t)n + 1)) != '\0' &&
		(placefind_word_byte(c) || c == '-' || c == ' ' || c == '.')) {
		blanks += c == ' ';
		joined = joined || c == '-' || c == '_';
		n++;
	}
	if (n < 2 || placefind_peek(f, (ptrdiff_t)n + 1) != '>' ||
		!isalpha((unsigned char)s[0]) || !placefind_word_byte(s[n - 1]) ||
		before == '<' || blanks > 4)
		return 0;
	if ((!joined && html(s, n)) || (isalnum((unsigned char)before) && !joined) ||
		(n > 2 && s[n - 2] == '.' && s[n - 1] == 'h'))
		return 0;
	for (size_t i = 0; blanks > 0 && i + 4 < n; i++) {
		if (strncmp(s + i, " and ", 5) == 0 || strncmp(s + i, " or ", 4) == 0 ||
			strncmp(s + i, "  ", 2) == 0)
			return 0;
	}
	return placefind_take(f,
		&(struct placefind_found){.len = n + 2,
			.style = PLACEHOLDER_ANGLE,
			.words = s,
			.words_len = n});
}

static bool
told_apart(const char *s, size_t n)
{
	static const char asked[] =
		"Date|Name|Value|Version|Team|Owner|Person|Link|Time|Number|"
		"Company|Email|Phone|Role|Environment|Domain|Host|Reason";
	static const char marks[] =
		"ERROR|INFO|WARN|WARNING|DEBUG|OK|FAIL|FAILED|PASS|NOTE|TIP|"
		"IMPORTANT|CAUTION|OPTIONS|OPTION|FLAGS|SKIP|DONE|TRACE|FATAL";
	bool capitals = true;

	for (size_t i = 0; i < n; i++)
		capitals = capitals && !islower((unsigned char)s[i]);
	return capitals ? n > 1 && !among_bytes(s, n, marks) : among_bytes(s, n, asked);
}

/* [service], [previous-tag]: words that a document asks for, or several in one; never a glob
 * such as [a-z], nor [options] that a command does not need. */
static bool
small_words(const char *s, size_t n)
{
	static const char asked[] =
		"name|value|version|date|time|team|owner|person|phone|email|company|role|reason|"
		"environment|env|domain|host|hostname|service|container|image|tag|branch|commit|"
		"user|username|database|region|namespace|cluster|ticket|ip|url";
	size_t word = 0, words = 0;

	if (among_bytes(s, n, asked))
		return true;
	for (size_t i = 0; i <= n; i++) {
		if (i < n &&
			(islower((unsigned char)s[i]) || isdigit((unsigned char)s[i]))) {
			word++;
			continue;
		}
		if (word < 2 || (i < n && s[i] != '-' && s[i] != '_'))
			return false;
		words++;
		word = 0;
	}
	return words > 1;
}

/* [NAME], [Date], [service]; no link, no task box, no element of a list */
size_t
placefind_bracket(struct placefind *f)
{
	size_t n = 0;
	const char *s = f->text + f->at + 1;
	char before = f->at > 0 ? placefind_peek(f, -1) : '\0', after, c;
	bool capitals, small;

	while (n < PLACEFIND_SPAN_BYTES &&
		(c = placefind_peek(f, (ptrdiff_t)n + 1)) != '\0' &&
		(placefind_word_byte(c) || c == '-' || c == ' '))
		n++;
	if (n < 2 || placefind_peek(f, (ptrdiff_t)n + 1) != ']' || s[n - 1] == ' ' ||
		s[1] == '-') /* [A-Z0-9] */
		return 0;
	small = islower((unsigned char)s[0]) && small_words(s, n);
	if (!small && !isupper((unsigned char)s[0]))
		return 0;
	after = placefind_peek(f, (ptrdiff_t)n + 2);
	if ((after != '\0' && strchr("([:", after) != NULL) ||
		placefind_word_byte(before) ||
		(before != '\0' && strchr("]![$\"'", before) != NULL))
		return 0;
	if (small &&
		((before != '\0' && strchr("*?", before)) ||
			(after != '\0' && strchr("*?+", after))))
		return 0;
	capitals = small || told_apart(s, n);
	if (!capitals &&
		(f->place == PLACEHOLDER_IN_COMMAND ||
			placename_label(f->text, f->at, NULL) == 0))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n + 2,
			.style = PLACEHOLDER_BRACKET,
			.words = small || isupper((unsigned char)s[1]) ? s : NULL,
			.words_len = n,
			.fallback = "value"});
}

/* Letters of a name from byte `from` that `more` are too; all capitals or all small. */
static size_t
name_span(const struct placefind *f, size_t from, const char *more, bool capitals)
{
	size_t n = 0;
	char c;

	while (n < PLACEFIND_SPAN_BYTES &&
		(c = placefind_peek(f, (ptrdiff_t)(from + n))) != '\0' &&
		((capitals ? isupper((unsigned char)c) : islower((unsigned char)c)) ||
			(n > 0 && (isdigit((unsigned char)c) || strchr(more, c)))))
		n++;
	return n;
}

/* {name} in a command: the shell would type it as it stands. Not behind what gives braces a
 * meaning: ${name}, %{name}, @{upstream}, '{print}'. */
static size_t
single_brace(struct placefind *f)
{
	char before = f->at > 0 ? placefind_peek(f, -1) : '\0';
	bool capitals = isupper((unsigned char)placefind_peek(f, 1));
	size_t n = name_span(f, 1, "_-", capitals);

	if (f->place != PLACEHOLDER_IN_COMMAND || n < 2 ||
		placefind_peek(f, (ptrdiff_t)n + 1) != '}' ||
		(before != '\0' && strchr("$%@#\\'\"{", before) != NULL))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n + 2,
			.style = PLACEHOLDER_BRACE,
			.words = f->text + f->at + 1,
			.words_len = n});
}

/* %NAME%; a format of a date has single letters */
size_t
placefind_percent(struct placefind *f)
{
	size_t n = name_span(f, 1, "_", true);
	char before = f->at > 0 ? placefind_peek(f, -1) : '\0';

	if (n < 3 || placefind_peek(f, (ptrdiff_t)n + 1) != '%' || before == '%' ||
		placefind_word_byte(placefind_peek(f, (ptrdiff_t)n + 2)))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n + 2,
			.style = PLACEHOLDER_PERCENT,
			.words = f->text + f->at + 1,
			.words_len = n});
}

/* __NAME__; small letters belong to Python, and some names to compilers */
size_t
placefind_underlined(struct placefind *f)
{
	size_t n = name_span(f, 2, "_", true);
	const char *s = f->text + f->at + 2;

	while (n > 0 && s[n - 1] == '_')
		n--;
	if (n < 2 || placefind_peek(f, 1) != '_' ||
		placefind_peek(f, (ptrdiff_t)n + 2) != '_' ||
		placefind_peek(f, (ptrdiff_t)n + 3) != '_' ||
		placefind_word_byte(placefind_peek(f, (ptrdiff_t)n + 4)) ||
		among_bytes(s, n,
			"FILE|LINE|DIR|FUNCTION|CLASS|METHOD|NAMESPACE|DATE|TIME|VERSION"))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = n + 4,
			.style = PLACEHOLDER_UNDERLINED,
			.words = s,
			.words_len = n});
}

/* {{name}}; a template of Go has a dot, a blank or a word of its language in it */
size_t
placefind_braces(struct placefind *f)
{
	size_t at = 2 + (placefind_peek(f, 2) == ' '), n = 0, end;
	const char *s = f->text + f->at + at;

	if (placefind_peek(f, 1) != '{')
		return single_brace(f);
	while (n < PLACEFIND_SPAN_BYTES &&
		(placefind_word_byte(placefind_peek(f, (ptrdiff_t)(at + n))) ||
			(n > 0 && placefind_peek(f, (ptrdiff_t)(at + n)) == '-')))
		n++;
	end = at + n + (placefind_peek(f, (ptrdiff_t)(at + n)) == ' ');
	if (n == 0 || placefind_peek(f, (ptrdiff_t)end) != '}' ||
		placefind_peek(f, (ptrdiff_t)end + 1) != '}' ||
		among_bytes(s, n, "end|else|range|if|with|json|block"))
		return 0;
	return placefind_take(f,
		&(struct placefind_found){.len = end + 2,
			.style = PLACEHOLDER_BRACES,
			.words = s,
			.words_len = n});
}

/* ${VAR:?what it is} */
size_t
placefind_required(struct placefind *f)
{
	size_t n = 0, at, end;
	const char *s = f->text + f->at + 2;
	char message[2 * PLACEFIND_SPAN_BYTES + 1];

	if (placefind_peek(f, 1) != '{')
		return 0;
	while (n < PLACEFIND_SPAN_BYTES &&
		placefind_word_byte(placefind_peek(f, (ptrdiff_t)n + 2)))
		n++;
	at = n + 2 + (placefind_peek(f, (ptrdiff_t)n + 2) == ':');
	if (n == 0 || placefind_peek(f, (ptrdiff_t)at) != '?')
		return 0;
	for (end = ++at;
		end - at < sizeof message - 1 && placefind_peek(f, (ptrdiff_t)end) != '}';
		end++)
		if ((unsigned char)placefind_peek(f, (ptrdiff_t)end) < ' ')
			return 0;
	if (placefind_peek(f, (ptrdiff_t)end) != '}')
		return 0;
	memcpy(message, f->text + f->at + at, end - at);
	message[end - at] = '\0';
	return placefind_take(f,
		&(struct placefind_found){.len = end + 1,
			.style = PLACEHOLDER_REQUIRED,
			.words = s,
			.words_len = n,
			.question = end > at && text_valid_utf8(message, end - at)
				? message
				: NULL});
}
