#ifndef RUN_DECIDE_PERSON_H
#define RUN_DECIDE_PERSON_H

/* What people say: marks, answers, branches, notes, evidence. */

#include "run/decide_emit.h"

bool decide_person_note(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_person_attach(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_person_input(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_person_tick(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_person_untick(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_person_skip(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_person_choose(struct decide_ctx *c, struct err *e) WARN_UNUSED;

#endif
