#include "audit/armour.h"

#include <string.h>

#include "audit/keyfile.h"
#include "base/b64.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"

static const char armour_begin[] = "-----BEGIN SSH SIGNATURE-----";
static const char armour_end[] = "\n-----END SSH SIGNATURE-----";

char *
armour_fingerprint(const char *sig)
{
	struct str text = STR_INIT, raw = STR_INIT, again = STR_INIT;
	const char *end = strstr(sig, armour_end);
	struct wire_cursor c;
	char *fingerprint = NULL;
	size_t len = 0;

	if (!str_starts(sig, armour_begin) || !end)
		return NULL;
	for (const char *p = sig + sizeof armour_begin - 1; p < end; p++)
		if (!strchr(" \t\n\v\f\r", *p)) /* as lenient as ssh-keygen */
			str_addc(&text, *p);
	if (b64_decode(&raw, text.buf, text.len) && raw.len > 10 &&
		memcmp(raw.buf, "SSHSIG", 6) == 0) {
		c = (struct wire_cursor){raw.buf + 6, raw.len - 6, false};
		if (wire_get_u32(&c) == 1) {
			const char *key = wire_get_bytes(&c, &len);
			if (key && !c.bad) {
				b64_encode(&again, key, len);
				fingerprint = keyfile_fingerprint(again.buf, again.len);
			}
		}
	}
	str_release(&text);
	str_release(&raw);
	str_release(&again);
	return fingerprint;
}
