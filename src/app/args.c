#include "app/args.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct option_row {
	const char *name;
	int letter;
	const char *arg, *commands, *help;
};

static const struct option_row options[OPT_COUNT] = {
#define X(id, name, letter, arg, commands, help) \
	[OPT_##id] = {name, letter, arg, commands, help},
	OPTIONS(X)
#undef X
};

struct command_row {
	const char *name, *usage, *summary;
};

static const struct command_row commands[] = {
#define X(name, fn, usage, summary) {name, usage, summary},
	COMMANDS(X)
#undef X
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const char *const command_names[] = {
#define X(name, fn, usage, summary) name,
	COMMANDS(X)
#undef X
		NULL};

static const char *const option_names[] = {
#define X(id, name, letter, arg, commands, help) "--" name,
	OPTIONS(X)
#undef X
		NULL};

bool
args_known_command(const char *name)
{
	for (int i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return true;
	return false;
}

/* Does a word stand in a list of words divided by blanks? */
static bool
word_in(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at++)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static bool
option_applies(enum option_id id, const char *command)
{
	return word_in(options[id].commands, "*") ||
		word_in(options[id].commands, command);
}

static void
fill_long(struct option longs[OPT_COUNT + 1], char *shorts)
{
	*shorts++ = ':';
	for (int i = 0; i < OPT_COUNT; i++) {
		longs[i] = (struct option){options[i].name,
			options[i].arg ? required_argument : no_argument, NULL, 256 + i};
		if (!options[i].letter)
			continue;
		*shorts++ = (char)options[i].letter;
		if (options[i].arg)
			*shorts++ = ':';
	}
	longs[OPT_COUNT] = (struct option){0};
	*shorts = '\0';
}

static int
option_of(int got)
{
	if (got >= 256)
		return got - 256;
	for (int i = 0; i < OPT_COUNT; i++)
		if (options[i].letter == got)
			return i;
	return -1;
}

static bool
unknown_option(const char *word, struct err *e)
{
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
	const char *near = str_nearest(name, option_names);
	return err_set(e, ERR_INPUT, "unknown option %s%s%s%s", name,
		near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* getopt_long accepts unambiguous beginnings; we do not. */
static bool
spelled_out(const char *word)
{
	size_t len = strcspn(word, "=");

	if (strncmp(word, "--", 2) != 0 || !word[2])
		return true;
	for (int i = 0; option_names[i]; i++)
		if (strlen(option_names[i]) == len &&
			strncmp(option_names[i], word, len) == 0)
			return true;
	return false;
}

static bool
take_option(struct args *out, int id, const char *value)
{
	if (id == OPT_INPUT)
		vec_push(&out->inputs.list, value);
	else if (id == OPT_RUNBOOKS)
		vec_push(&out->runbooks.list, value);
	out->opt[id] = value ? value : "";
	return true;
}

static bool
find_command(struct args *out, struct err *e)
{
	const char *word = out->words.list.len ? out->words.list.at[0] : NULL;

	out->command = "console";
	if (!word)
		return true;
	if (args_known_command(word)) {
		out->command = word;
		vec_remove(&out->words.list, 0);
		return true;
	}
	/* `handrail FILE` and `handrail NAME` open the console; a near miss of a command
	 * is more likely a slip. */
	const char *near = str_nearest(word, command_names);
	if (near && !strpbrk(word, "./"))
		return err_set(
			e, ERR_INPUT, "unknown command %s; did you mean %s?", word, near);
	return true;
}

bool
args_parse(int argc, char **argv, struct args *out, struct err *e)
{
	struct option longs[OPT_COUNT + 1];
	char shorts[3 * OPT_COUNT + 2];
	int got;

	memset(out, 0, sizeof *out);
	out->program = argv[0];
	fill_long(longs, shorts);
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!spelled_out(argv[i]))
			return unknown_option(argv[i], e);
	opterr = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (got == ':')
			return err_set(
				e, ERR_INPUT, "%s needs a value", argv[optind - 1]);
		if (got == '?')
			return unknown_option(argv[optind - 1], e);
		take_option(out, option_of(got), optarg);
	}
	for (int i = optind; i < argc; i++)
		vec_push(&out->words.list, argv[i]);
	if (!find_command(out, e))
		return false;
	for (int i = 0; i < OPT_COUNT; i++)
		if (out->opt[i] && !option_applies(i, out->command))
			return err_set(e, ERR_INPUT, "--%s does not belong to %s",
				options[i].name, out->command);
	return true;
}

void
args_release(struct args *a)
{
	vec_free(&a->inputs.list);
	vec_free(&a->runbooks.list);
	vec_free(&a->words.list);
}

/* ---- help ------------------------------------------------------------------------------ */

static void
help_options(const char *command, struct str *out)
{
	char left[64];

	for (int i = 0; i < OPT_COUNT; i++) {
		const struct option_row *o = &options[i];
		if (command && !option_applies(i, command))
			continue;
		if (!command && strcmp(o->commands, "*") != 0)
			continue;
		snprintf(left, sizeof left, "%s%c%s--%s%s%s", o->letter ? "-" : "  ",
			o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name,
			o->arg ? " " : "", o->arg ? o->arg : "");
		str_addf(out, "  %-28s %s\n", left, o->help);
	}
}

static void
help_exits(struct str *out)
{
	static const struct {
		int code;
		const char *help;
	} rows[] = {
#define X(id, code, help) {code, help},
		EXITS(X)
#undef X
	};

	str_adds(out, "\nExit status:\n");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		str_addf(out, "  %3d  %s\n", rows[i].code, rows[i].help);
}

void
args_help(const char *command, struct str *out)
{
	char left[64];

	for (int i = 0; command && i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, command) != 0)
			continue;
		str_addf(out, "handrail %s %s\n    %s\n\nOptions:\n", commands[i].name,
			commands[i].usage, commands[i].summary);
		help_options(command, out);
		return;
	}
	str_adds(out,
		"handrail [RUNBOOK]           the console\n"
		"handrail COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].usage);
		str_addf(out, "  %-38s %s\n", left, commands[i].summary);
	}
	str_adds(out, "\nOptions of all commands:\n");
	help_options(NULL, out);
	help_exits(out);
	str_adds(out, "\nhandrail COMMAND --help says more. The manual: man handrail\n");
}

/* ---- completions --------------------------------------------------------------------------- */

static void
complete_bash(struct str *out)
{
	str_adds(out,
		"# bash completion for handrail: made from its option table\n"
		"_handrail()\n{\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= word\n"
		"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		"\t\tcase $word in -*) ;; *) cmd=$word; break ;; esac\n"
		"\tdone\n"
		"\tif [[ $cur != -* && -z $cmd ]]; then\n"
		"\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (int i = 0; i < COMMAND_COUNT; i++)
		str_addf(out, "%s%s", i ? " " : "", commands[i].name);
	str_adds(out,
		"' -- \"$cur\"; compgen -f -- \"$cur\")\n\t\treturn\n\tfi\n"
		"\tif [[ $cur != -* ]]; then\n"
		"\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\t\treturn\n\tfi\n"
		"\tcase $cmd in\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		str_addf(out, "\t%s) mapfile -t COMPREPLY < <(compgen -W '",
			commands[i].name);
		for (int k = 0; k < OPT_COUNT; k++)
			if (option_applies(k, commands[i].name))
				str_addf(out, "--%s ", options[k].name);
		str_adds(out, "' -- \"$cur\") ;;\n");
	}
	str_adds(out, "\tesac\n}\ncomplete -o filenames -F _handrail handrail\n");
}

