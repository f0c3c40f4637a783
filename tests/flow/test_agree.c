/*
 * Two verifiers, one verdict: contrib/verify (sh, jq, sha256sum, ssh-keygen) and our own
 * (journal/verify with audit/vouch) look at the same records, most of them damaged in one
 * place. They must both accept or both refuse, and what is expected.
 */

#include <sys/wait.h>

#include "../unit/audit/signed.h"
#include "audit/vouch.h"
#include "journal/blob.h"

enum verdict { GOOD, BAD };

static struct {
	int cases, wrong, other_line;
	struct str notes;
} score;

/* 0 good, 6 bad, else it could not be read; *line is the one named, 0 when none is. */
static int
ours(int64_t *line)
{
	struct verify_report v;
	struct vouch_report s;
	struct err e = ERR_INIT;
	int code;

	*line = 0;
	if (!vouch_record(loop, dir, &(struct verify_opts){0}, NULL, &v, &s, &e))
		return 3;
	code = v.ok && s.ok ? 0 : 6;
	if (!v.ok)
		*line = v.fault_line;
	else if (!s.ok)
		for (size_t i = s.rows.len; i-- > 0;)
			if (!s.rows.at[i].ok)
				*line = s.rows.at[i].seq + 1;
	verify_release(&v);
	vouch_release(&s);
	return code;
}

