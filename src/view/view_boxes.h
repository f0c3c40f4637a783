#ifndef VIEW_VIEW_BOXES_H
#define VIEW_VIEW_BOXES_H

/*
 * Containers of a run's hosts, grouped by host, because the question is whether one host is
 * different from the other; below them what to watch out for, or all about the marked one. A
 * host that is silent keeps its rows, with a question mark and the time. The selection is a
 * container, never a row.
 */

#include "base/pattern.h"
#include "live/boxfacts.h"
#include "view/scene.h"
#include "view/scroll.h"

#define VIEW_BOXES_SORTS(X) \
	X(STATE, "state, worst first") \
	X(NAME, "name") \
	X(CPU, "cpu") \
	X(MEMORY, "memory") \
	X(RESTARTS, "restarts")

enum view_boxes_sort {
#define X(id, words) VIEW_BOXES_BY_##id,
	VIEW_BOXES_SORTS(X)
#undef X
		VIEW_BOXES_SORT_COUNT
};

enum view_boxes_pane { VIEW_BOXES_LIST, VIEW_BOXES_BELOW };

struct view_boxes_state {
	struct scroll list, below;
	enum view_boxes_pane pane;
	enum view_boxes_sort sort;
	bool inspect; /* below stands the marked one, not what to watch out for */
	bool paused;
	struct now then; /* paused: when */
	uint64_t folded; /* hosts, by bit */
};

struct boxes_scene {
	const struct boxes *boxes;
	const struct pattern *filter; /* NULL: none */
	const char *filter_text;
	const char *project; /* of the title; or NULL */
	const char *way;     /* how the hosts are asked */
	const char *no_act;  /* why nothing can be done to one, or NULL */
};

void view_boxes_release(struct view_boxes_state *st);
void view_boxes_can(const struct scene *sc, const struct boxes_scene *bs,
	const struct view_boxes_state *st, struct keymap_can *can);
void view_boxes_draw(const struct scene *sc, const struct boxes_scene *bs,
	struct view_boxes_state *st, struct frame *f);
/* The marked container; NULL: none is, and *host then is the marked host or NULL. */
const struct box *view_boxes_marked(const struct boxes_scene *bs,
	const struct view_boxes_state *st, const struct boxes_host **host);
/* Folds the marked host, or that of the marked container. */
void view_boxes_fold(const struct boxes_scene *bs, struct view_boxes_state *st);
/* The next container whose name, image or host matches; false: there is none. */
bool view_boxes_find(const struct boxes_scene *bs, struct view_boxes_state *st,
	const struct pattern *what, bool forward);

#endif
