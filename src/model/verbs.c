#include "model/verbs.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "model/secretwords.h"
#include "model/sqlwords.h"
#include "model/verbwords.h"
#include "model/wordlist.h"

enum { DEPTH_MAX = 6 };

/* A command line without what stands before its name. */
struct line {
	const struct shell_word *w;
	size_t n;
	const struct shell_cmd *cmd;
	bool bounded; /* something ends it in time */
};

static void scan_line(struct verbs_scan v, struct line l);

static void
hit(struct verbs_scan v, enum danger_id id, const struct shell_word *w)
{
	danger_hit(v.out, id, v.fixed ? v.base : v.base + w->offset);
}

/* ---- words ----------------------------------------------------------------------------- */

static const char *
base_name(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : word;
}

static bool
option(const struct shell_word *w)
{
	return w->text[0] == '-' && w->text[1] != '\0';
}

/* Several letters behind one dash. -Fc is one option with its value. */
static bool
cluster(const char *letters)
{
	size_t len = 0;

	while (isalnum((unsigned char)letters[len]))
		len++;
	return letters[len] == '\0' && len < 8 && !(letters[0] == 'F' && len == 2);
}

/* "-v" is also in "-fv"; "--volumes" also in "--volumes=x". */
static bool
is_flag(const char *word, const char *list)
{
	bool found;

	if (word[0] != '-')
		return false;
	found = among_bytes(word, (size_t)(strchrnul(word, '=') - word), list);
	if (found || word[1] == '-' || !cluster(word + 1))
		return found;
	for (size_t i = 1; word[i] != '\0'; i++) {
		char single[3] = {'-', word[i], '\0'};

		if (among(single, list))
			return true;
	}
	return false;
}

static bool
has_flag(const struct line *l, size_t from, const char *list)
{
	for (size_t i = from; i < l->n; i++) {
		if (l->w[i].text[0] != '-')
			continue;
		if (str_eq(l->w[i].text, "--"))
			return false;
		if (is_flag(l->w[i].text, list))
			return true;
	}
	return false;
}

/* Options before a subcommand that take the next word with them. */
#define GLOBALS \
	"-f|--file|-p|--project-name|--env-file|--profile|--project-directory|--context|" \
	"-c|-H|--host|-h|-l|--log-level|--config|-n|--namespace|--kubeconfig|-C|--region|-a|-u|" \
	"--user|-U|--pass|--port|--git-dir|--work-tree|-o"

/* First word at or after `from` that is no option nor the value of one; n if none. */
static size_t
next_plain(const struct line *l, size_t from, const char *takers)
{
	for (; from < l->n; from++) {
		const char *word = l->w[from].text;

		if (!option(&l->w[from]))
			return from;
		if (str_eq(word, "--"))
			return from + 1;
		from += among(word, takers);
	}
	return l->n;
}

static bool
word_among(const struct line *l, size_t at, const char *list)
{
	return at < l->n && among(l->w[at].text, list);
}

/* `sub`: where the subcommand of the line stands. */
static bool
verb_fits(const struct verb *row, const struct line *l, size_t sub)
{
	size_t at = 0;

	if (row->sub != NULL) {
		at = sub;
		if (!word_among(l, at, row->sub))
			return false;
	}
	if (row->subsub != NULL) {
		at = next_plain(l, at + 1, GLOBALS);
		if (!word_among(l, at, row->subsub))
			return false;
	}
	if (row->flag != NULL && !has_flag(l, at + 1, row->flag))
		return false;
	return row->unless == NULL || !has_flag(l, at + 1, row->unless);
}

static bool
excused(struct verbs_scan v, const struct line *l, enum danger_id id)
{
	bool endless = id == DANGER_ENDLESS || id == DANGER_FOREGROUND;

	return (l->bounded && (endless || id == DANGER_SCREEN)) ||
		(v.opts->place == DANGER_IN_WATCH && endless) ||
		(v.opts->tty && id == DANGER_COMPOSE_TTY);
}

