#include "remote/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/b64.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/wire.h"
#include "remote/agentlist.h"

enum { KEY_FILE_LIMIT = 64 * 1024 };

struct resolve {
	struct loop *loop;
	enum host_transport wanted;
	struct resolve_facts facts;
	struct sshconf_look *conf_look;
	struct knownhost_look *known_look;
	struct agentlist *agent;
	resolve_fn *fn;
	void *ctx;
};

/* ---- user keys ---- */

void
resolve_add_key(struct resolve_keys *k, const char *type)
{
	if (strstr(type, "-cert-v01@"))
		k->certificate++;
	else if (str_starts(type, "sk-"))
		k->fido++;
	else if (strcmp(type, "ssh-ed25519") == 0 || str_starts(type, "ecdsa-sha2-"))
		k->usable++;
	else if (strcmp(type, "ssh-rsa") == 0)
		k->rsa++;
}

/* u8 12, u32 count, then strings: key blob, which begins with its type, and comment. */
void
resolve_add_agent(struct resolve_keys *k, const char *reply, size_t len)
{
	enum { IDENTITIES_ANSWER = 12 };
	struct wire_cursor c = {.p = reply, .len = len};
	char type[64];

	if (len < 1 || *c.p != IDENTITIES_ANSWER)
		return;
	c.p++;
	c.len--;
	for (uint32_t left = wire_get_u32(&c); left > 0 && !c.bad; left--) {
		struct wire_cursor blob = {0};
		size_t n;
		const char *p;

		blob.p = wire_get_bytes(&c, &blob.len);
		wire_get_bytes(&c, &n);
		if (c.bad)
			break;
		p = wire_get_bytes(&blob, &n);
		if (p && n > 0 && n < sizeof type) {
			memcpy(type, p, n);
			type[n] = 0;
			resolve_add_key(k, type);
		}
	}
}

static void
first_word(const char *text, char *out, size_t size)
{
	size_t len = strcspn(text, " \t\r\n");

	if (len >= size)
		len = 0;
	memcpy(out, text, len);
	out[len] = 0;
}

/* "openssh-key-v1\0", then strings: cipher, kdf, kdf options; u32 count; string public
 * key. The public part is in the clear also where the private one is encrypted. */
static void
openssh_key_type(const struct str *raw, char *out, size_t size)
{
	static const char magic[] = "openssh-key-v1";
	const unsigned char *b = (const unsigned char *)raw->buf;
	size_t at = sizeof magic;

	if (raw->len < at || memcmp(raw->buf, magic, at) != 0)
		return;
	for (int field = 0; field < 6; field++) {
		size_t len;

		if (raw->len - at < 4)
			return;
		len = (size_t)b[at] << 24 | (size_t)b[at + 1] << 16 |
			(size_t)b[at + 2] << 8 | b[at + 3];
		at += 4;
		if (field == 3 || field == 4)
			continue; /* the count; the blob's length: step into it */
		if (len > raw->len - at)
			return;
		if (field == 5 && len < size) {
			memcpy(out, raw->buf + at, len);
			out[len] = 0;
		}
		at += len;
	}
}

void
resolve_file_type(const char *path, char *out, size_t size)
{
	static const char begin[] = "-----BEGIN OPENSSH PRIVATE KEY-----";
	struct str text = STR_INIT, joined = STR_INIT, raw = STR_INIT;
	struct err e = ERR_INIT;

	*out = 0;
	if (!file_read(path, KEY_FILE_LIMIT, &text, &e))
		goto done;
	if (str_starts(text.buf, "-----BEGIN RSA PRIVATE KEY-----")) {
		snprintf(out, size, "ssh-rsa");
	} else if (str_starts(text.buf, "-----BEGIN EC PRIVATE KEY-----")) {
		snprintf(out, size, "ecdsa-sha2-nistp256");
	} else if (str_starts(text.buf, begin)) {
		for (const char *p = text.buf + sizeof begin - 1; *p && *p != '-'; p++) {
			if (*p != '\n' && *p != '\r')
				str_addc(&joined, *p);
		}
		if (b64_decode(&raw, joined.buf, joined.len))
			openssh_key_type(&raw, out, size);
	}
done:
	mem_wipe(text.buf, text.len);
	mem_wipe(joined.buf, joined.len);
	mem_wipe(raw.buf, raw.len);
	str_release(&text);
	str_release(&joined);
	str_release(&raw);
}

