#include "live/logs.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "live/assemble.h"
#include "live/journalrec.h"
#include "live/logparse.h"

enum {
	REACH_LINES = 4096,       /* how far back a line is still put into its place */
	AHEAD_MS = 5 * 60 * 1000, /* a time further in the future is no time */
	COARSE_MS = 1500,
	SURE_MS = 100,
	JOURNAL_BYTES = 1024 * 1024,
	SAMPLES = 16,
	SECOND_MS = 1000,
	MINUTE_MS = 60 * 1000,
	ESC = 0x1b,
};

struct source {
	struct logs_source told;
	struct logs *logs;
	size_t index;
	char *name, *host, *why;
	struct assemble assemble;
	int zone_min;
	int64_t ahead_ms;      /* of its clock, as seen from here */
	const struct now *now; /* during a feed */
	/* the last line that was no continuation */
	int64_t head_ms;
	enum loglevel head_level;
	bool head_timed, head_late;
	bool in_trace;         /* the last line was indented below it */
	struct str stamp;      /* of the last line, as its source wrote it */
	unsigned stamp_lines;  /* how many had it */
	unsigned skip;         /* of them, to be left out after a resume */
	struct str skip_stamp; /* the stamp they had */
};

struct sample {
	int64_t mono_ms;
	uint64_t end;
};

struct logs {
	struct logs_opts o;
	struct logstore *store;
	struct source own; /* of sentences without a source */
	VEC_OF(struct source *) sources;
	struct sample samples[SAMPLES]; /* oldest first */
	size_t sample_count;
	uint64_t settled;
	int64_t error_minute; /* of the newest bucket */
	unsigned errors[LOGS_MINUTES];
	struct str plain, clean, redacted; /* scratch of one line */
};

struct logs *
logs_new(const struct logs_opts *o)
{
	struct logs *l = mem_alloc(sizeof *l);

	l->o = *o;
	l->store = logstore_new(o->max_lines ? o->max_lines : LOGS_LINES,
		o->max_bytes ? o->max_bytes : LOGS_BYTES);
	l->own = (struct source){.logs = l, .index = UINT16_MAX};
	l->plain = l->clean = l->redacted = STR_INIT;
	return l;
}

static void
source_free(struct source *s)
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

/* ---- one line ---- */

static void
count_error(struct logs *l, int64_t at_ms)
{
	int64_t minute = at_ms / MINUTE_MS;

	if (minute <= l->error_minute - LOGS_MINUTES)
		return;
	for (; l->error_minute < minute; l->error_minute++) {
		if (minute - l->error_minute > LOGS_MINUTES)
			l->error_minute = minute - LOGS_MINUTES;
		l->errors[(l->error_minute + 1) % LOGS_MINUTES] = 0;
	}
	l->errors[minute % LOGS_MINUTES]++;
}

static void
insert(struct logs *l, struct source *s, struct logline line,
	const struct logstore_bytes *raw)
{
	struct logstore_bytes text = {l->clean.buf, l->clean.len};
	uint64_t seq = logstore_place(l->store, &line, REACH_LINES);
	bool same = raw && raw->len == text.len && memcmp(raw->p, text.p, text.len) == 0;
	bool inside = seq < logstore_end(l->store);

	if (!(line.flags & LOGLINE_CONTINUES))
		s->head_late = seq < l->settled;
	if (s->head_late && seq < l->settled && !(line.flags & LOGLINE_NOTE)) {
		line.flags |= LOGLINE_LATE;
		s->told.late++;
	}
	if (!(line.flags & LOGLINE_NOTE) && !(line.flags & LOGLINE_CONTINUES) &&
		line.level >= LOGLEVEL_ERROR)
		count_error(l, line.at_ms);
	logstore_insert(l->store, seq, line, &text, raw && !same ? raw : NULL);
	if (!inside)
		return;
	if (seq < l->settled)
		l->settled++;
	for (size_t i = 0; i < l->sample_count; i++) {
		if (seq < l->samples[i].end)
			l->samples[i].end++;
	}
	if (l->o.inserted)
		l->o.inserted(l->o.ctx, seq);
}

