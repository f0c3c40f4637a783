#ifndef PROBE_METRICLINE_H
#define PROBE_METRICLINE_H

/*
 * A page of metrics in the text format of Prometheus: the series that a selector
 * (`name{label="value"}`) names. Labels that it leaves out may be anything. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct metricline_found {
	size_t series;    /* that match */
	double value;     /* of the last of them */
	size_t malformed; /* lines that are none */
	size_t lines;     /* that are */
};

bool metricline_find(const char *page, size_t len, const char *selector,
	struct metricline_found *out, struct err *e) WARN_UNUSED;

#endif
