#include "load/keyed.h"

#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"
#include "base/stamp.h"
#include "load/meant.h"
#include "load/scalar.h"

_Static_assert((int)KEY_STEP_ROWS <= (int)KEYS_MAX, "KEYS_MAX holds the longest context");
_Static_assert(
	(int)KEY_PROBE_ROWS <= (int)KEYS_MAX, "KEYS_MAX holds the longest context");

enum { LISTED_MAX = 12 }; /* keys named in full in a help line */

struct diag *
keyed_complain(const struct reading *r, const struct ynode *at, enum complaint c,
	const char *help, const char *fmt, ...)
{
	const struct complaint_row *row = complaints_row(c);
	struct spot spot = {.file = r->file};
	struct str msg = STR_INIT;
	struct diag *d;
	va_list ap;

	if (at) {
		spot.line = (int)at->line;
		spot.col = at->col;
	}
	va_start(ap, fmt);
	str_vaddf(&msg, fmt, ap);
	va_end(ap);
	d = diag_add(r->d, row->id[0] == 'W' ? DIAG_WARNING : DIAG_ERROR, row->id, spot,
		row->reason, help, "%s", msg.buf);
	str_release(&msg);
	return d;
}

char *
keyed_guess(const char *word, const char *const *names)
{
	const char *near = strlen(word) <= 64 ? str_nearest(word, names) : NULL;

	return near ? mem_printf("did you mean `%s`?", near) : NULL;
}

/* ---- keys ------------------------------------------------------------------------------ */

int
keyed_row(const struct reading *r, enum key_context ctx, const struct ynode *key)
{
	return r->keys ? keytable_index_find(r->keys, ctx, key->text, key->len)
		       : keytable_find(ctx, key->text, key->len);
}

static const char *
kind_noun(enum key_context ctx, uint32_t kind)
{
	int bit = __builtin_ctz(kind);

	return ctx == KEYS_IN_STEP ? step_kind_name((enum step_kind)bit)
				   : probe_kind_name((enum probe_kind)bit);
}

static char *
list_keys(enum key_context ctx)
{
	struct str s = STR_INIT;
	const struct key_row *rows;
	size_t count;

	rows = keytable_of(ctx, &count);
	if (count > LISTED_MAX) {
		str_addf(&s, "handrail-%s(5) lists the keys of %s",
			ctx < KEYS_IN_PROJECT ? "runbook" : "config",
			keytable_heading(ctx));
		return str_take(&s);
	}
	str_adds(&s, "the keys here are");
	for (size_t i = 0; i < count; i++)
		str_addf(&s, "%s %s", i ? "," : "", rows[i].name);
	return str_take(&s);
}

/* Row meant by an unknown key, if it stands nowhere else in the mapping; else NONE. */
static int
complain_unknown(const struct reading *r, const struct ynode *map,
	const struct ynode *key, enum key_context ctx, uint32_t kind)
{
	size_t count;
	const struct key_row *rows = keytable_of(ctx, &count);
	int same = meant_key(ctx, key->text, kind);
	int near = same != NONE ? same : keytable_nearest(ctx, key->text, kind);
	bool there = near != NONE && keyed_written(map, rows[near].name);
	char *help = near != NONE ? mem_printf("did you mean `%s`?", rows[near].name)
				  : list_keys(ctx);
	struct diag *d = keyed_complain(r, key, C_KEY_UNKNOWN, help,
		"unknown key `%.60s` in %s", key->text, keytable_heading(ctx));

	if (near != NONE && !there &&
		(same != NONE || meant_slip(ctx, key->text, rows[near].name)))
		diag_means(d, key->text, rows[near].name);
	mem_free(help);
	return there ? NONE : near;
}

static void
complain_kind(const struct reading *r, const struct ynode *key, enum key_context ctx,
	uint32_t kind)
{
	keyed_complain(r, key, C_KEY_KIND, "remove it, or make it another kind",
		"`%s` does nothing in a `%s` %s", key->text, kind_noun(ctx, kind),
		ctx == KEYS_IN_STEP ? "step" : "probe");
}

bool
keyed_written(const struct ynode *map, const char *key)
{
	return ynode_get(map, key) != NULL;
}

/* ---- shapes ---------------------------------------------------------------------------- */

static bool
check_list(const struct reading *r, const struct ynode *n, const struct key_row *row)
{
	bool ok = true;

	for (const struct ynode *i = n->first; i; i = i->next)
		ok = keyed_scalar(r, i, row) && ok;
	return ok;
}

