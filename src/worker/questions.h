#ifndef WORKER_QUESTIONS_H
#define WORKER_QUESTIONS_H

/*
 * Logins that a person answers for: the host's own questions (keyboard-interactive, any
 * number of them, one-time codes too) and the password. Answers come from the operator and
 * from nowhere else, and are wiped. For login.c, which decides whether anybody is asked.
 */

#include <stdbool.h>

#include "worker/worker.h"

enum questions_turn { QUESTIONS_FIRST, QUESTIONS_AGAIN };

/* One try. True: logged in; false: refused, or the host wants one thing more. A cancelled
 * question ends the process. */
bool questions_keyboard(struct worker *w, enum questions_turn turn);
bool questions_password(struct worker *w, enum questions_turn turn);

#endif