/* The type that a public key file names; "" when there is none. */
static void
public_type(const char *path, char *out, size_t size)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	*out = 0;
	if (file_read(path, KEY_FILE_LIMIT, &text, &e) &&
		(str_starts(text.buf, "ssh-") || str_starts(text.buf, "ecdsa-") ||
			str_starts(text.buf, "sk-")))
		first_word(text.buf, out, size);
	str_release(&text);
}

/* Where an agent has the private half, the file may be the public one, or missing. */
static void
add_key_file(struct resolve_keys *k, const char *path, bool agent)
{
	char *pub = mem_printf("%s.pub", path), *cert = mem_printf("%s-cert.pub", path);
	char type[64] = "";

	if (file_exists(path)) {
		resolve_file_type(path, type, sizeof type);
		if (!*type)
			public_type(agent ? path : pub, type, sizeof type);
	}
	if (!*type && (agent || file_exists(path)))
		public_type(pub, type, sizeof type);
	resolve_add_key(k, type);
	if (*type && file_exists(cert))
		k->certificate++;
	mem_free(pub);
	mem_free(cert);
}

static void
add_files(struct resolve_facts *f)
{
	const struct strings *ids = &f->conf.identityfiles,
			     *certs = &f->conf.certificatefiles;

	for (size_t i = 0; i < ids->list.len; i++)
		add_key_file(&f->keys, ids->list.at[i], f->conf.identityagent != NULL);
	for (size_t i = 0; i < certs->list.len; i++) {
		if (file_exists(certs->list.at[i]))
			f->keys.certificate++;
	}
}

/* ---- the choice ---- */

enum reason_weight {
	REASON_BETTER, /* libssh2 may be tried where somebody insists on it */
	REASON_MUST, /* libssh2 would go another way, or trust what must not be trusted */
};

struct reason {
	bool holds;
	const char *words;
	enum reason_weight weight;
};

static bool
only_rsa_or_ca(const struct knownhosts *k, bool *ca_only)
{
	bool plain = false, rsa_only = true, ca = false;

	for (size_t i = 0; i < k->list.len; i++) {
		const struct knownhost *h = &k->list.at[i];

		if (h->marker == KNOWNHOST_CA)
			ca = true;
		if (h->marker != KNOWNHOST_PLAIN)
			continue;
		plain = true;
		if (strcmp(h->type, "ssh-rsa") != 0)
			rsa_only = false;
	}
	*ca_only = ca && !plain;
	return plain && rsa_only;
}

