/* The operator's own keys and settings, taken when the console begins. */

#include "app/consoleinner.h"
#include "app/keysfile.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/load.h"

/* A list of keys with a fault must not keep anybody from working: the built-in ones stay. */
static void
take_own_keys(struct console *c)
{
	struct diags d = {0};

	if (!keysfile_own(&c->keys, &d) && d.list.len)
		console_say(c, SCENE_WARNING,
			"Your keys are not used: line %d: %s; see handrail keys check",
			d.list.at[0].line, d.list.at[0].msg);
	diags_release(&d);
}

/* As with the keys. */
static void
take_own_settings(struct console *c)
{
	char *config = file_xdg(FILE_XDG_CONFIG),
	     *path = file_join(config, "config.yaml");
	struct settings s = {0};
	struct diags d = {0};

	if (file_exists(path) && !load_settings(path, &s, &d) && d.list.len)
		console_say(c, SCENE_WARNING, "Your settings are not used: %s:%d: %s",
			path, d.list.at[0].line, d.list.at[0].msg);
	term_notify_by(c->term, s.notify);
	diags_release(&d);
	mem_free(config);
	mem_free(path);
}

void
console_own_take(struct console *c)
{
	take_own_keys(c);
	take_own_settings(c);
}
