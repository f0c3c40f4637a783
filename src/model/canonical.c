#include "base/jsonout.h"
#include "model/runbook.h"

/*
 * step_canonical: JSON with a fixed order of keys, fields at their default left out. A
 * later version that adds a field keeps the text, and so the digest, of steps without it.
 */

static void
put_text(struct jsonout *j, const char *key, const char *text)
{
	if (text != NULL)
		jsonout_kstr(j, key, text);
}

static void
put_int(struct jsonout *j, const char *key, int64_t n, int64_t usual)
{
	if (n != usual)
		jsonout_kint(j, key, n);
}

static void
put_strings(struct jsonout *j, const char *key, const struct strings *list)
{
	if (list->list.len == 0)
		return;
	jsonout_key(j, key);
	jsonout_open_array(j);
	for (size_t i = 0; i < list->list.len; i++)
		jsonout_str(j, list->list.at[i]);
	jsonout_close_array(j);
}

static void
put_pairs(struct jsonout *j, const char *key, const struct pairs *p)
{
	if (p->list.len == 0)
		return;
	jsonout_key(j, key);
	jsonout_open(j);
	for (size_t i = 0; i < p->list.len; i++)
		jsonout_kstr(j, p->list.at[i].key, p->list.at[i].value);
	jsonout_close(j);
}

static void
put_expect(struct jsonout *j, const char *key, const struct expect *x)
{
	struct str text = STR_INIT;

	if (x == NULL)
		return;
	expect_text(x, &text);
	jsonout_kstr(j, key, text.buf);
	str_release(&text);
}

/* A host by what it leads to: the same name on other machines is another step. */
static void
put_host(struct jsonout *j, const struct runbook *rb, const char *key, int host)
{
	const struct host *h;

	if (host == NONE)
		return;
	h = &rb->hosts.list.at[host];
	jsonout_key(j, key);
	jsonout_open(j);
	jsonout_kstr(j, "name", h->name);
	jsonout_key(j, "targets");
	jsonout_open_array(j);
	for (int i = 0; i < h->target_count; i++)
		jsonout_str(j, rb->targets.list.at[h->first_target + i].id);
	jsonout_close_array(j);
	put_text(j, "sim", h->sim_file);
	jsonout_close(j);
}

static void
put_http(struct jsonout *j, const struct http_spec *h)
{
	if (h->url == NULL)
		return;
	jsonout_key(j, "http");
	jsonout_open(j);
	put_text(j, "method", h->method);
	put_text(j, "url", h->url);
	put_pairs(j, "headers", &h->headers);
	put_text(j, "body", h->body);
	jsonout_close(j);
}

static void
put_probe(struct jsonout *j, const struct runbook *rb, const struct probe *p)
{
	jsonout_open(j);
	jsonout_kstr(j, "name", p->name);
	jsonout_kstr(j, "kind", probe_kind_name(p->kind));
	put_text(j, "subject", p->subject);
	put_http(j, &p->http);
	put_pairs(j, "args", &p->args);
	put_host(j, rb, "host", p->host);
	put_host(j, rb, "through", p->through);
	put_expect(j, "expect", p->expect);
	put_expect(j, "warn", p->warn);
	put_int(j, "steady", p->steady, 1);
	put_int(j, "of", p->of, 1);
	put_int(j, "timeout_ms", p->timeout_ms, 0);
	jsonout_close(j);
}

static void
put_probes(struct jsonout *j, const struct runbook *rb, const char *key,
	const struct ints *list)
{
	if (list->list.len == 0)
		return;
	jsonout_key(j, key);
	jsonout_open_array(j);
	for (size_t i = 0; i < list->list.len; i++)
		put_probe(j, rb, &rb->probes.list.at[list->list.at[i]]);
	jsonout_close_array(j);
}

static void
put_step_id(struct jsonout *j, const struct runbook *rb, const char *key, int step)
{
	if (step != NONE)
		jsonout_kstr(j, key, rb->steps.list.at[step].id);
}

static void
put_order(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	if (s->when.list.len > 0) {
		jsonout_key(j, "when");
		jsonout_open(j);
		for (size_t i = 0; i < s->when.list.len; i++)
			jsonout_kstr(j, s->when.list.at[i].key, s->when.list.at[i].value);
		jsonout_close(j);
	}
	if (s->needs.list.len > 0) {
		jsonout_key(j, "needs");
		jsonout_open_array(j);
		for (size_t i = 0; i < s->needs.list.len; i++)
			jsonout_str(j, rb->steps.list.at[s->needs.list.at[i]].id);
		jsonout_close_array(j);
	}
}

static void
put_way_back(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	if (s->undo.text != NULL) {
		jsonout_key(j, "undo");
		jsonout_open(j);
		jsonout_kstr(j, "run", s->undo.text);
		put_host(j, rb, "host", s->undo.host);
		jsonout_kstr(j, "risk", risk_name(s->undo.risk));
		put_expect(j, "expect", s->undo.expect);
		jsonout_close(j);
	}
	put_text(j, "irreversible", s->irreversible);
}

