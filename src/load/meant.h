#ifndef LOAD_MEANT_H
#define LOAD_MEANT_H

/*
 * What a person surely meant by a word that is none of ours, for `lint --fix` and for
 * reading on after the complaint. Only where there is one answer and no letter is guessed:
 * another case, a hyphen for an underscore, typographic quotes around it, YAML 1.1's yes
 * and no, a blank before a unit. A slip of one letter counts for keys that describe or
 * judge, never for one that decides what is done, or where. Pure.
 */

#include "model/keytable.h"

/* Row of the key that was written in another way, or NONE. `kinds`: a bit, or 0. */
int meant_key(enum key_context ctx, const char *word, uint32_t kinds);
/* Is `name` one slip away, alone, and a key that only describes or judges? */
bool meant_slip(enum key_context ctx, const char *word, const char *name);
/* The value of the row that was meant; NULL: none, or it is right as it stands. Caller
 * frees. */
char *meant_value(const char *text, const struct key_row *row);

#endif
