#include "remote/keyring.h"

#include "../loop/jail.h"
#include "base/file.h"
#include "loop/askpass.h"
#include "remote/agentlist.h"
#include "sshkit.h"

/* Real ssh-add and ssh-agent, keys of our own in a fresh folder. */

static char folder[] = "/tmp/hr-test-keyring-XXXXXX";

struct wisher {
	struct keyring_wish *wish;
	int asks, ends;
	enum keyring_end end;
	char text[300], why[300];
};

static void
on_ask(void *ctx, const char *text)
{
	struct wisher *w = ctx;

	w->asks++;
	snprintf(w->text, sizeof w->text, "%s", text);
}

static void
on_end(void *ctx, enum keyring_end end, const char *why)
{
	struct wisher *w = ctx;

	w->ends++;
	w->end = end;
	w->wish = NULL;
	snprintf(w->why, sizeof w->why, "%s", why);
}

struct scene {
	struct loop *loop;
	struct keyring *ring;
};

static void
open_scene(struct scene *s)
{
	struct err e = ERR_INIT;

	s->loop = loop_new();
	s->ring = keyring_new(s->loop, &e);
	assert_non_null(s->ring);
}

static void
close_scene(struct scene *s)
{
	keyring_free(s->ring);
	loop_free(s->loop);
}

static void
want(struct scene *s, struct wisher *w, const char *name)
{
	const struct keyring_calls calls = {on_ask, on_end, w};
	char *path = file_join(folder, name);

	*w = (struct wisher){0};
	w->wish = keyring_unlock(s->ring, path, &calls);
	mem_free(path);
}

struct listed {
	int calls;
	struct str reply;
};

static void
on_list(void *ctx, const char *reply, size_t len)
{
	struct listed *l = ctx;

	l->calls++;
	str_add(&l->reply, reply, len);
}

static void
list(struct scene *s, struct listed *l)
{
	struct agentlist *a;

	*l = (struct listed){.reply = STR_INIT};
	a = agentlist_start(s->loop, keyring_socket(s->ring), on_list, l);
	assert_int_equal(l->calls, 0);
	KIT_WAIT(s, l->calls > 0);
	agentlist_free(a);
}

static void
a_key_is_asked_for_once_whoever_wants_it(void **state)
{
	struct scene s;
	struct wisher w[5];
	struct listed l;

	(void)state;
	open_scene(&s);
	for (int i = 0; i < 5; i++)
		want(&s, &w[i], "locked");
	assert_int_equal(w[0].asks, 0); /* never from inside the call */
	KIT_WAIT(&s, w[0].asks == 1);
	assert_non_null(strstr(w[0].text, "locked"));
	keyring_answer(w[1].wish, "open sesame"); /* it was not asked */
	loop_turn(s.loop, 50);
	assert_int_equal(w[0].ends, 0);
	keyring_answer(w[0].wish, "open sesame");
	KIT_WAIT(&s, w[4].ends > 0);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(w[i].ends, 1);
		assert_int_equal(w[i].end, KEYRING_OPEN);
		assert_int_equal(w[i].asks, i == 0);
	}
	list(&s, &l);
	assert_true(l.reply.len > 5);
	assert_int_equal(l.reply.buf[4], 1); /* one key */
	str_release(&l.reply);
	want(&s, &w[0], "locked"); /* and later not at all */
	KIT_WAIT(&s, w[0].ends > 0);
	assert_int_equal(w[0].end, KEYRING_OPEN);
	assert_int_equal(w[0].asks, 0);
	close_scene(&s);
}

static void
a_wrong_passphrase_asks_again_three_times(void **state)
{
	struct scene s;
	struct wisher w;

	(void)state;
	open_scene(&s);
	want(&s, &w, "locked");
	KIT_WAIT(&s, w.asks == 1);
	keyring_answer(w.wish, "wrong");
	KIT_WAIT(&s, w.asks == 2);
	assert_non_null(strstr(w.text, "Bad passphrase"));
	keyring_answer(w.wish, "wrong");
	KIT_WAIT(&s, w.asks == 3);
	keyring_answer(w.wish, "wrong");
	KIT_WAIT(&s, w.ends > 0);
	assert_int_equal(w.end, KEYRING_WRONG);
	assert_int_equal(w.asks, 3);
	want(&s, &w, "locked"); /* a new try is a new start */
	KIT_WAIT(&s, w.asks == 1);
	keyring_answer(w.wish, "open sesame");
	KIT_WAIT(&s, w.ends > 0);
	assert_int_equal(w.end, KEYRING_OPEN);
	close_scene(&s);
}

