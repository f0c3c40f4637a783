#include "remote/fleet.h"

#include <string.h>

#include "base/mem.h"
#include "remote/doorman.h"
#include "remote/keyring.h"

struct fleet {
	struct fleet_opts o;
	struct doorman *doorman;
	struct keyring *keyring;
	struct host here;    /* this machine, where no host is named */
	struct link **links; /* by target, then this machine; NULL: not asked for yet */
	size_t targets;
	struct {
		VEC_OF(struct sim *) list;
	} sims; /* one for each scenario */
	struct sim *practice;
};

static struct sim *
sim_for(struct fleet *f, struct scenario *s)
{
	struct sim *made;

	for (size_t i = 0; i < f->sims.list.len; i++)
		if (sim_scenario(f->sims.list.at[i]) == s ||
			strcmp(sim_scenario(f->sims.list.at[i])->source.path,
				s->source.path) == 0)
			return f->sims.list.at[i];
	made = f->o.beside ? sim_ref(sim_for(f->o.beside, s)) : sim_new(f->o.loop, s);
	vec_push(&f->sims.list, made);
	return made;
}

static struct sim *
sim_of(struct fleet *f, const struct host *h)
{
	return h->via == HOST_SIM && h->scenario ? sim_for(f, h->scenario) : NULL;
}

struct sim *
fleet_practice(struct fleet *f)
{
	return f->practice;
}

struct sim *
fleet_sim(struct fleet *f, int host)
{
	return host == NONE ? f->practice : sim_of(f, &f->o.runbook->hosts.list.at[host]);
}

struct fleet *
fleet_new(const struct fleet_opts *o)
{
	struct fleet *f = mem_alloc(sizeof *f);
	struct err e = ERR_INIT;

	f->o = *o;
	f->targets = o->runbook ? o->runbook->targets.list.len : 0;
	f->doorman = doorman_new(o->loop);
	/* Without one each link says for itself what is wrong. */
	f->keyring = keyring_new(o->loop, &e);
	f->here.name = mem_strdup("local");
	f->here.via = HOST_LOCAL;
	f->here.target_count = 1;
	if (o->runbook && o->runbook->scenario) {
		f->here.via = HOST_SIM;
		f->here.scenario = scenario_ref(o->runbook->scenario);
		f->practice = sim_for(f, f->here.scenario);
	}
	f->links = mem_array(f->targets + 1, sizeof *f->links);
	return f;
}

void
fleet_free(struct fleet *f)
{
	if (!f)
		return;
	for (size_t i = 0; i <= f->targets; i++)
		link_free(f->links[i]);
	mem_free(f->links);
	for (size_t i = 0; i < f->sims.list.len; i++)
		sim_free(f->sims.list.at[i]);
	vec_free(&f->sims.list);
	scenario_unref(f->here.scenario);
	doorman_free(f->doorman);
	keyring_free(f->keyring);
	mem_free(f->here.name);
	mem_free(f);
}

bool
fleet_parting(const struct fleet *f)
{
	for (size_t i = 0; i <= f->targets; i++)
		if (f->links[i] && link_exec_parting(f->links[i]))
			return true;
	return false;
}

static struct link *
make_link(struct fleet *f, const struct host *host, const char *id)
{
	struct link_opts o = {
		.loop = f->o.loop,
		.doorman = f->doorman,
		.keyring = f->keyring,
		.host = host,
		.target = id,
		.sim = sim_of(f, host),
		.offline = f->practice != NULL,
		.calls = f->o.calls,
	};

	return link_new(&o);
}

struct link *
fleet_link(struct fleet *f, int target)
{
	const struct target *t;

	if (target < 0 || (size_t)target >= f->targets) {
		if (!f->links[f->targets])
			f->links[f->targets] = make_link(f, &f->here, f->here.name);
		return f->links[f->targets];
	}
	t = &f->o.runbook->targets.list.at[target];
	if (!f->links[target])
		f->links[target] = make_link(
			f, &f->o.runbook->hosts.list.at[t->host], t->id);
	return f->links[target];
}

struct link *
fleet_link_named(struct fleet *f, const char *target_id)
{
	for (size_t i = 0; i < f->targets; i++) {
		if (strcmp(f->o.runbook->targets.list.at[i].id, target_id) == 0)
			return fleet_link(f, (int)i);
	}
	return fleet_link(f, NONE);
}

void
fleet_look_ahead(struct fleet *f)
{
	for (size_t i = 0; i < f->targets; i++)
		link_prepare(fleet_link(f, (int)i));
}
