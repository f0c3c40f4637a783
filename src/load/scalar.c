#include "load/scalar.h"

#include <string.h>

#include "base/pattern.h"
#include "base/stamp.h"
#include "model/moment.h"
#include "model/subst.h"

enum { SHOWN = 60, WORDS_MAX = 16, LABEL_MAX = 128 };

static bool
bad(const char *text, const char *what, struct err *e)
{
	return err_set(e, ERR_PARSE, "`%.*s` is not %s", SHOWN, text, what);
}

static bool
all_of(const char *text, const char *set)
{
	return text[strspn(text, set)] == '\0';
}

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool
check_digits(const char *text, bool from_one, struct err *e)
{
	size_t len = strlen(text);

	if (!len || len > 9 || !all_of(text, DIGITS))
		return bad(text, "a whole number", e);
	if (from_one && text[0] == '0')
		return err_set(e, ERR_PARSE, "`%s` is too small, or begins with 0", text);
	return true;
}

bool
scalar_name(const char *text, struct err *e)
{
	if (!text[0] || !all_of(text, LOWER DIGITS "_") || strchr(DIGITS, text[0]) ||
		strlen(text) > 32)
		return bad(text, "a name of an input", e);
	if (!subst_valid_name(text))
		return err_set(
			e, ERR_PARSE, "`%s` would change how the shell works", text);
	return true;
}

static bool
check_id(const char *text, struct err *e)
{
	if (strlen(text) > 64)
		return err_set(e, ERR_PARSE, "an id has at most 64 characters");
	if (!all_of(text, LOWER DIGITS "_-") || text[0] == '-' || text[0] == '_')
		return bad(text, "an id", e);
	return true;
}

static bool
check_label(const char *text, const char *what, struct err *e)
{
	if (strlen(text) > LABEL_MAX || !all_of(text, LOWER UPPER DIGITS "_.@:/-") ||
		strchr("-./@:", text[0]))
		return bad(text, what, e);
	return true;
}

static bool
check_alias(const char *text, struct err *e)
{
	if (strlen(text) > 255 || !all_of(text, LOWER UPPER DIGITS "_.@:-") ||
		strchr("-.@:", text[0]))
		return bad(text, "a name for ssh", e);
	return true;
}

static bool
check_duration(const char *text, struct err *e)
{
	int64_t ms;

	if (!stamp_parse_duration(text, &ms))
		return bad(text, "a duration", e);
	if (ms == 0)
		return err_set(e, ERR_PARSE, "`%s` is no time at all", text);
	return true;
}

/* The first ten bytes of a text that has them. */
static bool
is_day(const char *text)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int month, day;

	if (text[4] != '-' || text[7] != '-' || strspn(text, DIGITS) != 4 ||
		strspn(text + 5, DIGITS) != 2 || strspn(text + 8, DIGITS) != 2)
		return false;
	month = (text[5] - '0') * 10 + text[6] - '0';
	day = (text[8] - '0') * 10 + text[9] - '0';
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static bool
is_date(const char *text, size_t len)
{
	return len == 10 && is_day(text);
}

static bool
is_clock(const char *text, size_t len)
{
	return len == 5 && text[2] == ':' && strspn(text, DIGITS) == 2 &&
		strspn(text + 3, DIGITS) == 2 && strncmp(text, "24", 2) < 0 &&
		text[3] < '6';
}

/* A day and what the clock shows on it, as `2026-12-18 17:00`. */
static bool
is_minute(const char *text, size_t len)
{
	return len == 16 && text[10] == ' ' && strspn(text + 11, DIGITS) == 2 &&
		is_day(text) && is_clock(text + 11, 5);
}

static bool
check_span(const char *text, struct err *e)
{
	struct recur r;
	const char *why;

	return recur_parse(text, &r, &why) || err_set(e, ERR_PARSE, "`%s` %s", text, why);
}

static bool
check_time(const char *text, struct err *e)
{
	char zone[ZONE_NAME_BYTES];

	/* with ${names} it is known when it runs */
	return strstr(text, "${") || moment_parse(text, zone) || bad(text, "a time", e);
}

