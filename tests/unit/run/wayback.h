#ifndef TESTS_WAYBACK_H
#define TESTS_WAYBACK_H

/* A run with a way back, for the tests of it. */

#include "base/mem.h"
#include "fixture.h"
#include "run/back.h"

enum { SEE, ROLL, MIGRATE, FLIP, TELL, OLD };

static const char *const db_alias[] = {"ni-db1", NULL};
static const char *const web_aliases[] = {"web1", "web2", NULL};

/* see (a look), roll on two hosts, migrate (no way back), flip; `rollback:` tell, old. */
static struct runbook *
deploy(bool with_steps)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int db = fixture_host(rb, "db", db_alias),
	    web = fixture_host(rb, "web", web_aliases);
	struct step *s;

	fixture_command(rb, "see", db, RISK_NONE);
	s = fixture_command(rb, "roll", web, RISK_MODERATE);
	s->undo.text = mem_strdup("unroll");
	s->undo.host = web;
	s->undo.risk = RISK_MODERATE;
	s = fixture_command(rb, "migrate", db, RISK_MODERATE);
	s->irreversible = mem_strdup("columns are dropped");
	s = fixture_command(rb, "flip", db, RISK_MODERATE);
	s->undo.text = mem_strdup("flop");
	s->undo.host = db;
	s->undo.risk = RISK_MODERATE;
	if (!with_steps)
		return rb;
	rb->rollback_first = (int)rb->steps.list.len;
	fixture_step(rb, STEP_DO, "tell");
	s = fixture_command(rb, "old", web, RISK_MODERATE);
	s->undo.text = mem_strdup("new");
	return rb;
}

static bool
ask_back(struct world *w, const char *typed)
{
	struct request q = {.kind = REQ_BACK, .step = NONE, .typed = typed};

	return world_ask(w, &q);
}

static void
all_forward(struct world *w)
{
	world_do(w, "see", NULL);
	world_do(w, "roll", NULL);
	assert_true(world_clock(w));
	assert_true(world_ended(w, "roll", 1, 1, 0));
	world_do(w, "migrate", NULL);
	world_do(w, "flip", NULL);
}

#endif
