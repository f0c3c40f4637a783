#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

enum { STEPS_MAX = 40 };

/* ---- runbooks ------------------------------------------------------------------------- */

struct runbook *
fixture_runbook(enum runbook_kind kind)
{
	struct runbook *rb = runbook_new();
	struct source *src = vec_add(&rb->sources.list);
	struct scope *sc = vec_add(&rb->scopes.list);

	rb->kind = kind;
	rb->name = mem_strdup("restore-postgres");
	rb->title = mem_strdup("Restore");
	src->path = mem_strdup("runbooks/restore-postgres.yaml");
	memset(src->sha256, 'a', DIGEST_HEX);
	sc->prefix = mem_strdup("");
	sc->parent = NONE;
	vec_reserve(&rb->steps.list, STEPS_MAX);
	return rb;
}

int
fixture_host(struct runbook *rb, const char *name, const char *const *aliases)
{
	struct host *h = vec_add(&rb->hosts.list);
	int index = (int)rb->hosts.list.len - 1;

	h->name = mem_strdup(name);
	h->first_target = (int)rb->targets.list.len;
	for (; *aliases; aliases++) {
		struct target *t = vec_add(&rb->targets.list);

		t->id = mem_strdup(*aliases);
		t->host = index;
		h->target_count++;
	}
	return index;
}

int
fixture_input(struct runbook *rb, const char *name)
{
	struct input *in = vec_add(&rb->inputs.list);

	in->name = mem_strdup(name);
	in->host = NONE;
	return (int)rb->inputs.list.len - 1;
}

int
fixture_probe(struct runbook *rb, const char *name)
{
	struct probe *p = vec_add(&rb->probes.list);

	p->name = mem_strdup(name);
	p->kind = PROBE_HTTP;
	p->host = p->through = NONE;
	return (int)rb->probes.list.len - 1;
}

struct step *
fixture_step(struct runbook *rb, enum step_kind kind, const char *id)
{
	struct step *s;

	assert_true(rb->steps.list.len < STEPS_MAX);
	s = vec_add(&rb->steps.list);
	s->id = mem_strdup(id);
	s->title = mem_strdup(id);
	s->number = mem_printf("%zu", rb->steps.list.len);
	s->text = mem_strdup(id);
	s->kind = kind;
	s->index = (int)rb->steps.list.len - 1;
	s->section = s->call = s->host = s->input = s->undo.host = s->on_failure_go =
		NONE;
	s->undo.risk = RISK_MODERATE;
	s->count = 1;
	return s;
}

struct expect *
fixture_exit_zero(void)
{
	struct expect *x = expect_new();
	struct err e = ERR_INIT;
	struct expect_rule rule = {.field = EXPECT_EXIT};

	rule.test = expect_scalar("0", EXPECT_HOW_NUMBER, &e);
	assert_non_null(rule.test);
	vec_push(&x->rules, rule);
	return x;
}

struct step *
fixture_command(struct runbook *rb, const char *id, int host, enum risk risk)
{
	struct step *s = fixture_step(rb, STEP_RUN, id);

	s->host = s->undo.host = host;
	s->risk = risk;
	s->expect = fixture_exit_zero();
	return s;
}

/* ---- the world ------------------------------------------------------------------------ */

static const char open_data[] =
	"{\"nonce\":\"00\",\"runbook\":{\"name\":\"restore-postgres\",\"sha256\":\"aa\"},"
	"\"environment\":\"production\",\"mode\":\"live\",\"parent\":null}";

struct world *
world_new(struct runbook *rb_take)
{
	return world_open(rb_take, open_data);
}

struct world *
world_open(struct runbook *rb_take, const char *data)
{
	struct world *w = mem_alloc(sizeof *w);
	struct request q = {.kind = REQ_OPEN, .data = data};

	w->rb = rb_take;
	w->r = run_new(rb_take);
	w->now.wall.ms = 1763600000000;
	memset(w->head, '0', DIGEST_HEX);
	assert_true(world_ask(w, &q));
	return w;
}

