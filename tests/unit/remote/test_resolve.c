#include "remote/resolve.h"

#include "../loop/jail.h"
#include "sshkit.h"

static struct sshkit kit;

static const char answer[] =
	"host web\nuser ops\nhostname Web1.Example.com\nport 2222\nidentitiesonly yes\n"
	"gssapiauthentication yes\nhostbasedauthentication no\npubkeyauthentication true\n"
	"identityfile ~/.ssh/id_a\nidentityfile /keys/%r-%h-%p-%n-%%\n"
	"identityagent /run/agent\nproxyjump none\ncertificatefile none\n"
	"globalknownhostsfile /etc/ssh/kh /etc/ssh/kh2\nuserknownhostsfile ~/kh\n"
	"connecttimeout 7\nunknownthing yes\nline-without-value\n";

static struct sshconf
parse(const char *text)
{
	struct sshconf c;
	struct err e = ERR_INIT;

	if (!sshconf_parse(&c, "web", text, strlen(text), &e))
		fail_msg("%s", e.msg);
	return c;
}

static void
answer_of_ssh_becomes_facts(void **state)
{
	struct sshconf c = parse(answer);
	char *name = sshconf_known_name(&c), *address = sshconf_address(&c);

	(void)state;
	assert_string_equal(c.hostname, "Web1.Example.com");
	assert_string_equal(name, "[web1.example.com]:2222");
	assert_string_equal(address, "ops@Web1.Example.com:2222");
	assert_int_equal(c.identityfiles.list.len, 2);
	assert_int_equal(c.identityfiles.list.at[0][0], '/');
	assert_string_equal(
		c.identityfiles.list.at[1], "/keys/ops-Web1.Example.com-2222-web-%");
	assert_int_equal(c.known_files.list.len, 3);
	assert_non_null(strstr(c.known_files.list.at[0], "/kh"));
	assert_string_equal(c.known_files.list.at[2], "/etc/ssh/kh2");
	assert_string_equal(c.identityagent, "/run/agent");
	assert_null(c.proxyjump);
	assert_int_equal(c.certificatefiles.list.len, 0);
	assert_true(c.identities_only && c.gssapi && c.pubkey && !c.hostbased);
	assert_int_equal(c.connect_timeout_s, 7);
	mem_free(name);
	mem_free(address);
	sshconf_release(&c);
}

static void
answer_without_host_is_refused(void **state)
{
	static const char *const bad[] = {"", "user x\nport 22\n",
		"hostname h\nuser u\nport 0\n", "hostname h\nuser u\nport 70000\n",
		"hostname h\nport 22\n"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sshconf c;
		struct err e = ERR_INIT;

		assert_false(sshconf_parse(&c, "web", bad[i], strlen(bad[i]), &e));
		assert_int_equal(e.kind, ERR_PARSE);
	}
}

static void
aliases_that_are_no_names_are_refused(void **state)
{
	static const char *const bad[] = {"", "-v", "-oX=y", "a b", "a\nb", "a\x7f"};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(sshconf_alias_ok(bad[i], &e));
	assert_true(sshconf_alias_ok("ops@web1.example.com", &e));
}

struct choice {
	const char *extra; /* further lines of ssh -G */
	struct resolve_keys keys;
	enum resolve_ticket ticket;
	enum host_transport want;
	const char *why;
};

static const struct choice choices[] = {
	{"", {.usable = 1}, RESOLVE_NO_TICKET, HOST_LIBSSH2, ""},
	{"", {.usable = 1, .rsa = 1}, RESOLVE_NO_TICKET, HOST_LIBSSH2, ""},
	{"proxyjump gate\n", {.usable = 1}, RESOLVE_NO_TICKET, HOST_OPENSSH, "ProxyJump"},
	{"proxycommand nc %h %p\n", {.usable = 1}, RESOLVE_NO_TICKET, HOST_OPENSSH,
		"ProxyCommand"},
	{"", {.rsa = 2}, RESOLVE_NO_TICKET, HOST_OPENSSH, "RSA"},
	{"", {.fido = 1}, RESOLVE_NO_TICKET, HOST_OPENSSH, "FIDO"},
	{"", {.usable = 1, .certificate = 1}, RESOLVE_NO_TICKET, HOST_OPENSSH,
		"certificate"},
	{"", {.usable = 1}, RESOLVE_TICKET, HOST_OPENSSH, "Kerberos"},
	{"", {0}, RESOLVE_NO_TICKET, HOST_OPENSSH, "password"},
	{"hostbasedauthentication yes\n", {.usable = 1}, RESOLVE_NO_TICKET, HOST_OPENSSH,
		"host-based"},
	{"pkcs11provider /x.so\n", {.usable = 1}, RESOLVE_NO_TICKET, HOST_OPENSSH,
		"PKCS#11"},
	{"revokedhostkeys /x\n", {.usable = 1}, RESOLVE_NO_TICKET, HOST_OPENSSH,
		"RevokedHostKeys"},
};

