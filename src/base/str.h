#ifndef BASE_STR_H
#define BASE_STR_H

/*
 * Growable bytes. `buf` is never NULL and always ends in NUL after `len` bytes, so a
 * text can be read at any time; bytes may contain NUL themselves.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	char *buf;
	size_t len;
	size_t cap; /* 0: buf points to a shared empty string */
};

extern const char str_empty[1]; /* never written: cap 0 says so */
#define STR_INIT ((struct str){.buf = (char *)str_empty})

void str_init(struct str *s);
void str_release(struct str *s); /* back to STR_INIT */
void str_reset(struct str *s);   /* empty, memory kept */
void str_reserve(struct str *s, size_t more);
void str_add(struct str *s, const void *bytes, size_t len);
void str_adds(struct str *s, const char *text);
/* On one line: each end of a line, and the blanks around it, is "; "; none at the end. */
void str_add_flat(struct str *out, const char *s);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
void str_cut(struct str *s, size_t len);    /* shorten to len */
void str_drop(struct str *s, size_t front); /* remove bytes at the front */
/* Of a str that is a queue, *used bytes at the front were taken. What is left moves to the
 * front when that costs no more than the taking did, so one that never runs empty does not
 * grow; an empty one keeps at most STR_QUEUE_KEEP bytes of memory. */
enum { STR_QUEUE_KEEP = 64 * 1024 };
void str_taken(struct str *s, size_t *used);
char *str_take(struct str *s); /* caller frees; s is empty after */
bool str_ends(const struct str *s, const char *tail);

/* Plain C strings */
bool str_eq(const char *a, const char *b); /* NULL equals only NULL */
bool str_starts(const char *s, const char *head);
/* Edit distance (insert, delete, replace, swap), for "did you mean". */
size_t str_distance(const char *a, const char *b);
/* Nearest of `names` (NULL-terminated) within a third of the length, or NULL. */
const char *str_nearest(const char *word, const char *const *names);
/* "812 B", "3.1 KiB", "80.0 MiB". */
void str_add_bytes(struct str *s, int64_t n);
/* 'it'\''s': safe as one word of any POSIX shell. */
void str_add_shell_quoted(struct str *s, const char *text);

/* In place: what would begin another line, or do something, is a space. NULL stays NULL. */
char *str_flatten(char *text);

#endif
