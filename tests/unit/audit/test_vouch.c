#include "audit/vouch.h"

#include "../base/unit.h"
#include "journal/blob.h"
#include "signed.h"

static struct verify_report v;
static struct vouch_report s;

static bool
vouched_with(const char *roster)
{
	struct err e = ERR_INIT;

	verify_release(&v);
	vouch_release(&s);
	if (!vouch_record(loop, dir, &(struct verify_opts){0}, roster, &v, &s, &e))
		fail_msg("%s", e.msg);
	for (size_t i = 0; i < s.rows.len; i++)
		assert_true(s.rows.at[i].ok == (s.rows.at[i].why[0] == '\0'));
	return v.ok && s.ok;
}

static bool
vouched(void)
{
	return vouched_with(NULL);
}

static void
refused(const char *words)
{
	if (vouched())
		fail_msg("accepted, want: %s", words);
	assert_true(v.ok); /* the record is whole; the signature it is */
	assert_int_equal(s.rows.len, 1);
	if (!strstr(s.rows.at[0].why, words))
		fail_msg("\"%s\", want \"%s\"", s.rows.at[0].why, words);
}

static int
done(void **state)
{
	verify_release(&v);
	vouch_release(&s);
	return signers_teardown(state);
}

static void
the_example_is_vouched_for(void **state)
{
	(void)state;
	records_example(dir);
	assert_true(vouched());
	assert_int_equal(s.rows.len, 1);
	assert_int_equal(s.rows.at[0].seq, 10);
	assert_string_equal(s.rows.at[0].role, "Technical lead");
	assert_string_equal(s.rows.at[0].signer, "lea@example.com");
}

static void
a_record_of_our_own_making_is_vouched_for(void **state)
{
	(void)state;
	our_own_key("");
	make_record(&(struct making){.key = "lea"});
	assert_true(vouched());
	/* at the time of the record, not of today */
	our_own_key(",valid-before=\"20261121\"");
	make_record(&(struct making){.key = "lea"});
	assert_true(vouched());
	our_own_key(",valid-before=\"20261120\"");
	make_record(&(struct making){.key = "lea"});
	refused("ssh-keygen");
}

static const struct {
	const char *from, *to, *why;
} statements[] = {
	{"sign-off v1", "sign-off v2", "another kind"},
	{"run: 01KAG3W5Z0B4T7M2Q8XK6N9RDE", "run: 01KAG3W5Z0B4T7M2Q8XK6N9RDF", "run"},
	{"runbook: restore", "mode: practice\nrunbook: restore", "mode"},
	{"runbook: restore", "mode: live\nrunbook: restore", "mode"},
	{"runbook: restore", "runbook: remove", "runbook"},
	{"sha256:e95a", "sha256:e95b", "runbook"},
	{"step: signoff-technical-lead", "step: other", "step"},
	{"decision: approve", "decision: perhaps", "decision"},
	{"role: Technical lead", "role: CEO", "role"},
	{"exceptions: 1", "exceptions: 0", "evidence:"},
	{"exception: 3", "exception: 10", "does not cover"},
	{"seq: 9", "seq: 8", "does not cover"},
	{"evidence: 0..9\nseq: 9", "evidence: 0..8\nseq: 8", "head"},
	{"seq: 9", "seq: 10", "not before"},
	{"seq: 9", "seq: 99", "not before"},
	{"head: ", "head: 0", "head"},
	{"signer: lea@", "signer: bob@", "signer"},
	{"key: SHA256:", "key: SHA256:A", "key"},
	{"time: 2026-", "time: 26-", "time"},
	{"comment: ", "more: x\ncomment: ", "comment:"},
	{"SEC-88\"\n", "SEC-88\"\nmore: x\n", "too many"},
};

/* Signed so by a key of the roster: the signature holds, what it says does not. */
static void
a_statement_that_the_record_contradicts_is_refused(void **state)
{
	(void)state;
	our_own_key("");
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
		make_record(&(struct making){
			.key = "lea", .before = {statements[i].from, statements[i].to}});
		refused(statements[i].why);
	}
}

static void
another_key_purpose_or_signer_is_refused(void **state)
{
	(void)state;
	our_own_key("");
	make_record(&(struct making){
		.key = "lea", .after = {"accepted until", "accepted from"}});
	refused("ssh-keygen");
	make_record(&(struct making){.key = "lea", .namespace = "file"});
	refused("ssh-keygen");
	make_record(&(struct making){.key = "bob"});
	refused("ssh-keygen");
	make_record(&(struct making){.key = "bob", .says = "lea"});
	refused("key");
	/* both keys may sign for her: still the one named must be the one used */
	add_signer("allowed_signers", "lea@example.com", "", "bob");
	make_record(&(struct making){.key = "bob", .says = "lea"});
	refused("key");
	make_record(&(struct making){.key = "bob"});
	assert_true(vouched());
	/* the key of somebody else */
	shell(": >allowed_signers");
	add_signer("allowed_signers", "bob@example.com", "", "lea");
	make_record(&(struct making){.key = "lea"});
	refused("ssh-keygen");
}

