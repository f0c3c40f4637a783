#include "load/fenceline.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "model/wordlist.h"

enum { LOOK_MAX_BYTES = 4096 }; /* a line says what it is before that */

static const char *
past_blanks(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

static bool
name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The word at s in small letters; false: there is none, or it is longer than any we know. */
static bool
small_word(const char *s, char *out, size_t size)
{
	size_t n = 0;

	while (isalpha((unsigned char)s[n]) && n < size - 1) {
		out[n] = (char)tolower((unsigned char)s[n]);
		n++;
	}
	out[n] = '\0';
	return n > 0 && !isalpha((unsigned char)s[n]);
}

/* ---- comments -------------------------------------------------------------------------- */

const char *
fenceline_comment_text(const char *line)
{
	line = past_blanks(line);
	while (*line == '#')
		line++;
	return past_blanks(line);
}

bool
fenceline_or(const char *text)
{
	char word[16];
	const char *s = past_blanks(text);

	while (*s == '-' || *s == '=' || *s == ' ')
		s++;
	if (!small_word(s, word, sizeof word) ||
		!among(word, "or|alternatively|alternative"))
		return false;
	/* "or so it seemed" is prose */
	s += strlen(word);
	while (*s == ' ' || *s == '-' || *s == '=' || *s == ':' || *s == ',' ||
		*s == '\r')
		s++;
	return *s == '\0';
}

bool
fenceline_numbered(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n > 0 && n < 4 && (text[n] == '.' || text[n] == ')') && text[n + 1] == ' ';
}

bool
fenceline_optional(const char *text)
{
	static const char *const words[] = {"if applicable", "optional", "if needed",
		"if necessary", "if required", "as needed"};
	char head[LOOK_MAX_BYTES];
	size_t n = strnlen(text, sizeof head - 1);

	for (size_t i = 0; i < n; i++)
		head[i] = (char)tolower((unsigned char)text[i]);
	head[n] = '\0';
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strstr(head, words[i]) != NULL)
			return true;
	}
	return false;
}

static bool
expected(const char *text)
{
	char word[16];

	if (str_starts(text, "=> ") || str_starts(text, "-> "))
		return true;
	return small_word(text, word, sizeof word) &&
		((among(word, "expected|expect|expects|should|output|returns") &&
			 text[strlen(word)] == ':') ||
			(among(word, "should|expect") && text[strlen(word)] == ' '));
}

static bool
edit(const char *text)
{
	char word[16];

	return small_word(text, word, sizeof word) && text[strlen(word)] == ' ' &&
		among(word, "edit|change|replace|adjust|open|set|connect|then|example");
}

/* name = value, name(…), name: the last sign of code. */
static bool
code_like(const char *text)
{
	size_t n = 0, len = strnlen(text, LOOK_MAX_BYTES);

	while (name_byte(text[n]) || text[n] == '.')
		n++;
	if (n == 0)
		return false;
	if (text[n] == '(')
		return memchr(text + n, ')', len - n) != NULL &&
			(text[len - 1] == ')' || text[len - 1] == ';');
	if (text[n] == '=')
		return true;
	return str_starts(text + n, " = ");
}

enum fenceline_comment
fenceline_comment(const char *text)
{
	const char *blank = strchr(text, ' ');

	if (fenceline_or(text))
		return FENCELINE_OR;
	if (expected(text))
		return FENCELINE_EXPECTED;
	if (fenceline_sql(text) || code_like(text) ||
		(blank != NULL && islower((unsigned char)text[0]) &&
			fenceline_command(text)))
		return FENCELINE_OUT_COMMAND;
	return edit(text) ? FENCELINE_EDIT : FENCELINE_TITLE;
}

/* ---- prompts --------------------------------------------------------------------------- */

