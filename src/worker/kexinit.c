#include "worker/kexinit.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/wire.h"

enum {
	MSG_KEXINIT = 20,
	COOKIE_BYTES = 16,
	PACKET_MAX = 35000,
};

/* The version line may come after other lines (RFC 4253, 4.2). False: none yet. */
static bool
find_version(const char *bytes, size_t len, size_t *at, size_t *line_len)
{
	size_t i = 0;

	while (i < len) {
		const char *end = memchr(bytes + i, '\n', len - i);
		size_t n = end ? (size_t)(end - bytes) - i : len - i;

		if (n >= 4 && memcmp(bytes + i, "SSH-", 4) == 0) {
			*at = i;
			*line_len = n;
			return end != NULL;
		}
		if (!end)
			return false;
		i += n + 1;
	}
	return false;
}

/* What came last is a piece of the version line of somebody who does speak it: a
 * connection that was cut there says nothing about the host. */
static bool
begins_version(const char *bytes, size_t len)
{
	static const char *const versions[] = {"SSH-2.0-", "SSH-1.99-"};
	const char *lf = memrchr(bytes, '\n', len), *line = lf ? lf + 1 : bytes;
	size_t n = len - (size_t)(line - bytes);

	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		size_t all = strlen(versions[i]);

		if (n > 0 && memcmp(line, versions[i], n < all ? n : all) == 0)
			return true;
	}
	return false;
}

static bool
get_list(struct wire_cursor *c, char out[KEXINIT_LIST_BYTES])
{
	size_t len;
	const char *p = wire_get_bytes(c, &len);

	if (!p)
		return false;
	if (len >= KEXINIT_LIST_BYTES)
		len = KEXINIT_LIST_BYTES - 1;
	memcpy(out, p, len);
	out[len] = 0;
	return true;
}

/* u32 length, u8 padding, payload: u8 20, cookie, lists in the order of our enum. */
static bool
read_lists(struct kexinit *k, const char *bytes, size_t len)
{
	struct wire_cursor c = {.p = bytes, .len = len};
	uint32_t packet = wire_get_u32(&c);

	if (c.bad || packet > PACKET_MAX || c.len < packet || packet < 2 + COOKIE_BYTES ||
		c.p[1] != MSG_KEXINIT)
		return false;
	c.p += 2 + COOKIE_BYTES;
	c.len = packet - 2 - COOKIE_BYTES;
	for (int i = 0; i < KEXINIT_LIST_COUNT; i++) {
		if (!get_list(&c, k->list[i]))
			return false;
	}
	return true;
}

void
kexinit_read(struct kexinit *k, const char *bytes, size_t len)
{
	size_t at, n;

	*k = (struct kexinit){.kind = len ? KEXINIT_FOREIGN : KEXINIT_SILENT};
	if (!find_version(bytes, len, &at, &n)) {
		if (len && begins_version(bytes, len))
			k->kind = KEXINIT_SILENT;
		return;
	}
	size_t shown = n < sizeof k->version ? n : sizeof k->version - 1;
	memcpy(k->version, bytes + at, shown);
	k->version[strcspn(k->version, "\r")] = 0;
	if (!str_starts(k->version, "SSH-2.0-") && !str_starts(k->version, "SSH-1.99-"))
		return;
	at += n + 1;
	k->kind = read_lists(k, bytes + at, len - at) ? KEXINIT_LISTS : KEXINIT_VERSION;
}

bool
kexinit_shares(const char *wanted, const char *offered)
{
	while (*wanted) {
		size_t n = strcspn(wanted, ",");

		for (const char *o = offered; *o;) {
			size_t m = strcspn(o, ",");

			if (n > 0 && m == n && memcmp(o, wanted, n) == 0)
				return true;
			o += m;
			o += *o == ',';
		}
		wanted += n;
		wanted += *wanted == ',';
	}
	return false;
}

void
kexinit_misfit(const struct kexinit *k, const char *const ours[KEXINIT_LIST_COUNT],
	char *out, size_t size)
{
	static const char *const what[KEXINIT_LIST_COUNT] = {
		[KEXINIT_KEX] = "key exchange",
		[KEXINIT_HOSTKEY] = "host keys",
		[KEXINIT_CIPHER_OUT] = "ciphers",
		[KEXINIT_CIPHER_IN] = "ciphers",
		[KEXINIT_MAC_OUT] = "MACs",
		[KEXINIT_MAC_IN] = "MACs",
	};

	*out = 0;
	for (int i = 0; k->kind == KEXINIT_LISTS && i < KEXINIT_LIST_COUNT; i++) {
		if (kexinit_shares(ours[i], k->list[i]))
			continue;
		snprintf(out, size, "%s: the host has only %s", what[i],
			*k->list[i] ? k->list[i] : "none");
		return;
	}
}
