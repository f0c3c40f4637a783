#include "load/fencekind.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "load/fenceline.h"
#include "model/wordlist.h"

/* What an info string says. */
enum lang {
	LANG_NONE, /* nothing, or nothing we know */
	LANG_SHELL,
	LANG_SESSION,
	LANG_SQL,
	LANG_FILE,
	LANG_ENV,
	LANG_CRON,
	LANG_CODE,
	LANG_TEXT,
};

static const struct lang_row {
	enum lang lang;
	const char *names;
} langs[] = {
	{LANG_SHELL, "bash|sh|shell|zsh|ksh|fish|dash|shellscript"},
	{LANG_SESSION,
		"console|shell-session|shellsession|terminal|bash-session|sh-session|"
		"session|cmd|ps1con"},
	{LANG_SQL, "sql|psql|pgsql|postgresql|postgres|mysql|plpgsql|tsql|sqlite"},
	{LANG_FILE,
		"yaml|yml|json|jsonc|json5|toml|ini|cfg|conf|config|nginx|apache|"
		"dockerfile|docker|xml|properties|systemd|logrotate|hcl|tf|makefile|make|"
		"diff|patch|caddyfile|html|css|markdown|md|gitignore|haproxy|service"},
	{LANG_ENV, "env|dotenv|environment"},
	{LANG_CRON, "cron|crontab"},
	{LANG_CODE,
		"python|py|javascript|js|typescript|ts|jsx|tsx|go|golang|rust|rs|java|c|"
		"cpp|csharp|cs|ruby|rb|php|perl|lua|kotlin|swift|scala|powershell|ps1|"
		"groovy|elixir|r|promql|graphql|proto"},
	{LANG_TEXT, "text|txt|plain|plaintext|output|log|none"},
};

static enum lang
info_lang(const char *info)
{
	char word[24] = "";
	size_t n = 0;

	if (info == NULL)
		return LANG_NONE;
	info += strspn(info, " \t{.");
	while (n < sizeof word - 1 &&
		(isalnum((unsigned char)info[n]) ||
			(info[n] != '\0' && strchr("-_+", info[n]) != NULL))) {
		word[n] = (char)tolower((unsigned char)info[n]);
		n++;
	}
	for (size_t i = 0; i < sizeof langs / sizeof langs[0]; i++) {
		if (among(word, langs[i].names))
			return langs[i].lang;
	}
	return LANG_NONE;
}

size_t
fencekind_line(const char *text, size_t len, size_t at, char *out)
{
	const char *lf = memchr(text + at, '\n', len - at);
	size_t end = lf != NULL ? (size_t)(lf - text) : len, n = end - at;

	n = n < FENCEKIND_LINE_BYTES - 1 ? n : FENCEKIND_LINE_BYTES - 1;
	memcpy(out, text + at, n);
	while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\t'))
		n--;
	out[n] = '\0';
	return lf != NULL ? end + 1 : len;
}

/* ---- what the lines look like ---------------------------------------------------------- */

struct look {
	size_t lines; /* that are not empty */
	size_t comments, prompts, crons, settings, commands, sql, keyed, sentences, repls;
	bool script, expands, opens, closes, ends_sql, json, prompt_first, sql_first;
};

/* key: value, key=value, [section], or a brace that opens. */
static bool
keyed(const char *s)
{
	size_t n = 0;

	if (s[0] == '-' && s[1] == ' ')
		s += 2;
	if (s[0] == '[')
		return s[strlen(s) - 1] == ']';
	while (isalnum((unsigned char)s[n]) ||
		(s[n] != '\0' && strchr("_-.\"'", s[n]) != NULL))
		n++;
	return n > 0 && (s[n] == ':' || str_starts(s + n, " = ")) &&
		(s[n + 1] == ' ' || s[n + 1] == '\0' || s[n] == ' ');
}

/* Begins with a capital and has blanks: for a person. */
static bool
sentence(const char *s)
{
	size_t words = 0;

	s += strspn(s, "0123456789.-*) ");
	if (!isupper((unsigned char)s[0]))
		return false;
	for (const char *p = s; *p != '\0'; p++)
		words += *p == ' ' && isalpha((unsigned char)p[1]);
	return words >= 2;
}