/* user@host:~/x$ and [user@host x]# */
static size_t
host_prompt(const char *s)
{
	size_t n = s[0] == '[' || s[0] == '(', at = 0;

	for (; n < 120 && s[n] != '\0'; n++) {
		if (s[n] == '@' && n > 0)
			at = n;
		if ((s[n] == '$' || s[n] == '#' || s[n] == '%') && s[n + 1] == ' ')
			return at > 0 ? n + 2 : 0;
		if (s[n] == ' ' && (at == 0 || s[0] != '['))
			return 0;
	}
	return 0;
}

size_t
fenceline_prompt(const char *line, enum fenceline_root root)
{
	const char *s = past_blanks(line);
	size_t blanks = (size_t)(s - line), host;

	if ((s[0] == '$' || (root == FENCELINE_ROOT && s[0] == '#')) && s[1] == ' ')
		return blanks + 2;
	host = host_prompt(s);
	return host > 0 ? blanks + host : 0;
}

/* "> use admin", but "> /var/log/x" and "> out.txt" empty a file. */
static bool
bare_repl(const char *s)
{
	if (s[0] != '>' || s[1] != ' ' || !isalpha((unsigned char)s[2]))
		return false;
	for (s += 2; *s != '\0'; s++) {
		if (*s == ' ' || *s == '(')
			return true;
		if (strchr("./$", *s) != NULL)
			return *s == '.' && strchr(s, '(') != NULL;
	}
	return false;
}

size_t
fenceline_repl(const char *line)
{
	const char *s = past_blanks(line);
	size_t blanks = (size_t)(s - line), n = 0;

	if (str_starts(s, ">>> ") || str_starts(s, "... "))
		return blanks + 4;
	if (bare_repl(s))
		return blanks + 2;
	/* postgres=# db-> mysql> 127.0.0.1:6379> irb(main):001:0> */
	while (n < 48 &&
		(name_byte(s[n]) || (s[n] != '\0' && strchr(".:-()[]", s[n]) != NULL)))
		n++;
	if (n == 0 || !isalnum((unsigned char)s[0]))
		return 0;
	if (s[n] == '=' && (s[n + 1] == '#' || s[n + 1] == '>') && s[n + 2] == ' ')
		return blanks + n + 3;
	if (s[n] == '#' && s[n + 1] == ' ' && s[n - 1] == '-')
		return blanks + n + 2;
	if (s[n] != '>' || s[n + 1] != ' ')
		return 0;
	/* `ls> out` is a redirection */
	return memchr(s, ':', n) != NULL ||
			among_bytes(s, n,
				"mysql|sqlite|mongo|test|redis|admin|local|sql|irb|node")
		? blanks + n + 2
		: 0;
}

/* ---- assignments and crontabs ---------------------------------------------------------- */

/* Past one value with its quotes; *after a blank means more words follow. */
static const char *
past_value(const char *s)
{
	while (*s != '\0' && *s != ' ' && *s != '\t') {
		const char *end = NULL;

		if (*s == '"' || *s == '\'')
			end = strchr(s + 1, *s);
		else if (s[0] == '$' && s[1] == '(')
			end = strchr(s, ')');
		s = end != NULL ? end + 1 : s + 1;
	}
	return s;
}

size_t
fenceline_assignment(const char *line)
{
	const char *s = past_blanks(line);
	size_t n = 0;

	if (str_starts(s, "export "))
		s = past_blanks(s + 7);
	while (name_byte(s[n]))
		n++;
	if (n == 0 || isdigit((unsigned char)s[0]) || s[n] != '=')
		return 0;
	s = past_blanks(past_value(s + n + 1));
	return *s == '\0' || *s == '#' ? n : 0;
}

/* sun, mon-fri, JAN */
static bool
cron_name(const char *s, size_t n)
{
	char word[4] = "";

	for (size_t i = 0; i < 3 && i < n; i++)
		word[i] = (char)tolower((unsigned char)s[i]);
	return (n == 3 || (n > 3 && (s[3] == '-' || s[3] == ','))) &&
		among(word,
			"sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
			"dec");
}

