#include "share/letter.h"

#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/talk.h"
#include "base/text.h"

enum { NAME_MAX_BYTES = 200, STMT_MAX = 40 * 1024, SIG_MAX = 16 * 1024 };

#define OF(kind) (1U << LETTER_##kind)

/* Which kinds have it, which of them must. */
static const struct member {
	const char *name;
	size_t at, most; /* offset in struct letter; bytes */
	unsigned may, must;
} members[] = {
	{"step", offsetof(struct letter, step), NAME_MAX_BYTES,
		OF(NOTE) | OF(SIGN) | OF(DECLINE), OF(SIGN) | OF(DECLINE)},
	{"text", offsetof(struct letter, text), TALK_WORDS_MAX,
		OF(NOTE) | OF(HOLD) | OF(DECLINE), OF(NOTE) | OF(DECLINE)},
	{"role", offsetof(struct letter, role), NAME_MAX_BYTES, OF(SIGN) | OF(DECLINE),
		OF(SIGN) | OF(DECLINE)},
	{"stmt", offsetof(struct letter, stmt), STMT_MAX, OF(SIGN), OF(SIGN)},
	{"sig", offsetof(struct letter, sig), SIG_MAX, OF(SIGN), OF(SIGN)},
	{"key", offsetof(struct letter, key), NAME_MAX_BYTES, OF(SIGN), OF(SIGN)},
};

enum { MEMBERS = sizeof members / sizeof *members };

static const char *const words[] = {
#define X(name, word) word,
	LETTERS(X)
#undef X
};

const char *
letter_word(enum letter_kind kind)
{
	return words[kind];
}

static char **
member_of(const struct letter *l, const struct member *m)
{
	return (char **)((char *)(uintptr_t)l + m->at);
}

char *
letter_write(const struct letter *l)
{
	struct str out = STR_INIT;
	struct jsonout j;

	jsonout_init(&j, &out);
	jsonout_open(&j);
	for (size_t i = 0; i < MEMBERS; i++) {
		const char *text = *member_of(l, &members[i]);

		if (text && members[i].may & 1U << l->kind)
			jsonout_kstr(&j, members[i].name, text);
	}
	jsonout_close(&j);
	return str_take(&out);
}

static bool
take_member(struct letter *out, const char *name, const char *text, struct err *e)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct member *m = &members[i];

		if (strcmp(m->name, name) != 0 || !(m->may & 1U << out->kind))
			continue;
		if (!text)
			return err_set(e, ERR_INPUT, "%s of the %s is no text", name,
				words[out->kind]);
		if (strlen(text) > m->most)
			return err_set(e, ERR_INPUT,
				"%s of the %s has more than %zu bytes", name,
				words[out->kind], m->most);
		*member_of(out, m) = mem_strdup(text);
		return true;
	}
	return err_set(e, ERR_INPUT,
		"a %s with more in it than this handrail knows: is the sender's a newer "
		"one?",
		words[out->kind]);
}

static bool
take_all(struct letter *out, const struct json_node *root, struct err *e)
{
	if (json_type_of(root) != JSON_OBJECT)
		return err_set(e, ERR_INPUT, "the %s holds no object", words[out->kind]);
	for (size_t i = 0; i < json_len(root); i++)
		if (!take_member(out, json_key_at(root, i),
			    json_text(json_value_at(root, i)), e))
			return false;
	for (size_t i = 0; i < MEMBERS; i++)
		if (members[i].must & 1U << out->kind && !*member_of(out, &members[i]))
			return err_set(e, ERR_INPUT, "the %s has no %s", words[out->kind],
				members[i].name);
	return true;
}

bool
letter_read(
	const char *word, const char *body, size_t len, struct letter *out, struct err *e)
{
	struct json *doc;
	bool ok;

	*out = (struct letter){.kind = LETTER_KINDS};
	for (int i = 0; i < LETTER_KINDS; i++)
		if (str_eq(words[i], word))
			out->kind = (enum letter_kind)i;
	if (out->kind == LETTER_KINDS)
		return err_set(e, ERR_INPUT,
			"this handrail does not know what is asked for: is the sender's "
			"a newer one?");
	doc = json_parse(body, len, e);
	ok = doc ? take_all(out, json_root(doc), e)
		 : err_set(e, ERR_INPUT, "the %s is no JSON", word);
	json_free(doc);
	return ok;
}

void
letter_release(struct letter *l)
{
	for (size_t i = 0; i < MEMBERS; i++)
		mem_free(*member_of(l, &members[i]));
	*l = (struct letter){.kind = LETTER_KINDS};
}

char *
letter_sender(const char *login, const char *own_login, const char *claimed)
{
	size_t len = strlen(login);

	if (claimed && *claimed && strlen(claimed) <= NAME_MAX_BYTES &&
		(str_eq(login, own_login) || strcmp(claimed, login) == 0 ||
			(strncmp(claimed, login, len) == 0 && claimed[len] == '@')))
		return text_harmless_dup(claimed);
	{
		char *name = mem_printf("%s@store", login),
		     *safe = text_harmless_dup(name);

		mem_free(name);
		return safe;
	}
}
