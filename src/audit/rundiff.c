#include "audit/rundiff.h"

#include <string.h>

#include "audit/reportinner.h"
#include "base/linediff.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

enum { VALUE_CELLS = 60, NAME_CELLS = 26 };

/* ---- what there is to say of one run ------------------------------------------------------- */

struct fact_said {
	char *what, *value;
	bool time;
};
struct said {
	VEC_OF(struct fact_said) list;
};

static const char *
value_of(const struct said *f, const char *what)
{
	for (size_t i = 0; i < f->list.len; i++)
		if (strcmp(f->list.at[i].what, what) == 0)
			return f->list.at[i].value;
	return NULL;
}

/* Takes `what`. A name that is there already gets a number: both are compared. */
static void
say(struct said *f, char *what_take, const char *value)
{
	for (int n = 2; value && value_of(f, what_take); n++) {
		char *next = mem_printf("%s #%d", what_take, n);

		mem_free(what_take);
		what_take = next;
	}
	if (value)
		vec_push(&f->list,
			(struct fact_said){what_take, mem_strdup(value), false});
	else
		mem_free(what_take);
}

static void
said_release(struct said *f)
{
	for (size_t i = 0; i < f->list.len; i++) {
		mem_free(f->list.at[i].what);
		mem_free(f->list.at[i].value);
	}
	vec_free(&f->list);
}

static char *
named(const char *what, const struct leg *leg, bool back)
{
	return mem_printf("%s on %s%s%s%s", what, leg->host, leg->each ? " " : "",
		leg->each ? leg->each : "", back ? " (way back)" : "");
}

static void
say_way(struct said *f, const struct leg *leg, int way)
{
	const struct leg_run *w = &leg->way[way];
	bool back = way == WAY_BACK;
	char took[STAMP_BYTES];
	struct str text = STR_INIT;

	if (!w->attempt && w->state != LEG_SKIPPED)
		return;
	say(f, named("outcome", leg, back), report_way_state(w));
	str_addf(&text, "%d", w->attempt);
	say(f, named("attempts", leg, back), text.buf);
	for (size_t i = 0; i < w->rows.list.len; i++)
		say(f, named(w->rows.list.at[i].field, leg, back),
			w->rows.list.at[i].got);
	str_reset(&text);
	if (w->blob)
		str_addf(&text, "%lld bytes, sha256 %s", (long long)w->bytes, w->blob);
	else if (w->output)
		str_adds(&text, w->output);
	say(f, named("printed", leg, back), text.len ? text.buf : NULL);
	say(f, named("why", leg, back), w->why);
	say(f, named("settled as", leg, back), w->resolved ? w->resolved_as : NULL);
	if (w->took_ms) {
		say(f, named("took", leg, back), stamp_duration(w->took_ms, took));
		f->list.at[f->list.len - 1].time = true;
	}
	str_release(&text);
}

static void
say_step(const struct run *r, int step, struct said *f)
{
	const struct run_step *s = &r->steps.list.at[step];
	struct str text = STR_INIT;

	say(f, mem_strdup("state"), run_step_word(r, step));
	say(f, mem_strdup("who"), *report_proof(s) ? report_proof(s) : NULL);
	say(f, mem_strdup("chosen"), report_chosen(r, s));
	say(f, mem_strdup("command"), s->redline ? s->redline : s->step->text);
	say(f, mem_strdup("evidence"), s->evidence);
	say(f, mem_strdup("reason"), s->reason);
	say(f, mem_strdup("note"), s->note);
	for (size_t i = 0; i < s->legs.list.len; i++) {
		say_way(f, &s->legs.list.at[i], WAY_FORWARD);
		say_way(f, &s->legs.list.at[i], WAY_BACK);
	}
	for (size_t i = 0; i < s->readings.list.len; i++) {
		const struct reading *g = &s->readings.list.at[i];

		str_reset(&text);
		str_addf(&text, "%s%s%s%s%s", verdict_name(g->verdict),
			g->value ? " " : "", g->value ? g->value : "", g->unit ? " " : "",
			g->unit ? g->unit : "");
		say(f, mem_printf("probe %s", r->runbook->probes.list.at[g->probe].name),
			text.buf);
	}
	for (size_t i = 0; i < s->signatures.list.len; i++) {
		const struct run_signature *g = &s->signatures.list.at[i];

		say(f, mem_printf("signature of %s", g->who),
			g->voided < 0 ? "holds" : "void");
	}
	str_release(&text);
}

