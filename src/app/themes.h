#ifndef APP_THEMES_H
#define APP_THEMES_H

/*
 * Themes by name: files of the operator's own first ($XDG_CONFIG_HOME/handrail/themes),
 * then those that ship, which are compiled in from the very files. Used by the console, by
 * `handrail theme` and by the check of --theme.
 */

#include "app/args.h"
#include "model/parts.h"
#include "model/theme.h"

/* The names, own ones first, each once. */
void themes_names(struct strings *out);
/* NULL: it has complaints, or (none in `d`) nobody has a theme of this name. */
struct theme *themes_find(const char *name, struct diags *d);
/* A file, whatever folder it lies in. */
struct theme *themes_read(const char *path, struct diags *d);
/* --theme, else HANDRAIL_THEME, else `terminal`. ERR_INPUT for none of the name, ERR_PARSE
 * for one that does not load. */
struct theme *themes_choose(const struct args *a, struct err *e) WARN_UNUSED;
/* Where the terminal descriptions of true colour lie; NULL: nowhere. Caller frees. */
char *themes_terminfo(void);

#endif