static int
theirs(int64_t *line)
{
	char *command = mem_printf(
		"'%s/contrib/verify' '%s' >'%s/said' 2>&1", getenv("SRCDIR"), dir, dir);
	int status = system(command);
	struct str said = records_read(dir, "said");
	const char *at = strstr(said.buf, "BAD line ");

	*line = at ? strtoll(at + strlen("BAD line "), NULL, 10) : 0;
	if (!at && WIFEXITED(status) && WEXITSTATUS(status) == 3)
		print_message("# %s", said.buf);
	str_release(&said);
	mem_free(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
compare(const char *name, enum verdict want)
{
	int64_t our_line, their_line;
	int our = ours(&our_line), their = theirs(&their_line),
	    code = want == GOOD ? 0 : 6;

	score.cases++;
	if (our != code || their != code) {
		score.wrong++;
		str_addf(&score.notes,
			"%s: want %d, ours %d (line %lld), theirs %d (line %lld)\n", name,
			code, our, (long long)our_line, their, (long long)their_line);
	} else if (our_line && their_line && our_line != their_line) {
		score.other_line++;
		str_addf(&score.notes, "%s: line %lld and line %lld\n", name,
			(long long)our_line, (long long)their_line);
	}
}

static void
agreed(void)
{
	char *notes = str_take(&score.notes);
	int wrong = score.wrong + score.other_line;

	print_message("# %d records, %d verdicts differ, %d lines\n", score.cases,
		score.wrong, score.other_line);
	memset(&score, 0, sizeof score);
	score.notes = STR_INIT;
	if (wrong)
		print_message("%s", notes);
	mem_free(notes);
	assert_int_equal(wrong, 0);
}

/* The script takes its time: all cases in the long suite, every twelfth of a table else. */
static size_t
step(void)
{
	return getenv("HANDRAIL_LONG") ? 1 : 12;
}

/* ---- one place changed, the chain and heads mended ------------------------------------------ */

static const struct {
	const char *name;
	size_t line; /* from 0 */
	const char *from, *to;
	enum verdict want;
} edits[] = {
	{"a type of a later version", 9, "probe.result", "probe.dream", GOOD},
	{"a type with no dot", 9, "probe.result", "dream", GOOD},
	{"a type with two dots in a row", 9, "probe.result", "probe..result", BAD},
	{"a type ending in a dot", 9, "probe.result", "probe.", BAD},
	{"a type in upper case", 9, "probe.result", "Probe.result", BAD},
	{"a type with a line end", 9, "probe.result", "probe.result\\n", BAD},
	{"an empty type", 9, "probe.result", "", BAD},
	{"a version of later", 2, "\"v\":1", "\"v\":2", BAD},
	{"a version as text", 2, "\"v\":1", "\"v\":\"1\"", BAD},
	{"a gap", 3, "\"seq\":3", "\"seq\":4", BAD},
	{"a seq below zero", 3, "\"seq\":3", "\"seq\":-3", BAD},
	{"an epoch below zero", 3, "\"epoch\":1", "\"epoch\":-1", BAD},
	{"an epoch that falls", 3, "\"epoch\":1", "\"epoch\":0", BAD},
	{"a mono below zero", 3, "\"mono\":6920", "\"mono\":-6920", GOOD},
	{"a mono of minus zero", 3, "\"mono\":6920", "\"mono\":-0", BAD},
	{"a mono of 2^53-1", 3, "\"mono\":6920", "\"mono\":9007199254740991", GOOD},
	{"a mono of 2^53", 3, "\"mono\":6920", "\"mono\":9007199254740992", BAD},
	{"another run", 4, "6N9RDE", "6N9RDF", BAD},
	{"a first type that is another", 0, "run.open", "run.close", BAD},
	{"a second run.open", 2, "tick.set", "run.open", BAD},
	{"a run with a letter that no ULID has", 0, "01KAG", "01IAG", BAD},
	{"a run beyond the highest ULID", 0, "01KAG", "81KAG", BAD},
	{"a run in lower case", 0, "01KAG", "01kag", BAD},
	{"a month that is none", 2, "2026-11-20T", "2026-13-20T", BAD},
	{"a day that is none", 2, "2026-11-20T", "2026-11-31T", BAD},
	{"a leap day", 2, "2026-11-20T", "2028-02-29T", GOOD},
	{"a leap day in another year", 2, "2026-11-20T", "2026-02-29T", BAD},
	{"a year before the epoch", 2, "2026-11-20T", "1969-11-20T", BAD},
	{"the first year", 2, "2026-11-20T", "1970-01-01T", GOOD},
	{"the last year", 2, "2026-11-20T", "9999-12-31T", GOOD},
	{"an hour that is none", 2, "T13:00:20", "T24:00:20", BAD},
	{"a minute that is none", 2, "T13:00:20", "T13:60:20", BAD},
	{"a second that is none", 2, "T13:00:20", "T13:00:60", BAD},
	{"a time of seconds", 2, ".274Z", "Z", BAD},
	{"a time elsewhere", 2, ".274Z", ".274+01:00", BAD},
	{"a time before the last one", 2, "2026-11-20T", "2025-11-20T", GOOD},
	{"a NUL in a step", 3, "docker-scan", "docker\\u0000scan", BAD},
	{"a NUL in who", 3, "anna@", "anna\\u0000@", BAD},
	{"a NUL in con", 3, "jump1", "jump\\u0000", BAD},
	{"a NUL in data", 3, "scanner down", "scanner\\u0000down", GOOD},
	{"an escape in a name", 3, "docker-scan", "docker\\u001b[0m", GOOD},
	{"an empty who", 3, "anna@example.com", "", GOOD},
	{"a who that is none", 3, "\"anna@example.com\"", "null", BAD},
	{"a step that is a number", 3, "\"docker-scan\"", "7", BAD},
	{"a step that is none", 3, "\"docker-scan\"", "null", GOOD},
	{"more that is false", 4, "\"more\":true", "\"more\":false", BAD},
	{"more where it never ends", 10, "\"data\":{", "\"more\":true,\"data\":{", GOOD},
	{"more at the end", 11, "\"data\":{", "\"more\":true,\"data\":{", BAD},
	{"more before step", 4, "\"type\"", "\"more\":true,\"type\"", BAD},
	{"data that is a list", 11, "{\"result\":\"ok\"}", "[\"result\",\"ok\"]", BAD},
	{"data that is a text", 11, "{\"result\":\"ok\"}", "\"ok\"", BAD},
	{"data that is empty", 11, "{\"result\":\"ok\"}", "{}", GOOD},
	{"a key in upper case", 9, "\"unit\"", "\"Unit\"", BAD},
	{"a key with a blank", 9, "\"unit\"", "\"un it\"", BAD},
	{"a key with a line end", 9, "\"unit\"", "\"unit\\n\"", BAD},
	{"an empty key", 9, "\"unit\"", "\"\"", BAD},
	{"a key with a digit", 9, "\"unit\"", "\"unit2\"", GOOD},
	{"a key deeper down", 9, "\"before\":{\"verdict\"", "\"before\":{\"Ver dict\"",
		GOOD},
	{"a key twice", 9, "\"unit\":\"ms\"", "\"unit\":\"ms\",\"unit\":\"ms\"", BAD},
	{"a key twice deeper down", 9, "\"value\":503", "\"value\":503,\"value\":503",
		BAD},
	{"a member too many", 9, "\"v\":1", "\"v\":1,\"w\":1", BAD},
	{"a member missing", 9, "\"mono\":17300,", "", BAD},
	{"a fraction", 9, "\"value\":41", "\"value\":41.5", BAD},
	{"a fraction of none", 9, "\"value\":41", "\"value\":41.0", BAD},
	{"an exponent", 9, "\"value\":41", "\"value\":4e1", BAD},
	{"a number beyond all", 9, "\"value\":41", "\"value\":1e400", BAD},
	{"minus zero in data", 9, "\"value\":41", "\"value\":-0", BAD},
	{"minus zero in a list", 9, "\"value\":41", "\"value\":[-0]", BAD},
	{"minus zero in a text", 9, "\"unit\":\"ms\"", "\"unit\":\":-0,\"", GOOD},
	{"zero", 9, "\"value\":41", "\"value\":0", GOOD},
	{"2^53-1", 9, "\"value\":41", "\"value\":9007199254740991", GOOD},
	{"-2^53+1", 9, "\"value\":41", "\"value\":-9007199254740991", GOOD},
	{"2^53", 9, "\"value\":41", "\"value\":9007199254740992", BAD},
	{"2^53+1", 9, "\"value\":41", "\"value\":9007199254740993", BAD},
	{"a leading zero", 9, "\"value\":41", "\"value\":041", BAD},
	{"a plus", 9, "\"value\":41", "\"value\":+41", BAD},
	{"nan", 9, "\"value\":41", "\"value\":nan", BAD},
	{"true and null", 9, "\"value\":41", "\"value\":[true,false,null]", GOOD},
	{"a word in upper case", 9, "\"value\":41", "\"value\":True", BAD},
	{"a trailing comma", 9, "\"value\":41", "\"value\":[1,]", BAD},
	{"a blank", 2, "\"seq\":2", "\"seq\": 2", BAD},
	{"a raw TAB", 7, "\\u007f", "\t", BAD},
	{"a raw DEL", 7, "\\u007f", "\x7f", BAD},
	{"an escape in upper case", 7, "\\u007f", "\\u007F", BAD},
	{"a needless escape", 7, "\\u007f", "\\u0041", BAD},
	{"a slash with its escape", 7, "\\u007f", "\\/", BAD},
	{"a line end as number", 7, "\\u007f", "\\u000a", BAD},
	{"all short escapes", 7, "\\u007f", "\\b\\f\\n\\r\\t\\\\\\\"", GOOD},
	{"a surrogate pair", 7, "\\u007f", "\\ud83d\\ude00", BAD},
	{"half a surrogate pair", 7, "\\u007f", "\\ud83d", BAD},
	{"an astral letter", 7, "\\u007f", "\xf0\x9f\x98\x80", GOOD},
	{"U+2028", 7, "\\u007f", "\xe2\x80\xa8", GOOD},
	{"U+FFFD", 7, "\\u007f", "\xef\xbf\xbd", GOOD},
	{"U+FFFF", 7, "\\u007f", "\xef\xbf\xbf", GOOD},
	{"U+FEFF within", 7, "\\u007f", "\xef\xbb\xbf", GOOD},
	{"a C1 control", 7, "\\u007f", "\xc2\x9b", GOOD},
	{"bytes that are not UTF-8", 7, "\\u007f", "\xff", BAD},
	{"half a letter", 7, "\\u007f", "\xc3", BAD},
	{"an overlong slash", 7, "\\u007f", "\xc0\xaf", BAD},
	{"a surrogate in UTF-8", 7, "\\u007f", "\xed\xa0\x80", BAD},
	{"beyond U+10FFFF", 7, "\\u007f", "\xf4\x90\x80\x80", BAD},
};

static void
one_place_changed_with_a_whole_chain(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i += step()) {
		records_example(dir);
		struct lines l = lines_of(dir);
		lines_edit(&l, edits[i].line, edits[i].from, edits[i].to);
		/* after the signature nothing is covered by it: only before it does it fail */
		if (edits[i].line < 10) {
			mem_free(l.list.at[10]);
			vec_remove(&l.list, 10);
			lines_edit(&l, 10, "\"seq\":11", "\"seq\":10");
		}
		if (strstr(edits[i].name, "a run ") == edits[i].name)
			for (size_t n = 1; n < l.list.len; n++)
				lines_edit(&l, n, edits[i].from, edits[i].to);
		lines_publish(dir, &l);
		lines_free(&l);
		compare(edits[i].name, edits[i].want);
	}
	agreed();
}

/* ---- whole files ------------------------------------------------------------------------- */

static void
heads_case(const char *name, const char *from, const char *to, enum verdict want)
{
	struct str heads;

	records_example(dir);
	heads = records_read(dir, "heads");
	if (from) {
		char *at = strstr(heads.buf, from);
		assert_non_null(at);
		struct str out = STR_INIT;
		str_add(&out, heads.buf, (size_t)(at - heads.buf));
		str_adds(&out, to);
		str_adds(&out, at + strlen(from));
		str_release(&heads);
		heads = out;
	} else {
		str_adds(&heads, to);
	}
	records_write(dir, "heads", heads.buf, heads.len);
	str_release(&heads);
	compare(name, want);
}

#define HASH_11 "4ca7cf7ea80f456101e7415ef292db1e881e2520477c5af53bb0a672f6aa1c76"
#define HASH_5  "7506fe36e24d7a604e54464f8e7a0e15b2507971b65775c064d3f722ff1018e7"
#define HASH_6  "b73fe0f667b46398839d6617c681d1b7c7debf43a59649bfb45f71073a5b0d58"

static void
heads_of_many_kinds(void **state)
{
	(void)state;
	heads_case("a head beyond the end", NULL, "12 " HASH_11 "\n", BAD);
	heads_case("a torn head", NULL, "12 4ca7", GOOD);
	heads_case(
		"a torn head that is whole but for its end", NULL, "12 " HASH_11, GOOD);
	heads_case("a head with a leading zero", NULL, "012 " HASH_11 "\n", GOOD);
	heads_case("a head in upper case", NULL, "12 4CA7\n", GOOD);
	heads_case("a head with ten digits", NULL, "1234567890 " HASH_11 "\n", GOOD);
	heads_case("a head with nine digits", NULL, "123456789 " HASH_11 "\n", BAD);
	heads_case("a head with two blanks", NULL, "12  " HASH_11 "\n", GOOD);
	heads_case("a head with a word behind it", NULL, "12 " HASH_11 " x\n", GOOD);
	heads_case("an empty line", NULL, "\n", GOOD);
	heads_case("a head out of order", NULL, "5 " HASH_5 "\n", GOOD);
	heads_case("a wrong head out of order", NULL, "5 " HASH_6 "\n", GOOD);
	heads_case("another hash", "5 75", "5 76", BAD);
	heads_case("a head missing", "5 " HASH_5 "\n", "", GOOD);
	heads_case("two heads exchanged", "5 " HASH_5 "\n6 " HASH_6 "\n",
		"6 " HASH_6 "\n5 " HASH_5 "\n", GOOD);
	records_example(dir);
	shell("rm heads");
	compare("no heads", GOOD);
	shell("touch heads");
	compare("empty heads", GOOD);
	shell("rm heads && mkdir heads");
	shell("rmdir heads");
	agreed();
}

static void
journal_case(const char *name, const char *command, enum verdict want)
{
	records_example(dir);
	shell("%s", command);
	compare(name, want);
}

static void
files_of_many_kinds(void **state)
{
	(void)state;
	journal_case("the example", ":", GOOD);
	journal_case("an empty journal", ": >journal.jsonl; : >heads", BAD);
	journal_case("one byte", "printf x >journal.jsonl; : >heads", BAD);
	journal_case("an empty line", "echo >>journal.jsonl", BAD);
	journal_case("two spaces", "printf '  ' >>journal.jsonl", BAD);
	journal_case("a tail of zeros", "truncate -s +5000 journal.jsonl", BAD);
	journal_case("a large tail of zeros", "truncate -s +100000 journal.jsonl", BAD);
	journal_case("no newline at the end", "truncate -s -1 journal.jsonl", BAD);
	journal_case("lines of DOS", "sed -i 's/$/\\r/' journal.jsonl", BAD);
	journal_case(
		"a byte order mark", "sed -i '1s/^/\\xef\\xbb\\xbf/' journal.jsonl", BAD);
	journal_case("a line of rubbish", "sed -i '5s/^/x/' journal.jsonl", BAD);
	journal_case("a line of another object", "sed -i '5s/.*/{}/' journal.jsonl", BAD);
	journal_case("a number for a line", "sed -i '5s/.*/5/' journal.jsonl", BAD);
	journal_case("two records in a line", "sed -i '5N;s/\\n//' journal.jsonl", BAD);
	journal_case("a record over two lines", "sed -i '5s/,/,\\n/' journal.jsonl", BAD);
	journal_case("the last record dropped", "sed -i '12d' journal.jsonl", BAD);
	journal_case("the last record and its head dropped",
		"sed -i '12d' journal.jsonl heads", GOOD);
	journal_case("the last record doubled",
		"tail -n 1 journal.jsonl >x && cat x >>journal.jsonl", BAD);
	journal_case("the group cut in two, heads too",
		"sed -i '6,$d' journal.jsonl heads", BAD);
	journal_case("the group dropped, heads too", "sed -i '5,$d' journal.jsonl heads",
		GOOD);
	journal_case("another roster", "echo >>allowed_signers", BAD);
	journal_case("no roster", "rm allowed_signers", BAD);
	journal_case("no roster and no signature",
		"rm allowed_signers; sed -i '11,$d' journal.jsonl heads", GOOD);
	journal_case("a folder of blobs without any", "mkdir blobs", BAD);
	shell("rmdir blobs");
	agreed();
}

/* Lines of many lengths, levels and members. */
static void
sizes_at_the_limits(void **state)
{
	static const size_t lengths[] = {65535, 65536, 65537, 70000};
	static const int depths[] = {30, 31, 32, 40};
	static const int members[] = {1024, 1025};

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		records_example(dir);
		struct lines l = lines_of(dir);
		struct str fill = STR_INIT;
		str_adds(&fill, "\"result\":\"");
		while (fill.len < lengths[i] - strlen(l.list.at[11]) - 1 + 10)
			str_addc(&fill, 'x');
		lines_edit(&l, 11, "\"result\":\"", fill.buf);
		assert_int_equal(strlen(l.list.at[11]) + 1, lengths[i]);
		lines_publish(dir, &l);
		char *name = mem_printf("a line of %zu bytes", lengths[i]);
		compare(name, lengths[i] > EVENT_LINE_MAX ? BAD : GOOD);
		mem_free(name);
		str_release(&fill);
		lines_free(&l);
	}
	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		records_example(dir);
		struct lines l = lines_of(dir);
		struct str deep = STR_INIT;
		for (int n = 1; n < depths[i]; n++)
			str_addc(&deep, '[');
		str_addc(&deep, '1');
		for (int n = 1; n < depths[i]; n++)
			str_addc(&deep, ']');
		lines_edit(&l, 11, "\"ok\"", deep.buf);
		lines_publish(dir, &l);
		char *name = mem_printf("%d levels", depths[i]);
		compare(name, depths[i] > 31 ? BAD : GOOD);
		mem_free(name);
		str_release(&deep);
		lines_free(&l);
	}
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		records_example(dir);
		struct lines l = lines_of(dir);
		struct str many = STR_INIT;
		str_adds(&many, "{\"result\":{");
		for (int n = 0; n < members[i]; n++)
			str_addf(&many, "%s\"m%d\":%d", n ? "," : "", n, n);
		str_adds(&many, "}}");
		lines_edit(&l, 11, "{\"result\":\"ok\"}", many.buf);
		lines_publish(dir, &l);
		char *name = mem_printf("%d members", members[i]);
		compare(name, members[i] > 1024 ? BAD : GOOD);
		mem_free(name);
		str_release(&many);
		lines_free(&l);
	}
	agreed();
}

