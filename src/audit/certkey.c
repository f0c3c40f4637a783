#include "audit/certkey.h"

#include <string.h>

#include "base/mem.h"
#include "base/wire.h"

/* Each type of certificate, the type of its key, and how many fields that key has. */
static const struct kind {
	const char *type, *plain;
	int fields;
} kinds[] = {
	{"ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519", 1},
	{"ssh-rsa-cert-v01@openssh.com", "ssh-rsa", 2},
	{"ssh-dss-cert-v01@openssh.com", "ssh-dss", 4},
	{"ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256", 2},
	{"ecdsa-sha2-nistp384-cert-v01@openssh.com", "ecdsa-sha2-nistp384", 2},
	{"ecdsa-sha2-nistp521-cert-v01@openssh.com", "ecdsa-sha2-nistp521", 2},
	{"sk-ssh-ed25519-cert-v01@openssh.com", "sk-ssh-ed25519@openssh.com", 2},
	{"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
		"sk-ecdsa-sha2-nistp256@openssh.com", 3},
};

static const struct kind *
kind_of(struct wire_cursor *c)
{
	size_t len;
	const char *type = wire_get_bytes(c, &len);

	for (size_t i = 0; type && i < sizeof kinds / sizeof *kinds; i++)
		if (strlen(kinds[i].type) == len && memcmp(kinds[i].type, type, len) == 0)
			return &kinds[i];
	return NULL;
}

bool
certkey_is(const void *blob, size_t len)
{
	return kind_of(&(struct wire_cursor){blob, len, false}) != NULL;
}

void
certkey_release(struct certkey *c)
{
	str_release(&c->plain);
	str_release(&c->authority);
	for (size_t i = 0; i < c->names.len; i++)
		mem_free(c->names.at[i]);
	vec_free(&c->names);
}

/* Names that stand on one line only; no others could be written down. */
static void
read_names(struct wire_cursor *list, struct certkey *out)
{
	while (list->len && !list->bad) {
		char *name = wire_get_text(list);
		bool fits = name && *name;

		for (const char *p = name; fits && *p; p++)
			fits = (unsigned char)*p > ' ' && *p != 0x7f;
		if (fits)
			vec_push(&out->names, name);
		else
			mem_free(name);
	}
}

bool
certkey_read(const void *blob, size_t len, struct certkey *out)
{
	struct wire_cursor c = {blob, len, false}, names;
	const struct kind *kind = kind_of(&c);
	const char *from;
	size_t n;

	if (!kind)
		return false;
	*out = (struct certkey){.plain = STR_INIT, .authority = STR_INIT};
	wire_add_text(&out->plain, kind->plain);
	(void)wire_get_bytes(&c, &n); /* nonce */
	from = c.p;
	for (int i = 0; i < kind->fields; i++)
		(void)wire_get_bytes(&c, &n);
	str_add(&out->plain, from, (size_t)(c.p - from));
	for (int i = 0; i < 3; i++)
		(void)wire_get_u32(&c); /* serial, type */
	(void)wire_get_bytes(&c, &n);   /* its own name */
	from = wire_get_bytes(&c, &n);
	names = (struct wire_cursor){from, n, c.bad};
	read_names(&names, out);
	for (int i = 0; i < 4; i++)
		(void)wire_get_u32(&c); /* valid after, before */
	for (int i = 0; i < 3; i++)
		(void)wire_get_bytes(&c, &n); /* options, extensions, reserved */
	from = wire_get_bytes(&c, &n);
	if (from)
		str_add(&out->authority, from, n);
	if (!c.bad && !names.bad)
		return true;
	certkey_release(out);
	return false;
}