void
world_free(struct world *w)
{
	run_free(w->r);
	runbook_unref(w->rb);
	for (size_t i = 0; i < w->lines.len; i++)
		mem_free(w->lines.at[i]);
	vec_free(&w->lines);
	vec_free(&w->fx.list);
	mem_free(w);
}

/* What the journal does: envelope, line, hash. */
static void
put_down(struct world *w, struct event *ev)
{
	struct str line = STR_INIT;
	struct err e = ERR_INIT;

	memcpy(ev->run, "01KAG3W5Z0B4T7M2Q8XK6N9RDE", sizeof ev->run);
	memcpy(ev->prev, w->head, sizeof ev->prev);
	ev->seq = (int64_t)w->lines.len;
	ev->epoch = 1;
	ev->t = w->now.wall;
	ev->con = mem_strdup("jump1/4711/9f3c2e11");
	if (!ev->who)
		ev->who = mem_strdup("anna@example.com");
	if (!event_line(ev, &line, &e))
		fail_msg("%s: %s\n%s", ev->type_name, e.msg, ev->data);
	vec_push(&w->lines, mem_strdup(line.buf));
	str_addc(&line, '\n');
	digest_hex(line.buf, line.len, w->head);
	str_release(&line);
}

bool
world_ask(struct world *w, const struct request *q)
{
	struct events out = {0};
	size_t intents = 0;
	bool ok;

	w->e = ERR_INIT;
	vec_free(&w->fx.list);
	ok = decide(w->r, q, w->now, &out, &w->fx, &w->e);
	w->group = w->lines.len;
	if (!ok) {
		assert_int_equal(out.list.len, 0);
		assert_int_equal(w->fx.list.len, 0);
		assert_true(w->e.kind == ERR_REFUSED || w->e.kind == ERR_STATE ||
			w->e.kind == ERR_INPUT || w->e.kind == ERR_LIMIT);
		assert_true(w->e.msg[0]);
		return false;
	}
	for (size_t i = 0; i < out.list.len; i++) {
		intents += out.list.at[i]->type == EVENT_STEP_INTENT;
		assert_int_equal(out.list.at[i]->more, i + 1 < out.list.len);
		put_down(w, out.list.at[i]);
	}
	assert_true(intents <= 1);
	w->intents += (int)intents;
	for (size_t i = 0; i < out.list.len; i++)
		run_apply(w->r, out.list.at[i]);
	if (out.list.len)
		run_head(w->r, w->head);
	events_release(&out);
	w->now.wall.ms += 7;
	return true;
}

size_t
world_events(const struct world *w)
{
	return w->lines.len - w->group;
}

bool
world_said(const struct world *w, const char *type, const char *text)
{
	char *key = mem_printf("\"type\":\"%s\"", type);
	bool found = false;

	for (size_t i = w->group; i < w->lines.len; i++)
		if (strstr(w->lines.at[i], key) &&
			(!text || strstr(w->lines.at[i], text)))
			found = true;
	mem_free(key);
	return found;
}

int
world_index(struct world *w, const char *id)
{
	int i = run_find_step(w->r, id);

	assert_int_not_equal(i, NONE);
	return i;
}

struct run_step *
world_step(struct world *w, const char *id)
{
	return &w->r->steps.list.at[world_index(w, id)];
}

bool
world_start(struct world *w, const char *id, const char *typed)
{
	struct request q = {.kind = REQ_START,
		.step = world_index(w, id),
		.leg = LEG_ALL,
		.typed = typed,
		.shown_ms = 900};

	return world_ask(w, &q);
}

bool
world_tick(struct world *w, const char *id, enum tick tick, const char *reason)
{
	struct request q = {.kind = REQ_TICK,
		.step = world_index(w, id),
		.tick = tick,
		.reason = reason};

	return world_ask(w, &q);
}

bool
world_started(struct world *w, const char *id, int leg, int attempt)
{
	struct request q = {.kind = REQ_STARTED,
		.step = world_index(w, id),
		.leg = leg,
		.attempt = attempt,
		.pid = 20144,
		.boot_id = "b7a1"};

	return world_ask(w, &q);
}

