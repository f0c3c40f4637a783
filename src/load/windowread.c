#include "load/windowread.h"

#include <stdio.h>

#include "load/zoneread.h"

static void
read_window(const struct reading *r, const struct ynode *n, struct windows *out)
{
	struct window w;

	if (n->kind != YNODE_SCALAR || !window_parse(n->text, &w))
		return;
	w.zone = zoneread_find(r, n, w.zone_name, out);
	vec_push(&out->windows, w);
}

/* What the clock of the zone shows, as `2026-12-18 17:00`. */
static struct wall
minute(const struct ynode *n, const struct zone *z, bool later)
{
	struct zone_local l = {0};
	unsigned h = 0, m = 0;

	if (sscanf(n->text, "%4u-%2u-%2u %2u:%2u", &l.date.year, &l.date.month,
		    &l.date.day, &h, &m) != 5)
		return (struct wall){0};
	l.s = (h * 60 + m) * 60;
	return zone_wall(z, l, later);
}

static void
read_freeze(const struct reading *r, const struct ynode *map, struct windows *out)
{
	const struct ynode *got[KEYS_MAX];
	struct freeze f = {0};

	if (!keyed_read(r, map, KEYS_IN_FREEZE, 0, got) || !got[KEY_FREEZE_FROM] ||
		!got[KEY_FREEZE_UNTIL])
		return;
	if (got[KEY_FREEZE_ZONE])
		f.zone = zoneread_find(
			r, got[KEY_FREEZE_ZONE], got[KEY_FREEZE_ZONE]->text, out);
	f.from = minute(got[KEY_FREEZE_FROM], f.zone, false);
	f.until = minute(got[KEY_FREEZE_UNTIL], f.zone, true);
	f.why = keyed_line(got[KEY_FREEZE_WHY]);
	if (f.until.ms <= f.from.ms)
		keyed_complain(r, got[KEY_FREEZE_UNTIL], C_VALUE,
			"`until` comes after `from`",
			"this freeze ends before it begins");
	vec_push(&out->freezes, f);
}

void
windowread_all(const struct reading *r, const struct ynode *windows,
	const struct ynode *freezes, struct windows *out)
{
	const struct ynode *i = windows && windows->kind == YNODE_LIST ? windows->first
								       : windows;

	for (; i; i = windows->kind == YNODE_LIST ? i->next : NULL)
		read_window(r, i, out);
	for (i = freezes ? freezes->first : NULL; i; i = i->next)
		read_freeze(r, i, out);
}
