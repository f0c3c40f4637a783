#include "load/importlist.h"

#include <string.h>
#include <strings.h>

#include "load/importitem.h"
#include "load/importmeta.h"
#include "load/importtext.h"

enum { LABEL_BYTES = 60, AFTER_MAX = 40 };

/* The words of an item that holds nothing else; NULL: it is more than a line of a list, and
 * a step. */
static const struct mdnode *
only_words(const struct importing *g, int item)
{
	const struct mdnode *n = importing_node(g, item), *p;

	p = n->first >= 0 ? importing_node(g, n->first) : NULL;
	if (!p || p->kind != MDTREE_PARAGRAPH || p->next >= 0 ||
		p->text[strspn(p->text, " \t\n")] == '\0')
		return NULL;
	return p;
}

/* ---- signatures ------------------------------------------------------------------------ */

static bool
is_last_word(const char *says)
{
	return strcasestr(says, "overall") || strcasestr(says, "final");
}

static int
add_signoff(struct importing *g, char *role_take, char *says_take, int line, bool task)
{
	int step = importing_step(g, STEP_SIGNOFF, mem_strdup(role_take), line,
		task ? DRAFT_TASK : DRAFT_ITEM);
	struct draft_step *s = draft_at(g->d, step);

	s->role = role_take;
	s->says = says_take;
	importing_mark(g, line, IMPORT_KEPT, "sign-off by %s", role_take);
	return step;
}

/* "Overall approval" comes after the others; after the next ones, where they are many. */
static void
order_signoffs(struct importing *g, int first)
{
	for (size_t i = (size_t)first; i < g->d->steps.list.len; i++) {
		struct draft_step *s = draft_at(g->d, (int)i);
		size_t k = i > AFTER_MAX ? i - AFTER_MAX : 0;

		if (s->kind != STEP_SIGNOFF || !is_last_word(s->says))
			continue;
		for (k = k > (size_t)first ? k : (size_t)first; k < i; k++) {
			const struct draft_step *other = draft_at(g->d, (int)k);

			if (other->kind == STEP_SIGNOFF && !str_eq(other->role, s->role))
				vec_push(&s->after.list, mem_strdup(other->role));
		}
	}
}

/* "Developer: Code changes reviewed"; the role alone says that it approves. */
static void
role_and_words(const struct mdnode *p, char *words, char **role, char **says)
{
	size_t label, at = importtext_label(p, &label);
	const char *colon = strstr(words, ": ");

	if (at && label && label < p->len) {
		*role = mem_strndup(p->text, label);
		*says = mem_strdup(words + (at < strlen(words) ? at : strlen(words)));
	} else if (colon && colon > words && colon - words < 40) {
		*role = mem_strndup(words, (size_t)(colon - words));
		*says = mem_strdup(colon + 2);
	} else {
		*role = mem_strdup(words);
		*says = mem_strdup("");
	}
	if ((*says)[strspn(*says, "_ ")] == '\0') {
		mem_free(*says);
		*says = mem_printf("%s approves.", *role);
	}
}

/* What a person writes beside a signature: a sign-off records it by itself. */
static bool
is_of_signature(const char *s, size_t len)
{
	static const char *const words[] = {
		"date", "name", "signature", "signed", "sign", "time", "initials"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == len && strncasecmp(words[i], s, len) == 0)
			return true;
	return false;
}

static bool
has_blank(const char *text)
{
	return strstr(text, "___") != NULL;
}

static void
signs(struct importing *g, const char *role, const char *who, int line, bool task)
{
	struct str filled = STR_INIT;
	char *name;

	importtext_fill(g, role, strlen(role), PLACEHOLDER_IN_PROSE, line, &filled);
	name = str_take(&filled);
	add_signoff(g, name,
		who && who[0] ? mem_printf("%s approves: %s.", name, who)
			      : mem_printf("%s approves.", name),
		line, task);
}

void
importlist_signs(struct importing *g, const char *role, const char *who, int line)
{
	bool task = false;

	signs(g, role, who, line, task);
}

/* "QA lead: ____ Date: ____": each label before a blank is a role that signs. */
static void
blanks(struct importing *g, const struct mdnode *p, int line, bool task)
{
	const char *s = p->text;
	size_t roles = 0;

	while (*s) {
		const char *blank = strstr(s, "___");
		size_t lead = strspn(s, "_ \t\n|,;"), len;

		if (blank && s + lead > blank) {
			s += lead;
			continue;
		}
		s += lead;
		len = blank ? (size_t)(blank - s) : strlen(s);
		s += len;
		if (len) {
			char *label = mem_strndup(s - len, len);

			while (len && strchr(": \t\n", label[len - 1]))
				label[--len] = '\0';
			if (len && !is_of_signature(label, len) && (blank || !roles)) {
				signs(g, label, NULL, line, task);
				roles++;
			} else if (len && !is_of_signature(label, len)) {
				importing_note(
					g, line, "left out of a sign-off: %s", label);
			}
			mem_free(label);
		}
	}
	if (!roles)
		importing_mark(g, line, IMPORT_LOST,
			"a blank beside a signature; the sign-off records it");
}

