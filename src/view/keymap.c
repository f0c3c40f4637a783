#include "view/keymap.h"

#include <string.h>

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

static bool
names_key(const char *keys, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = keys; *at;) {
		size_t n = strcspn(at, " ");

		if (n == len && memcmp(at, key, n) == 0)
			return true;
		at += n + (at[n] == ' ');
	}
	return false;
}

enum action
keymap_find(enum keymap_place place, const char *key)
{
	for (int a = 0; a < ACTION_COUNT; a++)
		if (rows[a].places & (int)place && names_key(rows[a].keys, key))
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
keymap_keys_text(const struct keymap_row *row, bool ascii, struct str *out)
{
	for (const char *at = row->keys; *at;) {
		size_t n = strcspn(at, " ");
		struct str one = STR_INIT;

		str_add(&one, at, n);
		if (at != row->keys)
			str_addc(out, ' ');
		keymap_key_text(one.buf, ascii, out);
		str_release(&one);
		at += n + (at[n] == ' ');
	}
}

static int
footer_entry(
	struct frame *f, struct area a, const struct keymap_row *row, const char *word)
{
	struct str key = STR_INIT, one = STR_INIT;
	int used, need;

	str_add(&one, row->keys, strcspn(row->keys, " "));
	keymap_key_text(one.buf, f->ascii, &key);
	need = (int)(text_cells(key.buf) + 1 + text_cells(word));
	if (need <= a.cols) {
		used = frame_put(f, a, STYLE_KEY, key.buf);
		frame_put(f, (struct area){a.row, a.col + used + 1, 1, a.cols - used - 1},
			STYLE_TEXT, word);
	}
	str_release(&key);
	str_release(&one);
	return need <= a.cols ? need : 0;
}

static bool
is_help(int a)
{
	return a == ACTION_HELP || a == ACTION_HELP_TEXT;
}

void
keymap_footer(struct frame *f, struct area a, enum keymap_place place,
	const struct keymap_can *can)
{
	enum { GAP = 3, HELP_CELLS = 10 };
	int end = a.col + a.cols, col = a.col;

	/* first Enter and what has a word only now, because it matters now: Ctrl-C while a
	 * step runs */
	for (int n = 0; n < 2 * ACTION_COUNT; n++) {
		int i = n % ACTION_COUNT;
		const struct keymap_row *row = &rows[i];
		int room = end - col - (is_help(i) ? 0 : HELP_CELLS), used;
		bool special = i == ACTION_RUN_ACT || (!row->footer && can->word[i]);

		if (!(row->places & (int)place) || can->not_now[i] ||
			(n < ACTION_COUNT ? !special : special || !row->footer))
			continue;
		used = footer_entry(f, (struct area){a.row, col, 1, room}, row,
			can->word[i] ? can->word[i] : row->footer);
		if (!used)
			continue;
		col += used;
		if (!is_help(i))
			frame_put(f, (struct area){a.row, col, 1, GAP}, STYLE_DIM,
				f->ascii ? " - " : " · ");
		col += GAP;
	}
}
