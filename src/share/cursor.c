#include "share/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"

/* One line: 1 SEQ OFFSET HASH TIME SERVICE; - for what there is none of. */
enum { CURSOR_BYTES = 4096 };

static char *
cursor_path(const char *run_dir)
{
	return file_join(run_dir, "mirror");
}

bool
cursor_read(const char *run_dir, struct cursor *out, struct err *e)
{
	char *path = cursor_path(run_dir), at[STAMP_BYTES];
	struct str text = STR_INIT;
	int used = 0;
	bool ok;

	*out = (struct cursor){.seq = -1};
	if (!file_exists(path))
		ok = err_set(e, ERR_STATE, "this run is not sent to a store");
	else
		ok = file_read(path, CURSOR_BYTES, &text, e);
	if (ok && text.len && text.buf[text.len - 1] == '\n')
		str_cut(&text, text.len - 1);
	if (ok &&
		(sscanf(text.buf, "1 %" SCNd64 " %" SCNd64 " %64[-0-9a-f] %31s %n",
			 &out->seq, &out->offset, out->hash, at, &used) != 4 ||
			!used || out->seq < -1 || out->offset < 0 ||
			!stamp_parse(at, &out->at) || !text.buf[used] ||
			strchr(text.buf + used, '\n')))
		ok = err_set(e, ERR_PARSE, "%s: is no mark of how far a store is", path);
	if (ok) {
		out->service = mem_strdup(text.buf + used);
		if (out->seq < 0)
			out->hash[0] = '\0';
	}
	str_release(&text);
	mem_free(path);
	return ok;
}

bool
cursor_write(const char *run_dir, const struct cursor *c, struct err *e)
{
	char *path = cursor_path(run_dir), at[STAMP_BYTES];
	char *text = mem_printf("1 %" PRId64 " %" PRId64 " %s %s %s\n", c->seq, c->offset,
		c->hash[0] ? c->hash : "-", stamp_wall(c->at, at), c->service);
	bool ok = file_replace(path, text, strlen(text), 0600, e);

	mem_free(text);
	mem_free(path);
	return ok;
}

void
cursor_remove(const char *run_dir)
{
	char *path = cursor_path(run_dir);

	(void)disk_unlink(path);
	mem_free(path);
}

void
cursor_release(struct cursor *c)
{
	mem_free(c->service);
	c->service = NULL;
}
