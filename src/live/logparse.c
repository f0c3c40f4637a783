#include "live/logparse.h"

#include <string.h>

#include "base/json.h"

/* ---- JSON lines ---- */

enum member { MEMBER_OTHER, MEMBER_TIME, MEMBER_LEVEL, MEMBER_MESSAGE };

#define MEMBER_NAMED(name, member) \
	{ \
		name, sizeof name - 1, member \
	}
static const struct {
	const char *name;
	size_t len;
	enum member member;
} members[] = {
	MEMBER_NAMED("ts", MEMBER_TIME),
	MEMBER_NAMED("time", MEMBER_TIME),
	MEMBER_NAMED("timestamp", MEMBER_TIME),
	MEMBER_NAMED("@timestamp", MEMBER_TIME),
	MEMBER_NAMED("level", MEMBER_LEVEL),
	MEMBER_NAMED("severity", MEMBER_LEVEL),
	MEMBER_NAMED("lvl", MEMBER_LEVEL),
	MEMBER_NAMED("log.level", MEMBER_LEVEL),
	MEMBER_NAMED("levelname", MEMBER_LEVEL),
	MEMBER_NAMED("msg", MEMBER_MESSAGE),
	MEMBER_NAMED("message", MEMBER_MESSAGE),
};

static enum member
member_of(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		if (members[i].len == len && memcmp(members[i].name, name, len) == 0)
			return members[i].member;
	}
	return MEMBER_OTHER;
}

/* Offset behind the string that begins at `at` (its quote); len when it does not end. */
static size_t
skip_string(const char *s, size_t len, size_t at)
{
	for (at++; at < len; at++) {
		const char *quote = memchr(s + at, '"', len - at);
		size_t back = 0;

		if (!quote)
			return len;
		at = (size_t)(quote - s);
		while (s[at - 1 - back] == '\\')
			back++;
		if (back % 2 == 0)
			return at + 1;
	}
	return len;
}

static size_t
skip_blanks(const char *s, size_t len, size_t at)
{
	while (at < len && (s[at] == ' ' || s[at] == '\t'))
		at++;
	return at;
}

/* Behind a value, whatever it is. Not a reader of JSON: it only looks for three names. */
static size_t
skip_value(const char *s, size_t len, size_t at)
{
	int depth = 0;

	if (at < len && s[at] == '"')
		return skip_string(s, len, at);
	for (; at < len; at++) {
		char c = s[at];

		if (c == '"') {
			at = skip_string(s, len, at) - 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (depth-- == 0)
				return at;
			if (depth == 0)
				return at + 1;
		} else if (c == ',' && depth == 0) {
			return at;
		}
	}
	return len;
}

static void
read_time(const char *v, size_t len, const struct logtime_ref *ref, struct logparse *out)
{
	if (len > 1 && *v == '"') {
		v++;
		len -= 2;
	}
	if (!out->timed)
		out->timed = logtime_read(v, len, ref, &out->at) > 0 ||
			logtime_epoch(v, len, &out->at);
}

static void
read_level(const char *v, size_t len, struct logparse *out)
{
	long n = 0;

	if (len > 1 && *v == '"')
		loglevel_parse(v + 1, len - 2, &out->level);
	else if (len <= 3) {
		for (size_t i = 0; i < len && v[i] >= '0' && v[i] <= '9'; i++)
			n = n * 10 + (v[i] - '0');
		out->level = loglevel_of_number(n);
	}
}

static void
json_line(const char *s, size_t len, const struct logtime_ref *ref, struct logparse *out)
{
	size_t at = skip_blanks(s, len, 1);

	while (at < len && s[at] == '"') {
		size_t name = at + 1, value, end;

		at = skip_string(s, len, at);
		if (at <= name)
			return; /* it does not even begin */
		enum member m = member_of(s + name, at - 1 - name);
		at = skip_blanks(s, len, at);
		if (at >= len || s[at] != ':')
			return;
		value = skip_blanks(s, len, at + 1);
		end = at = skip_value(s, len, value);
		while (end > value && s[end - 1] == ' ')
			end--;
		if (m == MEMBER_TIME)
			read_time(s + value, end - value, ref, out);
		else if (m == MEMBER_LEVEL)
			read_level(s + value, end - value, out);
		if (at >= len || s[at] != ',')
			return;
		if (out->timed && out->level != LOGLEVEL_NONE)
			return; /* what follows is only to be shown */
		at = skip_blanks(s, len, at + 1);
	}
}

/* ---- plain lines ---- */

static bool
starts(const char *s, size_t len, const char *head)
{
	size_t n = strlen(head);

	return len >= n && memcmp(s, head, n) == 0;
}

static bool
goes_on(const char *s, size_t len)
{
	static const char *const heads[] = {"Traceback (most recent call last)",
		"Caused by: ", "Suppressed: ", "During handling of the above exception",
		"The above exception was the direct cause", "goroutine ",
		"stack backtrace:"};

	if (len > 0 && (*s == ' ' || *s == '\t'))
		return true;
	if (*s >= '0' && *s <= '9')
		return false;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		if (*s == heads[i][0] && starts(s, len, heads[i]))
			return true;
	}
	return false;
}

