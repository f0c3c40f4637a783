#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

/*
 * What a look came to. Order is rank: a later one is worse news for whoever asks whether
 * to go on, but "unknown" beats "fail" only where nothing failed for certain.
 */

#include <stdbool.h>

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL, VERDICT_UNKNOWN };

const char *verdict_name(enum verdict v); /* "ok" "warn" "fail" "unknown" */
bool verdict_parse(const char *s, enum verdict *out);

#endif
