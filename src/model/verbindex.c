#include "model/verbindex.h"

#include <string.h>

#include "base/bug.h"
#include "base/vec.h"

enum {
	ROWS = sizeof verb_rows / sizeof verb_rows[0],
	ROW_BITS = 64,
	SLOTS = 1024, /* a few hundred names: most words meet an empty slot */
};

_Static_assert(ROWS <= VERB_ROW_WORDS * ROW_BITS, "every row has its bit");

static const struct verb_wrapper wrappers[] = {
	{"sudo|doas", "-u|--user|-g|--group|-h|-p|-C|-D|-R|-T|-r|-t", 0},
	{"nohup|setsid|exec|command|builtin|time|then|else|elif|if|do|while|until|!|{",
		"", 0},
	{"env", "-u|--unset|-C|--chdir|-S", 0},
	{"nice|ionice|chrt|stdbuf", "-n|--adjustment|-c|--class|-p|-i|-o|-e", 0},
	{"timeout", "-s|--signal|-k|--kill-after", 1},
	{"xargs", "-n|-P|-I|-L|-d|-s|-a|-E|--max-args|--max-procs|--delimiter", 0},
	{"npx", "-p|--package", 0},
	{"bundle", "", 1},
	{"flock", "-w|--timeout|-E", 1},
	{"chroot", "", 1},
};

static const struct {
	const char *names;
	enum verb_act act;
} acts[] = {
	{"docker-compose|podman-compose", VERB_COMPOSE},
	{"docker|podman", VERB_ENGINE},
	{"compose|kubectl", VERB_INSIDE},
	{"sh|bash|dash|ash|zsh|ksh", VERB_SHELL},
	{"psql|mysql|mariadb|sqlite3|clickhouse-client", VERB_CLIENT},
	{"mongo|mongosh", VERB_MONGO},
	{"ssh", VERB_SSH},
	{"find", VERB_FIND},
	{"dd", VERB_DD},
	{"mkswap", VERB_MKSWAP},
	{"rclone", VERB_RCLONE},
	{"git", VERB_GIT},
	{"gcloud|az", VERB_CLOUD},
	{"eval", VERB_EVAL},
	{"perl|python|python2|python3|ruby|node|php|awk|gawk", VERB_CODE},
};

struct verbindex {
	VEC_OF(struct verb_entry) entries;
	uint16_t slots[SLOTS]; /* index + 1; 0: free */
	uint64_t
		sub_first[ROWS]; /* with what the subcommands begin; all bits: any word */
};

static uint64_t
first_bit(char c)
{
	return UINT64_C(1) << (unsigned char)c % ROW_BITS;
}

static uint64_t
first_bits(const char *names)
{
	uint64_t bits = 0;

	for (; names != NULL && *names != '\0'; names += strcspn(names, "|"))
		bits |= first_bit(*(names += *names == '|'));
	return bits != 0 ? bits : ~UINT64_C(0);
}

static size_t
slot_of(const char *name, size_t len)
{
	uint32_t h = (uint32_t)len;

	for (size_t i = 0; i < len; i++)
		h = h * 31 + (unsigned char)name[i];
	return (h ^ h >> 10) % SLOTS;
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t
find_slot(const struct verbindex *x, const char *name, size_t len)
{
	size_t i = slot_of(name, len);

	for (; x->slots[i] != 0; i = (i + 1) % SLOTS) {
		const struct verb_entry *entry = &x->entries.at[x->slots[i] - 1];

		if (entry->len == len && memcmp(entry->name, name, len) == 0)
			break;
	}
	return i;
}

/* The entry of the next of "a|b|c", made if it is new; NULL: no more. */
static struct verb_entry *
take_name(struct verbindex *x, const char **names)
{
	size_t len = strcspn(*names, "|"), slot;
	struct verb_entry *entry;

	if (len == 0)
		return NULL;
	slot = find_slot(x, *names, len);
	if (x->slots[slot] == 0) {
		BUG_ON(x->entries.len >= SLOTS / 2);
		entry = vec_add(&x->entries);
		entry->name = *names;
		entry->len = len;
		x->slots[slot] = (uint16_t)x->entries.len;
	}
	*names += len + ((*names)[len] == '|');
	return &x->entries.at[x->slots[slot] - 1];
}

struct verbindex *
verbindex_new(void)
{
	struct verbindex *x = mem_alloc(sizeof *x);
	struct verb_entry *entry;
	const char *names;

	for (size_t i = 0; i < ROWS; i++) {
		x->sub_first[i] = first_bits(verb_rows[i].sub);
		for (names = verb_rows[i].name; (entry = take_name(x, &names)) != NULL;)
			entry->rows[i / ROW_BITS] |= UINT64_C(1) << i % ROW_BITS;
	}
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		for (names = acts[i].names; (entry = take_name(x, &names)) != NULL;)
			entry->act = acts[i].act;
	for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++)
		for (names = wrappers[i].names; (entry = take_name(x, &names)) != NULL;) {
			entry->act = VERB_WRAPPER;
			entry->wrapper = &wrappers[i];
		}
	return x;
}

void
verbindex_free(struct verbindex *x)
{
	if (x == NULL)
		return;
	vec_free(&x->entries);
	mem_free(x);
}

const struct verb_entry *
verbindex_find(const struct verbindex *x, const char *name)
{
	size_t slot = find_slot(x, name, strlen(name));

	return x->slots[slot] != 0 ? &x->entries.at[x->slots[slot] - 1] : NULL;
}

/* The next row the entry names; ROWS: no more. */
static size_t
next_row(const struct verb_entry *entry, size_t at)
{
	for (size_t word = at / ROW_BITS; word < VERB_ROW_WORDS; word++) {
		uint64_t left = entry->rows[word];

		if (word == at / ROW_BITS)
			left &= ~UINT64_C(0) << at % ROW_BITS;
		if (left != 0)
			return word * ROW_BITS + (size_t)__builtin_ctzll(left);
	}
	return ROWS;
}

const struct verb *
verbindex_row(const struct verbindex *x, const struct verb_entry *entry, const char *sub,
	size_t *at)
{
	uint64_t first = first_bit(*sub);

	for (*at = next_row(entry, *at); *at < ROWS; *at = next_row(entry, *at + 1))
		if ((x->sub_first[*at] & first) != 0)
			return &verb_rows[*at];
	return NULL;
}
