#include "load/importreport.h"

#include <string.h>

/* Lines one after the other of which the same is said: "12-15". */
static size_t
same_until(const struct import *im, size_t i)
{
	size_t end = i + 1;

	while (end < im->lines.len && im->lines.at[end].what &&
		im->lines.at[end].how == im->lines.at[i].how &&
		str_eq(im->lines.at[end].what, im->lines.at[i].what))
		end++;
	return end;
}

static void
list_lines(const struct import *im, enum import_how how, struct str *out)
{
	for (size_t i = 0; i < im->lines.len;) {
		const struct import_line *l = &im->lines.at[i];
		size_t end = i + 1;

		if (l->what && l->how == how) {
			end = same_until(im, i);
			str_addf(out, "%s:%zu", im->name, i + 1);
			if (end > i + 1)
				str_addf(out, "-%zu", end);
			str_addf(out, ": %s: %s\n", import_how_name(how), l->what);
		}
		i = end;
	}
}

void
importreport_text(const struct import *im, struct str *out)
{
	list_lines(im, IMPORT_LOST, out);
	list_lines(im, IMPORT_GUESSED, out);
	for (size_t i = 0; i < im->notes.len; i++)
		str_addf(out, "%s:%d: look: %s\n", im->name, im->notes.at[i].line,
			im->notes.at[i].text);
	str_addf(out,
		"%s: %zu lines: %d kept, %d guessed, %d lost; %d steps, %zu to look at\n",
		im->name, im->lines.len, im->kept, im->guessed, im->lost, im->steps,
		im->notes.len);
}

static void
sums(const struct importreport_pages *pages, struct jsonout *j)
{
	int64_t lines = 0, kept = 0, guessed = 0, lost = 0;

	for (size_t i = 0; i < pages->n; i++) {
		lines += (int64_t)pages->at[i]->lines.len;
		kept += pages->at[i]->kept;
		guessed += pages->at[i]->guessed;
		lost += pages->at[i]->lost;
	}
	jsonout_kint(j, "lines", lines);
	jsonout_kint(j, "kept", kept);
	jsonout_kint(j, "guessed", guessed);
	jsonout_kint(j, "lost", lost);
}

/* `file`: NULL where the object has it on top. */
static void
items(const struct import *im, const char *file, struct jsonout *j)
{
	for (size_t i = 0; i < im->lines.len; i++) {
		const struct import_line *l = &im->lines.at[i];

		if (!l->what)
			continue;
		jsonout_open(j);
		if (file)
			jsonout_kstr(j, "file", file);
		jsonout_kint(j, "line", (int64_t)i + 1);
		jsonout_kstr(j, "what", l->what);
		jsonout_kstr(j, "how", import_how_name(l->how));
		jsonout_close(j);
	}
}

static void
notes(const struct import *im, const char *file, struct jsonout *j)
{
	for (size_t i = 0; i < im->notes.len; i++) {
		jsonout_open(j);
		if (file)
			jsonout_kstr(j, "file", file);
		jsonout_kint(j, "line", im->notes.at[i].line);
		jsonout_kstr(j, "text", im->notes.at[i].text);
		jsonout_close(j);
	}
}

void
importreport_json(const struct importreport_pages *pages, struct jsonout *j)
{
	bool several = pages->n > 1;

	if (!several)
		jsonout_kstr(j, "file", pages->at[0]->name);
	sums(pages, j);
	jsonout_key(j, "items");
	jsonout_open_array(j);
	for (size_t i = 0; i < pages->n; i++)
		items(pages->at[i], several ? pages->names[i] : NULL, j);
	jsonout_close_array(j);
	jsonout_key(j, "notes");
	jsonout_open_array(j);
	for (size_t i = 0; i < pages->n; i++)
		notes(pages->at[i], several ? pages->names[i] : NULL, j);
	jsonout_close_array(j);
}
