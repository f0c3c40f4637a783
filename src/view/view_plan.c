#include "view/view_plan.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "model/review.h"
#include "run/timely.h"
#include "view/steptext.h"

enum { TEXT_MAX = 100, LABEL_CELLS = 9 };

static const char *
host_name(const struct runbook *rb, int host)
{
	return host == NONE ? "this machine" : rb->hosts.list.at[host].name;
}

/* ---- facts ----------------------------------------------------------------------------- */

static void
trust_facts(const struct plan_scene *ps, struct page *p)
{
	page_heading(p, "Trust");
	if (ps->cannot) {
		page_text(p, 2, STYLE_FAIL, "It cannot start:");
		page_text(p, 2, STYLE_TEXT, ps->cannot);
	}
	if (ps->trusted)
		page_text(p, 2, STYLE_TEXT,
			"You have trusted exactly this content before.");
	else
		page_text(p, 2, STYLE_WARN,
			"Not trusted yet. Enter trusts exactly this content; only then may "
			"anything on this page run.");
	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_DIM, "  sha256 %.16s", ps->hash);
	page_add(p, STYLE_DIM, "...");
	page_text(p, 2, STYLE_DIM, ps->runbook->path);
	if (ps->project)
		page_text(p, 2, STYLE_DIM, ps->project);
}

static const char *const secret_words[] = {
	[SECRET_NOT] = "",
	[SECRET_ENV] = "secret, from the environment",
	[SECRET_FILE] = "secret, from a file",
	[SECRET_ASK] = "secret, you are asked",
	[SECRET_COMMAND] = "secret, from the command that your config.yaml calls:",
};

static void
input_fact(const struct plan_scene *ps, const struct input *in, struct page *p)
{
	const struct runbook *rb = ps->runbook;
	const char *given = ps->given ? pairs_get(ps->given, in->name) : NULL;
	const char *from_env = pairs_get(&rb->env_inputs, in->name);

	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_STRONG, "  %s", in->name);
	if (in->ask)
		page_addf(p, STYLE_TEXT, "  %s", in->ask);
	if (in->from != SECRET_NOT)
		page_text(p, 4, STYLE_DIM, secret_words[in->from]);
	if (in->from == SECRET_COMMAND)
		page_text(p, 6, STYLE_CODE, in->from_value);
	if (given || from_env) {
		page_text(p, 4, STYLE_DIM,
			given ? "given beforehand:" : "given by the environment:");
		page_text(p, 6, STYLE_CODE, given ? given : from_env);
	} else if (in->fallback) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM, "    offered: %s", in->fallback);
	}
	if (in->choices) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM,
			"    its choices come from %s:", host_name(rb, in->host));
		page_block(p,
			&(struct page_block){.indent = 4,
				.first = "$ ",
				.style = STYLE_CODE,
				.id = SCROLL_NOTHING},
			in->choices);
	}
}

/* One line for each machine that has something to say of the way to it. */
static void
way_facts(const struct plan_scene *ps, const struct host *h, struct page *p)
{
	for (int i = 0; ps->ways && i < h->target_count; i++) {
		const char *id = ps->runbook->targets.list.at[h->first_target + i].id;
		const char *way = pairs_get(ps->ways, id);
		char *line = way ? mem_printf("%s: %s", id, way) : NULL;

		if (line)
			page_text(p, 12, STYLE_DIM, line);
		mem_free(line);
	}
}

static void
host_fact(const struct plan_scene *ps, const struct host *h, struct page *p)
{
	const struct runbook *rb = ps->runbook;

	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_STRONG, "  %s", h->name);
	page_column(p, 12);
	if (h->via == HOST_LOCAL)
		page_add(p, STYLE_TEXT, "this machine");
	else if (h->via == HOST_SIM)
		page_addf(p, STYLE_TEXT, "pretended by %s", h->sim_file);
	else
		for (int i = 0; i < h->target_count; i++)
			page_addf(p, STYLE_TEXT, "%sssh %s", i ? ", " : "",
				rb->targets.list.at[h->first_target + i].id);
	way_facts(ps, h, p);
}