static bool
check_names(const struct reading *r, const struct ynode *n, const struct key_row *row)
{
	struct key_row inner = *row;
	bool ok = true;

	for (const struct ynode *k = n->first; k; k = k->next->next) {
		const struct ynode *v = k->next;

		if (v->kind == YNODE_BAD || k->kind != YNODE_SCALAR) {
			ok = false;
		} else if (row->shapes & KEY_GRANTS && v->kind == YNODE_MAP) {
			inner.shapes = KEY_LISTS;
			ok = check_names(r, v, &inner) && ok;
		} else if (row->shapes & KEY_LISTS && v->kind == YNODE_LIST) {
			ok = check_list(r, v, row) && ok;
		} else {
			ok = keyed_scalar(r, v, row) && ok;
		}
	}
	return ok;
}

static unsigned
fitting_shapes(const struct ynode *n)
{
	switch ((enum ynode_kind)n->kind) {
	case YNODE_SCALAR:
		return KEY_SCALAR | KEY_TEST;
	case YNODE_LIST:
		return KEY_TEST |
			(n->first && n->first->kind != YNODE_MAP ? KEY_LIST
					: n->first               ? KEY_OBJECTS
						   : KEY_LIST | KEY_OBJECTS);
	case YNODE_MAP:
		return KEY_PAIRS | KEY_OBJECT | KEY_TABLE | KEY_LISTS | KEY_GRANTS |
			KEY_VALUES | KEY_EXPECT | KEY_TEST;
	case YNODE_BAD:
		break;
	}
	return 0;
}

static bool
check_entry(const struct reading *r, const struct ynode *key, const struct ynode *v,
	const struct key_row *row)
{
	unsigned fit = row->shapes & fitting_shapes(v);
	struct str help = STR_INIT;

	if (v->kind == YNODE_BAD)
		return false;
	if (v->kind == YNODE_SCALAR && v->len == 0 && v->style == YNODE_PLAIN) {
		keyed_complain(r, key, C_NO_VALUE, "give it a value, or remove it",
			"`%s` has no value", row->name);
		return false;
	}
	if (!fit) {
		str_adds(&help, "write ");
		keytable_shape_text(row, &help);
		keyed_complain(r, v, C_SHAPE, help.buf, "`%s` can't be %s", row->name,
			v->kind == YNODE_SCALAR         ? "a single value"
				: v->kind == YNODE_LIST ? "this list"
							: "a mapping");
		str_release(&help);
		return false;
	}
	if (fit & KEY_SCALAR)
		return keyed_scalar(r, v, row);
	if (fit & KEY_LIST)
		return check_list(r, v, row);
	if (fit & (KEY_PAIRS | KEY_LISTS | KEY_GRANTS))
		return check_names(r, v, row);
	return true;
}

static void
check_required(const struct reading *r, const struct ynode *map, enum key_context ctx,
	uint32_t kind, uint64_t seen)
{
	size_t count;
	const struct key_row *rows = keytable_of(ctx, &count);

	for (size_t i = 0; i < count; i++) {
		if (rows[i].need != KEY_REQUIRED || (seen >> i & 1))
			continue;
		if (rows[i].kinds && !(rows[i].kinds & kind))
			continue;
		char *help = mem_printf("add `%s:` - %s", rows[i].name, rows[i].help);
		struct diag *d = keyed_complain(r, map, C_KEY_MISSING, help,
			"%s lacks `%s`", keytable_heading(ctx), rows[i].name);

		/* With steps in it, it is a runbook, and there is one format. */
		if (ctx == KEYS_IN_RUNBOOK && i == KEY_RUNBOOK_HANDRAIL &&
			(seen >> KEY_RUNBOOK_STEPS & 1))
			diag_means(d, "", "handrail: 1\n");
		mem_free(help);
	}
}

bool
keyed_read(const struct reading *r, const struct ynode *map, enum key_context ctx,
	uint32_t kind, const struct ynode *got[KEYS_MAX])
{
	size_t count;
	const struct key_row *rows = keytable_of(ctx, &count);
	uint64_t seen = 0;

	memset(got, 0, KEYS_MAX * sizeof *got);
	if (map->kind != YNODE_MAP) {
		if (map->kind != YNODE_BAD)
			keyed_complain(r, map, C_SHAPE, "write `key: value` lines",
				"%s is a mapping, not %s", keytable_heading(ctx),
				map->kind == YNODE_LIST ? "a list" : "a single value");
		return false;
	}
	for (const struct ynode *k = map->first; k; k = k->next->next) {
		int i;

		if (k->kind != YNODE_SCALAR)
			continue;
		i = keyed_row(r, ctx, k);
		if (i == NONE)
			i = complain_unknown(r, map, k, ctx, kind);
		else if (kind && rows[i].kinds && !(rows[i].kinds & kind)) {
			complain_kind(r, k, ctx, kind);
			continue;
		}
		if (i == NONE || (seen >> i & 1))
			continue;
		seen |= UINT64_C(1) << i;
		if (check_entry(r, k, k->next, &rows[i]))
			got[i] = k->next;
	}
	check_required(r, map, ctx, kind, seen);
	return true;
}

