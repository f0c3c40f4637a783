#include "audit/keyfile.h"

#include <stdlib.h>
#include <string.h>

#include "audit/certkey.h"
#include "base/b64.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "run/second.h"

enum { KEY_FILE_MAX = 64 * 1024, SIGNERS_FILE_MAX = 4 << 20 };

/* A certificate has the fingerprint of its key. False: it is a broken one. */
static bool
plain_blob(struct str *blob)
{
	struct certkey cert;

	if (!certkey_is(blob->buf, blob->len))
		return true;
	if (!certkey_read(blob->buf, blob->len, &cert))
		return false;
	str_reset(blob);
	str_add(blob, cert.plain.buf, cert.plain.len);
	certkey_release(&cert);
	return true;
}

char *
keyfile_fingerprint(const char *base64, size_t len)
{
	struct str blob = STR_INIT, out = STR_INIT;
	char hex[DIGEST_HEX + 1];
	unsigned char raw[DIGEST_BYTES];

	if (!b64_decode(&blob, base64, len) || blob.len < 8 || !plain_blob(&blob)) {
		str_release(&blob);
		return NULL;
	}
	digest_hex(blob.buf, blob.len, hex);
	for (int i = 0; i < DIGEST_BYTES; i++) {
		char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
		raw[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	str_adds(&out, "SHA256:");
	b64_encode(&out, raw, sizeof raw);
	while (out.len && out.buf[out.len - 1] == '=')
		str_cut(&out, out.len - 1);
	str_release(&blob);
	return str_take(&out);
}

static const char *
blob_of(const struct sign_key *key, size_t *len)
{
	const char *at = key->public_line + strcspn(key->public_line, " ") + 1;

	*len = strcspn(at, " \n");
	return at;
}

/* By the whole of it: a key and its certificate have one fingerprint. */
static bool
key_known(const struct sign_keys *keys, const char *blob, size_t len)
{
	for (size_t i = 0; i < keys->list.len; i++) {
		size_t n;
		const char *is = blob_of(&keys->list.at[i], &n);

		if (n == len && memcmp(is, blob, n) == 0)
			return true;
	}
	return false;
}

static void
add_line(struct sign_keys *keys, const char *line, size_t len, const char *private_path)
{
	size_t type = strcspn(line, " "), blob;
	const char *at;
	char *fingerprint;

	if (type >= len)
		return;
	at = line + type + 1;
	blob = strcspn(at, " \n");
	fingerprint = keyfile_fingerprint(at, blob);
	if (!fingerprint || key_known(keys, at, blob)) {
		mem_free(fingerprint);
		return;
	}
	const char *comment = at + blob + (at[blob] == ' ');
	char *name = mem_strndup(
		comment, comment < line + len ? (size_t)(line + len - comment) : 0);
	bool cert = memmem(line, type, "-cert-v01@", 10) != NULL;
	char *shown = text_harmless_dup(*name ? name
			: private_path        ? private_path
					      : "agent key");
	if (cert) {
		char *both = mem_printf("%s (certificate)", shown);
		mem_free(shown);
		shown = both;
	}
	vec_push(&keys->list,
		(struct sign_key){.name = shown,
			.path = mem_strdup(private_path),
			.public_line = mem_printf("%.*s\n", (int)len, line),
			.fingerprint = fingerprint,
			.type = mem_strndup(line, type),
			.from_agent = !private_path});
	mem_free(name);
}

void
keyfile_add_lines(struct sign_keys *keys, const char *text, const char *private_path)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		add_line(keys, line, len, private_path);
		line += len + (line[len] == '\n');
	}
}

static void
add_file(struct sign_keys *keys, const char *pub, const char *private_path)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (file_read(pub, KEY_FILE_MAX, &text, &e))
		keyfile_add_lines(keys, text.buf, private_path);
	str_release(&text);
}

/* The private half of NAME.pub or NAME-cert.pub, which need not be there. Caller frees. */
static char *
private_of(const char *pub)
{
	size_t len = strlen(pub) - strlen(".pub"), tail = strlen("-cert");
	bool cert = len > tail && strncmp(pub + len - tail, "-cert", tail) == 0;

	return mem_strndup(pub, cert ? len - tail : len);
}

/* The name of the public half has "-cert" in it: ssh-keygen is given that one. */
static bool
is_cert_file(const char *pub)
{
	size_t len = strlen(pub), tail = strlen("-cert.pub");

	return len > tail && strcmp(pub + len - tail, "-cert.pub") == 0;
}

