#include "model/verbwords.h"

#include <string.h>

#include "base/str.h"
#include "model/wordlist.h"

bool
verbwords_pushes_over(const struct shell_word *w, size_t n)
{
	bool push = false, over = false;

	for (size_t i = 1; i < n; i++) {
		const char *s = w[i].text;

		if (among(s, "-n|--dry-run"))
			return false;
		over = over || (push && (s[0] == '+' || s[0] == ':') && s[1] != '\0');
		push = push || str_eq(s, "push");
	}
	return over;
}

bool
verbwords_cloud_deletes(const struct shell_word *w, size_t n)
{
	for (size_t i = 1; i < n && w[i].text[0] != '-'; i++)
		if (among(w[i].text, "delete|purge"))
			return true;
	return false;
}

bool
verbwords_removes_trees(const struct shell_word *w, size_t n, const struct shell_cmd *cmd)
{
	static const char *const trees[] = {
		"rm -rf", "rm -fr", "rm -r ", "rmtree(", "rm_rf"};

	for (size_t k = 0; k < sizeof trees / sizeof trees[0]; k++) {
		for (size_t i = 1; i < n; i++)
			if (strstr(w[i].text, trees[k]) != NULL)
				return true;
		if (cmd->heredoc != NULL && strstr(cmd->heredoc, trees[k]) != NULL)
			return true;
	}
	return false;
}

static const char *
program(const struct shell_word *w)
{
	const char *slash = strrchr(w->text, '/');

	return slash != NULL ? slash + 1 : w->text;
}

bool
verbwords_runs_page(const struct shell_cmd *from, const struct shell_cmd *to)
{
	if (from->words.len == 0 || !among(program(&from->words.at[0]), "curl|wget"))
		return false;
	for (size_t i = 0; i < to->words.len; i++) {
		const char *name = program(&to->words.at[i]);

		if (among(name, "sh|bash|dash|zsh|ksh"))
			return true;
		if (!among(name, "sudo|env|doas") && name[0] != '-')
			return false;
	}
	return false;
}

bool
verbwords_sets_pipefail(const struct shell_words *w)
{
	for (size_t i = 0; i < w->cmds.len; i++) {
		const struct shell_cmd *cmd = &w->cmds.at[i];

		for (size_t k = 1;
			k < cmd->words.len && str_eq(cmd->words.at[0].text, "set"); k++) {
			if (str_eq(cmd->words.at[k].text, "pipefail"))
				return true;
		}
	}
	return false;
}

bool
verbwords_ends_with_reader(const struct shell_cmd *cmd)
{
	return cmd->piped && str_eq(program(&cmd->words.at[0]), "yes");
}

bool
verbwords_may_fail(const struct shell_cmd *cmd)
{
	return cmd->words.len > 0 &&
		!among(program(&cmd->words.at[0]),
			"echo|printf|cat|ls|ps|df|du|date|find|sort|uniq|grep|egrep|head|tail|awk|sed|ss|"
			"netstat|free|uptime|wc|cut|tr|env|id|who|hostname|uname|seq|stat|true|tee|set");
}
