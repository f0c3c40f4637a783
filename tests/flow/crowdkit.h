#ifndef TESTS_FLOW_CROWDKIT_H
#define TESTS_FLOW_CROWDKIT_H

/* Several links in one loop that share a doorman and a keyring, as those of a fleet do. */

#include "remote/doorman.h"
#include "remote/keyring.h"
#include "workerkit.h"

enum { CROWD_MAX = 64 };

struct crowd {
	struct loop *loop;
	bool own_loop;
	struct doorman *doorman;
	struct keyring *ring;
	int count;
	struct kit k[CROWD_MAX];
};

/* In this loop, or in one of its own when NULL. */
static inline void
crowd_open_in(struct crowd *c, struct loop *loop)
{
	struct err e = ERR_INIT;

	*c = (struct crowd){.loop = loop ? loop : loop_new(), .own_loop = !loop};
	c->doorman = doorman_new(c->loop);
	c->ring = keyring_new(c->loop, &e);
	assert_non_null(c->ring);
}

static inline void
crowd_open(struct crowd *c)
{
	crowd_open_in(c, NULL);
}

static inline struct kit *
crowd_add(struct crowd *c, const char *alias, enum host_transport transport)
{
	struct kit *k = &c->k[c->count++];
	struct link_opts o = {
		.loop = c->loop,
		.doorman = c->doorman,
		.keyring = c->ring,
		.host = &k->host,
		.target = alias,
		.calls = {.on_state = kit_on_state, .on_prompt = kit_on_prompt, .ctx = k},
	};

	assert_true(c->count <= CROWD_MAX);
	k->loop = c->loop;
	k->host.via = HOST_SSH;
	k->host.transport = transport;
	k->link = link_new(&o);
	return k;
}

static inline struct kit *
crowd_link(struct crowd *c, const char *alias, enum host_transport transport)
{
	struct kit *k = crowd_add(c, alias, transport);

	link_connect(k->link);
	return k;
}

static inline bool
crowd_settled(struct crowd *c)
{
	for (int i = 0; i < c->count; i++) {
		enum link_state s = state_of(&c->k[i]);

		if (s != LINK_READY && s != LINK_FAILED)
			return false;
	}
	return true;
}

static inline bool
crowd_says(struct kit *k, const char *words)
{
	struct link_status s;

	link_status(k->link, &s);
	return strstr(s.words, words) != NULL;
}

static inline void
crowd_close(struct crowd *c)
{
	for (int i = 0; i < c->count; i++)
		link_free(c->k[i].link);
	doorman_free(c->doorman);
	keyring_free(c->ring);
	if (c->own_loop)
		loop_free(c->loop);
}

#endif
