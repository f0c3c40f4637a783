#include "worker/login.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "worker/agent.h"
#include "worker/privkey.h"
#include "worker/worker.h"

enum {
	/* sshd hangs up at the sixth failure (MaxAuthTries), without a word. */
	OFFERS_MAX = 5,
	PASSPHRASE_TRIES = 3,
	PASSWORD_TRIES = 3,
	PROMPT_BYTES = 512,
};

/* One IdentityFile, with whatever of it is there. */
struct identity {
	char *path;
	struct privkey key; /* blob and type; text empty: no private key here */
	bool has_private;
};

struct login {
	struct worker *w;
	VEC_OF(struct identity) files;
	struct agent_keys agent;
	int agent_fd; /* -1: none */
	int offered;
	struct str notes; /* why keys were not offered, sentences */
};

enum offer { OFFER_IN, OFFER_NEXT, OFFER_OTHER_METHOD };

static void
note(struct login *l, const char *what, const char *why)
{
	str_addf(&l->notes, "%s%s: %s", l->notes.len ? "; " : "", what, why);
}

static void
note_use(struct login *l, const char *what, const struct privkey *k)
{
	char why[160];

	switch (k->use) {
	case PRIVKEY_OK:
	case PRIVKEY_FOREIGN:
		return;
	case PRIVKEY_RSA:
		note(l, what, "an RSA key, which only the system ssh can use");
		return;
	case PRIVKEY_FIDO:
		note(l, what, "a FIDO key, which only the system ssh can use");
		return;
	case PRIVKEY_CIPHER:
		snprintf(why, sizeof why,
			"encrypted with %s, which only the system ssh can read",
			k->cipher);
		note(l, what, why);
		return;
	}
}

/* ---- what there is ---- */

static void
add_file(struct login *l, const char *path)
{
	struct err e = ERR_INIT;
	struct identity i = {0};
	struct privkey pub = {.blob = STR_INIT, .text = STR_INIT};
	char *pub_path;

	if (privkey_load(&i.key, path, &e)) {
		i.has_private = i.key.use == PRIVKEY_OK;
		/* IdentityFile may name the public half: the agent has the other. */
		if (i.key.use == PRIVKEY_FOREIGN &&
			privkey_public_line(i.key.text.buf, &i.key.blob))
			privkey_judge(&i.key);
	} else {
		pub_path = mem_printf("%s.pub", path);
		if (privkey_load(&pub, pub_path, &e) &&
			privkey_public_line(pub.text.buf, &i.key.blob))
			privkey_judge(&i.key);
		privkey_release(&pub);
		mem_free(pub_path);
	}
	note_use(l, path, &i.key);
	i.path = mem_strdup(path);
	vec_push(&l->files, i);
}

struct agent_patience {
	struct login *l;
	int64_t until_ms;
};

static bool
wait_for_agent(void *ctx, int fd, short events)
{
	struct agent_patience *p = ctx;
	struct worker *w = p->l->w;
	int64_t begin = clock_mono().ms, left = p->until_ms - begin;
	bool ready;

	if (left <= 0)
		return false;
	/* A person may have to touch or confirm: that is not the host's time. */
	w->deadline_ms += left;
	ready = worker_wait(w, fd, events, left);
	w->deadline_ms += clock_mono().ms - begin - left;
	return ready;
}

static bool
ask_agent(struct login *l, const struct str *request, struct str *reply, struct err *e)
{
	struct agent_patience p = {
		.l = l,
		.until_ms = clock_mono().ms + l->w->facts.agent_ms,
	};

	return agent_call(l->agent_fd, request, reply, wait_for_agent, &p, e);
}

static void
look_into_agent(struct login *l)
{
	struct str request = STR_INIT, reply = STR_INIT;
	struct err e = ERR_INIT;

	l->agent_fd = -1;
	if (!*l->w->facts.agent)
		return;
	l->agent_fd = agent_connect(l->w->facts.agent, &e);
	agent_add_list(&request);
	if (l->agent_fd >= 0 && ask_agent(l, &request, &reply, &e) &&
		agent_read_list(reply.buf, reply.len, &l->agent, &e))
		e = ERR_INIT;
	if (e.kind != ERR_NONE)
		note(l, "agent", e.msg);
	str_release(&request);
	str_release(&reply);
}

static bool
same_key(const struct str *a, const struct str *b)
{
	return a->len > 0 && a->len == b->len && memcmp(a->buf, b->buf, a->len) == 0;
}

static struct identity *
file_of(struct login *l, const struct str *blob)
{
	for (size_t i = 0; i < l->files.len; i++) {
		if (same_key(&l->files.at[i].key.blob, blob))
			return &l->files.at[i];
	}
	return NULL;
}

