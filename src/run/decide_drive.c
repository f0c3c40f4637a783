#include "run/decide_drive.h"

#include <string.h>

#include "base/json.h"
#include "run/drive.h"
#include "run/gate.h"

bool
decide_drive_offer(struct decide_ctx *c, struct err *e)
{
	bool withdraw = !decide_emit_said(c->q->text);
	struct decide_data d;

	if (!gate_allows(c->r, ACT_OFFER, NONE, e))
		return false;
	if (withdraw && !c->r->offer.stands)
		return err_set(e, ERR_STATE, "the run is not offered to anybody");
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "to", decide_emit_said(c->q->name) ? c->q->name : NULL);
	if (withdraw)
		jsonout_kbool(&d.j, "withdrawn", true);
	else
		jsonout_kstr(&d.j, "summary", c->q->text);
	return decide_emit_event(c, EVENT_DRIVER_OFFER, NONE, &d, e);
}

bool
decide_drive_yield(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_OFFER, NONE, e) ||
		!drive_may_accept(c->r, c->q->name, e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "to", c->q->name);
	return decide_emit_event(c, EVENT_DRIVER_RELEASE, NONE, &d, e);
}

bool
decide_drive_taken(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;
	struct json *doc;
	int64_t epoch;

	if (!c->q->name)
		return true;
	if (!drive_may_take(c->r, c->q->name, c->q->typed, e))
		return false;
	doc = json_parse(
		c->q->data ? c->q->data : "{}", c->q->data ? strlen(c->q->data) : 2, e);
	if (!doc)
		return false;
	epoch = json_int(json_root(doc), "epoch", 0);
	json_free(doc);
	/* the same name is not the same console: only what it has written already is */
	if (!c->r->released && str_eq(c->q->name, c->r->driver) &&
		epoch == c->r->driver_epoch)
		return true;
	decide_emit_begin(&d);
	jsonout_kint(&d.j, "epoch", epoch);
	jsonout_kstr(&d.j, "from", c->r->driver);
	jsonout_kstr(&d.j, "from_con", c->r->driver_con);
	jsonout_kint(&d.j, "from_epoch", c->r->driver_epoch);
	jsonout_kstr(&d.j, "from_head", c->r->head);
	if (c->r->released && c->r->released_to && !str_eq(c->r->released_to, c->q->name))
		jsonout_kstr(&d.j, "passed_over", c->r->released_to);
	return decide_emit_event(c, EVENT_DRIVER_TAKE, NONE, &d, e);
}
