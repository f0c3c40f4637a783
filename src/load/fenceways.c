#include "load/fenceways.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "load/fencecommand.h"
#include "load/fenceline.h"
#include "model/wordlist.h"

static bool
acts(const struct fence_piece *p)
{
	return p->kind == FENCE_PIECE_COMMAND || p->kind == FENCE_PIECE_SETTING;
}

/* The piece stands right under the one before it, without an empty line. */
static bool
adjoins(const struct fence *f, size_t i)
{
	return i > 0 && f->pieces.at[i].first == f->pieces.at[i - 1].last + 1;
}

/* ---- titles ---------------------------------------------------------------------------- */

/* A comment is a title when a command follows it directly, or after an empty line where
 * nothing else does. */
static bool
leads(const struct fence *f, size_t i)
{
	const struct fence_piece *p = &f->pieces.at[i], *next = p + 1;

	if (i + 1 >= f->pieces.len)
		return false;
	if (fenceline_numbered(p->text) && next->kind == FENCE_PIECE_COMMENT &&
		fenceline_numbered(next->text))
		return false;
	if (next->kind == FENCE_PIECE_COMMENT || next->kind == FENCE_PIECE_INSTRUCTION)
		return adjoins(f, i + 1);
	return next->kind != FENCE_PIECE_OUTPUT && next->kind != FENCE_PIECE_EXPECTATION;
}

static void
link_titles(struct fence *f)
{
	bool led = false;
	int title = NONE;

	/* From the end: a run of comments leads where its last one does. */
	for (size_t i = f->pieces.len; i-- > 0;) {
		struct fence_piece *p = &f->pieces.at[i];

		if (p->kind != FENCE_PIECE_COMMENT) {
			led = acts(p) || p->kind == FENCE_PIECE_REPL;
			continue;
		}
		led = led && leads(f, i);
		if (!led)
			p->kind = FENCE_PIECE_INSTRUCTION;
	}
	for (size_t i = 0; i < f->pieces.len; i++) {
		struct fence_piece *p = &f->pieces.at[i];
		bool before = i > 0 && f->pieces.at[i - 1].kind == FENCE_PIECE_COMMENT;

		if (!adjoins(f, i) && !before)
			title = NONE;
		if (p->kind == FENCE_PIECE_COMMENT)
			title = (int)i;
		else if (p->kind == FENCE_PIECE_INSTRUCTION)
			title = NONE;
		p->title = acts(p) ? title : NONE;
		if (p->title != NONE)
			p->flags |= f->pieces.at[title].flags & FENCE_FLAG_OPTIONAL;
	}
}

/* ---- ways ------------------------------------------------------------------------------ */

static struct fence_piece *
neighbour(struct fence *f, size_t at, int step)
{
	for (size_t i = at + (size_t)step; i < f->pieces.len; i += (size_t)step) {
		if (acts(&f->pieces.at[i]))
			return &f->pieces.at[i];
		if (f->pieces.at[i].kind == FENCE_PIECE_ALTERNATIVE)
			return NULL;
	}
	return NULL;
}

static void
link_ways(struct fence *f)
{
	int ways = 0;

	for (size_t i = 0; i < f->pieces.len; i++) {
		struct fence_piece *one, *other;

		if (f->pieces.at[i].kind != FENCE_PIECE_ALTERNATIVE)
			continue;
		one = neighbour(f, i, -1);
		other = neighbour(f, i, 1);
		if (one == NULL || other == NULL)
			continue;
		if (one->way == 0)
			one->way = ++ways;
		other->way = one->way;
		fencecommand_propose(one, FENCE_PROPOSE_DECIDE, NULL);
	}
}

/* ---- folders --------------------------------------------------------------------------- */

/* A new title or an empty line begins something new; the folder of the last thing is hardly
 * meant. */
