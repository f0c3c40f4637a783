#ifndef LOAD_PROBEREAD_H
#define LOAD_PROBEREAD_H

/* Probes, logs and groups of containers. Hosts must have been read. */

#include "load/loading.h"

/* One probe as written. Without a frame (handrail.yaml, whose hosts differ by environment)
 * `host` and `through` stay as texts in args. False after a complaint that leaves nothing. */
bool proberead_one(const struct reading *r, const struct frame *f,
	const struct ynode *key, struct probe *out);
void proberead_file(struct frame *f, const struct ynode *table);
/* Those of handrail.yaml whose hosts this environment has; `f` is the runbook's frame. */
void proberead_project(struct frame *f);
void proberead_logs(struct frame *f, const struct ynode *table);
void proberead_containers(struct frame *f, const struct ynode *list);

#endif
