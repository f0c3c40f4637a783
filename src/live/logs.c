#include "live/logs.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "live/logsinner.h"

enum {
	COARSE_MS = 1500,
	SURE_MS = 100,
	JOURNAL_BYTES = 1024 * 1024,
};

struct logs *
logs_new(const struct logs_opts *o)
{
	struct logs *l = mem_alloc(sizeof *l);

	l->o = *o;
	l->store = logstore_new(o->max_lines ? o->max_lines : LOGS_LINES,
		o->max_bytes ? o->max_bytes : LOGS_BYTES);
	l->own = (struct logs_feeder){.logs = l, .index = UINT16_MAX};
	l->plain = l->clean = l->redacted = STR_INIT;
	l->redact = o->redact ? redact_stream_new(o->redact) : NULL;
	return l;
}

static void
source_free(struct logs_feeder *s)
{
	mem_free(s->name);
	mem_free(s->host);
	mem_free(s->why);
	assemble_release(&s->assemble);
	str_release(&s->stamp);
	str_release(&s->skip_stamp);
	mem_free(s);
}

void
logs_free(struct logs *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->sources.len; i++)
		source_free(l->sources.at[i]);
	vec_free(&l->sources);
	logstore_free(l->store);
	str_release(&l->plain);
	str_release(&l->clean);
	str_release(&l->redacted);
	redact_stream_free(l->redact);
	mem_free(l);
}

const struct logstore *
logs_store(const struct logs *l)
{
	return l->store;
}

size_t
logs_sources(const struct logs *l)
{
	return l->sources.len;
}

const struct logs_source *
logs_source(const struct logs *l, size_t source)
{
	return &l->sources.at[source]->told;
}

/* ---- sources ---- */

size_t
logs_add(struct logs *l, enum logs_kind kind, const char *name, const char *host)
{
	struct logs_feeder *s = mem_alloc(sizeof *s);

	s->logs = l;
	s->index = l->sources.len;
	s->name = mem_strdup(name);
	s->host = mem_strdup(host);
	s->why = mem_strdup("");
	s->stamp = s->skip_stamp = STR_INIT;
	s->told = (struct logs_source){
		.name = s->name, .host = s->host, .kind = kind, .why = s->why};
	assemble_init(&s->assemble, logs_line_came, s);
	if (kind == LOGS_JOURNAL) /* its lines hold more than the message */
		s->assemble.limit = JOURNAL_BYTES;
	vec_push(&l->sources, s);
	return s->index;
}

void
logs_begin(struct logs *l, size_t source, int64_t offset)
{
	assemble_begin(&l->sources.at[source]->assemble, offset);
}

void
logs_feed(struct logs *l, size_t source, const char *p, size_t len, const struct now *now)
{
	struct logs_feeder *s = l->sources.at[source];

	s->now = now;
	s->told.heard = now->mono;
	assemble_feed(&s->assemble, p, len);
	s->now = NULL;
}

void
logs_flush(struct logs *l, size_t source, const struct now *now)
{
	struct logs_feeder *s = l->sources.at[source];

	s->now = now;
	assemble_flush(&s->assemble);
	s->now = NULL;
}

/* The way from there to here only ever makes a clock look behind: the largest is nearest
 * to the truth. */
void
logs_beat(struct logs *l, size_t source, const struct logs_beat *b, const struct now *now)
{
	struct logs_feeder *s = l->sources.at[source];
	int64_t ahead = b->host_ms - now->wall.ms;

	s->told.heard = now->mono;
	if (b->host_ms == 0)
		return;
	s->zone_min = b->zone_min;
	if (b->coarse && ahead > -COARSE_MS && ahead < COARSE_MS)
		ahead = 0;
	if (!s->told.offset_known || ahead > s->ahead_ms ||
		s->ahead_ms - ahead > LOGS_AHEAD_MS)
		s->ahead_ms = ahead;
	/* Less than that may just be the way. */
	s->told.offset_ms = s->ahead_ms > -SURE_MS && s->ahead_ms < SURE_MS ? 0
									    : s->ahead_ms;
	s->told.offset_known = true;
}

void
logs_tell(struct logs *l, size_t source, enum logs_state state, const char *why,
	const struct now *now)
{
	struct logs_feeder *s = l->sources.at[source];

	mem_free(s->why);
	s->why = text_harmless_dup(why ? why : "");
	s->told.why = s->why;
	if (s->told.state != state)
		s->told.state_since = now->wall;
	s->told.state = state;
	s->told.heard = now->mono;
}

void
logs_note(struct logs *l, size_t source, const char *sentence, const struct now *now)
{
	logs_line_note(l->sources.at[source], sentence, now);
}

void
logs_say(struct logs *l, const char *sentence, const struct now *now)
{
	logs_line_note(&l->own, sentence, now);
}

void
logs_gap(struct logs *l, size_t source, uint64_t bytes)
{
	l->sources.at[source]->told.gaps++;
	l->sources.at[source]->told.lost_bytes += bytes;
}

void
logs_mark(struct logs *l, uint64_t seq)
{
	logstore_mark(l->store, seq);
}

int64_t
logs_offset(const struct logs *l, size_t source)
{
	return assemble_resume(&l->sources.at[source]->assemble);
}

const char *
logs_resume(struct logs *l, size_t source)
{
	struct logs_feeder *s = l->sources.at[source];

	assemble_begin(&s->assemble, 0);
	s->skip = s->stamp_lines;
	str_reset(&s->skip_stamp);
	str_add(&s->skip_stamp, s->stamp.buf, s->stamp.len);
	return s->stamp.buf;
}

/* ---- as time goes by ---- */

uint64_t
logs_settled(struct logs *l, const struct now *now)
{
	size_t ripe = 0;

	while (ripe < l->sample_count &&
		l->samples[ripe].mono_ms + l->o.hold_ms <= now->mono.ms)
		l->settled = l->samples[ripe++].end;
	memmove(l->samples, l->samples + ripe,
		(l->sample_count - ripe) * sizeof *l->samples);
	l->sample_count -= ripe;
	if (l->o.hold_ms == 0)
		l->settled = logstore_end(l->store);
	else if (l->sample_count < LOGS_SAMPLES &&
		(l->sample_count == 0 ||
			now->mono.ms - l->samples[l->sample_count - 1].mono_ms >=
				l->o.hold_ms / (LOGS_SAMPLES - 1)))
		l->samples[l->sample_count++] = (struct logs_sample){
			now->mono.ms, logstore_end(l->store)};
	return l->settled;
}

enum logs_state
logs_state_now(const struct logs_source *s, struct mono now)
{
	if (s->state == LOGS_LIVE && now.ms - s->heard.ms > LOGS_STALE_MS)
		return LOGS_STALE;
	return s->state;
}

const char *
logs_state_name(enum logs_state s)
{
	static const char *const names[] = {
#define X(id, name) name,
		LOGS_STATES(X)
#undef X
	};

	return names[s];
}

void
logs_errors(const struct logs *l, struct wall now, unsigned out[LOGS_MINUTES])
{
	int64_t last = now.ms / LOGS_MINUTE_MS;

	for (int64_t i = 0; i < LOGS_MINUTES; i++) {
		int64_t minute = last - LOGS_MINUTES + 1 + i;
		bool kept = minute <= l->error_minute &&
			minute > l->error_minute - LOGS_MINUTES && minute >= 0;

		out[i] = kept ? l->errors[minute % LOGS_MINUTES] : 0;
	}
}
