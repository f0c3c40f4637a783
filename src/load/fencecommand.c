#include "load/fencecommand.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "load/fencefolder.h"
#include "model/dangerlist.h"
#include "model/shellwords.h"
#include "model/wordlist.h"

void
fencecommand_release(struct fencecommand *c)
{
	mem_free(c->dir);
	c->dir = NULL;
}

struct fence_piece *
fencecommand_add(struct fence *f, enum fence_piece_kind kind, int first, int last)
{
	struct fence_piece *p = vec_add(&f->pieces);

	p->kind = kind;
	p->first = first;
	p->last = last;
	p->title = NONE;
	return p;
}

void
fencecommand_propose(struct fence_piece *p, enum fence_proposal_id id, char *text_take)
{
	for (size_t i = 0; i < p->proposals.len; i++) {
		if (p->proposals.at[i].id == id) {
			mem_free(text_take);
			return;
		}
	}
	vec_push(&p->proposals, (struct fence_proposal){.id = id, .text = text_take});
}

/* ---- texts as proposed ----------------------------------------------------------------- */

/* The text with `old` bytes at `at` replaced. */
static char *
spliced(const char *text, size_t at, size_t old, const char *with)
{
	struct str s = STR_INIT;

	str_add(&s, text, at);
	str_adds(&s, with);
	str_adds(&s, text + at + old);
	return str_take(&s);
}

/* The first word after the one at `offset` in its command that is one of `list`. */
static const struct shell_word *
word_after(const struct shell_words *w, size_t offset, const char *list)
{
	for (size_t i = 0; i < w->cmds.len; i++) {
		const struct shell_cmd *cmd = &w->cmds.at[i];
		bool behind = false;

		for (size_t k = 0; k < cmd->words.len; k++) {
			if (behind && among(cmd->words.at[k].text, list))
				return &cmd->words.at[k];
			behind = behind || cmd->words.at[k].offset == offset;
		}
	}
	return NULL;
}

static char *
with_option(const char *text, const struct shell_words *w, const struct danger_hit *h,
	const char *const words[2])
{
	const struct shell_word *sub = word_after(w, h->offset, words[0]);

	return sub != NULL ? spliced(text, sub->offset + strlen(sub->text), 0, words[1])
			   : NULL;
}

/* docker exec -it x -> docker exec -i x */
static char *
without_tty(const char *text, size_t at)
{
	size_t len = strcspn(text + at, " \t\n;|&<>()");
	struct str word = STR_INIT;
	char *out;

	if (text[at + 1] != '-')
		for (size_t i = 0; i < len; i++)
			if (text[at + i] != 't')
				str_addc(&word, text[at + i]);
	if (word.len <= 1) { /* -t alone, --tty */
		str_reset(&word);
		len += text[at + len] == ' ';
	}
	out = spliced(text, at, len, word.buf);
	str_release(&word);
	return out;
}

/* ---- what danger says ------------------------------------------------------------------ */

enum { NO_PROPOSAL = -1 };

static const struct meaning {
	enum danger_id id;
	unsigned flag;
	int proposal;
} meanings[] = {
	{DANGER_ENDLESS, FENCE_FLAG_NEVER_ENDS, FENCE_PROPOSE_WATCH},
	{DANGER_FOREGROUND, FENCE_FLAG_NEVER_ENDS, FENCE_PROPOSE_DETACH},
	{DANGER_SCREEN, FENCE_FLAG_NEEDS_TERMINAL, FENCE_PROPOSE_BY_HAND},
	{DANGER_TTY, FENCE_FLAG_NEEDS_TERMINAL, FENCE_PROPOSE_NO_TTY},
	{DANGER_COMPOSE_TTY, 0, FENCE_PROPOSE_COMPOSE_T},
	{DANGER_PIPE, FENCE_FLAG_HIDES_FAILURE, FENCE_PROPOSE_PIPEFAIL},
	{DANGER_PSQL, FENCE_FLAG_HIDES_FAILURE, NO_PROPOSAL},
	{DANGER_OR_TRUE, FENCE_FLAG_HIDES_FAILURE, NO_PROPOSAL},
	{DANGER_WITHDRAWN, 0, FENCE_PROPOSE_TOOL},
	{DANGER_ARGUMENT, FENCE_FLAG_SECRET, NO_PROPOSAL},
	{DANGER_SHOWN, FENCE_FLAG_SECRET, NO_PROPOSAL},
	{DANGER_URL, FENCE_FLAG_SECRET, NO_PROPOSAL},
	{DANGER_KEY, FENCE_FLAG_SECRET, NO_PROPOSAL},
};