bool
world_ended(struct world *w, const char *id, int leg, int attempt, int exit)
{
	struct request q = {.kind = REQ_ENDED,
		.step = world_index(w, id),
		.leg = leg,
		.attempt = attempt,
		.exit = exit,
		.took_ms = 42};

	return world_ask(w, &q);
}

bool
world_turn(struct world *w, const char *host, bool down)
{
	struct request q = {.kind = REQ_TURNED,
		.step = NONE,
		.name = host,
		.verdict = down ? VERDICT_FAIL : VERDICT_OK,
		.data = down ? "{\"state\":\"DOWN\",\"message\":\"no route\"}"
			     : "{\"state\":\"OK\",\"message\":\"answers\"}"};

	return world_ask(w, &q);
}

bool
world_clock(struct world *w)
{
	struct request q = {.kind = REQ_CLOCK};
	struct wall at = run_deadline(w->r);

	assert_true(at.ms > 0);
	if (at.ms > w->now.wall.ms)
		w->now.wall = at;
	return world_ask(w, &q);
}

void
world_do(struct world *w, const char *id, const char *typed)
{
	if (!world_start(w, id, typed))
		fail_msg("%s: %s", id, w->e.msg);
	assert_true(world_started(w, id, 0, 1));
	assert_true(world_ended(w, id, 0, 1, 0));
}

/* ---- runs that many tests walk ------------------------------------------------------- */

static const char *const db_alias[] = {"ni-db1", NULL};
static const char *const web_aliases[] = {"web1", "web2", "web3", NULL};

struct world *
world_restore(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	int db = fixture_host(rb, "db", db_alias);
	int web = fixture_host(rb, "web", web_aliases);
	struct step *s;

	fixture_step(rb, STEP_DO, "tell")->evidence = EVIDENCE_LINK;
	s = fixture_command(rb, "stop", web, RISK_MODERATE);
	s->undo.text = mem_strdup("docker start api");
	s = fixture_command(rb, "load", db, RISK_SEVERE);
	s->confirm = mem_strdup("restore ni_site on ${host}");
	s->irreversible = mem_strdup("everything written after the dump is lost");
	s = fixture_command(rb, "rows", db, RISK_NONE);
	vec_push(&s->save.list, (struct saved){.name = mem_strdup("users")});
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("Technical lead");
	s->says = mem_strdup("reviewed (${users} users)");
	s->not_runner = true;
	return world_new(rb);
}

void
world_tell(struct world *w)
{
	struct request q = {.kind = REQ_TICK,
		.step = world_index(w, "tell"),
		.evidence = "https://chat.example.com/4411"};

	assert_true(world_ask(w, &q));
}

struct world *
world_single(void (*change)(struct step *s))
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(
		rb, "go", fixture_host(rb, "db", db_alias), RISK_MODERATE);

	s->undo.text = mem_strdup("back");
	if (change)
		change(s);
	return world_new(rb);
}

/* ---- comparing ------------------------------------------------------------------------ */

static void
dump_text(struct str *out, const char *key, const char *text)
{
	str_addf(out, " %s=%s", key, text ? text : "-");
}

