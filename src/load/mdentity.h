#ifndef LOAD_MDENTITY_H
#define LOAD_MDENTITY_H

/*
 * &amp; and &#8594; as the characters they stand for, as far as a runbook may hold them;
 * what is not known stays as it is written. mdtree calls this for every entity.
 */

#include <stddef.h>

#include "base/str.h"

/* `s`: from & to ; */
void mdentity_add(struct str *out, const char *s, size_t len);
/* A character no runbook may hold, made visible: <U+202E>. */
void mdentity_add_visible(struct str *out, unsigned cp);

#endif