static char *
proposed_text(const struct fence_piece *p, const struct shell_words *w,
	const struct danger_hit *h, enum fence_proposal_id id)
{
	static const char *const quiet[2] = {"exec|run", " -T"};
	static const char *const detached[2] = {"up", " -d"};

	switch (id) {
	case FENCE_PROPOSE_NO_TTY:
		return without_tty(p->text, h->offset);
	case FENCE_PROPOSE_COMPOSE_T:
		return with_option(p->text, w, h, quiet);
	case FENCE_PROPOSE_DETACH:
		return with_option(p->text, w, h, detached);
	case FENCE_PROPOSE_PIPEFAIL:
		return mem_join("set -o pipefail\n", p->text);
	case FENCE_PROPOSE_COMPOSE:
	case FENCE_PROPOSE_TOOL:
	case FENCE_PROPOSE_WATCH:
	case FENCE_PROPOSE_SERVICE:
	case FENCE_PROPOSE_BY_HAND:
	case FENCE_PROPOSE_COPY_IN:
	case FENCE_PROPOSE_MAKE:
	case FENCE_PROPOSE_FOLDER:
	case FENCE_PROPOSE_MISSING:
	case FENCE_PROPOSE_DECIDE:
	case FENCE_PROPOSE_COUNT:
		break;
	}
	return NULL;
}

static void
heed_danger(
	const struct fencecommand *c, struct fence_piece *p, const struct shell_words *w)
{
	struct danger_opts opts = {.place = DANGER_IN_RUN,
		.tables = c->tables,
		.shell = c->pipefail ? "bash -o pipefail" : "sh"};
	size_t count;
	const struct danger_rule *rules = danger_rules(&count);

	danger_scan(p->text, &opts, &p->hits);
	for (size_t i = 0; i < p->hits.list.len; i++) {
		const struct danger_hit *h = &p->hits.list.at[i];

		if (h->rule->risk > p->risk)
			p->risk = h->rule->risk;
		for (size_t k = 0; k < sizeof meanings / sizeof meanings[0]; k++) {
			const struct meaning *m = &meanings[k];

			if (&rules[m->id] != h->rule)
				continue;
			p->flags |= m->flag;
			if (m->proposal != NO_PROPOSAL)
				fencecommand_propose(p,
					(enum fence_proposal_id)m->proposal,
					proposed_text(p, w, h,
						(enum fence_proposal_id)m->proposal));
		}
	}
	if (p->risk >= RISK_HARD)
		p->flags |= FENCE_FLAG_DANGEROUS;
}

/* ---- programs danger leaves to the importer -------------------------------------------- */

/* The words of a program, whatever runs it. */
struct program {
	const struct shell_word *w;
	size_t n;
	bool fed;
};

static const char *
base_name(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : word;
}

static bool
says(const struct program *g, size_t from, const char *list)
{
	for (size_t i = from; i < g->n; i++) {
		size_t len = strcspn(g->w[i].text, "=");

		if (among_bytes(g->w[i].text, len, list))
			return true;
	}
	return false;
}

/* First word at or after `from` that is no option nor the value of one of `takers`. */
static size_t
plain_word(const struct program *g, size_t from, const char *takers)
{
	while (from < g->n && g->w[from].text[0] == '-')
		from += among(g->w[from].text, takers) ? 2 : 1;
	return from < g->n ? from : g->n;
}