static void
add_extra(struct sign_keys *keys, const char *extra)
{
	struct sign_keys first = {0};
	size_t len = strlen(extra);
	char *pub;

	if (len > 4 && strcmp(extra + len - 4, ".pub") == 0) {
		char *key = private_of(extra);
		add_file(&first, extra,
			is_cert_file(extra) && file_exists(key) ? extra : NULL);
		mem_free(key);
	} else {
		pub = mem_printf("%s.pub", extra);
		add_file(&first, pub, extra);
		mem_free(pub);
		pub = mem_printf("%s-cert.pub", extra);
		add_file(&first, pub, pub);
		mem_free(pub);
	}
	/* The one asked for by name stands first, so that it is the one taken. */
	struct sign_keys rest = *keys;
	memset(keys, 0, sizeof *keys);
	sign_keys_copy(keys, &first);
	for (size_t i = 0; i < rest.list.len; i++) {
		const char *blob = blob_of(&rest.list.at[i], &len);

		if (!key_known(keys, blob, len)) {
			vec_push(&keys->list, rest.list.at[i]);
			rest.list.at[i] = (struct sign_key){0};
		}
	}
	sign_keys_release(&rest);
	sign_keys_release(&first);
}

void
keyfile_add_own(struct sign_keys *keys, const char *extra)
{
	const char *home = getenv("HOME");
	char *dir = mem_printf("%s/.ssh", home ? home : "");
	struct err e = ERR_INIT;
	size_t count = 0;
	char **names = home ? file_names(dir, &count, &e) : NULL;

	for (size_t i = 0; names && i < count; i++) {
		size_t len = strlen(names[i]);
		if (!str_starts(names[i], "id_") || len < 5 ||
			strcmp(names[i] + len - 4, ".pub") != 0)
			continue;
		char *pub = file_join(dir, names[i]);
		char *key = private_of(pub);
		if (file_exists(key))
			add_file(keys, pub, is_cert_file(pub) ? pub : key);
		mem_free(key);
		mem_free(pub);
	}
	file_names_free(names);
	mem_free(dir);
	if (extra)
		add_extra(keys, extra);
}

/* ---- allowed signers --------------------------------------------------------------------- */

/* The principals stand first on a line; patterns cannot name one person. The next one from
 * *at on; NULL: no more. */
static char *
next_principal(const char *line, size_t *at)
{
	bool quoted = line[0] == '"'; /* the whole of the list, as ssh-keygen reads it */
	const char *end = quoted ? ",\"\n" : ", \t\n";
	size_t len = quoted ? 1 + strcspn(line + 1, "\"\n") : strcspn(line, " \t\n");

	if (quoted && *at == 0)
		*at = 1;
	while (*at < len) {
		const char *from = line + *at;
		size_t n = strcspn(from, end);

		*at += n + 1;
		if (n && !memchr(from, '*', n) && !memchr(from, '?', n) && *from != '!')
			return mem_strndup(from, n);
	}
	return NULL;
}

/* Where the key stands on the line, as a word of its own; NULL if it does not. */
static const char *
key_on_line(const char *line, size_t len, const char *blob, size_t blob_len)
{
	const char *hit, *from = line, *end = line + len;

	while ((hit = memmem(from, (size_t)(end - from), blob, blob_len))) {
		const char *after = hit + blob_len;
		if (hit > line && (hit[-1] == ' ' || hit[-1] == '\t') &&
			(after == end || *after == ' ' || *after == '\t' ||
				*after == '\r'))
			return hit;
		from = hit + 1;
	}
	return NULL;
}

/* A key as the lines of allowed signers speak of it: in base64, and what its certificate
 * says if it has one. */
struct signer {
	struct str plain, authority; /* authority empty: no certificate */
	struct certkey cert;
};

static void
signer_of(const struct sign_key *key, struct signer *out)
{
	struct str raw = STR_INIT;
	size_t len;
	const char *blob = blob_of(key, &len);

	*out = (struct signer){.plain = STR_INIT, .authority = STR_INIT};
	if (b64_decode(&raw, blob, len) && certkey_read(raw.buf, raw.len, &out->cert)) {
		b64_encode(&out->plain, out->cert.plain.buf, out->cert.plain.len);
		b64_encode(&out->authority, out->cert.authority.buf,
			out->cert.authority.len);
	} else {
		str_add(&out->plain, blob, len);
	}
	str_release(&raw);
}

static void
signer_release(struct signer *s)
{
	if (s->authority.len)
		certkey_release(&s->cert);
	str_release(&s->plain);
	str_release(&s->authority);
}

