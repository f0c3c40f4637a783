#include "worker/login.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "worker/agent.h"
#include "worker/privkey.h"
#include "worker/questions.h"
#include "worker/worker.h"

enum {
	/* sshd hangs up at the sixth failure (MaxAuthTries), without a word. */
	OFFERS_MAX = 5,
	QUESTION_TRIES = 3, /* as many as ssh gives a person */
	/* An agent that says nothing for so long waits for a person. */
	NOTICE_MS = 700,
};

/* One IdentityFile, with whatever of it is there. */
struct identity {
	char *path;
	struct privkey key; /* blob and type; text empty: no private key here */
	bool has_private;
};

struct known_agent {
	int fd; /* -1: none */
	struct agent_keys keys;
};

struct login {
	struct worker *w;
	VEC_OF(struct identity) files;
	struct known_agent agent, keeper; /* the operator's; the run's own */
	int offered;
	int asked;        /* times that the operator was, for more than a passphrase */
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
	switch (k->use) {
	case PRIVKEY_OK:
	case PRIVKEY_CIPHER: /* ssh-add can read it */
	case PRIVKEY_FOREIGN:
		return;
	case PRIVKEY_RSA:
		note(l, what, "an RSA key, which only the system ssh can use");
		return;
	case PRIVKEY_FIDO:
		note(l, what, "a FIDO key, which only the system ssh can use");
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
		i.has_private = i.key.use == PRIVKEY_OK || i.key.use == PRIVKEY_CIPHER;
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
	const char *key; /* it is asked to sign with; NULL: for its list */
	bool noticed;
};

static bool
wait_with_notice(struct agent_patience *p, int fd, short events, int64_t left)
{
	struct worker *w = p->l->w;
	char text[300];

	if (!p->key || p->noticed || left <= NOTICE_MS)
		return worker_wait(w, fd, events, left);
	if (worker_wait(w, fd, events, NOTICE_MS))
		return true;
	p->noticed = true;
	snprintf(text, sizeof text,
		"the agent to sign with the key %.100s: a touch or a confirmation?",
		p->key);
	worker_notice(w, text);
	return worker_wait(w, fd, events, left - NOTICE_MS);
}

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
	ready = wait_with_notice(p, fd, events, left);
	w->deadline_ms += clock_mono().ms - begin - left;
	return ready;
}

/* `key` is the name of the one it is to sign with, or NULL. */
static bool
ask_agent(struct login *l, int fd, const char *key, const struct str *request,
	struct str *reply, struct err *e)
{
	struct agent_patience p = {
		.l = l,
		.until_ms = clock_mono().ms + l->w->facts.agent_ms,
		.key = key,
	};
	bool ok = agent_call(fd, request, reply, wait_for_agent, &p, e);

	if (p.noticed)
		worker_notice(l->w, "");
	return ok;
}

static bool
look_into_agent(struct login *l, const char *path, struct known_agent *a, struct err *e)
{
	struct str request = STR_INIT, reply = STR_INIT;
	bool ok;

	agent_add_list(&request);
	a->fd = agent_connect(path, e);
	ok = a->fd >= 0 && ask_agent(l, a->fd, NULL, &request, &reply, e) &&
		agent_read_list(reply.buf, reply.len, &a->keys, e);
	str_release(&request);
	str_release(&reply);
	return ok;
}

