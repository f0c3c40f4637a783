#include "run/notice.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "model/subst.h"
#include "run/gate.h"
#include "run/progress.h"

enum notice_seen_as { AS_NOTHING, AS_FAILED, AS_UNKNOWN, AS_TO_SIGN };

const char *
notice_word(enum notice_kind k)
{
	static const char *const words[] = {
#define X(id, word) word,
		NOTICES(X)
#undef X
	};
	return words[k];
}

static void
add(struct notices *out, enum notice_kind kind, int step, struct str *text)
{
	struct notice *n = vec_add(&out->list);

	n->kind = kind;
	n->step = step;
	n->text = str_take(text);
}

static void
name_step(const struct run *r, int step, struct str *out)
{
	const struct step *s = &r->runbook->steps.list.at[step];

	str_addf(out, "step %s \"%s\"", s->number ? s->number : s->id, s->title);
}

struct naming {
	const struct run *r;
	int scope;
};

static const char *
value_of(const void *ctx, const char *name)
{
	const struct naming *n = ctx;

	return run_value(n->r, n->scope, name);
}

/* As it is written where a value is missing, and where it is a secret. */
static void
add_text(const struct run *r, const struct step *s, struct str *out)
{
	struct naming n = {r, s->scope};
	struct err e = ERR_INIT;
	struct str text = STR_INIT;

	str_adds(out,
		subst_expand(s->text, SUBST_TEXT, value_of, &n, &text, &e) ? text.buf
									   : s->text);
	str_release(&text);
}

/* ---- facts ------------------------------------------------------------------------------ */

void
notice_of_event(const struct run *r, const struct event *ev, struct notices *out)
{
	int step = ev->step ? run_find_step(r, ev->step) : NONE;
	struct err e = ERR_INIT;
	struct json *j = json_parse(ev->data, strlen(ev->data), &e);
	const struct json_node *d = j ? json_root(j) : NULL;
	struct str text = STR_INIT;

	switch (ev->type) {
	case EVENT_RUN_OPEN:
		str_addf(&text, "%s began it", ev->who);
		add(out, NOTICE_START, NONE, &text);
		break;
	case EVENT_SIGNOFF:
	case EVENT_DECLINE:
		str_addf(&text, "%s %s as %s: ", ev->who,
			ev->type == EVENT_SIGNOFF ? "signed" : "declined to sign",
			json_str(d, "role", "?"));
		if (step != NONE)
			name_step(r, step, &text);
		if (json_str(d, "reason", NULL))
			str_addf(&text, ": %s", json_str(d, "reason", ""));
		add(out, NOTICE_SIGNED, step, &text);
		break;
	case EVENT_SIGNOFF_VOID:
		str_adds(&text, "a signature is void: ");
		if (step != NONE)
			name_step(r, step, &text);
		str_addf(&text, ": %s", json_str(d, "reason", "?"));
		add(out, NOTICE_SIGNED, step, &text);
		break;
	case EVENT_RUN_CLOSE:
		str_addf(&text, "closed: %s", json_str(d, "result", "?"));
		add(out, NOTICE_CLOSED, NONE, &text);
		break;
	case EVENT_STEP_DONE:
		if (step == NONE || r->runbook->steps.list.at[step].kind != STEP_NOTIFY)
			break;
		add_text(r, &r->runbook->steps.list.at[step], &text);
		add(out, NOTICE_TELL, step, &text);
		break;
	default: /* nothing that is told */
		break;
	}
	json_free(j);
	str_release(&text);
}

/* ---- states ------------------------------------------------------------------------------ */

static enum notice_seen_as
is_now(const struct run *r, int step)
{
	struct err e = ERR_INIT;

	if (r->closed)
		return AS_NOTHING;
	switch (run_step_state(r, step)) {
	case STEP_IS_FAILED:
		return AS_FAILED;
	case STEP_IS_UNKNOWN:
		return AS_UNKNOWN;
	default:
		break;
	}
	return r->runbook->steps.list.at[step].kind == STEP_SIGNOFF &&
			gate_allows(r, ACT_SIGN, step, &e)
		? AS_TO_SIGN
		: AS_NOTHING;
}

/* Where, and why as far as it is known: "on db: exit 1". */
static void
add_places(const struct run_step *rs, enum leg_state state, struct str *out)
{
	const char *between = " on ";

	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg *l = &rs->legs.list.at[i];
		const struct leg_run *w = &l->way[WAY_FORWARD];

		if (w->state != state || !l->host)
			continue;
		str_addf(out, "%s%s", between, l->host);
		if (w->why && *w->why)
			str_addf(out, ": %s", w->why);
		for (size_t k = 0; k < w->rows.list.len; k++)
			if (w->rows.list.at[k].verdict != VERDICT_OK)
				str_addf(out, ": %s is %s, wanted %s",
					w->rows.list.at[k].field, w->rows.list.at[k].got,
					w->rows.list.at[k].want);
		between = ", ";
	}
}

static void
tell_state(const struct run *r, int step, enum notice_seen_as as, struct notices *out)
{
	const struct run_step *rs = &r->steps.list.at[step];
	struct str text = STR_INIT;

	if (as == AS_UNKNOWN)
		str_adds(&text, "nobody knows what became of ");
	name_step(r, step, &text);
	if (as == AS_FAILED)
		str_adds(&text, " failed");
	if (as == AS_TO_SIGN)
		str_addf(&text, " waits for the signature of %s", rs->step->role);
	else
		add_places(rs, as == AS_FAILED ? LEG_FAILED : LEG_UNKNOWN, &text);
	add(out, as == AS_FAILED ? NOTICE_FAILED : NOTICE_NEEDS, step, &text);
	str_release(&text);
}

void
notice_of_states(const struct run *r, struct notice_seen *seen, struct notices *out)
{
	if (!seen->at)
		seen->at = mem_alloc(r->steps.list.len + RUNBOOK_ADDED_MAX + 1);
	seen->len = r->steps.list.len;
	for (size_t i = 0; i < seen->len; i++) {
		enum notice_seen_as now = progress_is_heading(r->steps.list.at[i].step)
			? AS_NOTHING
			: is_now(r, (int)i);

		if (out && now != AS_NOTHING && now != seen->at[i])
			tell_state(r, (int)i, now, out);
		seen->at[i] = (unsigned char)now;
	}
}

void
notice_seen_release(struct notice_seen *s)
{
	mem_free(s->at);
	*s = (struct notice_seen){0};
}

void
notices_release(struct notices *n)
{
	for (size_t i = 0; i < n->list.len; i++)
		mem_free(n->list.at[i].text);
	vec_free(&n->list);
}