/* ---- blobs ------------------------------------------------------------------------------- */

/* In `member` HASH stands for the hash of a blob that is there. */
static void
blob_case(const char *name, const char *member, const char *command, enum verdict want)
{
	struct lines l;
	struct str roster;
	struct err e = ERR_INIT;
	char runbook[DIGEST_HEX + 1], hex[DIGEST_HEX + 1];

	records_example(dir);
	roster = records_read(dir, "allowed_signers");
	l = lines_of(dir);
	assert_true(blob_put(dir, "handrail: 1\n", 12, runbook, &e));
	assert_true(blob_put(dir, roster.buf, roster.len, hex, &e));
	assert_true(blob_put(dir, "output\n", 7, hex, &e));
	lines_edit(&l, 0,
		"e95a2edc459c5ba34b244df70403dd6981f11aa1bca8e325206d1cc5bc43180e",
		runbook);
	lines_edit(&l, 8, "\"exit\":0", member);
	if (strstr(member, "HASH"))
		lines_edit(&l, 8, "HASH", hex);
	mem_free(l.list.at[10]);
	vec_remove(&l.list, 10);
	lines_edit(&l, 10, "\"seq\":11", "\"seq\":10");
	lines_publish(dir, &l);
	shell("h=%s p=blobs/%.2s/%s r=%s; chmod -R u+w blobs; %s", hex, hex, hex, runbook,
		command);
	compare(name, want);
	shell("rm -rf blobs");
	lines_free(&l);
	str_release(&roster);
}

