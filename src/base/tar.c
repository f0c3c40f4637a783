#include "base/tar.h"

#include <stdio.h>
#include <string.h>

/* Where the fields of a header begin, and how long they are. */
enum {
	NAME_AT = 0,
	NAME_LEN = 100,
	MODE_AT = 100,
	OWNER_AT = 108,
	GROUP_AT = 116,
	SIZE_AT = 124,
	MTIME_AT = 136,
	SUM_AT = 148,
	SUM_LEN = 8,
	TYPE_AT = 156,
	MAGIC_AT = 257,
	PREFIX_AT = 345,
	PREFIX_LEN = 155,
	DIGITS_SHORT = 7,
	DIGITS_LONG = 11
};

static const int64_t size_max = (1LL << 33) - 1;

static void
octal(char *at, int digits, int64_t n)
{
	for (int i = digits - 1; i >= 0; i--, n >>= 3)
		at[i] = (char)('0' + (n & 7));
}

static bool
take_octal(const char *at, int digits, int64_t *out)
{
	*out = 0;
	for (int i = 0; i < digits; i++) {
		if (at[i] < '0' || at[i] > '7')
			return false;
		*out = *out << 3 | (at[i] - '0');
	}
	return at[digits] == '\0';
}

static bool
name_is_safe(const char *name)
{
	const char *part = name;

	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	for (;;) {
		size_t len = strcspn(part, "/");

		if (!len || (len == 1 && part[0] == '.') ||
			(len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		if (!part[len])
			return true;
		part += len + 1;
	}
}

/* A long name is cut at a slash: what is before it goes into the prefix. */
static bool
put_name(const char *name, char block[TAR_BLOCK])
{
	size_t len = strlen(name), cut = 0;

	if (len > NAME_LEN) {
		cut = len - NAME_LEN - 1;
		while (name[cut] && name[cut] != '/')
			cut++;
		if (!name[cut] || !cut || cut > PREFIX_LEN)
			return false;
		memcpy(block + PREFIX_AT, name, cut);
		cut++;
	}
	memcpy(block + NAME_AT, name + cut, len - cut);
	return true;
}

bool
tar_header(const struct tar_entry *t, char block[TAR_BLOCK], struct err *e)
{
	static const char magic[] = "ustar\00000";
	unsigned sum = 0;

	memset(block, 0, TAR_BLOCK);
	if (!name_is_safe(t->name) || !put_name(t->name, block) || t->size < 0 ||
		t->size > size_max || t->mtime < 0 || t->mtime > size_max)
		return err_set(
			e, ERR_LIMIT, "%.100s: a tar file cannot hold it", t->name);
	octal(block + MODE_AT, DIGITS_SHORT, t->runs ? 0755 : 0644);
	octal(block + OWNER_AT, DIGITS_SHORT, 0);
	octal(block + GROUP_AT, DIGITS_SHORT, 0);
	octal(block + SIZE_AT, DIGITS_LONG, t->size);
	octal(block + MTIME_AT, DIGITS_LONG, t->mtime);
	block[TYPE_AT] = '0';
	memcpy(block + MAGIC_AT, magic, sizeof magic - 1);
	memset(block + SUM_AT, ' ', SUM_LEN);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)block[i];
	octal(block + SUM_AT, DIGITS_SHORT - 1, sum);
	block[SUM_AT + DIGITS_SHORT - 1] = '\0';
	return true;
}

bool
tar_parse(const char block[TAR_BLOCK], struct tar_entry *out, struct err *e)
{
	char again[TAR_BLOCK];
	int64_t mode = 0;
	int prefix = (int)strnlen(block + PREFIX_AT, PREFIX_LEN),
	    name = (int)strnlen(block + NAME_AT, NAME_LEN);

	memset(out, 0, sizeof *out);
	snprintf(out->name, sizeof out->name, "%.*s%s%.*s", prefix, block + PREFIX_AT,
		prefix ? "/" : "", name, block + NAME_AT);
	if (take_octal(block + SIZE_AT, DIGITS_LONG, &out->size) &&
		take_octal(block + MTIME_AT, DIGITS_LONG, &out->mtime) &&
		take_octal(block + MODE_AT, DIGITS_SHORT, &mode)) {
		struct err no = ERR_INIT;

		out->runs = mode == 0755;
		/* one spelling: whatever else a header may say is not in ours */
		if (tar_header(out, again, &no) && memcmp(block, again, TAR_BLOCK) == 0)
			return true;
	}
	return err_set(e, ERR_PARSE, "an entry that handrail export does not write");
}

bool
tar_is_end(const char block[TAR_BLOCK])
{
	for (int i = 0; i < TAR_BLOCK; i++)
		if (block[i])
			return false;
	return true;
}

int64_t
tar_padding(int64_t size)
{
	return (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
}