/* Colours of a terminal are no contents; all else that is no text becomes visible. */
static void
without_colours(const char *p, size_t len, struct str *out)
{
	str_reset(out);
	while (len > 0) {
		const char *esc = memchr(p, ESC, len);
		size_t n = esc ? (size_t)(esc - p) : len, at = n + 2;

		str_add(out, p, n);
		if (!esc)
			return;
		while (at < len && ((p[at] >= '0' && p[at] <= '9') || p[at] == ';'))
			at++;
		if (n + 1 < len && p[n + 1] == '[' && at < len && p[at] == 'm') {
			n = at + 1;
		} else {
			str_add(out, p + n, 1);
			n++;
		}
		p += n;
		len -= n;
	}
}

static void
make_clean(struct logs *l, const char *p, size_t len)
{
	str_reset(&l->clean);
	if (memchr(p, ESC, len)) {
		without_colours(p, len, &l->plain);
		p = l->plain.buf;
		len = l->plain.len;
	}
	text_harmless(&l->clean, p, len, TEXT_ONE_LINE);
}

/* A line without a time, in a log whose lines have one, goes on with the line before. */
static bool
goes_on(const struct source *s, const struct logparse *p)
{
	return s->told.lines > 0 && !p->timed && (p->continues || s->head_timed);
}

/* The last line of a trace of Python or Java: "ValueError: no such thing", "a.b.NoMore". */
static bool
ends_trace(const struct source *s, const struct str *line, const struct logparse *p)
{
	const char *word = line->buf;
	size_t len = strcspn(word, " :");

	if (!s->in_trace || p->timed || p->level != LOGLEVEL_NONE || len == 0)
		return false;
	return (word[len] == ':' || word[len] == '\0') &&
		((*word >= 'A' && *word <= 'Z') || memchr(word, '.', len));
}

struct said { /* what the way a line came says of it */
	bool timed, continues;
	struct wall at;
	enum loglevel level;
	int64_t offset;
	size_t cut;
};

static void
place_line(struct source *s, const struct logparse *p, struct logline *line)
{
	int64_t ahead = s->told.offset_known ? s->told.offset_ms : 0;

	line->level = (uint8_t)p->level;
	line->at_ms = s->now->wall.ms;
	if (goes_on(s, p)) {
		line->flags |= LOGLINE_CONTINUES;
		line->at_ms = s->head_ms;
		line->level = (uint8_t)s->head_level;
		return;
	}
	if (p->timed && p->at.ms - ahead <= s->now->wall.ms + AHEAD_MS)
		line->at_ms = p->at.ms - ahead;
	else
		line->flags |= LOGLINE_UNTIMED;
	/* A time in whole seconds is not before the line above that has more digits. */
	if (p->timed && p->at.ms % SECOND_MS == 0 && line->at_ms < s->head_ms &&
		line->at_ms + SECOND_MS > s->head_ms)
		line->at_ms = s->head_ms;
	s->head_ms = line->at_ms;
	s->head_level = p->level;
	s->head_timed = p->timed;
}

