#include "app/trust.h"

#include <string.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

enum { TRUST_FILE_MAX = 16 << 20 };

static char *
trust_path(void)
{
	char *state = file_xdg(FILE_XDG_STATE), *path = file_join(state, "trusted");

	mem_free(state);
	return path;
}

void
trust_hash(const struct runbook *rb, const char *project_sha256, char out[DIGEST_HEX + 1])
{
	struct str all = STR_INIT;

	for (size_t i = 0; i < rb->sources.list.len; i++)
		str_addf(&all, "%s\n", rb->sources.list.at[i].sha256);
	str_addf(&all, "environment %s\n", rb->environment ? rb->environment : "-");
	str_addf(&all, "project %s\n", project_sha256 ? project_sha256 : "-");
	digest_hex(all.buf, all.len, out);
	str_release(&all);
}

bool
trust_has(const char *hash)
{
	char *path = trust_path();
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	bool has = false;

	if (file_exists(path) && file_read(path, TRUST_FILE_MAX, &text, &e))
		for (char *at = text.buf; !has && (at = strstr(at, hash)); at++)
			has = at == text.buf || at[-1] == '\n';
	str_release(&text);
	mem_free(path);
	return has;
}

bool
trust_grant(const char *hash, const char *path, struct err *e)
{
	char *file = trust_path(), *dir = file_dir(file),
	     *shown = text_harmless_dup(path);
	char stamp[STAMP_BYTES];
	struct str line = STR_INIT;
	size_t done;
	bool ok = false;
	int fd = -1;

	str_addf(&line, "%s %s %s\n", hash, stamp_wall_sec(clock_wall(), stamp), shown);
	if (file_mkdirs(dir, 0700, e))
		fd = disk_open(file, DISK_APPEND, e);
	if (fd >= 0)
		ok = disk_append(fd, line.buf, line.len, &done, e) && disk_sync(fd, e);
	disk_close(fd);
	str_release(&line);
	mem_free(shown);
	mem_free(dir);
	mem_free(file);
	return ok || err_ctx(e, "remember the trust");
}
