#include "remote/cp1.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "remote/cp1/cp1_scripts.h"
#include "remote/hr1.h"

enum { LINE_BYTES = 4096, KIB = 1024 };

/* ---- an act ---------------------------------------------------------------------------- */

static void
param(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s=", name);
	str_add_shell_quoted(out, value ? value : "");
	str_addc(out, '\n');
}

static void
param_int(struct str *out, const char *name, int64_t value)
{
	str_addf(out, "%s='%lld'\n", name, (long long)value);
}

static void
add_params(const struct cp1_ask *q, const char *token, struct str *out)
{
	static const char *const names[CP1_ACT_COUNT] = {
		[CP1_LOOK] = "look",
		[CP1_READ] = "read",
		[CP1_PEEK] = "peek",
		[CP1_BEGIN] = "begin",
		[CP1_WRITE] = "write",
		[CP1_PLACE] = "place",
		[CP1_SETTLE] = "settle",
	};

	param(out, "CP1_TOKEN", token);
	param(out, "CP1_DO", names[q->act]);
	param(out, "CP1_PATH", q->path);
	param(out, "CP1_TEMP", q->temp);
	param(out, "CP1_SUM", q->sum);
	param(out, "CP1_WAS", q->was);
	param(out, "CP1_MODE", q->mode);
	param_int(out, "CP1_KIB", (q->size + KIB - 1) / KIB);
	param_int(out, "CP1_SIZE", q->size);
	param_int(out, "CP1_SKIP", q->skip);
	param_int(out, "CP1_BLOCK", q->block);
}

bool
cp1_build(const struct cp1_ask *q, char token[CP1_TOKEN_LEN + 1], struct str *command,
	struct str *input, struct err *e)
{
	struct str script = STR_INIT, inner = STR_INIT;
	enum hr1_sudo sudo = q->as && q->as_password ? HR1_PASSWORD : HR1_NO_PASSWORD;
	bool ok;

	digest_random_hex(CP1_TOKEN_LEN / 2, token);
	for (const char *const *line = cp1_copy; *line; line++) {
		if (strcmp(*line, "#@PARAMS") == 0) {
			add_params(q, token, &script);
			continue;
		}
		str_adds(&script, *line);
		str_addc(&script, '\n');
	}
	str_addf(&inner, "eval \"$(dd bs=1 count=%zu 2>/dev/null)\"", script.len);
	ok = hr1_command_text(q->as, sudo, inner.buf, command, e);
	if (sudo == HR1_PASSWORD)
		hr1_add_password(input, q->as_password);
	str_add(input, script.buf, script.len);
	str_add(input, q->piece, q->piece_len);
	str_release(&script);
	str_release(&inner);
	return ok;
}

/* ---- its reply ------------------------------------------------------------------------- */

void
cp1_reply_init(struct cp1_reply *r, const char *token)
{
	*r = (struct cp1_reply){.line = STR_INIT, .size = -1, .was_size = -1};
	memcpy(r->token, token, sizeof r->token);
}

void
cp1_reply_release(struct cp1_reply *r)
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
take_pair(struct cp1_reply *r, const char *name, const char *value)
{
	if (strcmp(name, "size") == 0)
		r->size = number_of(value);
	else if (strcmp(name, "wassize") == 0)
		r->was_size = number_of(value);
	else if (strcmp(name, "sum") == 0)
		snprintf(r->sum, sizeof r->sum, "%s", value);
	else if (strcmp(name, "was") == 0)
		snprintf(r->was, sizeof r->was, "%s", value);
	else if (strcmp(name, "mode") == 0)
		snprintf(r->mode, sizeof r->mode, "%s", value);
}

static void
take_words(struct cp1_reply *r, char *words)
{
	char *save = NULL;

	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		char *eq = strchr(w, '=');

		if (eq) {
			*eq = '\0';
			take_pair(r, w, eq + 1);
		} else if (!*r->word) {
			snprintf(r->word, sizeof r->word, "%s", w);
		} else {
			snprintf(r->kind, sizeof r->kind, "%s", w);
		}
	}
}

/* "CP1 WORD ... tok=TOKEN" of this very act? */
static bool
is_ours(const struct cp1_reply *r)
{
	char tail[CP1_TOKEN_LEN + 8];
	size_t n;

	snprintf(tail, sizeof tail, " tok=%s", r->token);
	n = strlen(tail);
	return str_starts(r->line.buf, "CP1 ") && r->line.len > n &&
		memcmp(r->line.buf + r->line.len - n, tail, n) == 0;
}

static void
line_came(struct cp1_reply *r)
{
	if (r->seen) {
		snprintf(r->sentence, sizeof r->sentence, "%.*s",
			(int)sizeof r->sentence - 1, r->line.buf);
		r->whole = true;
	} else if (is_ours(r)) {
		take_words(r, r->line.buf + strlen("CP1 "));
		r->seen = true;
		r->whole = !cp1_reply_is(r, "error");
	} else if (r->line.len) {
		snprintf(r->said, sizeof r->said, "%.*s", (int)sizeof r->said - 1,
			r->line.buf);
	}
	str_reset(&r->line);
}

void
cp1_reply_feed(struct cp1_reply *r, const char *p, size_t len, const char **data,
	size_t *data_len)
{
	size_t i = 0;

	while (!r->whole && i < len) {
		char c = p[i++];

		if (c == '\n')
			line_came(r);
		else if (c && r->line.len < LINE_BYTES)
			str_addc(&r->line, c);
	}
	*data = p + i;
	*data_len = len - i;
}

bool
cp1_reply_is(const struct cp1_reply *r, const char *word)
{
	return strcmp(r->word, word) == 0;
}
