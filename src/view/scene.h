#ifndef VIEW_SCENE_H
#define VIEW_SCENE_H

/*
 * What every screen says around its own content: who, where, when, the one message, the
 * state of the record, the strip of readings. Filled by the console for each frame; all
 * strings are borrowed for the drawing. `now` comes in here: views read no clock.
 */

#include "base/clock.h"
#include "live/vital.h"
#include "model/verdict.h"
#include "view/keymap.h"

enum scene_level { SCENE_INFO, SCENE_WARNING, SCENE_ERROR };

struct scene_reading {                    /* one probe or link in the strip */
	const char *name, *state, *value; /* "api" "OK" "43 ms"; value may be NULL */
	enum vital_state health;
	int64_t age_ms; /* of what is no longer fresh; 0: it says nothing */
};

struct scene {
	struct now now;
	const char *badge; /* "PROD", "LOCAL" */
	bool prod;
	const char
		*arm; /* "OBSERVING", "ARMED 29m": nothing, or something, may act; NULL */
	bool armed;
	const char *force;   /* "BREAK-GLASS": a gate is passed by force; or NULL */
	const char *project; /* or NULL */
	const char *place;   /* "Run 7KR4 › Restore" */
	const char *who;
	const char *message; /* or NULL */
	enum scene_level level;
	const char *guide;   /* what to do next, for who is led through; or NULL */
	const char *asks;    /* "ni-db1 asks for a passphrase: press P", or NULL */
	const char *journal; /* "journal #12 synced", or NULL */
	bool journal_danger;
	bool journal_warns;  /* the record is well, but not all that goes with it */
	const char *running; /* "3.3 on web1 is still running 0:42", or NULL */
	bool readonly;
	const char *
		looks_on; /* "anna drives since 10:02Z": read-only for that reason; or NULL */
	bool far; /* the same: that one drives on another machine, reached by the store */
	const struct keymap *keys; /* the operator's own; NULL: the built-in ones */
	const struct scene_reading *strip;
	size_t strip_len;
};

enum scene_size {
	SCENE_TOO_SMALL,
	SCENE_COMPACT,
	SCENE_NARROW,
	SCENE_NORMAL,
	SCENE_WIDE
};
enum scene_size scene_size(const struct frame *f);

/* Title bar, strip, guide, message line, footer; gives the area between. */
struct area scene_draw(const struct scene *s, struct frame *f, enum keymap_place place,
	const struct keymap_can *can);
/* The notice that the window is too small. */
void scene_too_small(const struct scene *s, struct frame *f);
enum style scene_verdict_style(enum verdict v);
/* "26 h", "41 m", "now": how long ago, short. */
const char *scene_ago(struct wall then, struct wall now, char out[16]);

#endif
