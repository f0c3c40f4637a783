#ifndef APP_INBOXING_H
#define APP_INBOXING_H

/*
 * Letters of people at other machines to this session, which drives the run (share/inbox.h): a
 * note, a hold, a signature. Each is asked of the rules like anything else and becomes a
 * record, or is answered with why not; a signature is believed only when its statement is the
 * one that this record makes, byte for byte, and ssh-keygen verifies it. What the session
 * calls of it stands in app/spine.h.
 */

#include "app/session.h"
#include "audit/stated.h"

/* Is a statement that somebody else brings the one that the record as it was after `said.seq`
 * makes, but for its time and comment? ERR_REFUSED when not. Reads the record when that is
 * not its newest line. */
bool inboxing_statement_is(struct session *s, const char *stmt, const struct stated *said,
	struct err *e) WARN_UNUSED;

#endif
