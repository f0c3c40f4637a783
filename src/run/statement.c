#include "run/statement.h"

#include <string.h>

#include "base/bug.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "run/revised.h"
#include "run/second.h"

static const char *const decisions[] = {
	[DECISION_APPROVE] = "approve",
	[DECISION_REJECT] = "reject",
	[DECISION_WAIVE] = "waive",
};

static void
add_quoted(struct str *out, const char *key, const char *text)
{
	str_adds(out, key);
	jsonout_add_string(out, text, strlen(text));
	str_addc(out, '\n');
}

static void
add_exceptions(const struct run *r, struct str *out)
{
	str_addf(out, "exceptions: %zu\n", r->exceptions.list.len);
	for (size_t i = 0; i < r->exceptions.list.len; i++) {
		str_addf(
			out, "exception: %lld ", (long long)r->exceptions.list.at[i].seq);
		add_quoted(out, "", r->exceptions.list.at[i].text);
	}
}

bool
statement_write(const struct run *r, int step, const struct statement_by *by,
	struct str *out, struct err *e)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	char stamp[STAMP_BYTES], digest[DIGEST_HEX + 1];
	char *says;

	BUG_ON(!second_role(r, step) || r->seq < 0);
	/* One value a line: a line end in a name would forge the next one. */
	if (strpbrk(by->signer, "\r\n") || strpbrk(by->key, "\r\n"))
		return err_set(e, ERR_INPUT, "a signer or key of several lines");
	says = s->kind == STEP_SIGNOFF ? run_expand(r, s, s->says ? s->says : "", NULL, e)
				       : second_says(r, step, e);
	if (!says)
		return false;
	str_addf(out, "handrail sign-off v1\nrun: %s\n", r->id);
	if (r->mode != RUN_LIVE)
		str_addf(out, "mode: %s\n", run_mode_name(r->mode));
	str_addf(out, "runbook: %s sha256:%s\n", r->name ? r->name : r->runbook->name,
		r->sha256 ? r->sha256 : r->runbook->sources.list.at[0].sha256);
	step_digest(r->runbook, s, digest);
	str_addf(out, "step: %s sha256:%s\n", s->id, digest);
	str_addf(out, "decision: %s\nrole: %s\n", decisions[by->decision],
		second_role(r, step));
	add_quoted(out, "says: ", says);
	revised_line(&r->steps.list.at[step], out);
	add_exceptions(r, out);
	str_addf(out, "evidence: 0..%lld\nseq: %lld\nhead: %s\n", (long long)r->seq,
		(long long)r->seq, r->head);
	str_addf(out, "signer: %s\nkey: %s\ntime: %s\n", by->signer, by->key,
		stamp_wall_sec(by->time, stamp));
	add_quoted(out, "comment: ", by->comment ? by->comment : "");
	mem_free(says);
	return true;
}

void
statement_exceptions(const struct run *r, struct exceptions *out)
{
	*out = (struct exceptions){0};
	for (size_t i = 0; i < r->exceptions.list.len; i++) {
		struct exception *x = vec_add(&out->list);

		x->seq = r->exceptions.list.at[i].seq;
		x->text = mem_strdup(r->exceptions.list.at[i].text);
	}
}

void
statement_exceptions_release(struct exceptions *x)
{
	for (size_t i = 0; i < x->list.len; i++)
		mem_free(x->list.at[i].text);
	vec_free(&x->list);
}
