#include "view/view_run.h"

#include <string.h>

#include "base/str.h"

/* What a check has found beside what was there when the run began. */

/* "ok" goes without saying: "fail status 503" of "fail status 503, wanted 200, 12 ms": what is measured comes first. */
static void
add_lead(const char *text, struct str *out)
{
	if (str_starts(text, "ok "))
		text += 3;
	str_add(out, text, strcspn(text, ",;"));
}

bool
view_run_change(const struct reading *rd, struct str *out)
{
	struct str after = STR_INIT;
	const char *found = rd->message ? rd->message : rd->value;

	if (!rd->before)
		return false;
	add_lead(rd->before, out);
	if (rd->verdict != VERDICT_OK)
		str_addf(&after, "%s ", verdict_name(rd->verdict));
	add_lead(found ? found : "ok", &after);
	if (strcmp(out->buf, after.buf) == 0)
		str_adds(out, " as before");
	else
		str_addf(out, " -> %s", after.buf);
	str_release(&after);
	return true;
}

void
view_run_changes(const struct run *r, int step, struct page *p)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (rs->step->kind != STEP_CHECK || !run_settled(rs))
		return;
	for (size_t i = 0; i < rs->readings.list.len; i++) {
		const struct reading *rd = &rs->readings.list.at[i];
		struct str text = STR_INIT;

		if (view_run_change(rd, &text)) {
			page_line(p, step);
			page_addf(p, STYLE_DIM, "         %s: ",
				r->runbook->probes.list.at[rd->probe].name);
			page_add(p, STYLE_TEXT, text.buf);
		}
		str_release(&text);
	}
}
