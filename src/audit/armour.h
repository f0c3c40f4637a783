#ifndef AUDIT_ARMOUR_H
#define AUDIT_ARMOUR_H

/*
 * The key inside an armoured signature (PROTOCOL.sshsig of OpenSSH: magic, u32 version,
 * string public key), for vouch: which key a record's signature is of. Whether it holds is
 * for ssh-keygen to say.
 */

/* "SHA256:..." or NULL when it is no signature. Caller frees. */
char *armour_fingerprint(const char *sig);
/* The same as "type base64", like a line of a .pub file. Caller frees. */
char *armour_public_line(const char *sig);

#endif
