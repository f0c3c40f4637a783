/* What redact takes out besides values as they are: their spellings, and shapes. */

#include "base/redact.h"

#include "unit.h"

#include <string.h>

#include "base/b64.h"

struct secret {
	const char *name, *value;
};

static struct redact *
set_of(const struct secret *secrets, size_t count)
{
	struct redact *r = redact_new();
	struct err e = ERR_INIT;

	for (size_t i = 0; i < count; i++)
		assert_true(redact_add(r, secrets[i].name, secrets[i].value,
			strlen(secrets[i].value), &e));
	return r;
}

static const struct secret two[] = {{"pw", "hunter2!"}, {"token", "abcdef"}};

/* ---- spellings ---- */

static void
spellings_are_replaced(void **state)
{
	static const char value[] = "p\"w/a'b <\xc3\xa9&\\$x 1";
	static const struct {
		const char *what, *in;
	} rows[] = {
		{"raw", value},
		{"JSON", "p\\\"w/a'b <\xc3\xa9&\\\\$x 1"},
		{"JSON of PHP", "p\\\"w\\/a'b <\\u00e9&\\\\$x 1"},
		{"JSON of Python", "p\\\"w/a'b <\\u00e9&\\\\$x 1"},
		{"JSON in capitals", "p\\\"w/a'b <\\u00E9&\\\\$x 1"},
		{"JSON of Gson", "p\\\"w/a\\u0027b \\u003c\xc3\xa9\\u0026\\\\$x 1"},
		{"JSON of .NET", "p\\u0022w/a\\u0027b \\u003C\\u00E9\\u0026\\\\$x 1"},
		{"JSON of Go", "p\\\"w/a'b \\u003c\xc3\xa9\\u0026\\\\$x 1"},
		{"URL", "p%22w%2Fa%27b%20%3C%C3%A9%26%5C%24x%201"},
		{"URL in small letters", "p%22w%2fa%27b%20%3c%c3%a9%26%5c%24x%201"},
		{"encodeURIComponent", "p%22w%2Fa'b%20%3C%C3%A9%26%5C%24x%201"},
		{"URL path", "p%22w/a%27b%20%3C%C3%A9%26%5C%24x%201"},
		{"form", "p%22w%2Fa%27b+%3C%C3%A9%26%5C%24x+1"},
		{"shell, single quotes", "p\"w/a'\\''b <\xc3\xa9&\\$x 1"},
		{"shell of Python", "p\"w/a'\"'\"'b <\xc3\xa9&\\$x 1"},
		{"shell, double quotes", "p\\\"w/a'b <\xc3\xa9&\\\\\\$x 1"},
		{"printf %q", "p\\\"w/a\\'b\\ \\<\xc3\xa9\\&\\\\\\$x\\ 1"},
		{"$'...'", "p\"w/a\\'b <\xc3\xa9&\\\\$x 1"},
		{"SQL", "p\"w/a''b <\xc3\xa9&\\$x 1"},
		{"HTML", "p&quot;w/a&#39;b &lt;\xc3\xa9&amp;\\$x 1"},
		{"HTML of Python", "p&quot;w/a&#x27;b &lt;\xc3\xa9&amp;\\$x 1"},
		{"HTML of Go", "p&#34;w/a&#39;b &lt;\xc3\xa9&amp;\\$x 1"},
		{"XML", "p&quot;w/a&apos;b &lt;\xc3\xa9&amp;\\$x 1"},
	};
	struct redact *r = set_of(&(struct secret){"pw", value}, 1);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str in = STR_INIT, out = STR_INIT;
		str_addf(&in, "<%s>", rows[i].in);
		redact_text(r, in.buf, in.len, &out);
		if (strcmp(out.buf, "<[redacted:pw]>") != 0)
			fail_msg("%s: %s became %s", rows[i].what, in.buf, out.buf);
		str_release(&in);
		str_release(&out);
	}
	redact_free(r);
}

