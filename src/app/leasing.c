#include "app/leasing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "share/lease.h"

struct leasing {
	struct lease *l;
};

enum { NOTE_BYTES = 512 };

void
leasing_lost(struct session *s, const char *why)
{
	if (!s->fenced && !s->parting)
		spine_fenced(s, why);
}

static void
changed(void *ctx)
{
	struct session *s = ctx;
	struct lease_state st;
	char *why;

	lease_state(s->leasing->l, &st);
	if (st.how == LEASE_LOST) {
		why = mem_printf("%s has taken the run over (%s, driver %" PRId64 ")",
			st.who, st.con, st.epoch);
		leasing_lost(s, why);
		mem_free(why);
	}
	spine_changed(s);
	spine_pump(s);
}

void
leasing_event(struct session *s)
{
	const char *service = mirroring_service(s->project);

	if (!s->mirroring || s->leasing || s->parting || s->let_go)
		return;
	s->leasing = mem_alloc(sizeof *s->leasing);
	s->leasing->l = lease_new(&(struct lease_opts){.loop = s->loop,
		.http = s->http,
		.service = service,
		.run = journal_run(s->journal),
		.con = s->con,
		.who = s->who,
		.cons = s->cons.buf,
		.epoch = journal_epoch(s->journal),
		.on_state = changed,
		.ctx = s});
}

bool
leasing_doubts(struct session *s)
{
	return s->leasing && !s->let_go && lease_in_doubt(s->leasing->l);
}

void
leasing_leave(struct session *s)
{
	if (s->leasing)
		lease_leave(s->leasing->l);
}

bool
leasing_busy(const struct session *s)
{
	return s->leasing && lease_busy(s->leasing->l);
}

void
leasing_release(struct session *s)
{
	if (!s->leasing)
		return;
	lease_free(s->leasing->l);
	mem_free(s->leasing);
	s->leasing = NULL;
}

/* ---- taken beforehand ---------------------------------------------------------------------- */

bool
leasing_note(const char *run_dir, int64_t epoch, const char *con, struct err *e)
{
	char *path = file_join(run_dir, "lease");
	char *text = mem_printf("%" PRId64 " %s\n", epoch, con);
	bool ok = file_replace(path, text, strlen(text), 0600, e);

	mem_free(text);
	mem_free(path);
	return ok;
}

int64_t
leasing_noted(struct session *s)
{
	char *path = file_join(s->dir, "lease"), con[NOTE_BYTES];
	struct str text = STR_INIT;
	struct err none = ERR_INIT;
	int64_t epoch = 0;

	if (file_exists(path) && file_read(path, NOTE_BYTES, &text, &none) &&
		sscanf(text.buf, "%" SCNd64 " %511s", &epoch, con) == 2) {
		mem_free(s->con);
		s->con = mem_strdup(con);
	}
	str_release(&text);
	mem_free(path);
	return epoch;
}

void
leasing_unnote(const char *run_dir)
{
	char *path = file_join(run_dir, "lease");

	(void)disk_unlink(path);
	mem_free(path);
}
