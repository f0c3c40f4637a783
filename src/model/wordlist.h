#ifndef MODEL_WORDLIST_H
#define MODEL_WORDLIST_H

/*
 * A word among alternatives written "a|b|c", as the tables of verbs.c and verbtable.h hold
 * them. Inline: lint asks this for nearly every word of a script.
 */

#include <stdbool.h>
#include <string.h>

static inline bool
among_bytes(const char *word, size_t len, const char *list)
{
	for (const char *at = list; *at != '\0' && len > 0;) {
		/* two bytes first: options all begin with a dash */
		if (*at == *word && (len == 1 || at[1] == word[1]) &&
			strncmp(at, word, len) == 0 &&
			(at[len] == '|' || at[len] == '\0'))
			return true;
		while (*at != '\0' && *at++ != '|')
			;
	}
	return false;
}

static inline bool
among(const char *word, const char *list)
{
	return among_bytes(word, strlen(word), list);
}

#endif