static void
add_line(struct source *s, const char *p, size_t len, const struct said *said)
{
	struct logs *l = s->logs;
	struct logtime_ref ref = {s->now->wall, s->zone_min};
	struct logline line = {.offset = said->offset, .source = (uint16_t)s->index};
	struct logstore_bytes raw = {p, len};
	struct logparse parse;

	if (l->o.redact && redact_count(l->o.redact) > 0) {
		str_reset(&l->redacted);
		redact_text(l->o.redact, p, len, &l->redacted);
		raw = (struct logstore_bytes){l->redacted.buf, l->redacted.len};
		if (raw.len > ASSEMBLE_LINE_BYTES)
			raw.len = ASSEMBLE_LINE_BYTES;
	}
	make_clean(l, raw.p, raw.len);
	logparse_line(l->clean.buf, l->clean.len, &ref, &parse);
	if (ends_trace(s, &l->clean, &parse) || said->continues)
		parse.continues = true;
	s->in_trace = parse.continues && l->clean.buf[0] == ' ';
	/* The stamp of a line that goes on is of its writing; it belongs to the one above. */
	if (said->timed && !(parse.continues && s->told.lines > 0)) {
		parse.timed = true;
		parse.at = said->at;
	}
	if (said->level != LOGLEVEL_NONE)
		parse.level = said->level;
	if (said->cut > 0)
		line.flags |= LOGLINE_CUT;
	place_line(s, &parse, &line);
	s->told.lines++;
	s->told.cut_bytes += said->cut;
	s->told.lined = s->now->mono;
	insert(l, s, line, &raw);
}

/* ---- the kinds of sources ---- */

/* After a resume a source sends again what had the last stamp. */
static bool
came_already(struct source *s, const char *stamp, size_t len)
{
	bool same = s->stamp.len == len && memcmp(s->stamp.buf, stamp, len) == 0;

	if (s->skip > 0) {
		if (s->skip_stamp.len == len &&
			memcmp(s->skip_stamp.buf, stamp, len) == 0) {
			s->skip--;
			return true;
		}
		s->skip = 0;
	}
	s->stamp_lines = same ? s->stamp_lines + 1 : 1;
	if (!same) {
		str_reset(&s->stamp);
		str_add(&s->stamp, stamp, len);
	}
	return false;
}

static void
stamped_line(struct source *s, const struct assemble_line *line)
{
	struct logtime_ref ref = {s->now->wall, 0};
	struct said said = {.offset = -1, .cut = line->cut};
	const char *blank = memchr(line->text, ' ', line->len);
	size_t stamp = blank ? (size_t)(blank - line->text) : line->len;
	size_t used = logtime_read(line->text, stamp, &ref, &said.at);

	said.timed = used == stamp && used > 0;
	if (!said.timed) { /* a complaint of the tool itself */
		add_line(s, line->text, line->len, &said);
		return;
	}
	if (came_already(s, line->text, stamp))
		return;
	if (blank)
		stamp++;
	add_line(s, line->text + stamp, line->len - stamp, &said);
}

/* What a service writes to its output has the level "info" in the journal, whatever the
 * line itself says. */
static enum loglevel
journal_level(struct source *s, const struct journalrec *r)
{
	struct logtime_ref ref = {s->now->wall, s->zone_min};
	struct logparse p;

	if (r->level != LOGLEVEL_INFO)
		return r->level;
	logparse_line(r->message.buf, strcspn(r->message.buf, "\n"), &ref, &p);
	return p.level != LOGLEVEL_NONE ? p.level : r->level;
}

static void
journal_line(struct source *s, const struct assemble_line *line)
{
	struct said said = {.offset = -1, .timed = true};
	struct journalrec r;
	const char *p;
	size_t left;

	if (!journalrec_read(line->text, line->len, &r)) {
		said.timed = false;
		said.cut = line->cut;
		if (line->len > ASSEMBLE_LINE_BYTES)
			said.cut += line->len - ASSEMBLE_LINE_BYTES;
		add_line(s, line->text, line->len + line->cut - said.cut, &said);
		return;
	}
	str_reset(&s->stamp);
	str_add(&s->stamp, r.cursor.buf, r.cursor.len);
	said.at = r.at;
	said.level = journal_level(s, &r);
	p = r.message.buf;
	left = r.message.len;
	do {
		const char *lf = memchr(p, '\n', left);
		size_t n = lf ? (size_t)(lf - p) : left;

		said.cut = n > ASSEMBLE_LINE_BYTES ? n - ASSEMBLE_LINE_BYTES : 0;
		add_line(s, p, n - said.cut, &said);
		said.continues = true;
		p += lf ? n + 1 : n;
		left -= lf ? n + 1 : n;
	} while (left > 0);
	journalrec_release(&r);
}

