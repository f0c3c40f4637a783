#include "run/decide_person.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/gate.h"

enum { VALUE_BYTES = 4096, WORDS_BYTES = 8192 };

static const struct step *
step_of(const struct decide_ctx *c)
{
	return &c->r->runbook->steps.list.at[c->q->step];
}

/* Words of a person: there, valid, and short enough for one line of the record. */
static bool
words(const char *text, const char *what, struct err *e)
{
	if (!decide_emit_said(text))
		return err_set(e, ERR_INPUT, "%s is needed", what);
	if (strlen(text) > WORDS_BYTES || !text_valid_utf8(text, strlen(text)))
		return err_set(e, ERR_INPUT, "%s is too long or not valid text", what);
	return true;
}

bool
decide_person_note(struct decide_ctx *c, struct err *e)
{
	int step = c->q->step;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e) ||
		!words(c->q->text, "the text of a note", e))
		return false;
	if (step < 0 || (size_t)step >= c->r->steps.list.len)
		step = NONE;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "text", c->q->text);
	return decide_emit_event(c, EVENT_NOTE, step, &d, e);
}

bool
decide_person_attach(struct decide_ctx *c, struct err *e)
{
	static const char *const all[] = {NULL};
	int step = c->q->step;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	if (!c->q->data)
		return err_set(e, ERR_STATE, "evidence could not be kept: %s",
			c->q->reason ? c->q->reason : "no bytes");
	if (step < 0 || (size_t)step >= c->r->steps.list.len)
		step = NONE;
	decide_emit_begin(&d);
	if (!decide_emit_members(&d, c->q->data, all, e)) {
		decide_emit_drop(&d);
		return false;
	}
	return decide_emit_event(c, EVENT_ATTACH, step, &d, e);
}

/* ---- marks ---------------------------------------------------------------------------- */

static const struct {
	const char *name, *what;
} evidence_kinds[] = {
	[EVIDENCE_NOTHING] = {"text", "evidence"},
	[EVIDENCE_TEXT] = {"text", "evidence"},
	[EVIDENCE_LINK] = {"link", "a link as evidence"},
	[EVIDENCE_VALUE] = {"value", "a value as evidence"},
	[EVIDENCE_FILE] = {"file", "a file as evidence"},
};

static bool
looks_like_url(const char *s)
{
	const char *rest = str_starts(s, "https://") ? s + 8
		: str_starts(s, "http://")           ? s + 7
						     : "";

	return *rest && *rest != '/' && !s[strcspn(s, " \t\r\n\"<>")];
}

static bool
evidence_fits(const struct decide_ctx *c, struct err *e)
{
	enum evidence_kind kind = step_of(c)->evidence;

	if (kind == EVIDENCE_NOTHING)
		return !decide_emit_said(c->q->evidence) ||
			words(c->q->evidence, "evidence", e);
	if (!words(c->q->evidence, evidence_kinds[kind].what, e))
		return false;
	if (kind == EVIDENCE_LINK && !looks_like_url(c->q->evidence))
		return err_set(e, ERR_INPUT, "the evidence must be a link (https://...)");
	return true;
}

/* It is a person who does it, and says so. */
static bool
done_by_person(const struct decide_ctx *c)
{
	enum step_kind k = step_of(c)->kind;

	return k == STEP_DO || (k == STEP_NOTIFY && !c->r->runbook->notifies);
}

/* Which mark a kind of step takes. A command or a probe proves itself: nobody ticks it
 * done, a person can only say that it was done by hand. */
static bool
mark_fits(const struct decide_ctx *c, struct err *e)
{
	enum step_kind k = step_of(c)->kind;
	enum tick t = c->q->tick;

	if (done_by_person(c))
		return true;
	switch (k) {
	case STEP_NOTIFY:
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
	case STEP_CHECK:
	case STEP_SOAK:
		return t == TICK_NA || t == TICK_BY_HAND ||
			err_set(e, ERR_REFUSED,
				"%s is proven by its expectation: it can be "
				"marked by-hand or na, with a reason",
				step_of(c)->id);
	case STEP_WAIT:
		return t == TICK_NA || t == TICK_DONE ||
			err_set(e, ERR_INPUT,
				"a wait can be ended or marked na, with a reason");
	default:
		return t == TICK_NA ||
			err_set(e, ERR_INPUT, "%s can only be marked na, with a reason",
				step_of(c)->id);
	}
}

