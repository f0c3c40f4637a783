#include "model/secretwords.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

static size_t
at(const struct secret_line *l, size_t i)
{
	return l->fixed ? l->base : l->base + l->w[i].offset;
}

/* A value with an expansion is not in the file, but it is in the process list. */
static void
report(struct danger_hits *out, const char *value, size_t where)
{
	if (value[0] == '\0' || value[0] == '-')
		return;
	danger_hit(out, strpbrk(value, "$`") != NULL ? DANGER_SHOWN : DANGER_ARGUMENT,
		where);
}

static bool
one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (**list == *word && strcmp(word, *list) == 0)
			return true;
	}
	return false;
}

/* Behind two dashes, which all have. */
static bool
one_of_options(const char *word, size_t len, const char *const *list)
{
	for (; *list != NULL; list++) {
		if ((*list)[2] == word[2] && strncmp(*list, word, len) == 0 &&
			(*list)[len] == '\0')
			return true;
	}
	return false;
}

/* --password=X, --password X and the like, of any command. */
static void
long_options(struct danger_hits *out, const struct secret_line *l)
{
	static const char *const names[] = {"--password", "--passwd", "--pass", "--token",
		"--secret", "--api-key", "--access-key", "--secret-key", NULL};

	for (size_t i = 1; i < l->n; i++) {
		const char *word = l->w[i].text, *eq;

		if (word[0] != '-' || word[1] != '-')
			continue;
		eq = strchrnul(word, '=');
		if (!one_of_options(word, (size_t)(eq - word), names))
			continue;
		if (*eq == '=')
			report(out, eq + 1, at(l, i));
		else if (i + 1 < l->n)
			report(out, l->w[i + 1].text, at(l, i + 1));
	}
}

/* -pVALUE sticks to its letter, -p VALUE and -a VALUE stand apart. */
static void
short_options(struct danger_hits *out, const char *name, const struct secret_line *l)
{
	static const char *const stuck[] = {"mysql", "mysqldump", "mysqladmin", "mariadb",
		"mariadb-dump", "mysqlimport", "sshpass", NULL};
	static const char *const apart[] = {
		"mongo", "mongosh", "mongodump", "mongorestore", "sshpass", NULL};
	bool login, is_stuck, is_apart, redis, curl;

	if (strchr("cdmrs", name[0]) == NULL) /* none of the names below */
		return;
	login = str_eq(name, "docker") && l->n > 1 && str_eq(l->w[1].text, "login");
	is_stuck = one_of(name, stuck);
	is_apart = login || one_of(name, apart);
	redis = str_eq(name, "redis-cli");
	curl = str_eq(name, "curl");
	for (size_t i = 1; i < l->n && (is_stuck || is_apart || redis || curl); i++) {
		const char *word = l->w[i].text;
		const char *next = i + 1 < l->n ? l->w[i + 1].text : "";

		if (is_stuck && word[0] == '-' && word[1] == 'p' && word[2] != '\0')
			report(out, word + 2, at(l, i));
		else if (is_apart && str_eq(word, "-p"))
			report(out, next, at(l, i));
		else if (redis && str_eq(word, "-a"))
			report(out, next, at(l, i));
		else if (curl && (str_eq(word, "-u") || str_eq(word, "--user")) &&
			strchr(next, ':') != NULL)
			report(out, strchr(next, ':') + 1, at(l, i));
	}
}

void
secretwords_line(struct danger_hits *out, const char *name, const struct secret_line *l)
{
	bool all = name[0] == 'e' && (str_eq(name, "export") || str_eq(name, "env"));

	long_options(out, l);
	short_options(out, name, l);
	/* export X=…, docker run -e X=…, env X=…: the assignment is an argument */
	for (size_t i = 1; i < l->n; i++) {
		const char *last = l->w[i - 1].text;

		if (all ||
			(last[0] == '-' &&
				(last[1] == 'e' ? last[2] == '\0'
						: str_eq(last, "--env"))))
			secretwords_assignment(out, &l->w[i], at(l, i));
	}
}

