#include "fuzz/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"

enum { INPUT_MAX = 64 << 20 };

static void __attribute__((noreturn)) give_up(const char *what, const char *name)
{
	fprintf(stderr, "corpus: %s: %s\n", what, name);
	abort();
}

static char *
folder(const char *parser)
{
	const char *src = getenv("SRCDIR");

	return mem_printf("%s/tests/data/corpus/%s", src ? src : ".", parser);
}

static struct str
whole(const char *dir, const char *name)
{
	char *path = file_join(dir, name);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (!file_read(path, INPUT_MAX, &text, &e))
		give_up(e.msg, name);
	mem_free(path);
	return text;
}

/* The next field of a line, which is cut there. */
static char *
field(char **at)
{
	char *start = *at;
	size_t n = strcspn(start, "\t\n");

	*at = start + n + (start[n] != '\0');
	start[n] = '\0';
	return start;
}

static void
add_escaped(struct str *out, const char *s)
{
	static const char letters[] = "nrt0e\\", bytes[] = "\n\r\t\0\033\\";

	for (; *s; s++) {
		const char *known = s[0] == '\\' && s[1] ? strchr(letters, s[1]) : NULL;

		if (s[0] == '\\' && s[1] == 'x') {
			str_addc(out, (char)strtol((char[]){s[2], s[3], '\0'}, NULL, 16));
			s += 3;
		} else if (known) {
			str_addc(out, bytes[known - letters]);
			s++;
		} else {
			str_addc(out, *s);
		}
	}
}

static bool
made(const struct str *recipes, const char *name, struct str *out)
{
	struct str text = STR_INIT, piece = STR_INIT;
	char *at;
	bool found = false;

	str_add(&text, recipes->buf, recipes->len);
	for (at = text.buf; *at && !found;) {
		char *eol = at + strcspn(at, "\n"), *next = eol + (*eol != '\0');

		*eol = '\0';
		char *own = field(&at), *head = field(&at), *each = field(&at);
		long times = strtol(field(&at), NULL, 10);
		char *tail = field(&at);

		found = strcmp(own, name + 1) == 0;
		if (!found) {
			at = next;
			continue;
		}
		add_escaped(out, head);
		add_escaped(&piece, each);
		for (long i = 0; i < times; i++)
			str_add(out, piece.buf, piece.len);
		add_escaped(out, tail);
	}
	str_release(&piece);
	str_release(&text);
	return found;
}

/* No input without a verdict. */
static void
all_named(const char *dir, const struct corpus *c)
{
	struct err e = ERR_INIT;
	size_t count, k;
	char **names = file_names(dir, &count, &e);

	if (!names)
		give_up(e.msg, dir);
	for (size_t i = 0; i < count; i++) {
		for (k = 0; k < c->list.len; k++)
			if (strcmp(c->list.at[k].name, names[i]) == 0)
				break;
		if (k == c->list.len && strcmp(names[i], "verdicts") != 0 &&
			strcmp(names[i], "recipes") != 0)
			give_up("has no verdict", names[i]);
	}
	file_names_free(names);
}

void
corpus_read(const char *parser, struct corpus *out)
{
	char *dir = folder(parser), *recipes_path = file_join(dir, "recipes");
	struct str verdicts = whole(dir, "verdicts"), recipes = STR_INIT;

	*out = (struct corpus){0};
	if (file_exists(recipes_path))
		recipes = whole(dir, "recipes");
	for (char *at = verdicts.buf; *at;) {
		struct corpus_input *in = vec_add(&out->list);

		in->name = mem_strdup(field(&at));
		in->verdict = mem_strdup(field(&at));
		in->bytes = STR_INIT;
		if (in->name[0] != '=')
			in->bytes = whole(dir, in->name);
		else if (!made(&recipes, in->name, &in->bytes))
			give_up("no recipe", in->name);
	}
	all_named(dir, out);
	str_release(&verdicts);
	str_release(&recipes);
	mem_free(recipes_path);
	mem_free(dir);
}

void
corpus_release(struct corpus *c)
{
	for (size_t i = 0; i < c->list.len; i++) {
		mem_free(c->list.at[i].name);
		mem_free(c->list.at[i].verdict);
		str_release(&c->list.at[i].bytes);
	}
	vec_free(&c->list);
}
