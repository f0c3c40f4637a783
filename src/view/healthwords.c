#include "view/healthwords.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "model/expect.h"
#include "view/scene.h"
#include "view/spark.h"
#include "view/strip.h"

enum {
	HOUR_MS = 3600 * 1000,
	DAY_MS = 24 * HOUR_MS,
	TREND_MS = 5 * 60 * 1000,
	TREND_LEAST_MS = 60 * 1000, /* looked at */
	SPARK_MOST = 160,
};

/* Of the scale, so much each minute is worth a word; and so many milliseconds. */
static const double worth_telling = 0.05, worth_ms = 5;

const char *
healthwords_span(int64_t ms, char out[STAMP_BYTES])
{
	size_t len;

	if (ms < 60 * 1000) {
		snprintf(out, STAMP_BYTES, "%d s", ms > 0 ? (int)(ms / 1000) : 0);
		return out;
	}
	stamp_duration(ms, out);
	len = strlen(out);
	if (len > 3 && strncmp(out + len - 3, "00", 2) == 0)
		out[len - 3] = '\0';
	return out;
}

/* "14m" of "14m30s": where the second part hardly matters any more. */
static void
roughen(char *text)
{
	size_t big = strcspn(text, "mhd");

	if (big > 1 && strlen(text) > big + 2)
		text[big + 1] = '\0';
}

static const char *
rough_span(int64_t ms, char out[STAMP_BYTES])
{
	healthwords_span(ms, out);
	roughen(out);
	return out;
}

static const char *
duration_text(int64_t ms, char out[STAMP_BYTES])
{
	stamp_duration(ms, out);
	if (ms >= 60 * 1000)
		roughen(out);
	return out;
}

/* ---- numbers ---- */

static enum expect_family
family_of(const struct board_shown *s)
{
	char field[32];
	enum expect_field f;
	const char *unit = "";
	double number;

	if (*s->unit)
		return expect_family(s->unit, NULL);
	if (*s->value && expect_number(s->value, &number, &unit) && *unit)
		return expect_family(unit, NULL);
	snprintf(field, sizeof field, "%.*s", (int)strcspn(s->field, " "), s->field);
	if (expect_field_find(field, &f))
		return expect_family(expect_field_info(f)->unit, NULL);
	return EXPECT_PLAIN;
}

static void
bytes_text(double n, struct str *out)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	size_t u = 0;

	while (fabs(n) >= 1024 && u + 1 < sizeof units / sizeof *units) {
		n /= 1024;
		u++;
	}
	str_addf(out, "%.3g %s", n, units[u]);
}

void
healthwords_number(const struct board_shown *s, double number, bool took, struct str *out)
{
	char text[STAMP_BYTES];

	switch (took ? EXPECT_DURATION : family_of(s)) {
	case EXPECT_DURATION:
		str_adds(out, duration_text((int64_t)llround(number), text));
		break;
	case EXPECT_BYTES:
		bytes_text(number, out);
		break;
	case EXPECT_PERCENT:
		str_addf(out, "%.3g%%", number);
		break;
	case EXPECT_PLAIN:
		str_addf(out, fabs(number) < 1000 ? "%.3g" : "%.0f", number);
		break;
	}
}

/* "41 ms" beside "43 ms" is "41". */
static void
drop_unit(struct str *text, const char *beside)
{
	const char *unit = strpbrk(text->buf, " %"), *same = strpbrk(beside, " %");

	if (unit && same && strcmp(unit, same) == 0)
		str_cut(text, (size_t)(unit - text->buf));
}

static void
value_text(const struct board_shown *s, struct str *out)
{
	size_t len = strlen(s->value), unit = strlen(s->unit);

	str_adds(out, s->value);
	if (len >= unit && strcmp(s->value + len - unit, s->unit) == 0)
		return; /* it says so itself, or there is none */
	str_addf(out, "%s%s", strcmp(s->unit, "%") ? " " : "", s->unit);
}

/* ---- state ---- */

/* The number on the screen was measured, is fresh and was found good. */
static bool
is_good(const struct board_shown *s)
{
	return (s->state == VITAL_OK || s->state == VITAL_WARN) && *s->value;
}

static void
state_words(struct healthwords *w, struct now now)
{
	const struct board_shown *s = &w->shown;
	struct wall since = s->since;
	char text[STAMP_BYTES];

	str_adds(&w->state, vital_state_name(s->state));
	if (s->k > 1 && s->n > 0 && s->state == VITAL_FAIL)
		str_addf(&w->state, " %d/%d", s->n, s->k);
	if (s->state == VITAL_OFF || s->skipped != NONE)
		return;
	if (s->state == VITAL_MUTED && s->mute) {
		str_addf(&w->since, "to %s", stamp_clock(s->mute->until, text));
		return;
	}
	if (s->state == VITAL_STALE) {
		if (s->age_ms >= 0)
			str_adds(&w->since, healthwords_span(s->age_ms, text));
		return;
	}
	if (since.ms == 0)
		return;
	if (since.ms < s->seen_since.ms)
		str_addc(&w->since, '~');
	str_adds(&w->since, healthwords_span(now.wall.ms - since.ms, text));
}

