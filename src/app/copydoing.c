#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/mem.h"
#include "model/acttext.h"
#include "model/subst.h"
#include "remote/copy.h"

/*
 * The file of a copy step. Which bytes it is stands in the record before the target is
 * touched, so a reply that was lost is no riddle: the sum of what stands in place says what
 * became of it, to this console or to the next one.
 */

enum { TOLD_PERCENT = 10, TOLD_MS = 10 * 1000, HUNDRED = 100, TEMP_HEX = 24 };

struct copydoing {
	struct doing *d;
	struct copy *copy;
	char sum[DIGEST_HEX + 1]; /* on record; "" before */
	int64_t size;
	int told; /* percent */
	struct mono told_at;
	bool cancelled;
};

void
copydoing_free(struct copydoing *c)
{
	if (!c)
		return;
	copy_free(c->copy);
	mem_free(c);
}

/* ---- both ends ------------------------------------------------------------------------- */

/* A relative path of this machine is beside the runbook. */
static char *
path_of(const char *written, const struct asking_names *names, const struct link *l,
	struct err *e)
{
	struct str path = STR_INIT;
	char *whole;

	if (!subst_expand(written, SUBST_TEXT, asking_named, names, &path, e)) {
		str_release(&path);
		return NULL;
	}
	if (!link_is_local(l) || path.buf[0] == '/' || str_starts(path.buf, "~/"))
		return str_take(&path);
	whole = mem_printf("%s/%s", names->s->base_dir, path.buf);
	str_release(&path);
	return whole;
}

static struct link *
link_to(struct session *s, const struct step *st, const struct leg *leg,
	const struct copy_place *p)
{
	if (p->host == NONE)
		return fleet_link(s->fleet, NONE);
	if (p->host == st->host)
		return fleet_link(s->fleet, leg->target);
	return fleet_link(s->fleet, s->runbook->hosts.list.at[p->host].first_target);
}

static void
temp_name(const struct session *s, const char *job, char out[TEMP_HEX + 16])
{
	char *name = mem_printf("%s %s", s->run->id, job), hex[DIGEST_HEX + 1];

	digest_hex(name, strlen(name), hex);
	mem_free(name);
	snprintf(out, TEMP_HEX + 16, ".handrail-%.*s", TEMP_HEX, hex);
}

struct copyends {
	struct copy_spec spec;
	char *from, *to;
	char temp[TEMP_HEX + 16], mode[8];
};

static void
ends_release(struct copyends *x)
{
	mem_free(x->from);
	mem_free(x->to);
}

/* As the runbook or this run has them, without their hosts, which stay. */
static bool
written_ends(const struct session *s, int step, int leg, struct acttext_copy *out,
	struct err *e)
{
	const char *text = run_leg_text(s->run, step, leg, WAY_FORWARD);
	char **ends[] = {&out->from, &out->to};

	if (!acttext_read_copy(text, out, e))
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t host = acttext_host_len(*ends[i]);
		char *path = mem_strdup(*ends[i] + host + (host > 0));

		mem_free(*ends[i]);
		*ends[i] = path;
	}
	return true;
}

static bool
ends_of(struct session *s, int step, int leg, struct copyends *x, struct err *e)
{
	const struct step *st = &s->runbook->steps.list.at[step];
	const struct leg *l = &s->run->steps.list.at[step].legs.list.at[leg];
	const char *job = l->way[WAY_FORWARD].job;
	struct asking_env env = {0};
	struct asking_names names = {s, st, &env, l->host};
	struct acttext_copy written;

	*x = (struct copyends){0};
	if (!written_ends(s, step, leg, &written, e))
		return false;
	asking_env_scope(s, st->scope, &env);
	if (l->each)
		vec_push(&env.list,
			(struct job_env){mem_strdup("each"), mem_strdup(l->each), false});
	x->spec.from = link_to(s, st, l, &st->copy_source);
	x->spec.to = link_to(s, st, l, &st->copy_target);
	x->from = path_of(written.from, &names, x->spec.from, e);
	x->to = x->from ? path_of(written.to, &names, x->spec.to, e) : NULL;
	asking_env_release(&env);
	temp_name(s, job ? job : "", x->temp);
	x->spec.from_path = x->from;
	x->spec.to_path = x->to;
	x->spec.temp = x->temp;
	snprintf(x->mode, sizeof x->mode, "%s", written.mode);
	x->spec.mode = x->mode;
	x->spec.as = st->as;
	acttext_release_copy(&written);
	if (x->to)
		return true;
	ends_release(x);
	return false;
}