static void
probe_fact(const struct runbook *rb, const struct probe *pr, struct page *p)
{
	struct str want = STR_INIT;

	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_STRONG, "  %s", pr->name);
	page_column(p, 12);
	page_addf(p, STYLE_TEXT, "%s", probe_kind_name(pr->kind));
	if (pr->host != NONE)
		page_addf(p, STYLE_TEXT, " on %s", host_name(rb, pr->host));
	page_block(p,
		&(struct page_block){
			.indent = 4, .style = STYLE_CODE, .id = SCROLL_NOTHING},
		pr->subject);
	if (pr->expect) {
		expect_text(pr->expect, &want);
		page_block(p,
			&(struct page_block){.indent = 4,
				.first = "expect ",
				.style = STYLE_DIM,
				.id = SCROLL_NOTHING},
			want.buf);
	}
	str_release(&want);
}

static void
about_facts(const struct plan_scene *ps, struct now now, struct page *p)
{
	const struct runbook *rb = ps->runbook;
	struct str text = STR_INIT;
	char every[STAMP_BYTES], day[STAMP_BYTES];

	page_heading(p, rb->title);
	page_label(p, "Kind", runbook_kind_name(rb->kind));
	page_prose(p, "Why", rb->why);
	page_label(p, "Env", rb->environment);
	timely_words(&rb->windows, rb->environment, now.wall, &text);
	page_label(p, "Window", text.buf);
	str_reset(&text);
	page_label(p, "Owner", rb->owner);
	if (rb->reviewed_last) {
		str_adds(&text, rb->reviewed_last);
		if (rb->reviewed_every_ms)
			str_addf(&text, ", every %s",
				stamp_duration(rb->reviewed_every_ms, every));
		page_label(p, "Reviewed", text.buf);
		str_reset(&text);
		if (review_is_late(rb, now.wall, day)) {
			str_addf(&text, "LATE: it was to be read again by %s", day);
			page_text(p, LABEL_CELLS, STYLE_WARN, text.buf);
			str_reset(&text);
		}
	}
	for (size_t i = 0; i < rb->contacts.list.len; i++)
		str_addf(&text, "%s%s %s", i ? ", " : "", rb->contacts.list.at[i].key,
			rb->contacts.list.at[i].value);
	page_label(p, "Contacts", text.buf);
	page_label(p, "Fails", rb->rollback);
	str_reset(&text);
	str_addf(&text, "%s  highest of all steps: %s", risk_mark(runbook_risk(rb)),
		risk_name(runbook_risk(rb)));
	page_label(p, "Risk", text.buf);
	str_release(&text);
	page_blank(p);
}

void
view_plan_facts(const struct plan_scene *ps, struct now now, struct page *p)
{
	const struct runbook *rb = ps->runbook;

	about_facts(ps, now, p);
	if (ps->hash)
		trust_facts(ps, p);
	if (rb->inputs.list.len) {
		page_blank(p);
		page_heading(p, "Inputs, asked after you start");
		for (size_t i = 0; i < rb->inputs.list.len; i++)
			input_fact(ps, &rb->inputs.list.at[i], p);
	}
	page_blank(p);
	page_heading(p, "Hosts");
	for (size_t i = 0; i < rb->hosts.list.len; i++)
		host_fact(ps, &rb->hosts.list.at[i], p);
	if (!rb->hosts.list.len)
		page_text(p, 2, STYLE_TEXT, "this machine only");
	if (ps->twins && *ps->twins) {
		page_text(p, 2, STYLE_WARN, ps->twins);
		page_text(p, 2, STYLE_TEXT,
			"A step for both names is run under the first and refused under the "
			"other.");
	}
	if (rb->probes.list.len) {
		page_blank(p);
		page_heading(p, "Probes: they only look");
		for (size_t i = 0; i < rb->probes.list.len; i++)
			probe_fact(rb, &rb->probes.list.at[i], p);
	}
	if (rb->roles.list.len) {
		page_blank(p);
		page_heading(p, "Roles");
		for (size_t i = 0; i < rb->roles.list.len; i++) {
			const struct role *r = &rb->roles.list.at[i];

			page_line(p, SCROLL_NOTHING);
			page_addf(p, STYLE_STRONG, "  %s  ", r->name);
			for (size_t k = 0; k < r->principals.list.len; k++)
				page_addf(p, STYLE_TEXT, "%s%s", k ? ", " : "",
					r->principals.list.at[k]);
		}
	}
}

