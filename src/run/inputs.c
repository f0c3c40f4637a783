#include "run/inputs.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/legs.h"

enum { VALUE_BYTES = 4096, DATE_BYTES = 10 };

/* ---- what fits ------------------------------------------------------------------------ */

static bool
is_number(const char *s)
{
	size_t n = strspn(s += *s == '-', "0123456789");

	if (!n)
		return false;
	s += n;
	if (*s != '.')
		return *s == '\0';
	n = strspn(++s, "0123456789");
	return n && s[n] == '\0';
}

static bool
is_date(const char *s)
{
	char *full = mem_printf("%sT00:00:00.000Z", s);
	struct wall t;
	bool ok = strlen(s) == DATE_BYTES && stamp_parse(full, &t);

	mem_free(full);
	return ok;
}

/* What a tag, a branch or a package may be called: no blanks, nothing a shell would read. */
static bool
is_version(const char *s)
{
	return *s != '-' && *s != '.' &&
		!s[strspn(s,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789._+~/:@-")];
}

static bool
is_offered(const struct input *in, const char *item, size_t len)
{
	for (size_t i = 0; i < in->options.list.len; i++)
		if (strlen(in->options.list.at[i]) == len &&
			memcmp(in->options.list.at[i], item, len) == 0)
			return true;
	return in->options.list.len == 0;
}

/* Each item once, none empty, all of them offered. */
static bool
is_multi(const struct input *in, const char *value)
{
	for (const char *at = value;; at++) {
		size_t len = strcspn(at, ",");

		if (!len || at[0] == ' ' || at[len - 1] == ' ' ||
			!is_offered(in, at, len))
			return false;
		at += len;
		if (!*at)
			return true;
	}
}

static bool
type_fits(const struct input *in, const char *value)
{
	switch (in->type) {
	case INPUT_NUMBER:
		return is_number(value);
	case INPUT_DATE:
		return is_date(value);
	case INPUT_VERSION:
		return is_version(value);
	case INPUT_MULTI:
		return is_multi(in, value);
	case INPUT_CHOICE:
		return is_offered(in, value, strlen(value));
	case INPUT_TEXT:
	case INPUT_FILE:
		return true; /* choices are offered there, no more */
	}
	return true;
}

static const char *const types[] = {
	[INPUT_TEXT] = "a text",
	[INPUT_NUMBER] = "a number",
	[INPUT_CHOICE] = "one of the choices",
	[INPUT_MULTI] = "some of the choices, with commas between them and no blanks",
	[INPUT_VERSION] = "a version: letters, digits and . _ + ~ / : @ -",
	[INPUT_DATE] = "a date (2026-11-20)",
	[INPUT_FILE] = "a file",
};

bool
inputs_fit(const struct input *in, const char *value, struct err *e)
{
	const char *shown = in->from == SECRET_NOT ? value : "(what was given)";

	if (strlen(value) > VALUE_BYTES || strpbrk(value, "\r\n") ||
		!text_valid_utf8(value, strlen(value)))
		return err_set(e, ERR_INPUT,
			"%s: one line of at most %d bytes of valid text", in->name,
			VALUE_BYTES);
	if (in->pattern &&
		pattern_find(in->pattern, value, strlen(value), NULL, NULL) !=
			PATTERN_YES)
		return err_set(e, ERR_INPUT, "%s: \"%s\" does not match %s", in->name,
			shown, in->pattern_text);
	if (!value[strspn(value, " \t")])
		return err_set(
			e, ERR_INPUT, "%s has no value: nothing was set", in->name);
	return type_fits(in, value) ||
		err_set(e, ERR_INPUT, "%s: \"%s\" is not %s", in->name, shown,
			types[in->type]);
}

bool
inputs_has_item(const char *value, const char *item)
{
	size_t len = strlen(item);

	for (const char *at = value; *at;) {
		size_t n = strcspn(at, ",");

		if (n == len && memcmp(at, item, n) == 0)
			return true;
		at += n + (at[n] == ',');
	}
	return false;
}

/* ---- where it is used ----------------------------------------------------------------- */

bool
inputs_named(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = text; p && (p = strchr(p, '$')); p++) {
		const char *at = p + 1 + (p[1] == '{');

		if (strncmp(at, name, len) == 0 &&
			!strchr("abcdefghijklmnopqrstuvwxyz0123456789_"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
				at[len] ? at[len] : ' '))
			return true;
	}
	return false;
}

/* As the runbook has it, or as it was edited for this run. */
static bool
step_names(const struct run_step *rs, const char *name)
{
	return inputs_named(rs->redline ? rs->redline : rs->step->text, name) ||
		inputs_named(rs->step->dir, name) || str_eq(rs->step->dsn, name) ||
		inputs_named(rs->step->wait_until, name) ||
		inputs_named(rs->step->confirm, name);
}

/* Steps that use an input, those of called runbooks that it is handed down to with them. */
struct uses {
	const struct run *r;
	bool (*each)(struct uses *u, int step, const struct input *in);
	struct str *out;
	struct err *e;
};

static bool
each_use(struct uses *u, int input)
{
	const struct runbook *rb = u->r->runbook;
	const struct input *in = &rb->inputs.list.at[input];

	for (size_t i = 0; i < rb->steps.list.len; i++)
		if (rb->steps.list.at[i].scope == in->scope && !u->each(u, (int)i, in))
			return false;
	for (size_t i = 0; i < rb->scopes.list.len; i++) {
		const struct scope *sc = &rb->scopes.list.at[i];

		if (sc->parent != in->scope || (int)i == in->scope)
			continue;
		for (size_t k = 0; k < sc->with.list.len; k++) {
			int below = inputs_named(sc->with.list.at[k].value, in->name)
				? runbook_find_input(rb, (int)i, sc->with.list.at[k].key)
				: NONE;

			if (below != NONE && !each_use(u, below))
				return false;
		}
	}
	return true;
}

static const char *
number_of(const struct run_step *rs)
{
	return rs->step->number ? rs->step->number : rs->step->id;
}

static bool
half_way(const struct run_step *rs)
{
	size_t done = 0, left = 0;

	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg_run *lr = &rs->legs.list.at[i].way[WAY_FORWARD];

		if (legs_active(lr) || lr->state == LEG_RETRY)
			return true;
		done += legs_ok(lr);
		left += !legs_ok(lr) && lr->state != LEG_SKIPPED;
	}
	return rs->going || (done && left) ||
		(rs->step->kind == STEP_WAIT && rs->own == STEP_IS_RUNNING);
}

