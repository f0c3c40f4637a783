#include "view/form.h"
#include "view/view_run.h"

/* Search in the output, whose lines are no objects that could be marked. */

static bool
line_has(const struct page *p, size_t line, const char *find)
{
	const struct page_line *l = &p->lines.at[line];
	struct str text = STR_INIT;
	bool has;

	for (size_t i = 0; i < l->spans; i++)
		str_adds(&text, p->text.buf + p->spans.at[l->first + i].at);
	has = form_row_matches(text.buf, find);
	str_release(&text);
	return has;
}

void
view_run_wrap(struct run_state *st)
{
	st->lines = st->lines == RUN_LINES_CUT ? RUN_LINES_WRAPPED : RUN_LINES_CUT;
	st->output_found = 0; /* it was a line of the other layout */
}

bool
view_run_find_output(
	const struct run_scene *rs, struct run_state *st, const char *find, bool forward)
{
	int found = 0, at = st->output_found - 1, n;
	struct page p;

	page_init(&p, st->output_width);
	view_run_output(rs, view_run_output_step(rs->run, st->tree.id), st->lines, &p);
	n = (int)p.lines.len;
	if (at < 0 || at >= n)
		at = forward ? n - 1 : 0;
	for (int i = 1; i <= n && !found; i++) {
		int line = forward ? (at + i) % n : (at - i + n) % n;

		if (line_has(&p, (size_t)line, find))
			found = line + 1;
	}
	page_release(&p);
	if (!found)
		return false;
	st->output_found = found;
	st->output.tail = false;
	st->output.top = found - 1 - st->output.height / 3;
	if (st->output.top < 0)
		st->output.top = 0;
	return true;
}