/* Whatever stands around the value, and however it is broken into lines. */
static void
base64_is_replaced_at_every_phase(void **state)
{
	static const char value[] =
		"correct horse battery staple, and so on and on: 0123456789";
	struct redact *r = set_of(&(struct secret){"pw", value}, 1);
	struct dice d = DICE(11);

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct str text = STR_INIT, in = STR_INIT, out = STR_INIT;
		size_t width = 20 + dice_roll(&d, 60), around = dice_roll(&d, 40);
		const char *end = round % 3 == 0 ? "\n" : round % 3 == 1 ? "\r\n" : "\\n";
		struct str flat = STR_INIT;

		for (size_t i = 0; i < around; i++)
			str_addc(&text, (char)dice_roll(&d, 256));
		str_adds(&text, value);
		for (size_t i = dice_roll(&d, 40); i > 0; i--)
			str_addc(&text, (char)dice_roll(&d, 256));
		b64_encode(&flat, text.buf, text.len);
		for (size_t i = 0; i < flat.len; i++) {
			if (i && i % width == 0)
				str_adds(&in, end);
			str_addc(&in, flat.buf[i]);
		}
		redact_text(r, in.buf, in.len, &out);
		if (!strstr(out.buf, "[redacted:pw]") || out.len > in.len - strlen(value))
			fail_msg("%s became %s", in.buf, out.buf);
		str_release(&flat);
		str_release(&text);
		str_release(&in);
		str_release(&out);
	}
	redact_free(r);
}

static void
lines_of_a_value_are_replaced_alone(void **state)
{
	static const char key[] =
		"-----BEGIN OPENSSH PRIVATE KEY-----\n"
		"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAA\n"
		"short\n"
		"QyNTUxOQAAACD0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n"
		"-----END OPENSSH PRIVATE KEY-----\n";
	struct redact *r = set_of(&(struct secret){"key", key}, 1);
	struct str out = STR_INIT;
	const char *line = "x QyNTUxOQAAACD0123456789abcdefghijklmnopqrstuvwxyzABCDEFG y";

	(void)state;
	redact_text(r, line, strlen(line), &out);
	assert_string_equal(out.buf, "x [redacted:key] y");
	str_reset(&out);
	redact_text(r, "short", 5, &out);
	assert_string_equal(out.buf, "short");
	str_release(&out);
	redact_free(r);
}

/* ---- shapes ---- */

#define LONG20 "0123456789zyxwvutsrq"

