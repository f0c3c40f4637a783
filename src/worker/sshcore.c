#include "worker/sshcore.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

/* 64 KiB: two packets at most wait outside the library. */
enum { READ_BYTES = 64 * 1024 };

/* What may be agreed on; the first is preferred. No CBC, no SHA-1, nothing that strict
 * key exchange would have to protect (TRUST 0.1.4). Names a build does not have are
 * dropped by the library. */
static const char kex_names[] =
	"curve25519-sha256,curve25519-sha256@libssh.org,"
	"ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521";
static const char cipher_names[] = "aes256-ctr,aes192-ctr,aes128-ctr";
static const char mac_names[] = "hmac-sha2-256,hmac-sha2-512";
static const char hostkey_names[] =
	"ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521"
#if LIBSSH2_VERSION_NUM >= 0x010b00
	",rsa-sha2-512,rsa-sha2-256"
#endif
	;

/* ---- memory: every block remembers its size ---- */

struct block {
	_Alignas(16) size_t bytes;
};

void *
sshcore_alloc(struct sshcore *s, size_t bytes)
{
	struct block *b;

	if (bytes > SSHCORE_BLOCK_MAX || s->allocated + bytes > SSHCORE_TOTAL_MAX)
		return NULL;
	b = mem_alloc(sizeof *b + bytes);
	b->bytes = bytes;
	s->allocated += bytes;
	if (s->allocated > s->peak)
		s->peak = s->allocated;
	return b + 1;
}

static void *
take_block(size_t bytes, void **abstract)
{
	return sshcore_alloc(*abstract, bytes);
}

static void
give_block(void *p, void **abstract)
{
	struct sshcore *s = *abstract;
	struct block *b = p;

	if (!p)
		return;
	b--;
	s->allocated -= b->bytes;
	mem_wipe_free(b, sizeof *b + b->bytes);
}

static void *
resize_block(void *p, size_t bytes, void **abstract)
{
	void *bigger = sshcore_alloc(*abstract, bytes);

	if (p && bigger) {
		size_t old = ((struct block *)p - 1)->bytes;

		memcpy(bigger, p, old < bytes ? old : bytes);
		give_block(p, abstract);
	}
	return bigger;
}

/* ---- bytes ---- */

static ssize_t
library_reads(libssh2_socket_t fd, void *buf, size_t len, int flags, void **abstract)
{
	struct sshcore *s = *abstract;
	size_t have = s->in.len - s->in_used;

	(void)fd;
	(void)flags;
	if (have == 0)
		return s->eof ? 0 : -EAGAIN;
	if (len > have)
		len = have;
	memcpy(buf, s->in.buf + s->in_used, len);
	s->in_used += len;
	str_taken(&s->in, &s->in_used);
	return (ssize_t)len;
}

static ssize_t
library_writes(
	libssh2_socket_t fd, const void *buf, size_t len, int flags, void **abstract)
{
	struct sshcore *s = *abstract;

	(void)fd;
	(void)flags;
	str_add(&s->out, buf, len);
	s->sends++;
	return (ssize_t)len;
}

static void
remember_first(struct sshcore *s, const char *p, size_t len)
{
	size_t room = SSHCORE_FIRST_MAX - s->first.len;

	if (room > 0)
		str_add(&s->first, p, len < room ? len : room);
}

bool
sshcore_wants_read(const struct sshcore *s)
{
	return !s->eof && s->in.len - s->in_used < READ_BYTES;
}

void
sshcore_fill(struct sshcore *s)
{
	char buf[READ_BYTES];
	ssize_t n = recv(s->sock, buf, sizeof buf, MSG_DONTWAIT);

	if (n > 0) {
		remember_first(s, buf, (size_t)n);
		str_add(&s->in, buf, (size_t)n);
		/* sshd runs Nagle until the first exec: it waits for our acknowledgements. */
		if (s->hasty)
			setsockopt(s->sock, IPPROTO_TCP, TCP_QUICKACK, &(int){1},
				sizeof(int));
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		s->eof = true;
		s->sys = n == 0 ? 0 : errno;
	}
}

bool
sshcore_wants_write(const struct sshcore *s)
{
	return s->out.len > s->out_sent && !s->eof;
}

size_t
sshcore_backlog(const struct sshcore *s)
{
	return s->out.len - s->out_sent;
}

void
sshcore_flush(struct sshcore *s)
{
	while (sshcore_wants_write(s)) {
		ssize_t n = send(s->sock, s->out.buf + s->out_sent,
			s->out.len - s->out_sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			/* What came before the end is still to be read: eof comes there. */
			if (errno != EAGAIN && errno != EPIPE && errno != ECONNRESET) {
				s->eof = true;
				s->sys = errno;
			}
			if (errno != EAGAIN)
				s->out_sent = s->out.len;
			break;
		}
		s->out_sent += (size_t)n;
	}
	str_taken(&s->out, &s->out_sent);
}