static void
scan_table(struct verbs_scan v, const struct verb_entry *entry, const struct line *l)
{
	size_t sub = next_plain(l, 1, GLOBALS);
	const char *word = sub < l->n ? l->w[sub].text : "";
	const struct verb *row;

	for (size_t i = 0; (row = verbindex_row(v.index, entry, word, &i)) != NULL; i++) {
		if (!excused(v, l, row->id) && verb_fits(row, l, sub))
			hit(v, row->id, &l->w[0]);
	}
}

/* ---- texts inside ---------------------------------------------------------------------- */

/* Shell text given as an argument or a here-document. */
static void
scan_inner(struct verbs_scan v, const char *text, size_t offset)
{
	struct shell_words inner;

	if (v.depth >= DEPTH_MAX)
		return;
	v.depth++;
	v.base = v.fixed ? v.base : v.base + offset;
	v.fixed = true;
	shellwords_scan(text, strlen(text), &inner);
	verbs_scan(&inner, v);
	shellwords_release(&inner);
}

static void
scan_sql(struct verbs_scan v, const char *text, size_t offset)
{
	sqlwords_scan(text, v.fixed ? v.base : v.base + offset, SQLWORDS_FIXED, v.out);
}

/* Text of an option like -c TEXT, -Atc TEXT, --command=TEXT at word i; NULL if it is none.
 * *used words are taken. */
static const char *
option_text(const struct line *l, size_t i, char letter, const char *name, size_t *used)
{
	const char *word = l->w[i].text;
	size_t len = strlen(word);

	*used = 1;
	if (str_starts(word, name) && word[strlen(name)] == '=')
		return word + strlen(name) + 1;
	if (word[0] == '-' && word[1] == letter && len > 2)
		return word + 2;
	if (!str_eq(word, name) &&
		!(word[0] == '-' && word[1] != '-' && len >= 2 && len <= 8 &&
			word[len - 1] == letter))
		return NULL;
	*used = 2;
	return i + 1 < l->n ? l->w[i + 1].text : NULL;
}

static void
scan_shell(struct verbs_scan v, const struct line *l)
{
	bool any = false;
	size_t used;

	for (size_t i = 1; i < l->n && option(&l->w[i]); i++) {
		const char *text = option_text(l, i, 'c', "--command", &used);

		if (text != NULL) {
			scan_inner(v, text, l->w[i + used - 1].offset);
			return;
		}
		any = any || !str_eq(l->w[i].text, "-i");
	}
	if (l->cmd->heredoc != NULL)
		scan_inner(v, l->cmd->heredoc, l->cmd->heredoc_offset);
	else if (!l->cmd->fed && next_plain(l, 1, "") >= l->n && !any && !l->bounded)
		hit(v, DANGER_SCREEN, &l->w[0]);
}

/* What a shell command before a pipe says: echo "drop table x" | psql */
static void
scan_piped_sql(struct verbs_scan v, const struct shell_cmd *said)
{
	struct str text = STR_INIT;

	if (said->words.len > 0 &&
		among(base_name(said->words.at[0].text), "echo|printf")) {
		for (size_t i = 1; i < said->words.len; i++)
			str_addf(&text, "%s ", said->words.at[i].text);
		scan_sql(v, text.buf, said->words.at[0].offset);
	}
	str_release(&text);
}

static void
scan_psql_safety(struct verbs_scan v, const struct line *l, size_t texts)
{
	bool file = has_flag(l, 1, "-f|--file");

	for (size_t i = 1; i < l->n; i++) {
		if (strstr(l->w[i].text, "ON_ERROR_STOP") != NULL)
			return;
	}
	/* With one -c standard input is only data. */
	if (texts > 1 || file || (texts == 0 && l->cmd->fed))
		hit(v, DANGER_PSQL, &l->w[0]);
	else if (texts == 0 && !l->cmd->fed && !l->bounded &&
		!has_flag(l, 1, "-l|--list|-V|--version|-?|--help"))
		hit(v, DANGER_SCREEN, &l->w[0]);
}