static void
add_evidence(const struct decide_ctx *c, struct decide_data *d)
{
	if (!decide_emit_said(c->q->evidence))
		return;
	jsonout_key(&d->j, "evidence");
	jsonout_open(&d->j);
	jsonout_kstr(&d->j, "kind", evidence_kinds[step_of(c)->evidence].name);
	jsonout_kstr(&d->j, "value", c->q->evidence);
	jsonout_close(&d->j);
}

bool
decide_person_tick(struct decide_ctx *c, struct err *e)
{
	static const char *const names[] = {
		[TICK_DONE] = "done",
		[TICK_NA] = "na",
		[TICK_BY_HAND] = "by-hand",
		[TICK_FAILED] = "failed",
	};
	bool done = c->q->tick == TICK_DONE;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_TICK, c->q->step, e) || !mark_fits(c, e))
		return false;
	if (c->q->tick != TICK_NA && !gate_order(c->r, c->q->step, e))
		return false;
	if (done && !evidence_fits(c, e))
		return false;
	if (!(done && done_by_person(c)) && !words(c->q->reason, "a reason", e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "state", names[c->q->tick]);
	add_evidence(c, &d);
	if (decide_emit_said(c->q->reason))
		jsonout_kstr(&d.j, "reason", c->q->reason);
	if (decide_emit_said(c->q->text))
		jsonout_kstr(&d.j, "note", c->q->text);
	return decide_emit_event(c, EVENT_TICK_SET, c->q->step, &d, e);
}

bool
decide_person_untick(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_UNTICK, c->q->step, e))
		return false;
	if ((int)(intptr_t)map_get(&c->r->last_mark, decide_emit_who(c)) !=
			c->q->step + 1 ||
		!str_eq(c->r->steps.list.at[c->q->step].who, decide_emit_who(c)))
		return err_set(
			e, ERR_REFUSED, "only your own last mark can be taken back");
	decide_emit_begin(&d);
	jsonout_kint(&d.j, "of", c->r->steps.list.at[c->q->step].marked_seq);
	return decide_emit_event(c, EVENT_TICK_UNDO, c->q->step, &d, e);
}

bool
decide_person_skip(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_SKIP, c->q->step, e) ||
		!words(c->q->reason, "a reason", e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "reason", c->q->reason);
	return decide_emit_event(c, EVENT_STEP_SKIP, c->q->step, &d, e);
}

bool
decide_person_choose(struct decide_ctx *c, struct err *e)
{
	const struct step *s = step_of(c);
	const struct option *o;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_CHOOSE, c->q->step, e))
		return false;
	if (c->q->option < 0 || (size_t)c->q->option >= s->options.list.len)
		return err_set(e, ERR_INPUT, "%s has no such option", s->id);
	o = &s->options.list.at[c->q->option];
	if (o->go != NONE && o->go <= c->q->step)
		return err_set(e, ERR_REFUSED, "\"%s\" leads back: a run only goes on",
			o->label);
	decide_emit_begin(&d);
	jsonout_kint(&d.j, "option", c->q->option);
	jsonout_kstr(&d.j, "label", o->label);
	jsonout_kstr(&d.j, "goto",
		o->go == NONE ? NULL : c->r->runbook->steps.list.at[o->go].id);
	return decide_emit_event(c, EVENT_CHOICE_SET, c->q->step, &d, e);
}

/* ---- inputs --------------------------------------------------------------------------- */

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
	bool ok = strlen(s) == 10 && stamp_parse(full, &t);

	mem_free(full);
	return ok;
}

static bool
type_fits(const struct input *in, const char *v)
{
	switch (in->type) {
	case INPUT_NUMBER:
		return is_number(v);
	case INPUT_DATE:
		return is_date(v);
	case INPUT_VERSION:
		return !v[strcspn(v, " \t\r\n")];
	case INPUT_TEXT:
	case INPUT_CHOICE:
	case INPUT_MULTI:
	case INPUT_FILE:
		return true;
	}
	return true;
}

static bool
option_offered(const struct input *in, const char *v)
{
	if (in->type != INPUT_CHOICE || !in->options.list.len)
		return true;
	for (size_t i = 0; i < in->options.list.len; i++)
		if (strcmp(in->options.list.at[i], v) == 0)
			return true;
	return false;
}

