/* status: the health of what handrail.yaml or a runbook looks at, for pipes and scripts. */

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/cmdinput.h"
#include "app/tty.h"
#include "app/watching.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "load/load.h"

enum { TURN_MS = 100, NAME_COLS = 24, AGAIN_MS = 1000 };

struct status {
	struct cmd *c;
	struct watching *w;
	struct givens *givens;
	struct runbook *rb;
	bool *chosen; /* by item */
	bool watch, json;
	enum vital_state wait; /* VITAL_STATE_COUNT: does not wait */
	struct mono until;     /* 0: no limit */
	bool over, printed, turned;
	enum exit_code code;
	struct link *asks;
	char *asked;
	bool echo;
};

/* ---- what is looked at ---------------------------------------------------------------------- */

/* The probes of handrail.yaml alone. */
static struct runbook *
runbook_of_project(struct cmd *c, enum exit_code *code)
{
	struct diags d = {0};
	struct err e = ERR_INIT;
	struct runbook *rb;

	if (!cmd_project(c, NULL)) {
		*code = EXIT_CODE_LOAD;
		return NULL;
	}
	if (!c->project || !c->project->probes.list.len) {
		err_set(&e, ERR_INPUT,
			c->project ? "handrail.yaml has no probes: name a runbook"
				   : "no handrail.yaml here: name a runbook");
		*code = cmd_fail(c, &e);
		return NULL;
	}
	rb = library_project_runbook(c->project, cmd_environment(c), &d);
	if (!rb)
		*code = cmd_complain(c, &d);
	diags_release(&d);
	return rb;
}

static bool
is_project_probe(struct cmd *c, const char *word)
{
	for (size_t i = 0; c->project && i < c->project->probes.list.len; i++)
		if (str_eq(c->project->probes.list.at[i].name, word))
			return true;
	return false;
}

/* The first word may name a runbook; all others, and it if handrail.yaml has such a probe,
 * name probes. */
static struct runbook *
find_runbook(struct cmd *c, size_t *first, enum exit_code *code)
{
	const char *word = c->args->words.list.len ? c->args->words.list.at[0] : NULL;

	*first = 0;
	if (word && !cmd_project(c, file_exists(word) ? word : NULL)) {
		*code = EXIT_CODE_LOAD;
		return NULL;
	}
	if (!word || is_project_probe(c, word))
		return runbook_of_project(c, code);
	*first = 1;
	return cmd_load(c, word, code);
}

