#include "remote/remotelibs.h"

#include <ares.h>
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>

enum { PQ_MAJOR = 10000 }; /* 150013 is 15.13 */

void
remotelibs_add(struct str *out)
{
	int pq = PQlibVersion();

	str_addf(out, "libcurl %s\n", curl_version_info(CURLVERSION_NOW)->version);
	str_addf(out, "libpq %d.%d\n", pq / PQ_MAJOR, pq % PQ_MAJOR);
	str_addf(out, "c-ares %s\n", ares_version(NULL));
	/* It cannot be asked while it runs. */
	str_addf(out, "hiredis %d.%d.%d (built with)\n", HIREDIS_MAJOR, HIREDIS_MINOR,
		HIREDIS_PATCH);
}