static bool
cron_field(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]) && strchr("*,-/", s[i]) == NULL)
			return cron_name(s, n);
	}
	return isdigit((unsigned char)s[0]) || s[0] == '*';
}

size_t
fenceline_cron(const char *line)
{
	const char *s = past_blanks(line);

	if (s[0] == '@') {
		size_t n = strcspn(s + 1, " \t");
		bool known = among_bytes(s + 1, n,
			"reboot|yearly|annually|monthly|weekly|daily|midnight|hourly");

		s += 1 + n;
		return known && *past_blanks(s) != '\0' ? (size_t)(s - line) : 0;
	}
	for (int field = 0; field < 5; field++) {
		size_t n = strcspn(s, " \t");

		if (n == 0 || n > 40 || !cron_field(s, n) || s[n] == '\0')
			return 0;
		s += n;
		if (field < 4)
			s = past_blanks(s);
	}
	/* a command, not a row of numbers */
	return isalpha((unsigned char)*past_blanks(s)) ||
			strchr("/.[$(", *past_blanks(s)) != NULL
		? (size_t)(s - line)
		: 0;
}

/* ---- words that begin a line ----------------------------------------------------------- */

bool
fenceline_command(const char *line)
{
	static const char known[] =
		"alembic|ansible|ansible-playbook|apk|apt|apt-get|aws|az|bash|brew|bundle|bunzip2|"
		"bzip2|cargo|cat|cd|celery|certbot|chmod|chown|cmake|composer|conda|cp|crontab|curl|"
		"date|df|dig|dnf|docker|docker-compose|du|echo|env|export|find|free|gcloud|ggshield|"
		"git|go|grep|gsutil|gunicorn|gunzip|gzip|head|helm|host|hostname|htop|install|ip|"
		"java|jq|journalctl|kill|kubectl|less|ln|logrotate|ls|make|mkdir|mongo|mongodump|"
		"mongorestore|mongosh|mount|mv|mysql|mysqldump|nginx|node|npm|npx|nslookup|openssl|"
		"pg_dump|pg_dumpall|pg_isready|pg_restore|php|ping|pip|pip3|pipenv|pnpm|podman|"
		"poetry|ps|psql|pytest|python|python3|rails|rake|rclone|redis-cli|rm|rmdir|rsync|"
		"ruby|scp|sed|service|set|sh|source|ss|ssh|ssh-keygen|sudo|su|systemctl|tail|tar|"
		"tee|terraform|test|tmux|top|touch|trufflehog|ufw|umask|unzip|uptime|uvicorn|vault|"
		"watch|wget|which|whoami|xargs|yarn|yum|zip|for|if|while|exit|unset|read|mc|restic|"
		"borg|pg_basebackup|createdb|dropdb|flask|uv|tox|gradle|mvn|dotnet|nc|lsof|netstat";
	const char *s = past_blanks(line);
	size_t n = strcspn(s, " \t;|&<>()");

	if ((str_starts(s, "./") || s[0] == '/') && n > 2)
		return true;
	return n > 0 && n < 24 && among_bytes(s, n, known);
}

bool
fenceline_sql(const char *line)
{
	static const char words[] =
		"select|insert|update|delete|create|alter|drop|truncate|grant|revoke|vacuum|"
		"reindex|analyze|explain|begin|commit|rollback|with|show|set|copy|refresh|merge";
	const char *s = past_blanks(line);
	char word[16];
	size_t len = strlen(s);

	if (!small_word(s, word, sizeof word) || !among(word, words) ||
		(s[strlen(word)] != ' ' && s[strlen(word)] != ';' &&
			s[strlen(word)] != '\0'))
		return false;
	if (isupper((unsigned char)s[0]) && isupper((unsigned char)s[1]))
		return true;
	return len > 0 && s[len - 1] == ';';
}
