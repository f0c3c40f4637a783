#ifndef VIEW_VIEW_RUN_H
#define VIEW_VIEW_RUN_H

/*
 * The run: the tree of steps, what the marked step is and did, and its output as it comes.
 * Everything is read from the fold of the record, so what is shown is on disk; only the
 * output lines, the state of the links and the live readings are not facts.
 */

#include "model/jobstate.h"
#include "run/gate.h"
#include "view/page.h"
#include "view/ring.h"
#include "view/scene.h"

enum run_pane { RUN_TREE, RUN_DETAIL, RUN_OUTPUT };
enum run_lines { RUN_LINES_CUT, RUN_LINES_WRAPPED };
enum run_tab { RUN_TAB_DETAIL, RUN_TAB_OUTPUT, RUN_TAB_HISTORY };

struct run_state {
	struct scroll tree, detail, output, history; /* tree: ids are indices of steps */
	enum run_pane pane;
	enum run_tab tab; /* of the one pane below the tree at 80 columns; history wide */
	enum run_lines lines; /* long ones of the output */
	bool zoom;
	bool moved;       /* the person went elsewhere: the tree does not follow */
	int output_width; /* it was last drawn with */
	int output_found; /* line of it that a search found, from 1; 0: none */
};

/* A job that is under way, as this console hears of it. */
struct run_follow {
	int step, leg;
	enum way way;
	enum job_state state;
	bool offline;         /* nobody can ask the host now */
	int64_t silent_ms;    /* since its last word; -1: never */
	int64_t behind_bytes; /* of output the host has and we do not */
};

/* It is no run that goes on, but a recorded one after so many of its records. */
struct run_replay {
	size_t at, of;
	const char *words; /* of the last one that was applied */
};

struct run_scene {
	const struct run *run;
	const struct ring *output;
	const struct reading *live; /* by probe, .probe NONE: never looked; or NULL */
	const char *const *links;   /* words by target, NULL: nothing to say */
	const struct run_follow *follows;
	size_t follows_len;
	const char *dir;            /* of the record */
	const char *const *history; /* lines, newest last */
	size_t history_len;
	bool broken;                     /* a connection is lost or failed */
	bool signing;                    /* a signature is being made */
	const struct run_replay *replay; /* NULL: it is a run */
};

void view_run_draw(const struct scene *sc, const struct run_scene *rs,
	struct run_state *st, struct frame *f);
void view_run_replay_can(const struct run_replay *p, struct keymap_can *can);
void view_run_can(const struct scene *sc, const struct run_scene *rs,
	const struct run_state *st, struct keymap_can *can);
/* The step whose output is of interest: the marked one, or while that has none the last
 * one that ran. NONE: nothing ran yet. */
int view_run_output_step(const struct run *r, int marked);
/* Follows the run while the person has not moved. */
/* Of a watch: somebody could have seen something. */
bool view_run_was_watched(const struct run *r, int step);
void view_run_follow(const struct run *r, struct run_state *st);
/* What the pane with the focus scrolls. */
struct scroll *view_run_scroll(struct run_state *st, const struct frame *f);
/* The next line of the output with this text, brought to a third of the pane. */
bool view_run_find_output(
	const struct run_scene *rs, struct run_state *st, const char *find, bool forward);
/* Long lines of the output go on below, or are cut again. */
void view_run_wrap(struct run_state *st);
/* What Enter would do to the step now: a word for the footer, NULL: nothing. */
const char *view_run_act_word(const struct run *r, int step);
/* "0:42", "LATE 5:12 of 5:00", "retry in 4 s": NULL when there is no timer. */
bool view_run_timer(const struct run *r, int step, struct wall now, struct str *out);
void view_run_release(struct run_state *st);

/* A leg that is under way, or NULL. */
const struct leg_run *view_run_active_leg(const struct run_step *rs);

/* view_run_detail.c */
enum run_hosts { RUN_HOSTS_ROWS, RUN_HOSTS_COLUMNS };
void view_run_detail(const struct run_scene *rs, int step, enum run_hosts hosts,
	struct wall now, struct page *p);
void view_run_output(
	const struct run_scene *rs, int step, enum run_lines lines, struct page *p);

/* view_run_hosts.c */
/* A column for each host of the step. False: it has one at most. */
bool view_run_hosts(const struct run *r, int step, struct wall now, struct page *p);

/* view_run_change.c */
/* "fail status 503 -> status 200" since the run began. False: it was not looked at then. */
bool view_run_change(const struct reading *rd, struct str *out);
/* A line for each probe of a check that is settled. */
void view_run_changes(const struct run *r, int step, struct page *p);
/* view_run_check.c */
const char *view_run_box(enum verdict v); /* "[x]" "[!]" "[?]" */
void view_run_checking(
	const struct run_scene *rs, int step, struct wall now, struct page *p);

/* view_run_heard.c */
/* Of a leg, NULL: none of it is under way here. */
const struct run_follow *view_run_followed(
	const struct run_scene *rs, int step, int leg, enum way way);
/* "web1: last heard 41 s ago; ..., 3.1 MiB behind". False: it is heard, nothing to say. */
bool view_run_heard(const struct run_follow *f, const char *host, struct str *out);

#endif
