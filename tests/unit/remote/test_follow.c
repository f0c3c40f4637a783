#include "remote/follow.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>

#include "../base/unit.h"
#include "../loop/jail.h"
#include "base/file.h"
#include "base/mem.h"
#include "linkkit.h"

/* One log followed: its bytes, and what was told of it as words. */
struct seen {
	struct kit k;
	struct followmux *mux;
	struct follow *f;
	struct str data, told;
	int64_t at; /* offset of the byte after the last, as told */
	int beats, lives, deads, ends;
	struct follow_status last;
	struct follow_beat beat;
	char why[240];
	int begins;
};

static char *dir;
static enum followmux_how how;

static void
on_begin(void *ctx, int64_t offset)
{
	struct seen *s = ctx;

	s->begins++;
	s->at = offset;
}

static void
on_data(void *ctx, const char *p, size_t len)
{
	struct seen *s = ctx;

	assert_true(s->begins > 0);
	assert_true(len > 0);
	str_add(&s->data, p, len);
	s->at += (int64_t)len;
}

static void
on_event(void *ctx, enum follow_event e, int64_t bytes)
{
	struct seen *s = ctx;

	(void)bytes;
	str_addf(&s->told, "%s;", follow_event_words(e));
}

static void
on_beat(void *ctx, const struct follow_beat *b)
{
	struct seen *s = ctx;

	s->beats++;
	s->beat = *b;
}

static void
on_state(void *ctx, const struct follow_status *st)
{
	struct seen *s = ctx;

	s->last = *st;
	snprintf(s->why, sizeof s->why, "%s", st->why);
	s->lives += st->state == FOLLOW_LIVE;
	s->deads += st->state == FOLLOW_DEAD;
	s->ends += st->state == FOLLOW_ENDED;
}

/* Goes on at the last whole line, as live/logs does. */
static void
on_resume(void *ctx, struct follow_from *from)
{
	struct seen *s = ctx;

	from->since = "2026-11-20T13:28:53Z";
	while (s->data.len > 0 && s->data.buf[s->data.len - 1] != '\n') {
		str_cut(&s->data, s->data.len - 1);
		s->at--;
	}
	from->offset = s->at;
}

static void
start(struct seen *s, const struct follow_spec *spec)
{
	struct follow_calls calls = {
		on_begin, on_data, on_event, on_beat, on_state, on_resume, s};

	*s = (struct seen){.data = STR_INIT, .told = STR_INIT};
	kit_open(&s->k, HOST_LOCAL, "local");
	s->mux = followmux_new(s->k.link, how);
	s->f = follow_start(s->mux, spec, &calls);
	assert_int_equal(s->lives + s->deads + s->ends, 0);
}

/* Processes other than this one, in a namespace of our own. */
static int
others(void)
{
	DIR *d = opendir("/proc");
	int n = 0;

	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		long pid = strtol(e->d_name, NULL, 10);
		char path[64], state = 'Z';
		FILE *f;

		if (pid <= 1 || pid == getpid())
			continue;
		snprintf(path, sizeof path, "/proc/%ld/stat", pid);
		f = fopen(path, "r");
		if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = 'Z';
		if (f)
			fclose(f);
		n += state != 'Z' && state != 'X';
	}
	closedir(d);
	return n;
}

static void
stop(struct seen *s)
{
	follow_free(s->f);
	followmux_free(s->mux);
	KIT_WAIT(&s->k, others() == 0); /* nothing stays behind */
	kit_close(&s->k);
	str_release(&s->data);
	str_release(&s->told);
}

static const char *
path_of(const char *name)
{
	static char path[200];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void
write_to(const char *path, const char *mode, const char *text)
{
	FILE *f = fopen(path, mode);

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void
rename_to(const char *from, const char *to)
{
	char *old = mem_strdup(path_of(from));

	assert_int_equal(rename(old, path_of(to)), 0);
	mem_free(old);
}

/* The connection breaks: everything over there is gone at once. */
static void
cut(void)
{
	kill(-1, SIGKILL);
}

#define WAIT_DATA(s, text) KIT_WAIT(&(s)->k, strcmp((s)->data.buf, text) == 0)

static void
a_file_is_followed_from_its_last_lines(void **state)
{
	struct seen s;

	(void)state;
	write_to(path_of("a"), "w", "one\ntwo\nthree\nfo");
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .what = path_of("a"), .lines = 2});
	WAIT_DATA(&s, "three\nfo");
	assert_int_equal(s.at, 16);
	assert_int_equal(s.lives, 1);
	assert_true(s.beats >= 1);
	write_to(path_of("a"), "a", "ur\nfive\n");
	WAIT_DATA(&s, "three\nfour\nfive\n");
	assert_int_equal(s.at, 24);
	assert_int_equal(s.begins, 1);
	assert_string_equal(s.told.buf, "");
	stop(&s);
}

