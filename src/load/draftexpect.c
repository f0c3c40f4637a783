#include "load/draftexpect.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"
#include "load/draftwords.h"
#include "model/expect.h"
#include "model/wordlist.h"

enum { TEXT_MAX_BYTES = 4096, ITEMS_MAX = 64 };

const char *
draftexpect_test_key(enum draftexpect_test test)
{
	static const char *const keys[DRAFTEXPECT_TEST_COUNT] = {
#define X(id, key) [DRAFTEXPECT_##id] = key,
		DRAFTEXPECT_TESTS(X)
#undef X
	};

	return keys[test];
}

/* One field and key is told once: what comes first counts. */
static void
add(struct draftexpect *d, struct draftexpect_field f)
{
	size_t i = d->fields.len;

	for (size_t k = 0; k < d->fields.len; k++) {
		const struct draftexpect_field *old = &d->fields.at[k];

		if (old->field == f.field && str_eq(old->key, f.key)) {
			mem_free(f.key);
			mem_free(f.value);
			return;
		}
	}
	vec_push(&d->fields, f);
	/* fields together, in the order of their first mention */
	for (; i > 0 && d->fields.at[i - 1].field != f.field; i--) {
		bool more = false;

		for (size_t k = 0; k < i; k++)
			more = more || d->fields.at[k].field == f.field;
		if (!more)
			break;
		d->fields.at[i] = d->fields.at[i - 1];
		d->fields.at[i - 1] = f;
	}
}

static void
add_text(struct draftexpect *d, enum expect_field field, const char *value, bool guessed)
{
	add(d,
		(struct draftexpect_field){
			.field = field, .value = mem_strdup(value), .guessed = guessed});
}

/* ---- JSON ------------------------------------------------------------------------------ */

/* {"status": "healthy", ...} and {"database": bool} as JSON: dots dropped, bool is true. */
static bool
mend(const char *s, size_t len, struct str *out)
{
	bool mended = false, quoted = false;

	for (size_t i = 0; i < len; i++) {
		quoted = quoted != (s[i] == '"' && (i == 0 || s[i - 1] != '\\'));
		if (!quoted && i + 3 <= len &&
			(strncmp(s + i, "...", 3) == 0 ||
				strncmp(s + i, "\xe2\x80\xa6", 3) == 0)) {
			while (out->len > 0 &&
				strchr(" ,\n", out->buf[out->len - 1]) != NULL)
				str_cut(out, out->len - 1);
			i += 2;
		} else if (!quoted && i + 4 <= len &&
			strncasecmp(s + i, "bool", 4) == 0) {
			str_adds(out, "true");
			i += i + 7 <= len && strncasecmp(s + i, "boolean", 7) == 0 ? 6
										   : 3;
			mended = true;
		} else {
			str_addc(out, s[i]);
		}
	}
	return mended;
}

/* A pointer's part: ~ and / are escaped. */
static void
add_part(struct str *pointer, const char *key)
{
	str_addc(pointer, '/');
	for (; *key != '\0'; key++) {
		if (*key == '~' || *key == '/')
			str_adds(pointer, *key == '~' ? "~0" : "~1");
		else
			str_addc(pointer, *key);
	}
}

static void
add_leaves(struct draftexpect *d, const struct json_node *n, struct str *pointer,
	bool guessed)
{
	enum json_type type = json_type_of(n);
	size_t len = pointer->len, items = 0;
	struct str value = STR_INIT;

	if (type == JSON_OBJECT || type == JSON_ARRAY)
		items = json_len(n) < ITEMS_MAX ? json_len(n) : ITEMS_MAX;
	for (size_t i = 0; i < items; i++) {
		char index[24];

		snprintf(index, sizeof index, "%zu", i);
		add_part(pointer, type == JSON_OBJECT ? json_key_at(n, i) : index);
		add_leaves(d, type == JSON_OBJECT ? json_value_at(n, i) : json_at(n, i),
			pointer, guessed);
		str_cut(pointer, len);
	}
	if (type != JSON_OBJECT && type != JSON_ARRAY && json_scalar_text(n, &value))
		add(d,
			(struct draftexpect_field){.field = EXPECT_JSON,
				.key = mem_strdup(pointer->buf),
				.value = str_take(&value),
				.guessed = guessed});
	str_release(&value);
}

