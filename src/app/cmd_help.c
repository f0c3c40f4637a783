/* help, version, completion, reset. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "base/baselibs.h"
#include "base/mem.h"
#include "config.h"
#include "event/event.h"
#include "load/complaints.h"
#include "load/cure.h"
#include "load/loadlibs.h"
#include "model/check.h"
#include "model/danger.h"
#include "model/theme.h"
#include "remote/remotelibs.h"
#include "remote/workers.h"
#include "ui/term.h"
#include "ui/uilibs.h"
#include "view/keybind.h"
#include "view/keymap.h"

/* ---- help -------------------------------------------------------------------------------- */

static void
help_keys(struct str *out)
{
	for (int a = 0; a < ACTION_COUNT; a++) {
		const struct keymap_row *row = keymap_row(a);
		struct str keys = STR_INIT;
		keymap_keys_text(NULL, a, true, &keys);
		str_addf(out, "%-20s %-22s %s\n", keys.buf, row->name, row->help);
		str_release(&keys);
	}
}

static void
help_events(struct str *out)
{
	for (int t = 0; t < EVENT_UNKNOWN; t++)
		str_addf(out, "%-18s %s\n                   data: %s\n", event_name(t),
			event_help(t), *event_keys(t) ? event_keys(t) : "-");
}

static void
help_risks(struct str *out)
{
	static const char *const takes[] = {
		[RISK_NONE] = "Enter on the step runs it at once: it only looks",
		[RISK_MODERATE] = "Enter shows it, Enter again runs it",
		[RISK_HARD] = "the phrase of the step must be typed",
		[RISK_SEVERE] =
			"a phrase with the host must be typed after 3 s, not pasted",
	};

	for (int r = 0; r < RISK_COUNT; r++)
		str_addf(out, "%-4s %-9s %s\n", risk_mark(r), risk_name(r), takes[r]);
}

static void
help_fixes(struct str *out)
{
	size_t count;
	const struct cure_row *rows = cure_rows(&count);

	str_adds(out, "What handrail lint --fix mends, and nothing else:\n");
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%s  %s\n", rows[i].id, rows[i].does);
}

static const struct {
	const char *name, *what;
	void (*write)(struct str *out);
} topics[] = {
	{"fixes", "what lint --fix mends", help_fixes},
	{"keys", "keys of the console", help_keys},
	{"events", "what a record may say", help_events},
	{"manual", "the lists of handrail(1), as mdoc", args_mdoc},
	{"risks", "the four risks and what each takes to confirm", help_risks},
};

/* What check_reach says, whose help depends on the step. */
static const struct check_rule reach = {"E-REACH-001", DIAG_ERROR,
	"a run must not find out in its middle that it can't go on",
	"it parses and is checked, but this version cannot do it yet: leave it out, or do it "
	"by hand in a do step"};

static bool
help_check(const char *id, struct str *out)
{
	size_t count;
	const struct check_rule *rules = check_rules(&count), *found = NULL;

	if (strcmp(reach.id, id) == 0)
		found = &reach;
	for (size_t i = 0; i < count && !found; i++)
		if (strcmp(rules[i].id, id) == 0)
			found = &rules[i];
	if (found)
		str_addf(out, "%s\n\nreason: %s\n", id, found->reason);
	if (found && found->help)
		str_addf(out, "help:   %s\n", found->help);
	return found != NULL;
}

static bool
help_theme(const char *id, struct str *out)
{
	size_t count;
	const struct theme_rule *rules = theme_rules(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rules[i].id, id) == 0) {
			str_addf(out, "%s\n\nreason: %s\nhelp:   %s\n", id,
				rules[i].reason, rules[i].help);
			return true;
		}
	return false;
}

static bool
help_keybind(const char *id, struct str *out)
{
	size_t count;
	const struct keybind_rule *rules = keybind_rules(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rules[i].id, id) == 0) {
			str_addf(out, "%s\n\nreason: %s\nhelp:   %s\n", id,
				rules[i].reason, rules[i].help);
			return true;
		}
	return false;
}

static bool
explain(const char *id, struct str *out)
{
	size_t count;
	const struct danger_rule *rules = danger_rules(&count);
	const struct complaint_row *c = complaints_find(id);

	if (c) {
		str_addf(out, "%s: %s\n\n%s\n", id, c->reason, c->more);
		return true;
	}
	for (size_t i = 0; i < count; i++)
		if (strcmp(rules[i].id, id) == 0) {
			str_addf(out, "%s: %s\n\nreason: %s\nhelp:   %s\n", id,
				rules[i].msg, rules[i].reason, rules[i].help);
			return true;
		}
	return help_theme(id, out) || help_keybind(id, out) || help_check(id, out);
}