static const struct {
	const char *in, *out;
} shapes[] = {
	{"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEpA+/=\nAB\n"
	 "-----END RSA PRIVATE KEY-----\nrest",
		"-----BEGIN RSA PRIVATE KEY-----\n[redacted:private-key]\nrest"},
	{"k=\"-----BEGIN PRIVATE KEY-----\\nMIIEpA\\n-----END PRIVATE KEY-----\\n\", x",
		"k=\"-----BEGIN PRIVATE KEY-----[redacted:private-key]\\n\", x"},
	{"-----BEGIN PRIVATE KEY-----\nMIIE\n\"cut",
		"-----BEGIN PRIVATE KEY-----\n[redacted:private-key]\"cut"},
	{"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxsBN\n-----END PGP PRIVATE KEY "
	 "BLOCK-----\n",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n[redacted:private-key]\n"},
	{"-----BEGIN PUBLIC KEY-----\nMIIB", "-----BEGIN PUBLIC KEY-----\nMIIB"},
	{"a eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl b",
		"a eyJhbGciOiJIUzI1NiJ9.eyJ[redacted:jwt] b"},
	{"eyJhbGciOiJIUzI1NiJ9 . eyJzdWI", "eyJhbGciOiJIUzI1NiJ9 . eyJzdWI"},
	{"id AKIAIOSFODNN7EXAMPLE.", "id AKIA[redacted:aws-key]."},
	{"XAKIAIOSFODNN7EXAMPLE", "XAKIAIOSFODNN7EXAMPLE"},
	{"AKIA and others", "AKIA and others"},
	{"t ghp_" LONG20 " u", "t ghp_[redacted:token] u"},
	{"t github_pat_" LONG20, "t github_pat_[redacted:token]"},
	{"xoxb-" LONG20 "\n", "xoxb-[redacted:token]\n"},
	{"glpat-" LONG20, "glpat-[redacted:token]"},
	{"sk_live_" LONG20, "sk_live_[redacted:token]"},
	{"ghp_short", "ghp_short"},
	{"postgres://app:p%40ss@db/ni", "postgres://app:[redacted:url-password]@db/ni"},
	{"redis://:pa@ss@cache:6379/0 x",
		"redis://:[redacted:url-password]@cache:6379/0 x"},
	{"amqps://u:12345@mq", "amqps://u:[redacted:url-password]@mq"},
	{"http://localhost:8080", "http://localhost:8080"},
	{"http://localhost:8080/a@b", "http://localhost:8080/a@b"},
	{"see http://h:80 or u@h", "see http://h:80 or u@h"},
	{"postgres://app:$PW@db", "postgres://app:$PW@db"},
	{"postgres://app:***@db", "postgres://app:***@db"},
	{"password=hunter2 x", "password=[redacted:password] x"},
	{"PGPASSWORD='a b' psql", "PGPASSWORD='[redacted:password]' psql"},
	{"--db-password=\"a\\\"b\" y", "--db-password=\"[redacted:password]\" y"},
	{"a?token=abc&x=1", "a?token=[redacted:password]&x=1"},
	{"MYSQL_PWD=geheim\n", "MYSQL_PWD=[redacted:password]\n"},
	{"PWD=/home/anna", "PWD=/home/anna"},
	{"password=$PW", "password=$PW"},
	{"password= x", "password= x"},
	{"token == x", "token == x"},
	{"max_tokens=5", "max_tokens=5"},
	{"{\"password\": \"hunter2\", \"a\": \"b\"}",
		"{\"password\": \"[redacted:password]\", \"a\": \"b\"}"},
	{"{\"Api_Key\":\"x\"}", "{\"Api_Key\":\"[redacted:password]\"}"},
	{"\"{\\\"token\\\": \\\"abc\\\", \\\"a\\\": 1}\"",
		"\"{\\\"token\\\": \\\"[redacted:password]\\\", \\\"a\\\": 1}\""},
	{"password: \"x y\" z", "password: \"[redacted:password]\" z"},
	{"Password: ", "Password: "},
	{"  db_password: hunter2\n  user: x",
		"  db_password: [redacted:password]\n  user: x"},
	{"token:   Abc-12345", "token:   [redacted:password]"},
	{"secret: 'it is'", "secret: '[redacted:password]'"},
	{"token: expired.", "token: expired."},
	{"token: 5 left", "token: 5 left"},
	{"password: null", "password: null"},
	{"password: <set by you>", "password: <set by you>"},
	{"mysql --password S3cr3t -h db", "mysql --password [redacted:password] -h db"},
	{"java -token A1 x", "java -token [redacted:password] x"},
	{"gpg --passphrase X1 -d", "gpg --passphrase [redacted:password] -d"},
	{"x --PASSWORD Abc1", "x --PASSWORD [redacted:password]"},
	{"x --db_pass Abc1", "x --db_pass [redacted:password]"},
	{"DB_PASS=hunter2 x", "DB_PASS=[redacted:password] x"},
	{"api_key = S3cr3t", "api_key = [redacted:password]"},
	{"no --password is given", "no --password is given"},
	{"--password -h db", "--password -h db"},
	{"a password Of 2 words, and re-token 12345678",
		"a password Of 2 words, and re-token 12345678"},
	{"wrong password: try again", "wrong password: try again"},
	{"Authorization: Bearer mnopqrstuvwxyz0.q\r\n",
		"Authorization: Bearer [redacted:bearer]\r\n"},
	{"authorization: basic dXNlcjpwYXNz", "authorization: basic [redacted:bearer]"},
	{"the bearer of this", "the bearer of this"},
	{"password=[redacted:pw] x", "password=[redacted:pw] x"},
	{"postgres://u:[redacted:pw]@h", "postgres://u:[redacted:pw]@h"},
	{"password=abcdef!", "password=[redacted:token]"},
};

/* And again: what was taken out once is not taken out twice. In pieces of any size. */
static void
shapes_are_replaced(void **state)
{
	struct redact *r = set_of(two, COUNT(two));

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		for (size_t piece = 1; piece < 40; piece++) {
			struct redact_stream *s = redact_stream_new(r);
			struct str out = STR_INIT, again = STR_INIT;
			size_t len = strlen(shapes[i].in);

			for (size_t at = 0; at < len; at += piece)
				redact_feed(s, shapes[i].in + at,
					len - at < piece ? len - at : piece, &out);
			redact_end(s, &out);
			if (strcmp(out.buf, shapes[i].out) != 0)
				fail_msg("by %zu: %s became %s, not %s", piece,
					shapes[i].in, out.buf, shapes[i].out);
			redact_text(r, out.buf, out.len, &again);
			assert_string_equal(again.buf, out.buf);
			str_release(&out);
			str_release(&again);
			redact_stream_free(s);
		}
	}
	redact_free(r);
}

