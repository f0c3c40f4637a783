#include "app/dryrun.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/run.h"
#include "view/steptext.h"
#include "view/view_dry.h"
#include "view/view_plan.h"

enum { LINE_COLS = 90 };

/* ---- a run that never was opened --------------------------------------------------------------- */

static void
set_input(struct run *r, const char *name, const char *value)
{
	struct str data = STR_INIT;
	struct jsonout j;
	struct event *ev;

	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kstr(&j, "name", name);
	jsonout_kstr(&j, "value", value);
	jsonout_close(&j);
	ev = event_new(EVENT_INPUT_SET, NULL, data.buf);
	run_apply(r, ev);
	event_free(ev);
	str_release(&data);
}

/* What is given; else what the environment or the call gives; else what would be offered. */
static struct run *
imagine(struct runbook *rb, const struct pairs *given)
{
	struct run *r = run_new(rb);

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		const struct scope *sc = &rb->scopes.list.at[in->scope];
		const char *value = in->scope ? NULL : pairs_get(given, in->name);
		char *full;

		if (in->from != SECRET_NOT)
			continue;
		if (!value)
			value = in->scope ? pairs_get(&sc->with, in->name)
					  : pairs_get(&rb->env_inputs, in->name);
		if (!value)
			value = in->fallback;
		if (!value || strstr(value, "${"))
			continue;
		full = mem_printf("%s%s", sc->prefix, in->name);
		set_input(r, full, value);
		mem_free(full);
	}
	return r;
}

/* ---- as lines ------------------------------------------------------------------------------------ */

static void
show_lines(struct cmd *c, const struct run *r, const struct pairs *given)
{
	struct page p;
	struct str out = STR_INIT;
	struct plan_scene ps = {.runbook = r->runbook,
		.trusted = true,
		.given = given,
		.project = c->project ? c->project->path : NULL};

	str_adds(&out,
		"Dry run: nothing runs, no host is reached, nothing is recorded.\n\n");
	page_init(&p, LINE_COLS);
	view_plan_facts(&ps, clock_now(), &p);
	page_blank(&p);
	for (size_t i = 0; i < r->runbook->steps.list.len; i++)
		view_dry_step(r, (int)i, &p);
	page_print(&p, &out);
	page_release(&p);
	cmd_print(&out);
	str_release(&out);
}

/* ---- as JSON -------------------------------------------------------------------------------------- */

static void
add_list(struct jsonout *j, const char *key, const struct str *lines)
{
	const char *at = lines->buf;

	jsonout_key(j, key);
	jsonout_open_array(j);
	while (lines->len && *at) {
		size_t len = strcspn(at, "\n");
		char *one = mem_strndup(at, len);

		jsonout_str(j, one);
		mem_free(one);
		at += len + (at[len] == '\n');
	}
	jsonout_close_array(j);
}

static void
add_hosts(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	const struct host *h = s->host == NONE ? NULL : &rb->hosts.list.at[s->host];

	jsonout_key(j, "hosts");
	jsonout_open_array(j);
	for (int i = 0; h && i < h->target_count; i++)
		jsonout_str(j, rb->targets.list.at[h->first_target + i].id);
	if (!h && step_kind_has_legs(s->kind))
		jsonout_str(j, "local");
	jsonout_close_array(j);
}

static void
step_json(struct jsonout *j, const struct run *r, int step)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	struct str text = STR_INIT;
	char *title = steptext_title(r, step);

	jsonout_open(j);
	jsonout_kstr(j, "id", s->id);
	jsonout_kstr(j, "number", s->number);
	jsonout_kstr(j, "kind", step_kind_name(s->kind));
	jsonout_kstr(j, "title", title);
	jsonout_kstr(j, "risk", risk_name(s->risk));
	add_hosts(j, r->runbook, s);
	jsonout_kstr(j, "text", s->text);
	view_dry_values(r, step, &text);
	add_list(j, steptext_is_shell(s->kind) ? "values" : "sends", &text);
	str_reset(&text);
	view_dry_gates(r, step, &text);
	add_list(j, "gates", &text);
	str_reset(&text);
	view_dry_asks(r, step, &text);
	add_list(j, "asks", &text);
	str_reset(&text);
	steptext_undo(r->runbook, s, &text);
	jsonout_kstr(j, "way_back", text.len ? text.buf : NULL);
	jsonout_close(j);
	str_release(&text);
	mem_free(title);
}

static void
show_json(const struct run *r)
{
	const struct runbook *rb = r->runbook;
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "run");
	jsonout_kstr(&j, "mode", run_mode_name(RUN_DRY));
	jsonout_kstr(&j, "runbook", rb->path);
	jsonout_kstr(&j, "environment", rb->environment);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < rb->steps.list.len; i++)
		step_json(&j, r, (int)i);
	jsonout_close_array(&j);
	cmd_json_end(&j, &out);
}

enum exit_code
dryrun_show(struct cmd *c, struct runbook *rb, const struct pairs *given)
{
	struct run *r = imagine(rb, given);

	if (args_has(c->args, OPT_JSON))
		show_json(r);
	else
		show_lines(c, r, given);
	run_free(r);
	return EXIT_CODE_OK;
}