static bool
help_complaint(const char *id, struct str *out)
{
	const char *fix = cure_about(id);

	if (!explain(id, out))
		return false;
	if (fix)
		str_addf(out, "\nhandrail lint --fix: %s\n", fix);
	return true;
}

static bool
help_about(const char *word, struct str *out, struct err *e)
{
	if (args_known_command(word)) {
		args_help(word, out);
		return true;
	}
	for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
		if (strcmp(topics[i].name, word) == 0) {
			topics[i].write(out);
			return true;
		}
	if (help_complaint(word, out))
		return true;
	return err_set(e, ERR_INPUT,
		"no help about %s: a command, a complaint (E-KEY-001) or one of fixes, "
		"keys, events, risks",
		word);
}

static void
help_overview(struct str *out)
{
	args_help(NULL, out);
	str_adds(out, "Topics:\n");
	for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
		str_addf(
			out, "  handrail help %-8s %s\n", topics[i].name, topics[i].what);
}

static void
help_json(const char *about, const struct str *text)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "help");
	jsonout_kstr(&j, "about", about);
	jsonout_kstr(&j, "text", text->buf);
	if (!about)
		args_json(&j);
	cmd_json_end(&j, &out);
}

enum exit_code
cmd_help(struct cmd *c)
{
	const char *about = c->args->words.list.len ? c->args->words.list.at[0] : NULL;
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	bool ok = true;

	if (about)
		ok = help_about(about, &out, &e);
	else
		help_overview(&out);
	if (ok && args_has(c->args, OPT_JSON))
		help_json(about, &out);
	else if (ok)
		cmd_print_raw(&out);
	str_release(&out);
	return ok ? EXIT_CODE_OK : cmd_fail(c, &e);
}

/* ---- version ------------------------------------------------------------------------------- */

enum { ASK_MS = 10000, ANSWER_BYTES = 4096 };

/* libssh2 is in handrail-ssh alone, which says itself what it has. */
static void
add_worker(struct cmd *c, struct str *out)
{
	const char *program = workers_program();
	const char *const argv[] = {program, "--version", NULL};
	struct loop_capture got;
	struct err e = ERR_INIT;

	if (!program) {
		str_adds(out, "libssh2: handrail-ssh, which has it, was not found\n");
		return;
	}
	if (!loop_child_capture(c->loop,
		    &(struct loop_child_opts){
			    .argv = argv, .timeout_ms = ASK_MS, .pass_fd = -1},
		    ANSWER_BYTES, &got, &e)) {
		str_addf(out, "libssh2: %s\n", e.msg);
		return;
	}
	if (str_starts(got.out.buf, "libssh2 "))
		str_addf(out, "%.*s (%s)\n", (int)strcspn(got.out.buf, "\n"), got.out.buf,
			program);
	else
		str_addf(out, "libssh2: %s does not tell\n", program);
	loop_capture_release(&got);
}

enum exit_code
cmd_version(struct cmd *c)
{
	struct str out = STR_INIT;

	str_adds(&out, "handrail " PACKAGE_VERSION "\n");
	str_adds(&out,
		"formats: runbook 1, handrail.yaml 1, answers 1, record 1, jobs HR1\n");
	baselibs_add(&out);
	loadlibs_add(&out);
	str_addf(&out, "libuv %s\n", loop_version());
	remotelibs_add(&out);
	uilibs_add(&out);
	add_worker(c, &out);
	cmd_print(&out);
	str_release(&out);
	return EXIT_CODE_OK;
}

/* ---- completion, reset ----------------------------------------------------------------------- */

enum exit_code
cmd_completion(struct cmd *c)
{
	static const char *const names[] = {
		[ARGS_BASH] = "bash", [ARGS_ZSH] = "zsh", [ARGS_FISH] = "fish"};
	const char *want = c->args->words.list.at[0];
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], want) == 0) {
			args_completion((enum args_shell)i, &out);
			cmd_print_raw(&out);
			str_release(&out);
			return EXIT_CODE_OK;
		}
	err_set(&e, ERR_INPUT, "completion: bash, zsh or fish, not %s", want);
	return cmd_fail(c, &e);
}

enum exit_code
cmd_reset(struct cmd *c)
{
	struct err e = ERR_INIT;

	(void)c;
	return term_reset(&e) ? EXIT_CODE_OK : cmd_fail(c, &e);
}