static void
complete_zsh(struct str *out)
{
	str_adds(out,
		"#compdef handrail\n# made from handrail's option table\n"
		"local -a cmds opts\ncmds=(\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		char *text = mem_printf("%s:%s", commands[i].name, commands[i].summary);
		str_addc(out, '\t');
		str_add_shell_quoted(out, text);
		str_addc(out, '\n');
		mem_free(text);
	}
	str_adds(out, ")\nopts=(\n");
	for (int i = 0; i < OPT_COUNT; i++) {
		char *text = mem_printf("--%s[%s]%s", options[i].name, options[i].help,
			options[i].arg ? ":value:_files" : "");
		for (char *p = text; *p; p++) /* a colon would end the description */
			if (*p == ':' && p < strrchr(text, ']'))
				*p = ',';
		str_addc(out, '\t');
		str_add_shell_quoted(out, text);
		str_addc(out, '\n');
		mem_free(text);
	}
	str_adds(out,
		")\n_arguments $opts '1: :{_describe command cmds}' '*:file:_files'\n");
}

static void
complete_fish(struct str *out)
{
	str_adds(out, "# fish completion for handrail: made from its option table\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		str_addf(out, "complete -c handrail -n __fish_use_subcommand -a %s -d ",
			commands[i].name);
		str_add_shell_quoted(out, commands[i].summary);
		str_addc(out, '\n');
	}
	for (int i = 0; i < OPT_COUNT; i++) {
		str_addf(out, "complete -c handrail -l %s%s -d ", options[i].name,
			options[i].arg ? " -r" : "");
		str_add_shell_quoted(out, options[i].help);
		str_addc(out, '\n');
	}
}

