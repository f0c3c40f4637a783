#ifndef AUDIT_CERTKEY_H
#define AUDIT_CERTKEY_H

/*
 * What a certificate of OpenSSH says (PROTOCOL.certkeys): of which key it is, whose, and who
 * made it. Nothing is proven here, nor whether it is valid: ssh-keygen decides.
 */

#include "base/str.h"
#include "base/vec.h"

struct certkey {
	struct str plain;     /* blob of the key itself, which its fingerprint is of */
	struct str authority; /* blob of the key that signed it */
	VEC_OF(char *) names; /* whose: its principals, in its order */
};

/* By the type that the blob of a public key begins with. */
bool certkey_is(const void *blob, size_t len);
/* False: none, or a broken one; nothing to release then. */
bool certkey_read(const void *blob, size_t len, struct certkey *out);
void certkey_release(struct certkey *c);

#endif
