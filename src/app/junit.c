#include "app/junit.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

static void
xml_text(struct str *out, const char *text)
{
	char *clean = text_harmless_dup(text);

	for (const char *p = clean; *p; p++)
		switch (*p) {
		case '<':
			str_adds(out, "&lt;");
			break;
		case '>':
			str_adds(out, "&gt;");
			break;
		case '&':
			str_adds(out, "&amp;");
			break;
		case '"':
			str_adds(out, "&quot;");
			break;
		default:
			str_addc(out, *p);
		}
	mem_free(clean);
}

static void
junit_case(const struct run *r, int i, struct str *out)
{
	const struct run_step *s = &r->steps.list.at[i];
	enum step_state st = run_step_state(r, i);
	int64_t ms = 0;

	for (size_t k = 0; k < s->legs.list.len; k++)
		ms += s->legs.list.at[k].way[WAY_FORWARD].took_ms;
	str_adds(out, "  <testcase classname=\"");
	xml_text(out, r->runbook->name);
	str_adds(out, "\" name=\"");
	xml_text(out, s->step->title);
	str_addf(out, "\" time=\"%lld.%03lld\">", (long long)(ms / 1000),
		(long long)(ms % 1000));
	if (st == STEP_IS_FAILED || st == STEP_IS_UNKNOWN) {
		str_adds(out, "<failure message=\"");
		xml_text(out, s->reason ? s->reason : run_step_state_name(st));
		str_adds(out, "\"/>");
	} else if (st != STEP_IS_DONE) {
		str_adds(out, "<skipped message=\"");
		xml_text(out, s->reason ? s->reason : run_step_state_name(st));
		str_adds(out, "\"/>");
	}
	str_adds(out, "</testcase>\n");
}

bool
junit_write(const struct run *r, const char *path, struct err *e)
{
	struct run_counts n = run_count(r);
	struct str out = STR_INIT;
	bool ok;

	str_addf(&out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuite name=\"");
	xml_text(&out, r->runbook->title);
	str_addf(&out, "\" tests=\"%d\" failures=\"%d\" skipped=\"%d\">\n", n.total,
		n.failed + n.unknown, n.total - n.done - n.failed - n.unknown);
	for (size_t i = 0; i < r->steps.list.len; i++) {
		enum step_kind k = r->steps.list.at[i].step->kind;
		if (k != STEP_SECTION && k != STEP_CALL)
			junit_case(r, (int)i, &out);
	}
	str_adds(&out, "</testsuite>\n");
	ok = file_replace(path, out.buf, out.len, 0644, e);
	str_release(&out);
	return ok;
}
