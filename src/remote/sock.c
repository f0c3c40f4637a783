#include "remote/sock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A type of OpenSSL's has the name of one of our kinds of errors. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#include "base/mem.h"

enum { READ_BYTES = 16 * 1024, DAY_S = 86400 };

struct sock {
	struct loop *loop;
	int fd;
	struct loop_fd *watch;
	struct loop_timer *soon;
	SSL_CTX *context; /* NULL: plain */
	SSL *ssl;
	bool ready, over, want_write;
	int depth; /* of calls; freed inside one it goes after it */
	bool freed;
	struct str out;
	struct sock_calls calls;
};

static void
destroy(struct sock *s)
{
	SSL_free(s->ssl);
	SSL_CTX_free(s->context);
	if (s->watch)
		loop_fd_free(s->watch);
	loop_timer_free(s->soon);
	if (s->fd >= 0)
		close(s->fd);
	mem_wipe(s->out.buf, s->out.len);
	str_release(&s->out);
	mem_free(s);
}

static void
end(struct sock *s, const char *why)
{
	if (s->over)
		return;
	s->over = true;
	loop_fd_want(s->watch, 0);
	s->calls.on_end(s->calls.ctx, why);
}

/* ---- what was shown ---- */

/* Text fields of a certificate may hold anything, also a NUL that hides the rest. */
static void
add_clean(struct str *out, const unsigned char *p, int len)
{
	for (int i = 0; i < len; i++)
		str_addc(out, p[i] < ' ' || p[i] == 0x7f ? '?' : (char)p[i]);
}

static void
add_address(struct str *out, const ASN1_OCTET_STRING *ip)
{
	const unsigned char *b = ASN1_STRING_get0_data(ip);
	int len = ASN1_STRING_length(ip);

	if (len == 4)
		str_addf(out, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
	for (int i = 0; len == 16 && i < 16; i += 2)
		str_addf(out, "%s%x", i ? ":" : "", b[i] << 8 | b[i + 1]);
}

static void
add_names(X509 *x, struct str *out)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(all, i);
		size_t before = out->len;

		if (before)
			str_addc(out, '\n');
		if (g->type == GEN_DNS)
			add_clean(out, ASN1_STRING_get0_data(g->d.dNSName),
				ASN1_STRING_length(g->d.dNSName));
		else if (g->type == GEN_IPADD)
			add_address(out, g->d.iPAddress);
		else
			str_cut(out, before);
	}
	GENERAL_NAMES_free(all);
}

static void
add_issuer(X509 *x, struct str *out)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p = NULL;
	long len;

	X509_NAME_print_ex(b, X509_get_issuer_name(x), 0, XN_FLAG_RFC2253);
	len = BIO_get_mem_data(b, &p);
	add_clean(out, (const unsigned char *)p, (int)len);
	BIO_free(b);
}

static double
days_left(X509 *x)
{
	int days = 0, seconds = 0;

	if (!ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(x)))
		return -1;
	return days + (double)seconds / DAY_S;
}

static const char *
chain_words(const SSL *ssl)
{
	long rc = SSL_get_verify_result(ssl);

	return rc == X509_V_OK ? "ok" : X509_verify_cert_error_string(rc);
}

static void
tell_ready(struct sock *s)
{
	struct sock_cert c = {.issuer = STR_INIT, .names = STR_INIT};
	X509 *leaf = s->ssl ? SSL_get1_peer_certificate(s->ssl) : NULL;
	STACK_OF(X509) *chain = s->ssl ? SSL_get_peer_cert_chain(s->ssl) : NULL;

	s->ready = true;
	if (leaf) {
		c.protocol = SSL_get_version(s->ssl);
		c.chain = chain_words(s->ssl);
		c.days_left = days_left(leaf);
		for (int i = 0; i < sk_X509_num(chain); i++) {
			double d = days_left(sk_X509_value(chain, i));

			c.days_left = d < c.days_left ? d : c.days_left;
		}
		add_issuer(leaf, &c.issuer);
		add_names(leaf, &c.names);
	}
	s->calls.on_ready(s->calls.ctx, leaf ? &c : NULL);
	X509_free(leaf);
	str_release(&c.issuer);
	str_release(&c.names);
}

/* ---- bytes ---- */

static void
say_tls_error(const struct sock *s, char *out, size_t size)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;
	long verified = SSL_get_verify_result(s->ssl);

	if (verified != X509_V_OK && SSL_get_verify_mode(s->ssl) != SSL_VERIFY_NONE)
		snprintf(out, size, "the certificate does not hold: %s",
			X509_verify_cert_error_string(verified));
	else
		snprintf(out, size, "TLS: %s",
			reason ? reason : "the other side closed the connection");
}