static void
look_at(struct look *l, const char *line)
{
	const char *s = line + strspn(line, " \t");
	size_t len = strlen(s), prompt = fenceline_prompt(s, FENCELINE_NO_ROOT);

	if (*s == '\0')
		return;
	if (l->lines == 0) {
		l->script = s[0] == '#' && s[1] == '!';
		l->json = s[0] == '{' || (s[0] == '[' && strchr("{[\"", s[1]) != NULL);
	}
	l->prompt_first = l->prompt_first || (prompt > 0 && l->lines == l->comments);
	l->sql_first = l->sql_first || (l->lines == l->comments && fenceline_sql(s));
	l->lines++;
	l->opens = l->opens || s[len - 1] == '{';
	l->closes = l->closes || s[0] == '}';
	l->ends_sql = s[len - 1] == ';';
	if (s[0] == '#') {
		l->comments++;
		return;
	}
	if (s[0] == '-' && s[1] == '-' && s[2] == ' ') {
		l->comments++; /* of SQL */
		return;
	}
	l->prompts += prompt > 0;
	l->repls += fenceline_repl(s) > 0;
	l->crons += fenceline_cron(s) > 0;
	l->commands += fenceline_command(s);
	l->sql += fenceline_sql(s);
	l->keyed += keyed(s);
	l->sentences += sentence(s);
	if (fenceline_assignment(s) > 0) {
		l->settings++;
		l->expands = l->expands || strstr(s, "$(") != NULL ||
			strchr(s, '`') != NULL;
	}
}

static struct look
look_over(const char *text, size_t len)
{
	char line[FENCEKIND_LINE_BYTES];
	struct look l = {0};

	for (size_t at = 0; at < len;) {
		at = fencekind_line(text, len, at, line);
		look_at(&l, line);
	}
	return l;
}

/* ---- the judgement --------------------------------------------------------------------- */

#define KIND(k, why) ((struct fencekind){FENCE_##k, (why)})

/* By its lines, where the info string is silent or says only "text". */
static struct fencekind
guess(const struct look *l, enum lang lang)
{
	size_t rest = l->lines - l->comments;

	if (l->json)
		return lang == LANG_TEXT ? KIND(OUTPUT, "looks like an answer in JSON")
					 : KIND(FILE, "looks like JSON");
	if (l->sql_first && l->ends_sql)
		return KIND(SQL, "begins with a statement and ends with a semicolon");
	if (l->commands * 2 >= rest && l->commands > 0)
		return KIND(COMMANDS, "its lines begin with names of programs");
	if (l->opens && l->closes)
		return KIND(FILE, "blocks in braces: a configuration");
	if (l->keyed * 2 >= rest && rest > 1)
		return KIND(FILE, "lines of key and value: a configuration");
	if (l->sentences * 2 >= rest)
		return KIND(INSTRUCTIONS, "sentences for a person");
	return KIND(OUTPUT, "neither commands nor a known kind of file");
}

struct fencekind
fencekind_judge(const char *info, const char *text, size_t len)
{
	enum lang lang = info_lang(info);
	struct look l = look_over(text, len);
	size_t rest = l.lines - l.comments;

	if (l.lines == 0)
		return KIND(OUTPUT, "the block is empty");
	switch (lang) {
	case LANG_SQL:
		return KIND(SQL, "its info string says so");
	case LANG_FILE:
		return KIND(FILE, "its info string names a format of files");
	case LANG_CODE:
		return KIND(CODE, "its info string names a programming language");
	case LANG_CRON:
		return KIND(CRONTAB, "its info string says so");
	case LANG_SESSION:
		if (l.prompts + l.repls > 0 || l.comments > 0)
			return KIND(CONSOLE, "its info string says so");
		break;
	case LANG_NONE:
	case LANG_SHELL:
	case LANG_ENV:
	case LANG_TEXT:
		break;
	}
	if (l.script)
		return KIND(FILE, "begins with #!: a whole script");
	if (l.prompt_first)
		return KIND(CONSOLE, "its first line begins with a prompt");
	if (rest == 0)
		return KIND(INSTRUCTIONS, "nothing but comments");
	if (l.crons > 0 && l.crons + l.settings == rest)
		return KIND(CRONTAB, "every line has the five fields of a crontab");
	if (l.settings == rest && !l.expands)
		return KIND(ENV, "every line sets a variable, no command uses them");
	if (lang == LANG_ENV)
		return KIND(ENV, "its info string says so");
	if (lang == LANG_SHELL || lang == LANG_SESSION)
		return KIND(COMMANDS, "its info string names a shell");
	return guess(&l, lang);
}
