/* What onlookers ask the driver for. */

#include "app/machine.h"
#include "app/servinginner.h"
#include "base/mem.h"
#include "run/drive.h"
#include "run/gate.h"

enum {
	REFUSED_WAITING = 64 * 1024, /* unread refusals: it does not listen */
	ASKS_MAX = 20,               /* of one account in so long */
	ASKS_MS = 10 * 1000,
};

void
serving_refuse(struct peer *p, const char *why)
{
	if (talker_waiting(p->t) > REFUSED_WAITING) {
		serving_lose(p);
		return;
	}
	talk_add_one(talker_out(p->t), TALK_REFUSED, why);
	talker_send(p->t);
}

static void
ask_hold(struct peer *p, const struct talk_frame *f)
{
	struct session *s = p->s;
	char *reason = talk_read_text(f);
	struct err e = ERR_INIT;

	str_flatten(reason); /* one line, and nothing but a text */
	if (!reason)
		serving_lose(p);
	else if (!gate_allows(s->run, ACT_HOLD, NONE, &e))
		serving_refuse(p, e.msg);
	else
		session_request(s,
			&(struct request){.kind = REQ_HOLD,
				.step = NONE,
				.who = p->name,
				.account = p->who.user,
				.reason = *reason ? reason : NULL});
	mem_free(reason);
}

static void
ask_go(struct peer *p, const struct talk_frame *f)
{
	struct err e = ERR_INIT;

	(void)f;
	if (!gate_allows(p->s->run, ACT_GO, NONE, &e) ||
		!drive_may_go(p->s->run, p->name, &e))
		serving_refuse(p, e.msg);
	else
		session_request(p->s,
			&(struct request){.kind = REQ_GO,
				.step = NONE,
				.who = p->name,
				.account = p->who.user});
}

static void
ask_note(struct peer *p, const struct talk_frame *f)
{
	struct err e = ERR_INIT;
	char *step, *text;

	if (!talk_read_note(f, &step, &text)) {
		serving_lose(p);
		return;
	}
	str_flatten(text);
	if (!gate_allows(p->s->run, ACT_NOTE, NONE, &e))
		serving_refuse(p, e.msg);
	else
		session_request(p->s,
			&(struct request){.kind = REQ_NOTE,
				.step = *step ? run_find_step(p->s->run, step) : NONE,
				.who = p->name,
				.account = p->who.user,
				.text = text});
	mem_free(step);
	mem_free(text);
}

/* Another process of the same account stands for the driver himself. */
static void
ask_offer(struct peer *p, const struct talk_frame *f)
{
	char *to = talk_read_text(f);
	struct err e = ERR_INIT;

	if (!to)
		serving_lose(p);
	else if (p->who.uid != machine_uid())
		serving_refuse(p, "only who drives the run can offer it");
	else if (!session_offer(p->s, *to ? to : NULL, &e))
		serving_refuse(p, e.msg);
	mem_free(to);
}

static void
ask_accept(struct peer *p, const struct talk_frame *f)
{
	struct err e = ERR_INIT;

	(void)f;
	if (!drive_may_accept(p->s->run, p->name, &e))
		serving_refuse(p, e.msg);
	else if (p->who.uid != machine_uid())
		serving_refuse(p,
			"the record belongs to another account, which alone can write it: "
			"whoever goes on logs in as that one");
	else
		session_request(p->s,
			&(struct request){
				.kind = REQ_YIELD, .step = NONE, .name = p->name});
}

static void
ask_taking(struct peer *p, const struct talk_frame *f)
{
	char *who = talk_read_text(f);

	if (!who)
		serving_lose(p);
	else if (p->who.uid != machine_uid() && p->who.uid != 0)
		serving_refuse(p, "only the same account can end this console");
	else {
		mem_free(p->s->ended_by);
		p->s->ended_by = mem_strdup(p->name);
		p->s->ended_at = clock_mono();
		spine_changed(p->s);
	}
	mem_free(who);
}

typedef void ask_fn(struct peer *p, const struct talk_frame *f);

static ask_fn *const asks[TALK_TYPES] = {
	[TALK_HOLD] = ask_hold,
	[TALK_GO] = ask_go,
	[TALK_NOTE] = ask_note,
	[TALK_OFFER] = ask_offer,
	[TALK_ACCEPT] = ask_accept,
	[TALK_TAKING] = ask_taking,
	[TALK_SIGN] = serving_sign,
	[TALK_DECLINE] = serving_decline,
};

/* The count of an account; a place whose time is over is taken for another. NULL: too many
 * accounts ask at once. */
static struct asker *
asker_of(struct serving *sv, unsigned uid, struct mono now)
{
	struct asker *free_one = NULL;

	for (size_t i = 0; i < sv->askers_len; i++) {
		struct asker *a = &sv->askers[i];

		if (a->uid == uid)
			return a;
		if (now.ms - a->from.ms > ASKS_MS)
			free_one = a;
	}
	if (!free_one && sv->askers_len < ASKERS)
		free_one = &sv->askers[sv->askers_len++];
	if (free_one)
		*free_one = (struct asker){.uid = uid, .from = now};
	return free_one;
}

/* Each of them may become a line of the record: nobody fills it by asking. */
static bool
too_many(struct peer *p)
{
	struct mono now = clock_mono();
	struct asker *a = asker_of(p->s->serving, (unsigned)p->who.uid, now);

	if (!a)
		return true;
	if (now.ms - a->from.ms > ASKS_MS)
		*a = (struct asker){.uid = a->uid, .from = now};
	return ++a->asks > ASKS_MAX;
}

bool
serving_ask(struct peer *p, const struct talk_frame *f)
{
	if (!asks[f->type])
		return false;
	if (too_many(p))
		serving_refuse(p, "too many requests: wait a little");
	else
		asks[f->type](p, f);
	return true;
}
