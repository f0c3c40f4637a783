#ifndef APP_SHOWMD_H
#define APP_SHOWMD_H

/*
 * A runbook as a Markdown task list that can be pasted into an issue: `handrail show
 * --format md`. Every step is one `- [ ]` item, sections are headings, commands stand in
 * fences. No text of the runbook can leave its item or become markup: prose is escaped,
 * fences are longer than any run of backticks inside. Pure; reads nothing.
 */

#include "base/str.h"
#include "model/runbook.h"

void showmd_write(const struct runbook *rb, struct str *out);

#endif
