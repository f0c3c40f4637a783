#include "run/correct.h"

#include <stdlib.h>

#include "base/text.h"

enum { SAID_CELLS = 80 };

static void
add_said(struct str *out, const char *what, const char *who, const char *text)
{
	str_addf(out, "%s of %s: %.*s", what, who ? who : "?",
		(int)text_fit(text, SAID_CELLS), text);
}

static bool
is_mark(const struct run_step *rs)
{
	return (rs->ticked || rs->skipped) && rs->marked_seq >= 0;
}

static const char *
said_with(const struct run_step *rs)
{
	return rs->evidence  ? rs->evidence
		: rs->reason ? rs->reason
		: rs->note   ? rs->note
			     : run_step_state_name(rs->state);
}

bool
correct_words(const struct run *r, int64_t seq, struct str *out)
{
	for (size_t i = 0; i < r->notes.list.len; i++) {
		const struct noted *n = &r->notes.list.at[i];

		if (n->seq != seq)
			continue;
		str_addf(out, "#%lld ", (long long)seq);
		add_said(out, "note", n->who, n->text);
		return true;
	}
	for (size_t i = 0; i < r->attached.list.len; i++) {
		const struct attached *a = &r->attached.list.at[i];

		if (a->seq != seq)
			continue;
		str_addf(out, "#%lld ", (long long)seq);
		add_said(out, "evidence", a->who, a->name);
		return true;
	}
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (!is_mark(rs) || rs->marked_seq != seq)
			continue;
		str_addf(out, "#%lld step %s, ", (long long)seq, rs->step->number);
		add_said(out, "mark", rs->who, said_with(rs));
		return true;
	}
	return false;
}

static int
newest_first(const void *a, const void *b)
{
	const struct correct_row *x = a, *y = b;

	return x->seq < y->seq ? 1 : x->seq > y->seq ? -1 : 0;
}

void
correct_list(const struct run *r, struct correct_rows *out)
{
	for (size_t i = 0; i < r->notes.list.len; i++)
		vec_push(&out->list,
			(struct correct_row){
				r->notes.list.at[i].seq, r->notes.list.at[i].step});
	for (size_t i = 0; i < r->attached.list.len; i++)
		vec_push(&out->list,
			(struct correct_row){
				r->attached.list.at[i].seq, r->attached.list.at[i].step});
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (is_mark(&r->steps.list.at[i]))
			vec_push(&out->list,
				(struct correct_row){
					r->steps.list.at[i].marked_seq, (int)i});
	if (out->list.len)
		qsort(out->list.at, out->list.len, sizeof *out->list.at, newest_first);
}

void
correct_release(struct correct_rows *rows)
{
	vec_free(&rows->list);
}
