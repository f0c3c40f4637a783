#include "app/storeheads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "share/bookwalk.h"

enum { PAGE_ROWS = 2000 };

static const char page_sql[] =
	"select seq, encode(sha256(line), 'hex'), hash = sha256(line) "
	"from handrail.record where run = $1 and seq > $2::bigint order by seq limit 2000";

static bool
named_so(const char *dir, const char *run)
{
	char *whole = realpath(dir, NULL);
	bool so = str_eq(file_base(whole ? whole : dir), run);

	free(whole);
	return so;
}

/* Its first line says which run it is, and so has to do the folder: a line alone is what
 * somebody may have changed to that of a run which the store does not know. */
static bool
run_of(const char *path, char out[ULID_LEN + 1], struct err *e)
{
	char *journal = file_is_dir(path) ? file_join(path, "journal.jsonl")
					  : mem_strdup(path);
	struct str line = STR_INIT;
	struct bookwalk w;
	int v = 0;
	bool ok;

	bookwalk_begin(&w, 0, 0);
	ok = bookwalk_peek(&w, journal, 0, 1, &line, e) == 1;
	if (ok && sscanf(line.buf, "{\"v\":%d,\"run\":\"%26[0-9A-Z]\"", &v, out) != 2)
		ok = err_set(e, ERR_RECORD, "line 1: is no record of a run");
	if (ok && file_is_dir(path) && !named_so(path, out))
		ok = err_set(e, ERR_RECORD,
			"the record is one of run %s, and its folder has another name",
			out);
	str_release(&line);
	mem_free(journal);
	return ok;
}

static void
note_fault(struct storeheads *h, int64_t seq, const char *what)
{
	if (!h->fault[0])
		snprintf(h->fault, sizeof h->fault,
			"the store cannot vouch: its own record %lld %s", (long long)seq,
			what);
}

static bool
is_hash(const char *s)
{
	return s && strspn(s, "0123456789abcdef") == DIGEST_HEX && !s[DIGEST_HEX];
}

static bool
keep_page(struct storeheads *h, const struct storing_answer *a, FILE *f, int64_t *last,
	struct err *e)
{
	for (int i = 0; i < a->rows; i++) {
		const char *hash = storing_cell(a, i, 1), *same = storing_cell(a, i, 2);
		int64_t seq;

		if (!storing_number(a, i, 0, &seq, e))
			return false;
		if (seq <= *last || !is_hash(hash))
			return err_set(e, ERR_STATE, PGKEEP_ODD);
		if (seq != *last + 1)
			note_fault(h, *last + 1, "is missing");
		else if (!str_eq(same, "t"))
			note_fault(h, seq, "was changed there");
		fprintf(f, "%lld %s\n", (long long)seq, hash);
		h->records++;
		*last = seq;
	}
	return true;
}

static bool
fetch_pages(struct storing *s, struct storeheads *h, FILE *f, struct err *e)
{
	struct storing_answer a;
	int64_t last = -1;
	bool ok, more;

	do {
		char after[24];
		const struct pgkeep_value values[] = {
			{h->run, strlen(h->run), false}, {after, sizeof after, false}};

		snprintf(after, sizeof after, "%lld", (long long)last);
		ok = storing_ask(s, page_sql, values, 2, &a, e) &&
			keep_page(h, &a, f, &last, e);
		more = ok && a.rows == PAGE_ROWS;
		storing_answer_release(&a);
	} while (more);
	return ok;
}

bool
storeheads_fetch(
	struct storing *s, const char *path, struct storeheads *out, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	FILE *f;
	int fd;
	bool ok;

	*out = (struct storeheads){0};
	if (!run_of(path, out->run, e))
		return false;
	out->path = mem_printf("%s/handrail-heads-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	fd = mkstemp(out->path);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f) {
		mem_free(out->path);
		out->path = NULL;
		return err_set(e, ERR_IO, "no file for what the store says can be made");
	}
	ok = fetch_pages(s, out, f, e);
	if (ok && !out->records)
		snprintf(out->fault, sizeof out->fault,
			"the store cannot vouch: it holds nothing of run %s", out->run);
	if (fclose(f) != 0 && ok)
		ok = err_set(e, ERR_IO, "%s: cannot be written", out->path);
	if (!ok || !out->records) {
		char *made = out->path;

		(void)unlink(made);
		mem_free(made);
		out->path = NULL;
	}
	return ok;
}

void
storeheads_release(struct storeheads *h)
{
	if (h->path)
		(void)unlink(h->path);
	mem_free(h->path);
	h->path = NULL;
}
