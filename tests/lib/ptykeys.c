#include "ptykeys.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct key_name {
	const char *name;
	const char *bytes; /* NULL: the emulator's key below */
	VTermKey key;
};

static const struct key_name key_names[] = {
	{.name = "Enter", .bytes = "\r"},
	{.name = "Esc", .bytes = "\033"},
	{.name = "Tab", .bytes = "\t"},
	{.name = "S-Tab", .bytes = "\033[Z"},
	{.name = "BS", .bytes = "\177"},
	{.name = "Space", .bytes = " "},
	{.name = "lt", .bytes = "<"},
	{.name = "Up", .key = VTERM_KEY_UP},
	{.name = "Down", .key = VTERM_KEY_DOWN},
	{.name = "Left", .key = VTERM_KEY_LEFT},
	{.name = "Right", .key = VTERM_KEY_RIGHT},
	{.name = "Ins", .key = VTERM_KEY_INS},
	{.name = "Del", .key = VTERM_KEY_DEL},
	{.name = "Home", .key = VTERM_KEY_HOME},
	{.name = "End", .key = VTERM_KEY_END},
	{.name = "PageUp", .key = VTERM_KEY_PAGEUP},
	{.name = "PageDown", .key = VTERM_KEY_PAGEDOWN},
};

enum { NAME_MAX_BYTES = 16, FUNCTION_KEYS = 12, CONTROL_MASK = 0x1f };

static const struct key_name *
find_name(const char *name)
{
	for (size_t i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++)
		if (!strcmp(key_names[i].name, name))
			return &key_names[i];
	return NULL;
}

static bool
function_key(const char *name, VTermKey *key)
{
	char *end;
	long n;

	if (name[0] != 'F' || name[1] < '1' || name[1] > '9')
		return false;
	n = strtol(name + 1, &end, 10);
	if (*end || n > FUNCTION_KEYS)
		return false;
	*key = VTERM_KEY_FUNCTION((int)n);
	return true;
}

/* One character under modifiers; the emulator would use CSI u for some, xterm doesn't. */
static void
send_char(const struct ptykeys_sink *sink, unsigned char c, int mod)
{
	char bytes[2];
	size_t n = 0;

	if (mod & VTERM_MOD_ALT)
		bytes[n++] = '\033';
	if (mod & VTERM_MOD_CTRL)
		c = c == '?' ? 0x7f : c & CONTROL_MASK;
	bytes[n++] = (char)c;
	sink->bytes(sink->arg, bytes, n);
}

static bool
send_name(const struct ptykeys_sink *sink, const char *name)
{
	const struct key_name *row = find_name(name);
	int mod = VTERM_MOD_NONE;
	VTermKey key;

	for (; !row && name[0] && name[1] == '-' && name[2]; row = find_name(name)) {
		if (name[0] == 'S')
			mod |= VTERM_MOD_SHIFT;
		else if (name[0] == 'C')
			mod |= VTERM_MOD_CTRL;
		else if (name[0] == 'M')
			mod |= VTERM_MOD_ALT;
		else
			return false;
		name += 2;
	}
	if (row && row->bytes && strlen(row->bytes) == 1) {
		send_char(sink, (unsigned char)row->bytes[0],
			strcmp(row->name, "Space") ? mod & VTERM_MOD_ALT : mod);
	} else if (row && row->bytes) {
		sink->bytes(sink->arg, row->bytes, strlen(row->bytes));
	} else if (row) {
		vterm_keyboard_key(sink->vt, row->key, (VTermModifier)mod);
	} else if (function_key(name, &key)) {
		vterm_keyboard_key(sink->vt, key, (VTermModifier)mod);
	} else if (mod && name[0] && !name[1]) {
		send_char(sink, (unsigned char)name[0], mod);
	} else {
		return false;
	}
	return true;
}

void
ptykeys_send(const struct ptykeys_sink *sink, const char *keys)
{
	while (*keys) {
		const char *end = *keys == '<' ? strchr(keys, '>') : NULL;
		size_t n = strcspn(keys, "<");

		if (end) {
			char name[NAME_MAX_BYTES];

			snprintf(name, sizeof(name), "%.*s", (int)(end - keys - 1),
				keys + 1);
			if (!send_name(sink, name)) {
				fprintf(stderr,
					"# no such key: <%s>, a plain '<' is <lt>\n",
					name);
				abort();
			}
			keys = end + 1;
			continue;
		}
		n = n ? n : 1;
		sink->bytes(sink->arg, keys, n);
		keys += n;
	}
}
