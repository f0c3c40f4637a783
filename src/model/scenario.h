#ifndef MODEL_SCENARIO_H
#define MODEL_SCENARIO_H

/*
 * A scenario (handrail-scenario(5)) as plain data: hosts that are pretended, what their
 * commands, probes, logs and containers say in which state, and what changes the state. What
 * happens in it is remote/sim.h. Shared by counted references.
 */

#include "model/facts.h"
#include "model/project.h"

/* One thing that is measured, in base units. */
struct scene_fact {
	enum expect_field field;
	char *key;  /* of a map, or a pointer into JSON; NULL */
	char *text; /* as written */
	double number;
	bool is_number; /* the field is one, or the text reads as one */
};

struct scene_facts {
	VEC_OF(struct scene_fact) list;
};

struct scene_answer {
	char *step, *match, *host; /* NULL: any */
	struct pairs when, set, input;
	int times; /* 0: always */
	int64_t after_ms;
	char *output, *error; /* never NULL */
	size_t output_len;
	int exit;
	struct scene_facts is; /* of a step that is no command */
	char *wrong;           /* why it is a wrong turn; NULL: it is none */
	int line;
};

struct scene_probe {
	char *probe, *host;
	struct pairs when;
	struct scene_facts is;
	char *nothing, *silent; /* NULL: there, and it answers */
	int64_t after_ms;
	int line;
};

struct scene_log {
	char *log, *host;
	struct pairs when;
	struct strings lines;
	int64_t every_ms; /* 0: once */
};

struct scene_box {
	char *host, *name, *image, *state, *health;
	char *project, *service; /* of compose; "" or NULL: none */
	struct pairs when;
	int restarts;
};

struct scene_event {
	int64_t at_ms; /* after the beginning, or the step; NONE: not by time */
	char *after;   /* step, or NULL */
	struct pairs when, set;
	char *host, *fault;
	int line;
};

struct scene_hint {
	char *step, *says;
	struct pairs when;
	int line;
};

/* Where somebody stands who is guided; the words are SCENE_PLACES. */
enum scene_place {
	SCENE_AT_HOME,
	SCENE_AT_PLAN,
	SCENE_AT_RUN,
	SCENE_AT_RUNNING, /* there, and a step runs */
	SCENE_AT_HEALTH,
	SCENE_AT_LOGS,
	SCENE_AT_BOXES,
	SCENE_AT_LEARN,
	SCENE_AT_CONFIRM,
	SCENE_AT_BACK,
	SCENE_AT_BACK_WORDS,
	SCENE_AT_OVER,
	SCENE_PLACE_COUNT
};

struct scene_guide {
	enum scene_place on, until; /* until: SCENE_PLACE_COUNT: always */
	char *step, *says;          /* step: NULL: any */
	struct pairs when;
	int line;
};

struct scenario {
	int refs;
	struct source source; /* the file */
	char *title, *why, *like;
	struct {
		VEC_OF(struct project_host) list;
	} hosts; /* names and machines only */
	struct pairs inputs, state, solved;
	struct {
		VEC_OF(struct scene_answer) list;
	} answers;
	struct {
		VEC_OF(struct scene_probe) list;
	} probes;
	struct {
		VEC_OF(struct scene_log) list;
	} logs;
	struct {
		VEC_OF(struct scene_box) list;
	} boxes;
	struct {
		VEC_OF(struct scene_event) list;
	} events;
	struct {
		VEC_OF(struct scene_hint) list;
	} hints;
	struct {
		VEC_OF(struct scene_guide) list;
	} guide;
	int64_t within_ms, every_ms; /* 0: not said */
};

struct scenario *scenario_new(void);
struct scenario *scenario_ref(struct scenario *s); /* NULL gives NULL */
void scenario_unref(struct scenario *s);
/* All of `when` holds in this state. */
bool scenario_holds(const struct pairs *when, const struct pairs *state);
/* Sets what is in `set`. */
void scenario_change(struct pairs *state, const struct pairs *set);
/* The line of the guide for who stands there, and has been at places (1 << place), or NONE. */
int scenario_guide(const struct scenario *s, enum scene_place on, const char *step,
	const struct pairs *state, unsigned been);
/* A scenario's name of a host means this machine of it; NULL means any. */
bool scenario_means(const char *name, const char *host, const char *target);

#endif
