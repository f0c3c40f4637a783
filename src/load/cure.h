#ifndef LOAD_CURE_H
#define LOAD_CURE_H

/*
 * Complaints that have one safe cure, in one list: behind `lint --fix`, `handrail help
 * E-ID`, `handrail help fixes` and the manual. Safe means: one answer, no letter of shell
 * text, SQL or a value is guessed, and what a step does cannot become another thing. What
 * is left to a person: every rule about danger, way back, expectation, host and order.
 *
 * A cure is bytes of the file and their replacement; it is attached to its complaint here
 * and applied by load/mend.h. Pure.
 */

#include <stddef.h>

#include "model/diag.h"

/* "ID", function suffix, what --fix does */
#define CURES(X) \
	X("E-KEY-001", word, \
		"A key in other case, with hyphens for underscores or in typographic quotes is " \
		"written as it should be; so is one slip of a letter in a key that only describes " \
		"or judges.") \
	X("E-KEY-002", format, \
		"`handrail: 1` is put before the first key of a file that has steps.") \
	X("E-KEY-005", word, \
		"A word in other case, yes and no for true and false, typographic quotes, and " \
		"blanks inside a duration are written as they should be.") \
	X("E-YAML-002", value, \
		"A value that YAML can't begin with (`> 3`, `@name`, `*.gz`, `%`) or that holds " \
		"`: ` is put in quotes.") \
	X("E-YAML-010", value, "A comparison with `!=` is put in quotes.") \
	X("E-YAML-014", document, \
		"A `---` with nothing before or behind it is removed.") \
	X("W-TEXT-001", none, "The byte order mark is removed.") \
	X("W-TEXT-002", none, "Lines end in LF.") \
	X("W-TEXT-003", none, \
		"Blanks at the end of lines are removed, except in texts of several lines.") \
	X("W-TEXT-004", none, \
		"The last line is ended, except in a text of several lines.")

/* Gives each complaint about this file, from the one with index `from` on, its fix. */
void cure_attach(
	const char *file, const char *text, size_t len, struct diags *d, size_t from);
/* What --fix does about a complaint, or NULL. */
const char *cure_about(const char *id);
struct cure_row {
	const char *id, *does;
};
const struct cure_row *cure_rows(size_t *count);

#endif