/* ---- of checked nodes -------------------------------------------------------------------- */

bool
keyed_scalar(const struct reading *r, const struct ynode *n, const struct key_row *row)
{
	struct str help = STR_INIT;
	struct diag *d;
	struct err e;
	char *meant;
	bool clear;

	if (n->kind == YNODE_BAD)
		return false;
	if (n->kind != YNODE_SCALAR) {
		keyed_complain(r, n, C_SHAPE, "write a single value",
			"`%s` holds %s here", row->name,
			n->kind == YNODE_LIST ? "a list" : "a mapping");
		return false;
	}
	err_init(&e);
	if (scalar_check(n->text, n->len, row, &e))
		return true;
	meant = meant_value(n->text, row);
	if (meant) {
		str_addf(&help, "did you mean `%s`?", meant);
	} else if (row->value == KEY_VALUE_WORD) {
		scalar_word_help(row->words, n->text, &help);
	} else {
		str_adds(&help, "write ");
		str_adds(&help, scalar_example(row->value));
	}
	d = keyed_complain(r, n, C_VALUE, help.buf, "`%s`: %s", row->name, e.msg);
	if (meant)
		diag_means(d, n->text, meant);
	str_release(&help);
	clear = meant != NULL;
	mem_free(meant);
	/* What was meant is read on, so that all that is wrong is said at once. */
	return clear;
}

char *
keyed_text(const struct ynode *n)
{
	return n ? mem_copy(n->text, n->len + 1) : NULL;
}

char *
keyed_line(const struct ynode *n)
{
	size_t len = n ? n->len : 0;
	char *text = keyed_text(n);

	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	return text;
}

bool
keyed_bool(const struct ynode *n)
{
	static const struct key_row row = {.value = KEY_VALUE_BOOL};
	char *meant = n ? meant_value(n->text, &row) : NULL;
	bool is = n && strcmp(meant ? meant : n->text, "true") == 0;

	mem_free(meant);
	return is;
}

int
keyed_int(const struct ynode *n, int fallback)
{
	return n ? (int)strtol(n->text, NULL, 10) : fallback; /* nine digits at most */
}

int64_t
keyed_ms(const struct ynode *n)
{
	static const struct key_row row = {.value = KEY_VALUE_DURATION};
	int64_t ms = 0;
	char *meant;

	if (!n || stamp_parse_duration(n->text, &ms))
		return ms;
	meant = meant_value(n->text, &row);
	if (!meant || !stamp_parse_duration(meant, &ms))
		ms = 0;
	mem_free(meant);
	return ms;
}

int
keyed_word(const struct ynode *n, enum key_context ctx, int row, int fallback)
{
	size_t count;
	const struct key_row *rows = keytable_of(ctx, &count);
	int i = NONE;
	char *meant;

	if (!n || n->kind != YNODE_SCALAR)
		return fallback;
	i = keytable_word(rows[row].words, n->text);
	if (i != NONE)
		return i;
	meant = meant_value(n->text, &rows[row]);
	if (meant)
		i = keytable_word(rows[row].words, meant);
	mem_free(meant);
	return i == NONE ? fallback : i;
}

void
keyed_strings(const struct ynode *n, struct strings *out)
{
	if (!n)
		return;
	if (n->kind == YNODE_SCALAR)
		vec_push(&out->list, keyed_line(n));
	else if (n->kind == YNODE_LIST)
		for (const struct ynode *i = n->first; i; i = i->next)
			if (i->kind == YNODE_SCALAR)
				vec_push(&out->list, keyed_line(i));
}

void
keyed_pair_add(struct pairs *out, const char *key, const struct ynode *n)
{
	struct pair p = {.key = mem_strdup(key), .line = (int)n->line};
	struct str s = STR_INIT;

	if (n->kind == YNODE_SCALAR) {
		p.value = keyed_text(n);
	} else {
		for (const struct ynode *i = n->first; i; i = i->next) {
			const char *word = i->text;

			if (i != n->first)
				str_addc(&s, ' ');
			if (i->kind != YNODE_SCALAR)
				continue;
			if (word[strcspn(word, " \t\n'\"\\")] || !*word)
				str_add_shell_quoted(&s, word);
			else
				str_adds(&s, word);
		}
		p.value = str_take(&s);
	}
	vec_push(&out->list, p);
}

void
keyed_pairs(const struct ynode *n, struct pairs *out)
{
	if (!n)
		return;
	for (const struct ynode *k = n->first; k; k = k->next->next)
		if (k->kind == YNODE_SCALAR && k->next->kind == YNODE_SCALAR)
			keyed_pair_add(out, k->text, k->next);
}
