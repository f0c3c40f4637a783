#include "remote/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/b64.h"
#include "base/file.h"
#include "base/mem.h"

enum { AGENT_TIMEOUT_MS = 5000, KEY_FILE_LIMIT = 64 * 1024, AGENT_LIMIT = 256 * 1024 };

struct resolve {
	struct loop *loop;
	enum host_transport wanted;
	struct resolve_facts facts;
	struct sshconf_look *conf_look;
	struct knownhost_look *known_look;
	struct loop_child *agent;
	struct str agent_out;
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

static void
add_key_file(struct resolve_keys *k, const char *path)
{
	char *pub = mem_printf("%s.pub", path), *cert = mem_printf("%s-cert.pub", path);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	char type[64] = "";

	if (file_exists(path)) {
		resolve_file_type(path, type, sizeof type);
		if (!*type && file_read(pub, KEY_FILE_LIMIT, &text, &e))
			first_word(text.buf, type, sizeof type);
		resolve_add_key(k, type);
		if (file_exists(cert))
			k->certificate++;
	}
	str_release(&text);
	mem_free(pub);
	mem_free(cert);
}

static void
add_files(struct resolve_facts *f)
{
	const struct strings *ids = &f->conf.identityfiles,
			     *certs = &f->conf.certificatefiles;

	for (size_t i = 0; i < ids->list.len; i++)
		add_key_file(&f->keys, ids->list.at[i]);
	for (size_t i = 0; i < certs->list.len; i++) {
		if (file_exists(certs->list.at[i]))
			f->keys.certificate++;
	}
}

/* ---- the choice ---- */

struct reason {
	bool holds;
	const char *words;
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
		{c->proxyjump != NULL, "ProxyJump"},
		{c->proxycommand != NULL, "ProxyCommand"},
		{c->hostbased, "host-based login"},
		{c->pkcs11provider != NULL, "a PKCS#11 key"},
		{c->knownhostscommand != NULL, "KnownHostsCommand"},
		{c->revokedhostkeys != NULL, "RevokedHostKeys"},
		{!c->pubkey, "login without a key"},
		{ca_only, "the host is known by a certificate authority"},
		{rsa_host, "the host is known by an RSA key only"},
		{k->certificate > 0, "a user certificate"},
		{c->gssapi && ticket == RESOLVE_TICKET, "a Kerberos ticket"},
		{k->usable == 0 && k->fido > 0, "the key is a FIDO key"},
		{k->usable == 0 && k->rsa > 0, "the user keys are RSA only"},
		{k->usable == 0, "no key file and no agent key: a password login"},
	};

	f->transport = wanted == HOST_AUTO ? HOST_LIBSSH2 : wanted;
	f->may_fall_back = wanted == HOST_AUTO;
	f->why[0] = 0;
	if (wanted != HOST_AUTO) {
		snprintf(f->why, sizeof f->why, "the runbook asks for it");
		return;
	}
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (!reasons[i].holds)
			continue;
		f->transport = HOST_OPENSSH;
		f->may_fall_back = false;
		snprintf(f->why, sizeof f->why, "%s", reasons[i].words);
		return;
	}
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

/* ---- the steps: ssh -G, ssh-keygen -F, ssh-add -L ---- */

static void
finish(struct resolve *r)
{
	resolve_choose(&r->facts, r->wanted, has_ticket());
	r->fn(r->ctx, &r->facts, NULL); /* may free r */
}

static void
agent_out(void *ctx, const char *p, size_t len)
{
	struct resolve *r = ctx;

	if (r->agent_out.len + len <= AGENT_LIMIT)
		str_add(&r->agent_out, p, len);
}

static void
agent_end(void *ctx, const struct loop_child_end *end)
{
	struct resolve *r = ctx;
	const char *p = r->agent_out.buf;
	char type[64];

	(void)end; /* no agent, no keys: simply none found */
	while (*p) {
		first_word(p, type, sizeof type);
		resolve_add_key(&r->facts.keys, type);
		p = strchr(p, '\n');
		if (!p)
			break;
		p++;
	}
	finish(r);
}

static bool
ask_agent(struct resolve *r)
{
	const char *argv[] = {"ssh-add", "-L", NULL};
	char *sock = mem_printf("SSH_AUTH_SOCK=%s", r->facts.conf.identityagent);
	char *path = mem_printf(
		"PATH=%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	const char *env[] = {sock, path, NULL};
	struct loop_child_opts o = {
		.argv = argv, .env = env, .timeout_ms = AGENT_TIMEOUT_MS};
	struct loop_child_calls calls = {
		.on_out = agent_out, .on_end = agent_end, .ctx = r};
	struct err e = ERR_INIT;

	r->agent = loop_child_start(r->loop, &o, &calls, &e);
	mem_free(sock);
	mem_free(path);
	return r->agent != NULL;
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
		!r->facts.conf.identities_only && ask_agent(r))
		return;
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
	r->agent_out = STR_INIT;
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
	loop_child_free(r->agent);
	str_release(&r->agent_out);
	resolve_release(&r->facts);
	mem_free(r);
}
