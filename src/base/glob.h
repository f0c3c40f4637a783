#ifndef BASE_GLOB_H
#define BASE_GLOB_H

/* Whole texts, as conditions of runbooks and scenarios have them: * is any text, ? is not
 * special. */

#include <stdbool.h>

bool glob_fits(const char *glob, const char *text);

#endif
