#include "remote/hr1.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "remote/hr1/hr1_scripts.h"

enum { LINE_MAX_BYTES = 64 * 1024, EXIT_MAX = 255 };

static const char *const *const scripts[] = {
	[HR1_START] = hr1_start,
	[HR1_STATUS] = hr1_status,
	[HR1_CANCEL] = hr1_cancel,
	[HR1_ABORT] = hr1_abort,
	[HR1_FENCE] = hr1_fence,
	[HR1_CLEANUP] = hr1_cleanup,
	[HR1_LOOK] = hr1_look,
};

/* ---- putting a request together ---- */

void
hr1_init(struct hr1_request *q)
{
	*q = (struct hr1_request){.params = STR_INIT, .spec = STR_INIT, .env = STR_INIT};
	digest_random_hex(HR1_TOKEN_LEN / 2, q->token);
	hr1_param(q, "HR1_TOKEN", q->token);
}

void
hr1_release(struct hr1_request *q)
{
	mem_wipe(q->env.buf, q->env.len);
	str_release(&q->params);
	str_release(&q->spec);
	str_release(&q->env);
}

static void
add_quoted(struct str *out, const char *value)
{
	str_addc(out, '\'');
	for (const char *p = value ? value : ""; *p; p++) {
		if (*p == '\'')
			str_adds(out, "'\\''");
		else
			str_addc(out, *p);
	}
	str_addc(out, '\'');
}

void
hr1_param(struct hr1_request *q, const char *name, const char *value)
{
	str_addf(&q->params, "%s=", name);
	add_quoted(&q->params, value);
	str_addc(&q->params, '\n');
}

void
hr1_param_int(struct hr1_request *q, const char *name, int64_t value)
{
	str_addf(&q->params, "%s='%lld'\n", name, (long long)value);
}

void
hr1_set_spec(struct hr1_request *q, const char *text)
{
	str_reset(&q->spec);
	str_adds(&q->spec, text);
	if (!str_ends(&q->spec, "\n"))
		str_addc(&q->spec, '\n');
}

void
hr1_add_env(struct hr1_request *q, const char *name, const char *value)
{
	/* In one piece: a growing buffer leaves copies of a secret behind. */
	str_reserve(&q->env, strlen(name) + 4 * strlen(value) + 16);
	str_addf(&q->env, "export %s=", name);
	add_quoted(&q->env, value);
	str_addc(&q->env, '\n');
}

/* A function that prints the text, between delimiters that no line of it can be. */
static void
add_heredoc(struct str *out, const char *function, const struct str *text)
{
	char mark[HR1_TOKEN_LEN + 8];
	char random[HR1_TOKEN_LEN + 1];

	do {
		digest_random_hex(HR1_TOKEN_LEN / 2, random);
		snprintf(mark, sizeof mark, "HR1_%s", random);
	} while (strstr(text->buf, mark));
	str_addf(out, "%s() {\ncat <<'%s'\n", function, mark);
	str_add(out, text->buf, text->len);
	str_addf(out, "%s\n}\n", mark);
}

void
hr1_build(const struct hr1_request *q, enum hr1_script script, struct str *out)
{
	char sum[40];

	for (const char *const *line = scripts[script]; *line; line++) {
		if (strcmp(*line, "#@PARAMS") == 0) {
			str_add(out, q->params.buf, q->params.len);
			hr1_cksum(&q->spec, sum);
			str_addf(out, "HR1_SPEC_SUM='%s'\n", sum);
			hr1_cksum(&q->env, sum);
			str_addf(out, "HR1_ENV_SUM='%s'\n", sum);
		} else if (strcmp(*line, "#@SPEC") == 0) {
			add_heredoc(out, "hr1_spec", &q->spec);
		} else if (strcmp(*line, "#@ENV") == 0) {
			add_heredoc(out, "hr1_env", &q->env);
		} else {
			str_adds(out, *line);
			str_addc(out, '\n');
		}
	}
}

/* ---- cksum ---- */

static uint32_t
crc_byte(uint32_t crc, unsigned char byte)
{
	crc ^= (uint32_t)byte << 24;
	for (int i = 0; i < 8; i++)
		crc = crc & 0x80000000u ? crc << 1 ^ 0x04c11db7u : crc << 1;
	return crc;
}