static void
scan_client(struct verbs_scan v, const char *name, const struct line *l)
{
	bool psql = str_eq(name, "psql");
	char letter = psql ? 'c' : 'e';
	size_t texts = 0, used;

	for (size_t i = 1; i < l->n; i++) {
		const char *text = NULL;

		if (option(&l->w[i]))
			text = option_text(
				l, i, letter, psql ? "--command" : "--execute", &used);
		else if (among(name, "sqlite3|clickhouse-client") &&
			strchr(l->w[i].text, ' ') != NULL)
			text = l->w[i].text;
		if (text == NULL)
			continue;
		texts++;
		scan_sql(v, text, l->w[i].offset);
	}
	if (l->cmd->heredoc != NULL)
		scan_sql(v, l->cmd->heredoc, l->cmd->heredoc_offset);
	if (psql)
		scan_psql_safety(v, l, texts);
}

static void
scan_mongo(struct verbs_scan v, const struct line *l)
{
	static const char *const drops[] = {"dropDatabase(", ".drop(", ".deleteMany({})",
		".remove({})", ".deleteMany({ })", ".remove({ })"};

	for (size_t k = 0; k < sizeof drops / sizeof drops[0]; k++) {
		for (size_t i = 1; i < l->n; i++) {
			if (strstr(l->w[i].text, drops[k]) != NULL)
				hit(v, DANGER_DATA, &l->w[i]);
		}
		if (l->cmd->heredoc != NULL && strstr(l->cmd->heredoc, drops[k]) != NULL)
			hit(v, DANGER_DATA, &l->w[0]);
	}
}

/* ---- commands that run commands -------------------------------------------------------- */

static struct line
tail(struct line l, size_t from)
{
	l.w += from < l.n ? from : l.n;
	l.n -= from < l.n ? from : l.n;
	return l;
}

/* exec and run of docker, podman, compose, kubectl: options, container or image, command. */
static void
scan_container(struct verbs_scan v, const char *name, struct line l)
{
	static const char takers[] =
		"-e|--env|--env-file|-u|--user|-w|--workdir|--name|-v|--volume|--mount|-p|--publish|"
		"--network|--net|--entrypoint|-h|--hostname|-m|--memory|--cpus|-l|--label|--index|"
		"--restart|--platform|-c|--container|-n|--namespace|--add-host|--pull|--ulimit";
	size_t sub = next_plain(&l, 1, GLOBALS), at;

	if (sub >= l.n || !among(l.w[sub].text, "exec|run"))
		return;
	at = next_plain(&l, sub + 1, takers);
	if (!str_eq(name, "compose") && !v.opts->tty) {
		for (size_t i = sub + 1; i < at && i < l.n; i++) {
			if (is_flag(l.w[i].text, "-t|--tty") &&
				!among(l.w[i].text, takers))
				hit(v, DANGER_TTY, &l.w[i]);
		}
	}
	at++;
	if (at < l.n && str_eq(l.w[at].text, "--"))
		at++;
	if (at < l.n)
		scan_line(v, tail(l, at));
}

static void
scan_ssh(struct verbs_scan v, struct line l)
{
	size_t host = next_plain(
		&l, 1, "-p|-i|-l|-o|-F|-J|-L|-R|-D|-b|-c|-e|-m|-W|-S|-E");
	struct str text = STR_INIT;

	for (size_t i = 1; i < host && i < l.n; i++) {
		if (is_flag(l.w[i].text, "-t|-tt") && l.w[i].text[1] == 't' &&
			!v.opts->tty)
			hit(v, DANGER_TTY, &l.w[i]);
	}
	for (size_t i = host + 1; i < l.n; i++)
		str_addf(&text, "%s ", l.w[i].text);
	if (host + 1 < l.n)
		scan_inner(v, text.buf, l.w[host + 1].offset);
	else if (l.cmd->heredoc != NULL)
		scan_inner(v, l.cmd->heredoc, l.cmd->heredoc_offset);
	str_release(&text);
}

static void
scan_find(struct verbs_scan v, struct line l)
{
	for (size_t i = 1; i + 1 < l.n; i++) {
		if (!among(l.w[i].text, "-exec|-execdir|-ok|-okdir"))
			continue;
		if (str_eq(base_name(l.w[i + 1].text), "rm"))
			hit(v, DANGER_TREE, &l.w[i + 1]);
		scan_line(v, tail(l, i + 1));
		return;
	}
}

