#include "share/cons.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "journal/scan.h"

bool
cons_has(const char *cons, const char *con)
{
	size_t len = strlen(con);

	for (const char *at = cons; len && (at = strstr(at, con)); at += len)
		if ((at == cons || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

void
cons_add(struct str *cons, const char *con)
{
	if (*con && !strchr(con, ' ') && !cons_has(cons->buf, con))
		str_addf(cons, "%s%s", cons->len ? " " : "", con);
}

struct gathering {
	struct str *out;
	char last[256]; /* nearly always the same as the line before */
};

static bool
gather(void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct gathering *g = ctx;

	(void)bytes;
	(void)len;
	(void)hash;
	if (l->con.len >= sizeof g->last ||
		(strlen(g->last) == l->con.len &&
			memcmp(g->last, l->con.at, l->con.len) == 0))
		return true;
	memcpy(g->last, l->con.at, l->con.len);
	g->last[l->con.len] = '\0';
	cons_add(g->out, g->last);
	return true;
}

bool
cons_of(const char *run_dir, struct str *out, struct err *e)
{
	char *path = file_join(run_dir, "journal.jsonl");
	struct gathering g = {.out = out};
	struct scan_result r;
	bool ok = scan_journal(path, gather, &g, &r, e);

	mem_free(path);
	return ok;
}
