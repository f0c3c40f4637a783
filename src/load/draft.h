#ifndef LOAD_DRAFT_H
#define LOAD_DRAFT_H

/*
 * A runbook while an importer puts it together, and how it is written as YAML. A draft arms
 * nothing: it knows steps a person does, choices, sign-offs and probes, and no commands that
 * run. Texts given to it hold no control or bidi characters and no line longer than a
 * scalar may be; draft_write sees to the length of whole texts.
 */

#include "base/map.h"
#include "base/str.h"
#include "model/runbook.h"

/* Where a step came from: id, how `source: {kind:}` calls it. */
#define DRAFT_SOURCES(X) \
	X(TASK, "task") \
	X(ORDERED, "ordered") \
	X(FENCE, "fence") \
	X(HEADING, "heading") \
	X(ITEM, "item") \
	X(TABLE, "table") \
	X(TEXT, "text")

enum draft_source {
#define X(id, name) DRAFT_##id,
	DRAFT_SOURCES(X)
#undef X
		DRAFT_SOURCE_COUNT
};

struct draft_step {
	enum step_kind kind; /* STEP_SECTION, _DO, _CHOOSE, _SIGNOFF */
	char *title;         /* one line */
	struct str text;     /* do: what stands below the title */
	struct str why;      /* paragraphs */
	struct str explain;  /* "- " lines: dangers, drafts */
	char *id;            /* only where another step names it */
	int line;            /* of the document */
	enum draft_source source;
	struct pairs when;    /* "step.ID" to a state */
	struct pairs options; /* choose: label to the id it goes to */
	struct pairs links;
	struct strings after; /* sign-off: roles that sign before */
	char *role, *says;    /* sign-off */
	bool evidence;        /* do: wants a text with the tick */
};

struct draft_probe {
	char *name, *url, *expect; /* expect: a flow mapping of YAML */
	char *why;
};

struct draft_input {
	char *name, *question;
	enum input_type type;
};

struct draft {
	char *file; /* the document, without its folder */
	char sha256[DIGEST_HEX + 1];
	char *title, *owner;
	struct str why;
	enum runbook_kind kind;
	char *reviewed_last; /* a date */
	int reviewed_days;   /* 0: not said */
	struct pairs contacts, links;
	struct strings aliases, tags;
	struct {
		VEC_OF(struct draft_input) list;
	} inputs;
	struct {
		VEC_OF(struct draft_probe) list;
	} probes;
	struct {
		VEC_OF(struct draft_step) list;
	} steps;
	struct map contact_names, link_names, probe_names, input_names; /* taken ones */
};

void draft_release(struct draft *d);
/* Index of a new step; `title_take` is the draft's from now on. */
int draft_add(struct draft *d, enum step_kind kind, char *title_take, int line,
	enum draft_source source);
struct draft_step *draft_at(struct draft *d, int step);
/* False: an input of this name is there already. */
bool draft_add_input(
	struct draft *d, const char *name, const char *question, enum input_type type);
/* `name`, or where it is taken the next free one: with `between` ' ' "On call 2" and so on.
 * It is taken from now on. Caller frees. */
char *draft_name(struct map *taken, const char *name, char between);
/* A name for a probe no other has, from a title; it is taken. Caller frees. */
char *draft_probe_name(struct draft *d, const char *title);
const char *draft_source_name(enum draft_source s);
/* The runbook. A draft without a step gets one that says so. */
void draft_write(const struct draft *d, struct str *out);

#endif
