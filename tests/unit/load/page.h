#ifndef UNIT_LOAD_PAGE_H
#define UNIT_LOAD_PAGE_H

/*
 * A page of Markdown imported, for tests: what must hold for every page is checked at once
 * (the sums of its account, every line spoken of, the YAML loads without an error), what a
 * case is about is asked afterwards.
 */

#include "load/import.h"
#include "model/runbook.h"

struct page {
	struct import im;
	struct runbook *rb;
};

void page_read(const char *text, struct page *p);
void page_read_bytes(const char *text, size_t len, struct page *p);
void page_release(struct page *p);
/* The step of this title; the case fails without it. */
const struct step *page_step(const struct page *p, const char *title);
/* Fails unless the YAML has this text in it, or has it not. */
void page_has(const struct page *p, const char *text);
void page_lacks(const struct page *p, const char *text);
/* Fails unless the line has this account: "kept", "guessed" or "lost", and these words. */
void page_line(const struct page *p, int line, const char *how, const char *words);
/* Fails unless a note of this line has these words. */
void page_note(const struct page *p, int line, const char *words);

#endif
