/* What an onlooker asks the driver for. */

#include "app/onlookerinner.h"
#include "base/talk.h"

static bool
there(const struct onlooker *o, struct err *e)
{
	struct str words = STR_INIT;

	if (o->level)
		return true;
	onlooker_words(o, &words);
	err_set(e, ERR_STATE, "nobody can be asked: %s", words.buf);
	str_release(&words);
	return false;
}

static bool
say(struct onlooker *o, enum talk_type type, const char *text, struct err *e)
{
	if (!there(o, e))
		return false;
	talk_add_one(talker_out(o->t), type, text ? text : "");
	talker_send(o->t);
	return true;
}

bool
onlooker_letter(struct onlooker *o, const struct letter *l, struct err *e)
{
	return onlooker_far_send(o, l, e);
}

bool
onlooker_hold(struct onlooker *o, const char *reason, struct err *e)
{
	if (o->far)
		return onlooker_letter(o,
			&(struct letter){
				.kind = LETTER_HOLD, .text = (char *)(uintptr_t)reason},
			e);
	return say(o, TALK_HOLD, reason, e);
}

bool
onlooker_go(struct onlooker *o, struct err *e)
{
	if (o->far)
		return onlooker_letter(o, &(struct letter){.kind = LETTER_GO}, e);
	return say(o, TALK_GO, NULL, e);
}

bool
onlooker_offer(struct onlooker *o, const char *to, struct err *e)
{
	if (o->far)
		return err_set(e, ERR_REFUSED, "only who drives the run can offer it");
	return say(o, TALK_OFFER, to, e);
}

bool
onlooker_accept(struct onlooker *o, struct err *e)
{
	if (o->far)
		return onlooker_letter(o, &(struct letter){.kind = LETTER_ACCEPT}, e);
	return say(o, TALK_ACCEPT, NULL, e);
}

bool
onlooker_taking(struct onlooker *o, struct err *e)
{
	return say(o, TALK_TAKING, NULL, e);
}

static bool
say_at(struct onlooker *o, enum talk_type type, const char *step, const char *text,
	struct err *e)
{
	if (!there(o, e))
		return false;
	talk_add_note(talker_out(o->t), type, step ? step : "", text ? text : "");
	talker_send(o->t);
	return true;
}

bool
onlooker_note(struct onlooker *o, const char *step, const char *text, struct err *e)
{
	if (o->far)
		return onlooker_letter(o,
			&(struct letter){.kind = LETTER_NOTE,
				.step = (char *)(uintptr_t)step,
				.text = (char *)(uintptr_t)text},
			e);
	return say_at(o, TALK_NOTE, step, text, e);
}

bool
onlooker_decline(struct onlooker *o, const char *step, const char *reason, struct err *e)
{
	return say_at(o, TALK_DECLINE, step, reason, e);
}

bool
onlooker_sign(struct onlooker *o, const struct talk_sign *sign, struct err *e)
{
	if (!there(o, e))
		return false;
	if (!talk_add_sign(talker_out(o->t), sign))
		return err_set(e, ERR_LIMIT,
			"the statement is too long to be sent: sign at the console that "
			"drives the run");
	talker_send(o->t);
	return true;
}

bool
onlooker_there(const struct onlooker *o, struct err *e)
{
	if (o->far)
		return onlooker_far_there(o, e);
	return there(o, e);
}
