#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

enum { MAP_FIRST_SLOTS = 16 };

/* The address of the table is the seed: it differs from run to run, so that a file
 * cannot be written whose keys all collide. Order never depends on it. */
static size_t
slot_of(const struct map *m, const char *key)
{
	uint64_t h = (uint64_t)(uintptr_t)m->slots;

	for (; *key != '\0'; key++) {
		h = (h ^ (unsigned char)*key) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return (size_t)(h & (m->nslots - 1));
}

/* The slot that holds key, or the free one where it belongs. */
static size_t
find_slot(const struct map *m, const char *key)
{
	size_t i = slot_of(m, key);

	while (m->slots[i] != 0 && strcmp(m->at[m->slots[i] - 1].key, key) != 0)
		i = (i + 1) & (m->nslots - 1);
	return i;
}

static void
rebuild(struct map *m, size_t nslots)
{
	mem_free(m->slots);
	m->slots = mem_array(nslots, sizeof *m->slots);
	m->nslots = nslots;
	for (size_t i = 0; i < m->len; i++)
		m->slots[find_slot(m, m->at[i].key)] = i + 1;
}

void
map_init(struct map *m)
{
	memset(m, 0, sizeof *m);
}

void
map_release(struct map *m)
{
	for (size_t i = 0; i < m->len; i++)
		mem_free(m->at[i].key);
	mem_free(m->at);
	mem_free(m->slots);
	map_init(m);
}

static struct map_entry *
find(const struct map *m, const char *key)
{
	if (m->len == 0)
		return NULL;
	size_t index = m->slots[find_slot(m, key)];
	return index != 0 ? &m->at[index - 1] : NULL;
}

void *
map_get(const struct map *m, const char *key)
{
	struct map_entry *entry = find(m, key);

	return entry != NULL ? entry->value : NULL;
}

bool
map_has(const struct map *m, const char *key)
{
	return find(m, key) != NULL;
}

void *
map_put(struct map *m, const char *key, void *value)
{
	struct map_entry *entry = find(m, key);

	if (entry != NULL) {
		void *old = entry->value;
		entry->value = value;
		return old;
	}
	if ((m->len + 1) * 2 > m->nslots)
		rebuild(m, m->nslots ? m->nslots * 2 : MAP_FIRST_SLOTS);
	if (m->len == m->cap) {
		m->cap = m->cap ? m->cap * 2 : MAP_FIRST_SLOTS / 2;
		m->at = mem_grow(m->at, m->cap, sizeof *m->at);
	}
	size_t slot = find_slot(m, key);
	m->at[m->len++] = (struct map_entry){.key = mem_strdup(key), .value = value};
	m->slots[slot] = m->len;
	return NULL;
}

void *
map_remove(struct map *m, const char *key)
{
	struct map_entry *entry = find(m, key);

	if (entry == NULL)
		return NULL;
	void *value = entry->value;
	size_t i = (size_t)(entry - m->at);
	mem_free(entry->key);
	memmove(&m->at[i], &m->at[i + 1], (m->len - i - 1) * sizeof *m->at);
	m->len--;
	rebuild(m, m->nslots);
	return value;
}
