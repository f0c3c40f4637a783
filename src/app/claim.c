#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine.h"
#include "base/digest.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/ulid.h"

/*
 * One run at a time of a runbook in an environment: two people who roll the same thing out
 * at once is what nobody wants. A lock in the state folder, gone with its process; its text
 * says whose it is.
 */

enum { CLAIM_BYTES = 1024, SHORT_ID = 6 };

/* The file itself, however it is called, and where it acts. */
static char *
claim_path(const struct session *s, struct err *e)
{
	char *state = file_xdg(FILE_XDG_STATE), *dir = file_join(state, "targets");
	char *real = realpath(s->runbook->path, NULL);
	char *what = mem_printf("%s\n%s", real ? real : s->runbook->path,
		s->runbook->environment ? s->runbook->environment : "");
	char hex[DIGEST_HEX + 1], *path = NULL;

	digest_hex(what, strlen(what), hex);
	if (file_mkdirs(dir, 0700, e) && disk_private_dir(dir, e))
		path = file_join(dir, hex);
	mem_free(what);
	free(real);
	mem_free(dir);
	mem_free(state);
	return path;
}

static bool
say_taken(const struct session *s, const char *path, struct err *e)
{
	struct str text = STR_INIT;
	struct err ignored = ERR_INIT;
	char run[ULID_LEN + 1] = "", who[256] = "";

	if (file_read(path, CLAIM_BYTES, &text, &ignored))
		sscanf(text.buf, "%26s %255[^\n]", run, who);
	str_release(&text);
	if (!ulid_valid(run))
		return err_set(e, ERR_BUSY, "another run of %s is being driven%s%s",
			s->runbook->name, s->runbook->environment ? " in " : "",
			s->runbook->environment ? s->runbook->environment : "");
	return err_set(e, ERR_BUSY,
		"run %s of %s%s%s is being driven by %s: look on with handrail watch %s, "
		"or take it over with handrail take-over %s",
		run + ULID_LEN - SHORT_ID, s->runbook->name,
		s->runbook->environment ? " in " : "",
		s->runbook->environment ? s->runbook->environment : "", who,
		run + ULID_LEN - SHORT_ID, run + ULID_LEN - SHORT_ID);
}

/* A disk that takes no file keeps nobody from resuming: the record's own lock stands. */
bool
claim_take(struct session *s, struct err *e)
{
	char *path;
	struct err why = ERR_INIT;
	bool ok = true;

	/* closing what is owed is a run of its own, beside the others */
	if (s->quiet || s->mode != RUN_LIVE || s->run->mode != RUN_LIVE ||
		s->run->owing.run)
		return true;
	path = claim_path(s, &why);
	if (path)
		s->claim = disk_open(path, DISK_APPEND, &why);
	if (s->claim >= 0 && !disk_lock(s->claim, &why)) {
		ok = why.kind != ERR_STATE || say_taken(s, path, e);
		disk_close(s->claim);
		s->claim = -1;
	}
	mem_free(path);
	return ok;
}

void
claim_tell(struct session *s)
{
	char *text = mem_printf("%s %s\n", s->run->id, s->who);
	struct err ignored = ERR_INIT;
	size_t done;

	if (s->claim >= 0 && disk_cut(s->claim, 0, &ignored) &&
		!disk_append(s->claim, text, strlen(text), &done, &ignored) &&
		!disk_cut(s->claim, 0, &ignored))
		ignored = ERR_INIT; /* only the words are missing */
	mem_free(text);
}

void
claim_release(struct session *s)
{
	disk_close(s->claim);
	s->claim = -1;
}
