#ifndef BASE_JSONOUT_H
#define BASE_JSONOUT_H

/*
 * Writes JSON in the journal's canonical form (handrail-journal(5)):
 * no blanks, caller's key order, integers only, strings escaped exactly as jq does with
 * 0x7f as \u007f. Invalid UTF-8 becomes U+FFFD. Used for every JSON text we print.
 * Commas are placed by the writer; nesting errors are bugs.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { JSONOUT_DEPTH = 32 };

struct jsonout {
	struct str *out; /* borrowed */
	unsigned depth;
	bool first[JSONOUT_DEPTH]; /* nothing written at this depth yet */
	bool array[JSONOUT_DEPTH]; /* else an object */
	bool after_key;
};

void jsonout_init(struct jsonout *j, struct str *out);
void jsonout_open(struct jsonout *j);        /* { */
void jsonout_close(struct jsonout *j);       /* } */
void jsonout_open_array(struct jsonout *j);  /* [ */
void jsonout_close_array(struct jsonout *j); /* ] */
void jsonout_key(struct jsonout *j, const char *key);
void jsonout_str(struct jsonout *j, const char *s); /* NULL writes null */
void jsonout_strn(struct jsonout *j, const char *s, size_t len);
void jsonout_int(struct jsonout *j, int64_t n); /* |n| <= 2^53-1, else a bug */
void jsonout_bool(struct jsonout *j, bool b);
void jsonout_null(struct jsonout *j);
void jsonout_raw(struct jsonout *j, const char *json); /* already canonical */
/* key and value in one */
void jsonout_kstr(struct jsonout *j, const char *key, const char *s);
void jsonout_kint(struct jsonout *j, const char *key, int64_t n);
void jsonout_kbool(struct jsonout *j, const char *key, bool b);
/* The escaped string with quotes, outside any writer. */
void jsonout_add_string(struct str *out, const char *s, size_t len);

#endif