static void
cancelling_is_for_all_that_wait_and_can_be_repeated(void **state)
{
	struct scene s;
	struct wisher a, b, other;

	(void)state;
	open_scene(&s);
	want(&s, &a, "locked");
	want(&s, &b, "locked");
	want(&s, &other, "second");
	KIT_WAIT(&s, a.asks == 1 && other.asks == 1);
	keyring_answer(a.wish, NULL);
	KIT_WAIT(&s, a.ends > 0 && b.ends > 0);
	assert_int_equal(a.end, KEYRING_CANCELLED);
	assert_int_equal(b.end, KEYRING_CANCELLED);
	assert_int_equal(b.asks, 0);
	assert_int_equal(other.ends, 0);
	want(&s, &b, "locked");
	KIT_WAIT(&s, b.asks == 1);
	keyring_answer(b.wish, "open sesame");
	keyring_answer(other.wish, "other words");
	KIT_WAIT(&s, b.ends > 0 && other.ends > 0);
	assert_int_equal(b.end, KEYRING_OPEN);
	assert_int_equal(other.end, KEYRING_OPEN);
	close_scene(&s);
}

static void
when_the_asker_goes_the_next_one_asks(void **state)
{
	struct scene s;
	struct wisher a, b;

	(void)state;
	open_scene(&s);
	want(&s, &a, "locked");
	want(&s, &b, "locked");
	KIT_WAIT(&s, a.asks == 1);
	keyring_wish_free(a.wish);
	KIT_WAIT(&s, b.asks == 1);
	assert_string_equal(a.text, b.text);
	keyring_answer(b.wish, "open sesame");
	KIT_WAIT(&s, b.ends > 0);
	assert_int_equal(b.end, KEYRING_OPEN);
	assert_int_equal(a.ends, 0);
	want(&s, &a, "second");
	KIT_WAIT(&s, a.asks == 1);
	keyring_wish_free(a.wish); /* nobody is left: the question goes too */
	loop_turn(s.loop, 50);
	close_scene(&s);
}

static void
what_is_no_key_is_said_in_words(void **state)
{
	struct scene s;
	struct wisher w;

	(void)state;
	open_scene(&s);
	want(&s, &w, "absent");
	KIT_WAIT(&s, w.ends > 0);
	assert_int_equal(w.end, KEYRING_BROKEN);
	assert_non_null(strstr(w.why, "absent"));
	want(&s, &w, "nonsense");
	KIT_WAIT(&s, w.ends > 0);
	assert_int_equal(w.end, KEYRING_BROKEN);
	close_scene(&s);
}

static void
the_agent_forgets_with_the_ring(void **state)
{
	struct scene s;
	struct wisher w;
	char *path;

	(void)state;
	open_scene(&s);
	want(&s, &w, "locked");
	KIT_WAIT(&s, w.asks == 1);
	keyring_answer(w.wish, "open sesame");
	KIT_WAIT(&s, w.ends > 0);
	path = mem_strdup(keyring_socket(s.ring));
	assert_int_equal(access(path, F_OK), 0);
	keyring_free(s.ring);
	assert_int_equal(access(path, F_OK), -1);
	mem_free(path);
	loop_free(s.loop);
}

static void
an_agent_that_is_not_there_lists_nothing(void **state)
{
	struct scene s;
	struct listed l = {.reply = STR_INIT};

	(void)state;
	open_scene(&s);
	list(&s, &l); /* the ring's own has not been started */
	assert_int_equal(l.calls, 1);
	assert_int_equal(l.reply.len, 0);
	str_release(&l.reply);
	close_scene(&s);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_asked_for_once_whoever_wants_it),
		cmocka_unit_test(a_wrong_passphrase_asks_again_three_times),
		cmocka_unit_test(cancelling_is_for_all_that_wait_and_can_be_repeated),
		cmocka_unit_test(when_the_asker_goes_the_next_one_asks),
		cmocka_unit_test(what_is_no_key_is_said_in_words),
		cmocka_unit_test(the_agent_forgets_with_the_ring),
		cmocka_unit_test(an_agent_that_is_not_there_lists_nothing),
	};
	struct sshkit kit = {.dir = folder};
	struct err e = ERR_INIT;
	int failed;

	if (askpass_wanted())
		return askpass_main(argc, argv);
	jail_enter(argv);
	if (!mkdtemp(folder) ||
		sshkit_sh(&kit,
			"ssh-keygen -q -t ed25519 -a 2 -N 'open sesame' -f locked && "
			"ssh-keygen -q -t ecdsa -a 2 -N 'other words' -f second && "
			"printf 'no key at all' >nonsense && chmod 600 nonsense") != 0)
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	if (!file_remove_tree(folder, &e))
		failed++;
	return failed;
}