static void
blobs_of_many_kinds(void **state)
{
	(void)state;
	blob_case("its blobs", "\"exit\":0,\"blob\":\"HASH\"", ":", GOOD);
	blob_case("a blob deep down", "\"exit\":0,\"x\":[{\"y\":{\"blob\":\"HASH\"}}]",
		":", GOOD);
	blob_case("an altered blob", "\"blob\":\"HASH\"", "echo >>$p", BAD);
	blob_case("an altered blob deep down", "\"x\":[{\"y\":{\"blob\":\"HASH\"}}]",
		"echo >>$p", BAD);
	blob_case("a blob that is missing", "\"blob\":\"HASH\"", "rm $p", BAD);
	blob_case("a blob that is a link", "\"blob\":\"HASH\"",
		"cp $p x; rm $p; ln -s $PWD/x $p", BAD);
	blob_case("a blob that is a pipe", "\"blob\":\"HASH\"", "rm $p; mkfifo $p", BAD);
	blob_case("a blob that is a folder", "\"blob\":\"HASH\"", "rm $p; mkdir $p", BAD);
	blob_case("a blob that is none", "\"exit\":0,\"blob\":null", ":", GOOD);
	blob_case("a blob that is a number", "\"exit\":0,\"blob\":12", ":", GOOD);
	blob_case("a blob of no name", "\"exit\":0,\"blob\":\"\"", ":", BAD);
	blob_case("a blob of a NUL", "\"exit\":0,\"blob\":\"\\u0000\"", ":", BAD);
	blob_case("a blob of a line end", "\"exit\":0,\"blob\":\"HASH\\n\"", ":", BAD);
	blob_case("a blob of a path", "\"exit\":0,\"blob\":\"../x\"", ":", BAD);
	blob_case("a blob in a text", "\"exit\":0,\"x\":\"\\\"blob\\\":\\\"HASH\\\"\"",
		"rm $p", GOOD);
	blob_case("a blob nobody names", "\"exit\":0", "echo x >blobs/x", GOOD);
	blob_case("no runbook", "\"exit\":0", "rm blobs/*/$r", BAD);
	blob_case("the roster only as a blob", "\"exit\":0", "rm allowed_signers", GOOD);
	blob_case("the roster nowhere", "\"exit\":0",
		"rm allowed_signers blobs/6b/6b2ea2d9*", BAD);
	blob_case("names not followed", "\"blob\":\"HASH\"", "rm -r blobs", GOOD);
	agreed();
}

