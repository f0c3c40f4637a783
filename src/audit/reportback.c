#include "audit/reportback.h"

#include "base/mem.h"
#include "base/stamp.h"
#include "run/back.h"

enum { RUN_DIGITS = 6 };

static bool
worth_saying(const struct run *r, const struct undo_plan *plan)
{
	return r->back.seq > 0 || (!r->closed && (plan->rows.len || back_has_steps(r)));
}

static const char *
state_word(const struct run *r)
{
	if (r->back.result)
		return r->back.result;
	return r->back.state == BACK_ON ? "begun" : "not begun";
}

static void
words_line(const struct run *r, const struct undo_plan *plan, struct str *out)
{
	enum back_how how = undo_count(plan).undo ? BACK_UNDO : BACK_STEPS;
	char *phrase;

	if (r->closed || r->back.state == BACK_OVER ||
		(how == BACK_STEPS && !back_has_steps(r)))
		return;
	phrase = back_phrase(r, how);
	str_addf(out, "%s with: handrail resume --rollback \"%s\" %s\n",
		r->back.state == BACK_ON ? "Goes on" : "Begins", phrase,
		r->id + ULID_LEN - RUN_DIGITS);
	mem_free(phrase);
}

void
reportback_text(const struct run *r, const char *indent, struct str *out)
{
	struct undo_plan plan;
	char stamp[STAMP_BYTES];

	undo_plan(r, &plan);
	if (worth_saying(r, &plan)) {
		str_addf(out, "Way back: %s", state_word(r));
		if (r->back.seq > 0)
			str_addf(out, ", %s by %s%s%s",
				stamp_wall_sec(r->back.begun, stamp),
				r->back.who ? r->back.who : "?", r->back.why ? ": " : "",
				r->back.why ? r->back.why : "");
		str_addc(out, '\n');
		for (size_t i = 0; i < plan.rows.len; i++) {
			const struct undo_row *u = &plan.rows.at[i];

			str_addf(out, "%s%s on %s: %s: %s\n", indent,
				r->runbook->steps.list.at[u->step].number, u->on,
				undo_kind_name(u->kind),
				u->text ? u->text : undo_kind_means(u->kind));
		}
		words_line(r, &plan, out);
	}
	undo_plan_release(&plan);
}

static void
json_row(const struct run *r, const struct undo_row *u, struct jsonout *j)
{
	const struct leg *l = &r->steps.list.at[u->step].legs.list.at[u->leg];

	jsonout_open(j);
	jsonout_kstr(j, "id", r->steps.list.at[u->step].step->id);
	jsonout_kstr(j, "host", u->host);
	jsonout_kstr(j, "each", l->each);
	jsonout_kstr(j, "on", u->on);
	jsonout_kstr(j, "kind", undo_kind_name(u->kind));
	jsonout_kstr(j, "text", u->text);
	jsonout_kstr(j, "risk", risk_name(u->risk));
	jsonout_kbool(j, "after_failure", u->broken);
	jsonout_close(j);
}

void
reportback_json(const struct run *r, struct jsonout *j)
{
	struct undo_plan plan;
	char stamp[STAMP_BYTES];
	char *phrase = back_phrase(r, BACK_UNDO);

	undo_plan(r, &plan);
	jsonout_key(j, "way_back");
	jsonout_open(j);
	jsonout_kstr(j, "state", state_word(r));
	jsonout_kstr(
		j, "begun", r->back.seq > 0 ? stamp_wall(r->back.begun, stamp) : NULL);
	jsonout_kstr(j, "who", r->back.who);
	jsonout_kstr(j, "why", r->back.why);
	jsonout_kstr(j, "words", r->closed ? NULL : phrase);
	jsonout_key(j, "items");
	jsonout_open_array(j);
	for (size_t i = 0; i < plan.rows.len; i++)
		json_row(r, &plan.rows.at[i], j);
	jsonout_close_array(j);
	jsonout_close(j);
	undo_plan_release(&plan);
	mem_free(phrase);
}