/* As written: "from" or "to". */
static void
add_end(const struct doing *d, bool target, struct str *line)
{
	const char *text = run_leg_text(d->s->run, d->step, d->leg, WAY_FORWARD);

	if (target)
		text += strcspn(text, "\n") + 1;
	str_addf(line, "%.*s: ", (int)strcspn(text, "\n"), text);
}

/* ---- what is told ---------------------------------------------------------------------- */

static void
say(struct doing *d, struct str *line)
{
	struct str safe = STR_INIT;

	str_addc(line, '\n');
	redact_text(d->s->redact, line->buf, line->len, &safe);
	printing_output(d, safe.buf, safe.len);
	str_release(&safe);
	str_release(line);
}

static void
add_found(const struct copy_found *f, struct str *out)
{
	str_add_bytes(out, f->size);
	str_addf(out, ", %s%.12s", strlen(f->sum) == DIGEST_HEX ? "sha256 " : "", f->sum);
	if (f->mode[0])
		str_addf(out, ", %s", f->mode);
}

static void
over(struct copydoing *c, enum request_kind kind, const char *why)
{
	struct str safe = STR_INIT;

	redact_text(c->d->s->redact, why, strlen(why), &safe);
	outcome_lost(c->d, kind, kind == REQ_LOST ? jobstate_name(JOB_UNANSWERED) : NULL,
		safe.buf);
	outcome_forget(c->d);
	str_release(&safe);
}

/* The record says which bytes are to be in place; then the target may be touched. */
static void
on_source(void *ctx, const struct copy_found *f)
{
	struct copydoing *c = ctx;
	struct request q = outcome_request(c->d, REQ_STARTED);
	struct str line = STR_INIT;
	char *mark;

	add_end(c->d, false, &line);
	add_found(f, &line);
	say(c->d, &line);
	c->size = f->size;
	if (c->sum[0]) { /* it is there already, and was committed to */
		if (strcmp(c->sum, f->sum) == 0)
			copy_go(c->copy);
		else
			over(c, REQ_NOT_STARTED, "the source was changed meanwhile");
		return;
	}
	memcpy(c->sum, f->sum, sizeof c->sum);
	mark = mem_printf("sha256 %s size %lld", f->sum, (long long)f->size);
	q.boot_id = mark;
	session_request(c->d->s, &q);
	mem_free(mark);
}

static void
on_begun(void *ctx, const struct copy_found *stood)
{
	struct copydoing *c = ctx;
	struct str line = STR_INIT;

	add_end(c->d, true, &line);
	if (stood->sum[0]) {
		str_adds(&line, "replaces a file with other content: ");
		add_found(stood, &line);
	} else {
		str_adds(&line, "nothing stands there");
	}
	say(c->d, &line);
	c->told_at = clock_mono();
}

static void
on_piece(void *ctx, int64_t done, int64_t size)
{
	struct copydoing *c = ctx;
	int percent = size > 0 ? (int)(done * HUNDRED / size) : HUNDRED;
	struct mono now = clock_mono();
	struct str line = STR_INIT;

	spine_changed(c->d->s);
	if (done >= size ||
		(percent < c->told + TOLD_PERCENT && now.ms - c->told_at.ms < TOLD_MS))
		return;
	c->told = percent;
	c->told_at = now;
	str_addf(&line, "%d %%: ", percent);
	str_add_bytes(&line, done);
	str_adds(&line, " of ");
	str_add_bytes(&line, size);
	say(c->d, &line);
}

static void
in_place(struct copydoing *c, const struct copy_end *end)
{
	struct facts facts = {0};
	struct str line = STR_INIT;

	if (end->result == COPY_SAME)
		str_adds(&line,
			"in place before, with the same content: nothing was written; ");
	else if (end->settled)
		str_adds(&line, "in place, as its target says after a lost reply: ");
	else
		str_adds(&line, "in place: ");
	add_found(&end->at, &line);
	say(c->d, &line);
	facts_add_text(&facts, EXPECT_SHA256, NULL, end->at.sum, strlen(end->at.sum));
	facts_add_number(&facts, EXPECT_SIZE, (double)end->at.size);
	outcome_measured(c->d, -1, &facts, NULL);
}