static void
shapes_are_counted(void **state)
{
	static const char text[] = "password=a token=b http://u:p@h abcdef";
	struct redact *r = set_of(two, COUNT(two));
	struct redact_stream *s = redact_stream_new(r);
	struct str out = STR_INIT, said = STR_INIT;

	(void)state;
	redact_feed(s, text, strlen(text), &out);
	redact_end(s, &out);
	for (size_t i = 0; i < redact_kinds(r); i++)
		if (redact_hits(s, i))
			str_addf(&said, "%s %zu;", redact_name(r, i), redact_hits(s, i));
	assert_string_equal(said.buf, "token 1;url-password 1;password 2;");
	assert_true(redact_marked(out.buf));
	assert_false(redact_marked("[redact]"));
	str_release(&out);
	str_release(&said);
	redact_stream_free(s);
	redact_free(r);
}

/* What cannot be of a key ends it; what can is bounded. */
static void
a_key_without_an_end_hides_no_more_than_a_key(void **state)
{
	struct redact *r = redact_new();
	struct str in = STR_INIT, out = STR_INIT;

	(void)state;
	str_adds(&in, "-----BEGIN PRIVATE KEY-----\nMIIE\nall is well.\nMIIE\n");
	redact_text(r, in.buf, in.len, &out);
	assert_string_equal(out.buf,
		"-----BEGIN PRIVATE KEY-----\n[redacted:private-key]"
		"all is well.\nMIIE\n");
	str_reset(&in);
	str_reset(&out);
	str_adds(&in, "-----BEGIN PRIVATE KEY-----\n");
	for (int i = 0; i < 20000; i++)
		str_addf(&in, "line%05d\n", i);
	redact_text(r, in.buf, in.len, &out);
	assert_null(strstr(out.buf, "line00001\n"));
	assert_non_null(strstr(out.buf, "line19999\n"));
	str_release(&in);
	str_release(&out);
	redact_free(r);
}

/* Log lines come without their ends. A declared key begins with what is known to all. */
static void
a_key_goes_on_in_the_next_line(void **state)
{
	static const char *const lines[] = {"before", "-----BEGIN RSA PRIVATE KEY-----",
		"Proc-Type: 4,ENCRYPTED", "", "MIIEbody", "MIIEmore",
		"-----END RSA PRIVATE KEY-----", "after", "MIIEbody"};
	static const char *const out[] = {"before", "-----BEGIN RSA PRIVATE KEY-----",
		"[redacted:private-key]", "", "[redacted:private-key]",
		"[redacted:private-key]", "[redacted:private-key]", "after", "MIIEbody"};
	struct redact *r = redact_new();
	struct redact_stream *s = redact_stream_new(r);
	unsigned key_lines = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct str got = STR_INIT;

		redact_line(s, lines[i], strlen(lines[i]), &key_lines, &got);
		assert_string_equal(got.buf, out[i]);
		str_release(&got);
	}
	redact_stream_free(s);
	redact_free(r);
	r = set_of(&(struct secret){"key", "-----BEGIN RSA PRIVATE KEY-----"}, 1);
	struct str got = STR_INIT;
	static const char text[] = "-----BEGIN RSA PRIVATE KEY-----\nMIIEbody\n";
	redact_text(r, text, strlen(text), &got);
	assert_string_equal(got.buf, "[redacted:key]\n[redacted:private-key]");
	str_release(&got);
	redact_free(r);
}

/* A program that is silent after a line has that line shown, whatever secrets there are. */
static void
no_line_end_is_held_back(void **state)
{
	struct dice d = DICE(13);

	(void)state;
	for (int i = 0; i < 200; i++) {
		char value[20];
		struct str out = STR_INIT;
		struct redact *r;
		struct redact_stream *s;

		for (size_t k = 0; k + 1 < sizeof value; k++)
			value[k] = (char)('!' + dice_roll(&d, 90));
		value[sizeof value - 1] = '\0';
		r = set_of(&(struct secret){"pw", value}, 1);
		s = redact_stream_new(r);
		redact_feed(s, "system is ready\n", 16, &out);
		assert_string_equal(out.buf, "system is ready\n");
		str_release(&out);
		redact_stream_free(s);
		redact_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_are_replaced),
		cmocka_unit_test(base64_is_replaced_at_every_phase),
		cmocka_unit_test(lines_of_a_value_are_replaced_alone),
		cmocka_unit_test(shapes_are_replaced),
		cmocka_unit_test(shapes_are_counted),
		cmocka_unit_test(a_key_without_an_end_hides_no_more_than_a_key),
		cmocka_unit_test(a_key_goes_on_in_the_next_line),
		cmocka_unit_test(no_line_end_is_held_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
