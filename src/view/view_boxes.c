#include "view/view_boxes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "view/boxpage.h"
#include "view/boxrow.h"
#include "view/page.h"

enum {
	HOST_ID = 1 << 24, /* ids of hosts; those of containers are their keys */
	WIDE_COLS = 100,
	BELOW_MAX = 14,
	FACTS_MAX = 8,
	LIST_MIN = 5,
};

void
view_boxes_release(struct view_boxes_state *st)
{
	scroll_release(&st->list);
	scroll_release(&st->below);
}

static struct now
now_of(const struct scene *sc, const struct view_boxes_state *st)
{
	return st->paused ? st->then : sc->now;
}

/* ---- which, in what order ---- */

static bool
is_wanted(const struct boxes_scene *bs, const struct boxes_host *h, const struct box *b)
{
	struct str text = STR_INIT;
	bool wanted = boxes_shown(h, b);

	if (wanted && bs->filter) {
		str_addf(&text, "%s %s %s %s %s", h->name, b->name, b->image,
			box_state_name(b->state), box_health_name(b->health));
		wanted = pattern_find(bs->filter, text.buf, text.len, NULL, NULL) ==
			PATTERN_YES;
	}
	str_release(&text);
	return wanted;
}

static int64_t
weight(const struct box *b, enum view_boxes_sort sort)
{
	const struct box_sample *s = box_sample(b);

	switch (sort) {
	case VIEW_BOXES_BY_STATE:
		return boxfacts_level(b);
	case VIEW_BOXES_BY_CPU:
		return s ? s->cpu_milli : -2;
	case VIEW_BOXES_BY_MEMORY:
		return s ? s->memory_bytes : -2;
	case VIEW_BOXES_BY_RESTARTS:
		return b->restarts;
	case VIEW_BOXES_BY_NAME:
	case VIEW_BOXES_SORT_COUNT:
		break;
	}
	return 0;
}

struct rows {
	VEC_OF(const struct box *) list;
};

/* The boxes come in the order of their names, which stays among equals. */
static void
rows_of(const struct boxes_scene *bs, const struct boxes_host *h,
	enum view_boxes_sort sort, struct rows *out)
{
	for (size_t i = 0; i < h->boxes.list.len; i++) {
		const struct box *b = &h->boxes.list.at[i];
		size_t k = out->list.len;

		if (!is_wanted(bs, h, b))
			continue;
		vec_push(&out->list, b);
		for (; k > 0 && weight(out->list.at[k - 1], sort) < weight(b, sort); k--)
			out->list.at[k] = out->list.at[k - 1];
		out->list.at[k] = b;
	}
}

/* ---- the list ---- */

static void
live_words(const struct boxes_host *h, size_t shown, bool wide, struct str *out)
{
	if (wide)
		str_addf(out, "   %s %s   %zu container%s", h->engine, h->version, shown,
			shown == 1 ? "" : "s");
	if (h->load_centi >= 0)
		str_addf(
			out, "   load %d.%02d", h->load_centi / 100, h->load_centi % 100);
	if (h->disk_percent >= 0)
		str_addf(out, "   disk %d%%", h->disk_percent);
}

static void
silent_words(const struct boxes_host *h, struct now now, bool wide, struct str *out)
{
	char at[STAMP_BYTES], ago[STAMP_BYTES];
	int64_t since = h->answered.wall.ms ? h->answered.mono.ms : h->since.mono.ms;
	const char *why = h->why ? h->why : "no word of it";

	if (boxes_state_now(h, now.mono) == BOXES_WAITING) {
		str_adds(out, "   no answer yet");
		return;
	}
	if (h->state == BOXES_CANNOT)
		str_adds(out, "   cannot tell");
	else
		str_addf(out, "   no answer for %s",
			stamp_duration((now.mono.ms - since) / 1000 * 1000, ago));
	if (h->answered.wall.ms)
		str_addf(out, wide ? ". Last known state, from %s" : ", last known %s",
			stamp_clock(h->answered.wall, at));
	str_addf(out, ": %s", why);
}

struct drawing {
	const struct boxes_scene *bs;
	struct view_boxes_state *st;
	struct now now;
	const struct frame *f;
	struct page *p;
};

