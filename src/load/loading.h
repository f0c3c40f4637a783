#ifndef LOAD_LOADING_H
#define LOAD_LOADING_H

/*
 * What the readers of this folder share while one runbook is put together: the model
 * being filled, names already taken, and for each file (the runbook or a called one) its
 * frame. Not for callers of load.h.
 */

#include "base/map.h"
#include "load/idtable.h"
#include "load/keyed.h"
#include "load/load.h"

enum {
	LOADING_STEPS_MAX = 20000,
	LOADING_DEPTH_MAX = 8,
	LOADING_CALLS_MAX = 200,
};

/* Indices in a struct map, which holds pointers: 0 is absent. */
int loading_index(const struct map *m, const char *key); /* NONE if absent */
void loading_put(struct map *m, const char *key, int index);

struct loading {
	struct runbook *rb;
	struct diags *d;
	const struct load_opts *o;
	struct keytable_index *keys;
	const struct environment *env; /* chosen, or NULL */
	struct scenario *scenario;     /* it plays all hosts; or NULL */
	struct environment practice;   /* then env is this one */
	struct idtable ids;            /* of all steps, full */
	struct map env_hosts;          /* names handrail.yaml gives: host index */
	struct map hosts;              /* names of all files: index */
	struct map roles;              /* names given already */
	struct map probes;             /* full name: index */
	struct map env_probes;         /* names handrail.yaml gives: index */
	struct map inputs;             /* full name: index */
	const char *stack[LOADING_DEPTH_MAX];
	int depth;
	int calls;
	bool stopped; /* too many steps: said once */
};

/* A step name to be found when all steps of the file are known. */
enum fixup_kind { FIXUP_NEEDS, FIXUP_FAILURE, FIXUP_OPTION };

struct fixup {
	enum fixup_kind kind;
	int step, option;
	const struct ynode *node;
};

struct frame {
	struct loading *l;
	struct reading r;
	const char *dir; /* of the file */
	int scope;
	const char *prefix; /* of names and ids: "" or "call-id/" */
	int call;           /* step that called, or NONE */
	struct map hosts;   /* names this file may use: index */
	struct map own_ids; /* ids written in this file: line */
	struct map slugs;   /* slug: how often */
	VEC_OF(struct fixup) fixups;
	const char *number; /* of the calling step with ".", or "" */
	int top, sub;       /* counters of the display number */
	int section;        /* step index of the current one, or NONE */
	bool in_section;    /* of this file */
};

/* ---- names; all complain and then give something harmless ------------------------------ */

/* Host by name; NONE for NULL, 0 or NONE after a complaint. */
int loading_host(const struct frame *f, const struct ynode *n);
int loading_probe(const struct frame *f, const struct ynode *n);
void loading_probes(const struct frame *f, const struct ynode *n, struct ints *out);
/* On the heap: with the prefix of its file. */
char *loading_full(const struct frame *f, const char *name);
/* A name a person gives to something: checked as `value`. */
bool loading_name(const struct reading *r, const struct ynode *key, enum key_value value,
	const char *what);

#endif