/* ---- offers ---- */

static char *
methods_left(struct login *l)
{
	struct worker *w = l->w;
	char *list;

	for (;;) {
		list = libssh2_userauth_list(
			w->core.session, w->facts.user, (unsigned)strlen(w->facts.user));
		if (list ||
			libssh2_session_last_errno(w->core.session) !=
				LIBSSH2_ERROR_EAGAIN)
			return mem_strdup(list ? list : "");
		worker_turn(w);
	}
}

static bool
has_method(const char *list, const char *method)
{
	return kexinit_shares(method, list);
}

/* An end of the line after several keys is sshd's MaxAuthTries; after the first, or with
 * an error of the network, it is an end of the line. */
static void
mind_the_line(struct login *l, int rc)
{
	struct worker *w = l->w;

	if (!w->core.eof && rc != LIBSSH2_ERROR_SOCKET_DISCONNECT)
		return;
	if (w->core.sys != 0 || l->offered < 2)
		worker_fail(w, "UNREACHABLE", "the host hung up during the login");
	worker_fail(w, "DENIED", "the host hung up after %d keys", l->offered);
}

/* After a signature was refused: was it, or does the host want one thing more? libssh2
 * calls both an invalid signature. */
static enum offer
after_refusal(struct login *l)
{
	char *list = methods_left(l);
	bool more = has_method(list, "publickey");

	mem_free(list);
	if (libssh2_userauth_authenticated(l->w->core.session))
		return OFFER_IN;
	return more ? OFFER_NEXT : OFFER_OTHER_METHOD;
}

struct agent_offer {
	struct login *login;
	const struct agent_key *key;
	char type[64];
	bool wanted, signed_it;
};

static int
agent_signs(LIBSSH2_SESSION *session, unsigned char **sig, size_t *sig_len,
	const unsigned char *data, size_t data_len, void **abstract)
{
	struct agent_offer *o = *abstract;
	struct str request = STR_INIT, reply = STR_INIT;
	struct err e = ERR_INIT;
	const char *p = NULL;

	(void)session;
	o->wanted = true;
	agent_add_sign(&request, o->key->blob.buf, o->key->blob.len, data, data_len);
	if (ask_agent(o->login, &request, &reply, &e))
		p = agent_read_signature(reply.buf, reply.len, o->type, sig_len, &e);
	*sig = p ? sshcore_alloc(&o->login->w->core, *sig_len) : NULL;
	o->signed_it = *sig != NULL;
	if (o->signed_it)
		memcpy(*sig, p, *sig_len);
	else
		note(o->login, o->key->comment, e.msg);
	str_release(&request);
	str_release(&reply);
	return o->signed_it ? 0 : -1;
}

static int
offer_public(struct login *l, const struct str *blob,
	LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC((*sign)), void *abstract)
{
	struct worker *w = l->w;
	int rc;

	while ((rc = libssh2_userauth_publickey(w->core.session, w->facts.user,
			(const unsigned char *)blob->buf, blob->len, sign, &abstract)) ==
		LIBSSH2_ERROR_EAGAIN)
		worker_turn(w);
	return rc;
}

static enum offer
offer_agent_key(struct login *l, const struct agent_key *k)
{
	struct agent_offer o = {.login = l, .key = k};
	int rc;

	privkey_blob_type(&k->blob, o.type, sizeof o.type);
	l->offered++;
	rc = offer_public(l, &k->blob, agent_signs, &o);
	if (rc == 0)
		return OFFER_IN;
	mind_the_line(l, rc);
	return o.signed_it ? after_refusal(l) : OFFER_NEXT;
}

static int
signs_never(LIBSSH2_SESSION *session, unsigned char **sig, size_t *sig_len,
	const unsigned char *data, size_t data_len, void **abstract)
{
	(void)session;
	(void)sig;
	(void)sig_len;
	(void)data;
	(void)data_len;
	*(bool *)*abstract = true;
	return -1;
}

enum unlock { UNLOCK_IN, UNLOCK_REFUSED, UNLOCK_CLOSED };

/* Logs in with a key in a file. UNLOCK_CLOSED: it did not open, the passphrase is wrong. */
static enum unlock
offer_private(struct login *l, const struct identity *i, const char *passphrase)
{
	struct worker *w = l->w;
	struct str line = STR_INIT;
	uint64_t before = w->core.sends;
	int rc;

	if (i->key.blob.len > 0)
		privkey_add_public_line(&i->key, &line);
	while ((rc = libssh2_userauth_publickey_frommemory(w->core.session, w->facts.user,
			strlen(w->facts.user), line.len ? line.buf : NULL, line.len,
			i->key.text.buf, i->key.text.len, passphrase)) ==
		LIBSSH2_ERROR_EAGAIN)
		worker_turn(w);
	str_release(&line);
	if (rc == 0)
		return UNLOCK_IN;
	mind_the_line(l, rc);
	/* The question "would you take this key" went out, a signature did not: errors
	 * of the library do not tell these apart, what it sent does. */
	if (rc != LIBSSH2_ERROR_AUTHENTICATION_FAILED && w->core.sends - before < 2)
		return UNLOCK_CLOSED;
	return UNLOCK_REFUSED;
}

