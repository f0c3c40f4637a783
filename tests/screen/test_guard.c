/*
 * What stands between a tired person and production: a run observes until it is armed, keys
 * typed or pasted before a dialog confirm nothing, and the words of one host are not those of
 * another. The real binary in a pseudo-terminal; what ran on the machine tells afterwards.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/pty.h"

enum { LONG_MS = 20000, ROWS = 36, COLS = 120 };

struct desk {
	char dir[64];
	struct pty *p;
};

static void
put(const struct desk *d, const char *name, const char *text)
{
	char *path = file_join(d->dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

/* How many lines the jobs have written. */
static int
ran(const struct desk *d)
{
	char *path = file_join(d->dir, "ran");
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	int n = 0;

	if (file_exists(path))
		assert_true(file_read(path, 4096, &text, &e));
	for (size_t i = 0; i < text.len; i++)
		n += text.buf[i] == '\n';
	str_release(&text);
	mem_free(path);
	return n;
}

static int
set_up(void **state)
{
	static struct desk d;

	d = (struct desk){0};
	snprintf(d.dir, sizeof d.dir, "/tmp/guard-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	put(&d, "go.yaml",
		"handrail: 1\ntitle: The change\nkind: deploy\nsteps:\n"
		"  - {id: soft, title: Soft, host: box, run: 'echo soft >>\"$HOME/ran\"',"
		" undo: 'echo back >>\"$HOME/ran\"', expect: {exit: 0}}\n"
		"  - {id: wipe, title: Wipe, host: box, risk: severe, run: 'echo wipe >>\"$HOME/ran\"',"
		" confirm: 'wipe x on ${host}', irreversible: gone is gone, expect: {exit: 0}}\n");
	put(&d, "handrail.yaml",
		"handrail_project: 1\nname: desk\nrunbooks: [.]\nenvironments:\n"
		"  production: {badge: PROD, hosts: {box: {local: true}}}\n"
		"  test: {badge: TEST, hosts: {box: {local: true}}}\n"
		"roles: {SRE: [marek@example.com]}\n");
	*state = &d;
	return 0;
}

static int
tear_down(void **state)
{
	struct desk *d = *state;
	char remove[256];

	pty_close(d->p);
	d->p = NULL;
	/* a job may still write its last words */
	snprintf(remove, sizeof remove,
		"bash -c 'n=0; until rm -rf %s 2>/dev/null; do n=$((n + 1)); "
		"[ $n -lt 100 ] || exit 1; read -rt 0.05 <> <(:) || :; done'",
		d->dir);
	return system(remove);
}