/* ---- steps ----------------------------------------------------------------------------- */

static void
steps_page(const struct runbook *rb, struct page *p)
{
	for (size_t i = 0; i < rb->steps.list.len; i++)
		steptext_plan(rb, &rb->steps.list.at[i], p);
}

/* ---- drawing --------------------------------------------------------------------------- */

struct pane {
	const char *title;
	struct scroll *scroll;
	enum frame_focus focus;
	enum page_mark mark;
};

static void
draw_pane(struct frame *f, struct area a, const struct pane *pn, const struct page *p)
{
	struct area in = a;
	char where[48];

	if (scene_size(f) != SCENE_COMPACT)
		in = (struct area){a.row + 1, a.col + 1, a.rows - 2, a.cols - 2};
	else
		in = (struct area){a.row + 1, a.col + 1, a.rows - 1, a.cols - 2};
	scroll_begin(pn->scroll, in.rows);
	for (size_t i = 0; i < p->lines.len; i++)
		scroll_line(pn->scroll, p->lines.at[i].id);
	scroll_end(pn->scroll);
	page_where(pn->scroll, where);
	if (scene_size(f) != SCENE_COMPACT) {
		frame_box(f, a,
			&(struct frame_box){.title = pn->title,
				.right = where,
				.right_style = STYLE_DIM,
				.focus = pn->focus});
	} else {
		frame_put(f, (struct area){a.row, a.col + 1, 1, a.cols}, STYLE_TITLE,
			pn->title);
		frame_put_right(f, (struct area){a.row, a.col + 1, 1, a.cols - 2},
			STYLE_DIM, where);
	}
	if (pn->mark == PAGE_NO_MARK) {
		in.col++;
		in.cols--;
	}
	page_draw(p, f,
		&(struct page_draw){.area = in,
			.scroll = pn->scroll,
			.focus = pn->focus,
			.mark = pn->mark});
}

void
view_plan_can(const struct scene *sc, const struct plan_scene *ps, struct keymap_can *can)
{
	keymap_deny(can, ACTION_PLAN_START,
		sc->readonly ? "read-only: nothing is started" : ps->cannot);
	if (ps->trusted)
		can->word[ACTION_PLAN_START] = "start the run";
	keymap_deny(can, ACTION_RUN_ANSWER, sc->asks ? NULL : "nobody asks for anything");
}

void
view_plan_draw(const struct scene *sc, const struct plan_scene *ps, struct plan_state *st,
	struct frame *f)
{
	struct keymap_can can = {0};
	struct page facts, steps;
	enum scene_size size;
	struct area a, left, right;

	view_plan_can(sc, ps, &can);
	a = scene_draw(sc, f, ON_PLAN, &can);
	size = scene_size(f);
	left = right = a;
	if (size >= SCENE_NORMAL) {
		left.cols = a.cols * 5 / 9;
		right.col = left.cols;
		right.cols = a.cols - left.cols;
	}
	page_init(&facts, right.cols - 3 > TEXT_MAX ? TEXT_MAX : right.cols - 3);
	page_init(&steps, left.cols - 4 > TEXT_MAX ? TEXT_MAX : left.cols - 4);
	view_plan_facts(ps, sc->now, &facts);
	steps_page(ps->runbook, &steps);
	if (size >= SCENE_NORMAL || st->pane == PLAN_STEPS)
		draw_pane(f, left,
			&(struct pane){size >= SCENE_NORMAL
					? "Every step that would run"
					: "Steps (Tab: inputs, hosts, trust)",
				&st->steps,
				st->pane == PLAN_STEPS ? FRAME_FOCUS : FRAME_NO_FOCUS,
				PAGE_MARK},
			&steps);
	if (size >= SCENE_NORMAL || st->pane == PLAN_FACTS)
		draw_pane(f, right,
			&(struct pane){size >= SCENE_NORMAL
					? "Before it starts"
					: "Before it starts (Tab: steps)",
				&st->facts,
				st->pane == PLAN_FACTS ? FRAME_FOCUS : FRAME_NO_FOCUS,
				PAGE_NO_MARK},
			&facts);
	page_release(&facts);
	page_release(&steps);
}

void
view_plan_release(struct plan_state *st)
{
	scroll_release(&st->steps);
	scroll_release(&st->facts);
}
