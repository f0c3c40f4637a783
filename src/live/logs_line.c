#include <string.h>

#include "base/text.h"
#include "live/journalrec.h"
#include "live/logparse.h"
#include "live/logsinner.h"

enum {
	REACH_LINES = 4096, /* how far back a line is still put into its place */
	SECOND_MS = 1000,
	ESC = 0x1b,
};

/* ---- one line ---- */

static void
count_error(struct logs *l, int64_t at_ms)
{
	int64_t minute = at_ms / LOGS_MINUTE_MS;

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
insert(struct logs_feeder *s, struct logline *line, const struct logstore_bytes *text,
	const struct logstore_bytes *raw)
{
	struct logs *l = s->logs;
	uint64_t seq = logstore_place(l->store, line, REACH_LINES);
	bool same = raw && raw->len == text->len &&
		(raw->p == text->p || memcmp(raw->p, text->p, text->len) == 0);
	bool inside = seq < logstore_end(l->store);

	if (!(line->flags & LOGLINE_CONTINUES))
		s->head_late = seq < l->settled;
	if (s->head_late && seq < l->settled && !(line->flags & LOGLINE_NOTE)) {
		line->flags |= LOGLINE_LATE;
		s->told.late++;
	}
	if (!(line->flags & LOGLINE_NOTE) && !(line->flags & LOGLINE_CONTINUES) &&
		line->level >= LOGLEVEL_ERROR)
		count_error(l, line->at_ms);
	logstore_insert(l->store, seq, line, text, raw && !same ? raw : NULL);
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

/* Mostly the bytes themselves; else what it makes of them lies in `clean`. */
static struct logstore_bytes
make_clean(struct logs *l, const char *p, size_t len)
{
	if (text_is_plain(p, len))
		return (struct logstore_bytes){p, len};
	str_reset(&l->clean);
	if (memchr(p, ESC, len)) {
		without_colours(p, len, &l->plain);
		p = l->plain.buf;
		len = l->plain.len;
	}
	text_harmless(&l->clean, p, len, TEXT_ONE_LINE);
	return (struct logstore_bytes){l->clean.buf, l->clean.len};
}

/* A line without a time, in a log whose lines have one, goes on with the line before. */
static bool
goes_on(const struct logs_feeder *s, const struct logparse *p)
{
	return s->told.lines > 0 && !p->timed && (p->continues || s->head_timed);
}

/* The last line of a trace of Python or Java: "ValueError: no such thing", "a.b.NoMore". */
static bool
ends_trace(const struct logs_feeder *s, const struct logstore_bytes *line,
	const struct logparse *p)
{
	const char *word = line->p;
	size_t len = 0;

	if (!s->in_trace || p->timed || p->level != LOGLEVEL_NONE)
		return false;
	while (len < line->len && word[len] != ' ' && word[len] != ':')
		len++;
	return len > 0 && (len == line->len || word[len] == ':') &&
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
place_line(struct logs_feeder *s, const struct logparse *p, struct logline *line)
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
	if (p->timed && p->at.ms - ahead <= s->now->wall.ms + LOGS_AHEAD_MS)
		line->at_ms = p->at.ms - ahead;
	else
		line->flags |= LOGLINE_UNTIMED;
	/* A time in whole seconds is not before the line above that has more digits. */
	if (p->timed && line->at_ms < s->head_ms &&
		line->at_ms + SECOND_MS > s->head_ms && p->at.ms % SECOND_MS == 0)
		line->at_ms = s->head_ms;
	s->head_ms = line->at_ms;
	s->head_level = p->level;
	s->head_timed = p->timed;
}

static struct logstore_bytes
without_secrets(struct logs_feeder *s, struct logstore_bytes line)
{
	struct logs *l = s->logs;

	str_reset(&l->redacted);
	redact_line(l->redact, line.p, line.len, &s->key_lines, &l->redacted);
	return (struct logstore_bytes){l->redacted.buf,
		l->redacted.len < ASSEMBLE_LINE_BYTES ? l->redacted.len
						      : ASSEMBLE_LINE_BYTES};
}

/* Without its colours a secret may stand there that they had torn apart: then it is taken
 * out, and the line is kept without them. */
static bool
torn(struct logs *l, struct logstore_bytes *text)
{
	unsigned key_lines = 0;

	str_reset(&l->plain);
	redact_line(l->redact, text->p, text->len, &key_lines, &l->plain);
	if (l->plain.len == text->len && memcmp(l->plain.buf, text->p, text->len) == 0)
		return false;
	*text = (struct logstore_bytes){l->plain.buf, l->plain.len};
	return true;
}

static void
add_line(struct logs_feeder *s, const char *p, size_t len, const struct said *said)
{
	struct logs *l = s->logs;
	struct logtime_ref ref = {s->now->wall, s->zone_min, &s->memo};
	struct logline line = {.offset = said->offset, .source = (uint16_t)s->index};
	struct logstore_bytes raw = {p, len}, text;
	struct logparse parse;

	if (l->redact)
		raw = without_secrets(s, raw);
	text = make_clean(l, raw.p, raw.len);
	if (l->redact && memchr(raw.p, ESC, raw.len) && torn(l, &text))
		raw = text;
	logparse_line(text.p, text.len, &ref, &parse);
	if (ends_trace(s, &text, &parse) || said->continues)
		parse.continues = true;
	s->in_trace = parse.continues && text.len > 0 && text.p[0] == ' ';
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
	insert(s, &line, &text, &raw);
}

/* ---- the kinds of sources ---- */

/* After a resume a source sends again what had the last stamp. */
static bool
came_already(struct logs_feeder *s, const char *stamp, size_t len)
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
stamped_line(struct logs_feeder *s, const struct assemble_line *line)
{
	struct logtime_ref ref = {s->now->wall, 0, &s->memo};
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
journal_level(struct logs_feeder *s, const struct journalrec *r)
{
	struct logtime_ref ref = {s->now->wall, s->zone_min, &s->memo};
	struct logparse p;

	if (r->level != LOGLEVEL_INFO)
		return r->level;
	logparse_line(r->message.buf, strcspn(r->message.buf, "\n"), &ref, &p);
	return p.level != LOGLEVEL_NONE ? p.level : r->level;
}

static void
journal_line(struct logs_feeder *s, const struct assemble_line *line)
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

void
logs_line_came(void *ctx, const struct assemble_line *line)
{
	struct logs_feeder *s = ctx;
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

void
logs_line_note(struct logs_feeder *s, const char *sentence, const struct now *now)
{
	struct logstore_bytes text = make_clean(s->logs, sentence, strlen(sentence));
	struct logline line = {.at_ms = now->wall.ms,
		.offset = -1,
		.source = (uint16_t)s->index,
		.flags = LOGLINE_NOTE};

	insert(s, &line, &text, NULL);
}