void
hr1_cksum(const struct str *text, char out[40])
{
	uint32_t crc = 0;

	for (size_t i = 0; i < text->len; i++)
		crc = crc_byte(crc, (unsigned char)text->buf[i]);
	for (size_t n = text->len; n > 0; n >>= 8)
		crc = crc_byte(crc, (unsigned char)(n & 0xff));
	snprintf(out, 40, "%u %zu", ~crc & 0xffffffffu, text->len);
}

/* ---- names ---- */

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

void
hr1_name(const char *id, char out[HR1_NAME_MAX + 1])
{
	enum { READABLE = 19, HASHED = 12 };
	char hex[DIGEST_HEX + 1];
	size_t len = strlen(id), n = 0;
	bool fits = len >= 1 && len <= HR1_NAME_MAX;

	for (const char *p = id; *p; p++)
		fits = fits && is_name_char(*p);
	if (fits) {
		memcpy(out, id, len + 1);
		return;
	}
	for (const char *p = id; *p && n < READABLE; p++) {
		char c = (char)tolower((unsigned char)*p);

		out[n++] = is_name_char(c) ? c : '-';
	}
	digest_hex(id, len, hex);
	snprintf(out + n, HR1_NAME_MAX + 1 - n, "-%.*s", HASHED, hex);
}

