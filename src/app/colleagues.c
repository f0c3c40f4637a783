#include "app/colleagues.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/ulid.h"
#include "loop/meet.h"
#include "loop/talker.h"

enum { ANSWER_MS = 3000, CALLS_MAX = 256 };

/* One that is being asked. */
struct call {
	struct colleagues_watch *w;
	struct talker *t; /* NULL: it is over */
	struct colleague is;
};

struct colleagues_watch {
	struct loop *loop;
	void (*told)(void *ctx);
	void *ctx;
	struct colleagues now;
	VEC_OF(struct call *) calls;
	size_t open;
	struct loop_timer *late; /* who has not answered by then does not */
	char *fault;
};

static void
colleague_release(struct colleague *is)
{
	talk_card_release(&is->card);
	mem_free(is->account);
}

void
colleagues_release(struct colleagues *c)
{
	for (size_t i = 0; i < c->list.len; i++)
		colleague_release(&c->list.at[i]);
	vec_free(&c->list);
}

/* ---- all are asked --------------------------------------------------------------------------- */

static int
by_run(const void *a, const void *b)
{
	return strcmp(((const struct colleague *)b)->card.run,
		((const struct colleague *)a)->card.run);
}

static void
settle(struct colleagues_watch *w)
{
	loop_timer_stop(w->late);
	colleagues_release(&w->now);
	for (size_t i = 0; i < w->calls.len; i++) {
		struct call *call = w->calls.at[i];

		talker_free(call->t);
		if (str_eq(call->is.card.state, "OVER"))
			colleague_release(&call->is);
		else
			vec_push(&w->now.list, call->is);
		mem_free(call);
	}
	vec_free(&w->calls);
	if (w->now.list.len)
		qsort(w->now.list.at, w->now.list.len, sizeof *w->now.list.at, by_run);
	w->told(w->ctx);
}

static void
is_late(void *ctx)
{
	settle(ctx);
}

/* From the next turn on: a call may not free what calls it. */
static void
one_is_over(struct call *call)
{
	struct colleagues_watch *w = call->w;

	if (--w->open == 0)
		loop_timer_start(w->late, 0, 0);
}

static void
harmless(char **text)
{
	char *safe = text_harmless_dup(*text ? *text : "");

	mem_free(*text);
	*text = safe;
}

/* It speaks for the run of its socket, and for no other. */
static void
answered(void *ctx, const struct talk_frame *f)
{
	struct call *call = ctx;
	struct talk_card card;

	if (call->is.answered || f->type != TALK_CARD || !talk_read_card(f, &card))
		return;
	if (strcmp(card.run, call->is.card.run) == 0) {
		char **const texts[] = {&card.run, &card.title, &card.environment,
			&card.who, &card.con, &card.state, &card.step, &card.needs};

		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			harmless(texts[i]);
		talk_card_release(&call->is.card);
		call->is.card = card;
		call->is.answered = true;
		call->is.since.ms = clock_wall().ms - (int64_t)card.driven_s * 1000;
	} else {
		talk_card_release(&card);
	}
}

static void
hung_up(void *ctx, const char *why)
{
	(void)why;
	one_is_over(ctx);
}

static bool
is_asked(const struct colleagues_watch *w, const char *run)
{
	for (size_t i = 0; i < w->calls.len; i++)
		if (strcmp(w->calls.at[i]->is.card.run, run) == 0)
			return true;
	return false;
}

static void
ask_one(struct colleagues_watch *w, const char *path, const char *run)
{
	struct meet_peer who = {0};
	struct err ignored = ERR_INIT;
	struct call *call;
	int fd = meet_connect(path, &who, &ignored);

	if (fd < 0)
		return;
	call = mem_alloc(sizeof *call);
	call->w = w;
	call->is.card.run = mem_strdup(run);
	call->is.account = mem_strdup(who.user);
	call->t = talker_new(w->loop, fd, TALK_ONLOOKER,
		&(struct talker_calls){answered, NULL, hung_up, call});
	meet_peer_release(&who);
	vec_push(&w->calls, call);
	w->open++;
	talk_add(talker_out(call->t), TALK_ASK, "", 0);
	talker_send(call->t);
}

static void
ask_in(struct colleagues_watch *w, char *dir_take)
{
	struct err ignored = ERR_INIT;
	size_t count = 0;
	char **names = dir_take ? file_names(dir_take, &count, &ignored) : NULL;

	for (size_t i = 0; names && i < count && w->calls.len < CALLS_MAX; i++) {
		char run[ULID_LEN + 1];
		char *path;

		if (strlen(names[i]) != ULID_LEN + 5 ||
			strcmp(names[i] + ULID_LEN, ".sock") != 0)
			continue;
		memcpy(run, names[i], ULID_LEN);
		run[ULID_LEN] = '\0';
		path = file_join(dir_take, names[i]);
		if (ulid_valid(run) && !is_asked(w, run))
			ask_one(w, path, run);
		mem_free(path);
	}
	file_names_free(names);
	mem_free(dir_take);
}

void
colleagues_look(struct colleagues_watch *w)
{
	struct err why = ERR_INIT, ignored = ERR_INIT;

	if (w->calls.len)
		return;
	ask_in(w, meet_private_dir(&ignored));
	ask_in(w, meet_shared_dir(&why));
	mem_free(w->fault);
	w->fault = why.kind == ERR_NONE ? NULL : text_harmless_dup(why.msg);
	if (w->calls.len)
		loop_timer_start(w->late, w->open ? ANSWER_MS : 0, 0);
	else if (w->now.list.len)
		settle(w);
}

struct colleagues_watch *
colleagues_new(struct loop *l, void (*told)(void *ctx), void *ctx)
{
	struct colleagues_watch *w = mem_alloc(sizeof *w);

	w->loop = l;
	w->told = told;
	w->ctx = ctx;
	w->late = loop_timer_new(l, is_late, w);
	return w;
}

void
colleagues_free(struct colleagues_watch *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->calls.len; i++) {
		talker_free(w->calls.at[i]->t);
		colleague_release(&w->calls.at[i]->is);
		mem_free(w->calls.at[i]);
	}
	vec_free(&w->calls);
	colleagues_release(&w->now);
	loop_timer_free(w->late);
	mem_free(w->fault);
	mem_free(w);
}

const struct colleagues *
colleagues_list(const struct colleagues_watch *w)
{
	return &w->now;
}

const char *
colleagues_fault(const struct colleagues_watch *w)
{
	return w->fault;
}