/* Whether an SSL call has to wait; otherwise the stream has ended. */
static bool
waits(struct sock *s, int rc)
{
	char why[200] = "";

	switch (SSL_get_error(s->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return true;
	case SSL_ERROR_WANT_WRITE:
		s->want_write = true;
		return true;
	case SSL_ERROR_ZERO_RETURN:
		end(s, "");
		return false;
	default:
		say_tls_error(s, why, sizeof why);
		end(s, why);
		return false;
	}
}

static bool
shake_hands(struct sock *s)
{
	int rc;

	ERR_clear_error();
	rc = SSL_connect(s->ssl);
	if (rc != 1)
		return waits(s, rc) && false;
	tell_ready(s);
	return true;
}

static void
write_out(struct sock *s)
{
	while (!s->over && s->out.len > 0) {
		ssize_t n;

		ERR_clear_error();
		if (s->ssl)
			n = SSL_write(s->ssl, s->out.buf, (int)s->out.len);
		else
			n = send(s->fd, s->out.buf, s->out.len, MSG_NOSIGNAL);
		if (n <= 0 && s->ssl) {
			waits(s, (int)n);
			return;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			end(s, strerror(errno));
		if (n < 0)
			return;
		mem_wipe(s->out.buf, (size_t)n);
		str_drop(&s->out, (size_t)n);
	}
}

static void
read_in(struct sock *s)
{
	char buf[READ_BYTES];

	/* One record at a time, until nothing is left inside of the library. */
	while (!s->over && !s->freed) {
		ssize_t n;

		ERR_clear_error();
		n = s->ssl ? SSL_read(s->ssl, buf, sizeof buf)
			   : read(s->fd, buf, sizeof buf);
		if (n > 0) {
			s->calls.on_data(s->calls.ctx, buf, (size_t)n);
			if (!s->ssl)
				return;
			continue;
		}
		if (s->ssl)
			waits(s, (int)n);
		else if (n == 0)
			end(s, "");
		else if (errno != EAGAIN && errno != EINTR)
			end(s, strerror(errno));
		return;
	}
}

static void
move(struct sock *s)
{
	s->depth++;
	s->want_write = false;
	if (!s->ready && !s->over) {
		if (s->ssl)
			shake_hands(s);
		else
			tell_ready(s);
	}
	if (s->ready && !s->freed)
		write_out(s);
	if (s->ready && !s->freed)
		read_in(s);
	s->depth--;
	if (s->freed) {
		if (s->depth == 0)
			destroy(s);
		return;
	}
	if (!s->over)
		loop_fd_want(s->watch,
			LOOP_READ |
				(s->want_write || (s->ready && s->out.len > 0)
						? LOOP_WRITE
						: 0));
}

static void
fd_ready(void *ctx, int ready)
{
	(void)ready; /* an error shows in the call that meets it */
	move(ctx);
}

static void
go(void *ctx)
{
	move(ctx);
}

void
sock_write(struct sock *s, const void *p, size_t len)
{
	str_add(&s->out, p, len);
	if (!s->over)
		loop_fd_want(s->watch, LOOP_READ | LOOP_WRITE);
}

/* ---- start ---- */

static int
no_passphrase(char *buf, int size, int rw, void *ctx)
{
	(void)buf, (void)size, (void)rw, (void)ctx;
	return 0; /* never ask on the terminal */
}

static bool
file_fails(struct err *e, const char *what, const char *path)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return err_set(e, ERR_INPUT, "%s %.100s: %s", what, path,
		reason ? reason : "cannot be used");
}

static bool
load_files(SSL_CTX *c, const struct sock_opts *o, struct err *e)
{
	SSL_CTX_set_default_passwd_cb(c, no_passphrase);
	if (!o->ca)
		SSL_CTX_set_default_verify_paths(c);
	else if (SSL_CTX_load_verify_locations(c, o->ca, NULL) != 1)
		return file_fails(e, "certificates of", o->ca);
	if (o->cert && SSL_CTX_use_certificate_chain_file(c, o->cert) != 1)
		return file_fails(e, "certificate", o->cert);
	if (o->cert &&
		SSL_CTX_use_PrivateKey_file(
			c, o->key ? o->key : o->cert, SSL_FILETYPE_PEM) != 1)
		return file_fails(e, "key", o->key ? o->key : o->cert);
	return true;
}

static bool
set_name(SSL *ssl, const char *name)
{
	X509_VERIFY_PARAM *p = SSL_get0_param(ssl);

	if (X509_VERIFY_PARAM_set1_ip_asc(p, name) == 1)
		return true;
	ERR_clear_error();
	return SSL_set_tlsext_host_name(ssl, name) == 1 && SSL_set1_host(ssl, name) == 1;
}

static bool
start_tls(struct sock *s, const struct sock_opts *o, struct err *e)
{
	bool look = o->mode == SOCK_TLS_LOOK;

	ERR_clear_error();
	s->context = SSL_CTX_new(TLS_client_method());
	if (!s->context || !load_files(s->context, o, e))
		return s->context ? false : err_set(e, ERR_STATE, "no TLS");
	SSL_CTX_set_mode(s->context,
		SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_verify(s->context, look ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	if (look) {
		SSL_CTX_set_min_proto_version(s->context, TLS1_VERSION);
		SSL_CTX_set_cipher_list(s->context, "DEFAULT:@SECLEVEL=0");
	}
	s->ssl = SSL_new(s->context);
	if (!s->ssl || !set_name(s->ssl, o->name) || SSL_set_fd(s->ssl, s->fd) != 1)
		return err_set(e, ERR_INPUT, "`%.100s` is no name of a server", o->name);
	return true;
}

struct sock *
sock_new(const struct sock_opts *o, const struct sock_calls *calls, struct err *e)
{
	struct sock *s = mem_alloc(sizeof *s);

	s->loop = o->loop;
	s->fd = o->fd;
	s->out = STR_INIT;
	s->calls = *calls;
	s->soon = loop_timer_new(o->loop, go, s);
	s->watch = loop_fd_new(o->loop, o->fd, fd_ready, s);
	if (!s->watch) {
		err_set(e, ERR_STATE, "the connection cannot be watched");
	} else if (o->mode == SOCK_PLAIN || start_tls(s, o, e)) {
		loop_timer_start(s->soon, 0, 0);
		return s;
	}
	destroy(s);
	return NULL;
}

void
sock_free(struct sock *s)
{
	if (!s || s->freed)
		return;
	s->over = s->freed = true;
	if (s->depth == 0)
		destroy(s);
}
