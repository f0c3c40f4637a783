#ifndef BASE_VEC_H
#define BASE_VEC_H

/*
 * Typed growable arrays: VEC_OF(int) v = {0}; vec_push(&v, 3); v.at[0]; vec_free(&v);
 * The elements belong to whoever declared the vector; vec_free frees only the array.
 */

#include <stddef.h>
#include <string.h>

#include "base/mem.h"

#define VEC_OF(type) \
	struct { \
		type *at; \
		size_t len; \
		size_t cap; \
	}

#define vec_reserve(v, n) \
	do { \
		if ((v)->cap < (n)) { \
			(v)->cap = (v)->cap * 2 > (n) ? (v)->cap * 2 : (n); \
			(v)->at = mem_grow((v)->at, (v)->cap, sizeof *(v)->at); \
		} \
	} while (0)

#define vec_push(v, ...) \
	do { \
		vec_reserve((v), (v)->len + 1); \
		(v)->at[(v)->len++] = (__VA_ARGS__); \
	} while (0)

/* Appends a zeroed element and gives its address. */
#define vec_add(v) \
	(vec_grow_one((void **)&(v)->at, &(v)->len, &(v)->cap, sizeof *(v)->at), \
		&(v)->at[(v)->len - 1])

#define vec_remove(v, i) \
	do { \
		memmove(&(v)->at[i], &(v)->at[(i) + 1], \
			((v)->len - (i)-1) * sizeof *(v)->at); \
		(v)->len--; \
	} while (0)

#define vec_free(v) \
	do { \
		mem_free((v)->at); \
		(v)->at = NULL; \
		(v)->len = (v)->cap = 0; \
	} while (0)

void vec_grow_one(void **at, size_t *len, size_t *cap, size_t bytes);

#endif
