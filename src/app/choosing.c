/* Choices of an input: the lines that its look on a host prints. */

#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/mem.h"
#include "base/text.h"

enum { CHOICES_MAX = 500, CHOICES_TIMEOUT_MS = 20000 };

static void
choices_reset(struct session_choices *c)
{
	for (size_t i = 0; i < c->count; i++)
		mem_free(c->lines[i]);
	mem_free(c->lines);
	*c = (struct session_choices){0};
}

static void
choices_lines(struct session_choices *c, char *text)
{
	c->lines = mem_array(CHOICES_MAX + 1, sizeof *c->lines);
	for (char *line = text; *line && c->count < CHOICES_MAX;) {
		size_t len = strcspn(line, "\n");
		bool last = line[len] == '\0';
		line[len] = '\0';
		if (len)
			c->lines[c->count++] = text_harmless_dup(line);
		line += len + !last;
	}
}

static void
choices_came(void *ctx, const struct look_end *end)
{
	struct choosing *ch = ctx;
	struct session *s = ch->s;
	struct session_choices *c = &s->choices[ch->input];

	choices_reset(c);
	if (end->known && end->exit == 0) {
		choices_lines(c, end->out.buf);
		c->state = c->count ? CHOICES_READY : CHOICES_FAILED;
		if (!c->count)
			snprintf(c->why, sizeof c->why, "the host has none to offer");
	} else {
		c->state = CHOICES_FAILED;
		char *said = text_harmless_dup(end->err.len ? end->err.buf : end->why);
		snprintf(c->why, sizeof c->why, "the list cannot be had: %.280s", said);
		mem_free(said);
	}
	look_free(s->choice_looks[ch->input]);
	s->choice_looks[ch->input] = NULL;
	if (s->calls.on_choices)
		s->calls.on_choices(s->calls.ctx, ch->input);
	spine_changed(s);
}

void
session_ask_choices(struct session *s, int input)
{
	const struct input *in = &s->runbook->inputs.list.at[input];
	struct session_choices *c = &s->choices[input];
	struct asking_env env = {0};
	struct choosing *ch;
	int target = NONE;

	if (!in->choices || s->choice_looks[input])
		return;
	if (in->host != NONE)
		target = s->runbook->hosts.list.at[in->host].first_target;
	choices_reset(c);
	c->state = CHOICES_LOOKING;
	ch = &s->choosing[input];
	*ch = (struct choosing){s, input};
	asking_env_scope(s, in->scope, &env);
	s->choice_looks[input] = look_start(fleet_link(s->fleet, target),
		&(struct look_spec){.text = in->choices,
			.env = env.list.at,
			.env_len = env.list.len,
			.timeout_ms = CHOICES_TIMEOUT_MS},
		s->redact, choices_came, ch);
	asking_env_release(&env);
}

const struct session_choices *
session_choices(struct session *s, int input)
{
	return &s->choices[input];
}

void
choosing_release(struct session *s)
{
	for (size_t i = 0; s->choices && i < s->runbook->inputs.list.len; i++) {
		look_free(s->choice_looks[i]);
		choices_reset(&s->choices[i]);
	}
	mem_free(s->choices);
	mem_free(s->choice_looks);
	mem_free(s->choosing);
}
