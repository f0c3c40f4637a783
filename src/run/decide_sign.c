#include "run/decide_sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "run/gate.h"
#include "run/legs.h"
#include "run/revised.h"
#include "run/second.h"
#include "run/voided.h"

/* Who may sign what, and that the statement is about it. */

static const struct step *
step_of(const struct decide_ctx *c)
{
	return &c->r->runbook->steps.list.at[c->q->step];
}

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
	const struct role *role = role_named(
		c->r->runbook, second_role(c->r, c->q->step));
	const char *who = decide_emit_who(c);

	if (!str_eq(c->q->role, second_role(c->r, c->q->step)))
		return err_set(e, ERR_REFUSED, "%s asks for the role %s", s->id,
			second_role(c->r, c->q->step));
	if (s->kind != STEP_SIGNOFF)
		return second_may(c->r, who, e);
	if (role && !in_strings(&role->principals, who))
		return err_set(
			e, ERR_REFUSED, "%s does not have the role %s", who, s->role);
	if (s->not_runner && second_ran(c->r, who))
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
	char *role = mem_printf("\nrole: %s\n", second_role(c->r, c->q->step));
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
	int64_t seq = voided_covers(stmt);
	const char *changed = voided_since(c->r, seq);
	struct str line = STR_INIT;
	bool same;

	if (changed)
		return err_set(e, ERR_STATE,
			"%s after the statement was made: read it again", changed);
	revised_line(&c->r->steps.list.at[c->q->step], &line);
	same = line.len ? strstr(stmt, line.buf) != NULL : !strstr(stmt, "\nchanged: ");
	str_release(&line);
	if (!same)
		return err_set(e, ERR_STATE,
			"the statement is not about what changed: read it again");
	return !n || c->r->exceptions.list.at[n - 1].seq <= seq ||
		err_set(e, ERR_STATE,
			"an exception came after the statement: read it again");
}

/* The second person confirms this command on this host, and nothing that came after. */
static bool
confirms_this(const struct decide_ctx *c, const char *stmt, struct err *e)
{
	int64_t seq = voided_covers(stmt);
	struct str want = STR_INIT;
	char *says;
	bool ok;

	if (step_of(c)->kind == STEP_SIGNOFF)
		return true;
	says = second_says(c->r, c->q->step, e);
	if (!says)
		return false;
	str_adds(&want, "\nsays: ");
	jsonout_add_string(&want, says, strlen(says));
	str_addc(&want, '\n');
	ok = strstr(stmt, want.buf) && seq >= c->r->input_seq;
	str_release(&want);
	mem_free(says);
	return ok ||
		err_set(e, ERR_STATE,
			"what would run is not what was confirmed: read it again");
}

bool
decide_sign(struct decide_ctx *c, struct err *e)
{
	static const char *const ours[] = {"host", "each", "values", "account", NULL};
	char values[DIGEST_HEX + 1];
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
	ok = ok && statement_is_fresh(c, json_str(root, "stmt", ""), e) &&
		confirms_this(c, json_str(root, "stmt", ""), e);
	json_free(doc);
	if (!ok)
		return false;
	decide_emit_begin(&d);
	if (step_of(c)->kind != STEP_SIGNOFF) {
		decide_emit_leg(&d,
			&c->r->steps.list.at[c->q->step]
				 .legs.list.at[second_leg(c->r, c->q->step)],
			WAY_FORWARD, 0);
		second_digest(c->r, c->q->step, values);
		jsonout_kstr(&d.j, "values", values);
	}
	if (!decide_emit_members(&d, c->q->data, ours, e)) {
		decide_emit_drop(&d);
		return false;
	}
	decide_emit_maybe(&d, "account", c->q->account);
	return decide_emit_event(c, EVENT_SIGNOFF, c->q->step, &d, e);
}

bool
decide_sign_declined(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_SIGN, c->q->step, e) ||
		!decide_emit_words(c->q->reason, "a reason", e))
		return false;
	if (!str_eq(c->q->role, second_role(c->r, c->q->step)))
		return err_set(e, ERR_REFUSED, "%s asks for the role %s", step_of(c)->id,
			second_role(c->r, c->q->step));
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "role", c->q->role);
	jsonout_kstr(&d.j, "reason", c->q->reason);
	decide_emit_maybe(&d, "account", c->q->account);
	return decide_emit_event(c, EVENT_DECLINE, c->q->step, &d, e);
}

/* ---- what no longer holds ---------------------------------------------------------------- */

static bool
void_of(struct decide_ctx *c, int step, const struct run_signature *g, const char *why,
	struct err *e)
{
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kint(&d.j, "of", g->seq);
	jsonout_kstr(&d.j, "reason", why);
	return decide_emit_event(c, EVENT_SIGNOFF_VOID, step, &d, e);
}

static bool
void_all(struct decide_ctx *c, int64_t of, const char *why, struct err *e)
{
	for (size_t i = 0; i < c->r->steps.list.len; i++) {
		const struct run_step *rs = &c->r->steps.list.at[i];

		for (size_t k = 0; k < rs->signatures.list.len; k++) {
			const struct run_signature *g = &rs->signatures.list.at[k];

			if (g->voided < 0 && g->covers >= of &&
				!void_of(c, (int)i, g, why, e))
				return false;
		}
	}
	return true;
}

bool
decide_sign_void(struct decide_ctx *c, size_t from, struct err *e)
{
	size_t to = c->out->list.len;
	int64_t oldest = -1;
	struct str why = STR_INIT, first = STR_INIT;
	bool ok = true;

	if (c->r->signed_seq < 0)
		return true;
	for (size_t i = from; i < to; i++) {
		const struct event *ev = c->out->list.at[i];
		struct json *doc = json_parse(ev->data, strlen(ev->data), e);
		int64_t of = doc ? voided_by(c->r, ev, json_root(doc), &why) : -1;

		if (of >= 0 && (oldest < 0 || of < oldest)) {
			oldest = of;
			str_reset(&first);
			str_add(&first, why.buf, why.len);
		}
		str_reset(&why);
		json_free(doc);
	}
	if (oldest >= 0)
		ok = void_all(c, oldest, first.buf, e);
	str_release(&why);
	str_release(&first);
	return ok;
}