void
args_completion(enum args_shell shell, struct str *out)
{
	switch (shell) {
	case ARGS_BASH:
		complete_bash(out);
		break;
	case ARGS_ZSH:
		complete_zsh(out);
		break;
	case ARGS_FISH:
		complete_fish(out);
		break;
	}
}

static void
mdoc_text(struct str *out, const char *text)
{
	for (; *text; text++)
		if (*text == '\\')
			str_adds(out, "\\e");
		else
			str_addc(out, *text);
}

void
args_mdoc(struct str *out)
{
	str_adds(out, ".Bl -tag -width Ds\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		str_addf(out, ".It Cm %s%s%s\n", commands[i].name,
			commands[i].usage[0] ? " Ar " : "", commands[i].usage);
		mdoc_text(out, commands[i].summary);
		str_adds(out, ".\n");
	}
	str_adds(out, ".El\n.Ss Options\n.Bl -tag -width Ds\n");
	for (int i = 0; i < OPT_COUNT; i++) {
		str_adds(out, ".It ");
		if (options[i].letter)
			str_addf(out, "Fl %c , ", options[i].letter);
		str_addf(out, "Fl \\-%s%s%s\n", options[i].name,
			options[i].arg ? " Ar " : "",
			options[i].arg ? options[i].arg : "");
		mdoc_text(out, options[i].help);
		if (strcmp(options[i].commands, "*") != 0)
			str_addf(out, "\n.Pq %s", options[i].commands);
		str_adds(out, ".\n");
	}
	str_adds(out, ".El\n");
}

enum exit_code
args_exit_for(const struct err *e)
{
	switch (e->kind) {
	case ERR_NONE:
		return EXIT_CODE_OK;
	case ERR_INPUT:
		return EXIT_CODE_USAGE;
	case ERR_PARSE:
	case ERR_LIMIT:
		return EXIT_CODE_LOAD;
	case ERR_IO:
		return EXIT_CODE_LOAD;
	case ERR_NET:
	case ERR_AUTH:
		return EXIT_CODE_CONNECT;
	case ERR_REFUSED:
		return EXIT_CODE_REFUSED;
	case ERR_TIMEOUT:
		return EXIT_CODE_TIMEOUT;
	case ERR_CANCELLED:
		return EXIT_CODE_STOPPED;
	case ERR_STATE:
		return EXIT_CODE_BUSY;
	case ERR_RECORD:
		return EXIT_CODE_RECORD;
	}
	return EXIT_CODE_INTERNAL;
}
