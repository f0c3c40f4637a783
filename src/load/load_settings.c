#include "base/file.h"
#include "load/keyed.h"
#include "load/load.h"

/* config.yaml: the operator's own settings. */

static void
read_ui(struct reading *r, const struct ynode *ui, struct settings *s)
{
	const struct ynode *got[KEYS_MAX];

	if (ui && keyed_read(r, ui, KEYS_IN_UI, 0, got))
		s->notify = (enum settings_notify)keyed_word(
			got[KEY_UI_NOTIFY], KEYS_IN_UI, KEY_UI_NOTIFY, SETTINGS_BELL);
}

static void
read_anchor(struct reading *r, const struct ynode *n, struct settings *s)
{
	const struct ynode *got[KEYS_MAX];

	if (n && keyed_read(r, n, KEYS_IN_ANCHOR, 0, got))
		s->anchor_command = keyed_text(got[KEY_ANCHOR_COMMAND]);
}

bool
load_settings(const char *path, struct settings *out, struct diags *d)
{
	struct reading r = {.d = d, .file = path};
	const struct ynode *got[KEYS_MAX], *v;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	size_t before = d->errors;
	struct ydoc *y = NULL;

	*out = (struct settings){0};
	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		y = ydoc_parse(path, text.buf, text.len, d);
	else
		keyed_complain(&r, NULL, C_READ, NULL, "%s", e.msg);
	v = y ? ynode_get(ydoc_root(y), "handrail_config") : NULL;
	if (v && v->kind == YNODE_SCALAR && !str_eq(v->text, "1"))
		keyed_complain(&r, v, C_VERSION, "write `handrail_config: 1`",
			"this version reads format 1, not `%.20s`", v->text);
	else if (y && keyed_read(&r, ydoc_root(y), KEYS_IN_SETTINGS, 0, got)) {
		read_ui(&r, got[KEY_SETTINGS_UI], out);
		read_anchor(&r, got[KEY_SETTINGS_ANCHOR], out);
		if (got[KEY_SETTINGS_COMMANDS])
			keyed_pairs(got[KEY_SETTINGS_COMMANDS], &out->commands);
	}
	ydoc_free(y);
	str_release(&text);
	if (d->errors == before)
		return true;
	settings_release(out);
	*out = (struct settings){0};
	return false;
}
