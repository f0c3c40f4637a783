#ifndef LOAD_IMPORTTEXT_H
#define LOAD_IMPORTTEXT_H

/*
 * The words of a block as a runbook may hold them: placeholders become ${inputs}, a
 * literal ${ is written $${, secrets are taken out, links keep what they lead to. Part of
 * the importer.
 */

#include "load/importing.h"
#include "load/placeholder.h"

/* Appends `text` with its placeholders filled in, and tells of them. A command line keeps
 * a secret's place as a variable of the shell. */
void importtext_fill(struct importing *g, const char *text, size_t len,
	enum placeholder_place place, int line, struct str *out);
/* The text of a leaf from byte `from` on, filled in. Links with a web address are added to
 * `links` (or NULL) where their words are not the address itself; other targets follow
 * their words in brackets. Lines end in no blanks. */
char *importtext_words(
	struct importing *g, const struct mdnode *n, size_t from, struct pairs *links);
/* Prose whose line begins as a command or its next line does ("$ ", "> ") is written with
 * a backslash before it, one more where it has some; promote takes it away again. */
void importtext_mark_prose(struct str *s);
/* One line that fits a list of steps: whole if it is short, else up to the end of a
 * sentence, of a clause, or of a word. *whole tells which. */
char *importtext_title(const char *words, bool *whole);
/* Bytes of the bold label at the front ("**Why**: "), or 0; *label_len is the label's. */
size_t importtext_label(const struct mdnode *n, size_t *label_len);
/* The only command among the `code` of a text, as written; NULL: none, or several. */
char *importtext_command(struct importing *g, const struct mdnode *n);
/* A web address and nothing else. */
bool importtext_is_web(const char *s);
/* Dangers of every `code` in a text, told in the step. */
void importtext_dangers(struct importing *g, const struct mdnode *n, struct str *explain);
/* "- DANGER ..." lines for hits of the danger rules; each rule once. */
void importtext_hits(struct importing *g, const struct danger_hits *hits, int line,
	struct str *explain);

/* An HTML block: comments are lost, of anything else the words between the tags are kept. */
void importtext_html(struct importing *g, int node, struct str *out);

#endif