static void
transport_is_chosen_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		const struct choice *c = &choices[i];
		char *text = mem_printf("%s%s", answer, c->extra);
		struct resolve_facts f = {.conf = parse(text), .keys = c->keys};

		resolve_choose(&f, HOST_AUTO, c->ticket);
		if (f.transport != c->want || !strstr(f.why, c->why))
			fail_msg("row %zu: %d %s", i, f.transport, f.why);
		assert_int_equal(f.may_fall_back, c->want == HOST_LIBSSH2);
		resolve_choose(&f, HOST_LIBSSH2, c->ticket);
		assert_int_equal(f.transport, HOST_LIBSSH2);
		assert_false(f.may_fall_back);
		resolve_release(&f);
		mem_free(text);
	}
}

static void
add_known(struct knownhosts *k, enum knownhost_marker marker, const char *type)
{
	struct knownhost h = {.marker = marker,
		.type = mem_strdup(type),
		.blob = STR_INIT,
		.file = mem_strdup("f")};

	vec_push(&k->list, h);
}

static void
known_hosts_decide_too(void **state)
{
	static const struct {
		enum knownhost_marker marker;
		const char *type;
		enum host_transport want;
	} rows[] = {
		{KNOWNHOST_PLAIN, "ssh-ed25519", HOST_LIBSSH2},
		{KNOWNHOST_PLAIN, "ssh-rsa", HOST_OPENSSH},
		{KNOWNHOST_CA, "ssh-ed25519", HOST_OPENSSH},
		{KNOWNHOST_REVOKED, "ssh-rsa", HOST_LIBSSH2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct resolve_facts f = {.conf = parse(answer), .keys = {.usable = 1}};

		add_known(&f.known, rows[i].marker, rows[i].type);
		resolve_choose(&f, HOST_AUTO, RESOLVE_NO_TICKET);
		assert_int_equal(f.transport, rows[i].want);
		resolve_release(&f);
	}
}

static void
kinds_of_key_files_are_read_without_a_passphrase(void **state)
{
	static const struct {
		const char *file, *type;
	} rows[] = {
		{"user", "ssh-ed25519"},
		{"locked", "ssh-ed25519"},
		{"rsa", "ssh-rsa"},
		{"ec", "ecdsa-sha2-nistp384"},
		{"pem", "ssh-rsa"},
		{"sshd_config", ""},
		{"absent", ""},
	};
	char type[64];

	(void)state;
	assert_int_equal(sshkit_sh(&kit,
				 "ssh-keygen -q -t ecdsa -b 384 -N '' -f ec; "
				 "ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f pem"),
		0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *path = file_join(kit.dir, rows[i].file);

		resolve_file_type(path, type, sizeof type);
		assert_string_equal(type, rows[i].type);
		mem_free(path);
	}
}

static void
cut_key_files_are_no_key(void **state)
{
	char *whole = sshkit_read(&kit, "user"), *path = file_join(kit.dir, "cut");
	char type[64];

	(void)state;
	for (size_t n = 0; n < strlen(whole); n += 7) {
		char *part = mem_strndup(whole, n);

		sshkit_write(&kit, "cut", part);
		resolve_file_type(path, type, sizeof type);
		assert_true(!*type || strcmp(type, "ssh-ed25519") == 0);
		mem_free(part);
	}
	mem_free(path);
	mem_free(whole);
}

struct done {
	struct resolve_facts f;
	int n;
	char why[700];
};

static void
resolved(void *ctx, struct resolve_facts *f, const struct err *e)
{
	struct done *d = ctx;

	d->n++;
	snprintf(d->why, sizeof d->why, "%s", e ? e->msg : "");
	if (!f)
		return;
	d->f = *f;
	*f = (struct resolve_facts){0};
}

static void
real_ssh_answers(void **state)
{
	struct loop *l = loop_new();
	struct done d = {0};
	struct err e = ERR_INIT;
	struct resolve *r = resolve_start(l, "web", HOST_AUTO, resolved, &d, &e);

	(void)state;
	assert_non_null(r);
	assert_int_equal(d.n, 0);
	while (!d.n)
		loop_turn(l, 1000);
	assert_string_equal(d.why, "");
	assert_int_equal(d.f.conf.port, kit.port);
	assert_int_equal(d.f.keys.usable, 1);
	assert_int_equal(d.f.known.list.len, 1);
	assert_int_equal(d.f.transport, HOST_LIBSSH2);
	resolve_free(r);
	resolve_release(&d.f);
	assert_null(resolve_start(l, "-v", HOST_AUTO, resolved, &d, &e));
	loop_free(l);
}

static int
up(void **state)
{
	(void)state;
	unsetenv("KRB5CCNAME");
	sshkit_open(&kit);
	return 0;
}

static int
down(void **state)
{
	(void)state;
	sshkit_close(&kit);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer_of_ssh_becomes_facts),
		cmocka_unit_test(answer_without_host_is_refused),
		cmocka_unit_test(aliases_that_are_no_names_are_refused),
		cmocka_unit_test(transport_is_chosen_with_its_reason),
		cmocka_unit_test(known_hosts_decide_too),
		cmocka_unit_test(kinds_of_key_files_are_read_without_a_passphrase),
		cmocka_unit_test(cut_key_files_are_no_key),
		cmocka_unit_test(real_ssh_answers),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, up, down);
}
