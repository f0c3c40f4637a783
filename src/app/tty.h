#ifndef APP_TTY_H
#define APP_TTY_H

/*
 * One line from the person at the terminal, for subcommands and the line mode. Blocks; only
 * called when nothing else has to happen. Hidden input switches echo off and restores it
 * on every way out.
 */

#include <stdbool.h>

#include "app/args.h"
#include "base/str.h"

/* From now on nobody is asked, whoever sits at the terminal: standard input is empty. */
bool tty_alone(struct err *e) WARN_UNUSED;
bool tty_is_person(void); /* standard input and error are a terminal */
/* Line mode: asked for with --plain, or ACCESSIBLE is set. */
bool tty_plain(const struct args *a);
enum tty_echo { TTY_SHOWN, TTY_HIDDEN };
/* False at end of input. The line comes without its newline. */
bool tty_ask(const char *prompt, enum tty_echo echo, struct str *line);

#endif
