#include "remote/follow.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "remote/followtext.h"

enum {
	TOKEN_LEN = 32,
	LINE_MAX_BYTES = 4096, /* of ours, and of what stands before the first of them */
	RETRY_FIRST_MS = 1000,
	RETRY_MOST_MS = 30 * 1000,
	RETRY_ENDED_MS = 10 * 1000,
};

enum at { AT_LINES, AT_DATA, AT_RAW };

struct follow {
	struct link *link;
	struct follow_calls calls;
	struct follow_spec spec;
	char *what;
	char token[TOKEN_LEN + 1];
	struct link_exec *exec;
	struct loop_timer *retry;
	int64_t retry_ms;
	enum at at;
	struct str line, err_line; /* unfinished lines of ours */
	struct str held;           /* the end of data that may be the begin of "done" */
	char done[TOKEN_LEN + 24]; /* "\nFL1 done tok=...\n" */
	int64_t left;              /* bytes of this piece of data */
	char inode[24];            /* of the open file, "" before */
	int64_t next;              /* offset of the next byte */
	bool begun;                /* on_begin was called for what is open */
	bool skips;                /* up to the end of a line that began before */
	bool answered;             /* a line of ours came, on this connection */
	bool came;                 /* data came, on any */
	bool ended;                /* it said so itself */
	struct follow_status status;
	char said[160]; /* the last line that was not ours */
	char why[240];
	int depth;
	bool freed;
};

const char *
follow_event_words(enum follow_event e)
{
	static const char *const words[] = {
#define X(id, words) words,
		FOLLOW_EVENTS(X)
#undef X
	};

	return words[e];
}

static void
add_request(struct follow *f, struct str *out)
{
	struct follow_from from = {.since = ""};
	struct followtext t = {.token = f->token, .spec = &f->spec, .since = ""};

	if (f->came) {
		f->calls.on_resume(f->calls.ctx, &from);
		t.inode = f->inode;
		t.offset = f->next = from.offset;
		t.since = from.since;
	}
	followtext_request(&t, out);
}

/* ---- what comes back ---- */

static void
tell_state(struct follow *f, enum follow_state state)
{
	f->status.state = state;
	f->status.why = state == FOLLOW_LIVE ? "" : f->why;
	f->calls.on_state(f->calls.ctx, &f->status);
}

static void
hand_on(struct follow *f, const char *p, size_t len)
{
	f->next += (int64_t)len;
	f->came = f->came || len > 0;
	if (f->skips) {
		const char *lf = memchr(p, '\n', len);
		size_t n = lf ? (size_t)(lf - p) + 1 : len;

		f->skips = !lf;
		p += n;
		len -= n;
	}
	if (len == 0)
		return;
	if (!f->begun)
		f->calls.on_begin(f->calls.ctx, f->next - (int64_t)len);
	f->begun = true;
	f->calls.on_data(f->calls.ctx, p, len);
}

static void
tell(struct follow *f, enum follow_event e, int64_t bytes)
{
	f->calls.on_event(f->calls.ctx, e, bytes);
}

/* beat 1795181333.250000000 +0100 */
static void
on_beat_line(struct follow *f, const char *rest)
{
	struct follow_beat b = {.coarse = true};
	char *end;
	long long s = strtoll(rest, &end, 10);
	int zone;

	if (end == rest || s <= 0) {
		f->calls.on_beat(f->calls.ctx, &b);
		return;
	}
	b.host_ms = s * 1000;
	if (*end == '.' && isdigit((unsigned char)end[1]) &&
		isdigit((unsigned char)end[2]) && isdigit((unsigned char)end[3])) {
		b.host_ms += (end[1] - '0') * 100 + (end[2] - '0') * 10 + (end[3] - '0');
		b.coarse = false;
	}
	end = strchr(end, ' ');
	if (end && (end[1] == '+' || end[1] == '-') &&
		strspn(end + 2, "0123456789") == 4) {
		zone = (int)strtol(end + 2, NULL, 10);
		b.zone_min = (zone / 100 * 60 + zone % 100) * (end[1] == '-' ? -1 : 1);
	}
	f->calls.on_beat(f->calls.ctx, &b);
}

