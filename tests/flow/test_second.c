/*
 * The second connection to a host that gives few channels (MaxSessions), over both
 * transports: when it comes, what it carries, that it asks nobody, respects the door, and
 * loses nothing but its own when it goes. second-hosts.sh makes the hosts; runs inside the
 * target stack (tests/lib/stack), which it starts around itself.
 */

#include "config.h"
#include "crowdkit.h"

static const enum host_transport both[] = {HOST_LIBSSH2, HOST_OPENSSH};
static const char endless[] = "echo here; exec cat";

/* A channel that stays: it has said that it is there. */
static void
hold_by(struct kit *k, struct kit_exec *x, const char *command)
{
	const struct link_exec_calls calls = {
		.on_out = kit_exec_out, .on_end = kit_exec_end, .ctx = x};

	*x = (struct kit_exec){.out = STR_INIT, .err = STR_INIT};
	x->x = link_exec_keep(k->link, command, "", 0, &calls);
	KIT_WAIT(k, x->out.len > 0 || x->ends > 0);
	if (x->ends > 0)
		fail_msg("it ended: %s", x->end.why);
}

static void
hold(struct kit *k, struct kit_exec *x)
{
	hold_by(k, x, endless);
}

/* As many channels as two connections of `each` have; the next one waits for its turn. */
static void
fill(const char *alias, enum host_transport transport, int each)
{
	struct crowd c;
	struct kit *k;
	struct kit_exec x[4], late;

	crowd_open(&c);
	k = crowd_link(&c, alias, transport);
	for (int i = 0; i < each; i++)
		hold(k, &x[i]);
	assert_false(crowd_says(k, "connected twice"));
	for (int i = each; i < 2 * each; i++)
		hold(k, &x[i]);
	assert_true(crowd_says(k, "connected twice"));
	kit_exec_start(k, &late, "cat", "as it was");
	KIT_WAIT(k, link_is_narrow(k->link));
	assert_int_equal(late.ends, 0);
	kit_exec_release(&x[2 * each - 1]);
	KIT_WAIT(k, late.ends > 0);
	assert_string_equal(late.out.buf, "as it was");
	assert_int_equal(late.end.exit, 0);
	kit_exec_release(&late);
	for (int i = 0; i < 2 * each - 1; i++) {
		assert_int_equal(x[i].ends, 0);
		kit_exec_release(&x[i]);
	}
	crowd_close(&c);
}

static void
who_finds_no_channel_gets_a_second_connection(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		fill("narrow", both[i], 1);
		fill("two-sessions", both[i], 2);
	}
}

/* More than eight, on a host that would give more. */
static void
eight_channels_are_all_of_one_connection(void **state)
{
	enum { EXECS = 10 };
	struct crowd c;
	struct kit_exec x[EXECS];

	(void)state;
	for (int t = 0; t < 2; t++) {
		crowd_open(&c);
		crowd_link(&c, "ni-db1", both[t]);
		for (int i = 0; i < EXECS; i++) {
			hold(&c.k[0], &x[i]);
			assert_int_equal(crowd_says(&c.k[0], "connected twice"), i >= 8);
		}
		for (int i = 0; i < EXECS; i++)
			kit_exec_release(&x[i]);
		crowd_close(&c);
	}
}

/* It goes with its own; those of the first, and the host, are as they were. */
static void
it_loses_nothing_but_its_own(void **state)
{
	struct crowd c;
	struct kit_exec first, lost, next;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct kit *k;

		crowd_open(&c);
		k = crowd_link(&c, "narrow", both[i]);
		hold(k, &first);
		run_one(k, "kill -9 $PPID; read x", "", &lost);
		assert_true(lost.end.lost || lost.end.exit < 0);
		assert_int_equal(first.ends, 0);
		assert_int_equal(state_of(k), LINK_READY);
		KIT_WAIT(k, !crowd_says(k, "connected twice"));
		kit_exec_start(k, &next, "printf next", ""); /* in its turn, now */
		link_exec_write(first.x, "still\n", 6);
		KIT_WAIT(k, strstr(first.out.buf, "still"));
		assert_int_equal(next.ends, 0);
		kit_exec_release(&first);
		KIT_WAIT(k, next.ends > 0);
		assert_string_equal(next.out.buf, "next");
		kit_exec_release(&lost);
		kit_exec_release(&next);
		crowd_close(&c);
	}
}

static void
it_goes_when_nothing_needs_it(void **state)
{
	struct crowd c;
	struct kit *k;
	struct kit_exec first, second;

	(void)state;
	setenv("HANDRAIL_TEST_PACE", "2", 1); /* half a minute is over in 600 ms */
	crowd_open(&c);
	k = crowd_link(&c, "narrow", HOST_LIBSSH2);
	hold(k, &first);
	hold(k, &second);
	assert_true(crowd_says(k, "connected twice"));
	kit_exec_release(&second);
	KIT_WAIT(k, !crowd_says(k, "connected twice"));
	assert_int_equal(first.ends, 0);
	hold(k, &second); /* and comes again */
	assert_true(crowd_says(k, "connected twice"));
	unsetenv("HANDRAIL_TEST_PACE");
	kit_exec_release(&first);
	kit_exec_release(&second);
	crowd_close(&c);
}

