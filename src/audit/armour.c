#include "audit/armour.h"

#include <string.h>

#include "audit/keyfile.h"
#include "base/b64.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"

static const char armour_begin[] = "-----BEGIN SSH SIGNATURE-----";
static const char armour_end[] = "\n-----END SSH SIGNATURE-----";

/* The blob of the key, in base64. False: it is no signature. */
static bool
key_of(const char *sig, struct str *base64)
{
	struct str text = STR_INIT, raw = STR_INIT;
	const char *end = strstr(sig, armour_end);
	struct wire_cursor c;
	size_t len = 0;
	bool ok = false;

	if (!str_starts(sig, armour_begin) || !end)
		return false;
	for (const char *p = sig + sizeof armour_begin - 1; p < end; p++)
		if (!strchr(" \t\n\v\f\r", *p)) /* as lenient as ssh-keygen */
			str_addc(&text, *p);
	if (b64_decode(&raw, text.buf, text.len) && raw.len > 10 &&
		memcmp(raw.buf, "SSHSIG", 6) == 0) {
		c = (struct wire_cursor){raw.buf + 6, raw.len - 6, false};
		if (wire_get_u32(&c) == 1) {
			const char *key = wire_get_bytes(&c, &len);

			ok = key && !c.bad;
			if (ok)
				b64_encode(base64, key, len);
		}
	}
	str_release(&text);
	str_release(&raw);
	return ok;
}

char *
armour_fingerprint(const char *sig)
{
	struct str base64 = STR_INIT;
	char *fingerprint = key_of(sig, &base64)
		? keyfile_fingerprint(base64.buf, base64.len)
		: NULL;

	str_release(&base64);
	return fingerprint;
}

char *
armour_public_line(const char *sig)
{
	struct str base64 = STR_INIT, raw = STR_INIT;
	struct wire_cursor c;
	const char *type;
	size_t len = 0;
	char *line = NULL;

	if (key_of(sig, &base64) && b64_decode(&raw, base64.buf, base64.len)) {
		c = (struct wire_cursor){raw.buf, raw.len, false};
		type = wire_get_bytes(&c, &len);
		if (type && !c.bad && !memchr(type, '\0', len))
			line = mem_printf("%.*s %s", (int)len, type, base64.buf);
	}
	str_release(&raw);
	str_release(&base64);
	return line;
}
