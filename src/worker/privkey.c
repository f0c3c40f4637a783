#include "worker/privkey.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/b64.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/wire.h"

enum { FILE_LIMIT = 64 * 1024 };

enum privkey_use
privkey_use_of(const char *type)
{
	if (strcmp(type, "ssh-ed25519") == 0 ||
		(str_starts(type, "ecdsa-sha2-nistp") && !strchr(type, '@')))
		return PRIVKEY_OK;
	if (strcmp(type, "ssh-rsa") == 0)
		return PRIVKEY_RSA;
	return str_starts(type, "sk-") ? PRIVKEY_FIDO : PRIVKEY_FOREIGN;
}

bool
privkey_blob_type(const struct str *blob, char *out, size_t size)
{
	struct wire_cursor c = {.p = blob->buf, .len = blob->len};
	size_t len;
	const char *p = wire_get_bytes(&c, &len);

	*out = 0;
	if (!p || len == 0 || len >= size || memchr(p, 0, len))
		return false;
	memcpy(out, p, len);
	out[len] = 0;
	return true;
}

bool
privkey_public_line(const char *line, struct str *blob)
{
	size_t type_len = strcspn(line, " \t\r\n");
	const char *at = line + type_len + strspn(line + type_len, " \t");
	char type[64];

	str_reset(blob);
	if (!b64_decode(blob, at, strcspn(at, " \t\r\n")) ||
		!privkey_blob_type(blob, type, sizeof type))
		return false;
	return strlen(type) == type_len && memcmp(type, line, type_len) == 0;
}

void
privkey_add_public_line(const struct privkey *k, struct str *out)
{
	str_addf(out, "%s ", k->type);
	b64_encode(out, k->blob.buf, k->blob.len);
}

void
privkey_judge(struct privkey *k)
{
	if (privkey_blob_type(&k->blob, k->type, sizeof k->type))
		k->use = privkey_use_of(k->type);
	else
		k->use = PRIVKEY_FOREIGN;
}

/* ---- formats ---- */

/* "openssh-key-v1\0", then strings: cipher, kdf name, kdf options; u32 count; string
 * public key; string private part (PROTOCOL.key of OpenSSH). */
static void
look_openssh(struct privkey *k, const char *raw, size_t len)
{
	static const char magic[] = "openssh-key-v1";
	static const char *const readable[] = {"none", "aes256-ctr", "aes192-ctr",
		"aes128-ctr", "aes256-cbc", "aes192-cbc", "aes128-cbc"};
	struct wire_cursor c = {.p = raw, .len = len};
	size_t cipher_len, kdf_len, skip, blob_len;

	if (len < sizeof magic || memcmp(raw, magic, sizeof magic) != 0)
		return;
	c.p += sizeof magic;
	c.len -= sizeof magic;
	const char *cipher = wire_get_bytes(&c, &cipher_len);
	const char *kdf = wire_get_bytes(&c, &kdf_len);
	wire_get_bytes(&c, &skip);
	wire_get_u32(&c);
	const char *blob = wire_get_bytes(&c, &blob_len);
	if (c.bad || cipher_len >= sizeof k->cipher)
		return;
	memcpy(k->cipher, cipher, cipher_len);
	str_add(&k->blob, blob, blob_len);
	privkey_judge(k);
	k->encrypted = !(kdf_len == 4 && memcmp(kdf, "none", 4) == 0);
	if (k->use != PRIVKEY_OK)
		return;
	k->use = PRIVKEY_CIPHER;
	for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
		if (strcmp(k->cipher, readable[i]) == 0)
			k->use = PRIVKEY_OK;
	}
}

/* The base64 between the first pair of BEGIN and END lines. */
static void
read_body(const char *text, struct str *raw)
{
	struct str joined = STR_INIT;
	const char *p = strchr(text, '\n');

	for (; p && *p && *p != '-'; p++) {
		if (*p != '\n' && *p != '\r')
			str_addc(&joined, *p);
	}
	if (!b64_decode(raw, joined.buf, joined.len))
		str_reset(raw);
	mem_wipe(joined.buf, joined.len);
	str_release(&joined);
}

void
privkey_look(struct privkey *k)
{
	static const struct {
		const char *begin;
		enum privkey_use use;
		bool encrypted;
	} formats[] = {
		{"-----BEGIN EC PRIVATE KEY-----", PRIVKEY_OK, false},
		{"-----BEGIN PRIVATE KEY-----", PRIVKEY_OK, false},
		{"-----BEGIN ENCRYPTED PRIVATE KEY-----", PRIVKEY_OK, true},
		{"-----BEGIN RSA PRIVATE KEY-----", PRIVKEY_RSA, false},
	};
	const char *text = k->text.buf;

	k->use = PRIVKEY_FOREIGN;
	if (str_starts(text, "-----BEGIN OPENSSH PRIVATE KEY-----")) {
		struct str raw = STR_INIT;

		read_body(text, &raw);
		look_openssh(k, raw.buf, raw.len);
		mem_wipe(raw.buf, raw.len);
		str_release(&raw);
		return;
	}
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (!str_starts(text, formats[i].begin))
			continue;
		k->use = formats[i].use;
		k->encrypted = formats[i].encrypted ||
			strstr(text, "\nProc-Type: 4,ENCRYPTED") != NULL;
	}
}

bool
privkey_load(struct privkey *k, const char *path, struct err *e)
{
	struct str line = STR_INIT;
	struct err ignored = ERR_INIT;
	char *pub;

	*k = (struct privkey){.blob = STR_INIT, .text = STR_INIT};
	if (!file_read(path, FILE_LIMIT, &k->text, e))
		return false;
	privkey_look(k);
	if (k->use != PRIVKEY_OK || k->blob.len > 0)
		return true;
	pub = mem_printf("%s.pub", path);
	if (file_read(pub, FILE_LIMIT, &line, &ignored) &&
		privkey_public_line(line.buf, &k->blob))
		privkey_judge(k);
	else
		str_reset(&k->blob);
	str_release(&line);
	mem_free(pub);
	return true;
}

void
privkey_release(struct privkey *k)
{
	mem_wipe(k->text.buf, k->text.len);
	str_release(&k->text);
	str_release(&k->blob);
}