static void
dump_leg(const struct leg *leg, enum way way, struct str *out)
{
	const struct leg_run *lr = &leg->way[way];

	str_addf(out,
		"\n   %s %s way=%d state=%d attempt=%d tries=%d pid=%lld exit=%d took=%lld"
		" late=%d look=%d judged=%d none=%d verdict=%d bytes=%lld resolved=%d"
		" times=%lld,%lld,%lld,%lld",
		leg->host, leg->each ? leg->each : "", way, lr->state, lr->attempt,
		lr->tries_left, (long long)lr->pid, lr->exit, (long long)lr->took_ms,
		lr->late, lr->look, lr->judged, lr->nothing_ran, lr->verdict,
		(long long)lr->bytes, lr->resolved, (long long)lr->intended.ms,
		(long long)lr->started.ms, (long long)lr->ended.ms,
		(long long)lr->retry_at.ms);
	dump_text(out, "job", lr->job);
	dump_text(out, "text", lr->text);
	dump_text(out, "why", lr->why);
	dump_text(out, "lost", lr->lost);
	if (lr->resolved) {
		dump_text(out, "as", lr->resolved_as);
		dump_text(out, "by", lr->resolved_by);
		dump_text(out, "evidence", lr->evidence);
	}
	dump_text(out, "key", lr->hostkey);
	dump_text(out, "warning", lr->warning);
	dump_text(out, "output", lr->output);
	dump_text(out, "blob", lr->blob);
	for (size_t i = 0; i < lr->rows.list.len; i++)
		str_addf(out, " [%s %s %s %d]", lr->rows.list.at[i].field,
			lr->rows.list.at[i].want, lr->rows.list.at[i].got,
			lr->rows.list.at[i].verdict);
}

static void
dump_strings(struct str *out, const char *key, const struct strings *list)
{
	for (size_t i = 0; i < list->list.len; i++)
		dump_text(out, key, list->list.at[i]);
}

static void
dump_step(const struct run_step *rs, struct str *out)
{
	str_addf(out,
		"\n %s state=%d own=%d by=%d tick=%d%d%d answered=%d entered=%d,%lld stopped=%d"
		" going=%d,%d seq=%lld,%lld option=%d late=%d declined=%d confirmed=%d"
		" times=%lld,%lld,%lld",
		rs->step->id, rs->state, rs->own, rs->by_person, rs->tick, rs->ticked,
		rs->skipped, rs->answered, rs->entered, (long long)rs->entered_seq,
		rs->stopped, rs->going, rs->going_way, (long long)rs->seq,
		(long long)rs->marked_seq, rs->option, rs->late, rs->declined,
		rs->second.leg, (long long)rs->settled_at.ms,
		(long long)rs->entered_at.ms, (long long)rs->until.ms);
	dump_text(out, "who", rs->who);
	dump_text(out, "evidence", rs->evidence);
	dump_text(out, "reason", rs->reason);
	dump_text(out, "note", rs->note);
	str_addf(out, " second=%lld,%d,%d", (long long)rs->second.seq, rs->second.forced,
		rs->forced);
	dump_text(out, "second who", rs->second.who);
	dump_text(out, "redline", rs->redline);
	dump_strings(out, "signer", &rs->signers);
	dump_strings(out, "key", &rs->keys);
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		dump_leg(&rs->legs.list.at[i], WAY_FORWARD, out);
		dump_leg(&rs->legs.list.at[i], WAY_BACK, out);
	}
	for (size_t i = 0; i < rs->readings.list.len; i++) {
		const struct reading *g = &rs->readings.list.at[i];

		str_addf(out, "\n   probe %d verdict=%d at=%lld seq=%lld", g->probe,
			g->verdict, (long long)g->at.ms, (long long)g->seq);
		dump_text(out, "value", g->value);
		dump_text(out, "before", g->before);
	}
}

static void
dump_map(const struct map *m, struct str *out)
{
	for (size_t i = 0; i < m->len; i++)
		dump_text(out, m->at[i].key, m->at[i].value);
}

