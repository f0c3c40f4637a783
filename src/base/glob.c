#include "base/glob.h"

#include <stddef.h>

bool
glob_fits(const char *glob, const char *text)
{
	const char *star = NULL, *back = NULL;

	while (*text) {
		if (*glob == '*') {
			star = ++glob;
			back = text;
		} else if (*glob == *text) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = ++back;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}
