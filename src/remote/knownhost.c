#include "remote/knownhost.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/b64.h"
#include "base/digest.h"
#include "base/mem.h"

enum { LOOK_TIMEOUT_MS = 20 * 1000, ANSWER_LIMIT = 1024 * 1024 };

/* ---- reading an answer ---- */

/* The next word of the line; NULL at its end. */
static char *
next_word(char **p)
{
	char *word;

	*p += strspn(*p, " \t");
	if (!**p)
		return NULL;
	word = *p;
	*p += strcspn(*p, " \t");
	if (**p)
		*(*p)++ = 0;
	return word;
}

/* The type inside a key blob; false when the blob is no key. */
static bool
blob_type(const struct str *blob, char *out, size_t size)
{
	const unsigned char *b = (const unsigned char *)blob->buf;
	size_t len;

	if (blob->len < 4)
		return false;
	len = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
	if (len == 0 || len >= size || len + 4 > blob->len)
		return false;
	memcpy(out, blob->buf + 4, len);
	out[len] = 0;
	return strlen(out) == len;
}

static void
add_line(struct knownhosts *k, const char *file, int number, char *line)
{
	struct knownhost h = {.line = number, .blob = STR_INIT};
	char inside[64];
	char *p = line, *word = next_word(&p), *type, *key;

	if (word && strcmp(word, "@revoked") == 0)
		h.marker = KNOWNHOST_REVOKED;
	else if (word && strcmp(word, "@cert-authority") == 0)
		h.marker = KNOWNHOST_CA;
	else if (word && *word == '@')
		return;
	if (h.marker != KNOWNHOST_PLAIN)
		word = next_word(&p); /* the host patterns */
	type = next_word(&p);
	key = next_word(&p);
	if (!word || !type || !key || !b64_decode(&h.blob, key, strlen(key)) ||
		!blob_type(&h.blob, inside, sizeof inside) || strcmp(type, inside) != 0) {
		str_release(&h.blob);
		return;
	}
	h.type = mem_strdup(type);
	h.file = mem_strdup(file);
	vec_push(&k->list, h);
}

void
knownhost_parse(struct knownhosts *k, const char *file, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	int number = 0;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		char *line = mem_strndup(p, (size_t)((nl ? nl : end) - p));
		const char *found = strstr(line, " found: line ");

		line[strcspn(line, "\r")] = 0;
		if (line[0] == '#')
			number = found
				? (int)strtol(found + strlen(" found: line "), NULL, 10)
				: 0;
		else if (number > 0)
			add_line(k, file, number, line);
		mem_free(line);
		p = nl ? nl + 1 : end;
	}
}

void
knownhost_release(struct knownhosts *k)
{
	for (size_t i = 0; i < k->list.len; i++) {
		mem_free(k->list.at[i].type);
		mem_free(k->list.at[i].file);
		str_release(&k->list.at[i].blob);
	}
	vec_free(&k->list);
	mem_free(k->name);
	k->name = NULL;
}

/* ---- comparing ---- */

static bool
same_blob(const struct knownhost *h, const void *blob, size_t len)
{
	return h->blob.len == len && memcmp(h->blob.buf, blob, len) == 0;
}

static bool
is_plain(const struct knownhost *h)
{
	return h->marker == KNOWNHOST_PLAIN;
}

enum knownhost_verdict
knownhost_check(const struct knownhosts *k, const void *blob, size_t len)
{
	enum knownhost_verdict verdict = KNOWNHOST_UNKNOWN;

	for (size_t i = 0; i < k->list.len; i++) {
		const struct knownhost *h = &k->list.at[i];

		/* A revoked authority is a revoked key too. */
		if (h->marker == KNOWNHOST_REVOKED && same_blob(h, blob, len))
			return KNOWNHOST_IS_REVOKED;
		if (!is_plain(h) || verdict == KNOWNHOST_OK)
			continue;
		verdict = same_blob(h, blob, len) ? KNOWNHOST_OK : KNOWNHOST_CHANGED;
	}
	return verdict;
}

const struct knownhost *
knownhost_culprit(const struct knownhosts *k, const void *blob, size_t len)
{
	for (size_t i = 0; i < k->list.len; i++) {
		const struct knownhost *h = &k->list.at[i];

		if (h->marker == KNOWNHOST_REVOKED && same_blob(h, blob, len))
			return h;
	}
	for (size_t i = 0; i < k->list.len; i++) {
		const struct knownhost *h = &k->list.at[i];

		if (is_plain(h) && !same_blob(h, blob, len))
			return h;
	}
	return NULL;
}

static int
hex_digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