static struct program
from_word(struct program g, size_t at)
{
	at = at < g.n ? at : g.n;
	g.w += at;
	g.n -= at;
	return g;
}

static bool
assigns(const struct shell_word *w)
{
	size_t n = 0;

	while (isalnum((unsigned char)w->text[n]) || w->text[n] == '_')
		n++;
	return n > 0 && w->text[n] == '=' && !isdigit((unsigned char)w->text[0]);
}

/* Past sudo, time and VAR=x, to what is run in the end: inside a container too. */
static struct program
inner_program(struct program g)
{
	while (g.n > 0 && (assigns(&g.w[0]) || among(g.w[0].text, "time|nohup|env|exec")))
		g = from_word(g, 1);
	if (g.n > 0 && str_eq(g.w[0].text, "sudo"))
		g = from_word(g, plain_word(&g, 1, "-u|-g|-h|-p|-C"));
	if (g.n == 0 ||
		!among(base_name(g.w[0].text), "docker|docker-compose|podman|kubectl"))
		return g;
	for (size_t i = 1; i < g.n; i++) {
		if (!among(g.w[i].text, "exec|run"))
			continue;
		i = plain_word(&g, i + 1,
			    "-e|--env|-u|--user|-w|--workdir|--index|-n|--name|-v|-p") +
			1;
		if (i < g.n && str_eq(g.w[i].text, "--"))
			i++;
		return i < g.n ? from_word(g, i) : g;
	}
	return g;
}

/* Opens a prompt of its own when nothing is given to it. */
static bool
opens_prompt(const struct program *g)
{
	const char *name = base_name(g->w[0].text);

	if (g->fed || says(g, 1, "--version|-V|--help"))
		return false;
	if (among(name, "mongo|mongosh")) {
		for (size_t i = 1; i < g->n; i++)
			if (strstr(g->w[i].text, ".js") != NULL)
				return false;
		return !says(g, 1, "--eval|-f|--file");
	}
	if (str_eq(name, "redis-cli"))
		return plain_word(g, 1, "-h|-p|-a|-n|-u|--user|--pass|-s") == g->n &&
			!says(g, 1, "--stat|--bigkeys|--latency|--rdb|--scan|--pipe");
	if (among(name, "mysql|mariadb")) {
		for (size_t i = 1; i < g->n; i++)
			if (str_starts(g->w[i].text, "-e") ||
				str_starts(g->w[i].text, "--execute"))
				return false;
		return true;
	}
	return g->n == 1 && among(name, "python|python3|node|irb|sqlite3");
}

static bool
serves(const struct program *g)
{
	const char *name = base_name(g->w[0].text);

	if (says(g, 1, "--daemon|-D|--detach|--version|--help|--check-config"))
		return false;
	if (among(name, "gunicorn|uvicorn|hypercorn|daphne|waitress-serve"))
		return g->n > 1;
	if (str_eq(name, "celery"))
		return says(g, 1, "worker|beat|flower");
	if (among(name, "npm|yarn|pnpm"))
		return says(g, 1, "start|dev|serve|preview");
	if (among(name, "flask|rails"))
		return says(g, 1, "run|server|s");
	return among(name, "python|python3") && says(g, 1, "http.server|runserver");
}

static void
heed_make(struct fence_piece *p, const struct program *g)
{
	struct str look = STR_INIT;

	if (says(g, 1, "-n|--dry-run|--just-print"))
		return;
	str_adds(&look, "make -n");
	for (size_t i = 1; i < g->n; i++) {
		str_addf(&look, " %s", g->w[i].text);
		if (strstr(g->w[i].text, "shell") != NULL ||
			strstr(g->w[i].text, "psql") != NULL) {
			p->flags |= FENCE_FLAG_NEEDS_TERMINAL;
			fencecommand_propose(p, FENCE_PROPOSE_BY_HAND, NULL);
		}
	}
	fencecommand_propose(p, FENCE_PROPOSE_MAKE, str_take(&look));
}

