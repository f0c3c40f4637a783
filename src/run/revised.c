#include "run/revised.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "run/before.h"
#include "run/fold.h"

enum { COMMIT_SHOWN = 12 };

int
revised_probe(const struct step *s)
{
	return s->kind == STEP_SIGNOFF && s->changed.list.len ? s->changed.list.at[0]
							      : NONE;
}

bool
revised_has(const struct runbook *rb)
{
	for (size_t i = 0; i < rb->steps.list.len; i++)
		if (revised_probe(&rb->steps.list.at[i]) != NONE)
			return true;
	return false;
}

enum revised
revised_state(const struct run_step *rs)
{
	if (revised_probe(rs->step) == NONE)
		return REVISED_NEVER;
	if (!rs->revised.known)
		return REVISED_UNKNOWN;
	return rs->revised.some ? REVISED_CHANGED : REVISED_UNCHANGED;
}

char *
revised_asked(const struct run *r, int step, struct err *e)
{
	const struct probe *p = &r->runbook->probes.list.at[revised_probe(
		&r->runbook->steps.list.at[step])];
	struct step at = {.scope = p->scope, .id = (char *)""};
	const char *paths = pairs_get(&p->args, "paths"),
		   *lines = pairs_get(&p->args, "lines");
	char *text = mem_printf("%s..%s in %s%s%s%s%s", pairs_get(&p->args, "from"),
		pairs_get(&p->args, "to"), p->subject, p->host == NONE ? "" : " on ",
		p->host == NONE ? "" : r->runbook->hosts.list.at[p->host].name,
		paths ? ": " : "", paths ? paths : "");
	char *out = run_expand(r, &at, text, NULL, e), *whole;

	mem_free(text);
	if (!out || !lines) /* which no name is put into */
		return out;
	whole = mem_printf("%s with %s", out, lines);
	mem_free(out);
	return whole;
}

bool
revised_stale(const struct run *r, int step, struct wall now)
{
	const struct run_step *rs = &r->steps.list.at[step];
	int probe = revised_probe(rs->step);
	const struct reading *g = probe == NONE ? NULL : before_reading(rs, probe);

	return g && r->back.state == BACK_NEVER && !revised_passed_over(rs) &&
		before_older(g, now, REVISED_FRESH_MS);
}

bool
revised_any_stale(const struct run *r, struct wall now)
{
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (revised_stale(r, (int)i, now))
			return true;
	return false;
}

bool
revised_passed_over(const struct run_step *rs)
{
	return rs->state == STEP_IS_NOT_NEEDED && rs->own != STEP_IS_NOT_NEEDED;
}

bool
revised_told(const struct run_step *rs)
{
	return (rs->revised.known || rs->revised.why) && !revised_passed_over(rs);
}

bool
revised_allows(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (revised_state(rs) != REVISED_UNKNOWN)
		return true;
	if (rs->revised.why)
		return err_set(
			e, ERR_STATE, "what changed is not known: %s", rs->revised.why);
	return err_set(e, ERR_STATE,
		"what changed is not known yet: %s looks before anybody signs %s",
		r->runbook->probes.list.at[revised_probe(rs->step)].name, rs->step->id);
}

void
revised_line(const struct run_step *rs, struct str *out)
{
	if (revised_state(rs) == REVISED_CHANGED)
		str_addf(out, "changed: %lld %s..%s sha256:%s\n",
			(long long)rs->revised.seq, rs->revised.from, rs->revised.to,
			rs->revised.sha256);
}

void
revised_words(const struct run_step *rs, struct str *out)
{
	const struct run_revised *v = &rs->revised;

	if (revised_probe(rs->step) == NONE || !v->known)
		return;
	if (v->some)
		str_addf(out, "%lld file%s: ", (long long)v->count,
			v->count == 1 ? "" : "s");
	else
		str_adds(out, "nothing that this role answers for");
	for (const char *at = v->some ? v->names : NULL; at && *at; at++) {
		if (*at == '\n')
			str_adds(out, ", ");
		else
			str_addc(out, *at);
	}
	str_addf(out, " (%.*s..%.*s, record %lld)", COMMIT_SHOWN, v->from, COMMIT_SHOWN,
		v->to, (long long)v->seq);
}