static void
now_words(const struct board *b, struct healthwords *w)
{
	const struct board_shown *s = &w->shown;

	w->good = is_good(s);
	if (w->good)
		value_text(s, &w->now);
	else if (s->skipped != NONE)
		board_skipped_words(b, s, &w->now);
	else if (s->state == VITAL_STALE)
		str_adds(&w->now, s->age_ms < 0 ? "no answer yet" : "no new answer");
	else if (*s->message)
		str_adds(&w->now, s->message);
	else
		str_adds(&w->now,
			s->under_way              ? "being looked at"
				: s->every_ms > 0 ? "not looked at yet"
						  : "not looked at");
}

/* ---- over time ---- */

static void
up_words(const struct vital *v, struct now now, struct str *out)
{
	struct vital_up up;
	char ago[16];

	vital_up(v, now, DAY_MS, &up);
	if (up.permille < 0)
		return;
	str_addf(out, "up %d", up.permille / 10);
	if (up.permille % 10)
		str_addf(out, ".%d", up.permille % 10);
	str_addf(out, "%% %s", scene_ago(up.from, now.wall, ago));
}

static void
spread_words(const struct vital *v, struct healthwords *w, struct now now)
{
	const struct board_shown *s = &w->shown;
	struct vital_spread spread;

	vital_spread(v, now, HOUR_MS, &spread);
	if (spread.count > 1) {
		healthwords_number(s, spread.p50, spread.took, &w->p50);
		healthwords_number(s, spread.p95, spread.took, &w->p95);
		drop_unit(&w->p95, w->p50.buf);
		drop_unit(&w->p50, w->good ? w->now.buf : "");
	}
	if (s->has_limit && !spread.took) {
		str_adds(&w->edge, "limit ");
		healthwords_number(s, s->limit, false, &w->edge);
	} else {
		up_words(v, now, &w->edge);
	}
}

static double
full_of(const struct board_shown *s, const struct vital_spread *spread)
{
	if (s->has_limit && !spread->took && s->limit > 0 && *s->want != '>')
		return s->limit;
	/* twice: the usual is the middle, so that more and less are both seen */
	return spread->p95 > 0 ? spread->p95 * 2 : 1;
}

static enum spark_kind
kind_of(const struct vital_sample *m, bool took)
{
	if (m->answer == VITAL_GAP)
		return SPARK_PAUSED;
	if (m->answer == VITAL_SILENT ||
		(!m->has_number && (!took || m->answer == VITAL_UNSURE)))
		return SPARK_SILENT;
	return SPARK_NUMBER;
}

void
healthwords_spark(const struct board *b, int item, int cells, bool ascii, struct str *out,
	struct str *span)
{
	const struct vital *v = board_vital(b, item);
	size_t n = vital_samples(v), first;
	struct spark at[SPARK_MOST];
	struct board_shown s;
	struct vital_spread spread;
	struct now newest = {0};
	char text[STAMP_BYTES];

	if (cells > SPARK_MOST)
		cells = SPARK_MOST;
	if (n == 0 || cells <= 0)
		return;
	first = n > (size_t)cells ? n - (size_t)cells : 0;
	newest.wall.ms = vital_sample(v, n - 1)->at_ms;
	board_show(b, item, newest, &s);
	vital_spread(v, newest, DAY_MS, &spread);
	for (size_t i = first; i < n; i++) {
		const struct vital_sample *m = vital_sample(v, i);

		at[i - first] = (struct spark){
			kind_of(m, spread.took), spread.took ? m->took_ms : m->number};
	}
	spark_text(at, n - first,
		&(struct spark_scale){cells, full_of(&s, &spread), ascii}, out);
	if (span && n - first > 1)
		str_adds(span,
			rough_span(newest.wall.ms - vital_sample(v, first)->at_ms, text));
}

static bool
trend_words(const struct vital *v, const struct board_shown *s, struct now now,
	struct str *out)
{
	struct vital_spread spread;
	struct str amount = STR_INIT;
	double per_minute;

	vital_spread(v, now, HOUR_MS, &spread);
	if (spread.took || now.wall.ms - spread.from.ms < TREND_LEAST_MS ||
		!vital_trend(v, now, TREND_MS, &per_minute) ||
		fabs(per_minute) < worth_telling * full_of(s, &spread) ||
		(family_of(s) == EXPECT_DURATION && fabs(per_minute) < worth_ms))
		return false;
	healthwords_number(s, fabs(per_minute), false, &amount);
	str_addf(out, "%s %s per minute", per_minute > 0 ? "rising" : "falling",
		amount.buf);
	str_release(&amount);
	return true;
}

