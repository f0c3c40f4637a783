#include "app/runindex.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

enum {
	INDEX_MAX = 64 << 20,
	KEY_BYTES = 192,
	SETTLED_MS = 2000, /* what changed later than that could change unseen */
	LINE_FIELDS = 12
};

static const char head[] = "handrail-runs 1\n";

struct runindex {
	char *path;
	int dir;         /* the folder of runs */
	struct str text; /* as it was read */
	char *at;        /* next line not yet passed */
	struct str next; /* as it is to be */
	bool changed;
	char key[KEY_BYTES]; /* of the run that was asked for last */
	bool settled;
};

static int64_t
nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Of one file of a run; what is not there has a key, too. */
static bool
add_key(struct runindex *x, const char *id, const char *name, char *out, size_t len)
{
	char path[64];
	struct stat st;
	int64_t changed;

	snprintf(path, sizeof path, "%s/%s", id, name);
	if (fstatat(x->dir, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		snprintf(out, len, "-");
		return false;
	}
	changed = nanoseconds(st.st_ctim);
	x->settled &= clock_wall().ms - changed / 1000000 > SETTLED_MS;
	snprintf(out, len, "%lld.%lld.%lld.%lld", (long long)st.st_ino,
		(long long)st.st_size, (long long)nanoseconds(st.st_mtim),
		(long long)changed);
	return true;
}

static bool
make_key(struct runindex *x, const char *id)
{
	char journal[KEY_BYTES / 2], heads[KEY_BYTES / 2];

	x->settled = true;
	x->key[0] = '\0';
	if (!add_key(x, id, "journal.jsonl", journal, sizeof journal))
		return false;
	(void)add_key(x, id, "heads", heads, sizeof heads);
	snprintf(x->key, sizeof x->key, "%.90s/%.90s", journal, heads);
	return true;
}

struct runindex *
runindex_open(const char *runs_dir)
{
	struct runindex *x = mem_alloc(sizeof *x);
	struct err ignored = ERR_INIT;

	x->path = mem_printf("%s.index", runs_dir);
	x->dir = open(runs_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	str_init(&x->text);
	str_init(&x->next);
	str_adds(&x->next, head);
	if (!file_read(x->path, INDEX_MAX, &x->text, &ignored) ||
		!str_starts(x->text.buf, head) || x->text.buf[x->text.len - 1] != '\n' ||
		strlen(x->text.buf) != x->text.len)
		str_reset(&x->text);
	x->at = x->text.buf + (x->text.len ? sizeof head - 1 : 0);
	return x;
}

/* The line of that run, its end included; NULL: there is none. Others before it are of runs
 * that are gone. */
static char *
line_of(struct runindex *x, const char *id, size_t *len)
{
	while (*x->at) {
		char *line = x->at;
		int order = strncmp(line, id, ULID_LEN);

		if (order > 0)
			return NULL;
		*len = strcspn(line, "\n") + 1;
		x->at += *len;
		if (order == 0)
			return line;
		x->changed = true;
	}
	return NULL;
}

/* Cuts at tabs, in a copy; false: another number of fields. */
static bool
fields_of(char *line, char *out[LINE_FIELDS])
{
	int n = 0;

	for (char *at = line; n < LINE_FIELDS; n++) {
		out[n] = at;
		at += strcspn(at, "\t\n");
		if (*at == '\n' || !*at) {
			*at = '\0';
			return n == LINE_FIELDS - 1;
		}
		*at++ = '\0';
	}
	return false;
}

static char *
maybe(const char *text)
{
	return *text ? mem_strdup(text) : NULL;
}

static void
fill(struct library_run *run, char *const f[LINE_FIELDS])
{
	run->closes = strchr(f[2], 'c') != NULL;
	run->opened.ms = strtoll(f[3], NULL, 10);
	run->closed.ms = strtoll(f[4], NULL, 10);
	run->last.ms = strtoll(f[5], NULL, 10);
	run->state = mem_strdup(f[6]);
	run->step = maybe(f[7]);
	run->who = mem_strdup(f[8]);
	run->runbook_sha256 = mem_strdup(f[9]);
	run->runbook = mem_strdup(f[10]);
	run->title = mem_strdup(f[11]);
}

bool
runindex_take(struct runindex *x, struct library_run *run, bool *owes)
{
	char *f[LINE_FIELDS], *line, *copy;
	size_t len = 0;
	bool ok;

	line = line_of(x, run->id, &len);
	if (!make_key(x, run->id) || !line)
		return false;
	copy = mem_strndup(line, len);
	ok = fields_of(copy, f) && strcmp(f[1], x->key) == 0;
	if (ok) {
		*owes = strchr(f[2], 'o') != NULL;
		fill(run, f);
		str_add(&x->next, line, len);
	}
	mem_free(copy);
	return ok;
}

static bool
is_plain(const char *text)
{
	return !text || !text[strcspn(text, "\t\n")];
}

void
runindex_put(struct runindex *x, const struct library_run *run, bool owes)
{
	x->changed = true;
	if (!x->key[0] || !x->settled || run->fault || !run->runbook ||
		!is_plain(run->step) || !is_plain(run->who) || !is_plain(run->runbook) ||
		!is_plain(run->title) || !is_plain(run->runbook_sha256) ||
		!is_plain(run->state))
		return;
	str_addf(&x->next, "%s\t%s\t%s%s-\t%lld\t%lld\t%lld\t%s\t%s\t%s\t%s\t%s\t%s\n",
		run->id, x->key, owes ? "o" : "", run->closes ? "c" : "",
		(long long)run->opened.ms, (long long)run->closed.ms,
		(long long)run->last.ms, run->state, run->step ? run->step : "", run->who,
		run->runbook_sha256, run->runbook, run->title);
}

void
runindex_close(struct runindex *x)
{
	struct err ignored = ERR_INIT;
	bool same = !x->changed && !*x->at;

	same |= x->next.len == x->text.len &&
		memcmp(x->next.buf, x->text.buf, x->next.len) == 0;
	if (!same)
		same = file_replace_quick(
			x->path, x->next.buf, x->next.len, 0600, &ignored);
	if (x->dir >= 0)
		close(x->dir);
	str_release(&x->text);
	str_release(&x->next);
	mem_free(x->path);
	mem_free(x);
}
