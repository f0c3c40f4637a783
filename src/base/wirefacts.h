#ifndef BASE_WIREFACTS_H
#define BASE_WIREFACTS_H

/*
 * The payload of the console's HELLO: everything a worker knows of its host. The console
 * fills it from `ssh -G` and `ssh-keygen -F`; the worker reads no configuration itself.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "base/wire.h"

/* Texts are never NULL, "" where there is nothing to say. One list makes the fields and
 * their order on the wire. */
#define WIREFACTS_TEXTS(X) \
	X(host)     /* name or address to connect to */ \
	X(user)     /* on the host */ \
	X(family)   /* any, inet or inet6 */ \
	X(bind)     /* local address to come from */ \
	X(hostkeys) /* types of the known host keys, best first, comma separated */ \
	X(agent)    /* socket path */ \
	X(keeper) /* the same, of the agent with the keys that were unlocked for this run */ \
	X(methods) /* PreferredAuthentications, where the operator set them */
#define WIREFACTS_NUMBERS(X) \
	X(port) \
	X(connect_ms) /* until READY; the wait for a person not counted */ \
	X(agent_ms)   /* for one answer of the agent, which may wait for a touch */ \
	X(read_ms)    /* silence while a request is outstanding */ \
	X(flags)

enum wirefacts_flag {
	WIREFACTS_IDENTITIES_ONLY = 1,
	WIREFACTS_PUBKEY = 2,
	WIREFACTS_PASSWORD = 4,
	WIREFACTS_KBDINT = 8,
};

struct wirefacts {
#define X(name) char *name;
	WIREFACTS_TEXTS(X)
#undef X
#define X(name) uint32_t name;
	WIREFACTS_NUMBERS(X)
#undef X
	VEC_OF(char *) files; /* identity files, in order of preference */
};

/* With the proto number in front. Always fits one frame: texts that are absurdly long
 * become "", files that do not fit are left out. */
void wirefacts_add(struct str *payload, const struct wirefacts *f);
/* False when the payload is not of our proto or is broken; f is released then. */
bool wirefacts_get(struct wirefacts *f, const char *payload, size_t len);
void wirefacts_release(struct wirefacts *f);

#endif
