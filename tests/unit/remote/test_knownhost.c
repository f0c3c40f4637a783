#include "remote/knownhost.h"

#include "../loop/jail.h"
#include "sshkit.h"

/* Each file, asked for web.example on port 22 with key `host`: the verdict must be that of
 * ssh itself. A and B stand for two keys of the same type. */
struct row {
	const char *name, *text;
	enum knownhost_verdict verdict;
};

static const struct row rows[] = {
	{"empty", "", KNOWNHOST_UNKNOWN},
	{"plain", "web.example A\n", KNOWNHOST_OK},
	{"comment and junk before",
		"# x\nnonsense\nweb.example ssh-ed25519 !!!\nweb.example A\n",
		KNOWNHOST_OK},
	{"another key", "web.example B\n", KNOWNHOST_CHANGED},
	{"both keys", "web.example B\nweb.example A\n", KNOWNHOST_OK},
	{"wildcard", "*.example A\n", KNOWNHOST_OK},
	{"list", "a,web.example,b A\n", KNOWNHOST_OK},
	{"negated", "*.example,!web.example A\n", KNOWNHOST_UNKNOWN},
	{"other port", "[web.example]:2222 A\n", KNOWNHOST_UNKNOWN},
	{"revoked", "@revoked * A\nweb.example A\n", KNOWNHOST_IS_REVOKED},
	{"revoked after", "web.example A\n@revoked web.example A\n",
		KNOWNHOST_IS_REVOKED},
	{"revoked other", "@revoked * B\nweb.example A\n", KNOWNHOST_OK},
	{"authority only", "@cert-authority *.example A\n", KNOWNHOST_UNKNOWN},
	{"carriage returns", "web.example A\r\n", KNOWNHOST_OK},
};

static struct sshkit kit;

struct found {
	struct knownhosts known;
	int n;
};

static void
found(void *ctx, struct knownhosts *k, const struct err *e)
{
	struct found *f = ctx;

	f->n++;
	if (e)
		fail_msg("%s", e->msg);
	f->known = *k;
	*k = (struct knownhosts){0};
}

static struct found
look_up(const char *name, const char *const *files, size_t count)
{
	struct loop *l = loop_new();
	struct found f = {0};
	struct strings list = {0};
	struct knownhost_look *k;

	for (size_t i = 0; i < count; i++)
		vec_push(&list.list, file_join(kit.dir, files[i]));
	k = knownhost_look_start(l, name, &list, found, &f);
	assert_int_equal(f.n, 0);
	while (!f.n)
		loop_turn(l, 1000);
	knownhost_look_free(k);
	for (size_t i = 0; i < count; i++)
		mem_free(list.list.at[i]);
	vec_free(&list.list);
	loop_free(l);
	return f;
}

/* "ssh-ed25519 AAAA..." without the comment */
static char *
key_text(const char *file)
{
	char *key = sshkit_read(&kit, file);

	*strchr(strchr(key, ' ') + 1, ' ') = 0;
	return key;
}

static void
write_file(const char *text)
{
	char *a = key_text("host.pub"), *b = key_text("host2.pub");
	struct str out = STR_INIT;

	for (const char *p = text; *p; p++) {
		bool word = (p == text || p[-1] == ' ') &&
			(p[1] == '\n' || p[1] == '\r' || p[1] == 0);

		if (word && *p == 'A')
			str_adds(&out, a);
		else if (word && *p == 'B')
			str_adds(&out, b);
		else
			str_addc(&out, *p);
	}
	sshkit_write(&kit, "kh", out.buf);
	str_release(&out);
	mem_free(a);
	mem_free(b);
}

/* The blob of key `host`, out of a file that knows it. */
static struct found
blob_of_host(void)
{
	static const char *const files[] = {"kh"};

	write_file("web.example A\n");
	return look_up("web.example", files, 1);
}

static void
verdicts_are_those_of_ssh_keygen(void **state)
{
	static const char *const files[] = {"absent", "kh"};
	struct found key = blob_of_host();
	const struct str *blob = &key.known.list.at[0].blob;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct found f;
		enum knownhost_verdict v;

		write_file(rows[i].text);
		f = look_up("web.example", files, 2);
		v = knownhost_check(&f.known, blob->buf, blob->len);
		if (v != rows[i].verdict)
			fail_msg("%s: %d, not %d", rows[i].name, v, rows[i].verdict);
		if (v == KNOWNHOST_CHANGED || v == KNOWNHOST_IS_REVOKED)
			assert_non_null(
				knownhost_culprit(&f.known, blob->buf, blob->len));
		knownhost_release(&f.known);
	}
	knownhost_release(&key.known);
}

static void
hashed_names_and_ports_are_found(void **state)
{
	static const char *const files[] = {"kh"};
	struct found f;

	(void)state;
	write_file("web.example A\n[web.example]:2222 B\n");
	assert_int_equal(sshkit_sh(&kit, "ssh-keygen -H -f kh"), 0);
	f = look_up("[web.example]:2222", files, 1);
	assert_int_equal(f.known.list.len, 1);
	assert_int_equal(f.known.list.at[0].line, 2);
	assert_string_equal(f.known.list.at[0].type, "ssh-ed25519");
	knownhost_release(&f.known);
}

static void
fingerprint_is_the_one_ssh_shows(void **state)
{
	struct found f = blob_of_host();
	const struct str *blob = &f.known.list.at[0].blob;
	char fp[KNOWNHOST_FP_BYTES], *shown;

	(void)state;
	knownhost_fingerprint(blob->buf, blob->len, fp);
	assert_int_equal(sshkit_sh(&kit, "ssh-keygen -l -f host.pub >shown"), 0);
	shown = sshkit_read(&kit, "shown");
	assert_non_null(strstr(shown, fp));
	mem_free(shown);
	knownhost_release(&f.known);
}

static void
best_types_come_first(void **state)
{
	static const char *const files[] = {"kh"};
	char *rsa = key_text("rsa.pub");
	char *text = mem_printf(
		"web.example %s\nweb.example A\n@revoked web.example B\n", rsa);
	struct str types = STR_INIT;
	struct found f;

	(void)state;
	write_file(text);
	f = look_up("web.example", files, 1);
	knownhost_types(&f.known, &types);
	assert_string_equal(types.buf, "ssh-ed25519,ssh-rsa");
	assert_true(knownhost_has_plain(&f.known));
	knownhost_release(&f.known);
	str_release(&types);
	mem_free(text);
	mem_free(rsa);
}

static int
up(void **state)
{
	(void)state;
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
		cmocka_unit_test(verdicts_are_those_of_ssh_keygen),
		cmocka_unit_test(hashed_names_and_ports_are_found),
		cmocka_unit_test(fingerprint_is_the_one_ssh_shows),
		cmocka_unit_test(best_types_come_first),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, up, down);
}