static void
on_open_line(struct follow *f, const char *rest)
{
	char inode[sizeof f->inode], how[16];
	long long offset;

	if (sscanf(rest, "%23[0-9] %lld %15s", inode, &offset, how) != 3)
		return;
	f->begun = f->begun && strcmp(inode, f->inode) == 0 && offset == f->next;
	snprintf(f->inode, sizeof f->inode, "%s", inode);
	f->next = offset;
	f->skips = strcmp(how, "partial") == 0;
	/* From here a drop is gone on from, whether anything came or not. */
	f->calls.on_begin(f->calls.ctx, offset);
	f->begun = true;
	f->came = true;
}

static void
on_data_line(struct follow *f, const char *rest)
{
	char inode[sizeof f->inode];
	long long offset, len;

	if (sscanf(rest, "%23[0-9] %lld %lld", inode, &offset, &len) != 3 || len <= 0)
		return;
	if (offset != f->next || strcmp(inode, f->inode) != 0)
		f->begun = false;
	f->next = offset;
	f->left = len;
	f->at = AT_DATA;
}

static void
on_truncated_line(struct follow *f, const char *rest)
{
	(void)rest;
	f->begun = f->skips = false;
	tell(f, FOLLOW_TRUNCATED, 0);
}

static void
on_rotated_line(struct follow *f, const char *rest)
{
	(void)rest;
	f->begun = f->skips = false;
	tell(f, FOLLOW_ROTATED, 0);
}

static void
on_gone_line(struct follow *f, const char *rest)
{
	(void)rest;
	tell(f, FOLLOW_GONE, 0);
}

static void
on_nofile_line(struct follow *f, const char *rest)
{
	(void)rest;
	tell(f, FOLLOW_MISSING, 0);
}

static void
on_noread_line(struct follow *f, const char *rest)
{
	(void)rest;
	tell(f, FOLLOW_UNREADABLE, 0);
}

static void
on_lost_line(struct follow *f, const char *rest)
{
	(void)rest;
	f->begun = false;
	tell(f, FOLLOW_LOST, 0);
}

static void
on_raw_line(struct follow *f, const char *rest)
{
	(void)rest;
	if (f->came && f->spec.kind == FOLLOW_COMMAND)
		tell(f, FOLLOW_AGAIN, 0);
	f->at = AT_RAW;
	f->begun = false;
}

static void
on_end_line(struct follow *f, const char *rest)
{
	f->ended = true;
	f->status.exit = (int)strtol(rest, NULL, 10);
	if (f->status.exit == 0)
		snprintf(f->why, sizeof f->why, "it ended");
	else
		snprintf(f->why, sizeof f->why, "it ended with exit status %d",
			f->status.exit);
}

static void
on_error_line(struct follow *f, const char *rest)
{
	f->ended = f->status.unreadable = true;
	snprintf(f->why, sizeof f->why, "%s: %s", f->what,
		str_starts(rest, "nofile")           ? "there is no such file"
			: str_starts(rest, "noread") ? "may not be read"
						     : "too large for the shell there");
}

static const struct {
	const char *word;
	void (*fn)(struct follow *f, const char *rest);
} frames[] = {
	{"data", on_data_line},
	{"beat", on_beat_line},
	{"open", on_open_line},
	{"raw", on_raw_line},
	{"truncated", on_truncated_line},
	{"rotated", on_rotated_line},
	{"gone", on_gone_line},
	{"nofile", on_nofile_line},
	{"noread", on_noread_line},
	{"lost", on_lost_line},
	{"end", on_end_line},
	{"error", on_error_line},
};