static bool
check_percent(const char *text, struct err *e)
{
	size_t n = strspn(text, DIGITS);

	if (!n || n > 3 || strcmp(text + n, "%") != 0 || text[0] == '0' ||
		(n == 3 && strcmp(text, "100%") != 0))
		return bad(text, "a part in %", e);
	return true;
}

static bool
check_number(const char *text, struct err *e)
{
	size_t n = strspn(text, DIGITS);
	size_t m = text[n] == '.' ? strspn(text + n + 1, DIGITS) : 1;

	if (!n || n > 15 || !m || (text[n] == '.' ? text[n + 1 + m] : text[n]))
		return bad(text, "a number", e);
	return true;
}

static bool
check_mode(const char *text, struct err *e)
{
	size_t len = strlen(text);

	if (!all_of(text, "01234567") || len < 3 || len > 4 ||
		(len == 4 && text[0] != '0'))
		return bad(text, "an octal mode", e);
	return true;
}

static bool
check_pattern(const char *text, struct err *e)
{
	struct pattern *p = pattern_new(text, e);

	pattern_free(p);
	return p != NULL;
}

static bool
check_url(const char *text, struct err *e)
{
	size_t n = strspn(text, LOWER DIGITS "+.-");

	if (text[strcspn(text, " \t\n")])
		return err_set(e, ERR_PARSE, "a URL has no blanks");
	if (strncmp(text, "${", 2) != 0 && (!n || strncmp(text + n, "://", 3) != 0))
		return bad(text, "a URL", e);
	return true;
}

static bool
check_line(const char *text, size_t len, struct err *e)
{
	const char *nl = strchr(text, '\n');

	if (nl && nl != text + len - 1)
		return err_set(e, ERR_PARSE, "this is one line, and it holds several");
	return text[strspn(text, " \t\n")] != '\0' ||
		err_set(e, ERR_PARSE, "there is nothing in it");
}

bool
scalar_check(const char *text, size_t len, const struct key_row *row, struct err *e)
{
	if (!len && row->value != KEY_VALUE_ANY && row->value != KEY_VALUE_TEST)
		return err_set(e, ERR_PARSE, "there is nothing in it");
	switch (row->value) {
	case KEY_VALUE_ANY:
	case KEY_VALUE_TEST:
		return true;
	case KEY_VALUE_TEXT:
	case KEY_VALUE_SHELL:
	case KEY_VALUE_SQL:
		return text[strspn(text, " \t\n")] != '\0' ||
			err_set(e, ERR_PARSE, "there is nothing in it");
	case KEY_VALUE_LINE:
	case KEY_VALUE_PATH:
	case KEY_VALUE_STEP:
		return check_line(text, len, e);
	case KEY_VALUE_LABEL:
		return check_label(text, "a name without blanks", e);
	case KEY_VALUE_HOST:
		return check_label(text, "a name of a host", e);
	case KEY_VALUE_PROBE:
		return check_label(text, "a name of a probe", e);
	case KEY_VALUE_NAME:
		return scalar_name(text, e);
	case KEY_VALUE_ID:
		return check_id(text, e);
	case KEY_VALUE_WORD:
		return keytable_word(row->words, text) != NONE ||
			bad(text, "one of its words", e);
	case KEY_VALUE_BOOL:
		return str_eq(text, "true") || str_eq(text, "false") ||
			bad(text, "true or false", e);
	case KEY_VALUE_COUNT:
		return check_digits(text, true, e);
	case KEY_VALUE_WHOLE:
		return check_digits(text, false, e);
	case KEY_VALUE_NUMBER:
		return check_number(text, e);
	case KEY_VALUE_PERCENT:
		return check_percent(text, e);
	case KEY_VALUE_DURATION:
		return check_duration(text, e);
	case KEY_VALUE_SPAN:
		return check_span(text, e);
	case KEY_VALUE_MINUTE:
		return is_minute(text, len) || bad(text, "a day and time", e);
	case KEY_VALUE_WINDOW:
		return window_parse(text, &(struct window){0}) ||
			bad(text, "a window", e);
	case KEY_VALUE_ZONE:
		return zone_name_valid(text) || bad(text, "a time zone", e);
	case KEY_VALUE_DATE:
		return is_date(text, len) || bad(text, "a date", e);
	case KEY_VALUE_TIME:
		return check_time(text, e);
	case KEY_VALUE_MODE:
		return check_mode(text, e);
	case KEY_VALUE_PATTERN:
		return check_pattern(text, e);
	case KEY_VALUE_URL:
		return check_url(text, e);
	case KEY_VALUE_ALIAS:
		return check_alias(text, e);
	case KEY_VALUE_ROWS:
		break;
	}
	return true;
}

