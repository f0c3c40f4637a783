#include <string.h>

#include "base/text.h"
#include "model/checklist.h"
#include "model/danger.h"

/* Every text of a runbook against the rules of danger.h, and the risk it declares. */

enum { SHOWN_BYTES = 40 };

struct place {
	const struct checking *c;
	struct spot at;
	const struct danger_tables *tables;
	const char *key; /* "run", "undo", "probe `disk`" */
	enum risk risk;  /* declared */
	bool look;       /* may change nothing at all */
};

static bool
secret(const struct danger_rule *rule)
{
	return str_starts(rule->id + 1, "-SH-4");
}

/* The words at a hit, so that a long script needs no counting. A complaint must not
 * spread the secret it is about. */
static char *
words_at(const char *text, const struct danger_hit *hit)
{
	size_t offset = hit->offset, len = strcspn(text + offset, "\n");
	struct str out = STR_INIT;

	if (secret(hit->rule))
		return mem_strdup("");
	str_addc(&out, '`');
	if (len > SHOWN_BYTES) {
		len = SHOWN_BYTES;
		while (len > 0 && ((unsigned char)text[offset + len] & 0xc0) == 0x80)
			len--;
	}
	text_harmless(&out, text + offset, len, TEXT_ONE_LINE);
	str_adds(&out, "` ");
	return str_take(&out);
}

static void
report(const struct place *p, const struct danger_rule *rule, const char *what)
{
	if (rule->risk == RISK_NONE) {
		diag_add(p->c->d, rule->level, rule->id, p->at, rule->reason, rule->help,
			"%s: %s%s", p->key, what, rule->msg);
	} else if (p->look) {
		check_complain(p->c, CHECK_LOOK_CHANGES, p->at, "%s: %s%s [%s]", p->key,
			what, rule->msg, rule->id);
	} else {
		struct str help = STR_INIT;

		str_addf(&help, "declare risk: %s%s%s", risk_name(rule->risk),
			rule->help != NULL ? ", or: " : "",
			rule->help != NULL ? rule->help : "");
		diag_add(p->c->d, DIAG_ERROR, "E-CHK-036", p->at, rule->reason, help.buf,
			"%s: %s%s, but its risk is declared %s [%s]", p->key, what,
			rule->msg, risk_name(p->risk), rule->id);
		str_release(&help);
	}
}

static void
report_hits(const struct place *p, const char *text, struct danger_hits *hits)
{
	for (size_t i = 0; i < hits->list.len; i++) {
		const struct danger_rule *rule = hits->list.at[i].rule;
		char *what;

		if (rule->risk != RISK_NONE && !p->look && p->risk >= rule->risk)
			continue; /* declared */
		what = words_at(text, &hits->list.at[i]);
		report(p, rule, what);
		mem_free(what);
	}
	danger_release(hits);
}

static void
shell_text(struct place p, const char *text, const struct danger_opts *o)
{
	struct danger_opts opts = *o;
	struct danger_hits hits = {0};

	if (text == NULL)
		return;
	opts.tables = p.tables;
	danger_scan(text, &opts, &hits);
	report_hits(&p, text, &hits);
}

static void
prose(struct place p, const char *key, const char *text)
{
	p.key = key;
	shell_text(p, text, &(struct danger_opts){.place = DANGER_IN_DO});
}

static void
sql_text(struct place p, const char *text)
{
	struct danger_hits hits = {0};

	if (text == NULL)
		return;
	danger_scan_sql(text, &hits);
	report_hits(&p, text, &hits);
}

static void
http_texts(struct place p, const struct http_spec *h)
{
	prose(p, "url", h->url);
	prose(p, "body", h->body);
	for (size_t i = 0; i < h->headers.list.len; i++)
		prose(p, "headers", h->headers.list.at[i].value);
}

/* As they were written: a loop of ours would hide what it runs. */
static void
watch_texts(struct place p, const struct step *s)
{
	struct danger_opts o = {.place = DANGER_IN_WATCH, .shell = s->shell};

	p.look = true;
	for (size_t i = 0; i < s->watched.list.len; i++)
		shell_text(p, s->watched.list.at[i], &o);
}

static void
step_texts(const struct place *in, const struct step *s)
{
	struct danger_opts o = {.place = DANGER_IN_RUN, .tty = s->tty, .shell = s->shell};
	struct place p = *in;

	p.at = check_spot_step(s);
	p.key = step_kind_name(s->kind);
	p.risk = s->risk;
	if (s->kind == STEP_RUN)
		shell_text(p, s->text, &o);
	else if (s->kind == STEP_WATCH)
		watch_texts(p, s);
	else if (s->kind == STEP_SQL)
		sql_text(p, s->text);
	else if (s->kind != STEP_HTTP) /* its parts say it, below */
		prose(p, step_kind_name(s->kind), s->text);
	prose(p, "irreversible", s->irreversible);
	http_texts(p, &s->http);
	for (size_t i = 0; i < s->env.list.len; i++)
		prose(p, "env", s->env.list.at[i].value);
	p.key = "undo";
	p.risk = s->undo.risk;
	shell_text(p, s->undo.text, &o);
}

void
check_danger(const struct checking *c)
{
	const struct runbook *rb = c->rb;
	struct danger_tables *tables = danger_tables_new();
	struct place p = {.c = c, .tables = tables};
	struct str key = STR_INIT;

	for (size_t i = 0; i < rb->steps.list.len; i++)
		step_texts(&p, &rb->steps.list.at[i]);
	p.look = true;
	for (size_t i = 0; i < rb->probes.list.len; i++) {
		const struct probe *pr = &rb->probes.list.at[i];

		p.at = check_spot_line(c, pr->scope, pr->line);
		str_reset(&key);
		str_addf(&key, "probe `%s`", pr->name);
		p.key = key.buf;
		if (pr->kind == PROBE_COMMAND)
			shell_text(p, pr->subject,
				&(struct danger_opts){.place = DANGER_IN_PROBE});
		else if (pr->kind == PROBE_SQL)
			sql_text(p, pr->subject);
		else
			prose(p, key.buf, pr->subject);
		http_texts(p, &pr->http);
	}
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];

		p.at = check_spot_line(c, in->scope, in->line);
		p.key = "choices";
		shell_text(p, in->choices,
			&(struct danger_opts){.place = DANGER_IN_CHOICES});
	}
	p.at = check_spot_line(c, 0, 1);
	prose(p, "owner", rb->owner);
	for (size_t i = 0; i < rb->contacts.list.len; i++) {
		p.at = check_spot_line(c, 0, rb->contacts.list.at[i].line);
		prose(p, "contacts", rb->contacts.list.at[i].value);
	}
	str_release(&key);
	danger_tables_free(tables);
}
