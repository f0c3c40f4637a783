#include "app/plaininput.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/former.h"
#include "app/tty.h"
#include "base/file.h"
#include "base/mem.h"
#include "run/inputs.h"

enum { ANSWER_FILE_MAX = 64 * 1024 };

/* ---- asked for ------------------------------------------------------------------------------ */

static char *
answer_value(const struct answer_input *in, struct err *e)
{
	struct str text = STR_INIT;
	const char *env;

	if (in->value)
		return mem_strdup(in->value);
	if (in->env) {
		env = getenv(in->env);
		if (!env)
			err_set(e, ERR_INPUT, "input %s: the environment has no %s",
				in->name, in->env);
		return mem_strdup(env);
	}
	if (!file_read(in->file, ANSWER_FILE_MAX, &text, e))
		return NULL;
	str_cut(&text, strcspn(text.buf, "\n"));
	return str_take(&text);
}

/* What the last run of this runbook here had: `*value`, and where that is from. Both NULL:
 * nothing. */
static char *
last_time(struct session *s, int input, char **value)
{
	const struct input *in = &session_runbook(s)->inputs.list.at[input];
	char *runs = file_dir(session_dir(s)), *from = NULL;
	char *full = runbook_full_name(session_runbook(s), in->scope, in->name);
	struct former_values f;

	former_values(runs, session_run(s), &f);
	*value = mem_strdup(pairs_get(&f.values, full));
	if (*value)
		from = mem_printf(", as in run %s", f.run + ULID_LEN - 6);
	former_values_release(&f);
	mem_free(full);
	mem_free(runs);
	return from;
}

enum plainask
plaininput_ask(struct session *s, const struct answers *a, int i,
	struct plainask_request *out, struct err *e)
{
	const struct input *in = &session_runbook(s)->inputs.list.at[i];
	struct str line = STR_INIT;
	char *ask, *from, *last = NULL;
	const char *offer;

	out->input = i;
	for (size_t k = 0; a && in->scope == 0 && k < a->inputs.list.len; k++)
		if (strcmp(a->inputs.list.at[k].name, in->name) == 0) {
			out->value = answer_value(&a->inputs.list.at[k], e);
			return out->value ? PLAINASK_INPUT : PLAINASK_MISSING;
		}
	if (!tty_is_person()) {
		out->value = mem_strdup(in->fallback);
		if (!out->value)
			err_set(e, ERR_INPUT, "input %s has no answer", in->name);
		return out->value ? PLAINASK_INPUT : PLAINASK_MISSING;
	}
	from = in->from == SECRET_NOT && !in->fallback ? last_time(s, i, &last) : NULL;
	offer = in->fallback ? in->fallback : last;
	ask = mem_printf("%s%s%s%s%s: ", in->ask ? in->ask : in->name, offer ? " [" : "",
		offer ? offer : "", from ? from : "", offer ? "]" : "");
	bool got = tty_ask(ask, in->from == SECRET_NOT ? TTY_SHOWN : TTY_HIDDEN, &line);
	mem_free(ask);
	out->value = mem_strdup(line.len || !offer ? line.buf : offer);
	mem_free(from);
	mem_free(last);
	mem_wipe(line.buf, line.len);
	str_release(&line);
	return got ? PLAINASK_INPUT : PLAINASK_QUIT;
}

/* ---- changed -------------------------------------------------------------------------------- */

/* The nth input of the runbook itself; NONE: it has fewer. */
static int
input_at(const struct runbook *rb, int n)
{
	for (size_t i = 0; i < rb->inputs.list.len; i++)
		if (rb->inputs.list.at[i].scope == 0 && n-- == 0)
			return (int)i;
	return NONE;
}

bool
plaininput_any(const struct session *s)
{
	const struct runbook *rb = session_runbook(s);
	int input;

	for (int i = 0; (input = input_at(rb, i)) != NONE; i++)
		if (session_has_input(s, input))
			return true;
	return false;
}

static void
list_inputs(struct session *s, struct str *out)
{
	const struct runbook *rb = session_runbook(s);
	int input;

	for (int i = 0; (input = input_at(rb, i)) != NONE; i++) {
		const struct input *in = &rb->inputs.list.at[input];
		const char *value = run_value(session_run(s), 0, in->name);

		str_addf(out, "%s%d %s", i ? ", " : "", i + 1, in->name);
		if (in->from != SECRET_NOT)
			str_adds(out, " (secret)");
		else
			str_addf(out, " = %s", value ? value : "(has no value yet)");
	}
	str_adds(out, ". Which one (Enter: none): ");
}

/* What another value would mean is said before it is asked for. */
static void
say_meaning(struct session *s, int input)
{
	struct str ran = STR_INIT, decides = STR_INIT;

	inputs_ran_with(session_run(s), input, &ran);
	inputs_decides(session_run(s), input, &decides);
	if (ran.len)
		fprintf(stderr,
			"Used by step %s: that stays, and is listed at sign-off.\n",
			ran.buf);
	if (decides.len)
		fprintf(stderr, "It decides whether step %s %s needed.\n", decides.buf,
			strchr(decides.buf, ',') ? "are" : "is");
	str_release(&ran);
	str_release(&decides);
}

static enum plainask
ask_other(struct session *s, int input, struct plainask_request *out)
{
	const struct input *in = &session_runbook(s)->inputs.list.at[input];
	const char *now = run_value(session_run(s), in->scope, in->name);
	bool secret = in->from != SECRET_NOT;
	struct str line = STR_INIT;
	char *ask;
	bool got;

	say_meaning(s, input);
	ask = mem_printf("%s [%s]: ", in->ask ? in->ask : in->name,
		secret        ? "Enter: as it is"
			: now ? now
			      : "no value yet");
	got = tty_ask(ask, secret ? TTY_HIDDEN : TTY_SHOWN, &line);
	mem_free(ask);
	if (got && line.len && !str_eq(line.buf, now)) {
		out->input = input;
		out->value = mem_strdup(line.buf);
	}
	mem_wipe(line.buf, line.len);
	str_release(&line);
	return !got ? PLAINASK_QUIT : out->value ? PLAINASK_INPUT : PLAINASK_NOTHING;
}

enum plainask
plaininput_change(struct session *s, struct plainask_request *out, struct err *e)
{
	struct str words = STR_INIT, line = STR_INIT;
	bool got;
	int input;

	list_inputs(s, &words);
	got = tty_ask(words.buf, TTY_SHOWN, &line);
	input = got && line.len
		? input_at(session_runbook(s), plainask_number(line.buf, 0) - 1)
		: NONE;
	str_release(&words);
	str_release(&line);
	if (!got)
		return PLAINASK_QUIT;
	if (input == NONE)
		return PLAINASK_NOTHING;
	return inputs_may_change(session_run(s), input, e) ? ask_other(s, input, out)
							   : PLAINASK_MISSING;
}
