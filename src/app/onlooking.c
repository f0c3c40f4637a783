#include <stdio.h>
#include <string.h>

#include "app/onlooker.h"
#include "app/spine.h"
#include "base/json.h"
#include "base/mem.h"
#include "share/letter.h"

/* A session that only looks on: its run is folded from what the onlooker brings, and what is
 * asked for goes to whoever drives. It looks at no host and no probe: that runbook may be
 * another account's, and nobody here has trusted it. */

enum { ENDED_MS = 10 * 1000 }; /* TERM and KILL of app/outside.c, and then some */

/* Of a record that can be read its own copy; else the one that was sent. */
static void
adopt_signers(struct session *s, const struct event *ev)
{
	if (s->dir) {
		outfit_adopt(s, ev);
		return;
	}
	mem_free(s->allowed_signers);
	s->allowed_signers = mem_strdup(onlooker_signers(s->onlooker));
}

static void
line_came(
	void *ctx, const struct event *ev, const char *line, size_t len, const char *hash)
{
	struct session *s = ctx;

	if (ev->type == EVENT_RUN_OPEN)
		adopt_signers(s, ev);
	run_apply(s->run, ev);
	run_head(s->run, hash);
	if (ev->type == EVENT_INPUT_SET || ev->type == EVENT_STEP_DONE)
		asking_zones(s);
	if (s->calls.on_event)
		s->calls.on_event(s->calls.ctx, ev, line, len);
	spine_changed(s);
}

static void
output_came(void *ctx, uint32_t step, uint32_t leg, uint32_t way, const char *bytes,
	size_t len)
{
	struct session *s = ctx;

	if (step >= s->run->steps.list.len ||
		leg >= s->run->steps.list.at[step].legs.list.len || way > WAY_BACK)
		return;
	if (s->calls.on_output)
		s->calls.on_output(
			s->calls.ctx, (int)step, (int)leg, (enum way)way, bytes, len);
	spine_changed(s);
}

static void
state_came(void *ctx)
{
	spine_changed(ctx);
}

static void
refused(void *ctx, const char *why)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_REFUSED, "%s", why);
	spine_message(ctx, &e);
}

void
session_begin_onlooking(struct session *s)
{
	onlooker_begin(s->onlooker,
		&(struct onlooker_calls){line_came, output_came, state_came, refused, s});
}

/* What a person wrote leaves this machine: what is a secret here is taken out. */
static char *
clean_of(const struct session *s, const char *text)
{
	struct str clean = STR_INIT;

	if (text)
		redact_text(s->redact, text, strlen(text), &clean);
	return text ? str_take(&clean) : NULL;
}

static const char *
step_id(const struct session *s, int step)
{
	return step >= 0 && (size_t)step < s->run->steps.list.len
		? s->runbook->steps.list.at[step].id
		: NULL;
}

static bool
decline(struct session *s, const struct request *q, const char *why, struct err *e)
{
	struct letter l = {.kind = LETTER_DECLINE,
		.step = mem_strdup(step_id(s, q->step)),
		.role = mem_strdup(q->role),
		.text = mem_strdup(why)};
	bool ok = onlooker_letter(s->onlooker, &l, e);

	letter_release(&l);
	return ok;
}

/* Made and verified here; the driver does that again. */
static bool
sign(struct session *s, const struct request *q, struct err *e)
{
	struct json *doc = json_parse(q->data, strlen(q->data), e);
	const struct json_node *d = json_root(doc);
	struct letter l = {.kind = LETTER_SIGN,
		.step = mem_strdup(step_id(s, q->step)),
		.role = mem_strdup(q->role),
		.stmt = mem_strdup(json_str(d, "stmt", "")),
		.sig = mem_strdup(json_str(d, "sig", "")),
		.key = mem_strdup(json_str(d, "key", ""))};
	bool ok = doc && onlooker_letter(s->onlooker, &l, e);

	letter_release(&l);
	json_free(doc);
	return ok;
}

void
onlooking_request(struct session *s, const struct request *q)
{
	char *text = clean_of(s, q->text), *reason = clean_of(s, q->reason);
	const char *driver = s->run->driver ? s->run->driver : "somebody else";
	struct err e = ERR_INIT;
	bool ok;

	if (s->run->closed && onlooker_is_far(s->onlooker)) {
		err_set(&e, ERR_STATE, "the run is over: its record takes nothing more");
		spine_message(s, &e);
		mem_free(text);
		mem_free(reason);
		return;
	}
	switch (q->kind) {
	case REQ_HOLD:
		ok = onlooker_hold(s->onlooker, reason, &e);
		break;
	case REQ_GO:
		ok = onlooker_go(s->onlooker, &e);
		break;
	case REQ_NOTE:
		if (q->name) {
			ok = err_set(&e, ERR_REFUSED,
				"you look on: %s, who drives this run, corrects", driver);
			break;
		}
		ok = onlooker_note(s->onlooker, step_id(s, q->step), text, &e);
		break;
	case REQ_SIGNED:
		ok = sign(s, q, &e);
		break;
	case REQ_DECLINED:
		ok = onlooker_is_far(s->onlooker)
			? decline(s, q, reason, &e)
			: onlooker_decline(s->onlooker, step_id(s, q->step), reason, &e);
		break;
	case REQ_OFFER:
		ok = onlooker_offer(s->onlooker, q->name, &e);
		break;
	case REQ_YIELD:
		ok = onlooker_accept(s->onlooker, &e);
		break;
	default:
		ok = err_set(&e, ERR_REFUSED, "you look on: %s drives this run", driver);
	}
	mem_free(text);
	mem_free(reason);
	if (!ok)
		spine_message(s, &e);
}

void
onlooking_words(struct session *s, bool *danger)
{
	struct str words = STR_INIT;
	enum onlooker_state st = onlooker_state(s->onlooker);

	onlooker_words(s->onlooker, &words);
	/* of a run that is open nothing comes then: that must not look like a quiet one */
	*danger = st == ONLOOKER_BROKEN || st == ONLOOKER_WAITS ||
		(st == ONLOOKER_ALONE && !s->run->closed);
	snprintf(s->words, sizeof s->words, "journal #%lld, %.250s",
		(long long)s->run->seq, words.buf);
	str_release(&words);
}

void
onlooking_release(struct session *s)
{
	onlooker_free(s->onlooker);
	s->onlooker = NULL;
}

bool
session_onlooking(const struct session *s)
{
	return s->onlooking;
}

struct onlooker *
session_onlooker(struct session *s)
{
	return s->onlooker;
}

bool
session_is_fenced(const struct session *s)
{
	return s->fenced;
}

bool
session_has_let_go(const struct session *s)
{
	return s->let_go;
}

const char *
session_ended_by(const struct session *s)
{
	/* whoever said so and could not do it has not taken anything over */
	return s->ended_by && clock_mono().ms - s->ended_at.ms < ENDED_MS ? s->ended_by
									  : NULL;
}