/* The next line that is about this key, or makes it an authority, from *at on; NULL: none. */
static const char *
next_line_of(const struct str *blob, bool authority, const char **at)
{
	while (blob->len && **at) {
		const char *line = *at;
		size_t n = strcspn(line, "\n");
		const char *hit = line[0] == '#'
			? NULL
			: key_on_line(line, n, blob->buf, blob->len);

		*at += n + (line[n] == '\n');
		if (hit &&
			authority ==
				(memmem(line, (size_t)(hit - line), "cert-authority",
					 14) != NULL))
			return line;
	}
	return NULL;
}

/* As ssh-keygen reads a pattern: * is any text, ? any byte. */
static bool
pattern_fits(const char *pattern, size_t len, const char *text)
{
	const char *star = NULL, *again = NULL, *end = pattern + len;

	while (*text) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			again = text;
		} else if (pattern < end && (*pattern == '?' || *pattern == *text)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++again;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

/* One pattern of the list fits, and none that excludes. */
static bool
list_fits(const char *line, const char *name)
{
	bool quoted = line[0] == '"', fits = false;
	const char *at = line + quoted;
	const char *end = at + strcspn(at, quoted ? "\"\n" : " \t\n");

	while (at < end) {
		size_t n = strcspn(at, ",");
		bool not = *at == '!';

		if (n > (size_t)(end - at))
			n = (size_t)(end - at);
		if (pattern_fits(at + not, n - not, name)) {
			if (not )
				return false;
			fits = true;
		}
		at += n + 1;
	}
	return fits;
}

/* Whose a certificate is by the lines of its authority, each followed by a newline. */
static void
certified_names(const struct signer *s, const char *text, struct str *out)
{
	const char *line;

	while (s->authority.len && (line = next_line_of(&s->authority, true, &text)))
		for (size_t i = 0; i < s->cert.names.len; i++)
			if (list_fits(line, s->cert.names.at[i]))
				str_addf(out, "%s\n", s->cert.names.at[i]);
}

static void
find_principal(struct sign_key *key, const char *text)
{
	struct str names = STR_INIT;
	struct signer s;
	const char *line;

	signer_of(key, &s);
	certified_names(&s, text, &names);
	if (names.len)
		key->principal = mem_strndup(names.buf, strcspn(names.buf, "\n"));
	/* What a certificate signs counts by its authority alone. */
	while (!s.authority.len && !key->principal &&
		(line = next_line_of(&s.plain, false, &text)))
		key->principal = next_principal(line, &(size_t){0});
	signer_release(&s);
	str_release(&names);
}

bool
keyfile_find_principals(
	struct sign_keys *keys, const char *allowed_signers, struct err *e)
{
	struct str text = STR_INIT;
	bool ok = file_read(allowed_signers, SIGNERS_FILE_MAX, &text, e);

	for (size_t i = 0; ok && i < keys->list.len; i++)
		find_principal(&keys->list.at[i], text.buf);
	str_release(&text);
	return ok || err_ctx(e, "allowed signers");
}

bool
keyfile_lists(const char *allowed_signers, const char *who)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	bool found = false;
	char *name;

	if (file_read(allowed_signers, SIGNERS_FILE_MAX, &text, &e))
		for (const char *line = text.buf; *line && !found;) {
			size_t n = strcspn(line, "\n"), k = 0;

			if (line[0] == '#')
				k = n;
			else if (memmem(line, n, " cert-authority", 15)) {
				found = list_fits(line, who);
				k = n;
			}
			while (!found && (name = next_principal(line, &k))) {
				found = second_is_person(name, who);
				mem_free(name);
			}
			line += n + (line[n] == '\n');
		}
	str_release(&text);
	return found;
}

bool
keyfile_all_principals(const struct sign_key *key, const char *allowed_signers,
	struct str *out, struct err *e)
{
	struct str text = STR_INIT;
	bool ok = file_read(allowed_signers, SIGNERS_FILE_MAX, &text, e);
	const char *at = text.buf, *line;
	struct signer s;

	signer_of(key, &s);
	if (ok)
		certified_names(&s, text.buf, out);
	while (ok && (line = next_line_of(&s.plain, false, &at))) {
		char *name;

		for (size_t k = 0; (name = next_principal(line, &k)); mem_free(name))
			str_addf(out, "%s\n", name);
	}
	signer_release(&s);
	str_release(&text);
	return ok || err_ctx(e, "allowed signers");
}
