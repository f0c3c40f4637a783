#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remote/followinner.h"

/* What comes back of a follower: lines of ours, and the data that they announce. */

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
	f->at = FOLLOW_AT_DATA;
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
	f->at = f->exec ? FOLLOW_AT_RAW : FOLLOW_AT_LINES; /* else pieces come */
	f->begun = false;
}

static void
on_text_line(struct follow *f, const char *rest)
{
	(void)rest;
	f->left = INT64_MAX;
	f->at = FOLLOW_AT_PIECE;
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
	{"text", on_text_line},
	{"truncated", on_truncated_line},
	{"rotated", on_rotated_line},
	{"gone", on_gone_line},
	{"nofile", on_nofile_line},
	{"noread", on_noread_line},
	{"lost", on_lost_line},
	{"end", on_end_line},
	{"error", on_error_line},
};

const char *
followread_token(const struct str *line)
{
	const char *tail;

	if (!str_starts(line->buf, "FL1 ") || line->len < FOLLOW_TOKEN_LEN + 9)
		return NULL;
	tail = line->buf + line->len - FOLLOW_TOKEN_LEN;
	return memcmp(tail - 5, " tok=", 5) == 0 ? tail : NULL;
}

/* Ours, or of somebody's login files. */
void
followread_line(struct follow *f, struct str *line)
{
	const char *token = followread_token(line);
	size_t word;

	if (!token || strcmp(token, f->token) != 0) {
		if (line->len > 0)
			snprintf(f->said, sizeof f->said, "%s", line->buf);
		return;
	}
	str_cut(line, line->len - FOLLOW_TOKEN_LEN - 5);
	if (!f->answered) {
		f->answered = true;
		f->retry_ms = 0;
		follow_tell_state(f, FOLLOW_LIVE);
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

bool
followread_collect(struct str *line, const char *p, size_t len, size_t *used)
{
	const char *lf = memchr(p, '\n', len);
	size_t n = lf ? (size_t)(lf - p) : len;

	if (line->len + n < FOLLOW_LINE_MAX)
		str_add(line, p, n);
	*used = lf ? n + 1 : n;
	return lf != NULL;
}

static size_t
take_line(struct follow *f, struct str *line, const char *p, size_t len)
{
	size_t used;

	if (followread_collect(line, p, len, &used)) {
		followread_line(f, line);
		str_reset(line);
	}
	return used;
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

size_t
followread_data(struct follow *f, const char *p, size_t len)
{
	size_t n = (int64_t)len < f->left ? len : (size_t)f->left;
	const char *early;

	if (f->held.len > 0) { /* together with what was held back */
		size_t more = strlen(f->done);
		struct str both = f->held;

		f->held = STR_INIT;
		more = n < more ? n : more;
		str_add(&both, p, more);
		size_t held = both.len - more,
		       used = followread_data(f, both.buf, both.len);
		str_release(&both);
		return used > held ? used - held : 0;
	}
	early = memmem(p, n, f->done, strlen(f->done));
	if (early) {
		hand_on(f, p, (size_t)(early - p));
		f->left -= early - p;
		if (f->at == FOLLOW_AT_DATA)
			tell(f, FOLLOW_SHORT, f->left);
		f->left = 0;
		f->at = FOLLOW_AT_LINES;
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
	f->at = FOLLOW_AT_LINES;
	return n;
}

size_t
followread_bytes(struct follow *f, const char *p, size_t len)
{
	switch (f->at) {
	case FOLLOW_AT_LINES:
		return take_line(f, &f->line, p, len);
	case FOLLOW_AT_DATA:
	case FOLLOW_AT_PIECE:
		return followread_data(f, p, len);
	case FOLLOW_AT_RAW:
		hand_on(f, p, len);
		break;
	}
	return len;
}

void
followread_err(struct follow *f, const char *p, size_t len)
{
	while (len > 0 && !f->freed) {
		size_t n = take_line(f, &f->err_line, p, len);

		p += n;
		len -= n;
	}
}