static bool
value_fits(const struct input *in, const char *v, struct err *e)
{
	static const char *const types[] = {
		[INPUT_TEXT] = "text",
		[INPUT_NUMBER] = "a number",
		[INPUT_CHOICE] = "one of its choices",
		[INPUT_MULTI] = "some of its choices",
		[INPUT_VERSION] = "a version",
		[INPUT_DATE] = "a date (2026-11-20)",
		[INPUT_FILE] = "a file",
	};

	if (!decide_emit_said(v))
		return err_set(
			e, ERR_INPUT, "%s has no value: nothing was set", in->name);
	if (strlen(v) > VALUE_BYTES || !text_valid_utf8(v, strlen(v)))
		return err_set(e, ERR_INPUT, "%s: more than %d bytes, or not valid text",
			in->name, VALUE_BYTES);
	if (!type_fits(in, v) || !option_offered(in, v))
		return err_set(e, ERR_INPUT, "%s must be %s", in->name, types[in->type]);
	if (in->pattern &&
		pattern_find(in->pattern, v, strlen(v), NULL, NULL) != PATTERN_YES)
		return err_set(
			e, ERR_INPUT, "%s must match %s", in->name, in->pattern_text);
	return true;
}

static bool
set_input(struct decide_ctx *c, const struct input *in, int step, struct err *e)
{
	char *full = runbook_full_name(c->r->runbook, in->scope, in->name);
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "name", full);
	mem_free(full);
	if (in->from == SECRET_NOT) {
		jsonout_kstr(&d.j, "value", c->q->text);
	} else { /* that it was given is a fact; what it is stays in memory */
		jsonout_kstr(&d.j, "value", NULL);
		jsonout_kbool(&d.j, "secret", true);
	}
	return decide_emit_event(c, EVENT_INPUT_SET, step, &d, e);
}

static const struct input *
input_named(const struct runbook *rb, const char *full)
{
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		char *name = runbook_full_name(rb, in->scope, in->name);
		bool same = strcmp(name, full) == 0;

		mem_free(name);
		if (same)
			return in;
	}
	return NULL;
}

/* The ask step whose turn it is and that asks for this input; NONE. */
static int
ask_step_of(const struct run *r, const struct input *in)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct step *s = r->steps.list.at[i].step;

		if (s->kind == STEP_ASK && &r->runbook->inputs.list.at[s->input] == in &&
			gate_allows(r, ACT_ANSWER, (int)i, &e))
			return (int)i;
	}
	return NONE;
}

static bool
input_by_name(struct decide_ctx *c, struct err *e)
{
	const struct input *in = input_named(c->r->runbook, c->q->name);
	const char *old = map_get(&c->r->values, c->q->name);
	int ask;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	if (!in)
		return err_set(e, ERR_INPUT, "there is no input %s", c->q->name);
	if (in->from != SECRET_NOT)
		return err_set(e, ERR_REFUSED,
			"%s is secret: it never goes to the record", in->name);
	if (!value_fits(in, c->q->text, e))
		return false;
	ask = ask_step_of(c->r, in);
	if (ask == NONE && str_eq(old, c->q->text))
		return true;
	if (ask == NONE && old && c->r->acted)
		return err_set(e, ERR_REFUSED,
			"%s is in use since the first command ran: it stays as it is",
			in->name);
	return set_input(c, in, ask, e);
}

bool
decide_person_input(struct decide_ctx *c, struct err *e)
{
	const struct input *in;

	if (c->q->name)
		return input_by_name(c, e);
	if (!gate_allows(c->r, ACT_ANSWER, c->q->step, e))
		return false;
	in = &c->r->runbook->inputs.list.at[step_of(c)->input];
	if (in->from == SECRET_NOT && !value_fits(in, c->q->text, e))
		return false;
	return set_input(c, in, c->q->step, e);
}

/* ---- signatures ----------------------------------------------------------------------- */

static const struct role *
role_named(const struct runbook *rb, const char *name)
{
	for (size_t i = 0; i < rb->roles.list.len; i++)
		if (strcmp(rb->roles.list.at[i].name, name) == 0)
			return &rb->roles.list.at[i];
	return NULL;
}

static bool
in_strings(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->list.len; i++)
		if (str_eq(list->list.at[i], s))
			return true;
	return false;
}

/* Has this person or key signed as that role anywhere in the run? */
static bool
signed_as(const struct run *r, const char *role, const char *who, const char *key)
{
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (rs->step->kind == STEP_SIGNOFF && str_eq(rs->step->role, role) &&
			(in_strings(&rs->signers, who) || in_strings(&rs->keys, key)))
			return true;
	}
	return false;
}

