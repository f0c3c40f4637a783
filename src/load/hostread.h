#ifndef LOAD_HOSTREAD_H
#define LOAD_HOSTREAD_H

/* Hosts of a runbook and of an environment. */

#include "load/loading.h"

/* One host as written. False after a complaint; `out` is then still whole. */
bool hostread_one(const struct reading *r, const char *dir, const struct ynode *key,
	struct project_host *out);
/* Those of the project's environment, for every file. */
/* The scenario of that file, or of the text that stands for it; complaints are given. */
struct scenario *hostread_scenario(
	const struct load_opts *o, const char *path, struct diags *d);
/* The one behind `sim:`. `o` may be NULL. */
void hostread_attach(const struct reading *r, const struct load_opts *o, struct host *h);
void hostread_environment(struct loading *l);
/* Those of a file's `hosts:`, NULL for none, into the frame. */
void hostread_file(struct frame *f, const struct ynode *table);

#endif
