#include "view/keymap.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const struct keymap_row rows[ACTION_COUNT] = {
#define X(id, name_, places_, keys_, effect_, gate_, group_, footer_, help_) \
	[ACTION_##id] = {.name = name_, \
		.keys = keys_, \
		.footer = footer_, \
		.help = help_, \
		.places = places_, \
		.gate = gate_, \
		.effect = KEYMAP_##effect_, \
		.group = GROUP_##group_},
	ACTIONS(X)
#undef X
};

static const char *const groups[GROUP_COUNT] = {
#define X(id, title) [GROUP_##id] = title,
	KEYMAP_GROUPS(X)
#undef X
};

const struct keymap_row *
keymap_row(enum action a)
{
	return &rows[a];
}

const char *
keymap_group_title(enum keymap_group g)
{
	return groups[g];
}

const char *
keymap_place_name(int i, enum keymap_place *out)
{
	static const struct {
		enum keymap_place place;
		const char *name;
	} places[] = {{ON_HOME, "home"}, {ON_PLAN, "plan"}, {ON_RUN, "run"},
		{ON_PROBLEMS, "problems"}, {ON_HEALTH, "health"},
		{ON_BOXES, "containers"}, {ON_AUDIT, "audit"}, {ON_REPLAY, "replay"},
		{ON_FORM, "dialog"}, {ON_TEXT, "text field"}, {ON_LOGS, "logs"},
		{ON_LEARN, "learn"}, {ON_HELP, "help"}, {ON_COMMANDS, "commands"},
		{ON_SMALL, "small window"}};

	if (i < 0 || i >= (int)(sizeof places / sizeof *places))
		return NULL;
	*out = places[i].place;
	return places[i].name;
}

/* ---- keys of an action --------------------------------------------------------------------- */

void
keymap_release(struct keymap *m)
{
	for (int a = 0; a < ACTION_COUNT; a++)
		mem_free(m->keys[a]);
	*m = (struct keymap){0};
}

const char *
keymap_keys(const struct keymap *m, enum action a)
{
	return m && m->keys[a] ? m->keys[a] : rows[a].keys;
}

bool
keymap_key_at(const struct keymap *m, enum action a, size_t i, char out[KEYMAP_KEY_BYTES])
{
	const char *at = keymap_keys(m, a);
	size_t n;

	for (; *at && i; i--) {
		at += strcspn(at, " ");
		at += *at == ' ';
	}
	n = strcspn(at, " ");
	if (!n || n >= KEYMAP_KEY_BYTES)
		return false;
	memcpy(out, at, n);
	out[n] = '\0';
	return true;
}

bool
keymap_has_key(const struct keymap *m, enum action a, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = keymap_keys(m, a); *at;) {
		size_t n = strcspn(at, " ");

		if (n == len && memcmp(at, key, n) == 0)
			return true;
		at += n + (at[n] == ' ');
	}
	return false;
}

enum action
keymap_find(const struct keymap *m, enum keymap_place place, const char *key)
{
	for (int a = 0; a < ACTION_COUNT; a++)
		if (rows[a].places & (int)place && keymap_has_key(m, a, key))
			return a;
	return ACTION_NONE;
}

static const struct {
	const char *key, *text, *ascii;
} spelled[] = {
	{"Up", "↑", "Up"},
	{"Down", "↓", "Down"},
	{"Left", "←", "Left"},
	{"Right", "→", "Right"},
	{"PageUp", "PgUp", "PgUp"},
	{"PageDown", "PgDn", "PgDn"},
	{"S-Tab", "Shift-Tab", "Shift-Tab"},
	{"BS", "Backspace", "Backspace"},
};

void
keymap_key_text(const char *key, bool ascii, struct str *out)
{
	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
		if (strcmp(spelled[i].key, key) == 0) {
			str_adds(out, ascii ? spelled[i].ascii : spelled[i].text);
			return;
		}
	}
	if (str_starts(key, "C-") && strlen(key) == 3)
		str_addf(out, "Ctrl-%c",
			key[2] >= 'a' && key[2] <= 'z' ? key[2] - 32 : key[2]);
	else
		str_adds(out, key);
}

void
keymap_keys_text(const struct keymap *m, enum action a, bool ascii, struct str *out)
{
	char key[KEYMAP_KEY_BYTES];

	for (size_t i = 0; keymap_key_at(m, a, i, key); i++) {
		if (i)
			str_addc(out, ' ');
		keymap_key_text(key, ascii, out);
	}
}

void
keymap_first_text(const struct keymap *m, enum action a, bool ascii, struct str *out)
{
	char key[KEYMAP_KEY_BYTES];

	if (keymap_key_at(m, a, 0, key))
		keymap_key_text(key, ascii, out);
}

static int
footer_entry(struct frame *f, struct area a, const char *key, const char *word)
{
	int need = (int)(text_cells(key) + 1 + text_cells(word)), used;

	if (need > a.cols)
		return 0;
	used = frame_put(f, a, STYLE_KEY, key);
	frame_put(f, (struct area){a.row, a.col + used + 1, 1, a.cols - used - 1},
		STYLE_TEXT, word);
	return need;
}

void
keymap_deny(struct keymap_can *can, enum action a, const char *why)
{
	can->not_now[a] = why != NULL;
	can->why[a][0] = '\0';
	if (why)
		snprintf(can->why[a], sizeof can->why[a], "%.*s",
			(int)text_fit(why, sizeof can->why[a] - 1), why);
}

static bool
is_help(int a)
{
	return a == ACTION_HELP || a == ACTION_HELP_TEXT;
}

void
keymap_footer(struct frame *f, struct area a, enum keymap_place place,
	const struct keymap_can *can, const struct keymap *m)
{
	enum { GAP = 3, HELP_CELLS = 10 };
	int end = a.col + a.cols, col = a.col;

	/* first Enter and what has a word only now, because it matters now: Ctrl-C while a
	 * step runs */
	for (int n = 0; n < 2 * ACTION_COUNT; n++) {
		int i = n % ACTION_COUNT;
		const struct keymap_row *row = &rows[i];
		int room = end - col - (is_help(i) ? 0 : HELP_CELLS), used;
		struct str key = STR_INIT;
		bool special = i == ACTION_RUN_ACT || (!row->footer && can->word[i]);

		if (!(row->places & (int)place) || can->not_now[i] ||
			(n < ACTION_COUNT ? !special : special || !row->footer))
			continue;
		keymap_first_text(m, i, f->ascii, &key);
		used = key.len
			? footer_entry(f, (struct area){a.row, col, 1, room}, key.buf,
				  can->word[i] ? can->word[i] : row->footer)
			: 0;
		str_release(&key);
		if (!used)
			continue;
		if (col > a.col)
			frame_put(f, (struct area){a.row, col - GAP, 1, GAP}, STYLE_DIM,
				f->ascii ? " - " : " · ");
		col += used + GAP;
	}
}
