#include "load/fencefolder.h"

#include <string.h>

#include "base/str.h"
#include "model/wordlist.h"

enum { FOLDER_MAX_BYTES = 256 }; /* longer ones are taken for lost */

/* Takes the last part off; below the first folder it grows by "..". */
static void
step_up(struct str *dir)
{
	const char *slash = strrchr(dir->buf, '/');
	size_t from = slash != NULL ? (size_t)(slash - dir->buf) + 1 : 0;

	if (str_eq(dir->buf, "/"))
		return;
	if (dir->len == 0 || str_eq(dir->buf + from, "..")) {
		str_adds(dir, dir->len == 0 ? ".." : "/..");
		return;
	}
	str_cut(dir, from > 1 ? from - 1 : from);
}

static void
step_into(struct str *dir, const char *path)
{
	if (path[0] == '/') {
		str_reset(dir);
		str_addc(dir, '/');
	}
	while (*path != '\0') {
		size_t n = strcspn(path, "/");

		if (n == 2 && strncmp(path, "..", 2) == 0) {
			step_up(dir);
		} else if (n > 0 && !(n == 1 && *path == '.')) {
			if (dir->len > 0 && !str_ends(dir, "/"))
				str_addc(dir, '/');
			str_add(dir, path, n);
		}
		path += n + (path[n] == '/');
	}
}

static void
change_folder(struct fencecommand *c, const struct shell_cmd *cmd)
{
	size_t at = 1;
	const char *path;
	struct str dir = STR_INIT;

	while (at < cmd->words.len && among(cmd->words.at[at].text, "--|-P|-L"))
		at++;
	path = at < cmd->words.len ? cmd->words.at[at].text : "";
	if (*path == '\0' || strpbrk(path, "$`~*?") != NULL || str_eq(path, "-") ||
		(c->lost && *path != '/') || !str_eq(cmd->words.at[0].text, "cd")) {
		c->lost = true;
		mem_free(c->dir);
		c->dir = NULL;
		return;
	}
	str_adds(&dir, c->dir != NULL ? c->dir : "");
	step_into(&dir, path);
	c->lost = dir.len > FOLDER_MAX_BYTES;
	mem_free(c->dir);
	c->dir = c->lost ? NULL : str_take(&dir);
	str_release(&dir);
}

void
fencefolder_follow(
	struct fencecommand *c, struct fence_piece *p, const struct shell_words *w)
{
	int *nested = mem_array(w->len + 1, sizeof *nested);

	for (size_t i = 0; i < w->len; i++)
		nested[i + 1] = nested[i] +
			(w->bytes[i] != SHELL_CODE          ? 0
					: p->text[i] == '(' ? 1
					: p->text[i] == ')' ? -1
							    : 0);
	for (size_t i = 0; i < w->cmds.len; i++) {
		const struct shell_cmd *cmd = &w->cmds.at[i];

		if (cmd->words.len == 0)
			continue;
		if (str_eq(cmd->words.at[0].text, "set")) {
			for (size_t k = 1; k < cmd->words.len; k++)
				c->pipefail = c->pipefail ||
					str_eq(cmd->words.at[k].text, "pipefail");
		}
		if (nested[cmd->words.at[0].offset] > 0 || cmd->piped ||
			cmd->join == SHELL_PIPE ||
			!among(cmd->words.at[0].text, "cd|pushd|popd"))
			continue;
		change_folder(c, cmd);
		p->flags |= FENCE_FLAG_CHANGES_FOLDER;
	}
	mem_free(nested);
}

struct fence *
fencefolder_content(
	const char *file, const char *body, const struct danger_tables *tables)
{
	static const struct {
		const char *ends, *info;
	} kinds[] = {{".yml", "yaml"}, {".yaml", "yaml"}, {".json", "json"},
		{".sql", "sql"}, {".env", "env"}, {".py", "python"}, {".service", "ini"},
		{".conf", "conf"}};
	struct fence *f = mem_alloc(sizeof *f);
	struct fence_in in = {
		.text = body, .len = strlen(body), .tables = tables, .file = file};
	size_t len = strlen(file);

	if (strstr(file, "/cron") != NULL)
		in.info = "crontab";
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i].ends);

		if (len > n && str_eq(file + len - n, kinds[i].ends))
			in.info = kinds[i].info;
	}
	fence_read(&in, f);
	return f;
}
