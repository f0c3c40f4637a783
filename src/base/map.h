#ifndef BASE_MAP_H
#define BASE_MAP_H

/*
 * String-keyed map that iterates in insertion order, so that the same input gives the
 * same output every time. Keys are copied, values are borrowed pointers.
 */

#include <stdbool.h>
#include <stddef.h>

struct map_entry {
	char *key;
	void *value;
};

struct map {
	struct map_entry *at; /* insertion order, len entries */
	size_t len;
	size_t cap;
	size_t *slots; /* hash table of indices + 1 */
	size_t nslots;
};

void map_init(struct map *m);
void map_release(struct map *m);
void *map_get(const struct map *m, const char *key); /* NULL if absent */
bool map_has(const struct map *m, const char *key);
/* Returns the value it replaced, else NULL. */
void *map_put(struct map *m, const char *key, void *value);
void *map_remove(struct map *m, const char *key);

#endif
