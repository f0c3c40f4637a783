#ifndef MODEL_QUANTITY_H
#define MODEL_QUANTITY_H

/* NUMBER[UNIT] as expectations write and probes measure it. Only expect calls this. */

#include "model/expect.h"

struct quantity {
	double number;    /* in the base unit of its family */
	const char *unit; /* static; "" if there is none */
	double factor;    /* of one unit */
	enum expect_family family;
};

/* One quantity at the front of s; *after is what follows. False: there is none. */
bool quantity_read(const char *s, struct quantity *q, const char **after);
/* A unit by its name; an unknown one is a plain number. `number` is 0. */
struct quantity quantity_unit(const char *name);

#endif
