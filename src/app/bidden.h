#ifndef APP_BIDDEN_H
#define APP_BIDDEN_H

/*
 * Secrets `from: {command: NAME}`: what a command of the operator's own config.yaml prints. They
 * are asked once, when a run is begun or taken up, before anything is decided or written (so that
 * they are redacted from the first line on); one that failed is asked again when a step wanted
 * it. Called by the session alone.
 */

#include "base/err.h"

struct session;

void bidden_start(struct session *s);
/* One of them has not answered: nothing is decided until then. */
bool bidden_busy(const struct session *s);
/* True: there is no value, and why. */
bool bidden_why(const struct session *s, int input, struct err *e);
void bidden_again(struct session *s, int input);
void bidden_release(struct session *s);

#endif
