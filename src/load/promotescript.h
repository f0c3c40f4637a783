#ifndef LOAD_PROMOTESCRIPT_H
#define LOAD_PROMOTESCRIPT_H

/*
 * The commands an imported step holds in its text as a script, and what can be told of it:
 * how risky it is at least, whether it only reads, what it should answer. Only promote
 * calls this.
 */

#include <stdbool.h>

#include "base/str.h"
#include "model/danger.h"

struct promotescript {
	struct str script; /* other lines of the text stand in it as comments */
	struct str expect; /* a flow mapping */
	int commands;      /* lines that were marked with "$ " */
	int moves;         /* of them, those that only change the folder */
	enum risk risk;
	char *danger; /* the command that has this risk, from it on; NULL: none is named */
	bool hidden;  /* a command holds a character nobody could see */
	bool endless;  /* one command that never ends */
	char *refused; /* why it may not run as it stands; NULL: it may */
};

/* False: no line is marked as a command. To be released in any case. */
bool promotescript_read(
	const char *text, const struct danger_tables *tables, struct promotescript *out);
void promotescript_release(struct promotescript *p);

#endif