/* ---- sign-offs ------------------------------------------------------------------------------ */

static const struct {
	const char *from, *to;
	enum verdict want;
} statements[] = {
	{"comment: ", "comment: ", GOOD},
	{"sign-off v1", "sign-off v2", BAD},
	{"run: 01KAG3W5Z0B4T7M2Q8XK6N9RDE", "run: 01KAG3W5Z0B4T7M2Q8XK6N9RDF", BAD},
	{"runbook: restore", "runbook: remove", BAD},
	{"sha256:e95a", "sha256:e95b", BAD},
	{"step: signoff-technical-lead", "step: other", BAD},
	{"sha256:1968", "sha256:1969", GOOD}, /* nothing in the record says it */
	{"sha256:1968", "sha256:", BAD},
	{"sha256:1968", "sha256:X968", BAD},
	{"decision: approve", "decision: reject", GOOD},
	{"decision: approve", "decision: perhaps", BAD},
	{"role: Technical lead", "role: CEO", BAD},
	{"says: \"I", "says: \"\\u0049", BAD},
	{"says: \"I", "says: I\"", BAD},
	{"exceptions: 1", "exceptions: 0", BAD},
	{"exceptions: 1", "exceptions: 2", BAD},
	{"exceptions: 1", "exceptions: 01", BAD},
	{"exception: 3", "exception: 10", BAD},
	{"exception: 3", "exception: 03", BAD},
	{"exception: 3 ", "exception: 3", BAD},
	{"evidence: 0..9", "evidence: 0..10", BAD},
	{"evidence: 0..9", "evidence: 0..3..9", BAD},
	{"evidence: 0..9", "evidence: 09", BAD},
	{"evidence: 0..9", "evidence: 3..3", GOOD},
	{"seq: 9", "seq: 8", BAD},
	{"evidence: 0..9\nseq: 9", "evidence: 0..8\nseq: 8", BAD},
	{"seq: 9", "seq: 10", BAD},
	{"seq: 9", "seq: 99", BAD},
	{"seq: 9", "seq: 09", BAD},
	{"seq: 9", "seq: 9 ", BAD},
	{"head: ", "head: 0", BAD},
	{"signer: lea@", "signer: bob@", BAD},
	{"key: SHA256:", "key: SHA256:A", BAD},
	{"time: 2026-", "time: 26-", BAD},
	{"time: 2026-", "time: 2027-", GOOD}, /* the record's own time counts */
	{"comment: \"", "comment: \"a\" \"", BAD},
	{"comment: ", "comment:", BAD},
	{"comment: ", "more: x\ncomment: ", BAD},
	{"SEC-88\"\n", "SEC-88\"\nmore: x\n", BAD},
	{"SEC-88\"\n", "SEC-88\"\n\n", BAD},
	{"SEC-88\"\n", "SEC-88\"", BAD},
	{"handrail", " handrail", BAD},
	{"decision", "decision: approve\ndecision", BAD},
};