static void
see(struct desk *d, const char *text)
{
	if (!pty_wait_text(d->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
see_no_more(struct desk *d, const char *text)
{
	if (!pty_wait_gone(d->p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

static bool
seen(struct desk *d, const char *text)
{
	return pty_find(d->p, text, &(int){0}, &(int){0});
}

static void
open_with(struct desk *d, const char *environment, const char *key)
{
	const char *const argv[] = {getenv("HANDRAIL"), "run", "go.yaml", "--env",
		environment, key ? "--key" : NULL, key, NULL};
	char state[128], home[128];
	const char *const env[] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", "SSH_AUTH_SOCK", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", d->dir);
	snprintf(home, sizeof home, "HOME=%s", d->dir);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = ROWS, .cols = COLS});
	see(d, "Enter trust and start");
	pty_send(d->p, "<Enter>");
	see(d, "journal #0 synced");
}

static void
open_in(struct desk *d, const char *environment)
{
	open_with(d, environment, NULL);
}

/* Opens what the key opens and waits until it takes an answer. */
static void
open_dialog(struct desk *d, const char *key, const char *title)
{
	pty_send(d->p, key);
	see(d, title);
	see_no_more(d, "ready in");
}

/* ---- arming -------------------------------------------------------------------------------- */

static void
production_observes_until_it_is_armed(void **state)
{
	struct desk *d = *state;

	open_in(d, "production");
	see(d, "OBSERVING");
	see(d, "A arm");
	pty_send(d->p, "<Enter>");
	see(d, "the run observes: production must be armed before anything acts on it: A");
	pty_send(d->p, "<Enter><Enter>");
	open_dialog(d, "A", "Arm this run: it may act in production");
	see(d, "off until the words match");
	pty_paste(d->p, "production");
	see(d, "a paste is refused here: type it");
	pty_send(d->p, "prod<Enter>");
	see(d, "off until the words match");
	pty_send(d->p, "uction");
	see_no_more(d, "off until the words match");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "ARMED 30m");
	assert_false(seen(d, "OBSERVING"));
	assert_int_equal(ran(d), 0);
	open_dialog(d, "<Enter>", "Run step 1 on local?");
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
	assert_int_equal(ran(d), 1);
	pty_send(d->p, "A");
	see(d, "OBSERVING");
	/* the way back is an act, too */
	pty_send(d->p, "b");
	see(d, "Take this back");
	pty_send(d->p, "<Enter>");
	see(d, "production must be armed before anything acts on it");
	assert_int_equal(ran(d), 1);
}

static void
elsewhere_it_acts_at_once(void **state)
{
	struct desk *d = *state;

	open_in(d, "test");
	open_dialog(d, "<Enter>", "Run step 1 on local?");
	assert_false(seen(d, "OBSERVING"));
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
	pty_send(d->p, "A");
	see(d, "only a run in production is armed; this one can act");
}

static void
who_has_not_the_role_breaks_glass_or_leaves_it(void **state)
{
	struct desk *d = *state;

	put(d, "handrail.yaml",
		"handrail_project: 1\nname: desk\nrunbooks: [.]\nenvironments:\n"
		"  production: {badge: PROD, hosts: {box: {local: true}}}\n"
		"roles: {SRE: [marek@example.com]}\n"
		"may: {arm: {production: [SRE]}}\n");
	open_in(d, "production");
	open_dialog(d, "A", "Arm this run: it may act in production");
	see(d, "anna@example.com may not arm production: that wants the role SRE");
	see(d, "advisory");
	see(d, "off: see above");
	pty_send(d->p, "production<Enter>");
	pty_send(d->p, "<Esc>");
	see_no_more(d, "Arm this run");
	see(d, "OBSERVING");
	pty_send(d->p, "!");
	see(d, "Break-glass");
	pty_send(d->p, "no SRE answers, the shop is down<Enter><Enter><Enter>");
	see(d, "BREAK-GLASS");
	open_dialog(d, "A", "Arm this run: it may act in production");
	pty_send(d->p, "production");
	see_no_more(d, "off until the words match");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "ARMED 30m");
	assert_int_equal(ran(d), 0);
}

/* ---- typeahead and pastes -------------------------------------------------------------------- */

/* One write, as from hands that were faster than the screen. */
static void
burst(struct desk *d, const char *bytes, int times)
{
	char all[1024];
	size_t len = strlen(bytes), n = 0;

	for (int i = 0; i < times && n + len < sizeof all; i++, n += len)
		memcpy(all + n, bytes, len);
	pty_type(d->p, all, n);
}

static void
keys_typed_before_a_dialog_confirm_nothing(void **state)
{
	struct desk *d = *state;

	open_in(d, "test");
	burst(d, "\r", 50);
	see(d, "Run step 1 on local?");
	assert_int_equal(ran(d), 0);
	see_no_more(d, "ready in");
	assert_true(
		seen(d, "Run step 1 on local?")); /* nothing of it was kept for later */
	assert_int_equal(ran(d), 0);
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
	/* the words of the next one, typed before it stood there */
	burst(d, "\rwipe x on local\r\r", 1);
	see(d, "SEVERE");
	see(d, "off until the words match");
	see_no_more(d, "ready in");
	see(d, "off until the words match");
	assert_int_equal(ran(d), 1);
	/* typed there, but before its time is over */
	pty_send(d->p, "<Esc>");
	see_no_more(d, "SEVERE");
	pty_send(d->p, "<Enter>");
	see(d, "SEVERE");
	pty_send(d->p, "wipe x on local<Enter>");
	see(d, "the key came too early and did nothing");
	assert_int_equal(ran(d), 1);
	pty_send(d->p,
		"<BS>l"); /* what was said goes, the time left stays on the screen */
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "[x] 2 ");
	assert_int_equal(ran(d), 2);
}

