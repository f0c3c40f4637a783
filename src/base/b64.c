#include "base/b64.h"

#include <stdint.h>

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
b64_encode(struct str *out, const void *p, size_t len)
{
	const unsigned char *in = p;

	str_reserve(out, (len + 2) / 3 * 4);
	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t n = (uint32_t)in[i] << 16;
		if (left > 1)
			n |= (uint32_t)in[i + 1] << 8;
		if (left > 2)
			n |= in[i + 2];
		char quad[4] = {
			alphabet[n >> 18],
			alphabet[n >> 12 & 63],
			left > 1 ? alphabet[n >> 6 & 63] : '=',
			left > 2 ? alphabet[n & 63] : '=',
		};
		str_add(out, quad, sizeof quad);
	}
}

static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* One group of four; padding only where it may stand, unused bits must be zero. */
static bool
decode_quad(struct str *out, const char *q, bool last)
{
	size_t digits = !last || q[3] != '=' ? 4 : q[2] != '=' ? 3 : 2;
	uint32_t n = 0;

	for (size_t i = 0; i < 4; i++) {
		int d = i < digits ? digit(q[i]) : 0;
		if (d < 0)
			return false;
		n = n << 6 | (uint32_t)d;
	}
	if ((digits == 3 && (n & 0xff) != 0) || (digits == 2 && (n & 0xffff) != 0))
		return false;
	unsigned char bytes[3] = {
		(unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n};
	str_add(out, bytes, digits - 1);
	return true;
}

bool
b64_decode(struct str *out, const char *text, size_t len)
{
	size_t start = out->len;

	if (len % 4 != 0)
		return false;
	for (size_t i = 0; i < len; i += 4) {
		if (!decode_quad(out, text + i, i + 4 == len)) {
			str_cut(out, start);
			return false;
		}
	}
	return true;
}