static void
say_run(const struct run *r, struct said *f)
{
	struct str text = STR_INIT;
	char took[STAMP_BYTES];

	say(f, mem_strdup("runbook"), r->name ? r->name : r->runbook->name);
	say(f, mem_strdup("its text"), r->runbook->sources.list.at[0].sha256);
	say(f, mem_strdup("environment"), r->environment);
	say(f, mem_strdup("mode"), run_mode_name(r->mode));
	say(f, mem_strdup("result"), report_result(r));
	say(f, mem_strdup("opened by"), r->opened_by);
	for (size_t i = 0; i < r->runners.list.len; i++)
		str_addf(&text, "%s%s", i ? ", " : "", r->runners.list.at[i]);
	say(f, mem_strdup("run by"), text.buf);
	for (size_t i = 0; i < r->values.len; i++)
		say(f, mem_printf("value %s", r->values.at[i].key),
			r->values.at[i].value);
	if (r->closed) {
		say(f, mem_strdup("took"),
			stamp_duration(r->closed_at.ms - r->opened_at.ms, took));
		f->list.at[f->list.len - 1].time = true;
	}
	str_release(&text);
}

/* ---- comparing ----------------------------------------------------------------------------- */

struct rows {
	VEC_OF(struct rundiff_row) list;
	size_t differing;
};

static void
add_row(struct rows *out, const struct fact_said *f, const char *left, const char *right)
{
	if (str_eq(left, right))
		return;
	vec_push(&out->list,
		(struct rundiff_row){mem_strdup(f->what), mem_strdup(left),
			mem_strdup(right), f->time});
	out->differing += !f->time;
}

/* Both are compared by name; the order is that of the left run, then what only the right has. */
static void
compare(const struct said *left, const struct said *right, struct rows *out)
{
	for (size_t i = 0; i < left->list.len; i++)
		add_row(out, &left->list.at[i], left->list.at[i].value,
			value_of(right, left->list.at[i].what));
	for (size_t i = 0; i < right->list.len; i++)
		if (!value_of(left, right->list.at[i].what))
			add_row(out, &right->list.at[i], NULL, right->list.at[i].value);
}

static void
add_step(struct rundiff *d, const struct run *r, int step, const struct rows *rows)
{
	const struct step *s = r->steps.list.at[step].step;
	struct rundiff_step *out = vec_add(&d->steps);

	out->id = mem_strdup(s->id);
	out->title = mem_strdup(s->title);
	if (!rows)
		return;
	for (size_t i = 0; i < rows->list.len; i++)
		vec_push(&out->rows, rows->list.at[i]);
	out->differing = rows->differing;
}

static void
compare_step(struct rundiff *d, int left, int right)
{
	struct said a = {0}, b = {0};
	struct rows rows = {0};

	say_step(d->left, left, &a);
	say_step(d->right, right, &b);
	compare(&a, &b, &rows);
	d->same += !rows.differing;
	d->differs |= rows.differing > 0;
	if (rows.list.len)
		add_step(d, d->left, left, &rows);
	vec_free(&rows.list);
	said_release(&a);
	said_release(&b);
}

static bool
is_heading(const struct run *r, size_t step)
{
	enum step_kind k = r->steps.list.at[step].step->kind;

	return k == STEP_SECTION || k == STEP_CALL;
}

static void
compare_steps(struct rundiff *d)
{
	for (size_t i = 0; i < d->left->steps.list.len; i++) {
		int other = run_find_step(d->right, d->left->steps.list.at[i].step->id);

		if (is_heading(d->left, i))
			continue;
		if (other != NONE) {
			compare_step(d, (int)i, other);
			continue;
		}
		add_step(d, d->left, (int)i, NULL);
		d->steps.at[d->steps.len - 1].only_left = d->differs = true;
	}
	for (size_t i = 0; i < d->right->steps.list.len; i++) {
		if (is_heading(d->right, i) ||
			run_find_step(d->left, d->right->steps.list.at[i].step->id) !=
				NONE)
			continue;
		add_step(d, d->right, (int)i, NULL);
		d->steps.at[d->steps.len - 1].only_right = d->differs = true;
	}
}

/* Called runbooks are compared by their order. */
static void
compare_texts(struct rundiff *d)
{
	const struct runbook *a = d->left->runbook, *b = d->right->runbook;
	size_t n = a->sources.list.len > b->sources.list.len ? a->sources.list.len
							     : b->sources.list.len;
	struct str out = STR_INIT;

	for (size_t i = 0; i < n; i++)
		linediff(i < a->sources.list.len ? a->sources.list.at[i].text : "",
			i < b->sources.list.len ? b->sources.list.at[i].text : "", &out);
	d->text = str_take(&out);
	d->differs |= d->text[0] != '\0';
}

void
rundiff_make(const struct run *left, const struct run *right, struct rundiff *out)
{
	struct said a = {0}, b = {0};
	struct rows rows = {0};

	*out = (struct rundiff){.left = left, .right = right};
	say_run(left, &a);
	say_run(right, &b);
	compare(&a, &b, &rows);
	for (size_t i = 0; i < rows.list.len; i++)
		vec_push(&out->rows, rows.list.at[i]);
	vec_free(&rows.list);
	out->differs = rows.differing > 0;
	said_release(&a);
	said_release(&b);
	compare_texts(out);
	compare_steps(out);
}

static void
row_release(struct rundiff_row *r)
{
	mem_free(r->what);
	mem_free(r->left);
	mem_free(r->right);
}

