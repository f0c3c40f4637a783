#include "app/scenedraft.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "journal/blob.h"
#include "journal/journal.h"
#include "load/yamlout.h"

/* OUTPUT: of one command, so that it fits a scalar. WAIT: nobody practises for hours. */
enum { OUTPUT_BYTES = 48 * 1024, WAIT_MS = 5000 };

static void
add_pair(struct str *out, int indent, const char *key, const char *value)
{
	str_addf(out, "%*s%s: ", indent, "", key);
	yamlout_value(out, indent, value);
}

/* ---- commands ------------------------------------------------------------------------------- */

static void
add_output(struct str *out, const struct leg_run *w, const char *run_dir)
{
	struct str raw = STR_INIT, text = STR_INIT;
	struct err ignored = ERR_INIT;

	if (!w->blob || !blob_read(run_dir, w->blob, OUTPUT_BYTES, &raw, &ignored)) {
		str_reset(&raw);
		str_adds(&raw, w->output ? w->output : "");
	}
	text_harmless(&text, raw.buf, raw.len, TEXT_KEEP_LF);
	if (text.len)
		add_pair(out, 4, "output", text.buf);
	str_release(&text);
	str_release(&raw);
}

static void
add_answer(struct str *out, const struct run_step *rs, const struct leg *leg,
	const char *run_dir)
{
	const struct leg_run *w = &leg->way[WAY_FORWARD];
	char took[STAMP_BYTES];

	str_adds(out, "  - step: ");
	yamlout_value(out, 4, rs->step->id);
	if (rs->legs.list.len > 1)
		add_pair(out, 4, "host", leg->host);
	if (w->took_ms > WAIT_MS)
		str_addf(out, "    # it took %s\n", stamp_duration(w->took_ms, took));
	if (w->took_ms > 0)
		str_addf(out, "    after: %lldms\n",
			(long long)(w->took_ms > WAIT_MS ? WAIT_MS : w->took_ms));
	if (w->exit > 0)
		str_addf(out, "    exit: %d\n", w->exit);
	add_output(out, w, run_dir);
}

/* The last thing that was done is what makes it well, until somebody knows better. */
static void
add_answers(const struct run *r, const char *run_dir, struct str *out)
{
	const struct leg *last = NULL;
	bool any = false;

	for (size_t i = 0; i < r->steps.list.len; i++)
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++) {
			const struct leg *leg = &r->steps.list.at[i].legs.list.at[k];

			if (leg->way[WAY_FORWARD].ended.ms)
				last = leg;
		}
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->legs.list.len; k++) {
			const struct leg *leg = &rs->legs.list.at[k];

			if (!leg->way[WAY_FORWARD].ended.ms)
				continue;
			if (!any)
				str_adds(out, "\nanswers:\n");
			any = true;
			add_answer(out, rs, leg, run_dir);
			if (leg == last)
				str_adds(out, "    set: {it: done}\n");
		}
	}
}

/* ---- probes ------------------------------------------------------------------------------------ */

struct looks {
	struct str *out;
	bool any;
	struct strings told; /* probe and verdict: each once */
};

static bool
is_new(struct looks *l, const char *probe, const char *verdict)
{
	char *name = mem_printf("%s %s", probe, verdict);

	for (size_t i = 0; i < l->told.list.len; i++)
		if (str_eq(l->told.list.at[i], name)) {
			mem_free(name);
			return false;
		}
	vec_push(&l->told.list, name);
	return true;
}

/* "json /status" is a member of json. */
static void
add_measured(struct looks *l, const struct json_node *rows)
{
	const char *open = "";

	str_adds(l->out, ", is: {");
	for (size_t i = 0, n = 0; i < json_len(rows); i++) {
		const char *field = json_str(json_at(rows, i), "field", ""),
			   *got = json_str(json_at(rows, i), "got", "-"),
			   *key = strchr(field, ' ');
		size_t len = strcspn(field, " ");

		if (str_eq(got, "-"))
			continue;
		if (*open && (!key || strncmp(open, field, len + 1) != 0)) {
			str_addc(l->out, '}');
			open = "";
		}
		str_adds(l->out, n++ ? ", " : "");
		if (key && !*open) {
			str_addf(l->out, "%.*s: {", (int)len, field);
			open = field;
		}
		yamlout_flow(l->out, key ? key + 1 : field);
		str_adds(l->out, ": ");
		yamlout_flow(l->out, str_eq(got, "\"\"") ? "" : got);
	}
	str_adds(l->out, *open ? "}}}\n" : "}}\n");
}

static bool
take_look(void *ctx, const struct event *ev, const char *hash)
{
	struct looks *l = ctx;
	struct err ignored = ERR_INIT;
	struct json *doc;
	const struct json_node *n;
	const char *probe, *verdict;

	(void)hash;
	if (ev->type != EVENT_PROBE_RESULT)
		return true;
	doc = json_parse(ev->data, strlen(ev->data), &ignored);
	n = json_root(doc);
	probe = json_str(n, "probe", "");
	verdict = json_str(n, "verdict", "");
	if (*probe && is_new(l, probe, verdict)) {
		bool failed = str_eq(verdict, "fail");
		size_t before;

		if (!l->any)
			str_adds(l->out, "\nprobes:\n");
		l->any = true;
		str_adds(l->out, "  - {probe: ");
		yamlout_flow(l->out, probe);
		if (failed)
			str_adds(l->out, ", when: {it: begun}");
		before = l->out->len;
		add_measured(l, json_get(n, "rows"));
		if (strcmp(l->out->buf + before, ", is: {}}\n") == 0) {
			str_cut(l->out, before);
			str_adds(l->out, ", silent: ");
			yamlout_flow(l->out, json_str(n, "message", "no answer"));
			str_adds(l->out, "}\n");
		}
	}
	json_free(doc);
	return true;
}

/* ---- the file ------------------------------------------------------------------------------------ */

bool
scenedraft_write(const struct run *r, const char *run_dir, struct str *out, struct err *e)
{
	struct looks l = {.out = out};
	char at[STAMP_BYTES];
	bool ok;

	yamlout_comment(out, 0,
		"A draft, from what a run printed and measured. Make a story of it: what has "
		"happened, what makes it well (state, when, set), which turns are wrong, hints. "
		"Read the outputs: what the run did not know to be secret is not redacted.");
	str_adds(out, "handrail_scenario: 1\n");
	add_pair(out, 0, "title", r->runbook->title);
	str_adds(out, "why: ");
	{
		char *why = mem_printf(
			"Recorded in run %s of %s.", r->id, stamp_wall(r->opened_at, at));

		yamlout_value(out, 0, why);
		mem_free(why);
	}
	if (r->environment && strcmp(r->environment, "practice") != 0)
		add_pair(out, 0, "like", r->environment);
	str_adds(out, "state: {it: begun}\nsolved: {it: done}\n");
	ok = journal_read(run_dir, take_look, &l, e);
	add_answers(r, run_dir, out);
	for (size_t i = 0; i < l.told.list.len; i++)
		mem_free(l.told.list.at[i]);
	vec_free(&l.told.list);
	return ok;
}
