#include "audit/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/keyfile.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "loop/askpass.h"
#include "loop/rundir.h"

enum { SIGN_TIMEOUT_MS = 120000, CHECK_TIMEOUT_MS = 20000, LIST_TIMEOUT_MS = 5000 };

struct sign {
	struct loop *loop;
	struct loop_child *child;
	struct loop_timer *later; /* tells a result that came without a child */
	struct askpass *askpass;
	char *folder; /* private: public key or signature for ssh-keygen */
	struct str out, err;
	bool prompted;
	/* who is told */
	sign_fn *fn;
	sign_keys_fn *keys_fn;
	sign_prompt_fn *prompt;
	void *ctx;
	char *allowed_signers, *extra;
};

void
sign_free(struct sign *s)
{
	if (!s)
		return;
	loop_child_free(s->child);
	loop_timer_free(s->later);
	askpass_free(s->askpass);
	rundir_free(s->folder);
	str_release(&s->out);
	str_release(&s->err);
	mem_free(s->allowed_signers);
	mem_free(s->extra);
	mem_free(s);
}

static struct sign *
sign_new(struct loop *l, sign_fn *fn, void *ctx)
{
	struct sign *s = mem_alloc(sizeof *s);

	s->loop = l;
	s->fn = fn;
	s->ctx = ctx;
	str_init(&s->out);
	str_init(&s->err);
	return s;
}

static void
took_out(void *ctx, const char *p, size_t len)
{
	struct sign *s = ctx;

	if (s->out.len + len < 1 << 20)
		str_add(&s->out, p, len);
}

static void
took_err(void *ctx, const char *p, size_t len)
{
	struct sign *s = ctx;

	if (s->err.len + len < 1 << 14)
		str_add(&s->err, p, len);
}

/* ssh-keygen's own words, one line, for a person only. It says some on standard output. */
static void
last_words(const struct sign *s, const struct loop_child_end *end, char *why, size_t len)
{
	const struct str *said = s->err.len ? &s->err : &s->out;
	char *shown = text_harmless_dup(said->buf);

	if (said->len)
		snprintf(why, len, "%.*s",
			(int)text_fit(shown, len - 1 < 300 ? len - 1 : 300), shown);
	else
		snprintf(
			why, len, "ssh-keygen ended with %d and said nothing", end->exit);
	mem_free(shown);
}

/* ---- keys ---------------------------------------------------------------------------------- */

void
sign_keys_copy(struct sign_keys *to, const struct sign_keys *from)
{
	memset(to, 0, sizeof *to);
	for (size_t i = 0; i < from->list.len; i++) {
		const struct sign_key *k = &from->list.at[i];
		vec_push(&to->list,
			(struct sign_key){.name = mem_strdup(k->name),
				.path = mem_strdup(k->path),
				.public_line = mem_strdup(k->public_line),
				.fingerprint = mem_strdup(k->fingerprint),
				.type = mem_strdup(k->type),
				.principal = mem_strdup(k->principal),
				.from_agent = k->from_agent});
	}
}

void
sign_keys_release(struct sign_keys *keys)
{
	for (size_t i = 0; i < keys->list.len; i++) {
		struct sign_key *k = &keys->list.at[i];
		char *const owned[] = {k->name, k->path, k->public_line, k->fingerprint,
			k->type, k->principal};
		for (size_t n = 0; n < sizeof owned / sizeof owned[0]; n++)
			mem_free(owned[n]);
	}
	vec_free(&keys->list);
}

static void
agent_answered(void *ctx, const struct loop_child_end *end)
{
	struct sign *s = ctx;
	struct sign_keys keys = {0};
	struct err e = ERR_INIT;

	if (end->exit == 0)
		keyfile_add_lines(&keys, s->out.buf, NULL);
	keyfile_add_own(&keys, s->extra);
	if (s->allowed_signers)
		keyfile_find_principals(&keys, s->allowed_signers, &e);
	s->keys_fn(s->ctx, &keys, &e);
	sign_keys_release(&keys);
}

/* No ssh-add here: the key files alone. */
static void
sign_without_agent(void *ctx)
{
	agent_answered(ctx, &(struct loop_child_end){.exit = -1});
}

struct sign *
sign_list_keys(struct loop *l, const char *allowed_signers, const char *extra,
	sign_keys_fn *fn, void *ctx)
{
	static const char *const argv[] = {"ssh-add", "-L", NULL};
	struct sign *s = sign_new(l, NULL, ctx);
	struct err e = ERR_INIT;

	s->keys_fn = fn;
	s->allowed_signers = mem_strdup(allowed_signers);
	s->extra = mem_strdup(extra);
	s->child = loop_child_start(l,
		&(struct loop_child_opts){
			.argv = argv, .timeout_ms = LIST_TIMEOUT_MS, .pass_fd = -1},
		&(struct loop_child_calls){took_out, took_err, agent_answered, s}, &e);
	if (!s->child) {
		s->later = loop_timer_new(l, sign_without_agent, s);
		loop_timer_start(s->later, 0, 0);
	}
	return s;
}

/* ---- signing --------------------------------------------------------------------------------- */

static void
question(void *ctx, const char *text, enum askpass_kind kind)
{
	struct sign *s = ctx;
	char *shown;

	if (!text || !s->prompt)
		return;
	s->prompted |= kind == ASKPASS_SECRET;
	shown = text_harmless_dup(text);
	s->prompt(s->ctx, shown, kind == ASKPASS_NOTICE);
	mem_free(shown);
}

