#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>

#include "base/bug.h"
#include "base/mem.h"

struct digest {
	EVP_MD *sha256; /* looked up once: a fetch costs more than hashing a short line */
	EVP_MD_CTX *ctx;
};

static void
start(struct digest *d)
{
	int ok = EVP_DigestInit_ex2(d->ctx, d->sha256, NULL);

	BUG_ON(ok != 1);
}

struct digest *
digest_new(void)
{
	struct digest *d = mem_alloc(sizeof *d);

	d->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	d->ctx = EVP_MD_CTX_new();
	BUG_ON(d->sha256 == NULL || d->ctx == NULL);
	start(d);
	return d;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	EVP_MD_free(d->sha256);
	mem_free(d);
}

void
digest_update(struct digest *d, const void *p, size_t len)
{
	int ok = EVP_DigestUpdate(d->ctx, p, len);

	BUG_ON(ok != 1);
}

static void
add_hex(const unsigned char *p, size_t bytes, char *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < bytes; i++) {
		out[2 * i] = hex[p[i] >> 4];
		out[2 * i + 1] = hex[p[i] & 15];
	}
	out[2 * bytes] = '\0';
}

void
digest_final_hex(struct digest *d, char out[DIGEST_HEX + 1])
{
	unsigned char raw[DIGEST_BYTES];
	unsigned int len = 0;
	int ok = EVP_DigestFinal_ex(d->ctx, raw, &len);

	BUG_ON(ok != 1 || len != DIGEST_BYTES);
	add_hex(raw, sizeof raw, out);
	start(d);
}

void
digest_hex(const void *p, size_t len, char out[DIGEST_HEX + 1])
{
	struct digest *d = digest_new();

	digest_update(d, p, len);
	digest_final_hex(d, out);
	digest_free(d);
}

void
digest_random(void *p, size_t bytes)
{
	char *at = p;

	while (bytes > 0) {
		ssize_t n = getrandom(at, bytes, 0);
		if (n < 0 && errno == EINTR)
			continue;
		BUG_ON(n <= 0);
		at += n;
		bytes -= (size_t)n;
	}
}

void
digest_random_hex(size_t bytes, char *out)
{
	unsigned char *raw = mem_alloc(bytes);

	digest_random(raw, bytes);
	add_hex(raw, bytes, out);
	mem_wipe_free(raw, bytes);
}
