#ifndef UI_TERMSAFE_H
#define UI_TERMSAFE_H

/*
 * Puts the terminal back on every death that a program can notice: exit, a fatal signal,
 * a broken invariant. One string and one call of tcsetattr, both allowed in a signal
 * handler. Used by term alone.
 */

#include <stdbool.h>

#include "base/err.h"

/* Remembers how the terminal is now, and takes the fatal signals. */
bool termsafe_save(int in, int out, struct err *e) WARN_UNUSED;
void termsafe_arm(void);    /* from now on a death restores */
void termsafe_disarm(void); /* the modes are put back, nothing is left to do */
void termsafe_forget(void); /* gives the signals back */
bool termsafe_writable(int fd, int ms);

#endif
