#ifndef VIEW_VIEW_LOGS_H
#define VIEW_VIEW_LOGS_H

/*
 * The logs of a run's hosts, merged by time: what each source is doing, the lines that the
 * filter wants, and where the person stands in them. Following, the newest line is at the
 * bottom; any step upwards pauses, and then the lines that wait are counted. The selection
 * is a line, never a row: lines that come, go or are put in between do not move it. A
 * trace is one row until it is unfolded.
 */

#include "base/vec.h"
#include "live/logs.h"
#include "live/query.h"
#include "view/scene.h"

struct view_logs_state {
	bool paused;
	uint64_t line;                  /* the selected one, when paused */
	int row;                        /* of the screen it stands in */
	uint64_t waiting;               /* paused: lines from here on came after ... */
	size_t between, between_errors; /* ... and these, put in before */
	int left;                       /* cells that are scrolled away at the left */
	int rows, cols;                 /* of the list as last drawn */
	VEC_OF(uint64_t) unfolded;      /* first lines of traces */
};

struct logs_scene {
	const struct logs *logs;
	const struct query *wanted; /* by level and filter */
	const struct query *found;  /* of these, by the search; NULL: no search */
	enum loglevel level;
	const char *filter, *search; /* NULL: none */
	const char *none;            /* a sentence instead of lines, or NULL */
	const char *no_note;         /* why nothing can be added to the record, or NULL */
};

enum logs_move {
	LOGS_UP,
	LOGS_DOWN,
	LOGS_PAGE_UP,
	LOGS_PAGE_DOWN,
	LOGS_HALF_UP,
	LOGS_HALF_DOWN,
	LOGS_FIRST,
	LOGS_LAST, /* and follows again */
};

void view_logs_release(struct view_logs_state *st);
void view_logs_can(
	const struct scene *sc, const struct logs_scene *ls, struct keymap_can *can);
void view_logs_draw(const struct scene *sc, const struct logs_scene *ls,
	struct view_logs_state *st, struct frame *f);
void view_logs_move(
	const struct logs_scene *ls, struct view_logs_state *st, enum logs_move step);
void view_logs_pause(const struct logs_scene *ls, struct view_logs_state *st);
void view_logs_follow(struct view_logs_state *st);
/* The next or previous line of at least this level; of `found`. False: there is none. */
enum logs_way { LOGS_FORWARD, LOGS_BACK };
void view_logs_sideways(struct view_logs_state *st, enum logs_way way); /* half a width */
bool view_logs_jump_level(const struct logs_scene *ls, struct view_logs_state *st,
	enum logs_way way, enum loglevel level);
bool view_logs_jump_found(
	const struct logs_scene *ls, struct view_logs_state *st, enum logs_way way);
/* Opens or closes the trace the selection stands on; false: it is none. */
bool view_logs_fold(const struct logs_scene *ls, struct view_logs_state *st);
/* A line was put in before the end; `wanted` is NULL when the filter leaves it out. */
void view_logs_inserted(
	struct view_logs_state *st, uint64_t seq, const struct logline *wanted);
/* The selected line; false: there is none. */
bool view_logs_selected(
	const struct logs_scene *ls, const struct view_logs_state *st, uint64_t *line);

#endif
