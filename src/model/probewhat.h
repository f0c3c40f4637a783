#ifndef MODEL_PROBEWHAT_H
#define MODEL_PROBEWHAT_H

/*
 * What a probe looks at: its texts together with the values of the inputs they name. Two
 * looks with the same digest are looks at the same thing; for whoever keeps readings, and
 * for whoever must know whether a probe can be looked at yet.
 */

#include "model/runbook.h"

struct probewhat {
	/* Of an input or a saved value by its full name; NULL: has none. Never asked for a
	 * secret. */
	const char *(*value)(void *ctx, const char *full_name);
	void *ctx;
};

/* Each name that must have a value before there is something to look at, maybe twice. */
void probewhat_names(const struct runbook *rb, const struct probe *p,
	void (*each)(void *ctx, const char *name), void *ctx);
/* False: a secret is part of it, and that is not in the digest: the same digest may be
 * another thing. */
bool probewhat_digest(const struct runbook *rb, const struct probe *p,
	const struct probewhat *v, char out[DIGEST_HEX + 1]);

#endif
