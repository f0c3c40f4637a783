#include "app/session.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../loop/jail.h"
#include "app/bundle.h"
#include "base/file.h"
#include "base/mem.h"
#include "journal/blob.h"
#include "journal/verify.h"
#include "load/load.h"

/* Runs of this machine: what a console does around the engine, without a screen. */

enum { PATIENCE_MS = 30 * 1000 };

static const char fails_once[] =
	"handrail: 1\ntitle: Again\nkind: deploy\ninputs:\n"
	"  pw: {secret: true, from: ask}\nsteps:\n"
	"  - run: exit 3\n    id: go\n    expect: {exit: 0}\n"
	"    irreversible: no\n    retries: {times: 1, wait: 1s}\n";

struct stage {
	struct loop *loop;
	struct runbook *rb;
	struct session *s;
	const char *signers; /* of the runbook's project */
	int refused;
	char said[320];
};

static char *runs;

static void
on_message(void *ctx, const struct err *e)
{
	struct stage *st = ctx;

	st->refused++;
	snprintf(st->said, sizeof st->said, "%.300s", e->msg);
}

static struct session_opts
opts(struct stage *st, bool quiet)
{
	return (struct session_opts){.loop = st->loop,
		.runbook = st->rb,
		.runs_dir = runs,
		.quiet = quiet,
		.calls = {.on_message = on_message, .ctx = st}};
}

static void
stage_open(struct stage *st)
{
	struct load_opts lo = {0};
	struct session_opts o;
	struct diags d = {0};
	struct err e = ERR_INIT;

	st->loop = loop_new();
	st->rb = load_runbook_text("t.yaml", fails_once, strlen(fails_once), &lo, &d);
	if (!st->rb)
		fail_msg("%s", d.list.len ? d.list.at[0].msg : "?");
	diags_release(&d);
	st->rb->allowed_signers = mem_strdup(st->signers);
	o = opts(st, false);
	st->s = session_open(&o, &e);
	assert_non_null(st->s);
}

static void
stage_close(struct stage *st)
{
	session_free(st->s);
	runbook_unref(st->rb);
	loop_free(st->loop);
}

#define WAIT(st, cond) \
	do { \
		struct mono began = clock_mono(); \
		while (!(cond)) { \
			loop_turn((st)->loop, 50); \
			if (clock_mono().ms - began.ms > PATIENCE_MS) \
				fail_msg("waited in vain for %s", #cond); \
		} \
	} while (0)

static const struct leg_run *
leg(const struct stage *st)
{
	return &session_run(st->s)->steps.list.at[0].legs.list.at[0].way[WAY_FORWARD];
}

static void
note(struct stage *st, const char *text)
{
	session_request(
		st->s, &(struct request){.kind = REQ_NOTE, .step = NONE, .text = text});
}

/* Whoever comes only to write a note must not run the step that was due to be tried again. */
static void
a_quiet_session_starts_nothing(void **state)
{
	struct stage st = {0};
	struct session_opts o;
	struct err e = ERR_INIT;
	struct wall due;
	char *dir;

	(void)state;
	stage_open(&st);
	WAIT(&st, session_run(st.s)->open);
	session_request(
		st.s, &(struct request){.kind = REQ_START, .step = 0, .leg = LEG_ALL});
	WAIT(&st, leg(&st)->state == LEG_RETRY);
	due = leg(&st)->retry_at;
	dir = mem_strdup(session_dir(st.s));
	session_free(st.s);
	WAIT(&st, clock_wall().ms > due.ms);
	o = opts(&st, true);
	st.s = session_resume(&o, dir, &e);
	assert_non_null(st.s);
	note(&st, "hello");
	WAIT(&st, session_run(st.s)->notes.list.len == 1);
	for (int i = 0; i < 20; i++)
		loop_turn(st.loop, 10);
	assert_int_equal(leg(&st)->attempt, 1);
	assert_int_equal(leg(&st)->state, LEG_RETRY);
	mem_free(dir);
	stage_close(&st);
}

static void
a_secret_in_a_note_is_redacted(void **state)
{
	struct stage st = {0};
	struct err e = ERR_INIT;

	(void)state;
	stage_open(&st);
	WAIT(&st, session_run(st.s)->open);
	assert_true(session_input(st.s, 0, "correct-horse", &e));
	note(&st, "the word is correct-horse.");
	WAIT(&st, session_run(st.s)->notes.list.len == 1);
	assert_string_equal(
		session_run(st.s)->notes.list.at[0].text, "the word is [redacted:pw].");
	stage_close(&st);
}

/* What came while it was packed is not in it, nor does its heads speak of that. */
static void
a_bundle_of_a_run_that_goes_on(void **state)
{
	struct report_check check = {true, true, "", ""};
	struct bundle_what w = {.check = &check};
	struct stage st = {0};
	struct err e = ERR_INIT;
	struct verify_report v;
	struct bundle b;
	char *path = mem_printf("%s/a.tar", runs);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)state;
	stage_open(&st);
	WAIT(&st, session_run(st.s)->open);
	for (size_t i = 1; i <= 3; i++) {
		note(&st, "one more");
		WAIT(&st, session_run(st.s)->notes.list.len == i);
	}
	w.run_dir = session_dir(st.s);
	w.run = session_run(st.s);
	w.records = w.run->seq - 1;
	if (!bundle_write(&w, fd, &e))
		fail_msg("%s", e.msg);
	close(fd);
	if (!bundle_open(path, &b, &e))
		fail_msg("%s", e.msg);
	assert_string_equal(file_base(b.record), w.run->id);
	assert_true(verify_record(b.record, &(struct verify_opts){0}, &v, &e));
	if (!v.ok)
		fail_msg("%s", v.what);
	assert_int_equal(v.records, w.records);
	verify_release(&v);
	bundle_close(&b);
	unlink(path);
	mem_free(path);
	stage_close(&st);
}