static void
the_clock_of_the_host_is_told(void **state)
{
	struct seen s;

	(void)state;
	write_to(path_of("a"), "w", "");
	start(&s, &(struct follow_spec){.kind = FOLLOW_FILE, .what = path_of("a")});
	KIT_WAIT(&s.k, s.beats > 0);
	assert_false(s.beat.coarse);
	assert_in_range(s.beat.host_ms, clock_wall().ms - 60000, clock_wall().ms + 60000);
	assert_int_equal(s.beat.zone_min, 0);
	stop(&s);
}

static void
a_rotated_file_is_read_to_its_end(void **state)
{
	/* told only if somebody looked between the rename and the new file */
	static const char gone[] = "the file is gone; what is open is still read;";
	struct seen s;
	const char *told;

	(void)state;
	write_to(path_of("a"), "w", "one\n");
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .what = path_of("a"), .lines = 9});
	WAIT_DATA(&s, "one\n");
	rename_to("a", "a.1");
	write_to(path_of("a.1"), "a", "two\n"); /* its writer holds it open */
	write_to(path_of("a"), "w", "three\n");
	WAIT_DATA(&s, "one\ntwo\nthree\n");
	told = s.told.buf + (str_starts(s.told.buf, gone) ? strlen(gone) : 0);
	assert_string_equal(told, "rotated: a new file follows;");
	assert_int_equal(s.at, 6);
	assert_int_equal(s.begins, 2);
	stop(&s);
}

static void
a_cut_file_begins_anew(void **state)
{
	struct seen s;

	(void)state;
	write_to(path_of("a"), "w", "one\ntwo\n");
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .what = path_of("a"), .lines = 9});
	WAIT_DATA(&s, "one\ntwo\n");
	write_to(path_of("a"), "w", "new\n");
	WAIT_DATA(&s, "one\ntwo\nnew\n");
	assert_string_equal(s.told.buf, "the file was cut: on from its beginning;");
	assert_int_equal(s.at, 4);
	stop(&s);
}

static void
a_deleted_file_is_told_and_awaited(void **state)
{
	struct seen s;

	(void)state;
	write_to(path_of("a"), "w", "one\n");
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .what = path_of("a"), .lines = 9});
	WAIT_DATA(&s, "one\n");
	assert_int_equal(unlink(path_of("a")), 0);
	KIT_WAIT(&s.k, s.told.len > 0);
	assert_string_equal(s.told.buf, "the file is gone; what is open is still read;");
	write_to(path_of("a"), "w", "two\n");
	WAIT_DATA(&s, "one\ntwo\n");
	assert_string_equal(s.told.buf,
		"the file is gone; what is open is still read;"
		"rotated: a new file follows;");
	stop(&s);
}

static void
a_file_that_is_not_there_yet_is_read_from_its_start(void **state)
{
	struct seen s;

	(void)state;
	unlink(path_of("a"));
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .what = path_of("a"), .lines = 1});
	KIT_WAIT(&s.k, s.told.len > 0);
	assert_string_equal(s.told.buf, "there is no such file yet;");
	write_to(path_of("a"), "w", "one\ntwo\nthree\n");
	WAIT_DATA(&s, "one\ntwo\nthree\n");
	stop(&s);
}

static void
once_ends_by_itself(void **state)
{
	struct seen s;

	(void)state;
	write_to(path_of("a b's"), "w", "one\ntwo");
	start(&s,
		&(struct follow_spec){.kind = FOLLOW_FILE,
			.mode = FOLLOW_ONCE,
			.what = path_of("a b's"),
			.lines = 5});
	KIT_WAIT(&s.k, s.ends > 0);
	assert_string_equal(s.data.buf, "one\ntwo");
	assert_int_equal(s.last.retry_ms, 0);
	stop(&s);
	unlink(path_of("a"));
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .mode = FOLLOW_ONCE, .what = path_of("a")});
	KIT_WAIT(&s.k, s.deads > 0);
	assert_true(s.last.unreadable);
	assert_non_null(strstr(s.why, "there is no such file"));
	stop(&s);
}

