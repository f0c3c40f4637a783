#ifndef TESTS_UNIT_AUDIT_SIGNED_H
#define TESTS_UNIT_AUDIT_SIGNED_H

/*
 * The example record signed anew with a throw-away key, its statement changed before it is
 * signed or after.
 */

#include "base/json.h"
#include "base/jsonout.h"
#include "signers.h"

/* What is changed in the statement of the example: before it is signed, and after. */
struct change {
	const char *from, *to;
};

static inline void
edit_text(struct str *text, struct change c)
{
	char *at;
	struct str out = STR_INIT;

	if (!c.from)
		return;
	at = strstr(text->buf, c.from);
	if (!at)
		fail_msg("no \"%s\" in the statement", c.from);
	str_add(&out, text->buf, (size_t)(at - text->buf));
	str_adds(&out, c.to);
	str_adds(&out, at + strlen(c.from));
	str_release(text);
	*text = out;
}

/* The value of a line "name: ..." becomes another one. */
static inline void
set_line(struct str *text, const char *name, const char *value)
{
	char *start = strstr(text->buf, name);
	size_t len = strcspn(start, "\n");
	char *from = mem_strndup(start, len), *to = mem_printf("%s %s", name, value);

	edit_text(text, (struct change){from, to});
	mem_free(from);
	mem_free(to);
}

struct making {
	const char *key;  /* file of the key that signs */
	const char *says; /* file of the key the statement names; NULL: the same */
	const char *namespace;
	struct change before, after;
};

static inline char *
fingerprint_of(const char *key)
{
	struct sign_key k = key_of(key);
	char *print = mem_strdup(k.fingerprint);

	key_release(&k);
	return print;
}

static inline char *
signoff_data(const struct making *m, const char *line, const char *head)
{
	struct err e = ERR_INIT;
	struct event *ev = event_parse(line, strlen(line), &e);
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	struct str stmt = STR_INIT, sig, out = STR_INIT;
	char *print = fingerprint_of(m->says ? m->says : m->key);
	struct jsonout j;

	str_adds(&stmt, json_str(json_root(doc), "stmt", ""));
	set_line(&stmt, "head:", head);
	set_line(&stmt, "key:", print);
	edit_text(&stmt, m->before);
	records_write(dir, "stmt", stmt.buf, stmt.len);
	shell("rm -f stmt.sig && ssh-keygen -q -Y sign -n '%s' -f '%s' stmt 2>/dev/null",
		m->namespace ? m->namespace : SIGN_NAMESPACE, m->key);
	sig = records_read(dir, "stmt.sig");
	edit_text(&stmt, m->after);
	jsonout_init(&j, &out);
	jsonout_open(&j);
	jsonout_kstr(&j, "role", "Technical lead");
	jsonout_kstr(&j, "stmt", stmt.buf);
	jsonout_kstr(&j, "sig", sig.buf);
	jsonout_kstr(&j, "key", print);
	jsonout_close(&j);
	str_release(&stmt);
	str_release(&sig);
	mem_free(print);
	json_free(doc);
	event_free(ev);
	return str_take(&out);
}

/* The example signed anew with a key of ours, for the roster that stands in dir. */
static inline void
make_record(const struct making *m)
{
	char *example = records_example_dir(), *data, *heads, *ninth;
	struct str roster = records_read(dir, "allowed_signers"), book, line = STR_INIT;
	struct lines l;
	char hex[DIGEST_HEX + 1];

	digest_hex(roster.buf, roster.len, hex);
	book = records_read(example, "journal.jsonl");
	records_write(dir, "journal.jsonl", book.buf, book.len);
	l = lines_of(dir);
	lines_edit(&l, 0,
		"6b2ea2d9620fa16ac06a2d464198a065bd0b8616543279463602032dc7212f7d", hex);
	heads = lines_chain(&l);
	ninth = strstr(heads, "\n9 ") + 3;
	ninth[DIGEST_HEX] = '\0';
	data = signoff_data(m, l.list.at[10], ninth);
	char *at = strstr(l.list.at[10], "\"data\":"), *prev = strstr(at, ",\"prev\":");
	str_add(&line, l.list.at[10], (size_t)(at - l.list.at[10]));
	str_addf(&line, "\"data\":%s%s", data, prev);
	mem_free(l.list.at[10]);
	l.list.at[10] = str_take(&line);
	lines_publish(dir, &l);
	lines_free(&l);
	mem_free(data);
	mem_free(heads);
	mem_free(example);
	str_release(&book);
	str_release(&roster);
}

/* Keys lea and bob, and a roster in which lea@example.com may sign with the first. */
static inline void
our_own_key(const char *options)
{
	make_key("lea", "");
	make_key("bob", "");
	shell(": >allowed_signers");
	add_signer("allowed_signers", "lea@example.com", options, "lea");
}

#endif
