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

/* Where its risk wants words, they are the step's own. */
static void
put_added(const struct run *r, int step, const struct load_opts *o, struct str *text,
	struct str *notes)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	enum risk risk = run_leg_risk(r, step, WAY_FORWARD);
	bool acts = s->kind == STEP_RUN, words = acts && risk > RISK_MODERATE;
	char *confirm = words ? mem_printf("%s on ${host}", s->title) : NULL;
	struct redpatch_step as = {.after = s->added_after,
		.title = s->title,
		.text = acts ? run_leg_text(r, step, LEG_ALL, WAY_FORWARD) : NULL,
		.host = s->host == NONE ? NULL : r->runbook->hosts.list.at[s->host].name,
		.undo = s->undo.text,
		.irreversible = s->irreversible,
		.risk = words ? risk_name(risk) : NULL,
		.confirm = confirm};
	struct str yaml = STR_INIT;

	if (!redpatch_insert(text, r->runbook->path, o, &as)) {
		redpatch_step_text(&as, 2, &yaml);
		str_addf(notes, "# behind step %s, by hand:\n",
			s->added_after ? s->added_after : "the last");
		for (const char *line = yaml.buf; *line;
			line += strcspn(line, "\n"), line += *line == '\n')
			str_addf(notes, "# %.*s\n", (int)strcspn(line, "\n"), line);
	}
	str_release(&yaml);
	mem_free(confirm);
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

		if (rs->step->added && !rs->skipped)
			put_added(r, (int)i, &o, &text, &notes);
		if (!rs->redline || rs->step->added)
			continue;
		if (rs->step->scope != 0 ||
			!redpatch_apply(&text, r->runbook->path, &o,
				&(struct redpatch_edit){.step = rs->step->id,
					.kind = rs->step->kind,
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

/* Edited by hand meanwhile, it was seen; a step counts as there by what it does. */
static bool
is_open(const struct runbook *rb, const struct former_redline *f)
{
	int step = runbook_find_step(rb, f->step);

	if (f->old)
		return step != NONE && str_eq(rb->steps.list.at[step].text, f->old) &&
			!str_eq(f->old, f->new);
	for (size_t i = 0; i < rb->steps.list.len; i++)
		if (!rb->steps.list.at[i].added &&
			str_eq(rb->steps.list.at[i].text, f->new))
			return false;
	return true;
}

static void
count_words(struct str *out, size_t n, const char *what, const char *done)
{
	if (n)
		str_addf(out, "%s%zu %s%s %s %s", out->len ? " and " : "", n, what,
			n == 1 ? "" : "s", n == 1 ? "was" : "were", done);
}

char *
redlining_open(const char *runs_dir, const struct run *r)
{
	struct former_redlines f;
	struct str words = STR_INIT;
	size_t edited = 0, added = 0;

	former_redlines(runs_dir, r, &f);
	for (size_t i = 0; i < f.list.len; i++)
		if (is_open(r->runbook, &f.list.at[i]))
			*(f.list.at[i].old ? &edited : &added) += 1;
	count_words(&words, edited, "command", "edited");
	count_words(&words, added, "step", "added");
	if (words.len) {
		char *patch = file_join(f.dir, REDLINING_PATCH);
		bool there = file_exists(patch); /* only a run that was closed has one */

		str_addf(&words, " for run %s and %s not in the file yet: see %s%s",
			f.run + ULID_LEN - 4, edited + added == 1 ? "is" : "are",
			there ? patch : "handrail report ", there ? "" : f.run);
		mem_free(patch);
	}
	former_redlines_release(&f);
	if (words.len)
		return str_take(&words);
	str_release(&words);
	return NULL;
}