static enum offer
offer_locked_file(struct login *l, const struct identity *i)
{
	char text[PROMPT_BYTES];
	bool wanted = i->key.blob.len == 0;
	void *mark = &wanted;

	/* Nobody types a passphrase for a key the host does not take. */
	if (!wanted)
		mind_the_line(l, offer_public(l, &i->key.blob, signs_never, mark));
	if (!wanted)
		return OFFER_NEXT;
	for (int try = 1; try <= PASSPHRASE_TRIES; try++) {
		char *answer;
		enum unlock u;

		snprintf(text, sizeof text, "%sEnter passphrase for key '%s': ",
			try > 1 ? "Wrong passphrase. " : "", i->path);
		answer = worker_ask(l->w, text, WORKER_HIDDEN);
		if (!answer)
			worker_fail(l->w, "CANCELLED", "no passphrase for %s", i->path);
		u = offer_private(l, i, answer);
		mem_wipe_free(answer, strlen(answer));
		if (u == UNLOCK_IN)
			return OFFER_IN;
		if (u == UNLOCK_REFUSED)
			return after_refusal(l);
	}
	worker_fail(
		l->w, "PASSPHRASE", "%d times, for %s", (int)PASSPHRASE_TRIES, i->path);
}

static enum offer
offer_file(struct login *l, const struct identity *i)
{
	l->offered++;
	if (i->key.encrypted)
		return offer_locked_file(l, i);
	switch (offer_private(l, i, NULL)) {
	case UNLOCK_IN:
		return OFFER_IN;
	case UNLOCK_CLOSED:
		note(l, i->path, "cannot be read as a key");
		return OFFER_NEXT;
	case UNLOCK_REFUSED:
		break;
	}
	/* A key the host does not know says nothing about methods: no need to ask. */
	return libssh2_session_last_errno(l->w->core.session) ==
			LIBSSH2_ERROR_AUTHENTICATION_FAILED
		? OFFER_NEXT
		: after_refusal(l);
}

/* ---- the order: agent keys that are named, other agent keys, files ---- */

static enum offer
offer_agent(struct login *l, bool named)
{
	enum offer o = OFFER_NEXT;

	for (size_t i = 0; i < l->agent.list.len && l->offered < OFFERS_MAX; i++) {
		const struct agent_key *k = &l->agent.list.at[i];
		struct privkey p = {.blob = k->blob};

		if (named != (file_of(l, &k->blob) != NULL))
			continue;
		privkey_judge(&p);
		if (p.use != PRIVKEY_OK) {
			note_use(l, k->comment, &p);
			continue;
		}
		o = offer_agent_key(l, k);
		if (o != OFFER_NEXT)
			break;
	}
	return o;
}

static bool
agent_has(const struct login *l, const struct str *blob)
{
	for (size_t i = 0; i < l->agent.list.len; i++) {
		if (same_key(&l->agent.list.at[i].blob, blob))
			return true;
	}
	return false;
}

static enum offer
offer_files(struct login *l)
{
	enum offer o = OFFER_NEXT;

	for (size_t i = 0; i < l->files.len && l->offered < OFFERS_MAX; i++) {
		const struct identity *f = &l->files.at[i];

		if (!f->has_private || agent_has(l, &f->key.blob))
			continue;
		o = offer_file(l, f);
		if (o != OFFER_NEXT)
			break;
	}
	return o;
}

static enum offer
offer_keys(struct login *l)
{
	const struct wirefacts *f = &l->w->facts;
	enum offer o = OFFER_NEXT;

	if (!(f->flags & WIREFACTS_PUBKEY) ||
		(*f->methods && !has_method(f->methods, "publickey")))
		return o;
	for (size_t i = 0; i < f->files.len; i++)
		add_file(l, f->files.at[i]);
	look_into_agent(l);
	o = offer_agent(l, true);
	if (o == OFFER_NEXT && !(f->flags & WIREFACTS_IDENTITIES_ONLY))
		o = offer_agent(l, false);
	if (o == OFFER_NEXT)
		o = offer_files(l);
	return o;
}

/* ---- passwords ---- */

