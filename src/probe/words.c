#include "probe/words.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* One word from *at on; false where a quote stays open. */
static bool
take_word(const char **at, struct str *word)
{
	const char *p = *at;
	char quote = '\0';

	for (; *p && (quote || !blank(*p)); p++) {
		if (quote && *p == quote)
			quote = '\0';
		else if (!quote && (*p == '\'' || *p == '"'))
			quote = *p;
		else if (quote != '\'' && *p == '\\' && p[1])
			str_addc(word, *++p);
		else
			str_addc(word, *p);
	}
	*at = p;
	return quote == '\0';
}

bool
words_split(const char *text, struct strings *out, struct err *e)
{
	const char *at = text;

	for (;;) {
		struct str word = STR_INIT;
		bool whole;

		while (blank(*at))
			at++;
		if (!*at)
			return true;
		whole = take_word(&at, &word);
		vec_push(&out->list, str_take(&word));
		if (!whole)
			return err_set(
				e, ERR_INPUT, "a quote does not end: `%.60s`", text);
	}
}

void
words_release(struct strings *w)
{
	for (size_t i = 0; i < w->list.len; i++)
		mem_wipe_free(w->list.at[i], strlen(w->list.at[i]));
	vec_free(&w->list);
}
