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

/* What getopt_long could not take: a value nobody wants, or a letter in a bundle. */
static bool
bad_option(const char *word, int got, struct err *e)
{
	int id = got >= 256 ? got - 256 : -1;
	char letter[3] = {'-', (char)got, '\0'};

	if (id >= 0)
		return err_set(e, ERR_INPUT, "--%s takes no value", options[id].name);
	return unknown_option(got ? letter : word, e);
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

static void
take_option(struct args *out, int id, const char *value)
{
	if (id == OPT_INPUT)
		vec_push(&out->inputs.list, value);
	else if (id == OPT_RUNBOOKS)
		vec_push(&out->runbooks.list, value);
	out->opt[id] = value ? value : "";
}

static bool
find_command(struct args *out, struct err *e)
{
	const char *word = out->words.list.len ? out->words.list.at[0] : NULL;

	if (!word)
		return true;
	if (args_known_command(word)) {
		out->command = word;
		vec_remove(&out->words.list, 0);
		return true;
	}
	/* `handrail FILE` and `handrail NAME` open the console; what is neither may be a slip
	 * of a command */
	if (!strpbrk(word, "./"))
		out->near = str_nearest(word, command_names);
	if (out->near && out->words.list.len > 1)
		return err_set(e, ERR_INPUT, "unknown command %s; did you mean %s?", word,
			out->near);
	return true;
}

/* Words against the usage of the table: "RUN [STEP]" wants one or two, "[PATH...]" any. */
static bool
words_fit(const struct args *a, struct err *e)
{
	const char *usage = "";
	size_t least = 0, most = 0, len = a->words.list.len;

	for (int i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, a->command) == 0)
			usage = commands[i].usage;
	for (const char *at = usage; *at; at += strspn(at, " ")) {
		size_t word = strcspn(at, " ");
		least += *at != '[';
		most++;
		at += word;
	}
	if (strstr(usage, "..."))
		most = len;
	if (len >= least && len <= most)
		return true;
	if (len > most)
		return err_set(e, ERR_INPUT,
			"\"%s\" is one word too many: handrail %s%s%s",
			a->words.list.at[most], a->command, *usage ? " " : "", usage);
	return err_set(
		e, ERR_INPUT, "a word is missing: handrail %s %s", a->command, usage);
}

bool
args_parse(int argc, char **argv, struct args *out, struct err *e)
{
	struct option longs[OPT_COUNT + 1];
	char shorts[3 * OPT_COUNT + 2];
	int got;

	memset(out, 0, sizeof *out);
	out->program = argv[0];
	out->command = "console";
	fill_long(longs, shorts);
	optind = 0; /* glibc: from the start, also when called again */
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!spelled_out(argv[i]))
			return unknown_option(argv[i], e);
	opterr = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (got == ':')
			return err_set(
				e, ERR_INPUT, "%s needs a value", argv[optind - 1]);
		if (got == '?')
			return bad_option(argv[optind - 1], optopt, e);
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
	return args_has(out, OPT_HELP) || args_has(out, OPT_VERSION) || words_fit(out, e);
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

static void
json_option(struct jsonout *j, const struct option_row *o)
{
	jsonout_open(j);
	jsonout_kstr(j, "name", o->name);
	jsonout_kstr(j, "argument", o->arg);
	jsonout_kstr(j, "help", o->help);
	jsonout_close(j);
}

void
args_json(struct jsonout *j)
{
	jsonout_key(j, "items");
	jsonout_open_array(j);
	for (int i = 0; i < COMMAND_COUNT; i++) {
		jsonout_open(j);
		jsonout_kstr(j, "name", commands[i].name);
		jsonout_kstr(j, "usage", commands[i].usage);
		jsonout_kstr(j, "summary", commands[i].summary);
		jsonout_key(j, "options");
		jsonout_open_array(j);
		for (int k = 0; k < OPT_COUNT; k++)
			if (option_applies(k, commands[i].name))
				json_option(j, &options[k]);
		jsonout_close_array(j);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

/* ---- completions --------------------------------------------------------------------------- */

/* Options with a value: the word after one is no command. */
static void
bash_valued(struct str *out)
{
	const char *sep = "";

	for (int i = 0; i < OPT_COUNT; i++) {
		if (!options[i].arg)
			continue;
		str_addf(out, "%s--%s", sep, options[i].name);
		sep = "|";
		if (options[i].letter)
			str_addf(out, "|-%c", options[i].letter);
	}
}

static void
bash_options(const char *command, struct str *out)
{
	const char *sep = "";

	str_adds(out, "mapfile -t COMPREPLY < <(compgen -W '");
	for (int k = 0; k < OPT_COUNT; k++)
		if (option_applies(k, command)) {
			str_addf(out, "%s--%s", sep, options[k].name);
			sep = " ";
		}
	str_adds(out, "' -- \"$cur\") ;;\n");
}

static void
complete_bash(struct str *out)
{
	str_adds(out,
		"# bash completion for handrail: made from its option table\n"
		"_handrail()\n{\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= skip= word\n"
		"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		"\t\tif [[ -n $skip ]]; then skip=; continue; fi\n"
		"\t\tcase $word in\n\t\t");
	bash_valued(out);
	str_adds(out,
		") skip=1 ;;\n"
		"\t\t-*) ;;\n"
		"\t\t*) cmd=$word; break ;;\n"
		"\t\tesac\n"
		"\tdone\n"
		"\tif [[ -n $skip || $cur != -* && -n $cmd ]]; then\n"
		"\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\t\treturn\n\tfi\n"
		"\tif [[ $cur != -* ]]; then\n"
		"\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (int i = 0; i < COMMAND_COUNT; i++)
		str_addf(out, "%s%s", i ? " " : "", commands[i].name);
	str_adds(out,
		"' -- \"$cur\"; compgen -f -- \"$cur\")\n\t\treturn\n\tfi\n"
		"\tcase $cmd in\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		str_addf(out, "\t%s%s) ",
			strcmp(commands[i].name, "console") == 0 ? "''|" : "",
			commands[i].name);
		bash_options(commands[i].name, out);
	}
	str_adds(out, "\tesac\n}\ncomplete -o filenames -F _handrail handrail\n");
}

/* In a description of zsh's _arguments a bracket or colon would end it. */
static void
zsh_text(struct str *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '[':
		case ']':
		case ':':
		case '\\':
			str_addc(out, '\\');
			str_addc(out, *text);
			break;
		default:
			str_addc(out, *text);
		}
}

