#include "load/fence.h"

#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "load/fencecommand.h"
#include "load/fencekind.h"
#include "load/fenceline.h"
#include "load/fencesession.h"
#include "load/fenceways.h"

/* ---- names ----------------------------------------------------------------------------- */

const char *
fence_kind_name(enum fence_kind kind)
{
	static const char *const names[FENCE_KIND_COUNT] = {
#define X(id, name, help) [FENCE_##id] = name,
		FENCE_KINDS(X)
#undef X
	};

	return names[kind];
}

const char *
fence_piece_name(enum fence_piece_kind kind)
{
	static const char *const names[FENCE_PIECE_COUNT] = {
#define X(id, name) [FENCE_PIECE_##id] = name,
		FENCE_PIECES(X)
#undef X
	};

	return names[kind];
}

const char *
fence_flag_text(enum fence_flag flag)
{
	switch (flag) {
#define X(id, bit, text) \
	case FENCE_FLAG_##id: \
		return text;
		FENCE_FLAGS(X)
#undef X
	}
	return "";
}

static const struct {
	const char *what, *why;
} proposals[FENCE_PROPOSE_COUNT] = {
#define X(id, what, why) [FENCE_PROPOSE_##id] = {what, why},
	FENCE_PROPOSALS(X)
#undef X
};

const char *
fence_proposal_what(enum fence_proposal_id id)
{
	return proposals[id].what;
}

const char *
fence_proposal_why(enum fence_proposal_id id)
{
	return proposals[id].why;
}

/* ---- clean text ------------------------------------------------------------------------ */

/* What YAML can hold: true when nothing had to be replaced. */
static bool
clean(struct str *out, const char *text, size_t len)
{
	bool whole = true;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t used = text_decode(text + i, len - i, &cp);

		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n') {
			/* the line ends of other systems are no fault */
		} else if (cp == 0xfeff && i == 0) {
			/* nor is a byte order mark */
		} else if ((text_forbidden(cp) && cp != '\n' && cp != '\t') || cp == 0 ||
			(cp == 0xfffd && used == 1)) {
			text_encode(out, 0xfffd);
			whole = false;
		} else {
			str_add(out, text + i, used);
		}
		i += used;
	}
	return whole;
}

/* ---- the block as a whole ---- */

