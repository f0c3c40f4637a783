#ifndef LOAD_FENCESESSION_H
#define LOAD_FENCESESSION_H

/*
 * A code block read from top to bottom: shell commands, a session with prompts, or SQL
 * statements, as pieces in their order. Only fence calls this; the text is clean.
 */

#include "load/fence.h"

void fencesession_commands(struct fence *f, const struct fence_in *in);
void fencesession_console(struct fence *f, const struct fence_in *in);
void fencesession_statements(struct fence *f, const struct fence_in *in);
/* One comment line as the piece it is. */
void fencesession_comment(struct fence *f, const char *line, int number);

#endif