/* What would run is what was written, or nothing. */
static void
a_secret_in_an_edit_is_refused(void **state)
{
	struct request edit = {.kind = REQ_REDLINE,
		.step = 0,
		.text = "login correct-horse",
		.reason = "it is another"};
	struct request add = {.kind = REQ_ADD,
		.step = NONE,
		.data = "{\"title\":\"look\",\"text\":\"login correct-horse\","
			"\"irreversible\":\"no\"}",
		.reason = "it was forgotten"};
	struct stage st = {0};
	struct err e = ERR_INIT;

	(void)state;
	stage_open(&st);
	WAIT(&st, session_run(st.s)->open);
	assert_true(session_input(st.s, 0, "correct-horse", &e));
	session_request(st.s, &edit);
	WAIT(&st, st.refused == 1);
	assert_non_null(strstr(st.said, "a secret stands in it (pw)"));
	session_request(st.s, &add);
	WAIT(&st, st.refused == 2);
	assert_null(session_run(st.s)->steps.list.at[0].redline);
	assert_int_equal(session_run(st.s)->steps.list.len, 1);
	edit.text = "login \"$pw\"";
	session_request(st.s, &edit);
	WAIT(&st, session_run(st.s)->steps.list.at[0].redline);
	stage_close(&st);
}

/* It is used once the record says that it is another one; the same one is nothing new. */
static void
another_secret_is_a_fact(void **state)
{
	struct stage st = {0};
	struct err e = ERR_INIT;

	(void)state;
	stage_open(&st);
	WAIT(&st, session_run(st.s)->open);
	assert_true(session_input(st.s, 0, "correct-horse", &e));
	assert_true(session_input(st.s, 0, "correct-horse", &e));
	note(&st, "first");
	WAIT(&st, session_run(st.s)->notes.list.len == 1);
	assert_int_equal(session_run(st.s)->input_seq, -1);
	assert_true(session_input(st.s, 0, "battery-staple", &e));
	note(&st, "it was correct-horse and is battery-staple");
	WAIT(&st, session_run(st.s)->notes.list.len == 2);
	assert_true(session_run(st.s)->input_seq > 0);
	assert_string_equal(session_run(st.s)->notes.list.at[1].text,
		"it was [redacted:pw] and is [redacted:pw]");
	assert_int_equal(st.refused, 0);
	stage_close(&st);
}

