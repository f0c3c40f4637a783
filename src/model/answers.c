#include "model/answers.h"

void
answers_free(struct answers *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->inputs.list.len; i++) {
		struct answer_input *in = &a->inputs.list.at[i];

		mem_free(in->name);
		mem_free(in->value);
		mem_free(in->env);
		mem_free(in->file);
	}
	for (size_t i = 0; i < a->steps.list.len; i++) {
		struct answer_step *s = &a->steps.list.at[i];

		mem_free(s->id);
		mem_free(s->evidence);
		mem_free(s->note);
		mem_free(s->reason);
		mem_free(s->confirm);
		mem_free(s->choose);
		mem_free(s->value);
	}
	vec_free(&a->inputs.list);
	vec_free(&a->steps.list);
	mem_free(a->path);
	mem_free(a);
}

const struct answer_step *
answers_for(const struct answers *a, int step)
{
	for (size_t i = 0; a != NULL && i < a->steps.list.len; i++) {
		if (a->steps.list.at[i].step == step)
			return &a->steps.list.at[i];
	}
	return NULL;
}
