#include "model/sqlwords.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* One statement as far as it was read. */
struct statement {
	size_t at; /* of its first word */
	int words;
	char first[12], second[16];
	bool where; /* WHERE at any depth */
	bool set;   /* UPDATE … SET: else it is FOR UPDATE and the like */
	bool from;  /* DELETE FROM */
	bool drop_column;
};

/* Past a string, quoted name, comment or dollar quote at s[i]; i itself if there is none. */
static size_t
skip_quoted(const char *s, size_t i)
{
	const char *end = NULL;
	size_t tag;

	if (s[i] == '\'' || s[i] == '"' || s[i] == '`') {
		end = strchr(s + i + 1, s[i]);
		return end != NULL ? (size_t)(end - s) + 1 : strlen(s);
	}
	if (s[i] == '-' && s[i + 1] == '-')
		return i + strcspn(s + i, "\n");
	if (s[i] == '/' && s[i + 1] == '*') {
		end = strstr(s + i + 2, "*/");
		return end != NULL ? (size_t)(end - s) + 2 : strlen(s);
	}
	if (s[i] != '$')
		return i;
	tag = 1 + strspn(s + i + 1, "abcdefghijklmnopqrstuvwxyz_");
	if (s[i + tag] != '$')
		return i;
	for (tag++, end = s + i + tag; *end != '\0'; end++) {
		if (strncmp(end, s + i, tag) == 0)
			return (size_t)(end - s) + tag;
	}
	return strlen(s);
}

static bool
one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcasecmp(word, *list) == 0)
			return true;
	}
	return false;
}

static void
copy_word(char *out, size_t size, const char *word, size_t len)
{
	len = len < size ? len : size - 1;
	memcpy(out, word, len);
	out[len] = '\0';
}

static void
take_word(struct statement *st, const char *word, size_t at)
{
	if (st->words == 0) {
		st->at = at;
		copy_word(st->first, sizeof st->first, word, strlen(word));
	} else if (st->words == 1) {
		copy_word(st->second, sizeof st->second, word, strlen(word));
	}
	st->words++;
	st->where = st->where || strcasecmp(word, "where") == 0;
	st->set = st->set || strcasecmp(word, "set") == 0;
	st->from = st->from || strcasecmp(word, "from") == 0;
	st->drop_column = st->drop_column ||
		(strcasecmp(st->first, "alter") == 0 && strcasecmp(word, "drop") == 0);
}

static void
judge(const struct statement *st, size_t at, struct danger_hits *out)
{
	static const char *const holds_data[] = {"database", "table", "schema", "owned",
		"tablespace", "materialized", NULL};
	static const char *const objects[] = {"index", "view", "function", "procedure",
		"trigger", "sequence", "type", "role", "user", "extension", "policy",
		"collection", NULL};
	static const char *const changes[] = {"insert", "update", "delete", "merge",
		"create", "alter", "drop", "grant", "revoke", "reindex", "vacuum",
		"refresh", NULL};
	const char *first = st->first;

	if (strcasecmp(first, "drop") == 0 && one_of(st->second, holds_data))
		danger_hit(out, DANGER_DATA, at);
	else if (strcasecmp(first, "drop") == 0 && one_of(st->second, objects))
		danger_hit(out, DANGER_OBJECTS, at);
	else if (strcasecmp(first, "truncate") == 0 && st->words > 1)
		danger_hit(out, DANGER_DATA, at);
	else if (strcasecmp(first, "delete") == 0 && st->from && !st->where)
		danger_hit(out, DANGER_DATA, at);
	else if (strcasecmp(first, "update") == 0 && st->set && !st->where)
		danger_hit(out, DANGER_DATA, at);
	else if (st->drop_column)
		danger_hit(out, DANGER_DATA, at);
	else if (one_of(first, changes) && st->words > 1)
		danger_hit(out, DANGER_CHANGES, at);
}

void
sqlwords_scan(const char *sql, size_t base, enum sqlwords_at at, struct danger_hits *out)
{
	struct statement st = {0};
	size_t i = 0;

	while (sql[i] != '\0') {
		size_t past = skip_quoted(sql, i);
		char word[32];
		size_t len = 0;

		if (past != i) {
			st.words += st.words == 1; /* DROP "x": no kind */
			i = past;
			continue;
		}
		if (sql[i] == ';') {
			judge(&st, at == SQLWORDS_FIXED ? base : base + st.at, out);
			st = (struct statement){0};
			i++;
			continue;
		}
		while (isalnum((unsigned char)sql[i + len]) || sql[i + len] == '_')
			len++;
		if (len == 0) {
			i++;
			continue;
		}
		copy_word(word, sizeof word, sql + i, len);
		/* A common table expression: the statement that matters follows it. */
		if (strcasecmp(st.first, "with") == 0 &&
			(strcasecmp(word, "delete") == 0 ||
				strcasecmp(word, "update") == 0))
			st = (struct statement){0};
		take_word(&st, word, i);
		i += len;
	}
	judge(&st, at == SQLWORDS_FIXED ? base : base + st.at, out);
}
