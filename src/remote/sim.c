#include "remote/sim.h"

#include <stdio.h>
#include <string.h>

#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"

enum { EXIT_NOT_FOUND = 127 };

struct sim_watch {
	struct sim *sim;
	void (*fn)(void *ctx);
	void *ctx;
};

struct sim {
	int refs;
	struct scenario *scene;
	struct pairs state;
	struct mono began;
	struct loop_timer *next; /* event by time */
	int *used;               /* by answer */
	bool *fired;             /* by event */
	int64_t *due_ms;         /* by event: its time; NONE: not known yet */
	struct pairs faults;     /* host or machine: fault */
	struct sim_calls calls;
	struct {
		VEC_OF(struct sim_watch *) list;
	} watches;
};

/* ---- what happens ---- */

static int64_t
age_ms(const struct sim *s)
{
	return clock_mono().ms - s->began.ms;
}

static void
tell_watches(struct sim *s)
{
	for (size_t i = s->watches.list.len; i-- > 0;)
		s->watches.list.at[i]->fn(s->watches.list.at[i]->ctx);
}

/* True: a fault came or went. */
static bool
fire(struct sim *s, size_t i)
{
	const struct scene_event *e = &s->scene->events.list.at[i];
	struct pair one = {.key = e->host, .value = e->fault};
	struct pairs set = {0};

	s->fired[i] = true;
	if (!scenario_holds(&e->when, &s->state))
		return false;
	scenario_change(&s->state, &e->set);
	if (!e->fault)
		return false;
	vec_push(&set.list, one);
	scenario_change(&s->faults, &set);
	vec_free(&set.list);
	return true;
}

/* All that was due by now, in the order of time. */
static bool
advance(struct sim *s)
{
	bool faults = false;

	for (;;) {
		int64_t now = age_ms(s), first = now + 1;
		size_t at = 0;

		for (size_t i = 0; i < s->scene->events.list.len; i++) {
			if (s->fired[i] || s->due_ms[i] == NONE || s->due_ms[i] >= first)
				continue;
			first = s->due_ms[i];
			at = i;
		}
		if (first > now)
			return faults;
		faults |= fire(s, at);
	}
}

static void
wait_for_next(struct sim *s)
{
	int64_t now = age_ms(s), next = -1;

	for (size_t i = 0; i < s->scene->events.list.len; i++) {
		int64_t due = s->due_ms[i];

		if (!s->fired[i] && due != NONE && (next < 0 || due < next))
			next = due;
	}
	if (next >= 0)
		loop_timer_start(s->next, next > now ? next - now : 0, 0);
}

static void
time_came(void *ctx)
{
	struct sim *s = ctx;
	bool faults = advance(s);

	wait_for_next(s);
	if (faults)
		tell_watches(s);
	if (s->calls.on_time)
		s->calls.on_time(s->calls.ctx);
}

void
sim_step_done(struct sim *s, const char *step)
{
	bool faults = false;

	for (size_t i = 0; i < s->scene->events.list.len; i++) {
		const struct scene_event *e = &s->scene->events.list.at[i];

		if (s->fired[i] || !str_eq(e->after, step))
			continue;
		if (e->at_ms == NONE)
			faults |= fire(s, i);
		else if (s->due_ms[i] == NONE)
			s->due_ms[i] = age_ms(s) + e->at_ms;
	}
	wait_for_next(s);
	if (faults)
		tell_watches(s);
}

/* ---- life ---- */

struct sim *
sim_new(struct loop *l, struct scenario *scene)
{
	struct sim *s = mem_alloc(sizeof *s);

	s->refs = 1;
	s->scene = scenario_ref(scene);
	scenario_change(&s->state, &scene->state);
	s->began = clock_mono();
	s->used = mem_array(scene->answers.list.len + 1, sizeof *s->used);
	s->fired = mem_array(scene->events.list.len + 1, sizeof *s->fired);
	s->due_ms = mem_array(scene->events.list.len + 1, sizeof *s->due_ms);
	for (size_t i = 0; i < scene->events.list.len; i++)
		s->due_ms[i] = scene->events.list.at[i].after
			? NONE
			: scene->events.list.at[i].at_ms;
	s->next = loop_timer_new(l, time_came, s);
	wait_for_next(s);
	return s;
}

