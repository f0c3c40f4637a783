#include "app/skeleton.h"

#include <string.h>

#include "app/skeleton_files.h"
#include "base/stamp.h"
#include "base/text.h"

enum { DAY_BYTES = 10, TITLE_BYTES_MAX = 200 };

static const char *const skeletons[RUNBOOK_KIND_COUNT] = {
#define X(id, name) [RUNBOOK_##id] = skeleton_##id,
	RUNBOOK_KINDS(X)
#undef X
};

static const char *const kind_names[] = {
#define X(id, name) name,
	RUNBOOK_KINDS(X)
#undef X
		NULL};

bool
skeleton_kind(const char *word, enum runbook_kind *out, struct err *e)
{
	struct str all = STR_INIT;
	const char *near;

	for (int k = 0; k < RUNBOOK_KIND_COUNT; k++)
		if (strcmp(kind_names[k], word) == 0) {
			*out = (enum runbook_kind)k;
			return true;
		}
	near = str_nearest(word, kind_names);
	for (int k = 0; k < RUNBOOK_KIND_COUNT && !near; k++)
		str_addf(&all, "%s%s", k ? ", " : "", kind_names[k]);
	err_set(e, ERR_INPUT, "there is no kind %s; %s%s%s", word,
		near ? "did you mean " : "there are ", near ? near : all.buf,
		near ? "?" : "");
	str_release(&all);
	return false;
}

static bool
check_title(const char *title, struct err *e)
{
	size_t len = strlen(title);

	if (!text_valid_utf8(title, len))
		return err_set(e, ERR_INPUT, "the title is not UTF-8");
	if (len > TITLE_BYTES_MAX)
		return err_set(e, ERR_INPUT, "the title is longer than %d bytes",
			TITLE_BYTES_MAX);
	if (!title[strspn(title, " \t")])
		return err_set(e, ERR_INPUT, "the title is empty");
	for (size_t i = 0; i < len;) {
		uint32_t cp;

		i += text_decode(title + i, len - i, &cp);
		if (cp == '\n' || cp == 0x2028 || cp == 0x2029)
			return err_set(e, ERR_INPUT, "the title is one line");
		if (text_forbidden(cp))
			return err_set(e, ERR_INPUT,
				"the character U+%04X may not stand in the title",
				(unsigned)cp);
	}
	return true;
}

/* In double quotes every text is itself, whatever YAML would make of it. */
static void
add_quoted(struct str *out, const char *text)
{
	str_addc(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			str_addc(out, '\\');
		if (*text == '\t')
			str_adds(out, "\\t");
		else
			str_addc(out, *text);
	}
	str_addc(out, '"');
}

/* A title that needs no quotes is easier to read without. */
static void
add_title(struct str *out, const char *title)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789 _./,()+-";
	size_t len = strlen(title);
	bool letter = (title[0] | 0x20) >= 'a' && (title[0] | 0x20) <= 'z';

	if (letter && title[strspn(title, plain)] == '\0' && title[len - 1] != ' ')
		str_adds(out, title);
	else
		add_quoted(out, title);
}

#define SCHEMA_LINE "# yaml-language-server: $schema="

bool
skeleton_write(enum runbook_kind kind, const char *title, struct wall today,
	struct str *out, struct err *e)
{
	char day[STAMP_BYTES];

	if (title && !check_title(title, e))
		return false;
	stamp_wall(today, day);
	for (const char *line = skeletons[kind]; *line;) {
		size_t len = strcspn(line, "\n");
		const char *date = strstr(line, "last: ");

		if (str_starts(line, SCHEMA_LINE)) {
			str_adds(out, SCHEMA_LINE SKELETON_SCHEMA);
		} else if (title && str_starts(line, "title: ")) {
			str_adds(out, "title: ");
			add_title(out, title);
		} else if (str_starts(line, "reviewed: ") && date) {
			date += strlen("last: ");
			str_add(out, line, (size_t)(date - line));
			str_add(out, day, DAY_BYTES);
			date += DAY_BYTES;
			str_add(out, date, (size_t)(line + len - date));
		} else {
			str_add(out, line, len);
		}
		str_addc(out, '\n');
		line += len + 1;
	}
	return true;
}
