#ifndef PROBE_PROBE_SIM_H
#define PROBE_PROBE_SIM_H

/* The way of a probe whose host is played by a scenario, for probe.c; and what such a scenario
 * says is measured. */

#include "model/scenario.h"
#include "probe/probeway.h"

/* The scenario says what it finds; nothing else is asked. */
bool probe_sim_plays(const struct probe_look *p);

/* What a scenario says is measured, added to the facts. */
void probe_sim_facts(const struct scene_facts *is, struct facts *out);

extern const struct probe_way probe_way_sim;

#endif