void
resolve_choose(
	struct resolve_facts *f, enum host_transport wanted, enum resolve_ticket ticket)
{
	const struct sshconf *c = &f->conf;
	const struct resolve_keys *k = &f->keys;
	bool ca_only, rsa_host = only_rsa_or_ca(&f->known, &ca_only);
	const struct reason reasons[] = {
		{c->proxyjump != NULL, "ProxyJump", REASON_MUST},
		{c->proxycommand != NULL, "ProxyCommand", REASON_MUST},
		{c->hostbased, "host-based login", REASON_BETTER},
		{c->pkcs11provider != NULL, "a PKCS#11 key", REASON_BETTER},
		{c->knownhostscommand != NULL, "KnownHostsCommand", REASON_MUST},
		{c->revokedhostkeys != NULL, "RevokedHostKeys", REASON_MUST},
		{!c->pubkey, "login without a key", REASON_BETTER},
		{ca_only, "the host is known by a certificate authority", REASON_BETTER},
		{rsa_host, "the host is known by an RSA key only", REASON_BETTER},
		{k->certificate > 0, "a user certificate", REASON_BETTER},
		{c->gssapi && ticket == RESOLVE_TICKET, "a Kerberos ticket",
			REASON_BETTER},
		{k->usable == 0 && k->fido > 0, "the key is a FIDO key", REASON_BETTER},
		{k->usable == 0 && k->rsa > 0, "the user keys are RSA only",
			REASON_BETTER},
		{k->usable == 0, "no key file and no agent key: a password login",
			REASON_BETTER},
	};
	const struct reason *first = NULL;

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons && !first; i++)
		first = reasons[i].holds ? &reasons[i] : NULL;
	f->transport = wanted != HOST_AUTO ? wanted : first ? HOST_OPENSSH : HOST_LIBSSH2;
	f->may_fall_back = wanted == HOST_AUTO && !first;
	f->why[0] = f->cannot[0] = 0;
	if (wanted != HOST_AUTO)
		snprintf(f->why, sizeof f->why, "it is set for this host");
	else if (first)
		snprintf(f->why, sizeof f->why, "%s", first->words);
	if (wanted == HOST_LIBSSH2 && first && first->weight == REASON_MUST)
		snprintf(f->cannot, sizeof f->cannot, "libssh2 knows nothing of %s",
			first->words);
}

void
resolve_release(struct resolve_facts *f)
{
	sshconf_release(&f->conf);
	knownhost_release(&f->known);
	*f = (struct resolve_facts){0};
}

static enum resolve_ticket
has_ticket(void)
{
	char path[64];

	snprintf(path, sizeof path, "/tmp/krb5cc_%u", (unsigned)getuid());
	return getenv("KRB5CCNAME") || file_exists(path) ? RESOLVE_TICKET
							 : RESOLVE_NO_TICKET;
}

/* ---- the steps: ssh -G, ssh-keygen -F, the agent's list ---- */

static void
finish(struct resolve *r)
{
	resolve_choose(&r->facts, r->wanted, has_ticket());
	r->fn(r->ctx, &r->facts, NULL); /* may free r */
}

static void
agent_said(void *ctx, const char *reply, size_t len)
{
	struct resolve *r = ctx;

	resolve_add_agent(&r->facts.keys, reply, len);
	finish(r);
}

static void
have_known(void *ctx, struct knownhosts *k, const struct err *e)
{
	struct resolve *r = ctx;

	if (e) {
		r->fn(r->ctx, NULL, e);
		return;
	}
	r->facts.known = *k;
	*k = (struct knownhosts){0};
	add_files(&r->facts);
	/* With IdentitiesOnly the agent only serves keys that are files too. */
	if (r->wanted == HOST_AUTO && r->facts.conf.identityagent &&
		!r->facts.conf.identities_only) {
		r->agent = agentlist_start(
			r->loop, r->facts.conf.identityagent, agent_said, r);
		return;
	}
	finish(r);
}

static void
have_conf(void *ctx, struct sshconf *c, const struct err *e)
{
	struct resolve *r = ctx;
	char *name;

	if (e) {
		r->fn(r->ctx, NULL, e);
		return;
	}
	r->facts.conf = *c;
	*c = (struct sshconf){0};
	name = sshconf_known_name(&r->facts.conf);
	r->known_look = knownhost_look_start(
		r->loop, name, &r->facts.conf.known_files, have_known, r);
	mem_free(name);
}

struct resolve *
resolve_start(struct loop *l, const char *alias, enum host_transport wanted,
	resolve_fn *fn, void *ctx, struct err *e)
{
	struct resolve *r = mem_alloc(sizeof *r);

	r->loop = l;
	r->wanted = wanted;
	r->fn = fn;
	r->ctx = ctx;
	r->conf_look = sshconf_look_start(l, alias, have_conf, r, e);
	if (r->conf_look)
		return r;
	resolve_free(r);
	return NULL;
}

void
resolve_free(struct resolve *r)
{
	if (!r)
		return;
	sshconf_look_free(r->conf_look);
	knownhost_look_free(r->known_look);
	agentlist_free(r->agent);
	resolve_release(&r->facts);
	mem_free(r);
}
