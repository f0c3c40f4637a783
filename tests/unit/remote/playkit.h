#ifndef TESTS_UNIT_REMOTE_PLAYKIT_H
#define TESTS_UNIT_REMOTE_PLAYKIT_H

/* A worker's side of the frames for a program that plays one: what it puts on the socket
 * and what it awaits there. Whatever goes otherwise ends the process with 1. */

#include <errno.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/wire.h"
#include "linkkit.h"

static inline void
put_raw(int fd, const char *p, size_t len)
{
	struct err e = ERR_INIT;

	if (!file_write_all(fd, p, len, &e))
		_exit(1);
}

static inline void
put(int fd, enum wire_type type, uint32_t channel, const struct str *payload)
{
	struct str out = STR_INIT;

	wire_add(&out, type, channel, payload ? payload->buf : "",
		payload ? payload->len : 0);
	put_raw(fd, out.buf, out.len);
	str_release(&out);
}

static inline void
put_texts(int fd, enum wire_type type, uint32_t channel, const char *const *texts, int n)
{
	struct str payload = STR_INIT;

	for (int i = 0; i < n; i++)
		wire_add_text(&payload, texts[i]);
	put(fd, type, channel, &payload);
	str_release(&payload);
}

static inline void
put_u32(int fd, enum wire_type type, uint32_t channel, uint32_t n)
{
	struct str payload = STR_INIT;

	wire_add_u32(&payload, n);
	put(fd, type, channel, &payload);
	str_release(&payload);
}

static inline void
put_hello(int fd)
{
	put_u32(fd, WIRE_HELLO, 0, WIRE_PROTO);
}

static inline void
put_key(int fd)
{
	put_texts(fd, WIRE_KEY, 0, (const char *const[]){"ssh-ed25519", "BLOB"}, 2);
}

static inline void
put_ready(int fd)
{
	put_texts(fd, WIRE_READY, 0, (const char *const[]){"kex", "cipher", "mac", "key"},
		4);
}

static inline void
put_closed(int fd, uint32_t channel, int exit)
{
	struct str payload = STR_INIT;

	wire_add_u32(&payload, (uint32_t)exit);
	wire_add_text(&payload, "");
	put(fd, WIRE_CLOSED, channel, &payload);
	str_release(&payload);
}

static inline void
put_data(int fd, uint32_t channel, size_t len)
{
	struct str payload = STR_INIT;

	while (payload.len < len)
		str_addc(&payload, 'd');
	put(fd, WIRE_DATA, channel, &payload);
	str_release(&payload);
}

/* Reads frames until one of this type came, which is copied to payload. */
static inline void
await(int fd, enum wire_type type, struct str *payload)
{
	struct wire_reader r;
	struct wire_frame f;
	struct err e = ERR_INIT;

	wire_reader_init(&r);
	for (;;) {
		char byte; /* one by one: what follows is for the next await */

		if (read(fd, &byte, 1) != 1)
			_exit(1);
		wire_feed(&r, &byte, 1);
		if (wire_next(&r, &f, &e) != 1 || f.type != type)
			continue;
		if (payload)
			str_add(payload, f.payload, f.len);
		break;
	}
	wire_reader_release(&r);
}

static inline void
log_in(int fd)
{
	put_hello(fd);
	put_key(fd);
	await(fd, WIRE_KEY_OK, NULL);
	put_ready(fd);
}

static inline void
put_ask(int fd, uint32_t id, enum wire_ask kind, const char *text)
{
	struct str payload = STR_INIT;

	wire_add_u32(&payload, id);
	wire_add_u32(&payload, kind);
	wire_add_text(&payload, text);
	put(fd, WIRE_PROMPT, 0, &payload);
	str_release(&payload);
}

#endif