static bool
role_done(const struct run *r, const char *role)
{
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (r->steps.list.at[i].step->kind == STEP_SIGNOFF &&
			str_eq(r->steps.list.at[i].step->role, role) &&
			!run_settled(&r->steps.list.at[i]))
			return false;
	return true;
}

static bool
signer_may(const struct decide_ctx *c, const char *key, struct err *e)
{
	const struct run_step *rs = &c->r->steps.list.at[c->q->step];
	const struct step *s = rs->step;
	const struct role *role = role_named(c->r->runbook, s->role);
	const char *who = decide_emit_who(c);

	if (!str_eq(c->q->role, s->role))
		return err_set(e, ERR_REFUSED, "%s asks for the role %s", s->id, s->role);
	if (role && !in_strings(&role->principals, who))
		return err_set(
			e, ERR_REFUSED, "%s does not have the role %s", who, s->role);
	if (s->not_runner && in_strings(&c->r->runners, who))
		return err_set(e, ERR_REFUSED,
			"%s ran steps of this run: somebody else signs", who);
	if (in_strings(&rs->signers, who) || in_strings(&rs->keys, key))
		return err_set(e, ERR_REFUSED, "this person or key has signed %s already",
			s->id);
	for (size_t i = 0; i < s->not_roles.list.len; i++)
		if (signed_as(c->r, s->not_roles.list.at[i], who, key))
			return err_set(e, ERR_REFUSED,
				"%s has signed as %s: somebody else signs", who,
				s->not_roles.list.at[i]);
	for (size_t i = 0; i < s->after.list.len; i++)
		if (!role_done(c->r, s->after.list.at[i]))
			return err_set(
				e, ERR_STATE, "%s signs first", s->after.list.at[i]);
	return true;
}

/* The signature was verified; that it is about this run and step is ours to see. */
static bool
statement_is_about(const struct decide_ctx *c, const char *stmt)
{
	char *head = mem_printf("handrail sign-off v1\nrun: %s\nrunbook: ", c->r->id);
	char *step = mem_printf("\nstep: %s sha256:", step_of(c)->id);
	char *role = mem_printf("\nrole: %s\n", step_of(c)->role);
	bool ok = str_starts(stmt, head) && strstr(stmt, step) && strstr(stmt, role);

	mem_free(head);
	mem_free(step);
	mem_free(role);
	return ok;
}

/* What a signer must have seen may not have come after what was signed. */
static bool
statement_is_fresh(const struct decide_ctx *c, const char *stmt, struct err *e)
{
	size_t n = c->r->exceptions.list.len;
	const char *line = strstr(stmt, "\nseq: ");
	int64_t seq = line ? strtoll(line + 6, NULL, 10) : -1;

	return !n || c->r->exceptions.list.at[n - 1].seq <= seq ||
		err_set(e, ERR_STATE,
			"an exception came after the statement: read it again");
}

bool
decide_person_signed(struct decide_ctx *c, struct err *e)
{
	static const char *const nothing[] = {NULL};
	const struct json_node *root;
	struct decide_data d;
	struct json *doc;
	bool ok;

	if (!gate_allows(c->r, ACT_SIGN, c->q->step, e))
		return false;
	doc = c->q->data ? json_parse(c->q->data, strlen(c->q->data), e) : NULL;
	if (!doc)
		return err_set(e, ERR_INPUT, "a signature without its statement");
	root = json_root(doc);
	ok = signer_may(c, json_str(root, "key", ""), e);
	if (ok &&
		(!statement_is_about(c, json_str(root, "stmt", "")) ||
			!json_str(root, "sig", NULL)))
		ok = err_set(e, ERR_REFUSED,
			"the statement is about another run, step or role");
	ok = ok && statement_is_fresh(c, json_str(root, "stmt", ""), e);
	json_free(doc);
	if (!ok)
		return false;
	decide_emit_begin(&d);
	if (!decide_emit_members(&d, c->q->data, nothing, e)) {
		decide_emit_drop(&d);
		return false;
	}
	return decide_emit_event(c, EVENT_SIGNOFF, c->q->step, &d, e);
}

bool
decide_person_declined(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_SIGN, c->q->step, e) ||
		!words(c->q->reason, "a reason", e))
		return false;
	if (!str_eq(c->q->role, step_of(c)->role))
		return err_set(e, ERR_REFUSED, "%s asks for the role %s", step_of(c)->id,
			step_of(c)->role);
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "role", c->q->role);
	jsonout_kstr(&d.j, "reason", c->q->reason);
	return decide_emit_event(c, EVENT_DECLINE, c->q->step, &d, e);
}
