#include "journal/examine.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "journal/heads.h"

bool
examine_is_torn(const struct scan_result *s, int64_t vouched, struct err *e)
{
	if (vouched > s->group_seq)
		return err_set(e, ERR_RECORD,
			"record %lld was acknowledged and is missing or damaged (%s)",
			(long long)vouched,
			s->what[0] ? s->what : "the file ends before it");
	/* A power cut may leave the end of the last group and not its middle: then blocks
	 * of zeros stand where it was. What else stands before a record was changed. */
	if (s->later_groups || (s->later_lines && !s->only_holes))
		return err_set(e, ERR_RECORD, "%s, and records stand after it", s->what);
	return true;
}

struct examining {
	struct heads *heads;
	struct examined *out;
	struct err *e;
};

static bool
examine_line(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct examining *x = ctx;

	(void)bytes;
	(void)len;
	if (!l->more)
		memcpy(x->out->head, hash, DIGEST_HEX + 1);
	return heads_agree(x->heads, l->seq, hash) ||
		err_set(x->e, ERR_RECORD,
			"record %lld is not the one that heads vouches for",
			(long long)l->seq);
}

bool
examine_book(const char *dir, const char *journal, struct examined *out, struct err *e)
{
	char *path = file_join(dir, "heads");
	struct examining x = {.heads = heads_open(path, e), .out = out, .e = e};
	bool ok;

	memset(out, 0, sizeof *out);
	memcpy(out->head, scan_zero_head, sizeof scan_zero_head);
	ok = x.heads && scan_journal(journal, examine_line, &x, &out->scan, e);
	if (ok) {
		out->vouched = heads_last(x.heads);
		out->heads_bytes = heads_good_bytes(x.heads);
		/* When the scan was stopped, examine_line has said why. */
		ok = !out->scan.stopped && examine_is_torn(&out->scan, out->vouched, e);
	}
	heads_free(x.heads);
	mem_free(path);
	return ok;
}