void
revised_left_out(const struct run *r, struct jsonout *j)
{
	bool any = false;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (revised_probe(rs->step) == NONE || !revised_passed_over(rs))
			continue;
		if (!any) {
			jsonout_key(j, "unsigned");
			jsonout_open_array(j);
		}
		any = true;
		jsonout_str(j, rs->step->id);
	}
	if (any)
		jsonout_close_array(j);
}

/* ---- the fold ---------------------------------------------------------------------------- */

static bool
is_hex(const char *s, size_t one, size_t other)
{
	size_t len = strlen(s);

	return (len == one || len == other) && strspn(s, "0123456789abcdef") == len;
}

/* A change that is told in full. */
static const struct json_node *
told(const struct json_node *d)
{
	const struct json_node *c = json_get(d, "change");

	return is_hex(json_str(c, "from", ""), 40, 64) &&
			is_hex(json_str(c, "to", ""), 40, 64) &&
			is_hex(json_str(c, "sha256", ""), DIGEST_HEX, DIGEST_HEX) &&
			json_int(c, "count", -1) >= 0
		? c
		: NULL;
}

static void
forget(struct run_revised *v, const char *why)
{
	v->known = v->some = false;
	fold_set(&v->why, why);
}

void
revised_fold(struct fold *f)
{
	struct run_revised *v = &f->rs->revised;
	const struct json_node *c = told(f->d);
	bool other = !v->known || revised_differs(f->rs, f->d);

	v->seq = f->ev->seq;
	if (!c) {
		forget(v, json_str(f->d, "message", "git did not tell"));
		return;
	}
	v->known = true;
	v->count = json_int(c, "count", 0);
	v->some = v->count > 0;
	fold_set(&v->why, NULL);
	fold_set(&v->from, json_str(c, "from", ""));
	fold_set(&v->to, json_str(c, "to", ""));
	fold_set(&v->names, json_str(c, "names", NULL));
	fold_set(&v->asked, json_str(c, "asked", NULL));
	snprintf(v->sha256, sizeof v->sha256, "%s", json_str(c, "sha256", ""));
	if (!v->some && other && strcmp(v->from, v->to) == 0)
		fold_exception(f, "%s: both revisions are %.*s: nothing to review",
			f->rs->step->id, COMMIT_SHOWN, v->from);
}

void
revised_forget(struct run *r)
{
	for (size_t i = 0; r->revises && i < r->steps.list.len; i++) {
		struct run_step *rs = &r->steps.list.at[i];
		struct err no = ERR_INIT;
		char *now;

		if (revised_state(rs) <= REVISED_UNKNOWN)
			continue;
		now = revised_asked(r, (int)i, &no);
		if (!str_eq(now, rs->revised.asked))
			forget(&rs->revised, NULL);
		mem_free(now);
	}
}

bool
revised_differs(const struct run_step *rs, const struct json_node *d)
{
	const struct json_node *c = told(d);
	const struct run_revised *v = &rs->revised;

	return c && v->from &&
		(json_int(c, "count", -1) != v->count ||
			!str_eq(json_str(c, "from", ""), v->from) ||
			!str_eq(json_str(c, "to", ""), v->to) ||
			!str_eq(json_str(c, "asked", ""), v->asked ? v->asked : "") ||
			!str_eq(json_str(c, "names", ""), v->names ? v->names : "") ||
			!str_eq(json_str(c, "sha256", ""), v->sha256));
}

void
revised_release(struct run_step *rs)
{
	struct run_revised *v = &rs->revised;
	char *const owned[] = {v->from, v->to, v->names, v->asked, v->why};

	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
		mem_free(owned[i]);
}