/* Bytes of a JSON object at s up to its closing brace; 0: there is none. */
static size_t
object_bytes(const char *s, size_t len)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"' && (i == 0 || s[i - 1] != '\\'))
			quoted = !quoted;
		else if (!quoted && s[i] == '{')
			depth++;
		else if (!quoted && s[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* The object's leaves become expectations. False: it is none. */
static bool
take_object(struct draftexpect *d, const char *s, size_t len)
{
	struct str text = STR_INIT, pointer = STR_INIT;
	struct err e = {0};
	bool mended = mend(s, len, &text), object;
	struct json *j = json_parse(text.buf, text.len, &e);

	object = j != NULL;
	if (object)
		add_leaves(d, json_root(j), &pointer, mended);
	str_release(&text);
	str_release(&pointer);
	json_free(j);
	return object;
}

/* ---- sentences ------------------------------------------------------------------------- */

/* "7 modules: ci, kazkar": their names are looked for in the answer. */
static void
expect_names(struct draftexpect *d, const char *names)
{
	struct str p = STR_INIT;

	str_adds(&p, "(?s)\\A");
	while (*names != '\0') {
		size_t n;

		names += strspn(names, " ,`\"'");
		n = strcspn(names, ",`\"'");
		if (n == 0)
			break;
		str_adds(&p, "(?=.*\\b");
		for (size_t i = 0; i < n; i++) {
			if (strchr(".^$*+?()[]{}|\\", names[i]) != NULL)
				str_addc(&p, '\\');
			str_addc(&p, names[i]);
		}
		str_adds(&p, "\\b)");
		names += n;
	}
	add(d,
		(struct draftexpect_field){.field = EXPECT_BODY,
			.test = DRAFTEXPECT_MATCHES,
			.value = str_take(&p),
			.guessed = true});
}

/* "lists 7 modules": the seventh is there, an eighth is not. */
static void
expect_count(struct draftexpect *d, long count, const char *what, size_t len)
{
	char *list = mem_strndup(what, len);

	add(d,
		(struct draftexpect_field){.field = EXPECT_JSON,
			.key = mem_printf("/%s/%ld", list, count - 1),
			.test = DRAFTEXPECT_ABSENT,
			.value = mem_strdup("false"),
			.guessed = true});
	add(d,
		(struct draftexpect_field){.field = EXPECT_JSON,
			.key = mem_printf("/%s/%ld", list, count),
			.test = DRAFTEXPECT_ABSENT,
			.value = mem_strdup("true"),
			.guessed = true});
	mem_free(list);
}

static void
expect_url(struct draftexpect *d, const char *target, size_t len)
{
	struct str p = STR_INIT;

	for (size_t i = 0; i < len; i++) {
		if (strchr(".^$*+?()[]{}|\\", target[i]) != NULL)
			str_addc(&p, '\\');
		str_addc(&p, target[i]);
	}
	str_addc(&p, '$');
	add(d,
		(struct draftexpect_field){.field = EXPECT_URL,
			.test = DRAFTEXPECT_MATCHES,
			.value = str_take(&p)});
}

static void
expect_header(struct draftexpect *d, const struct draftwords_header *h)
{
	add(d,
		(struct draftexpect_field){.field = EXPECT_HEADER,
			.key = mem_strndup(h->name, h->name_len),
			.test = h->value_len > 0 ? DRAFTEXPECT_SCALAR
						 : DRAFTEXPECT_ABSENT,
			.value = h->value_len > 0
				? mem_strndup(h->value, h->value_len)
				: mem_strdup(h->absent ? "true" : "false"),
			.guessed = h->guessed});
}

/* ---- clauses --------------------------------------------------------------------------- */

static void
leave_words(struct draftexpect *d, const char *s, size_t len)
{
	while (len > 0 && strchr(" \t`*.,;:)", *s) != NULL) {
		s++;
		len--;
	}
	while (len > 0 && strchr(" \t`*.,;:(", s[len - 1]) != NULL)
		len--;
	if (len > 0 && s[len - 1] == ')')
		len--;
	if (len > 0 && *s == '(') {
		s++;
		len--;
	}
	if (len > 0)
		vec_push(&d->words, mem_strndup(s, len));
}

/* One clause without its JSON. */
static void
take_clause(struct draftexpect *d, const char *clause)
{
	size_t bytes = strlen(clause);
	struct draftwords w = {.text = clause, .taken = mem_alloc(bytes + 1)};
	struct draftwords_header header;
	size_t len;
	const char *at, *end;
	char value[DRAFTWORDS_VALUE_BYTES];
	long count;

	if (draftwords_status(&w, value)) {
		add_text(d, EXPECT_STATUS, value, false);
		d->burst = d->burst || str_eq(value, "429");
	}
	if (draftwords_time(&w, value))
		add_text(d, EXPECT_TIME, value, false);
	if (draftwords_redirect(&w, &at, &len))
		expect_url(d, at, len);
	else if (draftwords_count(&w, &count, &at, &len)) {
		end = at + len;
		if (*end == ':') {
			expect_names(d, end + 1);
			memset(w.taken + (end - clause), 1, strlen(end));
		} else {
			expect_count(d, count, at, len);
		}
	} else if (draftwords_header(&w, &header)) {
		expect_header(d, &header);
	} else if (draftwords_guess(&w, value)) {
		/* a page that loads is answered with success */
		if (isdigit((unsigned char)value[0]))
			add_text(d, EXPECT_STATUS, value, true);
		else
			add(d,
				(struct draftexpect_field){.field = EXPECT_BODY,
					.test = DRAFTEXPECT_MATCHES,
					.value = mem_printf("(?i)%s", value),
					.guessed = true});
	}
	for (size_t i = 0; i < bytes;) {
		const char *next = memchr(w.taken + i, 1, bytes - i);
		size_t n = next != NULL ? (size_t)(next - w.taken) - i : bytes - i;

		leave_words(d, clause + i, n);
		i += n;
		while (i < bytes && w.taken[i] != 0)
			i++;
	}
	mem_free(w.taken);
}

/* Where the clause at s ends: a comma outside brackets, a semicolon, "and" is none. A list
 * after a colon is one clause. */
static size_t
clause_bytes(const char *s)
{
	size_t i = 0, depth = 0;
	bool list = false;

	for (; s[i] != '\0'; i++) {
		if (s[i] == '(')
			depth++;
		else if (s[i] == ')' && depth > 0)
			depth--;
		else if (s[i] == ':' && s[i + 1] == ' ')
			list = true;
		else if (depth == 0 && (s[i] == ';' || (s[i] == ',' && !list)))
			break;
	}
	return i;
}

static void
take_clauses(struct draftexpect *d, const char *s, size_t len)
{
	char *text = mem_strndup(s, len), *at = text;

	while (*at != '\0') {
		size_t n = clause_bytes(at);
		char *clause = mem_strndup(at, n);

		take_clause(d, clause);
		mem_free(clause);
		at += n + (at[n] != '\0');
	}
	mem_free(text);
}

void
draftexpect_read(const char *text, size_t len, struct draftexpect *out)
{
	struct str clean = STR_INIT;
	size_t from, i;

	*out = (struct draftexpect){0};
	text_harmless(
		&clean, text, len < TEXT_MAX_BYTES ? len : TEXT_MAX_BYTES, TEXT_ONE_LINE);
	from = draftwords_label(clean.buf);
	for (i = from; i < clean.len; i++) {
		size_t n = clean.buf[i] == '{'
			? object_bytes(clean.buf + i, clean.len - i)
			: 0;

		if (n == 0)
			continue;
		take_clauses(out, clean.buf + from, i - from);
		from = i;
		if (take_object(out, clean.buf + i, n))
			from += n;
		i += n - 1;
	}
	take_clauses(out, clean.buf + from, clean.len - from);
	if (len > TEXT_MAX_BYTES)
		vec_push(&out->words, mem_strdup("(the rest is too long to be read)"));
	str_release(&clean);
}

void
draftexpect_release(struct draftexpect *d)
{
	for (size_t i = 0; i < d->fields.len; i++) {
		mem_free(d->fields.at[i].key);
		mem_free(d->fields.at[i].value);
	}
	vec_free(&d->fields);
	for (size_t i = 0; i < d->words.len; i++)
		mem_free(d->words.at[i]);
	vec_free(&d->words);
}

/* ---- YAML ------------------------------------------------------------------------------ */

/* Digits and plain words stand bare, everything else in single quotes. */
static void
write_scalar(struct str *out, const char *s)
{
	bool plain = *s != '\0';

	for (const char *p = s; *p != '\0'; p++)
		plain = plain &&
			(isalnum((unsigned char)*p) || strchr("/_-", *p) != NULL);
	if (plain && *s != '-') {
		str_adds(out, s);
		return;
	}
	str_addc(out, '\'');
	for (; *s != '\0'; s++) {
		str_addc(out, *s);
		if (*s == '\'')
			str_addc(out, '\'');
	}
	str_addc(out, '\'');
}

static void
write_test(struct str *out, const struct draftexpect_field *f)
{
	if (f->test != DRAFTEXPECT_SCALAR)
		str_addf(out, "{%s: ", draftexpect_test_key(f->test));
	write_scalar(out, f->value);
	if (f->test != DRAFTEXPECT_SCALAR)
		str_addc(out, '}');
}

void
draftexpect_write(const struct draftexpect *d, struct str *out)
{
	bool open = false;

	str_addc(out, '{');
	for (size_t i = 0; i < d->fields.len; i++) {
		const struct draftexpect_field *f = &d->fields.at[i];
		bool again = i > 0 && f[-1].field == f->field;

		if (!again && open)
			str_addc(out, '}');
		if (i > 0)
			str_adds(out, ", ");
		if (!again) {
			str_addf(out, "%s: ", expect_field_info(f->field)->name);
			open = f->key != NULL;
			str_adds(out, open ? "{" : "");
		}
		if (f->key != NULL) {
			write_scalar(out, f->key);
			str_adds(out, ": ");
		}
		write_test(out, f);
	}
	str_adds(out, open ? "}}" : "}");
}
