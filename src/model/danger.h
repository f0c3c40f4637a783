#ifndef MODEL_DANGER_H
#define MODEL_DANGER_H

/*
 * What a shell text would do, judged by its words: rules for lint and for the risk an
 * imported or edited command needs at least. A small shell word scanner that knows quotes,
 * comments, heredocs, pipelines and && ; it never expands anything. Pure.
 */

#include "model/diag.h"
#include "model/runbook.h"

/* One list: rule id, level, least risk it asks for, message, reason, help. */
struct danger_rule {
	const char *id; /* "W-SH-001" ... */
	enum diag_level level;
	enum risk
		risk; /* least risk a step with this must declare; RISK_NONE: no claim */
	const char *msg, *reason, *help;
};

struct danger_hit {
	const struct danger_rule *rule;
	size_t offset; /* byte in the text */
};

struct danger_hits {
	VEC_OF(struct danger_hit) list;
};

enum danger_place {
	DANGER_IN_RUN,
	DANGER_IN_PROBE,
	DANGER_IN_CHOICES,
	DANGER_IN_WATCH, /* may go on for ever */
	DANGER_IN_DO
};

struct danger_opts {
	enum danger_place place;
	bool tty;          /* the step has `tty: true` */
	const char *shell; /* interpreter or NULL for the default (bash -euo pipefail) */
	const struct danger_tables *tables; /* NULL: made for this text alone */
};

/* The tables made ready to be looked up: once for many texts. */
struct danger_tables *danger_tables_new(void);
void danger_tables_free(struct danger_tables *t);

void danger_scan(
	const char *shell_text, const struct danger_opts *o, struct danger_hits *out);
/* SQL text: what its statements destroy, and secrets. */
void danger_scan_sql(const char *sql, struct danger_hits *out);
void danger_release(struct danger_hits *h);
const struct danger_rule *danger_rules(size_t *count); /* for the manual and `help ID` */

#endif
