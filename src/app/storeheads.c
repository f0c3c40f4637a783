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

/* Its first line says which run it is. */
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
keep_page(struct storeheads *h, const struct storing_answer *a, FILE *f, int64_t *last)
{
	for (int i = 0; i < a->rows; i++) {
		char *const *cell = a->cells.list.at + (size_t)i * 3;
		int64_t seq = strtoll(cell[0], NULL, 10);

		if (seq != *last + 1)
			note_fault(h, *last + 1, "is missing");
		else if (strcmp(cell[2], "t") != 0)
			note_fault(h, seq, "was changed there");
		fprintf(f, "%s %s\n", cell[0], cell[1]);
		h->records++;
		*last = seq;
	}
	return a->rows == PAGE_ROWS;
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
		ok = storing_ask(s, page_sql, values, 2, &a, e);
		more = ok && keep_page(h, &a, f, &last);
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