/* Reads a file by a path of the container it runs in. */
static bool
reads_inside(const struct program *g)
{
	if (g->fed ||
		!among(base_name(g->w[0].text),
			"mongorestore|pg_restore|psql|mysql|mariadb|redis-cli"))
		return false;
	for (size_t i = 1; i < g->n; i++) {
		if (g->w[i].text[0] == '/' || strstr(g->w[i].text, "=/") != NULL)
			return true;
	}
	return false;
}

static void
heed_program(struct fence_piece *p, const struct shell_cmd *cmd)
{
	struct program outer = {cmd->words.at, cmd->words.len, cmd->fed}, g;
	const char *name;

	for (size_t i = 0; i < outer.n; i++) {
		bool two = str_eq(outer.w[i].text, "docker") && i + 1 < outer.n &&
			str_eq(outer.w[i + 1].text, "compose");

		if (two || str_eq(outer.w[i].text, "docker-compose"))
			fencecommand_propose(p, FENCE_PROPOSE_COMPOSE,
				mem_strdup(two ? "docker compose version"
					       : "command -v docker-compose"));
	}
	g = inner_program(outer);
	if (g.n == 0)
		return;
	name = base_name(g.w[0].text);
	if (among(base_name(outer.w[0].text), "docker|docker-compose|podman|kubectl") &&
		reads_inside(&g))
		fencecommand_propose(p, FENCE_PROPOSE_COPY_IN, NULL);
	if (opens_prompt(&g)) {
		p->flags |= FENCE_FLAG_NEEDS_TERMINAL;
		fencecommand_propose(p, FENCE_PROPOSE_BY_HAND, NULL);
	}
	if (serves(&g)) {
		p->flags |= FENCE_FLAG_NEVER_ENDS;
		fencecommand_propose(p, FENCE_PROPOSE_SERVICE, NULL);
	}
	if (str_eq(name, "mongo"))
		fencecommand_propose(p, FENCE_PROPOSE_TOOL,
			mem_strdup("command -v mongosh || command -v mongo"));
	if (str_eq(name, "make"))
		heed_make(p, &g);
}

/* ---- files and variables --------------------------------------------------------------- */

static const char *
tee_target(const struct shell_cmd *cmd)
{
	for (size_t i = 0; i < cmd->words.len; i++) {
		if (!str_eq(base_name(cmd->words.at[i].text), "tee"))
			continue;
		for (i++; i < cmd->words.len; i++)
			if (cmd->words.at[i].text[0] != '-')
				return cmd->words.at[i].text;
	}
	return NULL;
}

/* The > before this target ends a placeholder: in `ssh <user>@<host>` nothing is written. */
static bool
behind_placeholder(const char *text, size_t at)
{
	size_t end;

	while (at && (text[at - 1] == ' ' || text[at - 1] == '\t'))
		at--;
	if (!at || text[at - 1] != '>')
		return false;
	for (end = --at; at &&
		(isalnum((unsigned char)text[at - 1]) || strchr("_-. ", text[at - 1]));)
		at--;
	return at && at < end && text[at - 1] == '<' && text[end - 1] != ' ' &&
		isalpha((unsigned char)text[at]);
}

static const char *
written_file(const struct shell_cmd *cmd, const char *text)
{
	for (size_t i = 0; i < cmd->written.len; i++) {
		const char *file = cmd->written.at[i].text;

		if (behind_placeholder(text, cmd->written.at[i].offset))
			continue;
		/* 2>&1 leaves a descriptor behind */
		if (!str_starts(file, "/dev/") && *file != '\0' &&
			file[strspn(file, "0123456789")] != '\0')
			return file;
	}
	return tee_target(cmd);
}