static void
scan_eval(struct verbs_scan v, const struct line *l)
{
	struct str text = STR_INIT;

	for (size_t i = 1; i < l->n; i++)
		str_addf(&text, "%s ", l->w[i].text);
	if (l->n > 1)
		scan_inner(v, text.buf, l->w[1].offset);
	str_release(&text);
}

static void
scan_dd(struct verbs_scan v, const struct line *l)
{
	for (size_t i = 1; i < l->n; i++) {
		if (str_starts(l->w[i].text, "of=/dev/") &&
			!among(l->w[i].text + 8, "null|stdout|stderr|full"))
			hit(v, DANGER_DISK, &l->w[i]);
	}
}

static bool
assignment(const struct shell_word *w)
{
	size_t name = 0;

	if (w->text[0] >= '0' && w->text[0] <= '9')
		return false;
	while (isalnum((unsigned char)w->text[name]) || w->text[name] == '_')
		name++;
	return name > 0 && w->text[name] == '=';
}

static bool
asks_password(const struct line *l, size_t options)
{
	for (size_t i = 1; i < options && i < l->n; i++) {
		if (is_flag(l->w[i].text, "-n|--non-interactive|-S|--stdin"))
			return false;
	}
	return true;
}

static void
scan_wrapped(struct verbs_scan v, const char *name, const struct verb_wrapper *wrapper,
	struct line l)
{
	size_t at = next_plain(&l, 1, wrapper->takers) + wrapper->skip;

	if (str_eq(name, "command") && l.n > 1 && option(&l.w[1]))
		return; /* command -v only asks */
	if (str_eq(name, "sudo") && asks_password(&l, at))
		hit(v, DANGER_SUDO, &l.w[0]);
	l.bounded = l.bounded || str_eq(name, "timeout");
	if (str_eq(name, "xargs") && at < l.n && str_eq(base_name(l.w[at].text), "rm"))
		hit(v, DANGER_TREE, &l.w[at]);
	if (at < l.n)
		scan_line(v, tail(l, at));
}

static void
scan_act(struct verbs_scan v, const char *name, const struct verb_entry *entry,
	struct line l)
{
	switch (entry->act) {
	case VERB_WRAPPER:
		scan_wrapped(v, name, entry->wrapper, l);
		break;
	case VERB_ENGINE:
	case VERB_INSIDE:
		scan_container(v, name, l);
		break;
	case VERB_SHELL:
		scan_shell(v, &l);
		break;
	case VERB_CLIENT:
		scan_client(v, name, &l);
		break;
	case VERB_MONGO:
		scan_mongo(v, &l);
		break;
	case VERB_SSH:
		scan_ssh(v, l);
		break;
	case VERB_FIND:
		scan_find(v, l);
		break;
	case VERB_DD:
		scan_dd(v, &l);
		break;
	case VERB_MKSWAP:
		hit(v, DANGER_DISK, &l.w[0]);
		break;
	case VERB_RCLONE:
		if (l.n == 2 && str_eq(l.w[1].text, "config"))
			hit(v, DANGER_SCREEN, &l.w[0]);
		break;
	case VERB_GIT:
		if (verbwords_pushes_over(l.w, l.n))
			hit(v, DANGER_HISTORY, &l.w[0]);
		break;
	case VERB_CLOUD:
		if (verbwords_cloud_deletes(l.w, l.n))
			hit(v, DANGER_CLUSTER, &l.w[0]);
		break;
	case VERB_EVAL:
		scan_eval(v, &l);
		break;
	case VERB_CODE:
		if (verbwords_removes_trees(l.w, l.n, l.cmd))
			hit(v, DANGER_TREE, &l.w[0]);
		break;
	case VERB_NOTHING:
	case VERB_COMPOSE:
		break;
	}
}

