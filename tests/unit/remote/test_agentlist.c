#include "remote/agentlist.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "base/mem.h"
#include "linkkit.h"
#include "remote/resolve.h"

/* An agent that is a socket of this very process, and says what a row says. */

struct listed {
	struct loop *loop;
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

static int
listen_at(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

/* What is heard of an agent that says `says` and hangs up. */
static void
hear(const char *says, size_t len, struct str *reply)
{
	char folder[] = "/tmp/hr-test-agent-XXXXXX", request[5];
	struct listed l = {.loop = loop_new(), .reply = STR_INIT};
	struct agentlist *a;
	char *path;
	int fd, peer;

	assert_non_null(mkdtemp(folder));
	path = mem_printf("%s/s", folder);
	fd = listen_at(path);
	a = agentlist_start(l.loop, path, on_list, &l);
	peer = accept(fd, NULL, NULL);
	assert_int_equal(read(peer, request, sizeof request), 5);
	assert_memory_equal(request, "\0\0\0\1\13", 5);
	assert_int_equal(write(peer, says, len), (ssize_t)len);
	close(peer);
	KIT_WAIT(&l, l.calls > 0);
	loop_turn(l.loop, 0);
	assert_int_equal(l.calls, 1);
	agentlist_free(a);
	*reply = l.reply;
	close(fd);
	unlink(path);
	rmdir(folder);
	mem_free(path);
	loop_free(l.loop);
}

static const char two_keys[] = "\0\0\0\65\14\0\0\0\2"
			       "\0\0\0\17\0\0\0\13ssh-ed25519"
			       "\0\0\0\3one"
			       "\0\0\0\13\0\0\0\7ssh-rsa"
			       "\0\0\0\3two";

static void
a_whole_reply_is_handed_on(void **state)
{
	struct resolve_keys k = {0};
	struct str reply;

	(void)state;
	hear(two_keys, sizeof two_keys - 1, &reply);
	assert_int_equal(reply.len, sizeof two_keys - 1 - 4);
	assert_memory_equal(reply.buf, two_keys + 4, reply.len);
	resolve_add_agent(&k, reply.buf, reply.len);
	assert_int_equal(k.usable, 1);
	assert_int_equal(k.rsa, 1);
	str_release(&reply);
}

static void
a_broken_one_is_nothing(void **state)
{
	struct str reply;

	(void)state;
	for (size_t cut = 0; cut < sizeof two_keys - 1; cut += 7) {
		hear(two_keys, cut, &reply);
		assert_int_equal(reply.len, 0);
		str_release(&reply);
	}
	hear("\377\377\377\377\14", 5, &reply);
	assert_int_equal(reply.len, 0);
	str_release(&reply);
}

static void
a_list_cut_anywhere_counts_no_key_twice(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof two_keys - 5; cut++) {
		struct resolve_keys k = {0};
		char *exact = mem_alloc(cut + 1); /* its end is guarded under ASan */

		memcpy(exact, two_keys + 4, cut);
		resolve_add_agent(&k, exact, cut);
		assert_true(k.usable <= 1 && k.rsa <= 1);
		mem_free(exact);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_reply_is_handed_on),
		cmocka_unit_test(a_broken_one_is_nothing),
		cmocka_unit_test(a_list_cut_anywhere_counts_no_key_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