/* ---- the rest ---- */

static void
answer_words(struct healthwords *w, const char *dot)
{
	const struct board_shown *s = &w->shown;
	char text[STAMP_BYTES];

	if (s->every_ms > 0)
		str_addf(&w->answer, "each %s", healthwords_span(s->every_ms, text));
	if (w->answer.len && (s->age_ms >= 0 || s->tries > 1))
		str_addf(&w->answer, " %s ", dot);
	if (s->tries > 1)
		str_addf(&w->answer, "try %d", s->tries);
	else if (s->age_ms >= 0 && s->age_ms < 1000)
		str_adds(&w->answer, "answered just now");
	else if (s->age_ms >= 0)
		str_addf(
			&w->answer, "answered %s ago", healthwords_span(s->age_ms, text));
	if (s->under_way)
		str_adds(&w->answer, ", asked now");
	else if (s->tries > 1 && s->next_ms >= 0)
		str_addf(&w->answer, ", next in %s", healthwords_span(s->next_ms, text));
}

static void
more_words(const struct vital *v, struct healthwords *w, struct now now)
{
	const struct board_shown *s = &w->shown;
	char at[STAMP_BYTES];

	if (s->state == VITAL_MUTED && s->mute) {
		str_addf(&w->more, "by %s: %s", s->mute->who, s->mute->reason);
	} else if (s->state == VITAL_FAIL && s->k > 1) {
		str_addf(&w->more, "bad %d of %d: not yet DOWN", s->n, s->k);
	} else if (s->state == VITAL_DOWN && s->n > 0) {
		str_addf(&w->more, "good again %d of %d: not yet OK", s->n, s->k);
	} else if (s->state == VITAL_DOWN || s->state == VITAL_STALE) {
		str_adds(&w->more, s->last_good.ms ? "last good " : "never good");
		if (s->last_good.ms)
			str_adds(&w->more, stamp_clock(s->last_good, at));
	} else if (!trend_words(v, s, now, &w->more) && s->host && s->probe) {
		str_addf(&w->more, "on %s", s->host);
	}
}

void
healthwords_make(const struct board *b, int item, struct now now, bool ascii,
	struct healthwords *w)
{
	const struct vital *v = board_vital(b, item);
	const char *dot = ascii ? "-" : "·";

	*w = (struct healthwords){.state = STR_INIT,
		.since = STR_INIT,
		.now = STR_INIT,
		.p50 = STR_INIT,
		.p95 = STR_INIT,
		.edge = STR_INIT,
		.answer = STR_INIT,
		.more = STR_INIT};
	board_show(b, item, now, &w->shown);
	w->style = strip_style(w->shown.state);
	state_words(w, now);
	now_words(b, w);
	spread_words(v, w, now);
	answer_words(w, dot);
	more_words(v, w, now);
}

void
healthwords_release(struct healthwords *w)
{
	str_release(&w->state);
	str_release(&w->since);
	str_release(&w->now);
	str_release(&w->p50);
	str_release(&w->p95);
	str_release(&w->edge);
	str_release(&w->answer);
	str_release(&w->more);
}

void
healthwords_change(const struct vital_change *ch, struct now now, struct str *out)
{
	char at[STAMP_BYTES];

	stamp_wall_sec(ch->at, at);
	if (now.wall.ms / DAY_MS != ch->at.ms / DAY_MS)
		str_addf(out, "%.5s ", at + 5);
	str_addf(out, "%s %s", at + 11, vital_state_name(ch->state));
	if (ch->k > 1 && ch->state == VITAL_FAIL)
		str_addf(out, " %d/%d", ch->n, ch->k);
	str_addf(out, "  %s", ch->words);
}

void
healthwords_strip(const struct board_shown *s, struct now now, struct str *out)
{
	char text[STAMP_BYTES];

	switch (s->state) {
	case VITAL_OK:
		value_text(s, out);
		break;
	case VITAL_WARN:
		value_text(s, out);
		if (*s->want)
			str_addf(out, " (%s)", s->want);
		break;
	case VITAL_FAIL:
		if (s->k > 1)
			str_addf(out, "%d/%d", s->n, s->k);
		break;
	case VITAL_DOWN:
	case VITAL_UNKNOWN:
		if (s->since.ms && s->skipped == NONE && now.wall.ms > s->since.ms)
			str_adds(out, healthwords_span(now.wall.ms - s->since.ms, text));
		break;
	case VITAL_STALE:
		if (s->age_ms >= 0)
			str_adds(out, healthwords_span(s->age_ms, text));
		break;
	case VITAL_MUTED:
	case VITAL_OFF:
	case VITAL_STATE_COUNT:
		break;
	}
}
