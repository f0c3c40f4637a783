#ifndef VIEW_VIEW_ASK_H
#define VIEW_VIEW_ASK_H

/*
 * The small dialogs: a reason, a note, evidence, a choice, an input, an answer to a prompt,
 * yes or no, what became of a step nobody knows. Each fills a form; ids of items are these.
 */

#include "model/project.h"
#include "run/run.h"
#include "view/form.h"

enum {
	ASK_TEXT,
	ASK_LIST,
	ASK_YES,
	ASK_NO,
	ASK_MORE,
	ASK_COMMAND,
	ASK_HOST,
	ASK_UNDO,
	ASK_WHY_NOT,
	ASK_BOXES = 100,
	ASK_BOXES_MAX = 20
};

struct ask_words {
	const char *title;
	const char *text;  /* may be NULL */
	const char *more;  /* a second paragraph, dim; may be NULL */
	const char *field; /* label of the text field; NULL: none */
	const char *value; /* it begins with; NULL: empty */
	const char *
		second; /* label of another one, ASK_MORE, which may stay empty; or NULL */
	const char *const *rows; /* to choose from, NULL-terminated; NULL: none */
	const char *yes, *no;    /* buttons */
};
/* `no` has the focus first where there is neither field nor list. */
void view_ask_open(struct form *f, const struct ask_words *w, struct now now);
/* A field must not be empty: the button is off until it isn't. */
void view_ask_need_text(struct form *f);

/* Rows of the skip dialog, in order of enum skip_row. */
enum skip_row { SKIP_SKIP, SKIP_NA, SKIP_BY_HAND };
/* Behind them, of a step over several hosts: one row for each that may be left out. */
void view_ask_skip(struct form *f, const struct run *r, int step, struct now now);
/* The leg such a row is about; NONE: it is about the whole step. */
int view_ask_skip_leg(const struct run *r, int step, int row);
/* Rows: enum resolve_as. */
void view_ask_resolve(
	struct form *f, const struct run *r, int step, int leg, struct now now);
/* The leg of a step whose outcome is unknown; way says which. NONE: there is none. */
int view_ask_unknown_leg(const struct run *r, int step, enum way *way);
/* Every look that would be made, before the content of handrail.yaml is trusted. */
void view_ask_look(struct form *f, const struct runbook *rb, struct now now);
void view_ask_environment(
	struct form *f, const struct project *p, const char *now_chosen, struct now now);
/* Before a run may act in production: its environment is typed, and never pasted. */
struct ask_arm {
	const struct run *run;
	const char *badge, *who;
};
void view_ask_arm(struct form *f, const struct ask_arm *a, struct now now);
void view_ask_arm_update(struct form *f, const struct ask_arm *a);
void view_ask_choose(struct form *f, const struct run *r, int step, struct now now);

/* A choice of the host may still be on its way. */
enum ask_choices { ASK_NO_CHOICES, ASK_LOOKING, ASK_READY, ASK_FAILED };
struct ask_input {
	const struct runbook *runbook;
	int input;
	enum ask_choices state;
	const char *const *lines; /* ASK_READY */
	size_t count;
	const char *why;   /* ASK_FAILED */
	int nth, of;       /* "input 1 of 3" */
	const char *given; /* it has, or had in the last run; or NULL */
	const char
		*from; /* where that is from: "run 7KQ2 of 2026-11-20"; NULL: it has it */
	const char *ran,
		*decides; /* steps that ran with it, and whose `when` it decides */
};
void view_ask_input(struct form *f, const struct ask_input *in, struct now now);
void view_ask_input_choices(struct form *f, const struct ask_input *in);
/* The chosen line, the text, or what is ticked with commas between it. A secret in it is the
 * caller's to wipe. */
void view_ask_input_value(const struct form *f, const struct input *in, struct str *out);
/* What a step does, edited for this run: which part (model/acttext.h), and what it becomes. */
void view_ask_redline_lines(
	struct form *f, const struct run *r, int step, struct now now);
void view_ask_redline(
	struct form *f, const struct run *r, int step, size_t part, struct now now);
void view_ask_redline_update(struct form *f, const struct run *r, int step, size_t part);
/* The whole of it with the part as typed; caller frees. */
char *view_ask_redline_text(
	const struct form *f, const struct run *r, int step, size_t part);
/* A step that is added to this run: to do, or a command with where it runs and its way back. */
struct added_words;
void view_ask_note(struct form *f, const struct run *r, int step, struct now now);
/* The record that the note corrects; -1: it is a new one. */
int64_t view_ask_note_of(const struct form *f);
void view_ask_added(struct form *f, const struct run *r, int after, struct now now);
void view_ask_added_update(struct form *f, const struct run *r);
/* Borrowed from the form. */
void view_ask_added_words(const struct form *f, struct added_words *out);
/* What is owed is owed later, or no longer: ASK_TEXT is until when, ASK_MORE why. */
struct ask_end {
	const char *id, *title;
	struct wall due;
	bool postpone;       /* else it is released */
	const char *stamp;   /* what was typed, as a moment */
	const char *why_not; /* it is none; NULL: it is one */
};
void view_ask_end(struct form *f, const struct ask_end *a, struct now now);
void view_ask_end_update(struct form *f, const struct ask_end *a);
/* All of them and their values; the rows are the inputs of the runbook itself, in order. */
void view_ask_inputs(struct form *f, const struct run *r, struct now now);
/* The input of a row. */
int view_ask_inputs_at(const struct run *r, int row);

#endif