/* A whole line outside of data: ours, or somebody's login files. */
static void
on_our_line(struct follow *f, struct str *line)
{
	char tail[TOKEN_LEN + 8];
	size_t word;

	snprintf(tail, sizeof tail, " tok=%s", f->token);
	if (!str_starts(line->buf, "FL1 ") || !str_ends(line, tail)) {
		if (line->len > 0)
			snprintf(f->said, sizeof f->said, "%s", line->buf);
		return;
	}
	str_cut(line, line->len - strlen(tail));
	if (!f->answered) {
		f->answered = true;
		f->retry_ms = 0;
		tell_state(f, FOLLOW_LIVE);
	}
	word = strcspn(line->buf + 4, " ");
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		if (strlen(frames[i].word) == word &&
			memcmp(frames[i].word, line->buf + 4, word) == 0) {
			frames[i].fn(
				f, line->buf + 4 + word + (line->buf[4 + word] == ' '));
			return;
		}
	}
}

static size_t
take_line(struct follow *f, struct str *line, const char *p, size_t len)
{
	const char *lf = memchr(p, '\n', len);
	size_t n = lf ? (size_t)(lf - p) : len;

	if (line->len + n < LINE_MAX_BYTES)
		str_add(line, p, n);
	if (lf) {
		on_our_line(f, line);
		str_reset(line);
		n++;
	}
	return n;
}

/* How many bytes at the end of p may be the beginning of what ends data early. */
static size_t
may_be_done(const struct follow *f, const char *p, size_t len)
{
	size_t most = strlen(f->done) - 1;

	for (size_t n = len < most ? len : most; n > 0; n--) {
		if (memcmp(p + len - n, f->done, n) == 0)
			return n;
	}
	return 0;
}

static size_t
take_data(struct follow *f, const char *p, size_t len)
{
	size_t n = (int64_t)len < f->left ? len : (size_t)f->left;
	const char *early;

	if (f->held.len > 0) { /* together with what was held back */
		size_t more = strlen(f->done);
		struct str both = f->held;

		f->held = STR_INIT;
		more = n < more ? n : more;
		str_add(&both, p, more);
		size_t held = both.len - more, used = take_data(f, both.buf, both.len);
		str_release(&both);
		return used > held ? used - held : 0;
	}
	early = memmem(p, n, f->done, strlen(f->done));
	if (early) {
		hand_on(f, p, (size_t)(early - p));
		f->left -= early - p;
		tell(f, FOLLOW_SHORT, f->left);
		f->left = 0;
		f->at = AT_LINES;
		return (size_t)(early - p) + strlen(f->done);
	}
	if ((int64_t)n < f->left) {
		size_t held = may_be_done(f, p, n);

		str_add(&f->held, p + n - held, held);
		f->left -= (int64_t)(n - held);
		hand_on(f, p, n - held);
		return n;
	}
	hand_on(f, p, n);
	f->left = 0;
	f->at = AT_LINES;
	return n;
}

static void
leave(struct follow *f)
{
	f->depth--;
	if (f->freed && f->depth == 0) {
		str_release(&f->line);
		str_release(&f->err_line);
		str_release(&f->held);
		mem_free(f->what);
		mem_free(f);
	}
}

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct follow *f = ctx;

	f->depth++;
	while (len > 0 && !f->freed) {
		size_t n = len;

		switch (f->at) {
		case AT_LINES:
			n = take_line(f, &f->line, p, len);
			break;
		case AT_DATA:
			n = take_data(f, p, len);
			break;
		case AT_RAW:
			hand_on(f, p, len);
			break;
		}
		p += n;
		len -= n;
	}
	leave(f);
}

static void
on_err(void *ctx, const char *p, size_t len)
{
	struct follow *f = ctx;

	f->depth++;
	while (len > 0 && !f->freed) {
		size_t n = take_line(f, &f->err_line, p, len);

		p += n;
		len -= n;
	}
	leave(f);
}

/* ---- again and again ---- */

static void begin(void *ctx);

