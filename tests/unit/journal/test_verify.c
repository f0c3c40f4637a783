#include "journal/verify.h"

#include <stdio.h>

#include "journal/blob.h"
#include "records.h"

static char *dir, *path;
static struct verify_report report; /* of the last look */

static int
setup(void **state)
{
	(void)state;
	dir = records_scratch();
	path = file_join(dir, "journal.jsonl");
	records_example(dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	verify_release(&report);
	mem_free(path);
	records_gone(dir);
	return 0;
}

static bool
holds_with(const char *head)
{
	struct verify_opts o = {.head = head};
	struct err e = ERR_INIT;

	verify_release(&report);
	if (!verify_record(dir, &o, &report, &e))
		fail_msg("%s", e.msg);
	assert_true(report.ok == (report.fault_line == 0));
	assert_true(report.ok == (report.what[0] == '\0'));
	return report.ok;
}

static bool
holds(void)
{
	return holds_with(NULL);
}

static void
refused_at(int64_t line, const char *words)
{
	if (holds() || report.fault_line != line || !strstr(report.what, words))
		fail_msg("line %lld, \"%s\"; want line %lld, \"%s\"",
			(long long)report.fault_line, report.what, (long long)line,
			words);
}

static void
the_example_is_accepted(void **state)
{
	const struct verify_signature *s;
	struct verify_report of_file;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(holds());
	assert_int_equal(report.records, RECORD_LINES);
	assert_string_equal(report.head,
		"4ca7cf7ea80f456101e7415ef292db1e881e2520477c5af53bb0a672f6aa1c76");
	assert_true(report.vouched);
	assert_int_equal(report.unvouched, 0);
	assert_int_equal(report.last_signature, 10);
	assert_int_equal(report.signatures.len, 1);
	assert_string_equal(report.allowed_signers,
		"6b2ea2d9620fa16ac06a2d464198a065bd0b8616543279463602032dc7212f7d");
	assert_string_equal(report.runbook,
		"restore-postgres sha256:"
		"e95a2edc459c5ba34b244df70403dd6981f11aa1bca8e325206d1cc5bc43180e");
	s = &report.signatures.at[0];
	assert_int_equal(s->covers, 9);
	assert_string_equal(s->head,
		"8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a05");
	assert_string_equal(s->step, "signoff-technical-lead");
	assert_string_equal(s->who, "lea@example.com");
	assert_true(verify_record(path, &(struct verify_opts){0}, &of_file, &e));
	assert_true(of_file.ok);
	assert_int_equal(of_file.records, RECORD_LINES);
	verify_release(&of_file);
}

/* Each byte of the journal, one bit of it: in turn by place, and then another. */
static void
every_flipped_byte_is_bad_and_its_line_named(void **state)
{
	struct str text = records_read(dir, "journal.jsonl");
	bool all = getenv("HANDRAIL_LONG") != NULL;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int64_t line = 1;

	(void)state;
	for (size_t i = 0; i < text.len; i++) {
		char real = text.buf[i];
		for (int n = 0; n < (all ? 8 : 2); n++) {
			int bit = all ? n : n ? 5 : (int)(i % 8 == 5 ? 7 : i % 8);
			char bad = (char)(real ^ (1 << bit));
			assert_int_equal(pwrite(fd, &bad, 1, (off_t)i), 1);
			if (holds() || report.fault_line != line)
				fail_msg("byte %zu, bit %d: line %lld, not %lld (%s)", i,
					bit, (long long)report.fault_line,
					(long long)line, report.what);
		}
		assert_int_equal(pwrite(fd, &real, 1, (off_t)i), 1);
		line += real == '\n';
	}
	assert_true(holds());
	close(fd);
	str_release(&text);
}

/* Nobody vouches for anything, and what was changed is a record like any other. */
static void
the_chain_alone_shows_what_was_changed(void **state)
{
	char *heads = file_join(dir, "heads");
	struct lines l = lines_of(dir);

	(void)state;
	assert_int_equal(unlink(heads), 0);
	mem_free(heads);
	for (size_t a = 0; a + 1 < RECORD_LINES; a++) {
		char *mono = strstr(l.list.at[a], "\"mono\":") + strlen("\"mono\":");
		char real = *mono;

		*mono = real == '7' ? '8' : '7';
		lines_write(dir, &l);
		if (holds() || report.fault_line != (int64_t)a + 2)
			fail_msg("line %zu was changed: line %lld (%s)", a + 1,
				(long long)report.fault_line, report.what);
		*mono = real;
	}
	lines_write(dir, &l);
	assert_true(holds());
	lines_free(&l);
}

static void
every_cut_is_bad(void **state)
{
	struct str text = records_read(dir, "journal.jsonl");

	(void)state;
	for (size_t len = text.len; len-- > 0;) {
		assert_int_equal(truncate(path, (off_t)len), 0);
		if (holds())
			fail_msg("%zu bytes are accepted", len);
		assert_false(report.torn);
	}
	str_release(&text);
}

static void
dropped_doubled_and_swapped_records_are_bad(void **state)
{
	(void)state;
	for (size_t a = 0; a < RECORD_LINES; a++) {
		struct lines l = lines_of(dir);
		char *gone = l.list.at[a];
		vec_remove(&l.list, a);
		lines_write(dir, &l);
		assert_false(holds());
		assert_int_equal(report.fault_line, a + 1);
		vec_push(&l.list, gone); /* dropped here, put to the end */
		lines_write(dir, &l);
		if (a + 1 < RECORD_LINES)
			assert_false(holds());
		lines_free(&l);
		records_example(dir);
		for (size_t b = a; b < RECORD_LINES; b++) {
			l = lines_of(dir);
			vec_push(&l.list, mem_strdup(l.list.at[a]));
			char *x = l.list.at[b];
			l.list.at[b] = l.list.at[RECORD_LINES];
			l.list.at[RECORD_LINES] = x;
			lines_write(dir, &l);
			assert_false(holds());
			lines_free(&l);
			records_example(dir);
		}
	}
}

static void
heads_decide_what_is_vouched_for(void **state)
{
	struct str heads = records_read(dir, "heads");
	char *tenth = heads.buf;

	(void)state;
	for (int i = 0; i < 10; i++)
		tenth = strchr(tenth, '\n') + 1;
	records_write(dir, "heads", heads.buf, (size_t)(tenth - heads.buf));
	assert_true(holds());
	assert_true(report.vouched);
	assert_int_equal(report.unvouched, 2);
	records_write(dir, "heads", "", 0);
	assert_true(holds());
	assert_false(report.vouched);
	assert_int_equal(report.unvouched, RECORD_LINES);
	char *heads_path = file_join(dir, "heads");
	assert_int_equal(unlink(heads_path), 0);
	mem_free(heads_path);
	assert_true(holds());
	assert_false(report.vouched);
	str_adds(&heads, "12 ");
	str_add(&heads, heads.buf + 2, 64);
	str_addc(&heads, '\n');
	records_write(dir, "heads", heads.buf, heads.len);
	refused_at(13, "ends at record 11");
	heads.buf[3] = heads.buf[3] == '0' ? '1' : '0';
	records_write(dir, "heads", heads.buf, heads.len);
	refused_at(1, "heads");
	str_release(&heads);
}

static void
a_head_that_is_given_must_occur(void **state)
{
	static const char ninth[] =
		"8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a05";
	char *with_seq = mem_printf("9 %s", ninth),
	     *wrong_seq = mem_printf("8 %s", ninth);

	(void)state;
	assert_true(holds_with(ninth));
	assert_true(holds_with(with_seq));
	assert_false(holds_with(wrong_seq));
	assert_false(holds_with("nonsense"));
	assert_false(holds_with(
		"8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a06"));
	assert_non_null(strstr(report.what, "does not occur"));
	records_write(dir, "heads", "", 0);
	assert_true(holds_with(ninth));
	assert_true(report.vouched);
	assert_int_equal(report.unvouched, 2);
	mem_free(with_seq);
	mem_free(wrong_seq);
}

static void
a_torn_tail_is_bad_and_said_to_be_torn(void **state)
{
	struct str text = records_read(dir, "journal.jsonl");
	struct str heads = records_read(dir, "heads");
	char *last = strrchr(heads.buf, '1');

	(void)state;
	while (last > heads.buf && last[-1] != '\n')
		last--;
	/* nobody was told of the last record */
	records_write(dir, "heads", heads.buf, (size_t)(last - heads.buf));
	assert_int_equal(truncate(path, (off_t)text.len - 1), 0);
	assert_false(holds());
	assert_true(report.torn);
	assert_int_equal(report.fault_line, RECORD_LINES);
	/* but the one before was acknowledged */
	assert_int_equal(truncate(path, (off_t)text.len - 500), 0);
	assert_false(holds());
	assert_false(report.torn);
	str_release(&heads);
	str_release(&text);
}

static void
an_open_group_at_the_end_is_bad(void **state)
{
	struct lines l = lines_of(dir);

	(void)state;
	for (size_t i = 5; i < RECORD_LINES; i++)
		mem_free(l.list.at[i]);
	l.list.len = 5;
	lines_publish(dir, &l);
	refused_at(5, "group");
	assert_false(report.torn); /* heads says that it was acknowledged */
	records_write(dir, "heads", "", 0);
	refused_at(5, "group");
	assert_true(report.torn);
	lines_free(&l);
}

static void
the_roster_must_be_the_one_of_run_open(void **state)
{
	struct str roster = records_read(dir, "allowed_signers");

	(void)state;
	roster.buf[3] ^= 1;
	records_write(dir, "allowed_signers", roster.buf, roster.len);
	refused_at(1, "allowed_signers");
	str_release(&roster);
	/* a later run.open could name another roster: there is none */
	records_example(dir);
	struct lines l = lines_of(dir);
	lines_edit(&l, 2, "tick.set", "run.open");
	lines_edit(&l, 2, "\"data\":{",
		"\"data\":{\"allowed_signers\":{\"sha256\":"
		"\"00000d9620fa16ac06a2d464198a065bd0b8616543279463602032dc7212f7d0\"},");
	lines_publish(dir, &l);
	refused_at(3, "run.open stands in the middle");
	lines_free(&l);
}

static void
no_record_stands_where_a_driver_cannot_have_put_it(void **state)
{
	struct lines l = lines_of(dir);

	(void)state;
	lines_edit(&l, 5, "\"epoch\":1", "\"epoch\":2");
	lines_publish(dir, &l);
	refused_at(7, "epoch goes back");
	lines_free(&l);
	records_example(dir);
	l = lines_of(dir);
	lines_edit(&l, 4, "step.confirm", "run.close");
	lines_publish(dir, &l);
	refused_at(6, "stands after run.close");
	lines_free(&l);
}

/* The example with a runbook, a roster and an output as blobs. */
static char *
with_blobs(const char *output)
{
	struct lines l = lines_of(dir);
	struct str roster = records_read(dir, "allowed_signers");
	char runbook[DIGEST_HEX + 1], signers[DIGEST_HEX + 1], out[DIGEST_HEX + 1], *to;
	struct err e = ERR_INIT;

	assert_true(blob_put(dir, "handrail: 1\n", 12, runbook, &e));
	assert_true(blob_put(dir, roster.buf, roster.len, signers, &e));
	assert_true(blob_put(dir, output, strlen(output), out, &e));
	lines_edit(&l, 0,
		"e95a2edc459c5ba34b244df70403dd6981f11aa1bca8e325206d1cc5bc43180e",
		runbook);
	to = mem_printf("\"expect\":[{\"deep\":[1,{\"blob\":\"%s\"}],", out);
	lines_edit(&l, 8, "\"expect\":[{", to);
	mem_free(to);
	to = mem_printf("blobs/%.2s/%s", out, out);
	lines_publish(dir, &l);
	lines_free(&l);
	str_release(&roster);
	return to;
}

static void
blobs_must_be_there_with_their_bytes(void **state)
{
	char *blob = with_blobs("some output\n"), *full = file_join(dir, blob);
	char *aside = file_join(dir, "aside");

	(void)state;
	assert_true(holds());
	/* altered */
	assert_int_equal(chmod(full, 0600), 0);
	records_text(dir, blob, "some Output\n");
	refused_at(9, "another hash");
	/* missing */
	assert_int_equal(rename(full, aside), 0);
	refused_at(9, "missing");
	/* a link to the very bytes, a pipe */
	records_text(dir, "aside", "some output\n");
	assert_int_equal(symlink(aside, full), 0);
	refused_at(9, "missing");
	assert_int_equal(unlink(full), 0);
	assert_int_equal(mkfifo(full, 0600), 0);
	refused_at(9, "missing");
	assert_int_equal(unlink(full), 0);
	assert_int_equal(rename(aside, full), 0);
	assert_true(holds());
	/* without the roster beside it the blob counts */
	mem_free(full);
	full = file_join(dir, "allowed_signers");
	assert_int_equal(unlink(full), 0);
	assert_true(holds());
	mem_free(blob);
	mem_free(full);
	mem_free(aside);
}

static void
a_blob_is_named_by_a_hash_and_nothing_else(void **state)
{
	static const char *const names[] = {"", "../../etc/passwd", "x", "\\u0000",
		"A56F7ED935A6E528B3B6400E332003747B44CAEE4091D425C8BD99F5283E8246"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *blob = with_blobs("x");
		struct lines l = lines_of(dir);
		char *hex = strrchr(blob, '/') + 1;
		lines_edit(&l, 8, hex, names[i]);
		lines_publish(dir, &l);
		refused_at(9, "no hash");
		lines_free(&l);
		mem_free(blob);
		records_example(dir);
	}
}

static void
without_a_folder_of_blobs_their_names_are_not_followed(void **state)
{
	struct err e = ERR_INIT;
	char *blob = with_blobs("x"), *blobs = file_join(dir, "blobs");

	(void)state;
	assert_true(file_remove_tree(blobs, &e));
	assert_true(holds()); /* an exported journal */
	assert_int_equal(mkdir(blobs, 0700), 0);
	refused_at(1, "missing");
	mem_free(blob);
	mem_free(blobs);
}

/* Records between what a statement covers and itself, more than are kept at hand. */
static void
a_signature_may_cover_a_record_far_back(void **state)
{
	enum { BETWEEN = 20000 };
	struct lines l = lines_of(dir), out = {0};
	char *signoff = l.list.at[10], *note = l.list.at[2];

	(void)state;
	for (size_t i = 0; i < 10; i++)
		vec_push(&out.list, mem_strdup(l.list.at[i]));
	for (int i = 0; i < BETWEEN; i++) {
		char *at = strstr(note, "\"seq\":2"), *end = at + strlen("\"seq\":2");
		vec_push(&out.list,
			mem_printf(
				"%.*s\"seq\":%d%s", (int)(at - note), note, 10 + i, end));
	}
	char *at = strstr(signoff, "\"seq\":10");
	vec_push(&out.list,
		mem_printf("%.*s\"seq\":%d%s", (int)(at - signoff), signoff, 10 + BETWEEN,
			at + strlen("\"seq\":10")));
	lines_publish(dir, &out);
	assert_true(holds());
	assert_int_equal(report.records, 11 + BETWEEN);
	assert_int_equal(report.signatures.len, 1);
	assert_int_equal(report.signatures.at[0].covers, 9);
	assert_string_equal(report.signatures.at[0].head,
		"8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a05");
	lines_free(&l);
	lines_free(&out);
}

/* Cut and written on, or rewritten as a whole: heads may have been mended too, but not the
 * head that somebody else holds. */
static void
a_head_held_elsewhere_shows_what_was_cut_or_rewritten(void **state)
{
	static const char held[] =
		"8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a05";
	static const char heldseq[] =
		"9 8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a05";
	struct str heads = records_read(dir, "heads");

	(void)state;
	for (size_t keep = 1; keep < 10; keep++) {
		records_example(dir);
		struct lines l = lines_of(dir);
		for (size_t i = keep; i < RECORD_LINES; i++) {
			lines_edit(&l, i, "\"mono\":", "\"mono\":1");
			if (keep % 2 && strstr(l.list.at[i], "anna"))
				lines_edit(&l, i, "anna", "emma");
		}
		lines_publish(dir, &l);
		assert_false(holds_with(held));
		assert_false(holds_with(heldseq));
		/* with the heads of before nothing need be given */
		records_write(dir, "heads", heads.buf, heads.len);
		assert_false(holds());
		assert_int_equal(report.fault_line, keep + 1);
		lines_free(&l);
	}
	str_release(&heads);
}

static void
what_is_no_record_is_an_error_not_a_verdict(void **state)
{
	struct err e = ERR_INIT;
	struct verify_report r;

	(void)state;
	assert_false(verify_record("/nowhere", &(struct verify_opts){0}, &r, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(unlink(path), 0);
	assert_false(verify_record(dir, &(struct verify_opts){0}, &r, &e));
	records_text(dir, "journal.jsonl", "");
	refused_at(1, "no record");
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* What somebody else vouches with, as the store does. */
static bool
holds_for(const char *held)
{
	char *other = mem_printf("%s.held", dir);
	struct verify_opts o = {.held = other, .held_by = "the store"};
	struct err e = ERR_INIT;
	bool ok;

	if (!file_replace(other, held, strlen(held), 0600, &e))
		fail_msg("%s", e.msg);
	verify_release(&report);
	if (!verify_record(dir, &o, &report, &e))
		fail_msg("%s", e.msg);
	ok = report.ok;
	unlink(other);
	mem_free(other);
	return ok;
}

static void
somebody_else_vouches(void **state)
{
	struct str heads = records_read(dir, "heads");
	char *bad, *beyond;

	(void)state;
	assert_true(holds_for(heads.buf));
	assert_int_equal(report.held_last, RECORD_LINES - 1);
	assert_true(holds_for(""));
	assert_int_equal(report.held_last, -1);

	bad = mem_printf("2 %064d\n", 0);
	assert_false(holds_for(bad));
	assert_int_equal(report.fault_line, 3);
	assert_non_null(strstr(report.what, "the store vouches for"));

	beyond = mem_printf("%s77 %064d\n", heads.buf, 0);
	assert_false(holds_for(beyond));
	assert_non_null(
		strstr(report.what, "ends at record 11, the store vouches for 77"));

	/* without anything beside it, it is the store that vouches */
	records_write(dir, "heads", "", 0);
	assert_true(holds_for(heads.buf));
	assert_true(report.vouched);
	assert_int_equal(report.unvouched, 0);
	mem_free(bad);
	mem_free(beyond);
	str_release(&heads);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(the_example_is_accepted),
		EACH(every_flipped_byte_is_bad_and_its_line_named),
		EACH(the_chain_alone_shows_what_was_changed),
		EACH(every_cut_is_bad),
		EACH(dropped_doubled_and_swapped_records_are_bad),
		EACH(heads_decide_what_is_vouched_for),
		EACH(a_head_that_is_given_must_occur),
		EACH(somebody_else_vouches),
		EACH(a_torn_tail_is_bad_and_said_to_be_torn),
		EACH(an_open_group_at_the_end_is_bad),
		EACH(the_roster_must_be_the_one_of_run_open),
		EACH(no_record_stands_where_a_driver_cannot_have_put_it),
		EACH(blobs_must_be_there_with_their_bytes),
		EACH(a_blob_is_named_by_a_hash_and_nothing_else),
		EACH(without_a_folder_of_blobs_their_names_are_not_followed),
		EACH(a_signature_may_cover_a_record_far_back),
		EACH(a_head_held_elsewhere_shows_what_was_cut_or_rewritten),
		EACH(what_is_no_record_is_an_error_not_a_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