static bool
is_folded(const struct view_boxes_state *st, size_t host)
{
	return host < 64 && st->folded >> host & 1;
}

static void
head_row(const struct drawing *d, size_t host, size_t shown)
{
	const struct boxes_host *h = boxes_host(d->bs->boxes, host);
	bool live = boxes_state_now(h, d->now.mono) == BOXES_LIVE;
	bool wide = d->p->width >= WIDE_COLS;
	struct str words = STR_INIT;
	char ago[STAMP_BYTES];

	page_line(d->p, HOST_ID | (int)host);
	page_addf(d->p, STYLE_TITLE, "%s %s",
		is_folded(d->st, host) ? "+" : frame_symbol(d->f, SYMBOL_OPEN), h->name);
	if (live) {
		live_words(h, shown, wide, &words);
		page_add(d->p, STYLE_TEXT, words.buf);
		str_reset(&words);
		str_addf(&words, "%s%s ago", wide ? "answered " : "",
			boxrow_age(d->now.mono.ms - h->answered.mono.ms, ago));
		page_right(d->p, STYLE_DIM, words.buf);
	} else {
		silent_words(h, d->now, wide, &words);
		page_add(d->p, h->state == BOXES_WAITING ? STYLE_WAIT : STYLE_FAIL,
			words.buf);
	}
	str_release(&words);
}

static void
list_page(const struct drawing *d)
{
	for (size_t i = 0; i < boxes_hosts(d->bs->boxes); i++) {
		const struct boxes_host *h = boxes_host(d->bs->boxes, i);
		struct rows rows = {0};

		rows_of(d->bs, h, d->st->sort, &rows);
		head_row(d, i, rows.list.len);
		for (size_t k = 0; k < rows.list.len && !is_folded(d->st, i); k++)
			boxrow_add(d->bs->boxes, h, rows.list.at[k], d->now, d->p);
		vec_free(&rows.list);
	}
}

static void
draw_head(struct frame *f, struct area a)
{
	struct scroll none = {.id = SCROLL_NOTHING};
	struct page p;

	page_init(&p, a.cols - 1);
	boxrow_head(&p);
	page_draw(&p, f,
		&(struct page_draw){
			.area = {a.row, a.col + 1, 1, a.cols - 1}, .scroll = &none});
	scroll_release(&none);
	page_release(&p);
}

static void
count(const struct drawing *d, size_t *shown, struct str *bad)
{
	size_t restarting = 0, unhealthy = 0;

	for (size_t i = 0; i < boxes_hosts(d->bs->boxes); i++) {
		const struct boxes_host *h = boxes_host(d->bs->boxes, i);
		enum boxes_state s = boxes_state_now(h, d->now.mono);

		for (size_t k = 0; k < h->boxes.list.len; k++) {
			const struct box *b = &h->boxes.list.at[k];

			if (!is_wanted(d->bs, h, b))
				continue;
			(*shown)++;
			restarting += b->state == BOX_RESTARTING;
			unhealthy += b->state == BOX_RUNNING &&
				b->health == BOX_HEALTH_UNHEALTHY;
		}
		if (s == BOXES_SILENT || s == BOXES_CANNOT)
			str_addf(bad, " %s %s %s", frame_symbol(d->f, SYMBOL_DOT),
				h->name, s == BOXES_SILENT ? "silent" : "cannot tell");
	}
	if (unhealthy)
		str_addf(bad, " %s %zu unhealthy", frame_symbol(d->f, SYMBOL_DOT),
			unhealthy);
	if (restarting)
		str_addf(bad, " %s %zu restarting", frame_symbol(d->f, SYMBOL_DOT),
			restarting);
}

static void
titles(const struct drawing *d, struct str *title, struct str *right)
{
	static const char *const sorts[VIEW_BOXES_SORT_COUNT] = {
#define X(id, words) words,
		VIEW_BOXES_SORTS(X)
#undef X
	};
	const char *dot = frame_symbol(d->f, SYMBOL_DOT);
	struct str bad = STR_INIT;
	size_t shown = 0;

	count(d, &shown, &bad);
	str_addf(title, "Containers %zu", shown);
	if (d->st->paused)
		str_adds(right, "PAUSED");
	else if (d->f->cols >= WIDE_COLS)
		str_addf(right, "sorted by %s", sorts[d->st->sort]);
	if (d->bs->filter_text)
		str_addf(right, "%s%sfilter %s", right->len ? " " : "",
			right->len ? dot : "", d->bs->filter_text);
	str_adds(right, right->len || !bad.len ? bad.buf : bad.buf + strlen(dot) + 2);
	str_release(&bad);
}