static void
the_roster_is_the_one_of_run_open(void **state)
{
	char *given = file_join(dir, "given"), *blobs = file_join(dir, "blobs");
	char hex[DIGEST_HEX + 1];
	struct str roster;
	struct err e = ERR_INIT;

	(void)state;
	our_own_key("");
	make_record(&(struct making){.key = "lea"});
	roster = records_read(dir, "allowed_signers");
	shell("mv allowed_signers given");
	assert_false(vouched()); /* none kept */
	assert_int_equal(v.fault_line, 1);
	assert_non_null(strstr(v.what, "no allowed signers"));
	assert_true(vouched_with(given));
	shell("echo '# more' >>given");
	assert_false(vouched_with(given));
	assert_int_equal(v.fault_line, 1);
	assert_non_null(strstr(v.what, "not the file of signers"));
	/* kept as a blob, as a console does; its runbook is not there, so that is named */
	assert_true(blob_put(dir, roster.buf, roster.len, hex, &e));
	assert_false(vouched());
	assert_int_equal(v.fault_line, 1);
	assert_true(s.ok);
	assert_true(file_remove_tree(blobs, &e));
	str_release(&roster);
	mem_free(given);
	mem_free(blobs);
}

static void
a_broken_armour_is_refused_before_ssh_keygen_sees_it(void **state)
{
	static const struct change armours[] = {
		{"-----BEGIN", "----BEGIN"},
		{"-----END", "----END"},
		{"U1NIU0lH", "U1NIU0lA"},             /* magic */
		{"U1NIU0lHAAAAAQ", "U1NIU0lHAAAAAg"}, /* version */
		{"U1NIU0lH", "U1NI*0lH"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof armours / sizeof *armours; i++) {
		records_example(dir);
		struct lines l = lines_of(dir);
		lines_edit(&l, 10, armours[i].from, armours[i].to);
		lines_publish(dir, &l);
		refused("the statement says key");
		lines_free(&l);
	}
}

static void
history_rewritten_with_its_chain_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < 10; i++) {
		records_example(dir);
		struct lines l = lines_of(dir);
		lines_edit(&l, i, "anna@", "emma@");
		lines_publish(dir, &l);
		refused("head");
		lines_free(&l);
	}
}

static char *
mutated(const char *sig, struct dice *d)
{
	static const char some[] = "\n \t\rA/+=-B";
	size_t len = strlen(sig), at = dice_roll(d, len), to = dice_roll(d, len);
	char c = some[dice_roll(d, sizeof some - 1)];

	switch (dice_roll(d, 6)) {
	case 0: /* another byte */
		return mem_printf("%.*s%c%s", (int)at, sig, c, sig + at + 1);
	case 1: /* one more */
		return mem_printf("%.*s%c%s", (int)at, sig, c, sig + at);
	case 2: /* one less */
		return mem_printf("%.*s%s", (int)at, sig, sig + at + 1);
	case 3: /* something behind it */
		return mem_printf("%s%c%c\n", sig, c, c);
	case 4: /* cut */
		return mem_printf("%.*s\n", (int)at, sig);
	default: /* a piece twice */
		if (at > to) {
			size_t x = at;
			at = to;
			to = x;
		}
		return mem_printf("%.*s%s", (int)to, sig, sig + at);
	}
}

static void
told(void *ctx, const struct sign_end *end)
{
	*(int *)ctx = end->ok;
}

static bool
keygen_says(const struct verify_signature *at, const char *sig)
{
	char *roster = file_join(dir, "allowed_signers");
	int ok = -1;
	struct err e = ERR_INIT;
	struct sign *check = sign_check(loop, roster, at->who, at->stmt, sig,
		"2026-11-20T13:02:40Z", told, &ok, &e);

	assert_non_null(check);
	while (ok < 0)
		loop_turn(loop, 1000);
	sign_free(check);
	mem_free(roster);
	return ok;
}

/* What ssh-keygen accepts in an odd shape we accept too, and the other way round. */
static void
of_changed_armour_we_say_what_ssh_keygen_says(void **state)
{
	int rounds = getenv("HANDRAIL_LONG") ? 2000 : 120, accepted = 0;
	struct dice d = DICE(7);
	struct lines l;
	char *sig;

	(void)state;
	records_example(dir);
	assert_true(vouched());
	sig = mem_strdup(v.signatures.at[0].sig);
	l = lines_of(dir);
	for (int i = 0; i < rounds; i++) {
		char *bad = mutated(sig, &d), *line = mem_strdup(l.list.at[10]);
		struct str quoted = STR_INIT, was = STR_INIT;
		bool keygen = keygen_says(&v.signatures.at[0], bad);

		jsonout_add_string(&quoted, bad, strlen(bad));
		jsonout_add_string(&was, sig, strlen(sig));
		lines_edit(&l, 10, was.buf, quoted.buf);
		lines_publish(dir, &l);
		if (vouched() != keygen)
			fail_msg("round %d: ssh-keygen says %d of\n%s%s", i, keygen, bad,
				s.rows.at[0].why);
		accepted += keygen;
		mem_free(l.list.at[10]);
		l.list.at[10] = line;
		str_release(&quoted);
		str_release(&was);
		mem_free(bad);
	}
	print_message(
		"# %d of %d changed signatures hold all the same\n", accepted, rounds);
	assert_true(accepted > 0);
	lines_free(&l);
	mem_free(sig);
}

#define DONE(f) cmocka_unit_test_setup_teardown(f, signers_setup, done)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		DONE(the_example_is_vouched_for),
		DONE(a_record_of_our_own_making_is_vouched_for),
		DONE(a_statement_that_the_record_contradicts_is_refused),
		DONE(another_key_purpose_or_signer_is_refused),
		DONE(the_roster_is_the_one_of_run_open),
		DONE(a_broken_armour_is_refused_before_ssh_keygen_sees_it),
		DONE(history_rewritten_with_its_chain_is_refused),
		DONE(of_changed_armour_we_say_what_ssh_keygen_says),
	};

	signers_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
