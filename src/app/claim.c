#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/spine.h"
#include "base/digest.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/ulid.h"
#include "loop/meet.h"

/*
 * One run at a time of a runbook in an environment: two people who roll the same thing out
 * at once is what nobody wants. A lock in the state folder, and one in the folder that
 * accounts share, where there is one; gone with its process, its text says whose it is.
 */

enum {
	CLAIM_BYTES = 1024,
	SHORT_ID = 6,
	SHARED_TRIES = 10,
	SHARED_PAUSE_MS = 10,
};

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

/* Between accounts: the same runbook of the same project there, wherever it lies. Without the
 * name of a project two files of the same name are two things. */
static char *
shared_path(const struct session *s, struct err *e)
{
	char *dir = meet_shared_dir(e), *path = NULL;
	char *what = mem_printf("%s\n%s\n%s", s->project->name, s->runbook->name,
		s->runbook->environment ? s->runbook->environment : "");
	char hex[DIGEST_HEX + 1];

	digest_hex(what, strlen(what), hex);
	if (dir)
		path = mem_printf("%s/%s.claim", dir, hex);
	mem_free(what);
	mem_free(dir);
	return path;
}

/* Another account's file may be opened and not be made again: that is what a sticky folder
 * is for. */
static int
open_shared(const char *path, struct err *e)
{
	int fd = -1;

	/* whoever makes it at the same moment has not opened it to others yet */
	for (int tries = 0; fd < 0 && tries < SHARED_TRIES; tries++) {
		struct err none = ERR_INIT;

		if (tries > 0)
			poll(NULL, 0, SHARED_PAUSE_MS);
		fd = disk_open(path, DISK_EXISTING, &none);
		if (fd >= 0)
			return fd;
		*e = ERR_INIT;
		fd = disk_open(path, DISK_CREATE, e);
	}
	if (fd >= 0 && !disk_mode(path, 0660, e)) {
		disk_close(fd);
		fd = -1;
	}
	return fd;
}

/* -1: not had, `why` says so; `taken`: because somebody else has it. */
static int
lock_it(int fd, bool *taken, struct err *why)
{
	if (fd < 0 || disk_lock(fd, why))
		return fd;
	*taken = why->kind == ERR_STATE;
	disk_close(fd);
	return -1;
}

/* A disk that takes no file keeps nobody from resuming: the record's own lock stands. That
 * nothing else keeps a second run away is said. */
bool
claim_take(struct session *s, struct err *e)
{
	struct err why = ERR_INIT, shared = ERR_INIT;
	char *path, *common;
	bool taken = false;

	/* closing what is owed is a run of its own, beside the others */
	if (s->quiet || s->mode != RUN_LIVE || s->run->mode != RUN_LIVE ||
		s->run->owing.run)
		return true;
	path = claim_path(s, &why);
	common = s->project && s->project->name ? shared_path(s, &shared) : NULL;
	if (path)
		s->claim = lock_it(disk_open(path, DISK_APPEND, &why), &taken, &why);
	if (taken)
		say_taken(s, path, e);
	if (!taken && common) {
		s->claim_shared = lock_it(open_shared(common, &shared), &taken, &shared);
		if (taken)
			say_taken(s, common, e);
	}
	if (!taken && s->claim < 0)
		s->unclaimed = mem_printf("nothing keeps a second run away: %s", why.msg);
	else if (!taken && shared.kind != ERR_NONE && s->claim_shared < 0)
		s->unclaimed = mem_printf(
			"nothing keeps a second run by another account away: %s",
			shared.msg);
	mem_free(common);
	mem_free(path);
	if (taken)
		claim_release(s);
	return !taken;
}

void
claim_tell(struct session *s)
{
	const int fds[] = {s->claim, s->claim_shared};
	char *text = mem_printf("%s %s\n", s->run->id, s->who);
	struct err ignored = ERR_INIT;
	size_t done;

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0 && disk_cut(fds[i], 0, &ignored) &&
			!disk_append(fds[i], text, strlen(text), &done, &ignored) &&
			!disk_cut(fds[i], 0, &ignored))
			ignored = ERR_INIT; /* only the words are missing */
	mem_free(text);
}

void
claim_release(struct session *s)
{
	disk_close(s->claim);
	disk_close(s->claim_shared);
	s->claim = s->claim_shared = -1;
}

const char *
session_unclaimed(const struct session *s)
{
	return s->unclaimed;
}