void
knownhost_fingerprint(const void *blob, size_t len, char out[KNOWNHOST_FP_BYTES])
{
	char hex[DIGEST_HEX + 1];
	unsigned char raw[DIGEST_BYTES];
	struct str b = STR_INIT;

	digest_hex(blob, len, hex);
	for (int i = 0; i < DIGEST_BYTES; i++)
		raw[i] = (unsigned char)(hex_digit(hex[2 * i]) * 16 +
			hex_digit(hex[2 * i + 1]));
	str_adds(&b, "SHA256:");
	b64_encode(&b, raw, sizeof raw);
	while (str_ends(&b, "="))
		str_cut(&b, b.len - 1);
	memcpy(out, b.buf, b.len + 1); /* 7 + 43 bytes */
	str_release(&b);
}

bool
knownhost_has_plain(const struct knownhosts *k)
{
	for (size_t i = 0; i < k->list.len; i++) {
		if (is_plain(&k->list.at[i]))
			return true;
	}
	return false;
}

void
knownhost_types(const struct knownhosts *k, struct str *out)
{
	static const char *const best[] = {"ssh-ed25519", "ecdsa-sha2-nistp256",
		"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"};

	for (size_t b = 0; b < sizeof best / sizeof *best; b++) {
		for (size_t i = 0; i < k->list.len; i++) {
			const struct knownhost *h = &k->list.at[i];

			if (!is_plain(h) || strcmp(h->type, best[b]) != 0)
				continue;
			str_addf(out, "%s%s", out->len ? "," : "", best[b]);
			break;
		}
	}
}

/* ---- asking ssh-keygen ---- */

struct knownhost_look {
	struct loop *loop;
	struct loop_child *child;
	struct loop_timer *soon; /* never calls back from inside start */
	struct knownhosts known;
	struct strings files; /* ours */
	size_t next;
	struct str out;
	knownhost_fn *fn;
	void *ctx;
};

static void ask_next(void *ctx);

static void
look_out(void *ctx, const char *p, size_t len)
{
	struct knownhost_look *k = ctx;

	if (k->out.len + len <= ANSWER_LIMIT)
		str_add(&k->out, p, len);
}

static void
look_end(void *ctx, const struct loop_child_end *end)
{
	struct knownhost_look *k = ctx;
	struct err e = ERR_INIT;

	loop_child_free(k->child);
	k->child = NULL;
	if (end->timed_out || end->exit < 0) {
		/* Not knowing is not "no key known": an entry could be a revoked one. */
		err_set(&e, ERR_TIMEOUT, "ssh-keygen did not finish reading %s",
			k->files.list.at[k->next - 1]);
		k->fn(k->ctx, NULL, &e);
		return;
	}
	/* Exit 1 is "not found". */
	knownhost_parse(&k->known, k->files.list.at[k->next - 1], k->out.buf, k->out.len);
	ask_next(k);
}

/* There is something in it to be read: an empty one, or /dev/null, costs no process. */
static bool
is_worth_asking(const char *path)
{
	struct stat st;

	return access(path, R_OK) == 0 && stat(path, &st) == 0 && !S_ISCHR(st.st_mode) &&
		!(S_ISREG(st.st_mode) && st.st_size == 0);
}

static void
ask_next(void *ctx)
{
	struct knownhost_look *k = ctx;
	struct loop_child_calls calls = {
		.on_out = look_out, .on_end = look_end, .ctx = k};
	struct err e = ERR_INIT;

	while (k->next < k->files.list.len && !is_worth_asking(k->files.list.at[k->next]))
		k->next++;
	if (k->next == k->files.list.len) {
		k->fn(k->ctx, &k->known, NULL); /* may free k */
		return;
	}
	const char *argv[] = {
		"ssh-keygen", "-F", k->known.name, "-f", k->files.list.at[k->next], NULL};
	struct loop_child_opts o = {.argv = argv, .timeout_ms = LOOK_TIMEOUT_MS};

	k->next++;
	str_reset(&k->out);
	k->child = loop_child_start(k->loop, &o, &calls, &e);
	if (!k->child)
		k->fn(k->ctx, NULL, &e);
}

struct knownhost_look *
knownhost_look_start(struct loop *l, const char *name, const struct strings *files,
	knownhost_fn *fn, void *ctx)
{
	struct knownhost_look *k = mem_alloc(sizeof *k);

	k->loop = l;
	k->known.name = mem_strdup(name);
	for (size_t i = 0; i < files->list.len; i++)
		vec_push(&k->files.list, mem_strdup(files->list.at[i]));
	k->out = STR_INIT;
	k->fn = fn;
	k->ctx = ctx;
	k->soon = loop_timer_new(l, ask_next, k);
	loop_timer_start(k->soon, 0, 0);
	return k;
}

void
knownhost_look_free(struct knownhost_look *k)
{
	if (!k)
		return;
	loop_child_free(k->child);
	loop_timer_free(k->soon);
	knownhost_release(&k->known);
	for (size_t i = 0; i < k->files.list.len; i++)
		mem_free(k->files.list.at[i]);
	vec_free(&k->files.list);
	str_release(&k->out);
	mem_free(k);
}