static void
a_paste_confirms_nothing(void **state)
{
	struct desk *d = *state;

	open_in(d, "test");
	pty_paste(d->p, "\r\r\r");
	see(d, "Enter act");
	open_dialog(d, "<Enter>", "Run step 1 on local?");
	pty_paste(d->p, "\r\r");
	assert_int_equal(ran(d), 0);
	assert_true(seen(d, "Run step 1 on local?"));
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
	open_dialog(d, "<Enter>", "SEVERE");
	pty_paste(d->p, "wipe x on local\r");
	see(d, "a paste is refused here: type it");
	pty_send(d->p, "<Enter>");
	see(d, "off until the words match");
	assert_int_equal(ran(d), 1);
}

/* ---- two people ----------------------------------------------------------------------------- */

static void
keys_of(const struct desk *d)
{
	char command[512];

	snprintf(command, sizeof command,
		"cd %s && for w in anna marek; do ssh-keygen -q -t ed25519 -N '' -C $w -f key.$w &&"
		" echo \"$w@example.com $(cut -d ' ' -f 1,2 key.$w.pub)\"; done >signers",
		d->dir);
	assert_int_equal(system(command), 0);
}

static void
a_second_person_signs_at_the_same_keyboard(void **state)
{
	struct desk *d = *state;

	keys_of(d);
	put(d, "go.yaml",
		"handrail: 1\ntitle: The change\nkind: deploy\n"
		"probes:\n  room: {command: echo 12, expect: {value: \"< 90\"}}\nsteps:\n"
		"  - {id: wipe, title: Wipe, host: box, risk: severe, run: 'echo wipe >>\"$HOME/ran\"',"
		" confirm: 'wipe x on ${host}', irreversible: gone is gone, two_person: true,"
		" before: [room], expect: {exit: 0}}\n");
	put(d, "handrail.yaml",
		"handrail_project: 1\nname: desk\nrunbooks: [.]\nallowed_signers: signers\n"
		"environments:\n  test: {badge: TEST, hosts: {box: {local: true}}}\n");
	open_with(d, "test", "key.marek");
	pty_send(d->p, "<Enter>");
	see(d, "SEVERE");
	see(d, "this step needs two people, and nobody else has confirmed it");
	see(d, "[x] room"); /* looked at while the words are read */
	see(d, "off: no second person");
	pty_send(d->p, "wipe x on local<Tab>");
	pty_send(d->p, "<Tab><Enter>");
	see(d, "Second person: confirm what somebody else runs");
	see(d, "You sign exactly these words");
	see(d, "role: second person");
	see(d, "marek@example.com");
	pty_send(d->p, "<Tab><Tab><Space>");
	see(d, "[x] I have looked at every line marked"); /* that anna has not signed */
	pty_send(d->p, "<Tab>");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "marek@example.com has confirmed at");
	see_no_more(d, "off: ");
	see_no_more(d, "ready in");
	assert_int_equal(ran(d), 0);
	pty_send(d->p, "<S-Tab><Enter>");
	see(d, "[x] 1 ");
	assert_int_equal(ran(d), 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			production_observes_until_it_is_armed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			elsewhere_it_acts_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			who_has_not_the_role_breaks_glass_or_leaves_it, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			keys_typed_before_a_dialog_confirm_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_paste_confirms_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_second_person_signs_at_the_same_keyboard, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
