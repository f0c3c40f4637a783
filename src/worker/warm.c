#include "worker/warm.h"

#include <stddef.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

/* Nothing here may fail the program: what does not work now is said at the connection. */

static EVP_PKEY *
make_key(int type)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_id(type, NULL);
	EVP_PKEY *key = NULL;

	if (c && EVP_PKEY_keygen_init(c) == 1 &&
		(type != EVP_PKEY_EC ||
			EVP_PKEY_CTX_set_ec_paramgen_curve_nid(c, NID_X9_62_prime256v1) ==
				1))
		EVP_PKEY_keygen(c, &key);
	EVP_PKEY_CTX_free(c);
	return key;
}

static void
warm_exchange(int type)
{
	EVP_PKEY *ours = make_key(type), *theirs = make_key(type);
	EVP_PKEY_CTX *c = ours ? EVP_PKEY_CTX_new(ours, NULL) : NULL;
	unsigned char secret[64];
	size_t len = sizeof secret;

	if (c && theirs && EVP_PKEY_derive_init(c) == 1 &&
		EVP_PKEY_derive_set_peer(c, theirs) == 1)
		EVP_PKEY_derive(c, secret, &len);
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(ours);
	EVP_PKEY_free(theirs);
}

static void
warm_signature(int type, const EVP_MD *md)
{
	static const unsigned char text[32];
	EVP_PKEY *key = make_key(type);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned char sig[128];
	size_t len = sizeof sig;

	if (key && c && EVP_DigestSignInit(c, NULL, md, NULL, key) == 1 &&
		EVP_DigestSign(c, sig, &len, text, sizeof text) == 1) {
		EVP_MD_CTX_reset(c);
		if (EVP_DigestVerifyInit(c, NULL, md, NULL, key) == 1)
			EVP_DigestVerify(c, sig, len, text, sizeof text);
	}
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
}

static void
warm_stream(const EVP_CIPHER *cipher, const EVP_MD *md)
{
	static const unsigned char zero[64];
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char out[EVP_MAX_MD_SIZE > 64 ? EVP_MAX_MD_SIZE : 64];
	unsigned len = 0;
	int n;

	if (c && EVP_EncryptInit_ex(c, cipher, NULL, zero, zero) == 1)
		EVP_EncryptUpdate(c, out, &n, zero, 16);
	EVP_CIPHER_CTX_free(c);
	HMAC(md, zero, 32, zero, sizeof zero, out, &len);
	EVP_Digest(zero, sizeof zero, out, &len, md, NULL);
}

void
warm_crypto(void)
{
	unsigned char noise[32];

	RAND_bytes(noise, sizeof noise);
	warm_exchange(EVP_PKEY_X25519);
	warm_exchange(EVP_PKEY_EC);
	warm_signature(EVP_PKEY_ED25519, NULL);
	warm_signature(EVP_PKEY_EC, EVP_sha256());
	warm_stream(EVP_aes_256_ctr(), EVP_sha256());
	warm_stream(EVP_aes_128_ctr(), EVP_sha512());
}
