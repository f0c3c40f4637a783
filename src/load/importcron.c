#include "load/importcron.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "load/fenceline.h"

/* Bytes of a word; the blank in $(date +%F) does not end it. */
static size_t
word_len(const char *s)
{
	size_t n = 0;

	for (; s[n] && !strchr(" \t;&|<>", s[n]); n++)
		if (s[n] == '$' && s[n + 1] == '(' && strchr(s + n, ')'))
			n += strcspn(s + n, ")");
	return n;
}

/* The file a command writes anew by its first "> FILE"; NULL: none. Caller frees. */
static char *
written(const char *command)
{
	for (const char *s = command; (s = strchr(s, '>')) != NULL; s++) {
		bool other = s[1] == '>' || s[1] == '&' ||
			(s > command && strchr("0123456789>&<-=", s[-1]));
		const char *file = s + 1 + strspn(s + 1, " \t");
		size_t len = word_len(file);

		if (!other && len && !str_starts(file, "/dev/"))
			return mem_strndup(file, len);
		if (s[1] == '>')
			s++;
	}
	return NULL;
}

/* Removes files in the folder where another job writes. */
static void
tell_deletion(struct importing *g, int l, const char *command, const struct map *first)
{
	if (!strstr(command, " -delete") && !strstr(command, "rm "))
		return;
	for (size_t i = 0; i < first->len; i++) {
		const char *file = first->at[i].key, *slash = strrchr(file, '/');
		char *dir = mem_strndup(
			file, slash && slash > file ? (size_t)(slash - file) : 0);
		const char *at = *dir ? strstr(command, dir) : NULL;

		if (at && strchr(" \t/\"'", at[strlen(dir)]))
			importing_note(g, l,
				"deletes in the folder where the cron job in line %d writes: "
				"%.120s",
				(int)(uintptr_t)first->at[i].value, dir);
		mem_free(dir);
	}
}

static void
tell_line(struct importing *g, int l, struct map *first)
{
	size_t len, fields;
	const char *at = mdtree_line(g->t, l, &len);
	char *line = mem_strndup(at, len), *file;
	uintptr_t before;

	fields = fenceline_cron(line);
	file = fields ? written(line + fields) : NULL;
	if (fields)
		tell_deletion(g, l, line + fields, first);
	before = file ? (uintptr_t)map_get(first, file) : 0;
	if (before)
		importing_note(g, l,
			"writes the same file as the cron job in line %d: %.120s",
			(int)before, file);
	else if (file)
		map_put(first, file, (void *)(uintptr_t)l);
	mem_free(file);
	mem_free(line);
}

void
importcron_tell(struct importing *g)
{
	struct map first; /* file to the line that writes it */

	map_init(&first);
	for (int l = 1; l <= g->t->lines; l++) {
		int owner = g->t->owner[l];

		if (owner > 0 && importing_node(g, owner)->kind == MDTREE_CODE)
			tell_line(g, l, &first);
	}
	map_release(&first);
}