struct sim *
sim_ref(struct sim *s)
{
	s->refs++;
	return s;
}

static void
free_pairs(struct pairs *p)
{
	for (size_t i = 0; i < p->list.len; i++) {
		mem_free(p->list.at[i].key);
		mem_free(p->list.at[i].value);
	}
	vec_free(&p->list);
}

void
sim_free(struct sim *s)
{
	if (!s || --s->refs > 0)
		return;
	for (size_t i = 0; i < s->watches.list.len; i++)
		s->watches.list.at[i]->sim = NULL;
	vec_free(&s->watches.list);
	loop_timer_free(s->next);
	free_pairs(&s->state);
	free_pairs(&s->faults);
	mem_free(s->used);
	mem_free(s->fired);
	mem_free(s->due_ms);
	scenario_unref(s->scene);
	mem_free(s);
}

void
sim_tell(struct sim *s, const struct sim_calls *calls)
{
	s->calls = *calls;
}

struct sim_watch *
sim_watch_new(struct sim *s, void (*fn)(void *ctx), void *ctx)
{
	struct sim_watch *w = mem_alloc(sizeof *w);

	*w = (struct sim_watch){s, fn, ctx};
	vec_push(&s->watches.list, w);
	return w;
}

void
sim_watch_free(struct sim_watch *w)
{
	if (!w)
		return;
	for (size_t i = 0; w->sim && i < w->sim->watches.list.len; i++)
		if (w->sim->watches.list.at[i] == w) {
			vec_remove(&w->sim->watches.list, i);
			break;
		}
	mem_free(w);
}

const struct scenario *
sim_scenario(const struct sim *s)
{
	return s->scene;
}

/* ---- what it says ---- */

const char *
sim_fault(struct sim *s, const struct sim_place *at)
{
	const char *one;

	advance(s);
	one = pairs_get(&s->faults, at->target);
	if (!one)
		one = pairs_get(&s->faults, at->host);
	return one && !str_eq(one, "none") ? one : NULL;
}

/* As the script boxes.sh tells of an engine. */
static void
tell_boxes(struct sim *s, const struct sim_place *at, struct str *out)
{
	str_addf(out, "now %lld 86400\nengine docker 20.10\nload 0.20\ndisk 40\ncpus 2\n",
		(long long)(clock_wall().ms / 1000));
	for (size_t i = 0; i < s->scene->boxes.list.len; i++) {
		const struct scene_box *b = &s->scene->boxes.list.at[i];
		char id[16];
		struct jsonout j;

		if (!scenario_means(b->host, at->host, at->target) ||
			!scenario_holds(&b->when, &s->state))
			continue;
		snprintf(id, sizeof id, "%012zx", i + 1);
		str_adds(out, "box ");
		jsonout_init(&j, out);
		jsonout_open(&j);
		jsonout_kstr(&j, "id", id);
		jsonout_kstr(&j, "name", b->name);
		jsonout_kstr(&j, "image", b->image);
		jsonout_kstr(&j, "project", b->project ? b->project : "");
		jsonout_kstr(&j, "service", b->service ? b->service : "");
		jsonout_kstr(&j, "state", b->state);
		jsonout_kstr(&j, "health", b->health);
		jsonout_kint(&j, "restarts", b->restarts);
		jsonout_close(&j);
		str_addc(out, '\n');
	}
	str_adds(out, "end\n");
}

static bool
fits(const struct sim *s, size_t i, const struct sim_question *q)
{
	static const struct pairs none;
	const struct scene_answer *a = &s->scene->answers.list.at[i];

	return (!a->step || str_eq(a->step, q->step)) &&
		(!a->match || strstr(q->text, a->match)) &&
		scenario_means(a->host, q->at.host, q->at.target) &&
		scenario_holds(&a->when, &s->state) &&
		scenario_holds(&a->input, q->values ? q->values : &none) &&
		(a->times == 0 || s->used[i] < a->times);
}

static void
take(struct sim *s, size_t i, struct sim_answer *out)
{
	const struct scene_answer *a = &s->scene->answers.list.at[i];

	s->used[i]++;
	*out = (struct sim_answer){.out = mem_copy(a->output, a->output_len + 1),
		.out_len = a->output_len,
		.is = &a->is,
		.err = a->error,
		.exit = a->exit,
		.after_ms = a->after_ms,
		.used = (int)i,
		.set = &a->set};
	if (a->wrong && s->calls.on_wrong)
		s->calls.on_wrong(s->calls.ctx, a->wrong);
}

