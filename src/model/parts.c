#include "model/parts.h"

#include "model/scenario.h"

void
parts_free_strings(struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++)
		mem_free(s->list.at[i]);
	vec_free(&s->list);
}

void
parts_free_pairs(struct pairs *p)
{
	for (size_t i = 0; i < p->list.len; i++) {
		mem_free(p->list.at[i].key);
		mem_free(p->list.at[i].value);
	}
	vec_free(&p->list);
}

void
parts_free_host(struct host *h)
{
	mem_free(h->name);
	mem_free(h->job_dir);
	mem_free(h->sim_file);
	scenario_unref(h->scenario);
}

void
parts_free_duty(struct duty *d)
{
	mem_free(d->title);
	mem_free(d->role);
	mem_free(d->every_text);
	vec_free(&d->probes.list);
}

void
parts_free_http(struct http_spec *h)
{
	mem_free(h->method);
	mem_free(h->url);
	parts_free_pairs(&h->headers);
	mem_free(h->body);
}

void
parts_free_probe(struct probe *p)
{
	mem_free(p->name);
	mem_free(p->subject);
	parts_free_http(&p->http);
	parts_free_pairs(&p->args);
	expect_free(p->expect);
	expect_free(p->warn);
	vec_free(&p->needs_hosts.list);
	vec_free(&p->needs_probes.list);
}

void
parts_free_role(struct role *r)
{
	mem_free(r->name);
	parts_free_strings(&r->principals);
}

/* ---- steps ----------------------------------------------------------------------------- */

static void
free_step_lists(struct step *s)
{
	for (size_t i = 0; i < s->when.list.len; i++) {
		mem_free(s->when.list.at[i].key);
		mem_free(s->when.list.at[i].value);
	}
	for (size_t i = 0; i < s->save.list.len; i++) {
		mem_free(s->save.list.at[i].name);
		mem_free(s->save.list.at[i].pointer);
	}
	for (size_t i = 0; i < s->options.list.len; i++) {
		mem_free(s->options.list.at[i].label);
		mem_free(s->options.list.at[i].says);
	}
	for (size_t i = 0; i < s->duties.list.len; i++)
		parts_free_duty(&s->duties.list.at[i]);
	vec_free(&s->duties.list);
	vec_free(&s->when.list);
	vec_free(&s->save.list);
	vec_free(&s->options.list);
	vec_free(&s->needs.list);
	vec_free(&s->before.list);
	vec_free(&s->changed.list);
	vec_free(&s->probes.list);
	vec_free(&s->aborts.list);
	parts_free_pairs(&s->links);
	parts_free_pairs(&s->env);
	parts_free_strings(&s->each);
	parts_free_strings(&s->watched);
	parts_free_strings(&s->panes);
	parts_free_strings(&s->not_roles);
	parts_free_strings(&s->after);
}

void
parts_free_step(struct step *s)
{
	char *texts[] = {s->id, s->number, s->title, s->text, s->why, s->explain,
		s->sample, s->opens, s->as, s->dir, s->shell, s->confirm, s->undo.text,
		s->irreversible, s->copy_from, s->copy_to, s->copy_mode,
		s->copy_source.path, s->copy_target.path, s->service, s->dsn,
		s->verify_sql, s->wait_until, s->role, s->says, s->file, s->source_kind,
		s->added_after, s->host_gone};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		mem_free(texts[i]);
	free_step_lists(s);
	expect_free(s->undo.expect);
	expect_free(s->expect);
	expect_free(s->warn);
	parts_free_http(&s->http);
}
