#include "app/former.h"

#include <string.h>

#include "app/library.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/ulid.h"
#include "journal/journal.h"

enum { LOOKED_AT = 40, READ = 10, JOURNAL_BYTES = 1 << 20 };

struct reading_back {
	struct usual *usual;
	const char *path; /* of the runbook */
	bool same;
};

static bool
is_same_runbook(const struct event *ev, const char *path)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const char *there = json_str(
		json_get(doc ? json_root(doc) : NULL, "runbook"), "path", NULL);
	bool same = there && path && library_same_file(there, path);

	json_free(doc);
	return same;
}

static bool
heard(void *ctx, const struct event *ev, const char *hash)
{
	struct reading_back *rb = ctx;

	(void)hash;
	if (ev->type == EVENT_RUN_OPEN)
		rb->same = is_same_runbook(ev, rb->path);
	if (rb->same)
		usual_event(rb->usual, ev);
	return rb->same;
}

static bool
small_enough(const char *dir)
{
	char *path = file_join(dir, "journal.jsonl");
	int64_t bytes = file_size(path);

	mem_free(path);
	return bytes >= 0 && bytes <= JOURNAL_BYTES;
}

static void
read_newest(struct usual *u, const char *runs, const struct run *r, char **ids, size_t n)
{
	int read = 0, looked = 0;

	while (n-- > 0 && looked < LOOKED_AT && read < READ) {
		struct reading_back rb = {.usual = u, .path = r->runbook->path};
		struct err ignored = ERR_INIT;
		char *dir;

		if (!ulid_valid(ids[n]) || strcmp(ids[n], r->id) == 0)
			continue;
		looked++;
		dir = file_join(runs, ids[n]);
		if (small_enough(dir) && journal_read(dir, heard, &rb, &ignored))
			read++;
		mem_free(dir);
	}
}

struct usual *
former_times(const char *runs_dir, const struct run *r)
{
	struct usual *u = usual_new();
	struct err ignored = ERR_INIT;
	char *state = runs_dir ? NULL : file_xdg(FILE_XDG_STATE);
	char *runs = runs_dir ? mem_strdup(runs_dir) : file_join(state, "runs");
	size_t n = 0;
	char **ids = file_exists(runs) ? file_names(runs, &n, &ignored) : NULL;

	read_newest(u, runs, r, ids, ids ? n : 0);
	file_names_free(ids);
	mem_free(runs);
	mem_free(state);
	return u;
}