static void
draw_list(const struct drawing *given, struct frame *f, struct area a,
	const struct boxfacts *facts)
{
	struct drawing d = *given;
	bool compact = scene_size(f) == SCENE_COMPACT;
	enum frame_focus focus = d.st->pane == VIEW_BOXES_LIST ? FRAME_FOCUS
							       : FRAME_NO_FOCUS;
	struct str title = STR_INIT, right = STR_INIT;
	struct page p;

	titles(&d, &title, &right);
	if (compact) {
		struct area head = {a.row, a.col + 1, 1, a.cols - 2};

		if (facts->list.len)
			str_addf(&title, ", watch out %zu", facts->list.len);
		head.cols -= frame_put_right(f, head,
				     d.st->paused ? STYLE_WAIT : STYLE_DIM, right.buf) +
			1;
		frame_put(f, head, STYLE_TITLE, title.buf);
		a.row++;
		a.rows--;
	} else {
		a = frame_box(f, a,
			&(struct frame_box){.title = title.buf,
				.right = right.buf,
				.right_style = d.st->paused ? STYLE_WAIT : STYLE_DIM,
				.focus = focus});
		draw_head(f, a);
		a.row++;
		a.rows--;
	}
	page_init(&p, a.cols - 1);
	d.p = &p;
	list_page(&d);
	if (d.st->list.id == SCROLL_NOTHING && !d.st->list.ids.len)
		d.st->list.id = p.lines.len ? p.lines.at[0].id : SCROLL_NOTHING;
	page_draw(&p, f,
		&(struct page_draw){.area = a,
			.scroll = &d.st->list,
			.focus = focus,
			.mark = PAGE_MARK});
	page_release(&p);
	str_release(&title);
	str_release(&right);
}

/* ---- below the list ---- */

static void
facts_page(const struct boxfacts *facts, struct page *p)
{
	static const char marks[] = {'.', '!', '!'};

	for (size_t i = 0; i < facts->list.len; i++) {
		const struct boxfact *one = &facts->list.at[i];

		page_line(p, SCROLL_NOTHING);
		page_addf(p, boxrow_style(one->level), "%c ", marks[one->level]);
		page_add(p, one->level == BOXFACTS_NOTE ? STYLE_DIM : STYLE_TEXT,
			one->text);
	}
	if (facts->list.len == 0) {
		page_line(p, SCROLL_NOTHING);
		page_add(p, STYLE_DIM, "nothing to watch out for");
	}
}

static void
draw_below(const struct drawing *given, struct frame *f, struct area a,
	const struct boxfacts *facts)
{
	struct drawing d = *given;
	/* In a small window it is all there is. */
	bool alone = scene_size(f) == SCENE_COMPACT;
	enum frame_focus focus = alone || d.st->pane == VIEW_BOXES_BELOW ? FRAME_FOCUS
									 : FRAME_NO_FOCUS;
	const struct boxes_host *h = NULL;
	const struct box *b = d.st->inspect ? view_boxes_marked(d.bs, d.st, &h) : NULL;
	struct str title = STR_INIT;
	struct page p;
	char where[48];

	page_init(&p, a.cols - 2);
	if (b)
		boxpage_of(d.f, h, b, d.now, &p);
	else if (d.st->inspect)
		page_text(&p, 0, STYLE_DIM, "no container is marked");
	else
		facts_page(facts, &p);
	if (b)
		str_addf(&title, "%s / %s", h->name, b->name);
	else if (!d.st->inspect)
		str_addf(&title, "Watch out %zu", facts->list.len);
	scroll_begin(&d.st->below, a.rows - 2);
	for (size_t i = 0; i < p.lines.len; i++)
		scroll_line(&d.st->below, p.lines.at[i].id);
	scroll_end(&d.st->below);
	a = frame_box(f, a,
		&(struct frame_box){.title = title.buf,
			.right = page_where(&d.st->below, where),
			.right_style = STYLE_DIM,
			.focus = focus});
	page_draw(&p, f,
		&(struct page_draw){.area = a, .scroll = &d.st->below, .focus = focus});
	page_release(&p);
	str_release(&title);
}

