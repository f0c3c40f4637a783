#include "share/hexed.h"

#include <stddef.h>
#include <string.h>

enum { HEX = 16 };

static int
nibble(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool
hexed_add(struct str *out, const char *hex)
{
	for (; hex && *hex; hex += 2) {
		int high = nibble(hex[0]), low = high < 0 ? -1 : nibble(hex[1]);

		if (low < 0)
			return false;
		str_addc(out, (char)(high * HEX + low));
	}
	return hex != NULL;
}
