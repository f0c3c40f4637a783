#include "view/view_run.h"

#include "base/stamp.h"
#include "view/steptext.h"

/* What probes of a check or a soak showed. */

const char *
view_run_box(enum verdict v)
{
	static const char *const boxes[] = {
		[VERDICT_OK] = "[x]",
		[VERDICT_WARN] = "[x]",
		[VERDICT_FAIL] = "[!]",
		[VERDICT_UNKNOWN] = "[?]",
	};

	return boxes[v];
}

static const struct reading *
reading_of(const struct run_step *rs, int probe)
{
	for (size_t i = 0; i < rs->readings.list.len; i++)
		if (rs->readings.list.at[i].probe == probe)
			return &rs->readings.list.at[i];
	return NULL;
}

/* What the record says of the probe, or what was seen since. */
static const struct reading *
newest_reading(const struct run_scene *rs, int step, int probe)
{
	const struct reading *rd = reading_of(&rs->run->steps.list.at[step], probe);
	const struct reading *live = rs->live ? &rs->live[probe] : NULL;

	if (live && live->probe == probe && !run_settled(&rs->run->steps.list.at[step]) &&
		(!rd || live->at.ms > rd->at.ms))
		return live;
	return rd;
}

static void
soak_row(const struct step *s, const struct reading *rd, struct page *p)
{
	struct str text = STR_INIT;

	str_addf(&text, "%d of about %d", rd->looks,
		rd->looks > run_soak_looks(s) ? rd->looks : run_soak_looks(s));
	if (rd->worst && *rd->worst)
		str_addf(&text, ", worst %s", rd->worst);
	page_block(p,
		&(struct page_block){.indent = 6,
			.first = "looks  ",
			.style = STYLE_DIM,
			.id = SCROLL_NOTHING},
		text.buf);
	str_release(&text);
}

static void
check_row(
	const struct run_scene *rs, int step, int probe, struct wall now, struct page *p)
{
	const struct probe *pr = &rs->run->runbook->probes.list.at[probe];
	const struct reading *rd = newest_reading(rs, step, probe);
	/* Only what the step was decided by ticks a box; what is seen now is no fact. */
	bool fact = rd && rd == reading_of(&rs->run->steps.list.at[step], probe);
	struct str want = STR_INIT;
	char age[16];

	page_line(p, SCROLL_NOTHING);
	page_addf(p, rd ? scene_verdict_style(rd->verdict) : STYLE_TEXT, "  %s",
		fact ? view_run_box(rd->verdict) : "[ ]");
	page_addf(p, STYLE_STRONG, " %s", pr->name);
	page_column(p, 18);
	if (rd) {
		if (!fact)
			page_addf(p, STYLE_DIM, "now %s: ", verdict_name(rd->verdict));
		page_addf(p, STYLE_TEXT, "%s", rd->message ? rd->message : rd->value);
		page_right(p, STYLE_DIM, scene_ago(rd->at, now, age));
	} else {
		page_add(p, STYLE_DIM, "not looked at yet");
	}
	if (pr->expect) {
		expect_text(pr->expect, &want);
		page_block(p,
			&(struct page_block){.indent = 6,
				.first = "want   ",
				.style = STYLE_DIM,
				.id = SCROLL_NOTHING},
			want.buf);
	}
	if (rd && rd->looks > 0)
		soak_row(rs->run->steps.list.at[step].step, rd, p);
	if (rd && rd->before)
		page_block(p,
			&(struct page_block){.indent = 6,
				.first = "before ",
				.style = STYLE_DIM,
				.id = SCROLL_NOTHING},
			rd->before);
	str_release(&want);
}

/* How long it is to hold, how long it has, and why that is not longer. */
static void
soaking(const struct run_step *st, struct wall now, struct page *p)
{
	struct str text = STR_INIT;
	char held[STAMP_BYTES];
	int64_t ms = now.ms - st->entered_at.ms;

	steptext_soak(st->step, &text);
	page_label(p, "Holds", text.buf);
	if (st->own == STEP_IS_RUNNING && ms >= 0)
		page_label(p, "So far", stamp_duration(ms / 1000 * 1000, held));
	page_label(p, "Again", st->again);
	str_release(&text);
}

void
view_run_checking(const struct run_scene *rs, int step, struct wall now, struct page *p)
{
	const struct step *s = &rs->run->runbook->steps.list.at[step];
	char within[STAMP_BYTES];

	if (s->within_ms) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM, "Within   ");
		page_add(p, STYLE_TEXT, stamp_duration(s->within_ms, within));
	}
	if (s->kind == STEP_SOAK)
		soaking(&rs->run->steps.list.at[step], now, p);
	for (size_t i = 0; i < s->probes.list.len; i++)
		check_row(rs, step, s->probes.list.at[i], now, p);
	for (size_t i = 0; i < s->aborts.list.len; i++)
		check_row(rs, step, s->aborts.list.at[i], now, p);
}