static bool
stays(struct uses *u, int step, const struct input *in)
{
	const struct run_step *rs = &u->r->steps.list.at[step];

	if (step_names(rs, in->name) && half_way(rs))
		return err_set(u->e, ERR_REFUSED,
			"%s stays as it is: step %s is half way with it", in->name,
			number_of(rs));
	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (legs_undoable(rs, (int)i) &&
			inputs_named(rs->step->undo.text, in->name))
			return err_set(u->e, ERR_REFUSED,
				"%s stays as it is: the way back of step %s needs the value it "
				"ran with",
				in->name, number_of(rs));
	return true;
}

bool
inputs_may_change(const struct run *r, int input, struct err *e)
{
	struct uses u = {.r = r, .each = stays, .e = e};

	return each_use(&u, input);
}

static bool
add_ran(struct uses *u, int step, const struct input *in)
{
	const struct run_step *rs = &u->r->steps.list.at[step];
	bool ran = rs->state == STEP_IS_DONE && rs->step->kind != STEP_ASK &&
		step_names(rs, in->name);

	for (size_t i = 0; i < rs->legs.list.len; i++)
		ran |= rs->legs.list.at[i].way[WAY_FORWARD].attempt > 0 &&
			step_names(rs, in->name);
	if (ran)
		str_addf(u->out, "%s%s", u->out->len ? ", " : "", number_of(rs));
	return true;
}

void
inputs_ran_with(const struct run *r, int input, struct str *out)
{
	struct uses u = {.r = r, .each = add_ran, .out = out};

	(void)each_use(&u, input);
}

void
inputs_changed(const struct run *r, int input, const char *value, struct str *out)
{
	const struct input *in = &r->runbook->inputs.list.at[input];
	const char *old = run_value(r, in->scope, in->name);
	struct str ran = STR_INIT;

	if (in->from == SECRET_NOT && old && !str_eq(old, value))
		inputs_ran_with(r, input, &ran);
	if (ran.len)
		str_addf(out,
			"%s%s is %s now; step %s ran with what it was, and stays as it is.",
			out->len ? "\n" : "", in->name, value, ran.buf);
	str_release(&ran);
}

static bool
add_decided(struct uses *u, int step, const struct input *in)
{
	const struct run_step *rs = &u->r->steps.list.at[step];

	for (size_t i = 0; i < rs->step->when.list.len; i++) {
		const char *key = rs->step->when.list.at[i].key;

		if (str_starts(key, "input.") &&
			strcmp(key + strlen("input."), in->name) == 0)
			str_addf(u->out, "%s%s", u->out->len ? ", " : "", number_of(rs));
	}
	return true;
}

void
inputs_decides(const struct run *r, int input, struct str *out)
{
	struct uses u = {.r = r, .each = add_decided, .out = out};

	(void)each_use(&u, input);
}