static void
signed_case(const char *name, struct making m, enum verdict want)
{
	make_record(&m);
	compare(name, want);
}

static void
sign_offs_of_many_kinds(void **state)
{
	(void)state;
	our_own_key("");
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i += step())
		signed_case(statements[i].to,
			(struct making){.key = "lea",
				.before = {statements[i].from, statements[i].to}},
			statements[i].want);
	signed_case("changed after it was signed",
		(struct making){.key = "lea", .after = {"SEC-88", "SEC-89"}}, BAD);
	signed_case("another purpose", (struct making){.key = "lea", .namespace = "file"},
		BAD);
	signed_case("another key", (struct making){.key = "bob"}, BAD);
	signed_case("a key named that is not used",
		(struct making){.key = "bob", .says = "lea"}, BAD);
	add_signer("allowed_signers", "lea@example.com", "", "bob");
	signed_case("her second key", (struct making){.key = "bob"}, GOOD);
	signed_case("her second key under the name of the first",
		(struct making){.key = "bob", .says = "lea"}, BAD);
	our_own_key(",valid-before=\"20261120\"");
	signed_case("a key that had expired", (struct making){.key = "lea"}, BAD);
	our_own_key(",valid-before=\"20261121\"");
	signed_case("a key that expired since", (struct making){.key = "lea"}, GOOD);
	our_own_key(",valid-after=\"20261121\"");
	signed_case("a key of tomorrow", (struct making){.key = "lea"}, BAD);
	our_own_key("");
	shell("sed -i 's/lea@/*@/' allowed_signers");
	signed_case("a pattern of principals", (struct making){.key = "lea"}, GOOD);
	shell("sed -i 's/signoff-v1/signoff-v2/' allowed_signers");
	signed_case("a key for another purpose", (struct making){.key = "lea"}, BAD);
	shell("sed -i 's/^/#/' allowed_signers");
	signed_case("a roster of a comment", (struct making){.key = "lea"}, BAD);
	agreed();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		EACH(one_place_changed_with_a_whole_chain),
		EACH(heads_of_many_kinds),
		EACH(files_of_many_kinds),
		EACH(sizes_at_the_limits),
		EACH(blobs_of_many_kinds),
		EACH(sign_offs_of_many_kinds),
	};

	score.notes = STR_INIT;
	signers_main(argc, argv);
	if (system("command -v jq >/dev/null && command -v sha256sum >/dev/null") != 0) {
		puts("1..0 # SKIP jq or sha256sum is not installed");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