void
world_dump(const struct run *r, struct str *out)
{
	str_addf(out,
		"%s open=%d held=%d closed=%d mode=%d seq=%lld signed=%lld acted=%d more=%d"
		" times=%lld,%lld,%lld",
		r->id, r->open, r->held, r->closed, r->mode, (long long)r->seq,
		(long long)r->signed_seq, r->acted, r->unfinished_group,
		(long long)r->opened_at.ms, (long long)r->closed_at.ms,
		(long long)r->last_at.ms);
	dump_text(out, "result", r->result);
	dump_text(out, "hold", r->hold_reason);
	dump_text(out, "opened_by", r->opened_by);
	dump_text(out, "driver", r->driver);
	dump_text(out, "name", r->name);
	dump_text(out, "sha256", r->sha256);
	dump_text(out, "environment", r->environment);
	str_addf(out, " forced=%lld owing=%lld,%lld,%lld", (long long)r->forced_at.ms,
		(long long)r->owing.seq, (long long)r->owing.due.ms,
		(long long)r->owing.first.ms);
	str_addf(out, " armed=%lld,%lld,%lld", (long long)r->armed_at.ms,
		(long long)r->acted_at.ms, (long long)r->armed_for_ms);
	dump_text(out, "armer", r->forced_armer);
	str_addf(out, " back=%d,%d,%d,%lld,%lld", r->back.state, r->back.how,
		r->back.going, (long long)r->back.seq, (long long)r->back.begun.ms);
	dump_text(out, "back", r->back.result);
	dump_text(out, "back why", r->back.why);
	dump_text(out, "back who", r->back.who);
	dump_text(out, "owing", r->owing.run);
	dump_text(out, "duty", r->owing.duty);
	dump_text(out, "root", r->owing.root);
	dump_strings(out, "runner", &r->runners);
	dump_map(&r->values, out);
	dump_map(&r->set_by, out);
	for (size_t i = 0; i < r->last_mark.len; i++)
		str_addf(out, " mark %s %d", r->last_mark.at[i].key,
			(int)(intptr_t)r->last_mark.at[i].value);
	for (size_t i = 0; i < r->notes.list.len; i++)
		str_addf(out, "\n note %lld %s %s %d", (long long)r->notes.list.at[i].seq,
			r->notes.list.at[i].who, r->notes.list.at[i].text,
			r->notes.list.at[i].step);
	for (size_t i = 0; i < r->attached.list.len; i++) {
		const struct attached *a = &r->attached.list.at[i];

		str_addf(out, "\n attached %lld %d %lld %lld %lld %d", (long long)a->seq,
			a->step, (long long)a->offset, (long long)a->lines,
			(long long)a->bytes, a->redacted);
		dump_text(out, "who", a->who);
		dump_text(out, "name", a->name);
		dump_text(out, "blob", a->blob);
		dump_text(out, "text", a->text);
	}
	for (size_t i = 0; i < r->exceptions.list.len; i++)
		str_addf(out, "\n exception %lld %s",
			(long long)r->exceptions.list.at[i].seq,
			r->exceptions.list.at[i].text);
	for (size_t i = 0; i < r->changes.list.len; i++)
		str_addf(out, "\n change %lld %lld %s",
			(long long)r->changes.list.at[i].of,
			(long long)r->changes.list.at[i].at, r->changes.list.at[i].why);
	for (size_t i = 0; i < r->steps.list.len; i++)
		dump_step(&r->steps.list.at[i], out);
}

struct run *
world_replay(const struct world *w, size_t count)
{
	struct run *r = run_new(w->rb);

	for (size_t i = 0; i < count; i++) {
		struct err e = ERR_INIT;
		struct event *ev = event_parse(
			w->lines.at[i], strlen(w->lines.at[i]), &e);

		if (!ev)
			fail_msg("%s: %s", w->lines.at[i], e.msg);
		run_apply(r, ev);
		event_free(ev);
	}
	return r;
}

struct world *
world_crashed(const struct world *w, size_t count)
{
	struct world *next = mem_alloc(sizeof *next);

	next->rb = runbook_ref(w->rb);
	next->r = world_replay(w, count);
	next->now = w->now;
	memset(next->head, '0', DIGEST_HEX); /* the chain is not looked at here */
	for (size_t i = 0; i < count; i++)
		vec_push(&next->lines, mem_strdup(w->lines.at[i]));
	return next;
}

void
world_same(const struct world *w)
{
	struct run *again = world_replay(w, w->lines.len);
	struct str a = STR_INIT, b = STR_INIT;

	world_dump(w->r, &a);
	world_dump(again, &b);
	assert_string_equal(a.buf, b.buf);
	str_release(&a);
	str_release(&b);
	run_free(again);
}