static void
zsh_word(struct str *out, const char *before, const char *text, const char *after)
{
	struct str all = STR_INIT;

	str_adds(&all, before);
	zsh_text(&all, text);
	str_adds(&all, after);
	str_addc(out, '\t');
	str_add_shell_quoted(out, all.buf);
	str_addc(out, '\n');
	str_release(&all);
}

static void
complete_zsh(struct str *out)
{
	char before[64];

	str_adds(out,
		"#compdef handrail\n# made from handrail's option table\n"
		"local -a cmds opts\ncmds=(\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		snprintf(before, sizeof before, "%s:", commands[i].name);
		zsh_word(out, before, commands[i].summary, "");
	}
	str_adds(out, ")\nopts=(\n");
	for (int i = 0; i < OPT_COUNT; i++) {
		snprintf(before, sizeof before, "--%s%s[", options[i].name,
			options[i].arg ? "=" : "");
		zsh_word(out, before, options[i].help,
			options[i].arg ? "]:value:_files" : "]");
	}
	str_adds(out,
		")\n_arguments \"${opts[@]}\" '1: :{_describe command cmds}' "
		"'*:file:_files'\n");
}

static void
fish_option(int i, struct str *out)
{
	const struct option_row *o = &options[i];
	str_adds(out, "complete -c handrail");
	if (strcmp(o->commands, "*") != 0)
		str_addf(out, " -n '__fish_seen_subcommand_from %s'", o->commands);
	str_addf(out, " -l %s", o->name);
	if (o->letter)
		str_addf(out, " -s %c", o->letter);
	if (o->arg)
		str_adds(out, " -r");
	str_adds(out, " -d ");
	str_add_shell_quoted(out, o->help);
	str_addc(out, '\n');
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
	for (int i = 0; i < OPT_COUNT; i++)
		fish_option(i, out);
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

/* ---- the manual page ----------------------------------------------------------------------- */

static void
mdoc_text(struct str *out, const char *text)
{
	for (; *text; text++)
		if (*text == '\\')
			str_adds(out, "\\e");
		else
			str_addc(out, *text);
}

static void
mdoc_usage(struct str *out, const char *usage)
{
	for (const char *at = usage; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		bool may = at[0] == '[' && at[len - 1] == ']';
		str_addf(out, " %sAr %.*s", may ? "Op " : "", (int)len - 2 * may,
			at + may);
		at += len;
	}
}

/* "(run, resume)." in roman letters around the names. */
static void
mdoc_commands(struct str *out, const char *list)
{
	str_adds(out, ".Pq");
	for (const char *at = list; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		str_addf(out, "%s Cm %.*s", at == list ? "" : " ,", (int)len, at);
		at += len;
	}
	str_adds(out, " .\n");
}

void
args_mdoc(struct str *out)
{
	str_adds(out, ".Bl -tag -width Ds\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		str_addf(out, ".It Cm %s", commands[i].name);
		mdoc_usage(out, commands[i].usage);
		str_addc(out, '\n');
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
		if (strcmp(options[i].commands, "*") == 0) {
			str_adds(out, ".\n");
		} else {
			str_addc(out, '\n');
			mdoc_commands(out, options[i].commands);
		}
	}
	str_adds(out, ".El\n");
}

enum exit_code
args_exit_for(const struct err *e)
{
	static const enum exit_code codes[] = {
		[ERR_NONE] = EXIT_CODE_OK,
		[ERR_PARSE] = EXIT_CODE_LOAD,
		[ERR_INPUT] = EXIT_CODE_USAGE,
		[ERR_REFUSED] = EXIT_CODE_REFUSED,
		[ERR_NET] = EXIT_CODE_CONNECT,
		[ERR_AUTH] = EXIT_CODE_CONNECT,
		[ERR_TIMEOUT] = EXIT_CODE_TIMEOUT,
		[ERR_CANCELLED] = EXIT_CODE_STOPPED,
		[ERR_IO] = EXIT_CODE_LOAD,
		[ERR_LIMIT] = EXIT_CODE_LOAD,
		[ERR_STATE] = EXIT_CODE_REFUSED,
		[ERR_BUSY] = EXIT_CODE_BUSY,
		[ERR_RECORD] = EXIT_CODE_RECORD,
	};

	return codes[e->kind];
}
