#include "base/baselibs.h"

#include <jansson.h>
#include <openssl/crypto.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <utf8proc.h>

enum { VERSION_BYTES = 64 };

void
baselibs_add(struct str *out)
{
	char pcre2[VERSION_BYTES] = "?"; /* it writes at most 24, with its date */

	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	str_addf(out, "OpenSSL %s\n", OpenSSL_version(OPENSSL_VERSION_STRING));
	str_addf(out, "jansson %s\n", jansson_version_str());
	str_addf(out, "PCRE2 %s\n", pcre2);
	str_addf(out, "utf8proc %s\n", utf8proc_version());
}
