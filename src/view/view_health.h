#ifndef VIEW_VIEW_HEALTH_H
#define VIEW_VIEW_HEALTH_H

/*
 * The board as a screen: tiles where there is room, a table where there is less, the worst
 * first; below it what changed last, and on Enter everything about the marked one. The mark
 * is an item, never a place: when the order changes under it, it stays with its item. The
 * order itself stands still for two seconds after each key.
 */

#include "live/board.h"
#include "view/page.h"
#include "view/scene.h"

enum health_layout { HEALTH_BY_SIZE, HEALTH_TILES, HEALTH_TABLE };

struct health_state {
	enum health_layout layout;
	bool open; /* details of the marked one */
	int item;  /* that is marked, NONE */
	struct ints order;
	struct mono touched; /* the last key */
	int top;             /* first row shown: of tiles, or of the table */
	int across, rows;    /* as last drawn */
	struct scroll detail;
};

/* A runbook that names the marked probe, or a step of the one at hand (path NULL). */
struct health_use {
	const char *title, *path;
};

struct health_scene {
	const struct board *board; /* NULL: there is none, */
	const char *none;          /* and why */
	const char *of;            /* the title of the runbook, or NULL */
	const struct pairs *links; /* of it, or NULL */
	const struct health_use *uses;
	size_t uses_len;
	const char *no_mute, *no_logs, *no_check; /* why not, or NULL */
};

enum health_move {
	HEALTH_LEFT,
	HEALTH_RIGHT,
	HEALTH_UP,
	HEALTH_DOWN,
	HEALTH_HALF_UP,
	HEALTH_HALF_DOWN,
	HEALTH_PAGE_UP,
	HEALTH_PAGE_DOWN,
	HEALTH_FIRST,
	HEALTH_LAST,
};

void view_health_init(struct health_state *st);
void view_health_release(struct health_state *st);
void view_health_can(const struct scene *sc, const struct health_scene *hs,
	const struct health_state *st, struct keymap_can *can);
void view_health_draw(const struct scene *sc, const struct health_scene *hs,
	struct health_state *st, struct frame *f);
void view_health_move(
	const struct health_scene *hs, struct health_state *st, enum health_move m);
/* The next item in their order whose name has the text; marks it. */
enum health_way { HEALTH_FORWARD, HEALTH_BACK };
bool view_health_find(const struct health_scene *hs, struct health_state *st,
	const char *text, enum health_way way);
/* The runbook that is marked in the details, or NULL. */
const struct health_use *view_health_marked_use(
	const struct health_scene *hs, const struct health_state *st);
void view_health_turn(struct health_state *st, const struct frame *f); /* the layout */
/* "12 probes, 1 DOWN, 1 WARN. Oldest answer 9 s ago." */
void view_health_summary(const struct board *b, struct now now, struct str *out);

/* view_health_detail.c */
void view_health_detail(const struct scene *sc, const struct health_scene *hs,
	struct health_state *st, struct frame *f, struct area a);

#endif