static const char *const examples[KEY_VALUE_ROWS] = {
	[KEY_VALUE_ANY] = "a text",
	[KEY_VALUE_TEXT] = "a text",
	[KEY_VALUE_LINE] = "a text of one line",
	[KEY_VALUE_SHELL] = "shell text",
	[KEY_VALUE_SQL] = "SQL",
	[KEY_VALUE_LABEL] =
		"letters, digits and _ . @ : / -, beginning with a letter, digit or _",
	[KEY_VALUE_NAME] =
		"a-z, 0-9 and _, at most 32, not path, ifs, env, home or ld_...",
	[KEY_VALUE_ID] =
		"a-z, 0-9, _ and -, beginning with a letter or digit, at most 64",
	[KEY_VALUE_WORD] = "one of the words of the manual",
	[KEY_VALUE_BOOL] = "true or false",
	[KEY_VALUE_COUNT] = "a whole number from 1",
	[KEY_VALUE_WHOLE] = "a whole number",
	[KEY_VALUE_NUMBER] = "a number, as 2 or 0.5",
	[KEY_VALUE_PERCENT] = "a part, as 25%",
	[KEY_VALUE_DURATION] = "a duration with its unit, as 500ms, 30s, 5m, 2h or 90d",
	[KEY_VALUE_SPAN] = "a time span, as 1h, 7d, 1w, 1mo, or 1w 09:00 Europe/Berlin",
	[KEY_VALUE_MINUTE] = "a day and time, as \"2026-12-18 17:00\"",
	[KEY_VALUE_WINDOW] = "\"Mon-Thu 09:00-17:00 Europe/Berlin\"",
	[KEY_VALUE_ZONE] = "a zone of the system's zoneinfo, as Europe/Berlin",
	[KEY_VALUE_DATE] = "a day, as 2026-11-01",
	[KEY_VALUE_TIME] =
		"a time, as 2026-11-20T15:00:00Z, \"15:00\" or \"2026-12-01 09:00 Europe/Berlin\"",
	[KEY_VALUE_MODE] = "an octal mode, as 0640",
	[KEY_VALUE_PATTERN] = "a PCRE2 pattern; see pcre2pattern(3)",
	[KEY_VALUE_URL] = "a URL with its scheme, as https://example.com/health",
	[KEY_VALUE_PATH] = "a path",
	[KEY_VALUE_ALIAS] = "what you would write after ssh: letters, digits, _ . @ : -",
	[KEY_VALUE_HOST] = "a name from `hosts:`",
	[KEY_VALUE_PROBE] = "a name from `probes:`",
	[KEY_VALUE_STEP] = "the id of a step",
	[KEY_VALUE_TEST] = "a test",
};

const char *
scalar_example(enum key_value v)
{
	return examples[v];
}

void
scalar_word_help(const char *words, const char *text, struct str *out)
{
	const char *names[WORDS_MAX + 1];
	char *copy = mem_strdup(words), *save = NULL, *w;
	const char *near;
	size_t n = 0;

	for (w = strtok_r(copy, "|", &save); w && n < WORDS_MAX;
		w = strtok_r(NULL, "|", &save))
		names[n++] = w;
	names[n] = NULL;
	near = strlen(text) <= 64 ? str_nearest(text, names) : NULL;
	if (near) {
		str_addf(out, "did you mean `%s`?", near);
	} else {
		str_adds(out, "write one of");
		for (size_t i = 0; i < n; i++)
			str_addf(out, "%s %s", i ? "," : "", names[i]);
	}
	mem_free(copy);
}