static void
evidence_is_kept_before_it_is_named(void **state)
{
	struct stage st = {0};
	struct err e = ERR_INIT;
	struct verify_report v;
	struct str bytes = STR_INIT, back = STR_INIT;
	const struct attached *a;
	char *path;

	(void)state;
	stage_open(&st);
	WAIT(&st, session_run(st.s)->open);
	str_add(&bytes, "one\0\xff\ntwo", 9);
	session_attach(st.s, 0, "{\"kind\":\"lines\",\"name\":\"api\"}", &bytes);
	str_adds(&bytes, " more");
	session_attach(st.s, NONE, "{\"kind\":\"lines\",\"name\":\"api\"}", &bytes);
	WAIT(&st, session_run(st.s)->attached.list.len == 2);
	a = session_run(st.s)->attached.list.at;
	assert_int_equal(a[0].bytes, 9);
	assert_int_equal(a[0].step, 0);
	assert_true(blob_read(session_dir(st.s), a[1].blob, 100, &back, &e));
	assert_int_equal(back.len, bytes.len);
	assert_memory_equal(back.buf, bytes.buf, bytes.len);
	assert_int_equal(st.refused, 0);
	assert_true(verify_record(session_dir(st.s), &(struct verify_opts){0}, &v, &e));
	assert_true(v.ok);
	verify_release(&v);
	path = mem_printf("%s/blobs/%.2s/%s", session_dir(st.s), a[0].blob, a[0].blob);
	assert_int_equal(unlink(path), 0);
	mem_free(path);
	assert_true(verify_record(session_dir(st.s), &(struct verify_opts){0}, &v, &e));
	assert_false(v.ok); /* evidence that is gone is missed */
	verify_release(&v);
	str_release(&back);
	str_release(&bytes);
	stage_close(&st);
}

/* The roster is the one of run.open: a file that was changed since allows nobody. */
static void
a_changed_roster_allows_nobody(void **state)
{
	static const char text[] = "lea@example.com ssh-ed25519 AAAA\n";
	struct stage st = {0};
	struct session_opts o;
	struct err e = ERR_INIT;
	char *path = file_join(runs, "signers"), *dir, *blob, hex[DIGEST_HEX + 1];

	(void)state;
	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	st.signers = path;
	stage_open(&st);
	WAIT(&st, session_run(st.s)->open);
	dir = mem_strdup(session_dir(st.s));
	session_free(st.s);
	digest_hex(text, strlen(text), hex);
	blob = mem_printf("%s/blobs/%.2s/%s", dir, hex, hex);
	assert_true(
		file_replace(blob, "eve@example.com ssh-ed25519 AAAA\n", 33, 0400, &e));
	o = opts(&st, true);
	st.s = session_resume(&o, dir, &e);
	assert_non_null(st.s);
	assert_int_equal(st.refused, 1);
	assert_non_null(strstr(st.said, "hash"));
	mem_free(blob);
	mem_free(dir);
	mem_free(path);
	stage_close(&st);
}

static int
make_runs(void **state)
{
	static char path[] = "/tmp/hr-test-session-XXXXXX";

	(void)state;
	runs = mkdtemp(path);
	setenv("XDG_STATE_HOME", runs, 1);
	return runs ? 0 : -1;
}

static int
remove_runs(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	return file_remove_tree(runs, &e) ? 0 : -1;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quiet_session_starts_nothing),
		cmocka_unit_test(a_changed_roster_allows_nobody),
		cmocka_unit_test(a_secret_in_a_note_is_redacted),
		cmocka_unit_test(another_secret_is_a_fact),
		cmocka_unit_test(a_bundle_of_a_run_that_goes_on),
		cmocka_unit_test(a_secret_in_an_edit_is_refused),
		cmocka_unit_test(evidence_is_kept_before_it_is_named),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, make_runs, remove_runs);
}