/* The look at containers is a script that names engines: an answer to `docker` is not meant for
 * it. */
void
sim_ask(struct sim *s, const struct sim_question *q, struct sim_answer *out)
{
	static const char boxes[] = "# handrail boxes";
	struct str text = STR_INIT;

	advance(s);
	*out = (struct sim_answer){.err = "", .used = NONE};
	if (s->scene->boxes.list.len && str_starts(q->text, boxes)) {
		tell_boxes(s, &q->at, &text);
		out->out_len = text.len;
		out->out = str_take(&text);
		return;
	}
	for (size_t i = 0; i < s->scene->answers.list.len; i++)
		if (fits(s, i, q)) {
			take(s, i, out);
			return;
		}
	out->out = mem_strdup("");
	out->err = "the scenario has no answer for this command\n";
	out->exit = EXIT_NOT_FOUND;
}

void
sim_take_back(struct sim *s, const struct sim_answer *a)
{
	if (a->used != NONE)
		s->used[a->used]--;
}

void
sim_set_age(struct sim *s, int64_t ms)
{
	bool faults;

	s->began.ms = clock_mono().ms - ms;
	faults = advance(s);
	wait_for_next(s);
	if (faults)
		tell_watches(s);
}

void
sim_change(struct sim *s, const struct pairs *set)
{
	if (set)
		scenario_change(&s->state, set);
}

const struct scene_probe *
sim_probe(struct sim *s, const char *probe, const struct sim_place *at)
{
	advance(s);
	for (size_t i = 0; i < s->scene->probes.list.len; i++) {
		const struct scene_probe *p = &s->scene->probes.list.at[i];

		if (str_eq(p->probe, probe) &&
			scenario_means(p->host, at->host, at->target) &&
			scenario_holds(&p->when, &s->state))
			return p;
	}
	return NULL;
}

const char *
sim_hint(struct sim *s, const char *step, size_t n)
{
	advance(s);
	for (size_t i = 0; i < s->scene->hints.list.len; i++) {
		const struct scene_hint *h = &s->scene->hints.list.at[i];

		if ((!h->step || str_eq(h->step, step)) &&
			scenario_holds(&h->when, &s->state) && n-- == 0)
			return h->says;
	}
	return NULL;
}

const struct pairs *
sim_state(struct sim *s)
{
	advance(s);
	return &s->state;
}

bool
sim_solved(struct sim *s)
{
	advance(s);
	return scenario_holds(&s->scene->solved, &s->state);
}

/* ---- logs ---- */

static void
add_line(const char *line, struct str *out)
{
	static const char mark[] = "${now}";
	char stamp[STAMP_BYTES];
	const char *at;

	while ((at = strstr(line, mark))) {
		str_add(out, line, (size_t)(at - line));
		str_adds(out, stamp_wall(clock_wall(), stamp));
		line = at + strlen(mark);
	}
	str_adds(out, line);
}

/* Of each entry: when it begins again, and which of its lines is the next. */
bool
sim_log_line(struct sim *s, const char *name, const char *what,
	const struct sim_place *at, struct sim_told *told, struct str *out)
{
	size_t count = s->scene->logs.list.len;

	advance(s);
	if (!told->next_ms)
		told->next_ms = mem_array(2 * count + 1, sizeof *told->next_ms);
	for (size_t i = 0; i < count; i++) {
		const struct scene_log *l = &s->scene->logs.list.at[i];
		int64_t *due = &told->next_ms[2 * i], *line = due + 1, now = age_ms(s);

		if ((!str_eq(l->log, name) && !str_eq(l->log, what)) ||
			!scenario_means(l->host, at->host, at->target) ||
			!l->lines.list.len)
			continue;
		if (!scenario_holds(&l->when, &s->state)) {
			*line = 0;
			continue;
		}
		if (*line >= (int64_t)l->lines.list.len) {
			if (l->every_ms == 0 || now < *due)
				continue;
			*line = 0;
		}
		if (*line == 0)
			*due = now + l->every_ms;
		add_line(l->lines.list.at[(*line)++], out);
		return true;
	}
	return false;
}
