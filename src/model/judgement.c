#include "model/judgement.h"

void
judgement_release(struct judgement *j)
{
	for (size_t i = 0; i < j->rows.len; i++) {
		mem_free(j->rows.at[i].field);
		mem_free(j->rows.at[i].want);
		mem_free(j->rows.at[i].got);
	}
	vec_free(&j->rows);
	j->verdict = VERDICT_UNKNOWN;
}

static void
add_row(const struct judged *row, struct str *out)
{
	bool compares = row->want[0] == '<' || row->want[0] == '>' || row->want[0] == '!';

	str_addf(out, "%s %s", row->field, row->got);
	switch (row->verdict) {
	case VERDICT_OK:
		if (compares)
			str_addf(out, " %s", row->want);
		else if (!str_eq(row->want, row->got))
			str_addf(out, " (%s)", row->want);
		break;
	case VERDICT_WARN:
	case VERDICT_FAIL:
		str_addf(out, ", want %s", row->want);
		break;
	case VERDICT_UNKNOWN:
		str_addf(out, ", want %s: unknown", row->want);
		break;
	}
}

void
judgement_line(const struct judgement *j, struct str *out)
{
	if (j->rows.len == 0)
		str_adds(out, "nothing expected");
	for (size_t i = 0; i < j->rows.len; i++) {
		const struct judged *row = &j->rows.at[i];

		if (i > 0) {
			/* A row that says "want" has commas of its own. */
			bool plain = j->rows.at[i - 1].verdict == VERDICT_OK &&
				row->verdict == VERDICT_OK;
			str_adds(out, plain ? ", " : "; ");
		}
		add_row(row, out);
	}
}
