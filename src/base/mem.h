#ifndef BASE_MEM_H
#define BASE_MEM_H

/*
 * Allocation that never returns NULL: when memory runs out the program dies with a
 * sentence, which is safe because every fact is on disk before it is believed.
 */

#include <stddef.h>

void *mem_alloc(size_t bytes);                       /* zeroed */
void *mem_array(size_t count, size_t bytes);         /* zeroed, overflow checked */
void *mem_grow(void *p, size_t count, size_t bytes); /* realloc, overflow checked */
/* As mem_grow(NULL, count, bytes), for megabytes that will all be written: the kernel is
 * asked for large pages, since a page fault for every 4 KiB costs more than the writing. */
void *mem_large(size_t count, size_t bytes);
void *mem_copy(const void *p, size_t bytes);
char *mem_strdup(const char *s);            /* NULL stays NULL */
char *mem_strndup(const char *s, size_t n); /* always terminated */
char *mem_join(const char *head, const char *tail);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void mem_free(void *p);
/* Wipes before it frees: for secrets. NULL is fine. */
void mem_wipe_free(void *p, size_t bytes);
void mem_wipe(void *p, size_t bytes);

#endif
