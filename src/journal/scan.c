#include "journal/scan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/disk.h"
#include "base/str.h"

enum { SCAN_CHUNK = 1 << 17, SCAN_SMALL = 4096 };

const char scan_zero_head[DIGEST_HEX + 1] =
	"0000000000000000000000000000000000000000000000000000000000000000";

struct scan {
	scan_fn *fn;
	void *ctx;
	struct scan_result *out;
	struct digest *digest;
	int64_t line_no;
	bool later_over; /* a record after the fault has ended its group */
	bool skip_rest;  /* of a line too long, whose beginning was judged */
	int64_t epoch; /* of the last linked line: a stale driver cannot follow a newer one */
	bool closed; /* run.close was the last linked line: nothing may follow */
};

static void
scan_fault(struct scan *s, const char *what)
{
	s->out->fault_line = s->line_no;
	snprintf(s->out->what, sizeof s->out->what, "line %lld: %s",
		(long long)s->line_no, what);
}

/* Blocks that never reached the disk read as zeros; nothing else makes them. */
static void
scan_damage(struct scan *s, const char *bytes, size_t len)
{
	if (!memchr(bytes, '\0', len))
		s->out->only_holes = false;
}

/* After a fault only one thing is left to know: what stands later on? */
static bool
scan_later(struct scan *s, const char *bytes, size_t len)
{
	struct err e = ERR_INIT;
	struct line l;

	if (line_scan(bytes, len, &l, &e)) {
		s->out->later_lines = true;
		s->out->later_groups = s->later_over;
		s->later_over = !l.more;
	} else {
		scan_damage(s, bytes, len);
	}
	return !s->out->later_groups;
}

static bool
linked(struct scan *s, const struct line *l)
{
	struct scan_result *out = s->out;
	char what[160];

	if (out->records == 0 && l->seq == 0)
		memcpy(out->run, l->run, ULID_LEN);
	if (l->seq != out->records)
		snprintf(what, sizeof what, "seq is %lld, %lld was due",
			(long long)l->seq, (long long)out->records);
	else if (memcmp(l->run, out->run, ULID_LEN) != 0)
		snprintf(what, sizeof what, "belongs to run %.*s, not %s", ULID_LEN,
			l->run, out->run);
	else if (memcmp(l->prev, out->head, DIGEST_HEX) != 0)
		snprintf(what, sizeof what, "prev is not the hash of the line before");
	else if (l->seq == 0 && !line_is(l, EVENT_RUN_OPEN))
		snprintf(what, sizeof what, "the first record is %.*s, not run.open",
			(int)(l->type.len < 60 ? l->type.len : 60), l->type.at);
	else if (l->seq > 0 && line_is(l, EVENT_RUN_OPEN))
		snprintf(what, sizeof what, "run.open stands in the middle");
	else if (l->epoch < s->epoch)
		snprintf(what, sizeof what, "epoch goes back from %lld to %lld",
			(long long)s->epoch, (long long)l->epoch);
	else if (s->closed)
		snprintf(what, sizeof what, "stands after run.close");
	else
		return true;
	scan_fault(s, what);
	return false;
}

/* A whole line with its newline. Returns false to end the scan. */
static bool
scan_line(struct scan *s, const char *bytes, size_t len)
{
	struct scan_result *out = s->out;
	struct err e = ERR_INIT;
	struct line l;

	if (s->skip_rest) {
		s->skip_rest = false;
		return true;
	}
	if (out->fault_line)
		return scan_later(s, bytes, len - 1);
	s->line_no++;
	if (!line_scan(bytes, len - 1, &l, &e)) {
		scan_fault(s, e.msg);
		out->only_holes = true;
		scan_damage(s, bytes, len - 1);
		return true;
	}
	if (!linked(s, &l)) {
		/* It is a record, whole, and no crash makes it stand there. */
		out->later_lines = out->later_groups = true;
		return false;
	}
	s->epoch = l.epoch;
	s->closed = line_is(&l, EVENT_RUN_CLOSE);
	digest_update(s->digest, bytes, len);
	digest_final_hex(s->digest, out->head);
	out->records++;
	out->good_bytes += (int64_t)len;
	if (!l.more) {
		out->group_bytes = out->good_bytes;
		out->group_seq = l.seq;
	}
	out->stopped = s->fn && !s->fn(s->ctx, &l, bytes, len - 1, out->head);
	return !out->stopped;
}

static bool
scan_buffer(struct scan *s, struct str *in)
{
	size_t used = 0;
	bool go_on = true;

	while (go_on) {
		char *lf = memchr(in->buf + used, '\n', in->len - used);
		if (!lf)
			break;
		size_t len = (size_t)(lf - (in->buf + used)) + 1;
		go_on = scan_line(s, in->buf + used, len);
		used += len;
	}
	str_drop(in, used);
	if (!go_on || in->len <= EVENT_LINE_MAX)
		return go_on;
	if (!s->out->fault_line) {
		s->line_no++;
		scan_fault(s, "longer than 65536 bytes");
		s->out->only_holes = true;
	}
	if (!s->skip_rest)
		scan_damage(s, in->buf, in->len);
	s->skip_rest = true;
	str_drop(in, in->len - 1);
	return true;
}

bool
scan_journal(
	const char *path, scan_fn *fn, void *ctx, struct scan_result *out, struct err *e)
{
	struct scan s = {.fn = fn, .ctx = ctx, .out = out};
	struct str in = STR_INIT;
	bool ok = false;
	int64_t at = 0;
	size_t chunk;
	int fd;

	memset(out, 0, sizeof *out);
	out->group_seq = -1;
	memcpy(out->head, scan_zero_head, sizeof scan_zero_head);
	fd = disk_open_read(path, DISK_FOLLOW, e);
	if (fd < 0)
		return false;
	s.digest = digest_new();
	out->size = disk_size(fd);
	/* Most records are small, and some commands look at all of them. */
	chunk = out->size >= SCAN_CHUNK ? SCAN_CHUNK : (size_t)out->size + SCAN_SMALL;
	for (;;) {
		str_reserve(&in, chunk);
		ssize_t n = disk_read_at(fd, in.buf + in.len, chunk, at);
		if (n < 0) {
			err_sys(e, errno, "%s", path);
			goto out;
		}
		if (n == 0)
			break;
		in.len += (size_t)n;
		in.buf[in.len] = '\0';
		at += n;
		if (!scan_buffer(&s, &in))
			break;
	}
	if (in.len && !out->fault_line && !out->stopped) {
		s.line_no++;
		scan_fault(&s, "the last line has no newline");
	}
	ok = true;
out:
	digest_free(s.digest);
	str_release(&in);
	disk_close(fd);
	return ok;
}
