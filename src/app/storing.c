#include "app/storing.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "remote/pace.h"
#include "share/storesql.h"

enum { ANSWER_MS = 15 * 1000, TURN_MS = 200 };

struct storing {
	struct loop *loop;
	struct http *http;
	struct pgkeep *pg;
	bool up, down, answered;
	char why[400];
	/* of what is asked */
	struct storing_answer *out;
	bool ok;
	char state[6];
};

static void
went_up(void *ctx)
{
	struct storing *s = ctx;

	s->up = true;
}

static void
went_down(void *ctx, const char *why)
{
	struct storing *s = ctx;

	s->down = true;
	snprintf(s->why, sizeof s->why, "%s", why);
}

struct storing *
storing_open(struct loop *l, const char *service, struct err *e)
{
	return storing_open_within(l, service, ANSWER_MS, e);
}

struct storing *
storing_open_within(struct loop *l, const char *service, int64_t ms, struct err *e)
{
	struct storing *s = mem_alloc(sizeof *s);

	s->loop = l;
	s->http = http_new(l);
	s->pg = pgkeep_start(&(struct pgkeep_opts){.loop = l,
				     .http = s->http,
				     .service = service,
				     .timeout_ms = pace_ms(ms)},
		&(struct pgkeep_calls){went_up, went_down, s}, e);
	while (s->pg && !s->up && !s->down)
		loop_turn(l, TURN_MS);
	if (s->up)
		return s;
	if (s->pg)
		err_set(e, ERR_NET, "the store %s: %s", service, s->why);
	storing_close(s);
	return NULL;
}

void
storing_close(struct storing *s)
{
	if (!s)
		return;
	pgkeep_free(s->pg);
	http_free(s->http);
	mem_free(s);
}

void
storing_answer_release(struct storing_answer *a)
{
	for (size_t i = 0; i < a->cells.list.len; i++)
		mem_free(a->cells.list.at[i]);
	vec_free(&a->cells.list);
	a->rows = 0;
}

const char *
storing_cell(const struct storing_answer *a, int row, int column)
{
	if (row >= a->rows || column >= a->columns)
		return NULL;
	return a->cells.list.at[(size_t)row * (size_t)a->columns + (size_t)column];
}

bool
storing_number(
	const struct storing_answer *a, int row, int column, int64_t *out, struct err *e)
{
	return pgkeep_number(storing_cell(a, row, column), out) ||
		err_set(e, ERR_STATE, PGKEEP_ODD);
}

static void
came(void *ctx, const struct pgkeep_answer *a)
{
	struct storing *s = ctx;

	s->answered = true;
	s->ok = a->ok;
	memcpy(s->state, a->state, sizeof s->state);
	if (!a->ok)
		snprintf(s->why, sizeof s->why, "%s", a->why);
	if (!s->out)
		return;
	memcpy(s->out->state, a->state, sizeof s->out->state);
	s->out->rows = a->rows;
	s->out->columns = a->columns;
	for (int row = 0; row < a->rows; row++)
		for (int i = 0; i < a->columns; i++)
			vec_push(&s->out->cells.list,
				mem_strdup(pgkeep_cell(a->of, row, i)));
}

static bool
wait_for_answer(struct storing *s, struct err *e)
{
	const char *cure;

	while (!s->answered && !s->down)
		loop_turn(s->loop, TURN_MS);
	s->out = NULL;
	if (s->down)
		return err_set(e, ERR_NET, "the store: %s", s->why);
	if (s->ok)
		return true;
	cure = storesql_cure(s->state);
	return cure ? err_set(e, ERR_STATE, "%s", cure)
		    : err_set(e, ERR_STATE, "the store says: %s", s->why);
}

bool
storing_ask(struct storing *s, const char *sql, const struct pgkeep_value *values,
	int count, struct storing_answer *out, struct err *e)
{
	*out = (struct storing_answer){0};
	if (s->down)
		return err_set(e, ERR_NET, "the store: %s", s->why);
	s->out = out;
	s->answered = false;
	pgkeep_ask(s->pg, sql, values, count, came, s);
	return wait_for_answer(s, e);
}

bool
storing_script(struct storing *s, const char *sql, struct err *e)
{
	if (s->down)
		return err_set(e, ERR_NET, "the store: %s", s->why);
	s->out = NULL;
	s->answered = false;
	pgkeep_script(s->pg, sql, came, s);
	return wait_for_answer(s, e);
}

bool
storing_version(struct storing *s, int *version, struct err *e)
{
	struct storing_answer a;
	bool ok = storing_ask(s, STORESQL_VERSION, NULL, 0, &a, e);
	bool none = strcmp(a.state, "42P01") == 0 || strcmp(a.state, "3F000") == 0;
	int64_t have, wants;

	*version = 0;
	if (!ok && none) {
		*e = ERR_INIT;
		ok = true;
	} else if (ok && (a.rows != 1 || storing_cell(&a, 0, 0))) {
		ok = storing_number(&a, 0, 0, &have, e) &&
			storing_number(&a, 0, 1, &wants, e);
		*version = ok ? (int)have : 0;
		if (ok && wants > storesql_version())
			ok = err_set(e, ERR_STATE,
				"the store has version %d and wants a newer handrail, "
				"which knows version %lld",
				*version, (long long)wants);
	}
	storing_answer_release(&a);
	return ok;
}