void
importlist_signoffs(struct importing *g, int list)
{
	int first = (int)g->d->steps.list.len;

	for (int c = importing_node(g, list)->first; c >= 0;
		c = importing_node(g, c)->next) {
		const struct mdnode *n = importing_node(g, c), *p = only_words(g, c);
		char *words, *role, *says;

		if (!p) {
			importitem_step(g, c, false, NULL);
			continue;
		}
		if (has_blank(p->text)) {
			blanks(g, p, n->line, n->mark != 0);
			importing_mark_block(g, c, IMPORT_KEPT, "sign-off");
			continue;
		}
		words = importtext_words(g, p, 0, NULL);
		role_and_words(p, words, &role, &says);
		add_signoff(g, role, says, n->line, n->mark != 0);
		importing_mark_block(g, c, IMPORT_KEPT, "sign-off");
		mem_free(words);
	}
	order_signoffs(g, first);
}

/* Who reviews, told by the words: "UI review required" is signed by a UI reviewer. */
static const char *
reviewer(const char *words)
{
	static const struct {
		const char *word, *role;
	} roles[] = {
		{"ui review", "UI reviewer"},
		{"ops review", "Operations reviewer"},
		{"security review", "Security reviewer"},
		{"nginx", "Operations reviewer"},
		{"compose", "Operations reviewer"},
		{"docs", "Documentation reviewer"},
		{"code", "Code reviewer"},
	};

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (strcasestr(words, roles[i].word))
			return roles[i].role;
	return "Reviewer";
}

void
importlist_reviews(struct importing *g, int list)
{
	for (int c = importing_node(g, list)->first; c >= 0;
		c = importing_node(g, c)->next) {
		const struct mdnode *n = importing_node(g, c), *p = only_words(g, c);
		char *words;

		if (!p) {
			importitem_step(g, c, false, NULL);
			continue;
		}
		words = importtext_words(g, p, 0, NULL);
		importing_mark(
			g, n->line, IMPORT_GUESSED, "sign-off by %s", reviewer(words));
		add_signoff(g, mem_strdup(reviewer(words)), words, n->line, n->mark != 0);
		importing_mark_block(g, c, IMPORT_GUESSED, "sign-off");
	}
}

/* ---- other readings of a list ------------------------------------------------------------- */

/* "**Label:** value" or "Label: value"; false: neither. */
static bool
label_and_value(const struct mdnode *p, char **label, char **value)
{
	size_t len, at = importtext_label(p, &len);

	if (!at) {
		const char *colon = memmem(p->text, p->len, ": ", 2);

		len = colon ? (size_t)(colon - p->text) : 0;
		at = colon ? len + 2 : 0;
	}
	if (!at || !len || at >= p->len || len > LABEL_BYTES)
		return false;
	*label = mem_strndup(p->text, len);
	*value = mem_strndup(p->text + at, p->len - at);
	for (char *s = *value; *s; s++)
		*s = *s == '\n' || *s == '\t' ? ' ' : *s;
	return true;
}

void
importlist_contacts(struct importing *g, int list, bool links)
{
	for (int c = importing_node(g, list)->first; c >= 0;
		c = importing_node(g, c)->next) {
		const struct mdnode *n = importing_node(g, c), *p = only_words(g, c);
		char *label, *value;

		if (!p || n->mark || !label_and_value(p, &label, &value)) {
			importitem_step(g, c, importing_node(g, list)->level != 0, NULL);
			continue;
		}
		importmeta_contact(g, label, value, n->line, links);
		importing_mark_block(g, c, IMPORT_KEPT, "contact");
		mem_free(label);
		mem_free(value);
	}
}

void
importlist_lines(struct importing *g, int list, int depth, struct str *out)
{
	const struct mdnode *l = importing_node(g, list);

	for (int c = l->first; c >= 0; c = importing_node(g, c)->next) {
		const struct mdnode *n = importing_node(g, c);

		for (int k = n->first; k >= 0; k = importing_node(g, k)->next) {
			const struct mdnode *p = importing_node(g, k);
			char *words;

			if (p->kind == MDTREE_LIST) {
				importlist_lines(g, k, depth + 1, out);
				continue;
			}
			if (!p->text)
				continue;
			words = importtext_words(g, p, 0, NULL);
			for (char *s = words; *s; s++)
				*s = *s == '\n' ? ' ' : *s;
			str_addf(out, "%s%*s- %s", out->len ? "\n" : "", 2 * depth, "",
				words);
			mem_free(words);
		}
	}
}