/* Asked for: by the host, which takes no key (any more), or by PreferredAuthentications. */
static bool
is_asked_for(const struct login *l, const char *list, const char *method, uint32_t flag)
{
	const struct wirefacts *f = &l->w->facts;

	return (f->flags & flag) && has_method(list, method) &&
		(!*f->methods || has_method(f->methods, method)) &&
		(*f->methods || !has_method(list, "publickey"));
}

static void
answer_one(struct worker *w, const LIBSSH2_USERAUTH_KBDINT_PROMPT *p,
	LIBSSH2_USERAUTH_KBDINT_RESPONSE *r)
{
	char text[PROMPT_BYTES], *answer;

	/* The words are the host's: say whose they are. */
	snprintf(text, sizeof text, "(%s@%s) %.*s", w->facts.user, w->facts.host,
		(int)(p->length < PROMPT_BYTES ? p->length : PROMPT_BYTES),
		(const char *)p->text);
	answer = worker_ask(w, text, p->echo ? WORKER_ECHO : WORKER_HIDDEN);
	if (!answer)
		worker_fail(w, "CANCELLED", "no answer to the host's question");
	r->length = (unsigned)strlen(answer);
	r->text = sshcore_alloc(&w->core, r->length + 1);
	if (!r->text)
		worker_fail(w, "INTERNAL", "out of memory");
	memcpy(r->text, answer, r->length);
	mem_wipe_free(answer, r->length);
}

static void
answer_all(const char *name, int name_len, const char *instruction, int instruction_len,
	int count, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
	LIBSSH2_USERAUTH_KBDINT_RESPONSE *responses, void **abstract)
{
	struct sshcore *core = *abstract;

	(void)name;
	(void)name_len;
	(void)instruction;
	(void)instruction_len;
	for (int i = 0; i < count; i++)
		answer_one(core->owner, &prompts[i], &responses[i]);
}

static bool
try_keyboard(struct login *l)
{
	struct worker *w = l->w;
	int rc = -1;

	for (int try = 0; try < PASSWORD_TRIES && rc != 0; try++) {
		while ((rc = libssh2_userauth_keyboard_interactive(w->core.session,
				w->facts.user, answer_all)) == LIBSSH2_ERROR_EAGAIN)
			worker_turn(w);
		if (w->core.eof)
			break;
	}
	return rc == 0;
}

static bool
try_password(struct login *l)
{
	struct worker *w = l->w;
	char text[PROMPT_BYTES];
	int rc = -1;

	for (int try = 0; try < PASSWORD_TRIES && rc != 0 && !w->core.eof; try++) {
		char *answer;

		snprintf(text, sizeof text, "%s%s@%s's password: ",
			try > 0 ? "Permission denied, please try again. " : "",
			w->facts.user, w->facts.host);
		answer = worker_ask(w, text, WORKER_HIDDEN);
		if (!answer)
			worker_fail(w, "CANCELLED", "no password");
		while ((rc = libssh2_userauth_password_ex(w->core.session, w->facts.user,
				(unsigned)strlen(w->facts.user), answer,
				(unsigned)strlen(answer), NULL)) == LIBSSH2_ERROR_EAGAIN)
			worker_turn(w);
		mem_wipe_free(answer, strlen(answer));
	}
	return rc == 0;
}

static _Noreturn void
give_up(struct login *l, const char *list)
{
	const char *but = l->notes.len ? "; " : "";

	if (l->offered == 0)
		worker_fail(l->w, "NO_KEY", "%s",
			l->notes.len ? l->notes.buf : "no key file and no agent key");
	worker_fail(l->w, "DENIED",
		"%d %s offered, none accepted; the host takes: %s%s%s", l->offered,
		l->offered == 1 ? "key" : "keys", *list ? list : "nothing more", but,
		l->notes.buf);
}

void
login_now(struct worker *w)
{
	struct login l = {.w = w, .agent_fd = -1, .notes = STR_INIT};
	bool in;
	char *list;

	w->core.owner = w;
	in = offer_keys(&l) == OFFER_IN;
	if (!in) {
		list = methods_left(&l);
		in = libssh2_userauth_authenticated(w->core.session);
		if (!in &&
			is_asked_for(&l, list, "keyboard-interactive", WIREFACTS_KBDINT))
			in = try_keyboard(&l);
		if (!in && is_asked_for(&l, list, "password", WIREFACTS_PASSWORD))
			in = try_password(&l);
		if (!in)
			give_up(&l, list);
		mem_free(list);
	}
	for (size_t i = 0; i < l.files.len; i++) {
		privkey_release(&l.files.at[i].key);
		mem_free(l.files.at[i].path);
	}
	vec_free(&l.files);
	agent_keys_release(&l.agent);
	if (l.agent_fd >= 0)
		close(l.agent_fd);
	str_release(&l.notes);
}
