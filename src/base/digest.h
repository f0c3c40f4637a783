#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

/* SHA-256 through libcrypto, the digest fetched once per context. */

#include <stddef.h>

enum { DIGEST_BYTES = 32, DIGEST_HEX = 64 };

struct digest; /* one running hash */

struct digest *digest_new(void);
void digest_free(struct digest *d);
void digest_update(struct digest *d, const void *p, size_t len);
/* Ends the hash and starts the next; lower-case hex. */
void digest_final_hex(struct digest *d, char out[DIGEST_HEX + 1]);
void digest_hex(const void *p, size_t len, char out[DIGEST_HEX + 1]);
/* From the system's generator; dies when there is none. */
void digest_random(void *p, size_t bytes);
/* `bytes` random bytes as lower-case hex; out holds 2 * bytes + 1. */
void digest_random_hex(size_t bytes, char *out);

#endif