/* ---- all ---- */

void
view_boxes_can(const struct scene *sc, const struct boxes_scene *bs,
	const struct view_boxes_state *st, struct keymap_can *can)
{
	const struct boxes_host *h;
	const struct box *b = view_boxes_marked(bs, st, &h);

	keymap_deny(can, ACTION_RUN_ANSWER, sc->asks ? NULL : "nobody asks for anything");
	keymap_deny(can, ACTION_BOXES_TAIL, b ? NULL : "no container is marked");
	keymap_deny(can, ACTION_BOXES_ACT,
		!b                     ? "no container is marked"
			: sc->readonly ? "read-only: nothing is started"
				       : bs->no_act);
	can->word[ACTION_BOXES_INSPECT] = b ? NULL : "fold";
	can->word[ACTION_BOXES_PAUSE] = st->paused ? "go on" : NULL;
}

void
view_boxes_draw(const struct scene *sc, const struct boxes_scene *bs,
	struct view_boxes_state *st, struct frame *f)
{
	struct drawing d = {.bs = bs, .st = st, .now = now_of(sc, st), .f = f};
	bool compact = scene_size(f) == SCENE_COMPACT;
	struct keymap_can can = {0};
	struct boxfacts facts;
	struct area a, below;
	int want;

	view_boxes_can(sc, bs, st, &can);
	boxfacts_of(bs->boxes, d.now, &facts);
	a = scene_draw(sc, f, ON_BOXES, &can);
	below = a;
	want = st->inspect ? BELOW_MAX : (int)facts.list.len + 2;
	if (!st->inspect && want > FACTS_MAX + 2)
		want = FACTS_MAX + 2;
	if (want > a.rows / 2)
		want = a.rows / 2;
	if (want < 3)
		want = 3;
	if (compact) {
		if (st->inspect)
			draw_below(&d, f, below, &facts);
		else
			draw_list(&d, f, a, &facts);
	} else {
		below.row += a.rows - want;
		below.rows = want;
		a.rows -= want;
		draw_list(&d, f, a, &facts);
		draw_below(&d, f, below, &facts);
	}
	boxfacts_release(&facts);
}

const struct box *
view_boxes_marked(const struct boxes_scene *bs, const struct view_boxes_state *st,
	const struct boxes_host **host)
{
	int id = st->list.id;
	const struct box *b = NULL;

	*host = NULL;
	if (id >= HOST_ID && (size_t)(id & ~HOST_ID) < boxes_hosts(bs->boxes))
		*host = boxes_host(bs->boxes, (size_t)(id & ~HOST_ID));
	else if (id > 0)
		b = boxes_find(bs->boxes, id, host);
	return b;
}

void
view_boxes_fold(const struct boxes_scene *bs, struct view_boxes_state *st)
{
	const struct boxes_host *h;

	view_boxes_marked(bs, st, &h);
	for (size_t i = 0; h && i < boxes_hosts(bs->boxes) && i < 64; i++) {
		if (boxes_host(bs->boxes, i) != h)
			continue;
		st->folded ^= UINT64_C(1) << i;
		scroll_select(&st->list, HOST_ID | (int)i);
	}
}

struct finding {
	const struct boxes_scene *bs;
	const struct pattern *what;
};

static bool
id_matches(const void *ctx, int id)
{
	const struct finding *g = ctx;
	const struct boxes_host *h = NULL;
	const struct box *b = id > 0 && id < HOST_ID ? boxes_find(g->bs->boxes, id, &h)
						     : NULL;
	struct str text = STR_INIT;
	bool found;

	if (!b)
		return false;
	str_addf(&text, "%s %s %s", h->name, b->name, b->image);
	found = pattern_find(g->what, text.buf, text.len, NULL, NULL) == PATTERN_YES;
	str_release(&text);
	return found;
}

bool
view_boxes_find(const struct boxes_scene *bs, struct view_boxes_state *st,
	const struct pattern *what, bool forward)
{
	struct finding g = {bs, what};

	return scroll_search(&st->list, forward, id_matches, &g);
}
