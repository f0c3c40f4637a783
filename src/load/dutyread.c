#include "load/dutyread.h"

#include "load/stepname.h"
#include "load/zoneread.h"

static void
read_span(const struct frame *f, const struct ynode *n, struct recur *out)
{
	const char *why;

	if (!n || !recur_parse(n->text, out, &why))
		return;
	out->zone = zoneread_find(&f->r, n, out->zone_name, &f->l->rb->windows);
}

/* `every: 1mo` of what is due at 09:00 in Berlin goes by Berlin's calendar too. */
static void
inherit_clock(const struct recur *due, struct recur *every)
{
	if (!every->ms && every->at_s < 0 && due->zone)
		every->zone = due->zone;
}

/* In words, so that it is shown, and pinned by the step's digest. */
static void
add_words(const struct ynode **got, struct str *s)
{
	str_addf(s, "%s; due %s", got[KEY_SCHEDULE_TITLE]->text,
		got[KEY_SCHEDULE_DUE] ? got[KEY_SCHEDULE_DUE]->text : "?");
	if (got[KEY_SCHEDULE_EVERY])
		str_addf(s, ", every %s", got[KEY_SCHEDULE_EVERY]->text);
	if (got[KEY_SCHEDULE_CHECK]) {
		char *names = stepname_join(", check ", got[KEY_SCHEDULE_CHECK]);

		str_adds(s, names);
		mem_free(names);
	}
	if (got[KEY_SCHEDULE_ROLE])
		str_addf(s, ", by %s", got[KEY_SCHEDULE_ROLE]->text);
	str_addc(s, '\n');
}

void
dutyread_list(const struct frame *f, const struct ynode *list, struct step *s)
{
	const struct ynode *got[KEYS_MAX];
	struct str words = STR_INIT;

	for (const struct ynode *i = list ? list->first : NULL; i; i = i->next) {
		struct duty *d;

		if (!keyed_read(&f->r, i, KEYS_IN_SCHEDULE, 0, got) ||
			!got[KEY_SCHEDULE_TITLE])
			continue;
		d = vec_add(&s->duties.list);
		d->title = keyed_line(got[KEY_SCHEDULE_TITLE]);
		d->role = keyed_line(got[KEY_SCHEDULE_ROLE]);
		d->every_text = keyed_line(got[KEY_SCHEDULE_EVERY]);
		read_span(f, got[KEY_SCHEDULE_DUE], &d->due);
		read_span(f, got[KEY_SCHEDULE_EVERY], &d->every);
		inherit_clock(&d->due, &d->every);
		loading_probes(f, got[KEY_SCHEDULE_CHECK], &d->probes);
		add_words(got, &words);
	}
	s->text = str_take(&words);
}
