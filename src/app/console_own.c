/* What is the operator's own: keys and settings, taken when the console begins, and the words
 * on the shell's screen when it ends. */

#include <stdio.h>

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
	settings_release(&s);
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

/* What stays on the shell's screen: where the run is and how it goes on. */
void
console_farewell(const char *id, const char *dir, const char *result, const char *busy,
	const char *other)
{
	if (!id)
		return;
	if (other) {
		printf("Run %s is %s's. Look on with: handrail watch %s\n", id, other,
			id);
	} else if (result) {
		printf("Run %s is closed: %s.\nRecord: %s\nCheck it: handrail verify %s\n",
			id, result, dir, id);
	} else {
		printf("Run %s is open.%s%s\nGo on with: handrail resume %s\n", id,
			*busy ? " " : "", busy, id);
	}
	fflush(stdout);
}
