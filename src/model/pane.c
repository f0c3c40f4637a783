#include "model/pane.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/shellwords.h"

enum { LINES_BEFORE = 50 };

/* ---- logs ------------------------------------------------------------------------------ */

static bool
is_reference(const char *dollar)
{
	size_t n = dollar[1] == '{'
		? strspn(dollar + 2, "abcdefghijklmnopqrstuvwxyz0123456789_")
		: 0;

	return n && dollar[2 + n] == '}';
}

/* In double quotes, so that ${names} are filled in by the shell and nothing else is. */
static void
add_filled(struct str *out, const char *value)
{
	str_addc(out, '"');
	for (const char *p = value; *p; p++) {
		if (*p == '"' || *p == '\\' || *p == '`' ||
			(*p == '$' && !is_reference(p)))
			str_addc(out, '\\');
		str_addc(out, *p);
	}
	str_addc(out, '"');
}

static void
of_path(const char *value, struct str *out)
{
	str_addf(out, "exec tail -n %d -F -- ", LINES_BEFORE);
	add_filled(out, value);
}

static void
of_unit(const char *value, struct str *out)
{
	str_addf(out,
		"exec journalctl --no-pager --lines=%d --follow --unit=", LINES_BEFORE);
	add_filled(out, value);
}

/* Whichever of the two knows it. */
static void
of_container(const char *value, struct str *out)
{
	str_adds(out, "n=");
	add_filled(out, value);
	str_addf(out,
		"\nif docker container inspect \"$n\" >/dev/null 2>&1; then\n"
		"\texec docker logs --tail %d --follow \"$n\"\nfi\n"
		"exec podman logs --tail %d --follow \"$n\"",
		LINES_BEFORE, LINES_BEFORE);
}

static void
of_command(const char *value, struct str *out)
{
	str_adds(out, value);
}

char *
pane_of_log(const struct log_source *log)
{
	static const struct {
		const char *key;
		void (*add)(const char *value, struct str *out);
	} ways[] = {{"path", of_path}, {"unit", of_unit}, {"container", of_container},
		{"command", of_command}};
	struct str out = STR_INIT;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		const char *value = pairs_get(&log->args, ways[i].key);

		if (!value)
			continue;
		ways[i].add(value, &out);
		return str_take(&out);
	}
	str_release(&out);
	return NULL;
}

/* ---- watch(1) -------------------------------------------------------------------------- */

struct interval {
	const char *seconds; /* of the text or static */
	size_t len;
};

static bool
take_seconds(const char *s, struct interval *out)
{
	size_t n = strspn(s, "0123456789.");

	if (!n || s[n])
		return false;
	*out = (struct interval){s, n};
	return true;
}

/* The first word behind the options of watch(1); 0: it is not understood. */
static size_t
first_word(const struct shell_cmd *cmd, struct interval *every)
{
	static const char *const flags[] = {"-d", "--differences", "-t", "--no-title",
		"-c", "--color", "-b", "--beep", "-x", "--exec", "-w", "--no-wrap", "-p",
		"--precise", "-r"};

	for (size_t i = 1; i < cmd->words.len; i++) {
		const char *w = cmd->words.at[i].text;
		bool flag = false;

		if (w[0] != '-')
			return i;
		for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
			flag = flag || strcmp(w, flags[k]) == 0;
		if (flag)
			continue;
		if ((strcmp(w, "-n") == 0 || strcmp(w, "--interval") == 0) &&
			i + 1 < cmd->words.len) {
			if (!take_seconds(cmd->words.at[++i].text, every))
				return 0;
		} else if (!(str_starts(w, "--interval=") &&
				   take_seconds(w + 11, every)) &&
			!(str_starts(w, "-n") && take_seconds(w + 2, every))) {
			return 0;
		}
	}
	return 0;
}

static void
add_loop(const char *command, const struct interval *every, struct str *out)
{
	str_addf(out,
		"set -- %s\nw_old=nothing\nwhile :; do\n"
		"\tw_new=$(sh -c \"$*\" 2>&1) || w_new=\"$w_new (exit $?)\"\n"
		"\t[ \"$w_new\" = \"$w_old\" ] ||\n"
		"\t\tprintf '%%s\\n' \"--- $(date -u +%%H:%%M:%%SZ)\" \"$w_new\"\n"
		"\tw_old=$w_new\n\tsleep %.*s\ndone",
		command, (int)every->len, every->seconds);
}

char *
pane_of_text(const char *text)
{
	struct shell_words words;
	struct interval every = {"2", 1};
	struct str out = STR_INIT;
	const struct shell_cmd *cmd;
	size_t first = 0;

	shellwords_scan(text, strlen(text), &words);
	cmd = words.cmds.len == 1 ? &words.cmds.at[0] : NULL;
	if (cmd && cmd->words.len > 1 && !cmd->written.len && !cmd->fed &&
		strcmp(cmd->words.at[0].text, "watch") == 0)
		first = first_word(cmd, &every);
	if (first)
		add_loop(text + cmd->words.at[first].offset, &every, &out);
	else
		str_adds(&out, text);
	shellwords_release(&words);
	return str_take(&out);
}
