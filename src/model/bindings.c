#include "model/bindings.h"

#include "base/mem.h"

void
bindings_free(struct bindings *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->list.len; i++) {
		mem_free(b->list.at[i].action);
		mem_free(b->list.at[i].key);
	}
	vec_free(&b->list);
	mem_free(b->path);
	mem_free(b);
}