char *
hr1_con(const char *con)
{
	char *out = mem_strdup(con);

	for (char *p = out; p && *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._/-", *p))
			*p = '-';
	return out;
}

static bool
is_account(const char *as)
{
	size_t len = strlen(as);

	if (len < 1 || len > HR1_NAME_MAX || !((*as >= 'a' && *as <= 'z') || *as == '_'))
		return false;
	for (const char *p = as; *p; p++) {
		if (!is_name_char(*p))
			return false;
	}
	return true;
}

bool
hr1_command_text(const char *as, enum hr1_sudo sudo, const char *text, struct str *out,
	struct err *e)
{
	if (as && !is_account(as))
		return err_set(e, ERR_INPUT, "as: %s is no account name", as);
	if (!as)
		str_adds(out, "exec /bin/sh");
	else if (sudo == HR1_NO_PASSWORD)
		str_addf(out, "exec sudo -n -H -u %s -- /bin/sh", as);
	else
		str_addf(out,
			"exec sudo -S -p '' -H -u %s -- /bin/sh -c 'while IFS= read -r l; "
			"do [ \"$l\" != HR1 ] || exec /bin/sh%s; done'",
			as, text ? " -c \"$0\"" : "");
	if (text)
		str_addf(out, as && sudo == HR1_PASSWORD ? " '%s'" : " -c '%s'", text);
	return true;
}

bool
hr1_command(const char *as, enum hr1_sudo sudo, struct str *out, struct err *e)
{
	return hr1_command_text(as, sudo, NULL, out, e);
}

void
hr1_add_password(struct str *input, const char *password)
{
	str_adds(input, password);
	str_adds(input, "\nHR1\n");
}

/* ---- reading a reply ---- */

void
hr1_reply_init(struct hr1_reply *r, const struct hr1_request *q)
{
	*r = (struct hr1_reply){
		.line = STR_INIT, .size = -1, .block = -1, .pid = -1, .by = -1};
	memcpy(r->token, q->token, sizeof r->token);
}

void
hr1_reply_release(struct hr1_reply *r)
{
	str_release(&r->line);
}

static int64_t
number_of(const char *s)
{
	char *end;
	long long n = strtoll(s, &end, 10);

	return *end || end == s || n < 0 || n == LLONG_MAX ? -1 : n;
}

static void
take_pair(struct hr1_reply *r, const char *name, const char *value)
{
	if (strcmp(name, "size") == 0)
		r->size = number_of(value);
	else if (strcmp(name, "block") == 0)
		r->block = number_of(value);
	else if (strcmp(name, "pid") == 0)
		r->pid = number_of(value);
	else if (strcmp(name, "by") == 0)
		r->by = number_of(value);
	else if (strcmp(name, "boot") == 0)
		snprintf(r->boot, sizeof r->boot, "%s", value);
	else if (strcmp(name, "shell") == 0)
		snprintf(r->shell, sizeof r->shell, "%s", value);
	else if (strcmp(name, "cancel") == 0)
		snprintf(r->cancel, sizeof r->cancel, "%s", value);
	else if (strcmp(name, "out") == 0)
		r->out_gone = strcmp(value, "gone") == 0;
}

static void
take_word(struct hr1_reply *r, char *word, int index)
{
	char *eq = strchr(word, '=');

	if (index == 0) {
		snprintf(r->state, sizeof r->state, "%s", word);
	} else if (eq) {
		*eq = 0;
		take_pair(r, word, eq + 1);
	} else if (!*r->arg) {
		snprintf(r->arg, sizeof r->arg, "%s", word);
	}
}

/* "HR1 state ... tok=TOKEN" of this very request? */
static bool
is_header(const struct hr1_reply *r, const char *line)
{
	char tail[HR1_TOKEN_LEN + 8];
	size_t len = strlen(line), n;

	snprintf(tail, sizeof tail, " tok=%s", r->token);
	n = strlen(tail);
	return str_starts(line, "HR1 ") && len > n && strcmp(line + len - n, tail) == 0;
}

static void
read_line(struct hr1_reply *r)
{
	char *save = NULL, *word;
	int index = 0;

	if (!is_header(r, r->line.buf)) {
		if (r->line.len > 0)
			snprintf(r->said, sizeof r->said, "%.*s", (int)sizeof r->said - 1,
				r->line.buf);
		str_reset(&r->line);
		return;
	}
	r->seen = true;
	for (word = strtok_r(r->line.buf + strlen("HR1 "), " ", &save); word;
		word = strtok_r(NULL, " ", &save))
		take_word(r, word, index++);
}

void
hr1_reply_feed(struct hr1_reply *r, const char *p, size_t len, const char **data,
	size_t *data_len)
{
	size_t i = 0;

	while (!r->seen && i < len) {
		char c = p[i++];

		if (c == '\n')
			read_line(r);
		else if (r->line.len < LINE_MAX_BYTES)
			str_addc(&r->line, c);
	}
	*data = p + i;
	*data_len = len - i;
}

/* ---- the trailer of a look ---- */

/* Offset of the last "\nHR1 " whose line ends with the token; len when there is none. */
static size_t
find_trailer(const char *token, const char *out, size_t len)
{
	static const char head[] = "\nHR1 ";
	size_t n = sizeof head - 1;

	for (size_t at = len; at-- > 0;) {
		const char *nl;
		char tail[HR1_TOKEN_LEN + 8];
		size_t t;

		if (len - at < n || memcmp(out + at, head, n) != 0)
			continue;
		nl = memchr(out + at + n, '\n', len - at - n);
		snprintf(tail, sizeof tail, " tok=%s", token);
		t = strlen(tail);
		if (nl && (size_t)(nl - out - (ptrdiff_t)at) > t &&
			memcmp(nl - t, tail, t) == 0)
			return at;
	}
	return len;
}

bool
hr1_trailer_find(const char *token, const char *out, size_t len, struct hr1_trailer *t)
{
	size_t at = find_trailer(token, out, len);
	char line[200];
	const char *nl;

	*t = (struct hr1_trailer){.body = at};
	if (at == len)
		return false;
	nl = memchr(out + at + 1, '\n', len - at - 1);
	snprintf(line, sizeof line, "%.*s", (int)(nl - (out + at + 1)), out + at + 1);
	if (sscanf(line, "HR1 exit %d", &t->exit) == 1) {
		t->exited = t->exit >= 0 && t->exit <= EXIT_MAX;
		t->timed_out = strstr(line, " timeout tok=") != NULL;
		return t->exited;
	}
	if (sscanf(line, "HR1 error %31s", t->error) != 1)
		return false;
	snprintf(t->sentence, sizeof t->sentence, "%.*s",
		(int)(len - (size_t)(nl + 1 - out)), nl + 1);
	t->sentence[strcspn(t->sentence, "\n")] = 0;
	return true;
}

size_t
hr1_said_len(const char *said, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", said[len - 1]))
		len--;
	return len;
}

const char *
hr1_error_words(const char *kind)
{
	static const struct {
		const char *kind, *words;
	} rows[] = {
		{"nohome", "the account has no folder it may write in (set job_dir:)"},
		{"nospace", "no space left"},
		{"write", "the job could not be written whole"},
		{"unsafe", "the job folder is not private"},
		{"noshell", "no shell"},
		{"nodir", "no such folder"},
		{"notty", "no terminal to be had"},
		{"twin", "another name of this step leads to the same machine"},
		{"nosetsid", "neither setsid nor perl"},
		{"lost", "ended from outside"},
		{"param", "the host refuses the request"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].kind, kind) == 0)
			return rows[i].words;
	}
	return NULL;
}
