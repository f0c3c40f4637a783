#ifndef UI_KEYS_H
#define UI_KEYS_H

/*
 * Bytes of a terminal to names of keys, as the keymap spells them: "a", "Enter", "C-d",
 * "S-Tab", "F10". A bracketed paste comes as one piece, so nothing in it is ever taken for
 * a key. No terminal in here: bytes come in, calls go out.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum { KEYS_NAME_BYTES = 40, KEYS_PASTE_MAX = 64 * 1024 };

struct keys_event {
	const char *key;   /* name; NULL: a paste */
	const char *text;  /* what it would type into a field; NULL: nothing */
	const char *paste; /* pasted bytes, not yet harmless */
	size_t paste_len;
};
typedef void keys_fn(void *ctx, const struct keys_event *ev);

struct keys {
	struct str pending; /* an unfinished sequence */
	struct str paste;
	bool pasting;
	bool forgotten; /* what is left of the bytes being fed does not count either */
};

void keys_init(struct keys *k);
void keys_release(struct keys *k);
void keys_feed(struct keys *k, const char *p, size_t len, keys_fn *fn, void *ctx);
/* An ESC stands alone until more comes or the time is over. */
bool keys_waiting(const struct keys *k);
void keys_timeout(struct keys *k, keys_fn *fn, void *ctx);
/* Typeahead that must not count; also from inside a call of keys_feed. */
void keys_forget(struct keys *k);

#endif