void
rundiff_release(struct rundiff *d)
{
	for (size_t i = 0; i < d->rows.len; i++)
		row_release(&d->rows.at[i]);
	for (size_t i = 0; i < d->steps.len; i++) {
		struct rundiff_step *s = &d->steps.at[i];

		for (size_t k = 0; k < s->rows.len; k++)
			row_release(&s->rows.at[k]);
		vec_free(&s->rows);
		mem_free(s->id);
		mem_free(s->title);
	}
	vec_free(&d->rows);
	vec_free(&d->steps);
	mem_free(d->text);
}

/* ---- telling ------------------------------------------------------------------------------- */

static void
add_value(struct str *out, const char *value)
{
	char *shown = text_harmless_dup(value ? value : "-");

	text_add_cut(out, shown, VALUE_CELLS, "...");
	mem_free(shown);
}

static void
row_text(const struct rundiff_row *r, const char *indent, struct str *out)
{
	char *what = text_harmless_dup(r->what);
	size_t cells = text_cells(what);

	str_addf(out, "%s%s%*s  ", indent, what,
		cells < NAME_CELLS ? (int)(NAME_CELLS - cells) : 0, "");
	add_value(out, r->left);
	str_adds(out, " | ");
	add_value(out, r->right);
	str_addc(out, '\n');
	mem_free(what);
}

static void
run_line(const char *mark, const struct run *r, struct str *out)
{
	char stamp[STAMP_BYTES];
	char *by = text_harmless_dup(r->opened_by ? r->opened_by : "?"),
	     *title = text_harmless_dup(r->runbook->title);

	str_addf(out, "%s %s  %s  %s, by %s, %s\n", mark, r->id,
		stamp_wall_sec(r->opened_at, stamp), title, by, report_result(r));
	mem_free(title);
	mem_free(by);
}

void
rundiff_text(const struct rundiff *d, struct str *out)
{
	run_line("<", d->left, out);
	run_line(">", d->right, out);
	for (size_t i = 0; i < d->rows.len; i++)
		row_text(&d->rows.at[i], "", out);
	if (d->text[0]) {
		struct str text = STR_INIT;

		text_harmless(&text, d->text, strlen(d->text), TEXT_KEEP_LF);
		str_addf(out, "Text of the runbook:\n%s", text.buf);
		str_release(&text);
	}
	for (size_t i = 0; i < d->steps.len; i++) {
		const struct rundiff_step *s = &d->steps.at[i];
		char *title = text_harmless_dup(s->title);

		str_addf(out, "Step %s: %s%s\n", s->id, title,
			s->only_left            ? "  (only in the first)"
				: s->only_right ? "  (only in the second)"
				: !s->differing ? "  (the same, in another time)"
						: "");
		for (size_t k = 0; k < s->rows.len; k++)
			row_text(&s->rows.at[k], "  ", out);
		mem_free(title);
	}
	str_addf(out, "%zu step%s the same.\n", d->same, d->same == 1 ? "" : "s");
}

static void
rows_json(const struct rundiff_row *rows, size_t n, struct jsonout *j)
{
	jsonout_open_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_open(j);
		jsonout_kstr(j, "what", rows[i].what);
		jsonout_kstr(j, "left", rows[i].left);
		jsonout_kstr(j, "right", rows[i].right);
		jsonout_kbool(j, "time", rows[i].time);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
run_json(const char *key, const struct run *r, struct jsonout *j)
{
	char stamp[STAMP_BYTES];

	jsonout_key(j, key);
	jsonout_open(j);
	jsonout_kstr(j, "run", r->id);
	jsonout_kstr(j, "title", r->runbook->title);
	jsonout_kstr(j, "sha256", r->runbook->sources.list.at[0].sha256);
	jsonout_kstr(j, "opened", stamp_wall(r->opened_at, stamp));
	jsonout_kstr(j, "opened_by", r->opened_by);
	jsonout_kstr(j, "result", report_result(r));
	jsonout_close(j);
}

void
rundiff_json(const struct rundiff *d, struct jsonout *j)
{
	jsonout_kbool(j, "differs", d->differs);
	run_json("left", d->left, j);
	run_json("right", d->right, j);
	jsonout_kint(j, "same", (int64_t)d->same);
	jsonout_key(j, "run");
	rows_json(d->rows.at, d->rows.len, j);
	jsonout_kstr(j, "text", d->text);
	jsonout_key(j, "items");
	jsonout_open_array(j);
	for (size_t i = 0; i < d->steps.len; i++) {
		const struct rundiff_step *s = &d->steps.at[i];

		jsonout_open(j);
		jsonout_kstr(j, "id", s->id);
		jsonout_kstr(j, "title", s->title);
		jsonout_kstr(j, "only",
			s->only_left            ? "left"
				: s->only_right ? "right"
						: NULL);
		jsonout_key(j, "rows");
		rows_json(s->rows.at, s->rows.len, j);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}