static void
put_acting(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	put_host(j, rb, "host", s->host);
	put_text(j, "as", s->as);
	put_text(j, "dir", s->dir);
	put_text(j, "shell", s->shell);
	put_pairs(j, "env", &s->env);
	if (s->tty)
		jsonout_kbool(j, "tty", true);
	if (s->save.list.len > 0) {
		jsonout_key(j, "save");
		jsonout_open(j);
		for (size_t i = 0; i < s->save.list.len; i++) {
			const struct saved *saved = &s->save.list.at[i];

			jsonout_kstr(j, saved->name,
				saved->pointer != NULL ? saved->pointer : "output");
		}
		jsonout_close(j);
	}
	put_strings(j, "each", &s->each);
	put_int(j, "retries", s->retries, 0);
	put_int(j, "retry_wait_ms", s->retry_wait_ms, 0);
	jsonout_kstr(j, "risk", risk_name(s->risk));
	put_text(j, "confirm", s->confirm);
	if (s->two_person)
		jsonout_kbool(j, "two_person", true);
	put_probes(j, rb, "before", &s->before);
	put_way_back(j, rb, s);
	put_int(j, "timeout_ms", s->timeout_ms, 0);
	put_int(j, "kill_after_ms", s->kill_after_ms, 0);
	put_int(j, "serial", s->serial, 0);
	put_int(j, "batch_pct", s->batch_pct, 0);
	put_int(j, "max_failures", s->max_failures, 0);
}

static void
put_watched(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	put_host(j, rb, "host", s->host);
	put_text(j, "as", s->as);
	put_text(j, "dir", s->dir);
	put_text(j, "shell", s->shell);
	put_strings(j, "each", &s->each);
}

static void
put_kind(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	put_http(j, &s->http);
	put_text(j, "from", s->copy_from);
	put_text(j, "to", s->copy_to);
	put_text(j, "mode", s->copy_mode);
	put_text(j, "service", s->service);
	put_text(j, "dsn", s->dsn);
	put_text(j, "verify", s->verify_sql);
	put_probes(j, rb, "probes", &s->probes);
	put_probes(j, rb, "aborts", &s->aborts);
	put_int(j, "within_ms", s->within_ms, 0);
	put_int(j, "for_ms", s->for_ms, 0);
	put_strings(j, "panes", &s->panes);
	put_int(j, "every_ms", s->every_ms, 0);
	if (s->kind == STEP_ASK && s->input != NONE)
		jsonout_kstr(j, "input", rb->inputs.list.at[s->input].name);
	if (s->options.list.len > 0) {
		jsonout_key(j, "options");
		jsonout_open_array(j);
		for (size_t i = 0; i < s->options.list.len; i++) {
			const struct option *o = &s->options.list.at[i];

			jsonout_open(j);
			jsonout_kstr(j, "label", o->label);
			put_text(j, "says", o->says);
			put_step_id(j, rb, "goto", o->go);
			jsonout_close(j);
		}
		jsonout_close_array(j);
	}
	put_int(j, "wait_ms", s->wait_ms, 0);
	put_text(j, "until", s->wait_until);
}

static void
put_signoff(struct jsonout *j, const struct runbook *rb, const struct step *s)
{
	put_text(j, "role", s->role);
	put_text(j, "says", s->says);
	if (s->not_runner)
		jsonout_kbool(j, "not_runner", true);
	put_strings(j, "not", &s->not_roles);
	put_int(j, "count", s->count, 0);
	put_strings(j, "after", &s->after);
	if (s->changed.list.len > 0)
		put_text(j, "changed", rb->probes.list.at[s->changed.list.at[0]].name);
}

void
step_canonical(const struct runbook *rb, const struct step *s, struct str *out)
{
	bool acts = step_kind_acts(s->kind);
	struct jsonout j;

	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kstr(&j, "id", s->id);
	jsonout_kstr(&j, "kind", step_kind_name(s->kind));
	put_text(&j, "title", s->title);
	put_text(&j, "text", s->text);
	put_order(&j, rb, s);
	put_int(&j, "evidence", s->evidence, EVIDENCE_NOTHING);
	if (acts)
		put_acting(&j, rb, s);
	if (s->kind == STEP_WATCH)
		put_watched(&j, rb, s);
	put_expect(&j, "expect", s->expect);
	put_expect(&j, "warn", s->warn);
	put_kind(&j, rb, s);
	if (s->kind == STEP_SIGNOFF)
		put_signoff(&j, rb, s);
	put_int(&j, "on_failure", s->on_failure, ON_FAILURE_STOP);
	if (s->on_failure == ON_FAILURE_GOTO)
		put_step_id(&j, rb, "on_failure_goto", s->on_failure_go);
	jsonout_close(&j);
}

void
step_digest(const struct runbook *rb, const struct step *s, char out[DIGEST_HEX + 1])
{
	struct str text = STR_INIT;

	step_canonical(rb, s, &text);
	digest_hex(text.buf, text.len, out);
	str_release(&text);
}

void
probe_canonical(const struct runbook *rb, const struct probe *p, struct str *out)
{
	struct jsonout j;

	jsonout_init(&j, out);
	put_probe(&j, rb, p);
}