static void
say_why(struct follow *f, const struct link_exec_end *end)
{
	struct str safe = STR_INIT;

	text_harmless(&safe, f->said, strlen(f->said), TEXT_ONE_LINE);
	if (*end->why)
		snprintf(f->why, sizeof f->why, "%s", end->why);
	else if (link_is_simulated(f->link))
		snprintf(f->why, sizeof f->why, "%s is simulated: it has no logs",
			link_target(f->link));
	else if (!f->answered && safe.len > 0)
		snprintf(f->why, sizeof f->why, "no answer from a shell: %s", safe.buf);
	else
		snprintf(f->why, sizeof f->why, "the stream ended");
	str_release(&safe);
}

/* A login that was refused is for the operator; a network that is away comes back. */
static bool
tries_again(const struct follow *f)
{
	struct link_status s;

	if (f->spec.mode == FOLLOW_ONCE || link_is_simulated(f->link))
		return false;
	link_status(f->link, &s);
	return s.state != LINK_FAILED;
}

/* A container that is started again writes into the same log. */
static bool
may_come_back(const struct follow *f)
{
	return f->spec.mode == FOLLOW_ON && f->spec.kind == FOLLOW_CONTAINER;
}

static void
on_end(void *ctx, const struct link_exec_end *end)
{
	struct follow *f = ctx;

	f->depth++;
	if (!f->ended)
		say_why(f, end);
	link_exec_free(f->exec); /* `end` lies in it */
	f->exec = NULL;
	if (f->ended) {
		f->status.retry_ms = 0;
		if (may_come_back(f)) {
			f->status.retry_ms = RETRY_ENDED_MS;
			loop_timer_start(f->retry, RETRY_ENDED_MS, 0);
		}
		tell_state(f, f->status.unreadable ? FOLLOW_DEAD : FOLLOW_ENDED);
		leave(f);
		return;
	}
	f->status.retry_ms = 0;
	if (tries_again(f)) {
		f->retry_ms = f->retry_ms == 0 ? RETRY_FIRST_MS : f->retry_ms * 2;
		if (f->retry_ms > RETRY_MOST_MS)
			f->retry_ms = RETRY_MOST_MS;
		f->status.retry_ms = f->retry_ms;
		loop_timer_start(f->retry, f->retry_ms, 0);
	}
	tell_state(f, FOLLOW_DEAD);
	leave(f);
}

static void
begin(void *ctx)
{
	struct follow *f = ctx;
	struct link_exec_calls calls = {
		.on_out = on_out, .on_err = on_err, .on_end = on_end, .ctx = f};
	struct str input = STR_INIT;

	digest_random_hex(TOKEN_LEN / 2, f->token);
	snprintf(f->done, sizeof f->done, "\nFL1 done tok=%s\n", f->token);
	str_reset(&f->line);
	str_reset(&f->err_line);
	str_reset(&f->held);
	f->at = AT_LINES;
	f->left = 0;
	f->begun = f->answered = f->skips = f->ended = false;
	f->said[0] = '\0';
	add_request(f, &input);
	f->exec = link_exec_keep(f->link, "exec /bin/sh", input.buf, input.len, &calls);
	str_release(&input);
}

struct follow *
follow_start(
	struct link *l, const struct follow_spec *s, const struct follow_calls *calls)
{
	struct follow *f = mem_alloc(sizeof *f);

	f->link = l;
	f->spec = *s;
	f->spec.what = f->what = mem_strdup(s->what);
	f->calls = *calls;
	f->status.exit = -1;
	f->line = f->err_line = f->held = STR_INIT;
	f->retry = loop_timer_new(link_loop(l), begin, f);
	begin(f);
	return f;
}

void
follow_free(struct follow *f)
{
	if (!f || f->freed)
		return;
	f->freed = true;
	link_exec_free(f->exec);
	loop_timer_free(f->retry);
	f->depth++;
	leave(f);
}