static void
on_end(void *ctx, const struct copy_end *end)
{
	struct copydoing *c = ctx;

	if (end->wants_password && !c->cancelled)
		outcome_sudo_ask(c->d);
	else if (end->result == COPY_PLACED || end->result == COPY_SAME)
		in_place(c, end);
	else
		over(c, end->result == COPY_NOTHING ? REQ_NOT_STARTED : REQ_LOST,
			end->why);
}

/* ---- begin and end --------------------------------------------------------------------- */

bool
copydoing_again(struct copydoing *c)
{
	struct doing *d = c->d;
	struct copy_calls calls = {on_source, on_begun, on_piece, on_end, c};
	struct copyends x;
	struct err e = ERR_INIT;

	copy_free(c->copy);
	c->copy = NULL;
	if (!ends_of(d->s, d->step, d->leg, &x, &e)) {
		over(c, d->resumed ? REQ_LOST : REQ_NOT_STARTED, e.msg);
		return true;
	}
	x.spec.as_password = d->as_password;
	c->copy = d->resumed ? copy_settle(&x.spec, c->sum, &calls)
			     : copy_start(&x.spec, &calls);
	ends_release(&x);
	return true;
}

/* The record says which bytes; without that nothing was written. */
static bool
taken_up(struct copydoing *c)
{
	const char *mark = outcome_leg(c->d)->way[c->d->way].boot;

	if (!mark || sscanf(mark, "sha256 %64[0-9a-f]", c->sum) != 1)
		return false;
	return strlen(c->sum) == DIGEST_HEX;
}

bool
copydoing_start(struct doing *d, enum effect_kind how)
{
	struct copydoing *c = mem_alloc(sizeof *c);

	c->d = d;
	d->copy = c;
	if (how == EFFECT_ASK && !taken_up(c)) {
		over(c, REQ_NOT_STARTED,
			"the console ended before the target was touched");
		return true;
	}
	return copydoing_again(c);
}

void
copydoing_commit(struct copydoing *c)
{
	if (c->copy)
		copy_go(c->copy);
}

void
copydoing_cancel(struct copydoing *c)
{
	if (c->d->ended || c->cancelled)
		return;
	c->cancelled = true;
	if (c->copy)
		copy_cancel(c->copy);
	else
		over(c, REQ_NOT_STARTED, "cancelled");
}

/* ---- before it: what stands at both ends ----------------------------------------------- */

struct peeking {
	struct session *s;
	int step, leg;
	struct copy *copy;
	bool came;
	struct copy_peek found;
	char why[320]; /* it could not be asked at all */
};

void
copydoing_release(struct session *s)
{
	if (!s->peeking)
		return;
	copy_free(s->peeking->copy);
	mem_free(s->peeking);
	s->peeking = NULL;
}

static void
peeked(void *ctx, const struct copy_peek *p)
{
	struct peeking *k = ctx;

	k->came = true;
	k->found = *p;
	spine_changed(k->s);
}

void
session_copy_look(struct session *s, int step, int leg)
{
	struct peeking *k;
	struct copyends x;
	struct err e = ERR_INIT;

	copydoing_release(s);
	k = s->peeking = mem_alloc(sizeof *k);
	k->s = s;
	k->step = step;
	k->leg = leg;
	if (!ends_of(s, step, leg, &x, &e)) {
		snprintf(k->why, sizeof k->why, "%s", e.msg);
		return;
	}
	k->copy = copy_peek_start(&x.spec, peeked, k);
	ends_release(&x);
}

static void
target_words(const struct copy_peek *p, struct str *out)
{
	if (!p->target_ok) {
		str_addf(out, "NOT POSSIBLE: %s", p->target_why);
	} else if (p->target.size < 0) {
		str_adds(out, "nothing stands there");
	} else if (p->source_ok && strcmp(p->source.sum, p->target.sum) == 0) {
		str_adds(out, "the same content stands there already: ");
		add_found(&p->target, out);
	} else {
		str_adds(out, "REPLACES a file with other content: ");
		add_found(&p->target, out);
	}
}

bool
session_copy_words(const struct session *s, int step, int leg, struct str *source,
	struct str *target)
{
	const struct peeking *k = s->peeking;

	if (!k || k->step != step || k->leg != leg)
		return false;
	if (k->why[0]) {
		str_addf(source, "NOT POSSIBLE: %s", k->why);
	} else if (!k->came) {
		str_adds(source, "looking...");
		str_adds(target, "looking...");
	} else {
		if (k->found.source_ok)
			add_found(&k->found.source, source);
		else
			str_addf(source, "NOT POSSIBLE: %s", k->found.source_why);
		target_words(&k->found, target);
	}
	return true;
}
