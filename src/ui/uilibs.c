#include "ui/uilibs.h"

#include <curses.h>

void
uilibs_add(struct str *out)
{
	str_addf(out, "%s\n", curses_version()); /* "ncurses 6.4.20221231" */
}
