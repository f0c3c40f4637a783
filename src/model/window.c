#include "model/window.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

enum { DAY_S = 86400, MS = 1000, AHEAD_DAYS = 9, ROUNDS_MAX = 64 };

/* ---- life ---------------------------------------------------------------------------------- */

void
window_release(struct windows *w)
{
	for (size_t i = 0; i < w->freezes.len; i++)
		mem_free(w->freezes.at[i].why);
	for (size_t i = 0; i < w->zones.len; i++)
		zone_free(w->zones.at[i]);
	vec_free(&w->windows);
	vec_free(&w->freezes);
	vec_free(&w->zones);
}

const struct zone *
window_zone(const struct windows *w, const char *name)
{
	for (size_t i = 0; i < w->zones.len; i++)
		if (strcmp(w->zones.at[i]->name, name) == 0)
			return w->zones.at[i];
	return NULL;
}

void
window_copy(const struct windows *from, struct windows *to)
{
	for (size_t i = 0; i < from->zones.len; i++)
		vec_push(&to->zones, zone_copy(from->zones.at[i]));
	for (size_t i = 0; i < from->windows.len; i++) {
		struct window w = from->windows.at[i];

		w.zone = w.zone ? window_zone(to, w.zone->name) : NULL;
		vec_push(&to->windows, w);
	}
	for (size_t i = 0; i < from->freezes.len; i++) {
		struct freeze f = from->freezes.at[i];

		f.why = mem_strdup(f.why);
		f.zone = f.zone ? window_zone(to, f.zone->name) : NULL;
		vec_push(&to->freezes, f);
	}
}

bool
window_any(const struct windows *w)
{
	return w->windows.len || w->freezes.len;
}

/* ---- text ---------------------------------------------------------------------------------- */

static int
weekday(const char *s)
{
	static const char names[][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

	for (int i = 0; i < WINDOW_DAYS; i++)
		if (strncmp(s, names[i], 3) == 0)
			return i;
	return -1;
}

/* "Mon", "Mon-Thu", "Fri-Mon" */
static const char *
read_days(const char *s, unsigned *days)
{
	int from = weekday(s), to = from;

	if (from < 0)
		return NULL;
	s += 3;
	if (*s == '-') {
		to = weekday(++s);
		if (to < 0)
			return NULL;
		s += 3;
	}
	for (int d = from;; d = (d + 1) % WINDOW_DAYS) {
		*days |= 1U << d;
		if (d == to)
			break;
	}
	return s;
}

static bool
read_hours(const char *s, struct window *out, int *used)
{
	unsigned h1, m1, h2, m2;
	char c;

	*used = 0;
	if (sscanf(s, "%2u:%2u-%2u:%2u%n%c", &h1, &m1, &h2, &m2, used, &c) < 4 ||
		*used != 11 || m1 > 59 || m2 > 59)
		return false;
	out->from_s = (int)(h1 * 60 + m1) * 60;
	out->to_s = (int)(h2 * 60 + m2) * 60;
	return out->from_s < out->to_s && out->to_s <= DAY_S;
}

bool
window_parse(const char *text, struct window *out)
{
	const char *at;
	int used;

	memset(out, 0, sizeof *out);
	at = read_days(text, &out->days);
	if (!at || *at != ' ')
		return false;
	at += strspn(at, " ");
	if (!read_hours(at, out, &used))
		return false;
	at += used;
	if (*at && *at != ' ')
		return false;
	at += strspn(at, " ");
	if (*at && !zone_name_valid(at))
		return false;
	snprintf(out->zone_name, sizeof out->zone_name, "%s", at);
	return true;
}

/* ---- asking -------------------------------------------------------------------------------- */

static const struct freeze *
frozen(const struct windows *w, struct wall t)
{
	for (size_t i = 0; i < w->freezes.len; i++)
		if (w->freezes.at[i].from.ms <= t.ms && t.ms < w->freezes.at[i].until.ms)
			return &w->freezes.at[i];
	return NULL;
}

static bool
in_window(const struct window *w, struct wall t)
{
	struct zone_local l = zone_local(w->zone, t);

	return (w->days >> civil_weekday(civil_days(l.date)) & 1) &&
		l.s >= (unsigned)w->from_s && l.s < (unsigned)w->to_s;
}

static bool
is_open(const struct windows *w, struct wall t)
{
	if (frozen(w, t))
		return false;
	for (size_t i = 0; i < w->windows.len; i++)
		if (in_window(&w->windows.at[i], t))
			return true;
	return !w->windows.len;
}

static void
sooner(struct wall *best, struct wall after, struct wall t)
{
	if (t.ms > after.ms && (!best->ms || t.ms < best->ms))
		*best = t;
}

/* Begin and end of the window on the days around, and changes of its zone's clock, which may
 * pass over either. */
static void
moments_of(const struct window *w, struct wall after, struct wall *best)
{
	int64_t day = civil_days(zone_local(w->zone, after).date);

	for (int d = 0; d < AHEAD_DAYS; d++)
		for (int later = 0; later < 2; later++) {
			struct zone_local l = {
				.date = civil_of_days(day + d), .s = (unsigned)w->from_s};

			sooner(best, after, zone_wall(w->zone, l, later));
			l.s = (unsigned)w->to_s;
			if (w->to_s == DAY_S)
				l = (struct zone_local){civil_of_days(day + d + 1), 0};
			sooner(best, after, zone_wall(w->zone, l, later));
		}
	for (size_t i = 0; w->zone && i < w->zone->changes.list.len; i++) {
		int64_t at_s = w->zone->changes.list.at[i].at_s;

		if (at_s > after.ms / MS && at_s < after.ms / MS + AHEAD_DAYS * DAY_S)
			sooner(best, after, (struct wall){at_s * MS});
	}
}

/* The next moment at which anything may change. */
static struct wall
next_moment(const struct windows *w, struct wall after)
{
	const struct freeze *f = frozen(w, after);
	struct wall best = {0};

	if (f)
		return f->until; /* windows do not matter before */
	for (size_t i = 0; i < w->windows.len; i++)
		moments_of(&w->windows.at[i], after, &best);
	for (size_t i = 0; i < w->freezes.len; i++) {
		sooner(&best, after, w->freezes.at[i].from);
		sooner(&best, after, w->freezes.at[i].until);
	}
	return best;
}

struct window_state
window_at(const struct windows *w, struct wall t)
{
	struct window_state st = {.open = is_open(w, t), .frozen = frozen(w, t)};
	struct wall at = t;

	st.zone = st.frozen      ? st.frozen->zone
		: w->windows.len ? w->windows.at[0].zone
				 : NULL;
	for (int i = 0; i < ROUNDS_MAX * (int)(1 + w->windows.len + w->freezes.len);
		i++) {
		at = next_moment(w, at);
		if (!at.ms)
			break;
		if (is_open(w, at) != st.open) {
			st.change = at;
			break;
		}
	}
	return st;
}
