#include "base/vec.h"

enum { VEC_FIRST = 8 };

/* `at` is the address of some `T *`: read and written as bytes, since T is not known. */
void
vec_grow_one(void **at, size_t *len, size_t *cap, size_t bytes)
{
	void *p;

	memcpy(&p, at, sizeof p);
	if (*len == *cap) {
		*cap = *cap ? *cap * 2 : VEC_FIRST;
		p = mem_grow(p, *cap, bytes);
		memcpy(at, &p, sizeof p);
	}
	memset((char *)p + *len * bytes, 0, bytes);
	++*len;
}