/* The block as one piece; a script is looked at like a command. */
static void
read_whole(struct fence *f, const struct fence_in *in, enum fence_piece_kind kind)
{
	struct fencecommand c = {.tables = in->tables, .fence = f};
	struct fence_piece *p;
	int lines = 1;
	size_t len = in->len;

	while (len > 0 && in->text[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		lines += in->text[i] == '\n';
	if (len == 0)
		return;
	p = fencecommand_add(f, kind, 1, lines);
	p->text = mem_strndup(in->text, len);
	if (str_starts(p->text, "#!"))
		fencecommand_read(&c, p);
	fencecommand_release(&c);
}

/* "# /usr/local/bin/backup.sh" in the first lines of a script says where it lives. */
static void
find_path(struct fence *f, const struct fence_in *in)
{
	char line[FENCEKIND_LINE_BYTES];
	size_t at = 0;

	if (in->file != NULL) {
		f->path = mem_strdup(in->file);
		return;
	}
	for (int i = 0; i < 3 && at < in->len; i++) {
		const char *text;
		size_t n;

		at = fencekind_line(in->text, in->len, at, line);
		text = fenceline_comment_text(line);
		n = strcspn(text, " \t");
		if (line[0] != '#' || text[n] != '\0' || line[1] == '!' || n < 3 ||
			(text[0] != '/' && strchr(text, '.') == NULL))
			continue;
		f->path = mem_strdup(text);
		return;
	}
}

/* ---- lines one by one ------------------------------------------------------------------ */

static void
add_setting(struct fence *f, const char *line, int number)
{
	const char *s = line + strspn(line, " \t");
	bool exported = str_starts(s, "export ");
	size_t n = fenceline_assignment(line);
	struct fence_piece *p = fencecommand_add(f, FENCE_PIECE_SETTING, number, number);

	p->text = mem_strdup(s);
	s += exported ? 7 + strspn(s + 7, " \t") : 0;
	p->name = mem_strndup(s, n);
	s += n + 1;
	n = strlen(s);
	if (n > 1 && (*s == '"' || *s == '\'') && s[n - 1] == *s)
		p->value = mem_strndup(s + 1, n - 2);
	else
		p->value = mem_strdup(s);
	vec_push(&f->vars,
		(struct fence_var){.name = mem_strdup(p->name),
			.value = mem_strdup(p->value),
			.exported = exported,
			.line = number});
}

/* In /etc/cron.d a user stands before the command. */
static void
add_cron(struct fence *f, const struct fence_in *in, const char *line, int number)
{
	struct fencecommand c = {.tables = in->tables, .fence = f};
	size_t n = fenceline_cron(line), blanks = strspn(line, " \t"), user;
	const char *s = line + n + strspn(line + n, " \t");
	struct fence_piece *p = fencecommand_add(f, FENCE_PIECE_CRON, number, number);
	struct str text = STR_INIT;

	p->name = mem_strndup(line + blanks, n - blanks);
	user = strcspn(s, " \t");
	if (s[user] != '\0' &&
		((in->file != NULL && strstr(in->file, "cron.d") != NULL) ||
			(user == 4 && strncmp(s, "root", 4) == 0))) {
		p->value = mem_strndup(s, user);
		s += user + strspn(s + user, " \t");
	}
	for (; *s != '\0'; s++)
		if (*s != '\\' || s[1] != '%')
			str_addc(&text, *s);
	p->written = mem_strdup(line);
	p->text = str_take(&text);
	fencecommand_read(&c, p);
	fencecommand_release(&c);
}

static void
read_lines(struct fence *f, const struct fence_in *in)
{
	char line[FENCEKIND_LINE_BYTES];
	int number = 1;

	for (size_t at = 0; at < in->len; number++) {
		size_t from = at + strspn(in->text + at, " \t");

		at = fencekind_line(in->text, in->len, at, line);
		if (line[strspn(line, " \t")] == '\0')
			continue;
		if (strlen(line) == FENCEKIND_LINE_BYTES - 1) {
			size_t end = at - (in->text[at - 1] == '\n');
			struct fence_piece *p = fencecommand_add(
				f, FENCE_PIECE_INSTRUCTION, number, number);

			p->text = mem_strndup(in->text + from, end - from);
			p->flags = FENCE_FLAG_TOO_LONG;
		} else if (in->text[from] == '#') {
			fencesession_comment(f, line, number);
		} else if (fenceline_or(line)) {
			fencecommand_add(f, FENCE_PIECE_ALTERNATIVE, number, number)
				->text = mem_strdup(line + strspn(line, " \t"));
		} else if (f->kind == FENCE_CRONTAB && fenceline_cron(line) > 0) {
			add_cron(f, in, line, number);
		} else if (f->kind != FENCE_INSTRUCTIONS &&
			fenceline_assignment(line) > 0) {
			add_setting(f, line, number);
		} else {
			fencecommand_add(f, FENCE_PIECE_INSTRUCTION, number, number)
				->text = mem_strdup(line + strspn(line, " \t"));
		}
	}
}

/* In a block for a person every comment is said to that person. */
static void
comments_instruct(struct fence *f)
{
	for (size_t i = 0; i < f->pieces.len; i++) {
		if (f->pieces.at[i].kind == FENCE_PIECE_COMMENT)
			f->pieces.at[i].kind = FENCE_PIECE_INSTRUCTION;
	}
}

static void
read_pieces(struct fence *f, const struct fence_in *in)
{
	switch (f->kind) {
	case FENCE_COMMANDS:
		fencesession_commands(f, in);
		fenceways_link(f);
		break;
	case FENCE_CONSOLE:
		fencesession_console(f, in);
		fenceways_link(f);
		break;
	case FENCE_SQL:
		fencesession_statements(f, in);
		break;
	case FENCE_ENV:
	case FENCE_CRONTAB:
		read_lines(f, in);
		break;
	case FENCE_INSTRUCTIONS:
		read_lines(f, in);
		comments_instruct(f);
		break;
	case FENCE_FILE:
	case FENCE_CODE:
		find_path(f, in);
		read_whole(f, in, FENCE_PIECE_CONTENT);
		break;
	case FENCE_OUTPUT:
		read_whole(f, in, FENCE_PIECE_OUTPUT);
		break;
	case FENCE_KIND_COUNT:
		break;
	}
}

/* ---- doors ----------------------------------------------------------------------------- */

void
fence_read(const struct fence_in *in, struct fence *out)
{
	struct fence_in own = *in;
	struct danger_tables *tables = NULL;
	struct fencekind kind;
	struct str text = STR_INIT;

	*out = (struct fence){0};
	str_reserve(&text, in->len + 1);
	out->scrubbed = !clean(&text, in->text, in->len);
	own.text = text.buf;
	own.len = text.len;
	if (own.tables == NULL)
		own.tables = tables = danger_tables_new();
	kind = fencekind_judge(own.info, own.text, own.len);
	/* what is written into a file is the content of a file, whatever it looks like */
	if (own.file != NULL &&
		(kind.kind == FENCE_COMMANDS || kind.kind == FENCE_CONSOLE ||
			kind.kind == FENCE_OUTPUT || kind.kind == FENCE_INSTRUCTIONS))
		kind = (struct fencekind){FENCE_FILE, "a command writes it into a file"};
	out->kind = kind.kind;
	out->reason = kind.reason;
	read_pieces(out, &own);
	danger_tables_free(tables);
	str_release(&text);
}

static void
release_piece(struct fence_piece *p)
{
	mem_free(p->text);
	mem_free(p->written);
	mem_free(p->dir);
	mem_free(p->creates);
	mem_free(p->name);
	mem_free(p->value);
	danger_release(&p->hits);
	for (size_t i = 0; i < p->proposals.len; i++)
		mem_free(p->proposals.at[i].text);
	vec_free(&p->proposals);
	if (p->content != NULL) {
		fence_release(p->content);
		mem_free(p->content);
	}
}

void
fence_release(struct fence *f)
{
	for (size_t i = 0; i < f->pieces.len; i++)
		release_piece(&f->pieces.at[i]);
	vec_free(&f->pieces);
	for (size_t i = 0; i < f->vars.len; i++) {
		mem_free(f->vars.at[i].name);
		mem_free(f->vars.at[i].value);
	}
	vec_free(&f->vars);
	mem_free(f->path);
	*f = (struct fence){0};
}