/* One connection stands still over there; what the other one says is no sign of its life. */
static void
stands_still(enum host_transport transport, bool first)
{
	static const char stopper[] = "echo here; read x; kill -STOP $PPID; exec cat";
	static const char talker[] = "while echo x; do sleep 0.05; done";
	struct crowd c;
	struct kit_exec still, filler, other;
	struct kit *k;

	setenv("HANDRAIL_TEST_PACE", "15", 1); /* a pulse each second */
	crowd_open(&c);
	k = crowd_link(&c, "two-sessions", transport);
	hold_by(k, &still, first ? stopper : talker);
	hold(k, &filler);
	hold_by(k, &other, first ? talker : stopper);
	assert_true(crowd_says(k, "connected twice"));
	kit_exec_release(&filler); /* the pulse has room */
	link_exec_write((first ? &still : &other)->x, "\n", 1);
	if (first) {
		KIT_WAIT(k, state_of(k) != LINK_READY);
		KIT_WAIT(k, other.ends > 0);
	} else {
		KIT_WAIT(k, other.ends > 0);
		assert_int_equal(state_of(k), LINK_READY);
		assert_int_equal(still.ends, 0);
	}
	assert_true(other.end.lost);
	unsetenv("HANDRAIL_TEST_PACE");
	kit_exec_release(&still);
	kit_exec_release(&other);
	crowd_close(&c);
}

static void
each_has_its_own_pulse(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		stands_still(both[i], true);
		stands_still(both[i], false);
	}
}

static void
a_passphrase_is_asked_for_once(void **state)
{
	struct crowd c;
	struct kit *k;
	struct kit_exec x[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		crowd_open(&c);
		k = crowd_link(&c, "one-locked", both[i]);
		k->answer = getenv("HR_PASSPHRASE");
		hold(k, &x[0]);
		hold(k, &x[1]);
		assert_int_equal(k->prompts, 1);
		kit_exec_release(&x[0]);
		kit_exec_release(&x[1]);
		crowd_close(&c);
	}
}

/* A password or a code is not kept, and nobody is asked for it again: they take turns. */
static void
where_a_person_answered_there_is_no_second_one(void **state)
{
	struct crowd c;
	struct kit *k;
	struct kit_exec first, second;

	(void)state;
	if (getuid() != 0)
		skip();
	for (int i = 0; i < 2; i++) {
		setenv("HANDRAIL_TEST_PACE", "1", 1);
		crowd_open(&c);
		k = crowd_link(&c, "one-password", both[i]);
		k->answer = getenv("HR_OPS_PASSWORD");
		unsetenv("HANDRAIL_TEST_PACE");
		hold(k, &first);
		setenv("HANDRAIL_TEST_PACE", "1", 1); /* 300 ms are over in 3 */
		kit_exec_start(k, &second, "printf second", "");
		for (int n = 0; n < 5; n++) {
			link_exec_write(first.x, "x\n", 2);
			KIT_WAIT(k, first.out.len >= (size_t)(5 + 2 * (n + 1)));
		}
		assert_int_equal(k->prompts, 1);
		assert_false(crowd_says(k, "connected twice"));
		kit_exec_release(&first);
		KIT_WAIT(k, second.ends > 0);
		assert_string_equal(second.out.buf, "second");
		assert_int_equal(k->prompts, 1);
		unsetenv("HANDRAIL_TEST_PACE");
		kit_exec_release(&second);
		crowd_close(&c);
	}
}

/* A host that lets in one login at a time: second ones wait at the door like first ones. */
static void
they_come_through_the_door_one_by_one(void **state)
{
	enum { LINKS = 6 };
	struct crowd c;
	struct kit_exec first[LINKS], second[LINKS];

	(void)state;
	setenv("HANDRAIL_TEST_PACE", "20",
		1); /* for one that is turned away all the same */
	crowd_open(&c);
	for (int i = 0; i < LINKS; i++)
		crowd_link(&c, "one-crowded", both[i % 2]);
	KIT_WAIT(&c, crowd_settled(&c));
	for (int i = 0; i < LINKS; i++)
		hold(&c.k[i], &first[i]);
	for (int i = 0; i < LINKS; i++) {
		kit_exec_start(&c.k[i], &second[i], "printf second", "");
		assert_int_equal(second[i].ends, 0);
	}
	for (int i = 0; i < LINKS; i++) {
		KIT_WAIT(&c, second[i].ends > 0);
		assert_string_equal(second[i].out.buf, "second");
		assert_int_equal(first[i].ends, 0);
		kit_exec_release(&first[i]);
		kit_exec_release(&second[i]);
	}
	unsetenv("HANDRAIL_TEST_PACE");
	crowd_close(&c);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_finds_no_channel_gets_a_second_connection),
		cmocka_unit_test(eight_channels_are_all_of_one_connection),
		cmocka_unit_test(it_loses_nothing_but_its_own),
		cmocka_unit_test(it_goes_when_nothing_needs_it),
		cmocka_unit_test(a_passphrase_is_asked_for_once),
		cmocka_unit_test(each_has_its_own_pulse),
		cmocka_unit_test(where_a_person_answered_there_is_no_second_one),
		cmocka_unit_test(they_come_through_the_door_one_by_one),
	};
	char *script;
	int failed;

	(void)argc;
	workerkit_enter(argv);
	script = mem_printf("%s/tests/flow/second-hosts.sh",
		getenv("SRCDIR") ? getenv("SRCDIR") : ".");
	failed = system(script);
	mem_free(script);
	if (failed)
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	workers_end();
	return failed;
}
