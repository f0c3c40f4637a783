#include "run/authority.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "run/fold.h"

static const struct {
	enum event_type type;
	const char *act, *words;
} acts[] = {
	{EVENT_RUN_OPEN, "open", "opened the run"},
	{EVENT_DRIVER_TAKE, "take", "took the run over"},
	{EVENT_BREAKGLASS, "breakglass", "broke the glass"},
};
enum { ACTS = sizeof acts / sizeof *acts };

const char *
authority_act(enum event_type type)
{
	for (size_t i = 0; i < ACTS; i++)
		if (acts[i].type == type)
			return acts[i].act;
	return NULL;
}

const char *
authority_words(const char *act)
{
	for (size_t i = 0; i < ACTS; i++)
		if (str_eq(acts[i].act, act))
			return acts[i].words;
	return NULL;
}

bool
authority_statement(const struct run *r, int64_t of, const char *act,
	const struct statement_by *by, struct str *out, struct err *e)
{
	char stamp[STAMP_BYTES];

	if (strpbrk(by->signer, "\r\n") || strpbrk(by->key, "\r\n"))
		return err_set(e, ERR_INPUT, "a signer or key of several lines");
	str_addf(out, "handrail authority v1\nrun: %s\n", r->id);
	if (r->mode != RUN_LIVE)
		str_addf(out, "mode: %s\n", run_mode_name(r->mode));
	str_addf(out, "runbook: %s sha256:%s\n", r->name ? r->name : r->runbook->name,
		r->sha256 ? r->sha256 : r->runbook->sources.list.at[0].sha256);
	str_addf(out, "act: %s\nrecord: %lld\nseq: %lld\nhead: %s\n", act, (long long)of,
		(long long)r->seq, r->head);
	str_addf(out, "signer: %s\nkey: %s\ntime: %s\n", by->signer, by->key,
		stamp_wall_sec(by->time, stamp));
	return true;
}

void
authority_fold_act(struct fold *f)
{
	const char *act = authority_act(f->ev->type);

	if (!act || !f->r->authority ||
		(f->ev->type == EVENT_RUN_OPEN && json_bool(f->d, "unlisted", false)))
		return;
	fold_exception(
		f, "%s %s and has not signed that", f->ev->who, authority_words(act));
	f->r->exceptions.list.at[f->r->exceptions.list.len - 1].unsigned_act = true;
}

void
authority_fold(struct fold *f)
{
	const char *why = json_str(f->d, "why", NULL);
	int64_t of = json_int(f->d, "of", -1);
	struct run *r = f->r;

	for (size_t i = 0; i < r->exceptions.list.len; i++) {
		struct run_exception *x = &r->exceptions.list.at[i];

		if (x->seq != of || !x->unsigned_act)
			continue;
		if (json_str(f->d, "sig", NULL)) {
			mem_free(x->text);
			vec_remove(&r->exceptions.list, i);
			return;
		}
		if (why && !strchr(x->text, ':')) {
			char *text = mem_printf("%s: %s", x->text, why);

			mem_free(x->text);
			x->text = text;
		}
		return;
	}
}