/* ---- what is agreed on ---- */

static void
add_name(struct str *out, const char *name, size_t len)
{
	char one[64];

	snprintf(one, sizeof one, "%.*s", (int)len, name);
	if (!kexinit_shares(one, hostkey_names) || kexinit_shares(one, out->buf))
		return;
	if (out->len > 0)
		str_addc(out, ',');
	str_adds(out, one);
}

static void
add_names(struct str *out, const char *names)
{
	while (*names) {
		size_t len = strcspn(names, ",");

		/* In known_hosts an RSA key is "ssh-rsa" whatever signs with it. */
		if (len == 7 && memcmp(names, "ssh-rsa", 7) == 0) {
			add_name(out, "rsa-sha2-512", 12);
			add_name(out, "rsa-sha2-256", 12);
		} else {
			add_name(out, names, len);
		}
		names += len;
		names += *names == ',';
	}
}

void
sshcore_hostkeys(const char *known, struct str *out)
{
	add_names(out, known);
	add_names(out, hostkey_names);
}

static bool
pin_methods(struct sshcore *s, const char *known)
{
	struct str hostkeys = STR_INIT;
	bool ok;

	sshcore_hostkeys(known, &hostkeys);
	const struct {
		int method;
		const char *names;
	} pins[] = {
		{LIBSSH2_METHOD_KEX, kex_names},
		{LIBSSH2_METHOD_HOSTKEY, hostkeys.buf},
		{LIBSSH2_METHOD_CRYPT_CS, cipher_names},
		{LIBSSH2_METHOD_CRYPT_SC, cipher_names},
		{LIBSSH2_METHOD_MAC_CS, mac_names},
		{LIBSSH2_METHOD_MAC_SC, mac_names},
		{LIBSSH2_METHOD_COMP_CS, "none"},
		{LIBSSH2_METHOD_COMP_SC, "none"},
	};
	ok = true;
	for (size_t i = 0; ok && i < sizeof pins / sizeof *pins; i++)
		ok = libssh2_session_method_pref(
			     s->session, pins[i].method, pins[i].names) == 0;
	str_release(&hostkeys);
	return ok;
}

bool
sshcore_start(struct sshcore *s, int sock, const char *known)
{
	/* The library takes its callbacks as void *, through which C knows no function. */
	union {
		LIBSSH2_RECV_FUNC((*fn));
		void *p;
	} reads = {.fn = library_reads};
	union {
		LIBSSH2_SEND_FUNC((*fn));
		void *p;
	} writes = {.fn = library_writes};

	*s = (struct sshcore){
		.sock = sock,
		.in = STR_INIT,
		.out = STR_INIT,
		.first = STR_INIT,
		.hasty = true,
	};
	s->session = libssh2_session_init_ex(take_block, give_block, resize_block, s);
	if (!s->session)
		return false;
	libssh2_session_callback_set(s->session, LIBSSH2_CALLBACK_RECV, reads.p);
	libssh2_session_callback_set(s->session, LIBSSH2_CALLBACK_SEND, writes.p);
	libssh2_session_set_blocking(s->session, 0);
	return pin_methods(s, known);
}

const char *
sshcore_error(const struct sshcore *s)
{
	char *text = NULL;

	libssh2_session_last_error(s->session, &text, NULL, 0);
	return text ? text : "";
}

bool
sshcore_misfit(const struct sshcore *s, char *out, size_t size)
{
	static const char *const ours[KEXINIT_LIST_COUNT] = {
		[KEXINIT_KEX] = kex_names,
		[KEXINIT_HOSTKEY] = hostkey_names,
		[KEXINIT_CIPHER_OUT] = cipher_names,
		[KEXINIT_CIPHER_IN] = cipher_names,
		[KEXINIT_MAC_OUT] = mac_names,
		[KEXINIT_MAC_IN] = mac_names,
	};
	struct kexinit k;
	bool misfit;

	kexinit_read(&k, s->first.buf, s->first.len);
	*out = 0;
	if (k.kind == KEXINIT_SILENT)
		snprintf(out, size, "it said nothing");
	else if (k.kind == KEXINIT_FOREIGN)
		snprintf(out, size, "what answers there does not speak SSH 2");
	else
		kexinit_misfit(&k, ours, out, size);
	misfit = k.kind != KEXINIT_SILENT && *out;
	if (!*out)
		snprintf(out, size, "%s", sshcore_error(s));
	return misfit;
}
