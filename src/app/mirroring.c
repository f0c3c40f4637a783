#include "app/mirroring.h"

#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "remote/pgservice.h"
#include "share/mirror.h"

struct mirroring {
	struct session *s;
	struct mirror *m;
	char *told; /* the state that the record knows, or NULL */
};

static const char store[] = "store";

const char *
mirroring_service(const struct project *p)
{
	return p ? pairs_get(&p->store, "postgres.service") : NULL;
}

const char *
mirroring_service_for(const struct project *p, const char *given, struct err *e)
{
	const char *service = given ? given : mirroring_service(p);

	if (!service)
		err_set(e, ERR_INPUT,
			p ? "handrail.yaml names no store: write store: {postgres: "
			    "{service: NAME}}, or give --service NAME"
			  : "no handrail.yaml here: give --service NAME of "
			    "pg_service.conf");
	return service;
}

static struct mirror_state
state_of(const struct session *s)
{
	struct mirror_state st;

	mirror_state(s->mirroring->m, &st);
	return st;
}

/* ---- the record -------------------------------------------------------------------------- */

static void
tell_record(struct session *s, const char *state, const char *why)
{
	struct mirroring *g = s->mirroring;

	if (str_eq(g->told ? g->told : "up", state) || !s->run->open || s->run->closed)
		return;
	mem_free(g->told);
	g->told = mem_strdup(state);
	session_request(s,
		&(struct request){.kind = REQ_BACKEND,
			.step = NONE,
			.name = store,
			.text = state,
			.reason = *why ? why : NULL});
}

static void
tell_state(struct session *s)
{
	struct mirror_state st = state_of(s);

	switch (st.how) {
	case MIRROR_CONNECTING:
		break;
	case MIRROR_BEHIND:
	case MIRROR_LEVEL:
		tell_record(s, "up", "");
		if (st.how == MIRROR_LEVEL)
			anchoring_stored(s, st.sent, mirror_head(s->mirroring->m));
		break;
	case MIRROR_DOWN:
		tell_record(s, "down", st.why);
		break;
	case MIRROR_ALARM:
		tell_record(s, "differs", st.why);
		break;
	case MIRROR_TAKEN:
		leasing_lost(s, st.why);
		break;
	}
}

static void
changed(void *ctx)
{
	tell_state(ctx);
	spine_changed(ctx);
}

static void
lost(void *ctx, int64_t from, int64_t to)
{
	struct session *s = ctx;
	char why[160];

	snprintf(why, sizeof why,
		"it has lost the records %lld to %lld, which it had: they are sent again",
		(long long)from, (long long)to);
	tell_record(s, "lost", why);
}

/* ---- for people --------------------------------------------------------------------------- */

static bool
add_words(const struct session *s, struct str *out)
{
	struct mirror_state st;
	char took[STAMP_BYTES];
	int64_t behind;

	if (!s->mirroring)
		return false;
	st = state_of(s);
	behind = st.last - st.sent;
	if (st.how == MIRROR_CONNECTING)
		str_adds(out, "store not asked yet");
	else if (st.how == MIRROR_ALARM)
		str_addf(out, "STORE DIFFERS: %s", st.why);
	else if (st.how == MIRROR_TAKEN)
		str_addf(out, "NOT THE DRIVER: %s", st.why);
	else if (st.how == MIRROR_DOWN)
		str_addf(out, "STORE DOWN for %s, %lld behind",
			stamp_duration(clock_mono().ms - st.since.ms, took),
			(long long)behind);
	else if (behind > 0)
		str_addf(out, "store %lld behind", (long long)behind);
	else
		str_adds(out, "mirrored");
	return true;
}

bool
session_store_fails(const struct session *s)
{
	struct mirror_state st;

	if (!s->mirroring)
		return false;
	st = state_of(s);
	return st.how == MIRROR_DOWN || st.how == MIRROR_ALARM || st.how == MIRROR_TAKEN;
}

void
mirroring_well(struct session *s)
{
	struct str words = STR_INIT, hosts = STR_INIT;
	bool mirrored = add_words(s, &words), fails = session_store_fails(s);

	fencing_words(s, &hosts);
	snprintf(s->words, sizeof s->words, "%s%sjournal #%lld synced%s%s%s%s",
		fails ? words.buf : "", fails ? ", " : "",
		(long long)journal_seq(s->journal),
		session_onlookers(s, NULL) ? ", others look on" : "",
		mirrored && !fails ? ", " : "", fails ? "" : words.buf, hosts.buf);
	str_release(&hosts);
	str_release(&words);
}

void
mirroring_left(const struct session *s, struct str *out)
{
	struct mirror_state st;

	if (!s->mirroring)
		return;
	st = state_of(s);
	if (st.how == MIRROR_TAKEN || (st.how != MIRROR_ALARM && st.sent >= st.last))
		return;
	str_addf(out, "%s", out->len ? "; " : "");
	if (st.how == MIRROR_ALARM)
		str_addf(out, "%s", st.why);
	else
		str_addf(out,
			"%lld record%s not in the store yet%s%s (handrail store send, or "
			"tick, sends what is missing)",
			(long long)(st.last - st.sent), st.last - st.sent == 1 ? "" : "s",
			*st.why ? ": " : "", st.why);
}

/* ---- made and left -------------------------------------------------------------------------- */

/* The password of the store is one of the secrets of the run. */
static void
hide_password(struct session *s, const char *service)
{
	struct pairs all = {0};
	struct err ignored = ERR_INIT; /* too short to be hidden, or there is none */
	const char *password;

	password = pgservice_read(service, &all, &ignored) ? pairs_get(&all, "password")
							   : NULL;
	if (password &&
		!redact_add(s->redact, store, password, strlen(password), &ignored))
		err_init(&ignored);
	for (size_t i = 0; i < all.list.len; i++) {
		mem_free(all.list.at[i].key);
		mem_wipe_free(all.list.at[i].value, strlen(all.list.at[i].value));
	}
	vec_free(&all.list);
}

void
mirroring_start(struct session *s)
{
	const char *service = mirroring_service(s->project);

	if (!service || s->mode != RUN_LIVE || s->onlooking)
		return;
	hide_password(s, service);
	s->mirroring = mem_alloc(sizeof *s->mirroring);
	s->mirroring->s = s;
	s->mirroring->m = mirror_new(&(struct mirror_opts){.loop = s->loop,
		.http = s->http,
		.service = service,
		.run = journal_run(s->journal),
		.cons = s->cons.buf,
		.run_dir = s->dir,
		.on_state = changed,
		.on_lost = lost,
		.ctx = s});
	if (journal_seq(s->journal) >= 0)
		mirroring_event(s);
}

void
mirroring_event(struct session *s)
{
	if (!s->mirroring)
		return;
	mirror_tell(s->mirroring->m, s->dir, journal_seq(s->journal));
	/* It may have gone before the run was open, when there was no record to tell. */
	if (!s->mirroring->told && session_store_fails(s))
		tell_state(s);
}

bool
mirroring_busy(const struct session *s)
{
	struct mirror_state st;

	if (!s->mirroring)
		return false;
	st = state_of(s);
	return st.how == MIRROR_CONNECTING ||
		((st.how == MIRROR_BEHIND || st.how == MIRROR_LEVEL) &&
			st.sent < st.last);
}

void
mirroring_release(struct session *s)
{
	if (!s->mirroring)
		return;
	mirror_free(s->mirroring->m);
	mem_free(s->mirroring->told);
	mem_free(s->mirroring);
	s->mirroring = NULL;
}