void
sign_answer(struct sign *s, const char *text)
{
	if (s->askpass)
		askpass_answer(s->askpass, text);
}

static void
sign_ended(void *ctx, const struct loop_child_end *end)
{
	struct sign *s = ctx;
	struct sign_end out = {0};

	out.ok = end->exit == 0 &&
		str_starts(s->out.buf, "-----BEGIN SSH SIGNATURE-----\n");
	if (out.ok)
		out.sig = s->out.buf;
	else if (end->timed_out)
		snprintf(out.why, sizeof out.why,
			"no signature within two minutes (a key may want a touch or a "
			"confirmation)");
	else if (s->prompted)
		snprintf(out.why, sizeof out.why,
			"the passphrase or PIN was wrong, or no answer came; nothing was "
			"stored");
	else
		last_words(s, end, out.why, sizeof out.why);
	s->fn(s->ctx, &out);
}

/* ssh-keygen wants a file: the private key, its certificate, or the public half of an agent
 * key. */
static char *
key_argument(struct sign *s, const struct sign_key *key, struct err *e)
{
	char *path;

	if (!key->from_agent)
		return mem_strdup(key->path);
	s->folder = rundir_new(e);
	if (!s->folder)
		return NULL;
	path = file_join(s->folder, "key.pub");
	if (!file_replace(path, key->public_line, strlen(key->public_line), 0600, e)) {
		mem_free(path);
		return NULL;
	}
	return path;
}

/* ssh-keygen says so to a terminal only, and of an agent's key nobody does. */
static void
tell_touch(struct sign *s, const struct sign_key *key)
{
	char *text;

	if (!s->prompt || !str_starts(key->type, "sk-"))
		return;
	text = mem_printf("%s is on a device: touch it when it blinks.", key->name);
	s->prompt(s->ctx, text, true);
	mem_free(text);
}

struct sign *
sign_start(struct loop *l, const struct sign_key *key, const char *statement,
	sign_prompt_fn *prompt, sign_fn *fn, void *ctx, struct err *e)
{
	struct sign *s = sign_new(l, fn, ctx);
	char *path = key_argument(s, key, e);

	s->prompt = prompt;
	if (path)
		s->askpass = askpass_new(l, question, s, e);
	if (s->askpass) {
		const char *const argv[] = {"ssh-keygen", "-q", "-Y", "sign", "-n",
			SIGN_NAMESPACE, "-f", path, NULL};
		s->child = loop_child_start(l,
			&(struct loop_child_opts){.argv = argv,
				.env = askpass_env(s->askpass),
				.input = statement,
				.input_len = strlen(statement),
				.timeout_ms = SIGN_TIMEOUT_MS,
				.pass_fd = -1},
			&(struct loop_child_calls){took_out, took_err, sign_ended, s}, e);
	}
	mem_free(path);
	if (s->child) {
		tell_touch(s, key);
		return s;
	}
	err_ctx(e, "sign");
	sign_free(s);
	return NULL;
}

/* ---- checking ---------------------------------------------------------------------------------- */

static void
check_ended(void *ctx, const struct loop_child_end *end)
{
	struct sign *s = ctx;
	struct sign_end out = {.ok = end->exit == 0};

	if (!out.ok && end->timed_out)
		snprintf(out.why, sizeof out.why, "ssh-keygen gave no answer in time");
	else if (!out.ok)
		last_words(s, end, out.why, sizeof out.why);
	s->fn(s->ctx, &out);
}

/* "2026-11-20T13:02:40Z" as ssh-keygen wants it: 20261120130240Z. */
static void
keygen_time(const char *rfc3339, char out[32])
{
	size_t n = 0;

	for (; *rfc3339 && n < 14; rfc3339++)
		if (*rfc3339 >= '0' && *rfc3339 <= '9')
			out[n++] = *rfc3339;
	out[n++] = 'Z';
	out[n] = '\0';
}

struct sign *
sign_check(struct loop *l, const char *allowed_signers, const char *principal,
	const char *statement, const char *sig, const char *verify_time, sign_fn *fn,
	void *ctx, struct err *e)
{
	struct sign *s = sign_new(l, fn, ctx);
	char *path = NULL, at[32], option[64];

	s->folder = rundir_new(e);
	if (s->folder) {
		path = file_join(s->folder, "sig");
		keygen_time(verify_time, at);
		snprintf(option, sizeof option, "-Overify-time=%s", at);
		const char *const argv[] = {"ssh-keygen", "-Y", "verify", option, "-f",
			allowed_signers, "-I", principal, "-n", SIGN_NAMESPACE, "-s",
			path, NULL};
		if (file_replace(path, sig, strlen(sig), 0600, e))
			s->child = loop_child_start(l,
				&(struct loop_child_opts){.argv = argv,
					.input = statement,
					.input_len = strlen(statement),
					.timeout_ms = CHECK_TIMEOUT_MS,
					.pass_fd = -1},
				&(struct loop_child_calls){
					took_out, took_err, check_ended, s},
				e);
	}
	mem_free(path);
	if (s->child)
		return s;
	err_ctx(e, "check a signature");
	sign_free(s);
	return NULL;
}