/* Bytes of every value, and text that looks like ours. */
static void
any_bytes_come_as_they_are(void **state)
{
	struct str want = STR_INIT;
	struct dice d = DICE(21);
	struct seen s;
	FILE *f;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		if (dice_roll(&d, 50) == 0)
			str_adds(&want,
				"\nFL1 done tok=0123456789abcdef0123456789abcdef\n");
		str_addc(&want, (char)dice_roll(&d, 256));
	}
	f = fopen(path_of("a"), "w");
	assert_int_equal(fwrite(want.buf, 1, want.len, f), want.len);
	fclose(f);
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .what = path_of("a"), .lines = 1000000});
	KIT_WAIT(&s.k, s.data.len == want.len);
	assert_memory_equal(s.data.buf, want.buf, want.len);
	assert_string_equal(s.told.buf, "");
	stop(&s);
	str_release(&want);
}

/* Whatever is written, renamed and cut off in between: every line comes, and once. */
static void
drops_lose_nothing_and_repeat_nothing(void **state)
{
	struct str want = STR_INIT;
	struct dice d = DICE(8);
	char line[64];
	struct seen s;

	(void)state;
	write_to(path_of("a"), "w", "");
	start(&s, &(struct follow_spec){.kind = FOLLOW_FILE, .what = path_of("a")});
	KIT_WAIT(&s.k, s.begins > 0);
	for (int round = 0; round < 6; round++) {
		int deads = s.deads;

		for (size_t n = 1 + dice_roll(&d, 2000); n > 0; n--) {
			snprintf(line, sizeof line, "round %d line %zu\n", round, n);
			write_to(path_of("a"), "a", line);
			str_adds(&want, line);
		}
		write_to(path_of("a"), "a", "half a ");
		str_adds(&want, "half a ");
		if (dice_roll(&d, 2))
			KIT_WAIT(&s.k, s.data.len == want.len);
		cut();
		KIT_WAIT(&s.k, s.deads > deads);
		assert_true(s.last.retry_ms > 0);
		write_to(path_of("a"), "a", "line\n");
		str_adds(&want, "line\n");
		if (round % 2) {
			rename_to("a", "a.old");
			write_to(path_of("a"), "w", "after\n");
			str_adds(&want, "after\n");
		}
		KIT_WAIT(&s.k, s.data.len >= want.len);
		assert_string_equal(s.data.buf, want.buf);
	}
	assert_int_equal(s.lives, 7);
	stop(&s);
	str_release(&want);
}

static void
what_a_drop_loses_is_told(void **state)
{
	struct seen s;

	(void)state;
	write_to(path_of("b"), "w", "one\n");
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_FILE, .what = path_of("b"), .lines = 9});
	WAIT_DATA(&s, "one\n");
	cut();
	KIT_WAIT(&s.k, s.deads > 0);
	assert_int_equal(mkdir(path_of("archive"), 0700), 0);
	rename_to("b", "archive/b");
	write_to(path_of("b"), "w", "new\n");
	WAIT_DATA(&s, "one\nnew\n");
	assert_string_equal(s.told.buf,
		"what was written during the drop is lost: the old file is gone;");
	stop(&s);
	assert_int_equal(unlink(path_of("archive/b")), 0);
	assert_int_equal(rmdir(path_of("archive")), 0);
}

static void
a_command_is_followed_with_its_complaints(void **state)
{
	struct seen s;

	(void)state;
	start(&s,
		&(struct follow_spec){.kind = FOLLOW_COMMAND,
			.what = "echo 'it'\\''s'; echo complaint >&2; printf half; exit 3"});
	KIT_WAIT(&s.k, s.ends > 0);
	assert_string_equal(s.data.buf, "it's\ncomplaint\nhalf");
	assert_int_equal(s.last.exit, 3);
	assert_string_equal(s.why, "it ended with exit status 3");
	assert_true(s.beats > 0);
	stop(&s);
}