static int
line_of(const char *text, size_t offset)
{
	int line = 0;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static void
heed_files(
	const struct fencecommand *c, struct fence_piece *p, const struct shell_words *w)
{
	for (size_t i = 0; i < w->cmds.len; i++) {
		const struct shell_cmd *cmd = &w->cmds.at[i];
		const char *file = written_file(cmd, p->text);

		if (file == NULL || (p->creates != NULL && cmd->heredoc == NULL))
			continue;
		mem_free(p->creates);
		p->creates = mem_strdup(file);
		if (cmd->heredoc == NULL || p->kind != FENCE_PIECE_COMMAND)
			continue;
		p->content_line = p->first + line_of(p->text, cmd->heredoc_offset);
		p->content = fencefolder_content(file, cmd->heredoc, c->tables);
		return;
	}
}

static void
take_variable(struct fencecommand *c, const struct fence_piece *p,
	const struct shell_word *w, bool exported)
{
	size_t name = strcspn(w->text, "=");

	vec_push(&c->fence->vars,
		(struct fence_var){.name = mem_strndup(w->text, name),
			.value = mem_strdup(w->text + name + 1),
			.exported = exported,
			.line = p->first});
}

/* The command only assigns: every word of it, `export` aside. */
static bool
only_assigns(const struct shell_cmd *cmd)
{
	size_t from = cmd->words.len > 1 && str_eq(cmd->words.at[0].text, "export");

	for (size_t i = from; i < cmd->words.len; i++) {
		if (!assigns(&cmd->words.at[i]))
			return false;
	}
	return cmd->words.len > from && cmd->written.len == 0 && !cmd->piped &&
		cmd->join != SHELL_PIPE;
}

static void
heed_variables(struct fencecommand *c, struct fence_piece *p, const struct shell_words *w)
{
	size_t before = c->fence->vars.len, alone = 0;

	for (size_t i = 0; i < w->cmds.len; i++) {
		const struct shell_cmd *cmd = &w->cmds.at[i];
		bool exported = cmd->words.len > 0 &&
			str_eq(cmd->words.at[0].text, "export");

		if (!only_assigns(cmd))
			continue;
		alone++;
		for (size_t k = exported; k < cmd->words.len; k++)
			take_variable(c, p, &cmd->words.at[k], exported);
	}
	/* x=$(date): the inner command does not make it less of a setting */
	if (p->kind != FENCE_PIECE_COMMAND || alone == 0 || w->cmds.len == 0 ||
		!only_assigns(&w->cmds.at[w->cmds.len - 1]) ||
		c->fence->vars.len != before + 1)
		return;
	if (c->fence->vars.at[before].name[0] == '\0' || strchr(p->text, ';') != NULL ||
		strstr(p->text, "&&") != NULL || strstr(p->text, "||") != NULL)
		return;
	p->kind = FENCE_PIECE_SETTING;
	p->name = mem_strdup(c->fence->vars.at[before].name);
	p->value = mem_strdup(c->fence->vars.at[before].value);
}

/* ---- the whole ------------------------------------------------------------------------- */

void
fencecommand_read(struct fencecommand *c, struct fence_piece *p)
{
	struct shell_words words;

	p->vars = c->fence->vars.len;
	p->dir = mem_strdup(c->dir != NULL ? c->dir : "");
	p->flags |= c->lost ? FENCE_FLAG_FOLDER_LOST : 0;
	if (strlen(p->text) > FENCECOMMAND_MAX_BYTES) {
		p->flags |= FENCE_FLAG_TOO_LONG;
		c->lost = true;
		return;
	}
	shellwords_scan(p->text, strlen(p->text), &words);
	heed_danger(c, p, &words);
	for (size_t i = 0; i < words.cmds.len; i++)
		heed_program(p, &words.cmds.at[i]);
	heed_files(c, p, &words);
	if (p->kind == FENCE_PIECE_COMMAND) {
		fencefolder_follow(c, p, &words);
		heed_variables(c, p, &words);
	}
	shellwords_release(&words);
}
