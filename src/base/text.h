#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/*
 * UTF-8 and terminal cells. `text_harmless` is the one place where bytes from outside
 * (hosts, files, servers) are made safe to show: after it a text holds no control byte,
 * no bidi or zero-width character, no tag character, at most 8 combining marks in a row
 * and only valid UTF-8. Controls become visible (^[ , <U+202E>); TAB becomes blanks to
 * the next multiple of 8, counted from the start of `bytes` or of its line; CR before LF
 * goes; newlines stay only with TEXT_KEEP_LF, else they show as ^J.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum text_keep { TEXT_ONE_LINE, TEXT_KEEP_LF };

void text_harmless(struct str *out, const void *bytes, size_t len, enum text_keep keep);
/* Same, whole C string to a new one. */
char *text_harmless_dup(const char *s);

/* Decodes one code point; returns bytes used (>= 1); invalid gives U+FFFD and 1. */
size_t text_decode(const char *s, size_t len, uint32_t *cp);
void text_encode(struct str *out, uint32_t cp);
/* Printable ASCII and letters of common scripts: text_harmless changes nothing. False says
 * only that text_harmless has to be asked. */
bool text_is_plain(const char *s, size_t len);
bool text_valid_utf8(const char *s, size_t len);
/* Copies, replacing every invalid byte by U+FFFD. Returns false if any was replaced. */
bool text_scrub_utf8(struct str *out, const char *s, size_t len);

/* True for characters no runbook scalar may hold: C0 but TAB/LF, DEL, C1, bidi controls,
 * zero-width, invisible fillers, tags, U+FEFF. Variation selectors (⚠️) are let through. */
bool text_forbidden(uint32_t cp);

int text_cell_width(uint32_t cp); /* 0, 1 or 2; -1: not printable */
size_t text_cells(const char *s); /* width of a harmless text */
/* Bytes of the longest prefix that fits into `cells`; never splits a grapheme. */
size_t text_fit(const char *s, size_t cells);
/* Appends s cut to `cells`, ending in an ellipsis ("…" or "~") when it was cut. */
void text_add_cut(struct str *out, const char *s, size_t cells, const char *ellipsis);
/* Next line of a wrap at `cells`: bytes of the line; *skip = bytes incl. the blank. */
size_t text_wrap(const char *s, size_t cells, size_t *skip);
/* Grapheme steps for line editing: offset of the next / previous boundary. */
size_t text_next(const char *s, size_t at);
size_t text_prev(const char *s, size_t at);

#endif