static bool
secret_name(const char *name, size_t len)
{
	static const char *const parts[] = {"PASSWORD", "PASSWD", "SECRET", "TOKEN",
		"API_KEY", "APIKEY", "PRIVATE_KEY"};

	if (len > 5 && strncasecmp(name + len - 5, "_FILE", 5) == 0)
		return false;
	for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
		size_t bytes = strlen(parts[k]);

		for (size_t i = 0; i + bytes <= len; i++) {
			if (strncasecmp(name + i, parts[k], bytes) == 0)
				return true;
		}
	}
	return false;
}

void
secretwords_assignment(struct danger_hits *out, const struct shell_word *w, size_t where)
{
	const char *eq = strchr(w->text, '=');
	const char *value = eq != NULL ? eq + 1 : "";

	if (eq == NULL || strlen(value) < 4 || strpbrk(value, "$`") != NULL ||
		!secret_name(w->text, (size_t)(eq - w->text)))
		return;
	/* lifetimes, switches and paths are no secrets */
	if (strspn(value, "0123456789.smhd") == strlen(value) || str_eq(value, "true") ||
		str_eq(value, "false") || value[0] == '/')
		return;
	danger_hit(out, DANGER_ARGUMENT, where);
}

/* scheme://user:password@host, the password written out. */
static void
urls(struct danger_hits *out, const char *text)
{
	const char *first = strchr(text, ':'); /* few texts have one: far cheaper */

	for (const char *s = first != NULL ? strstr(first, "://") : NULL; s != NULL;
		s = strstr(s + 3, "://")) {
		const char *auth = s + 3;
		size_t len = strcspn(auth, "/@ \t\n\"'<>`");
		const char *colon = memchr(auth, ':', len);

		if (auth[len] != '@' || colon == NULL || colon + 1 == auth + len)
			continue;
		if (colon[1] == '$' || colon[1] == '*' || colon[1] == '<')
			continue;
		danger_hit(out, DANGER_URL, (size_t)(auth - text));
	}
}

/* Prefixes of keys and tokens, and how many letters and digits follow at least. */
static const struct {
	const char *prefix;
	size_t follow;
} keys[] = {
	{"AKIA", 16},
	{"ASIA", 16},
	{"ghp_", 30},
	{"gho_", 30},
	{"ghs_", 30},
	{"github_pat_", 30},
	{"glpat-", 16},
	{"xoxb-", 20},
	{"xoxp-", 20},
	{"sk-", 20},
	{"sk_live_", 16},
	{"AIza", 30},
	{"eyJhbGciOi", 20},
};

static bool
key_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

void
secretwords_beginnings(uint64_t pairs[256])
{
	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
		pairs[(unsigned char)keys[k].prefix[0]] |= UINT64_C(1)
			<< (keys[k].prefix[1] & 63);
}

void
secretwords_key(struct danger_hits *out, const char *text, const char *s)
{
	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		size_t bytes, len = 0;

		if (keys[k].prefix[0] != s[0] || keys[k].prefix[1] != s[1] ||
			!str_starts(s, keys[k].prefix))
			continue;
		bytes = strlen(keys[k].prefix);
		while (key_byte(s[bytes + len]))
			len++;
		if (len >= keys[k].follow)
			danger_hit(out, DANGER_KEY, (size_t)(s - text));
	}
}

void
secretwords_marks(struct danger_hits *out, const char *text)
{
	urls(out, text);
	if (strchr(text, 'B') == NULL) /* as above */
		return;
	for (const char *s = text; (s = strstr(s, "-----BEGIN ")) != NULL; s += 11) {
		size_t line = strcspn(s, "\n");

		if (memmem(s, line, "PRIVATE KEY", 11) != NULL)
			danger_hit(out, DANGER_KEY, (size_t)(s - text));
	}
}
