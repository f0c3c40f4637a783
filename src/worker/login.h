#ifndef WORKER_LOGIN_H
#define WORKER_LOGIN_H

/*
 * Proves to the host who we are: keys of the agent, key files, and where the host or the
 * operator's configuration asks for it, keyboard-interactive and password. Called once,
 * after the console has said yes to the host key.
 */

struct worker;

/* Returns when the host lets us in; else ends the process with its reason. */
void login_now(struct worker *w);

#endif
