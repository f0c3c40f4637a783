#include "app/redlining.h"

#include <string.h>

#include "app/former.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/redpatch.h"
#include "run/redline.h"

enum { FILE_MAX_BYTES = 16 << 20 };

static const struct source *
source_of(const struct run *r)
{
	return &r->runbook->sources.list.at[0];
}

/* What cannot be put in its place is told, to be done by hand. */
static void
by_hand(const struct run_step *rs, struct str *out)
{
	struct str diff = STR_INIT;

	redline_diff(rs->step->text, rs->redline, &diff);
	str_addf(out, "# step %s, by hand:\n", rs->step->id);
	for (const char *line = diff.buf; line && *line;
		line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		str_addf(out, "# %.*s\n", (int)strcspn(line, "\n"), line);
	str_release(&diff);
}

bool
redlining_close(
	const struct run *r, const struct project *p, const char *dir, struct err *e)
{
	const struct load_opts o = {.project = p, .environment = r->environment};
	struct str text = STR_INIT, notes = STR_INIT, out = STR_INIT;
	char *path = file_join(dir, REDLINING_PATCH);
	bool ok;

	str_add(&text, source_of(r)->text, source_of(r)->len);
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (!rs->redline)
			continue;
		if (rs->step->scope != 0 ||
			!redpatch_apply(&text, r->runbook->path, &o,
				&(struct redpatch_edit){.step = rs->step->id,
					.line = rs->step->line,
					.old = rs->step->text,
					.new = rs->redline}))
			by_hand(rs, &notes);
	}
	str_add(&out, notes.buf, notes.len);
	redpatch_diff(file_base(r->runbook->path), source_of(r)->text, text.buf, &out);
	ok = out.len && file_replace(path, out.buf, out.len, 0600, e);
	str_release(&out);
	str_release(&notes);
	str_release(&text);
	mem_free(path);
	return ok;
}

char *
redlining_open(const char *runs_dir, const struct run *r)
{
	struct former_redlines f;
	char *words = NULL;
	size_t open = 0;

	former_redlines(runs_dir, r, &f);
	for (size_t i = 0; i < f.list.len; i++) {
		int step = runbook_find_step(r->runbook, f.list.at[i].step);

		/* edited by hand meanwhile, it was seen */
		open += step != NONE &&
			str_eq(r->runbook->steps.list.at[step].text, f.list.at[i].old) &&
			!str_eq(f.list.at[i].old, f.list.at[i].new);
	}
	if (open) {
		char *patch = file_join(f.dir, REDLINING_PATCH);
		bool there = file_exists(patch); /* only a run that was closed has one */

		words = mem_printf(
			"%zu command%s edited for run %s and %s not in the file "
			"yet: see %s%s",
			open, open == 1 ? " was" : "s were", f.run + ULID_LEN - 4,
			open == 1 ? "is" : "are", there ? patch : "handrail report ",
			there ? "" : f.run);
		mem_free(patch);
	}
	former_redlines_release(&f);
	return words;
}