static bool
choose_named(struct status *st, const char *name, struct err *e)
{
	const struct board *b = watching_board(st->w);
	const char **names = mem_array(board_items(b) + 1, sizeof *names);
	bool found = false;

	for (size_t i = 0; i < board_items(b); i++) {
		struct board_shown s;

		board_show(b, (int)i, clock_now(), &s);
		names[i] = s.name;
		if (str_eq(s.name, name))
			found = st->chosen[i] = true;
	}
	if (!found) {
		const char *near = str_nearest(name, names);

		err_set(e, ERR_INPUT, "there is no probe %s%s%s%s", name,
			near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	mem_free(names);
	return found;
}

/* A burst is load, and no part of health; a host is there for the probes that stand on it. */
static bool
choose(struct status *st, size_t first, struct err *e)
{
	const struct args *a = st->c->args;
	const struct board *b = watching_board(st->w);

	for (size_t i = first; i < a->words.list.len; i++)
		if (!choose_named(st, a->words.list.at[i], e))
			return false;
	for (size_t i = 0; i < board_items(b); i++) {
		struct board_shown s;

		board_show(b, (int)i, clock_now(), &s);
		if (a->words.list.len <= first)
			st->chosen[i] = !s.probe || s.probe->kind != PROBE_BURST;
	}
	for (size_t i = 0; i < board_probes(b); i++)
		if (st->chosen[i])
			board_hosts_of(b, (int)i, st->chosen);
	for (size_t i = 0; i < board_items(b); i++)
		if (st->chosen[i])
			return true;
	return err_set(e, ERR_INPUT, "%s has no probes",
		st->rb->name ? st->rb->name : "the runbook");
}

/* What was not chosen is not looked at. */
static void
leave_out(struct status *st)
{
	struct board *b = watching_board(st->w);

	for (size_t i = 0; i < board_items(b); i++)
		if (!st->chosen[i])
			board_off(b, (int)i, "not asked for");
}

/* ---- output ------------------------------------------------------------------------------- */

static void
message_of(const struct status *st, const struct board_shown *s, struct str *out)
{
	if (s->skipped != NONE)
		board_skipped_words(watching_board(st->w), s, out);
	else if (s->k && s->state == VITAL_FAIL)
		str_addf(out, "%s (%d of %d)", s->message, s->n, s->k);
	else if (s->k && s->state == VITAL_DOWN)
		str_addf(out, "%s (good again %d of %d)", s->message, s->n, s->k);
	else if (s->state == VITAL_MUTED)
		str_addf(out, "muted: %s; %s", s->mute->reason, s->message);
	else
		str_adds(out, *s->message ? s->message : "not yet looked at");
}

static void
value_of(const struct board_shown *s, struct str *out)
{
	str_addf(out, "%s%s%s", s->value, *s->value && *s->unit ? " " : "",
		*s->value ? s->unit : "");
}

static void
line_text(const struct status *st, const struct board_shown *s, struct str *out)
{
	struct str value = STR_INIT, message = STR_INIT;
	struct wall now = clock_wall();
	char since[STAMP_BYTES] = "-";

	if (s->since.ms)
		stamp_duration(now.ms - s->since.ms, since);
	value_of(s, &value);
	message_of(st, s, &message);
	str_addf(out, "%-7s %-7s %-*s %-10s %s\n", vital_state_name(s->state), since,
		NAME_COLS, s->name, value.len ? value.buf : "-", message.buf);
	str_release(&value);
	str_release(&message);
}

static void
line_json(const struct status *st, const struct board_shown *s, struct jsonout *j)
{
	struct str message = STR_INIT;

	message_of(st, s, &message);
	jsonout_open(j);
	jsonout_kstr(j, "name", s->name);
	jsonout_kstr(j, "kind", s->kind);
	jsonout_kstr(j, "host", s->host);
	jsonout_kstr(j, "verdict", verdict_name(vital_state_verdict(s->state)));
	jsonout_kstr(j, "state", vital_state_name(s->state));
	jsonout_kstr(j, "value", s->value);
	jsonout_kstr(j, "unit", s->unit);
	jsonout_key(j, "age_ms");
	if (s->age_ms >= 0)
		jsonout_int(j, s->age_ms);
	else
		jsonout_null(j);
	jsonout_kstr(j, "expect", s->expect);
	jsonout_kstr(j, "message", message.buf);
	jsonout_close(j);
	str_release(&message);
}

static void
sum_text(const struct status *st, struct str *out)
{
	const struct board *b = watching_board(st->w);
	int of[VITAL_STATE_COUNT] = {0}, total = 0;

	for (size_t i = 0; i < board_items(b); i++) {
		struct board_shown s;

		board_show(b, (int)i, clock_now(), &s);
		of[s.state] += st->chosen[i];
		total += st->chosen[i];
	}
	str_addf(out, "%d looked at", total);
	for (int s = 0; s < VITAL_STATE_COUNT; s++)
		if (of[s])
			str_addf(out, ", %d %s", of[s],
				vital_state_name((enum vital_state)s));
	str_addc(out, '\n');
}

static void
print(struct status *st)
{
	const struct board *b = watching_board(st->w);
	int *order = mem_array(board_items(b) + 1, sizeof *order);
	struct str out = STR_INIT;
	struct jsonout j;

	board_sort(b, clock_now(), order);
	if (st->json) {
		cmd_json_begin(&j, &out, "status");
		jsonout_key(&j, "items");
		jsonout_open_array(&j);
	}
	for (size_t i = 0; i < board_items(b); i++) {
		struct board_shown s;

		board_show(b, order[i], clock_now(), &s);
		if (!st->chosen[order[i]])
			continue;
		if (st->json)
			line_json(st, &s, &j);
		else
			line_text(st, &s, &out);
	}
	if (st->json) {
		jsonout_close_array(&j);
		cmd_json_end(&j, &out);
	} else {
		sum_text(st, &out);
		cmd_print(&out);
	}
	str_release(&out);
	mem_free(order);
	st->printed = true;
}

/* ---- while it looks ----------------------------------------------------------------------- */

static bool
is_good(enum vital_state s)
{
	return s == VITAL_OK || s == VITAL_WARN || s == VITAL_MUTED;
}

/* An answer of this very call, or a reason why there will be none. On the way to `steady:`
 * it looks again, soon. */
static bool
is_settled(struct status *st, int item)
{
	struct board *b = watching_board(st->w);
	const struct vital_look *l = vital_last(board_vital(b, item));
	struct board_shown s;
	struct now now = clock_now();

	board_show(b, item, now, &s);
	if (s.state == VITAL_OFF || s.skipped != NONE || board_asks(b, item))
		return true;
	if (!l || s.under_way || !*l->message)
		return false;
	if (s.judged == VITAL_UNKNOWN && vital_judged_look(l) != VITAL_UNKNOWN) {
		if (s.age_ms >= AGAIN_MS || s.age_ms >= s.every_ms)
			watching_ask(st->w, item);
		return false;
	}
	return true;
}

static bool
all_settled(struct status *st)
{
	bool all = true;

	for (size_t i = 0; i < board_items(watching_board(st->w)); i++)
		all &= !st->chosen[i] || is_settled(st, (int)i);
	return all;
}

/* The worst state: rank counts downwards. */
static bool
all_at_least(const struct status *st, enum vital_state wanted)
{
	const struct board *b = watching_board(st->w);

	for (size_t i = 0; i < board_items(b); i++) {
		struct board_shown s;

		board_show(b, (int)i, clock_now(), &s);
		if (st->chosen[i] && s.state != VITAL_MUTED && s.state != VITAL_OK &&
			!(wanted == VITAL_WARN && s.state == VITAL_WARN))
			return false;
	}
	return true;
}

static bool
all_good(const struct status *st)
{
	const struct board *b = watching_board(st->w);

	for (size_t i = 0; i < board_items(b); i++) {
		struct board_shown s;

		board_show(b, (int)i, clock_now(), &s);
		if (st->chosen[i] && !is_good(s.state))
			return false;
	}
	return true;
}

static void
on_changed(void *ctx, int item, const struct probe_reading *r, bool turned)
{
	struct status *st = ctx;
	struct board_shown s;
	struct str out = STR_INIT;
	char at[STAMP_BYTES];

	(void)r;
	st->turned |= turned;
	if (!turned || !st->watch || !st->printed || st->json || !st->chosen[item])
		return;
	board_show(watching_board(st->w), item, clock_now(), &s);
	str_addf(&out, "%s ", stamp_wall_sec(clock_wall(), at));
	line_text(st, &s, &out);
	cmd_print(&out);
	str_release(&out);
}

static void
on_told(void *ctx, const struct err *e)
{
	(void)ctx;
	fprintf(stderr, "handrail: %s\n", e->msg);
}

static void
on_prompt(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct status *st = ctx;

	mem_free(st->asked);
	st->asks = l;
	st->asked = mem_printf("%s: %s ", p->target, p->text);
	st->echo = p->echo;
}

static void
answer(struct status *st)
{
	struct str line = STR_INIT;
	struct link *l = st->asks;
	bool got = tty_is_person() &&
		tty_ask(st->asked, st->echo ? TTY_SHOWN : TTY_HIDDEN, &line);

	st->asks = NULL;
	link_answer(l, got ? line.buf : NULL);
	mem_wipe(line.buf, line.len);
	str_release(&line);
}

static void
on_signal(void *ctx, int sig)
{
	struct status *st = ctx;

	st->over = true;
	st->code = sig == SIGINT ? EXIT_CODE_INT : EXIT_CODE_TERM;
}

/* One turn later: is there an end? */
static void
judge(struct status *st)
{
	bool settled = all_settled(st);

	if (st->until.ms && clock_mono().ms >= st->until.ms) {
		st->code = EXIT_CODE_TIMEOUT;
		st->over = true;
	} else if (st->wait != VITAL_STATE_COUNT) {
		st->over = settled && all_at_least(st, st->wait);
	} else if (!st->watch) {
		st->over = settled;
	}
	if (st->watch && settled && (!st->printed || (st->json && st->turned)))
		print(st);
	if (st->printed)
		st->turned = false;
}

static void
turn_until_over(struct status *st)
{
	struct loop_signal *on_int = loop_signal_new(st->c->loop, SIGINT, on_signal, st);
	struct loop_signal *on_term = loop_signal_new(
		st->c->loop, SIGTERM, on_signal, st);

	while (!st->over) {
		loop_turn(st->c->loop, TURN_MS);
		if (st->asks)
			answer(st);
		if (!st->over)
			judge(st);
	}
	loop_signal_free(on_int);
	loop_signal_free(on_term);
}

/* ---- what was asked for ---------------------------------------------------------------------- */

static bool
read_options(struct status *st, struct err *e)
{
	const char *wait = st->c->args->opt[OPT_WAIT];
	const char *limit = st->c->args->opt[OPT_TIMEOUT];
	int64_t ms;

	st->watch = args_has(st->c->args, OPT_WATCH);
	st->json = args_has(st->c->args, OPT_JSON);
	st->wait = VITAL_STATE_COUNT;
	if (wait && str_eq(wait, "OK"))
		st->wait = VITAL_OK;
	else if (wait && str_eq(wait, "WARN"))
		st->wait = VITAL_WARN;
	else if (wait)
		return err_set(
			e, ERR_INPUT, "--wait %s: OK, or WARN for that or better", wait);
	if (!limit)
		return true;
	if (!stamp_parse_duration(limit, &ms))
		return err_set(e, ERR_INPUT,
			"--timeout %s is not a duration (30s, 10m, 2h)", limit);
	st->until.ms = clock_mono().ms + ms;
	return true;
}

static enum exit_code
look(struct status *st, size_t first)
{
	char *dir = readings_default_dir();
	struct err e = ERR_INIT;
	enum exit_code code;

	st->w = watching_new(&(struct watching_opts){.loop = st->c->loop,
		.runbook = st->rb,
		.givens = st->givens,
		.prompt = on_prompt,
		.readings_dir = dir,
		.project = st->c->project,
		.changed = on_changed,
		.told = on_told,
		.ctx = st});
	st->chosen = mem_array(
		board_items(watching_board(st->w)) + 1, sizeof *st->chosen);
	if (!choose(st, first, &e)) {
		code = cmd_fail(st->c, &e);
	} else {
		leave_out(st);
		watching_watch(st->w, BOARD_LOOKED_AT);
		watching_ask(st->w, NONE);
		turn_until_over(st);
		if (!st->printed || !st->watch)
			print(st);
		code = st->code == EXIT_CODE_OK && !all_good(st) ? EXIT_CODE_NO
								 : st->code;
	}
	watching_free(st->w);
	mem_free(st->chosen);
	mem_free(st->asked);
	mem_free(dir);
	return code;
}

enum exit_code
cmd_status(struct cmd *c)
{
	struct status st = {.c = c};
	enum exit_code code = EXIT_CODE_OK;
	struct pairs inputs = {0};
	struct err e = ERR_INIT;
	size_t first;

	if (!read_options(&st, &e))
		return cmd_fail(c, &e);
	st.rb = find_runbook(c, &first, &code);
	if (!st.rb)
		return code;
	st.givens = givens_new(st.rb);
	if (cmdinput_parse(c->args, st.rb, &inputs, &e)) {
		for (size_t i = 0; i < inputs.list.len; i++)
			givens_set(st.givens, inputs.list.at[i].key,
				inputs.list.at[i].value);
		code = look(&st, first);
	} else {
		code = cmd_fail(c, &e);
	}
	cmdinput_release(&inputs);
	givens_free(st.givens);
	runbook_unref(st.rb);
	return code;
}