static void
doubt_folders(struct fence *f)
{
	for (size_t i = 1; i < f->pieces.len; i++) {
		struct fence_piece *p = &f->pieces.at[i];
		bool fresh = !adjoins(f, i) ||
			f->pieces.at[i - 1].kind == FENCE_PIECE_COMMENT;

		if (p->kind == FENCE_PIECE_COMMAND && fresh &&
			(p->dir[0] != '\0' || (p->flags & FENCE_FLAG_FOLDER_LOST) != 0))
			fencecommand_propose(p, FENCE_PROPOSE_FOLDER, NULL);
	}
}

/* ---- comments that promise more than the commands do ----------------------------------- */

/* The first word of a comment, and words of which a command under it would hold one. */
static const struct promise {
	const char *said, *done;
} promises[] = {
	{"tag", "git tag|docker tag|podman tag"},
	{"notify", "mail|curl|slack|notify|wall|webhook"},
	{"backup", "backup|dump|tar|cp|rsync|snapshot|borg|restic|rclone"},
};

static bool
holds_one(const char *text, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, "|");
		char word[16];

		memcpy(word, list, n);
		word[n] = '\0';
		if (strstr(text, word) != NULL)
			return true;
		list += n + (list[n] == '|');
	}
	return false;
}

static const struct promise *
promised(const char *comment)
{
	char word[12] = "";
	size_t n = 0;

	comment += strspn(comment, "0123456789.) ");
	while (n < sizeof word - 1 && isalpha((unsigned char)comment[n])) {
		word[n] = (char)tolower((unsigned char)comment[n]);
		n++;
	}
	for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++) {
		if (str_eq(word, promises[i].said))
			return &promises[i];
	}
	return NULL;
}

/* The commands of each title stand one after the other. */
static void
doubt_promises(struct fence *f)
{
	for (size_t i = 0; i < f->pieces.len; i++) {
		struct fence_piece *first = NULL;
		const struct promise *promise;
		bool kept = false;

		if (f->pieces.at[i].kind != FENCE_PIECE_COMMENT)
			continue;
		promise = promised(f->pieces.at[i].text);
		for (size_t k = i + 1; promise != NULL && k < f->pieces.len &&
			f->pieces.at[k].kind != FENCE_PIECE_COMMENT;
			k++) {
			struct fence_piece *p = &f->pieces.at[k];

			if (p->title != (int)i)
				continue;
			first = first != NULL ? first : p;
			kept = kept || holds_one(p->text, promise->done);
		}
		if (first != NULL && !kept)
			fencecommand_propose(first, FENCE_PROPOSE_MISSING, NULL);
	}
}

/* ---- settings nobody reads ------------------------------------------------------------- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names behind every $ of the commands, sorted; the caller frees them. */
struct names {
	VEC_OF(char *) list;
};

static void
used_names(const struct fence *f, struct names *out)
{
	for (size_t i = 0; i < f->pieces.len; i++) {
		const char *s = f->pieces.at[i].text;

		if (s == NULL || !acts(&f->pieces.at[i]))
			continue;
		while ((s = strchr(s, '$')) != NULL) {
			size_t n = 0;

			s += 1 + (s[1] == '{');
			while (isalnum((unsigned char)s[n]) || s[n] == '_')
				n++;
			if (n > 0)
				vec_push(&out->list, mem_strndup(s, n));
			s += n;
		}
	}
	if (out->list.len > 0)
		qsort(out->list.at, out->list.len, sizeof *out->list.at, by_text);
}

static void
mark_unused(struct fence *f)
{
	struct names used = {0};

	used_names(f, &used);
	for (size_t i = 0; i < f->pieces.len; i++) {
		struct fence_piece *p = &f->pieces.at[i];

		if (p->kind != FENCE_PIECE_SETTING || str_starts(p->text, "export "))
			continue;
		if (used.list.len == 0 ||
			bsearch(&p->name, used.list.at, used.list.len,
				sizeof *used.list.at, by_text) == NULL)
			p->flags |= FENCE_FLAG_UNUSED;
	}
	for (size_t i = 0; i < used.list.len; i++)
		mem_free(used.list.at[i]);
	vec_free(&used.list);
}

void
fenceways_link(struct fence *f)
{
	link_titles(f);
	link_ways(f);
	doubt_folders(f);
	doubt_promises(f);
	mark_unused(f);
}
