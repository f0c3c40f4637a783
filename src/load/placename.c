#include "load/placename.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/subst.h"
#include "model/wordlist.h"

enum { LABEL_MAX_BYTES = 48, BETWEEN_MAX_BYTES = 16 };

/* Back over blanks, quotes and emphasis. */
static size_t
before_marks(const char *text, size_t at)
{
	for (int i = 0; i < BETWEEN_MAX_BYTES && at > 0 && text[at - 1] != '\0' &&
		strchr(" \t*\"'`", text[at - 1]) != NULL;
		i++)
		at--;
	return at;
}

static bool
label_byte(char c)
{
	return isalnum((unsigned char)c) || c == ' ' || c == '_' || c == '-' || c == '/';
}

size_t
placename_label(const char *text, size_t at, size_t *from)
{
	size_t end = before_marks(text, at), first;

	if (end == 0 || (text[end - 1] != ':' && text[end - 1] != '='))
		return 0;
	end = before_marks(text, end - 1);
	first = end;
	while (first > 0 && end - first < LABEL_MAX_BYTES && label_byte(text[first - 1]))
		first--;
	while (first < end && !isalpha((unsigned char)text[first]))
		first++;
	if (from != NULL)
		*from = first;
	return end - first;
}

bool
placename_assigned(const char *text, size_t at)
{
	size_t end = before_marks(text, at);

	return end > 0 && text[end - 1] == '=' && placename_label(text, at, NULL) > 0;
}

/* ---- the name -------------------------------------------------------------------------- */

/* "Last Updated", "your-gemini-api-key", "VERSION" as the name of an input. */
static void
make_name(const char *words, size_t len, char *out)
{
	static const char *const heads[] = {"your_", "my_", "the_"};
	struct str name = STR_INIT;

	for (size_t i = 0; i < len; i++) {
		if (isalnum((unsigned char)words[i]))
			str_addc(&name, (char)tolower((unsigned char)words[i]));
		else if (name.len > 0 && name.buf[name.len - 1] != '_')
			str_addc(&name, '_');
	}
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		if (str_starts(name.buf, heads[i]) && name.len > strlen(heads[i]))
			str_drop(&name, strlen(heads[i]));
	}
	if (str_ends(&name, "_here"))
		str_cut(&name, name.len - strlen("_here"));
	if (name.len > PLACEHOLDER_NAME_BYTES - 1)
		str_cut(&name, PLACEHOLDER_NAME_BYTES - 1);
	while (name.len > 0 && name.buf[name.len - 1] == '_')
		str_cut(&name, name.len - 1);
	/* refused names, digits in front */
	if (subst_valid_name(name.buf))
		memcpy(out, name.buf, name.len + 1);
	else if (name.len == 0)
		memcpy(out, "value", sizeof "value");
	else
		snprintf(out, PLACEHOLDER_NAME_BYTES, "the_%s", name.buf);
	str_release(&name);
}

/* One of the words of a name is on the list. */
static bool
named(const char *name, const char *list)
{
	while (*name != '\0') {
		size_t n = strcspn(name, "_");

		if (among_bytes(name, n, list))
			return true;
		name += n + (name[n] == '_');
	}
	return false;
}

static bool
secret_name(const char *name)
{
	return named(name,
		"password|passwd|pass|secret|secrets|token|key|apikey|credential|credentials|"
		"passphrase|pwd");
}

static char *
ask(const struct placeholder *p, const char *span)
{
	if (p->style == PLACEHOLDER_LITERAL_DATE ||
		p->style == PLACEHOLDER_LITERAL_VERSION)
		return mem_printf("Which %s instead of %s?", p->name, span);
	if (p->style == PLACEHOLDER_DOMAIN)
		return mem_printf("Which domain stands for %s?", span);
	if (p->secret)
		return mem_printf("What is the secret `%s`?", p->name);
	if (p->type == INPUT_DATE)
		return mem_printf("Which date is `%s` (YYYY-MM-DD)?", p->name);
	if (p->type == INPUT_VERSION)
		return mem_printf("Which version is `%s`?", p->name);
	if (p->style == PLACEHOLDER_FILL || p->style == PLACEHOLDER_BLANK ||
		p->style == PLACEHOLDER_ELLIPSIS || p->style == PLACEHOLDER_BRACKET)
		return mem_printf("What is `%s`?", p->name);
	return mem_printf("What stands for %s?", span);
}

void
placename_fill(const struct placename_in *in, struct placeholder *p)
{
	const char *words = in->words;
	char label[PLACEHOLDER_NAME_BYTES] = "";
	size_t len = in->words_len, from, label_len;
	char *span = mem_strndup(in->text + in->at, in->span);

	if (words == NULL) {
		len = placename_label(in->text, in->at, &from);
		words = in->text + from;
	}
	if (len == 0) {
		words = in->fallback;
		len = strlen(words);
	}
	make_name(words, len, p->name);
	label_len = placename_label(in->text, in->at, &from);
	if (label_len > 0 && placename_assigned(in->text, in->at))
		make_name(in->text + from, label_len, label);
	p->secret = in->secret || secret_name(p->name) || secret_name(label);
	p->type = INPUT_TEXT;
	if (!p->secret && named(p->name, "date|updated|review") && !named(p->name, "by"))
		p->type = INPUT_DATE;
	else if (!p->secret && named(p->name, "version|tag|release"))
		p->type = INPUT_VERSION;
	else if (!p->secret && named(p->name, "port|count|number|replicas|workers"))
		p->type = INPUT_NUMBER;
	p->question = ask(p, span);
	mem_free(span);
}
