#include "load/importconflict.h"

#include "load/mdsafe.h"

void
importconflict_scan(const char *text, size_t len, size_t page, struct thresholds *all)
{
	struct mdsafe m;

	mdsafe_read(text, len, &m);
	threshold_scan(&(struct threshold_text){.text = m.text.buf,
			       .len = m.text.len,
			       .source = page,
			       .first_line = 1},
		all);
	mdsafe_release(&m);
}

static const struct threshold *
entry(const struct thresholds *all, const struct threshold_conflict *c, size_t i)
{
	return &all->list.at[c->which.at[i]];
}

static bool
between_pages(const struct thresholds *all, const struct threshold_conflict *c)
{
	for (size_t i = 1; i < c->which.len; i++)
		if (entry(all, c, i)->source != entry(all, c, 0)->source)
			return true;
	return false;
}

void
importconflict_text(
	const struct thresholds *all, const char *const *names, struct str *out)
{
	struct threshold_conflicts c = {0};

	threshold_conflicts(all, &c);
	for (size_t i = 0; i < c.list.len; i++) {
		const struct threshold_conflict *x = &c.list.at[i];

		if (!between_pages(all, x))
			continue;
		str_addf(out, "different numbers for %s:", x->topic);
		for (size_t k = 0; k < x->which.len; k++) {
			const struct threshold *t = entry(all, x, k);

			str_addf(out, "%s %s in %s:%d", k ? "," : "", t->text,
				names[t->source], t->line);
		}
		str_addc(out, '\n');
	}
	threshold_conflicts_release(&c);
}

void
importconflict_json(
	const struct thresholds *all, const char *const *names, struct jsonout *j)
{
	struct threshold_conflicts c = {0};

	threshold_conflicts(all, &c);
	jsonout_key(j, "conflicts");
	jsonout_open_array(j);
	for (size_t i = 0; i < c.list.len; i++) {
		const struct threshold_conflict *x = &c.list.at[i];

		if (!between_pages(all, x))
			continue;
		jsonout_open(j);
		jsonout_kstr(j, "topic", x->topic);
		jsonout_key(j, "items");
		jsonout_open_array(j);
		for (size_t k = 0; k < x->which.len; k++) {
			const struct threshold *t = entry(all, x, k);

			jsonout_open(j);
			jsonout_kstr(j, "file", names[t->source]);
			jsonout_kint(j, "line", t->line);
			jsonout_kstr(j, "text", t->text);
			jsonout_close(j);
		}
		jsonout_close_array(j);
		jsonout_close(j);
	}
	jsonout_close_array(j);
	threshold_conflicts_release(&c);
}
