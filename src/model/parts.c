#include "model/parts.h"

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
