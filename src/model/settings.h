#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

/* What an operator has set for the own console, as config.yaml has it; not the project's. */

#include "base/mem.h"
#include "model/parts.h"
#include "model/runbook.h"

/* How it asks for attention: the bell, a notice of the desktop (OSC 9), nothing. In the order
 * of the words in KEYS_UI. */
enum settings_notify { SETTINGS_BELL, SETTINGS_OSC9, SETTINGS_OFF };

struct settings {
	enum settings_notify notify;
	char *anchor_command;  /* shell text that heads are given to, or NULL */
	struct pairs commands; /* shell text by name: each prints a secret */
};

static inline void
settings_release(struct settings *s)
{
	mem_free(s->anchor_command);
	s->anchor_command = NULL;
	parts_free_pairs(&s->commands);
	s->commands = (struct pairs){0};
}

#endif