/* `docker compose` and `docker-compose` are compose. */
static const struct verb_entry *
find_verb(struct verbs_scan v, const char **name, struct line *l)
{
	const struct verb_entry *entry = verbindex_find(v.index, *name);

	if (entry != NULL && entry->act == VERB_ENGINE) {
		size_t sub = next_plain(l, 1, GLOBALS);

		if (sub >= l->n || !str_eq(l->w[sub].text, "compose"))
			return entry;
		*l = tail(*l, sub);
	} else if (entry == NULL || entry->act != VERB_COMPOSE) {
		return entry;
	}
	*name = "compose";
	return verbindex_find(v.index, *name);
}

static void
scan_line(struct verbs_scan v, struct line l)
{
	const struct verb_entry *entry;
	const char *name;

	while (l.n > 0 && assignment(&l.w[0])) {
		secretwords_assignment(
			v.out, &l.w[0], v.fixed ? v.base : v.base + l.w[0].offset);
		l = tail(l, 1);
	}
	if (l.n == 0)
		return;
	name = base_name(l.w[0].text);
	entry = find_verb(v, &name, &l);
	if (entry != NULL)
		scan_table(v, entry, &l);
	secretwords_line(v.out, name, &(struct secret_line){l.w, l.n, v.base, v.fixed});
	if (entry != NULL)
		scan_act(v, name, entry, l);
	else if (str_starts(name, "mkfs"))
		hit(v, DANGER_DISK, &l.w[0]);
}

/* ---- the whole ------------------------------------------------------------------------- */

static bool
without_pipefail(const struct verbs_scan *v, const struct shell_words *w)
{
	const char *shell = v->opts->shell;
	char *first;
	bool plain;

	if (shell == NULL)
		return (v->opts->place == DANGER_IN_PROBE ||
			       v->opts->place == DANGER_IN_CHOICES) &&
			!verbwords_sets_pipefail(w);
	first = mem_strndup(shell, strcspn(shell, " "));
	plain = among(base_name(first), "sh|dash|ash") &&
		strstr(shell, "pipefail") == NULL;
	mem_free(first);
	return plain && !verbwords_sets_pipefail(w);
}

void
verbs_scan(const struct shell_words *w, struct verbs_scan v)
{
	bool hides = without_pipefail(&v, w);

	for (size_t i = 0; i < w->cmds.len; i++) {
		const struct shell_cmd *cmd = &w->cmds.at[i];

		for (size_t k = 0; k < cmd->written.len; k++) {
			if (str_starts(cmd->written.at[k].text, "/dev/") &&
				!among(cmd->written.at[k].text + 5,
					"null|stdout|stderr|tty|full") &&
				!str_starts(cmd->written.at[k].text, "/dev/fd/") &&
				!str_starts(cmd->written.at[k].text, "/dev/shm/") &&
				!str_starts(cmd->written.at[k].text, "/dev/tcp/"))
				hit(v, DANGER_DISK, &cmd->written.at[k]);
		}
		if (cmd->words.len == 0)
			continue;
		if (cmd->join == SHELL_OR &&
			(among(cmd->words.at[0].text, "true|:") ||
				(cmd->words.len == 2 &&
					str_eq(cmd->words.at[0].text, "exit") &&
					str_eq(cmd->words.at[1].text, "0"))))
			hit(v, DANGER_OR_TRUE, &cmd->words.at[0]);
		if (hides && cmd->piped && verbwords_may_fail(cmd))
			hit(v, DANGER_PIPE, &cmd->words.at[0]);
		scan_line(v,
			(struct line){.w = cmd->words.at,
				.n = cmd->words.len,
				.cmd = cmd,
				.bounded = verbwords_ends_with_reader(cmd)});
		if (i > 0 && cmd->join == SHELL_PIPE && w->cmds.at[i - 1].piped) {
			if (verbwords_runs_page(&w->cmds.at[i - 1], cmd))
				hit(v, DANGER_MACHINE, &w->cmds.at[i - 1].words.at[0]);
			/* the client may stand behind docker exec: any word will do */
			for (size_t k = 0; k < cmd->words.len; k++) {
				if (among(base_name(cmd->words.at[k].text),
					    "psql|mysql|mariadb|sqlite3"))
					scan_piped_sql(v, &w->cmds.at[i - 1]);
			}
		}
	}
}