static void
on_line(void *ctx, const struct assemble_line *line)
{
	struct source *s = ctx;
	struct said said = {.offset = line->offset, .cut = line->cut};

	switch (s->told.kind) {
	case LOGS_TEXT:
		add_line(s, line->text, line->len, &said);
		break;
	case LOGS_STAMPED:
		stamped_line(s, line);
		break;
	case LOGS_JOURNAL:
		journal_line(s, line);
		break;
	}
}

/* ---- sources ---- */

size_t
logs_add(struct logs *l, enum logs_kind kind, const char *name, const char *host)
{
	struct source *s = mem_alloc(sizeof *s);

	s->logs = l;
	s->index = l->sources.len;
	s->name = mem_strdup(name);
	s->host = mem_strdup(host);
	s->why = mem_strdup("");
	s->stamp = s->skip_stamp = STR_INIT;
	s->told = (struct logs_source){
		.name = s->name, .host = s->host, .kind = kind, .why = s->why};
	assemble_init(&s->assemble, on_line, s);
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
	struct source *s = l->sources.at[source];

	s->now = now;
	s->told.heard = now->mono;
	assemble_feed(&s->assemble, p, len);
	s->now = NULL;
}

void
logs_flush(struct logs *l, size_t source, const struct now *now)
{
	struct source *s = l->sources.at[source];

	s->now = now;
	assemble_flush(&s->assemble);
	s->now = NULL;
}

/* The way from there to here only ever makes a clock look behind: the largest is nearest
 * to the truth. */
void
logs_beat(struct logs *l, size_t source, const struct logs_beat *b, const struct now *now)
{
	struct source *s = l->sources.at[source];
	int64_t ahead = b->host_ms - now->wall.ms;

	s->told.heard = now->mono;
	if (b->host_ms == 0)
		return;
	s->zone_min = b->zone_min;
	if (b->coarse && ahead > -COARSE_MS && ahead < COARSE_MS)
		ahead = 0;
	if (!s->told.offset_known || ahead > s->ahead_ms ||
		s->ahead_ms - ahead > AHEAD_MS)
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
	struct source *s = l->sources.at[source];

	mem_free(s->why);
	s->why = text_harmless_dup(why ? why : "");
	s->told.why = s->why;
	if (s->told.state != state)
		s->told.state_since = now->wall;
	s->told.state = state;
	s->told.heard = now->mono;
}

static void
add_note(struct source *s, const char *sentence, const struct now *now)
{
	struct logs *l = s->logs;
	struct logline line = {.at_ms = now->wall.ms,
		.offset = -1,
		.source = (uint16_t)s->index,
		.flags = LOGLINE_NOTE};

	make_clean(l, sentence, strlen(sentence));
	insert(l, s, line, NULL);
}

void
logs_note(struct logs *l, size_t source, const char *sentence, const struct now *now)
{
	add_note(l->sources.at[source], sentence, now);
}

void
logs_say(struct logs *l, const char *sentence, const struct now *now)
{
	add_note(&l->own, sentence, now);
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
	struct source *s = l->sources.at[source];

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
	else if (l->sample_count < SAMPLES &&
		(l->sample_count == 0 ||
			now->mono.ms - l->samples[l->sample_count - 1].mono_ms >=
				l->o.hold_ms / (SAMPLES - 1)))
		l->samples[l->sample_count++] = (struct sample){
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
	int64_t last = now.ms / MINUTE_MS;

	for (int64_t i = 0; i < LOGS_MINUTES; i++) {
		int64_t minute = last - LOGS_MINUTES + 1 + i;
		bool kept = minute <= l->error_minute &&
			minute > l->error_minute - LOGS_MINUTES && minute >= 0;

		out[i] = kept ? l->errors[minute % LOGS_MINUTES] : 0;
	}
}
