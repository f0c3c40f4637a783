#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bug.h"

enum { LARGE_PAGE = 2 * 1024 * 1024 };

static size_t
multiply(size_t count, size_t bytes)
{
	size_t total;

	if (__builtin_mul_overflow(count, bytes, &total))
		bug_no_memory(SIZE_MAX);
	return total;
}

void *
mem_alloc(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	if (p == NULL)
		bug_no_memory(bytes);
	return p;
}

void *
mem_array(size_t count, size_t bytes)
{
	return mem_alloc(multiply(count, bytes));
}

void *
mem_grow(void *p, size_t count, size_t bytes)
{
	size_t total = multiply(count, bytes);

	p = realloc(p, total ? total : 1);
	if (p == NULL)
		bug_no_memory(total);
	return p;
}

/* Only whole large pages: what else stands in the heap is left as it was. */
static void
ask_for_large_pages(void *p, size_t bytes)
{
	uintptr_t at = (uintptr_t)p, end = at + bytes;

	at = (at + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
	end &= ~(uintptr_t)(LARGE_PAGE - 1);
	if (at < end) /* a hint: refused, everything works as before */
		(void)madvise((void *)at, end - at, MADV_HUGEPAGE);
}

void *
mem_large(size_t count, size_t bytes)
{
	size_t total = multiply(count, bytes);
	void *p = NULL;

	if (total < LARGE_PAGE)
		return mem_grow(NULL, count, bytes);
	if (posix_memalign(&p, LARGE_PAGE, total) != 0)
		bug_no_memory(total);
	ask_for_large_pages(p, total);
	return p;
}

void *
mem_copy(const void *p, size_t bytes)
{
	void *copy = malloc(bytes ? bytes : 1);

	if (copy == NULL)
		bug_no_memory(bytes);
	if (bytes > 0)
		memcpy(copy, p, bytes);
	return copy;
}

char *
mem_strdup(const char *s)
{
	return s != NULL ? mem_copy(s, strlen(s) + 1) : NULL;
}

char *
mem_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = mem_alloc(len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *
mem_join(const char *head, const char *tail)
{
	size_t before = strlen(head), len = strlen(tail);
	char *text = mem_grow(NULL, before + len + 1, 1);

	memcpy(text, head, before);
	memcpy(text + before, tail, len + 1);
	return text;
}

char *
mem_printf(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		bug_no_memory(strlen(fmt));
	va_end(ap);
	return text;
}

void
mem_free(void *p)
{
	free(p);
}

void
mem_wipe(void *p, size_t bytes)
{
	if (p != NULL)
		explicit_bzero(p, bytes);
}

void
mem_wipe_free(void *p, size_t bytes)
{
	mem_wipe(p, bytes);
	free(p);
}