/* ... "GET / HTTP/1.1" 503 12 ...: behind the quoted request stands the status. */
static void
access_line(const char *s, size_t len, size_t from, struct logparse *out)
{
	size_t at = skip_blanks(s, len, from);

	if (at >= len || s[at] != '"')
		return;
	at = skip_string(s, len, at) + 1;
	if (at + 3 > len || s[at] < '1' || s[at] > '5')
		return;
	out->level = s[at] == '5' ? LOGLEVEL_ERROR
		: s[at] == '4'    ? LOGLEVEL_WARN
				  : LOGLEVEL_INFO;
}

/* <34>: facility * 8 + severity; RFC 5424 has a version behind it. */
static size_t
syslog_number(const char *s, size_t len, struct logparse *out)
{
	size_t at = 1;
	unsigned n = 0;

	while (at < len && at < 4 && s[at] >= '0' && s[at] <= '9')
		n = n * 10 + (unsigned)(s[at++] - '0');
	if (at < 2 || at >= len || s[at] != '>' || n > 191)
		return 0;
	out->level = loglevel_of_syslog(n);
	at++;
	if (at + 1 < len && s[at] == '1' && s[at + 1] == ' ')
		at += 2;
	return at;
}

/* A mark of the time's own form: E1120 of klog, # and * of redis. */
static enum loglevel
level_of_form(const char *s, size_t len, size_t message)
{
	static const char marks[] = "IWEF";
	static const enum loglevel levels[] = {
		LOGLEVEL_INFO, LOGLEVEL_WARN, LOGLEVEL_ERROR, LOGLEVEL_FATAL};
	const char *mark = len > 5 ? strchr(marks, *s) : NULL;

	if (mark && *mark && s[1] >= '0' && s[1] <= '9')
		return levels[mark - marks];
	if (message + 1 < len && s[message + 1] == ' ') {
		if (s[message] == '#')
			return LOGLEVEL_WARN;
		if (s[message] == '*')
			return LOGLEVEL_INFO;
	}
	return LOGLEVEL_NONE;
}

/* [error] or WARNING: right behind the time is told by the level itself. */
static size_t
behind_level(const char *s, size_t len, size_t at)
{
	size_t from = at, word;
	enum loglevel level;

	if (at < len && s[at] == '[')
		at++;
	word = at;
	while (at < len && ((s[at] | 0x20) >= 'a' && (s[at] | 0x20) <= 'z'))
		at++;
	if (!loglevel_parse(s + word, at - word, &level))
		return from;
	while (at < len && strchr("]: \t", s[at]))
		at++;
	return at;
}

static void
plain_line(const char *s, size_t len, const struct logtime_ref *ref, struct logparse *out)
{
	size_t from = 0, used;

	if (*s == '<')
		from = syslog_number(s, len, out);
	else if (starts(s, len, "time=") || starts(s, len, "ts="))
		from = (size_t)((const char *)memchr(s, '=', len) - s) + 1;
	if (from < len && from > 0 && s[from] == '"')
		from++;
	used = logtime_read(s + from, len - from, ref, &out->at);
	out->timed = used > 0;
	out->message = from + used;
	if (!out->timed) {
		used = logtime_find_clf(s, len, ref, &out->at);
		if (used) {
			out->timed = true;
			out->message = 0;
			access_line(s, len, used, out);
			return;
		}
	}
	if (out->message < len && s[out->message] == '"')
		out->message++;
	if (out->level == LOGLEVEL_NONE)
		out->level = loglevel_find(s + out->message, len - out->message);
	if (out->level == LOGLEVEL_NONE && out->timed)
		out->level = level_of_form(s, len, out->message);
	if (out->timed && out->level != LOGLEVEL_NONE)
		out->message = behind_level(s, len, out->message);
}

void
logparse_line(
	const char *s, size_t len, const struct logtime_ref *ref, struct logparse *out)
{
	*out = (struct logparse){.level = LOGLEVEL_NONE};
	if (len == 0)
		return;
	if (*s == '{') {
		json_line(s, len, ref, out);
		return;
	}
	out->continues = goes_on(s, len);
	if (!out->continues)
		plain_line(s, len, ref, out);
}

/* ---- to be read ---- */

static void
show_value(const struct json_node *n, struct str *out)
{
	if (!json_scalar_text(n, out))
		json_write(n, out);
}

static bool
show_json(const char *s, size_t len, struct str *out)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(s, len, &e);
	const struct json_node *root = json_root(doc);
	size_t before = out->len;

	if (!doc || json_type_of(root) != JSON_OBJECT) {
		json_free(doc);
		return false;
	}
	for (size_t i = 0; i < json_len(root); i++) {
		const char *name = json_key_at(root, i);

		if (out->len == before && member_of(name, strlen(name)) == MEMBER_MESSAGE)
			show_value(json_value_at(root, i), out);
	}
	for (size_t i = 0; i < json_len(root); i++) {
		const char *name = json_key_at(root, i);

		if (member_of(name, strlen(name)) != MEMBER_OTHER)
			continue;
		str_addf(out, "%s%s=", out->len > before ? " " : "", name);
		show_value(json_value_at(root, i), out);
	}
	json_free(doc);
	return true;
}

void
logparse_show(const char *s, size_t len, size_t message, struct str *out)
{
	if (len > 0 && *s == '{' && show_json(s, len, out))
		return;
	if (message <= len)
		str_add(out, s + message, len - message);
}
