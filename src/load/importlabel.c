#include "load/importlabel.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { WORD_BYTES = 64 };

enum match { WHOLE, PART };

static const struct {
	enum importlabel label;
	enum match match;
	const char *words;
} rows[] = {
	{IMPORTLABEL_WHY, WHOLE,
		"why|goal|goals|purpose|background|context|rationale|motivation|objective|"
		"overview|summary|description|introduction|about|meaning|scope|symptoms"},
	{IMPORTLABEL_IMPACT, WHOLE, "impact|severity|consequences|risk|risks"},
	{IMPORTLABEL_STEPS, WHOLE,
		"concrete changes|changes|tasks|steps|actions|procedure|to do|todo|instructions"},
	{IMPORTLABEL_ACCEPT, WHOLE,
		"acceptance criteria|acceptance|definition of done|success criteria|done when"},
	{IMPORTLABEL_REQUIRES, WHOLE,
		"requires|required reviews|reviews required|review required|reviews"},
	{IMPORTLABEL_PROSE, WHOLE,
		"diagnosis|diagnose|triage|investigation|mitigation|remediation|resolution|"
		"recovery|fix|workaround"},
	{IMPORTLABEL_CONTACTS, WHOLE,
		"contacts|contact|emergency contacts|contact information|escalation|"
		"escalation path|escalation contacts|on-call|on call|key contacts|people"},
	{IMPORTLABEL_LINKS, WHOLE,
		"external dependencies|external services|links|useful links|references|"
		"resources|see also|related|further reading|dashboards"},
	{IMPORTLABEL_SIGNOFF, PART, "sign-off|signoff|sign off|sign-offs|signoffs"},
	{IMPORTLABEL_SIGNOFF, WHOLE, "approvals|approval|approved by|approvers"},
	{IMPORTLABEL_CONTENTS, WHOLE, "table of contents|contents|toc"},
	{IMPORTLABEL_EXPECTED, WHOLE,
		"expected|expected output|expected result|expected results|output|you should see"},
	{IMPORTLABEL_NOTE, WHOLE,
		"note|notes|warning|warnings|important|caution|tip|tips|attention|remark"},
};

/* Lower case, without a number before and marks around. */
static void
normal(const char *text, size_t len, char out[WORD_BYTES])
{
	size_t n = 0;

	while (len && (isdigit((unsigned char)*text) || strchr("().:# \t", *text))) {
		text++;
		len--;
	}
	while (len && strchr(":.!? \t", text[len - 1]))
		len--;
	for (size_t i = 0; i < len && n < WORD_BYTES - 1; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x80 && !n) /* a symbol before the words */
			continue;
		if (!n && c == ' ')
			continue;
		/* a hyphen by any other name */
		if (c == 0xe2 && i + 2 < len && (unsigned char)text[i + 1] == 0x80) {
			out[n++] = '-';
			i += 2;
			continue;
		}
		out[n++] = (char)tolower(c);
	}
	out[n] = '\0';
}

static bool
holds(const char *words, const char *text, enum match match)
{
	size_t have = strlen(text);

	for (const char *w = words; *w;) {
		size_t len = strcspn(w, "|");

		if (match == WHOLE ? have == len && memcmp(text, w, len) == 0
				   : memmem(text, have, w, len) != NULL)
			return true;
		w += len + (w[len] == '|');
	}
	return false;
}

enum importlabel
importlabel_of(const char *text, size_t len)
{
	char word[WORD_BYTES];

	normal(text, len, word);
	for (size_t i = 0; word[0] && i < sizeof rows / sizeof rows[0]; i++)
		if (holds(rows[i].words, word, rows[i].match))
			return rows[i].label;
	return IMPORTLABEL_NONE;
}

size_t
importlabel_head(const char *text, const char *words)
{
	for (const char *w = words; *w;) {
		size_t len = strcspn(w, "|");

		if (strncasecmp(text, w, len) == 0 && text[len] == ':')
			return len + 1 + strspn(text + len + 1, " \t");
		w += len + (w[len] == '|');
	}
	return 0;
}
