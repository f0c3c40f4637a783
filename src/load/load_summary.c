#include "base/file.h"
#include "base/stamp.h"
#include "load/keyed.h"
#include "load/load.h"
#include "model/parts.h"
#include "model/review.h"

/* ---- a runbook for a list ------------------------------------------------------------------ */

/* Risk of a step that acts; RISK_NONE of the others. */
static enum risk
step_risk(const struct ynode *step)
{
	static const char *const acting[] = {"run", "sql", "http", "copy"};
	const struct ynode *risk = ynode_get(step, "risk");

	for (size_t i = 0; i < sizeof acting / sizeof acting[0]; i++)
		if (ynode_get(step, acting[i]))
			return (enum risk)keyed_word(
				risk, KEYS_IN_STEP, KEY_STEP_RISK, RISK_MODERATE);
	return RISK_NONE;
}

static void
count_steps(const struct ynode *list, struct load_summary *s)
{
	if (!list || list->kind != YNODE_LIST)
		return;
	for (const struct ynode *i = list->first; i; i = i->next) {
		enum risk risk = step_risk(i);

		if (!ynode_get(i, "section"))
			s->steps++;
		if (risk > s->risk)
			s->risk = risk;
	}
}

static struct wall
due_of(const struct ynode *reviewed)
{
	const struct ynode *last = reviewed ? ynode_get(reviewed, "last") : NULL,
			   *every = reviewed ? ynode_get(reviewed, "every") : NULL;
	int64_t ms = 0;

	if (!last || last->kind != YNODE_SCALAR || !every ||
		every->kind != YNODE_SCALAR || !stamp_parse_duration(every->text, &ms))
		return (struct wall){0};
	return review_due(last->text, ms);
}

static struct load_summary *
summarise(const char *path, const struct ynode *root)
{
	struct load_summary *s = mem_alloc(sizeof *s);
	const struct ynode *title = ynode_get(root, "title");

	s->path = mem_strdup(path);
	s->title = title && title->kind == YNODE_SCALAR ? keyed_line(title)
							: mem_strdup(file_base(path));
	s->kind = (enum runbook_kind)keyed_word(ynode_get(root, "kind"), KEYS_IN_RUNBOOK,
		KEY_RUNBOOK_KIND, RUNBOOK_CHECKLIST);
	keyed_strings(ynode_get(root, "tags"), &s->tags);
	keyed_strings(ynode_get(root, "aliases"), &s->aliases);
	count_steps(ynode_get(root, "steps"), s);
	s->review_due = due_of(ynode_get(root, "reviewed"));
	return s;
}

struct load_summary *
load_summary(const char *path, struct diags *d)
{
	struct reading r = {.d = d, .file = path};
	struct load_summary *s = NULL;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct ydoc *y = NULL;

	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		y = ydoc_parse(path, text.buf, text.len, d);
	else
		keyed_complain(&r, NULL, C_READ, NULL, "%s", e.msg);
	if (y && ynode_get(ydoc_root(y), "handrail"))
		s = summarise(path, ydoc_root(y));
	else if (y)
		keyed_complain(&r, ydoc_root(y), C_KEY_MISSING, "add `handrail: 1`",
			"this file is no runbook: it lacks `handrail`");
	ydoc_free(y);
	str_release(&text);
	return s;
}

void
load_summary_free(struct load_summary *s)
{
	if (!s)
		return;
	mem_free(s->path);
	mem_free(s->title);
	parts_free_strings(&s->tags);
	parts_free_strings(&s->aliases);
	mem_free(s);
}