static void
nothing_stays_behind(void **state)
{
	struct seen s;

	(void)state;
	start(&s,
		&(struct follow_spec){.kind = FOLLOW_COMMAND,
			.what = "echo on; (trap '' TERM; tail -f /dev/null) & "
				"tail -f /dev/null"});
	KIT_WAIT(&s.k, s.data.len > 0);
	assert_true(others() >= 3);
	stop(&s); /* waits for others() == 0 */
}

/* Stand-ins that print what they were asked. */
static void
containers_and_units_are_asked_for_by_name(void **state)
{
	static const char docker[] = "#!/bin/sh\n[ \"$1\" != container ] || exit 0\n"
				     "for a; do printf '[%s]' \"$a\"; done; echo\n";
	char *old = mem_strdup(getenv("PATH")), *path = mem_printf("%s:%s", dir, old);
	struct seen s;

	(void)state;
	write_to(path_of("docker"), "w", docker);
	write_to(path_of("journalctl"), "w", docker);
	chmod(path_of("docker"), 0755);
	chmod(path_of("journalctl"), 0755);
	setenv("PATH", path, 1);
	start(&s,
		&(struct follow_spec){
			.kind = FOLLOW_CONTAINER, .what = "a'b", .lines = 7});
	KIT_WAIT(&s.k, s.ends > 0);
	assert_string_equal(
		s.data.buf, "[logs][--timestamps][--follow][--tail][7][a'b]\n");
	assert_true(s.last.retry_ms > 0);
	stop(&s);
	start(&s,
		&(struct follow_spec){.kind = FOLLOW_JOURNAL,
			.mode = FOLLOW_ONCE,
			.what = "nginx.service",
			.lines = 7});
	KIT_WAIT(&s.k, s.ends > 0);
	assert_string_equal(s.data.buf,
		"[--no-pager][--output=json][--unit=nginx.service][--lines=7]\n");
	stop(&s);
	/* After a drop: from the last one on. */
	write_to(path_of("journalctl"), "w",
		"#!/bin/sh\nfor a; do printf '[%s]' \"$a\"; done; echo\nexec tail -f /dev/null\n");
	start(&s, &(struct follow_spec){.kind = FOLLOW_JOURNAL, .what = "x", .lines = 0});
	KIT_WAIT(&s.k, s.data.len > 0);
	cut();
	KIT_WAIT(&s.k, s.deads > 0);
	str_reset(&s.data);
	KIT_WAIT(&s.k, str_ends(&s.data, "\n"));
	assert_string_equal(s.data.buf,
		"[--no-pager][--output=json][--unit=x]"
		"[--after-cursor=2026-11-20T13:28:53Z][--follow]\n");
	stop(&s);
	unlink(path_of("docker"));
	unlink(path_of("journalctl"));
	setenv("PATH", old, 1);
	mem_free(path);
	mem_free(old);
}

static int
begin_all(void **state)
{
	static char path[] = "/tmp/hr-test-follow-XXXXXX";

	(void)state;
	dir = mkdtemp(path);
	return dir ? 0 : -1;
}

static int
end_all(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	return file_remove_tree(dir, &e) ? 0 : -1;
}

static int
on_a_channel_of_its_own(void **state)
{
	(void)state;
	how = FOLLOWMUX_ALONE;
	return 0;
}

static int
on_a_shared_channel(void **state)
{
	(void)state;
	how = FOLLOWMUX_SHARED;
	return 0;
}

#define EACH_WAY(test) \
	cmocka_unit_test_setup(test, on_a_channel_of_its_own), \
		cmocka_unit_test_setup(test, on_a_shared_channel)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		EACH_WAY(a_file_is_followed_from_its_last_lines),
		EACH_WAY(the_clock_of_the_host_is_told),
		EACH_WAY(a_rotated_file_is_read_to_its_end),
		EACH_WAY(a_cut_file_begins_anew),
		EACH_WAY(a_deleted_file_is_told_and_awaited),
		EACH_WAY(a_file_that_is_not_there_yet_is_read_from_its_start),
		EACH_WAY(once_ends_by_itself),
		EACH_WAY(any_bytes_come_as_they_are),
		EACH_WAY(drops_lose_nothing_and_repeat_nothing),
		EACH_WAY(what_a_drop_loses_is_told),
		EACH_WAY(a_command_is_followed_with_its_complaints),
		EACH_WAY(nothing_stays_behind),
		EACH_WAY(containers_and_units_are_asked_for_by_name),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests_name("remote/follow", tests, begin_all, end_all);
}
