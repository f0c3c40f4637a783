#ifndef REMOTE_SSHWORDS_H
#define REMOTE_SSHWORDS_H

/*
 * What the system ssh says on its standard error, read for the operator's sake: which
 * fault it names, the server's key fingerprint, the algorithms. Only words depend on it,
 * never whether something is trusted or ran. Pure; lines in, facts out.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "remote/link.h"

struct sshwords {
	struct str line;       /* the one not ended yet */
	enum link_fault fault; /* the first that was named; NONE so far */
	char text[200];        /* the sentence that named it, else the last one */
	char hostkey[64];      /* SHA256:... */
	char kex[64], cipher[64], mac[64], key[64];
	bool tried_key; /* a key was offered to the server */
	bool opened;    /* "Authenticated to" */
};

void sshwords_init(struct sshwords *w);
void sshwords_release(struct sshwords *w);
void sshwords_feed(struct sshwords *w, const char *p, size_t len);

#endif
