#ifndef AUDIT_REPORT_H
#define AUDIT_REPORT_H

/* One account of a run from its fold: as text, Markdown, JSON, or one page of HTML. */

#include "base/str.h"
#include "run/run.h"

enum report_format { REPORT_TEXT, REPORT_MD, REPORT_JSON, REPORT_HTML };

struct report_check { /* what verification said, printed with it */
	bool checked, ok;
	const char *head;
	const char *what;
};

void report_write(const struct run *r, enum report_format f, const struct report_check *c,
	struct str *out);

#endif