static void
forget_agent(struct known_agent *a)
{
	agent_keys_release(&a->keys);
	if (a->fd >= 0)
		close(a->fd);
	*a = (struct known_agent){.fd = -1};
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
	int fd;
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
	if (ask_agent(o->login, o->fd, o->key->comment, &request, &reply, &e))
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
offer_agent_key(struct login *l, const struct known_agent *a, const struct agent_key *k)
{
	struct agent_offer o = {.login = l, .fd = a->fd, .key = k};
	int rc;

	privkey_blob_type(&k->blob, o.type, sizeof o.type);
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

/* The one that was unlocked: by its public key, or, where only the private file knows
 * that, by the name that ssh-add gave it. */
static const struct agent_key *
find_unlocked(const struct known_agent *a, const struct identity *i)
{
	for (size_t n = 0; n < a->keys.list.len; n++) {
		const struct agent_key *k = &a->keys.list.at[n];

		if (i->key.blob.len > 0 ? same_key(&k->blob, &i->key.blob)
					: strcmp(k->comment, i->path) == 0)
			return k;
	}
	return NULL;
}

/* The console has it decrypted, once for all hosts; neither key nor passphrase is ours. */
static enum offer
offer_locked_file(struct login *l, const struct identity *i)
{
	bool wanted = i->key.blob.len == 0;
	void *mark = &wanted;
	const struct agent_key *k = NULL;
	struct err e = ERR_INIT;
	char *answer;

	/* Nobody types a passphrase for a key the host does not take. */
	if (!wanted)
		mind_the_line(l, offer_public(l, &i->key.blob, signs_never, mark));
	if (!wanted)
		return OFFER_NEXT;
	answer = worker_ask(l->w, i->path, WIRE_ASK_UNLOCK);
	if (!answer)
		worker_fail(l->w, "CANCELLED", "no passphrase for %s", i->path);
	mem_free(answer);
	forget_agent(&l->keeper);
	if (look_into_agent(l, l->w->facts.keeper, &l->keeper, &e))
		k = find_unlocked(&l->keeper, i);
	if (k)
		return offer_agent_key(l, &l->keeper, k);
	note(l, i->path,
		e.kind == ERR_NONE ? "it was unlocked, but is not there" : e.msg);
	return OFFER_NEXT;
}

static enum offer
offer_file(struct login *l, const struct identity *i)
{
	struct worker *w = l->w;
	struct str line = STR_INIT;
	uint64_t before = w->core.sends;
	int rc;

	l->offered++;
	if (i->key.encrypted)
		return offer_locked_file(l, i);
	if (i->key.blob.len > 0)
		privkey_add_public_line(&i->key, &line);
	while ((rc = libssh2_userauth_publickey_frommemory(w->core.session, w->facts.user,
			strlen(w->facts.user), line.len ? line.buf : NULL, line.len,
			i->key.text.buf, i->key.text.len, NULL)) == LIBSSH2_ERROR_EAGAIN)
		worker_turn(w);
	str_release(&line);
	if (rc == 0)
		return OFFER_IN;
	mind_the_line(l, rc);
	/* A key the host does not know says nothing about methods: no need to ask. */
	if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED)
		return OFFER_NEXT;
	/* The question "would you take this key" went out, a signature did not: errors
	 * of the library do not tell these apart, what it sent does. */
	if (w->core.sends - before < 2) {
		note(l, i->path, "cannot be read as a key");
		return OFFER_NEXT;
	}
	return after_refusal(l);
}

/* ---- the order: agent keys that are named, other agent keys, files ---- */

static enum offer
offer_agent(struct login *l, bool named)
{
	enum offer o = OFFER_NEXT;

	for (size_t i = 0; i < l->agent.keys.list.len && l->offered < OFFERS_MAX; i++) {
		const struct agent_key *k = &l->agent.keys.list.at[i];
		struct privkey p = {.blob = k->blob};

		if (named != (file_of(l, &k->blob) != NULL))
			continue;
		privkey_judge(&p);
		if (p.use != PRIVKEY_OK) {
			note_use(l, k->comment, &p);
			continue;
		}
		l->offered++;
		o = offer_agent_key(l, &l->agent, k);
		if (o != OFFER_NEXT)
			break;
	}
	return o;
}

static bool
agent_has(const struct login *l, const struct str *blob)
{
	for (size_t i = 0; i < l->agent.keys.list.len; i++) {
		if (same_key(&l->agent.keys.list.at[i].blob, blob))
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
	struct err e = ERR_INIT;

	if (!(f->flags & WIREFACTS_PUBKEY) ||
		(*f->methods && !has_method(f->methods, "publickey")))
		return o;
	for (size_t i = 0; i < f->files.len; i++)
		add_file(l, f->files.at[i]);
	if (*f->agent && !look_into_agent(l, f->agent, &l->agent, &e))
		note(l, "agent", e.msg);
	o = offer_agent(l, true);
	if (o == OFFER_NEXT && !(f->flags & WIREFACTS_IDENTITIES_ONLY))
		o = offer_agent(l, false);
	if (o == OFFER_NEXT)
		o = offer_files(l);
	return o;
}

/* ---- the whole ---- */

/* Asked for: by the host, which takes no key (any more), or by PreferredAuthentications. */
static bool
is_asked_for(const struct login *l, const char *list, const char *method, uint32_t flag)
{
	const struct wirefacts *f = &l->w->facts;

	return (f->flags & flag) && has_method(list, method) &&
		(!*f->methods || has_method(f->methods, method)) &&
		(*f->methods || !has_method(list, "publickey"));
}

static _Noreturn void
give_up(struct login *l, const char *list)
{
	const struct wirefacts *f = &l->w->facts;
	const char *but = l->notes.len ? "; " : "";
	bool could_ask = (f->flags & WIREFACTS_PASSWORD &&
				 has_method(list, "password")) ||
		(f->flags & WIREFACTS_KBDINT && has_method(list, "keyboard-interactive"));

	if (l->asked)
		worker_fail(l->w, "ANSWER", "asked %d %s, by %s@%s", l->asked,
			l->asked == 1 ? "time" : "times", f->user, f->host);
	if (l->offered == 0)
		worker_fail(l->w, "NO_KEY", "%s",
			l->notes.len ? l->notes.buf : "no key file and no agent key");
	worker_fail(l->w, "DENIED",
		"%d %s offered, none accepted; the host takes: %s%s%s%s", l->offered,
		l->offered == 1 ? "key" : "keys", *list ? list : "nothing more",
		could_ask ? " (nobody is asked while it takes keys, unless "
			    "PreferredAuthentications says so)"
			  : "",
		but, l->notes.buf);
}

struct way {
	const char *method;
	uint32_t flag;
	bool (*ask)(struct worker *w, enum questions_turn turn);
};

static const struct way ways[] = {
	{"keyboard-interactive", WIREFACTS_KBDINT, questions_keyboard},
	{"password", WIREFACTS_PASSWORD, questions_password},
};
enum { WAYS = sizeof ways / sizeof *ways };

static int
next_way(const struct login *l, const char *list, const int tries[WAYS])
{
	for (int i = 0; i < WAYS; i++) {
		if (tries[i] < QUESTION_TRIES &&
			is_asked_for(l, list, ways[i].method, ways[i].flag))
			return i;
	}
	return -1;
}

/* What is left after the keys, one method after the other: a host may want several. */
static bool
ask_person(struct login *l)
{
	struct worker *w = l->w;
	char *list = methods_left(l);
	int tries[WAYS] = {0}, way;
	bool in = libssh2_userauth_authenticated(w->core.session);

	while (!in && !w->core.eof && (way = next_way(l, list, tries)) >= 0) {
		l->asked++;
		in = ways[way].ask(w, tries[way]++ ? QUESTIONS_AGAIN : QUESTIONS_FIRST);
		/* Refused, or is it enough of this one? To ask the host counts as a
		 * failure there: once is enough. */
		if (!in && !w->core.eof && tries[way] == 1) {
			mem_free(list);
			list = methods_left(l);
			in = libssh2_userauth_authenticated(w->core.session);
		}
	}
	mem_free(list);
	return in;
}

void
login_now(struct worker *w)
{
	struct login l = {.w = w, .agent.fd = -1, .keeper.fd = -1, .notes = STR_INIT};

	w->core.owner = w;
	if (offer_keys(&l) != OFFER_IN && !ask_person(&l))
		give_up(&l, methods_left(&l));
	for (size_t i = 0; i < l.files.len; i++) {
		privkey_release(&l.files.at[i].key);
		mem_free(l.files.at[i].path);
	}
	vec_free(&l.files);
	forget_agent(&l.agent);
	forget_agent(&l.keeper);
	str_release(&l.notes);
}
