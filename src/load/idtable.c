#include "load/idtable.h"

#include <string.h>

#include "base/mem.h"

enum { FIRST_SLOTS = 64 };

/* The address of the table is the seed: it differs from run to run, so that a file cannot
 * be written whose ids all collide. */
static uint32_t
hash_of(const struct idtable *t, const char *id)
{
	uint64_t h = (uint64_t)(uintptr_t)t;

	for (; *id != '\0'; id++) {
		h = (h ^ (unsigned char)*id) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return (uint32_t)h;
}

static void
put_slot(struct idtable *t, struct idslot slot)
{
	size_t i = slot.hash & (t->nslots - 1);

	while (t->slots[i].place != 0)
		i = (i + 1) & (t->nslots - 1);
	t->slots[i] = slot;
}

static void
grow(struct idtable *t)
{
	struct idslot *old = t->slots;
	size_t count = t->nslots;

	t->nslots = count ? count * 4 : FIRST_SLOTS;
	t->slots = mem_array(t->nslots, sizeof *t->slots);
	for (size_t i = 0; i < count; i++)
		if (old[i].place != 0)
			put_slot(t, old[i]);
	mem_free(old);
}

void
idtable_release(struct idtable *t)
{
	mem_free(t->slots);
	*t = (struct idtable){0};
}

int
idtable_find(const struct idtable *t, const struct runbook *rb, const char *id)
{
	uint32_t hash;

	if (t->len == 0)
		return NONE;
	hash = hash_of(t, id);
	for (size_t i = hash & (t->nslots - 1); t->slots[i].place != 0;
		i = (i + 1) & (t->nslots - 1)) {
		size_t step = t->slots[i].place - 1;

		if (t->slots[i].hash == hash &&
			strcmp(rb->steps.list.at[step].id, id) == 0)
			return (int)step;
	}
	return NONE;
}

void
idtable_put(struct idtable *t, const struct step *step)
{
	if ((t->len + 1) * 2 > t->nslots)
		grow(t);
	put_slot(t,
		(struct idslot){.hash = hash_of(t, step->id),
			.place = (uint32_t)step->index + 1});
	t->len++;
}
