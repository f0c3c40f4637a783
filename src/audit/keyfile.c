#include "audit/keyfile.h"

#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "run/second.h"

enum { KEY_FILE_MAX = 64 * 1024, SIGNERS_FILE_MAX = 4 << 20 };

char *
keyfile_fingerprint(const char *base64, size_t len)
{
	struct str blob = STR_INIT, out = STR_INIT;
	char hex[DIGEST_HEX + 1];
	unsigned char raw[DIGEST_BYTES];

	if (!b64_decode(&blob, base64, len) || blob.len < 8) {
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

static bool
key_known(const struct sign_keys *keys, const char *fingerprint)
{
	for (size_t i = 0; i < keys->list.len; i++)
		if (strcmp(keys->list.at[i].fingerprint, fingerprint) == 0)
			return true;
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
	if (!fingerprint || key_known(keys, fingerprint)) {
		mem_free(fingerprint);
		return;
	}
	const char *comment = at + blob + (at[blob] == ' ');
	char *name = mem_strndup(
		comment, comment < line + len ? (size_t)(line + len - comment) : 0);
	vec_push(&keys->list,
		(struct sign_key){.name = text_harmless_dup(*name ? name
						  : private_path  ? private_path
								  : "agent key"),
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

static void
add_extra(struct sign_keys *keys, const char *extra)
{
	struct sign_keys first = {0};
	size_t len = strlen(extra);
	char *pub;

	if (len > 4 && strcmp(extra + len - 4, ".pub") == 0) {
		add_file(&first, extra, NULL);
	} else {
		pub = mem_printf("%s.pub", extra);
		add_file(&first, pub, extra);
		mem_free(pub);
	}
	/* The one asked for by name stands first, so that it is the one taken. */
	struct sign_keys rest = *keys;
	memset(keys, 0, sizeof *keys);
	sign_keys_copy(keys, &first);
	for (size_t i = 0; i < rest.list.len; i++)
		if (!key_known(keys, rest.list.at[i].fingerprint)) {
			vec_push(&keys->list, rest.list.at[i]);
			rest.list.at[i] = (struct sign_key){0};
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
		char *key = mem_strndup(pub, strlen(pub) - 4);
		if (file_exists(key))
			add_file(keys, pub, key);
		mem_free(key);
		mem_free(pub);
	}
	file_names_free(names);
	mem_free(dir);
	if (extra)
		add_extra(keys, extra);
}

/* ---- allowed signers --------------------------------------------------------------------- */

static const char *
blob_of(const struct sign_key *key, size_t *len)
{
	const char *at = key->public_line + strcspn(key->public_line, " ") + 1;

	*len = strcspn(at, " \n");
	return at;
}

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

/* The next line that is about this key, from *at on; NULL: none. */
static const char *
next_line_of(const struct sign_key *key, const char **at)
{
	size_t len;
	const char *blob = blob_of(key, &len);

	while (**at) {
		const char *line = *at;
		size_t n = strcspn(line, "\n");
		const char *hit = line[0] == '#' ? NULL : key_on_line(line, n, blob, len);

		*at += n + (line[n] == '\n');
		if (hit && !memmem(line, (size_t)(hit - line), "cert-authority", 14))
			return line;
	}
	return NULL;
}

static void
find_principal(struct sign_key *key, const char *text)
{
	const char *line;

	while (!key->principal && (line = next_line_of(key, &text)))
		key->principal = next_principal(line, &(size_t){0});
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

			if (line[0] == '#' || memmem(line, n, " cert-authority", 15))
				k = n;
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

	while (ok && (line = next_line_of(key, &at))) {
		char *name;

		for (size_t k = 0; (name = next_principal(line, &k)); mem_free(name))
			str_addf(out, "%s\n", name);
	}
	str_release(&text);
	return ok || err_ctx(e, "allowed signers");
}
