#include "journal/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

enum { SCAN_CHUNK = 1 << 20 };

static const char zero_head[DIGEST_HEX + 1] =
	"0000000000000000000000000000000000000000000000000000000000000000";

struct scan {
	scan_fn *fn;
	void *ctx;
	struct scan_result *out;
	struct digest *digest;
	int64_t line_no;
	bool in_group;
};

static void
scan_fault(struct scan *s, const char *what)
{
	s->out->fault_line = s->line_no;
	snprintf(s->out->what, sizeof s->out->what, "line %lld: %s", (long long)s->line_no, what);
}

/* After a fault only one thing is left to know: does a record stand later on? */
static bool
looks_like_record(const char *line, size_t len)
{
	struct err e = ERR_INIT;
	struct event *ev = event_parse(line, len, &e);

	event_free(ev);
	return ev != NULL;
}

static bool
linked(struct scan *s, const struct event *ev)
{
	struct scan_result *out = s->out;
	char what[160];

	if (out->records == 0 && ev->seq == 0)
		memcpy(out->run, ev->run, sizeof out->run);
	if (ev->seq != out->records)
		snprintf(what, sizeof what, "seq is %lld, %lld was due", (long long)ev->seq,
			 (long long)out->records);
	else if (strcmp(ev->run, out->run) != 0)
		snprintf(what, sizeof what, "belongs to run %s, not %s", ev->run, out->run);
	else if (strcmp(ev->prev, out->head) != 0)
		snprintf(what, sizeof what, "prev is not the hash of the line before");
	else if (ev->seq == 0 && ev->type != EVENT_RUN_OPEN)
		snprintf(what, sizeof what, "the first record is %s, not run.open",
			 ev->type_name);
	else
		return true;
	scan_fault(s, what);
	return false;
}

/* A whole line with its newline. Returns false to end the scan. */
static bool
scan_line(struct scan *s, const char *line, size_t len)
{
	struct scan_result *out = s->out;
	struct err e = ERR_INIT;
	bool go_on;

	if (out->fault_line) {
		out->later_lines = looks_like_record(line, len - 1);
		return !out->later_lines;
	}
	s->line_no++;
	struct event *ev = event_parse(line, len - 1, &e);
	if (!ev) {
		scan_fault(s, e.msg);
		return true;
	}
	if (!linked(s, ev)) {
		/* It parses, so it is itself a record that stands there unlinked. */
		out->later_lines = true;
		event_free(ev);
		return false;
	}
	digest_update(s->digest, line, len);
	digest_final_hex(s->digest, out->head);
	out->records++;
	out->good_bytes += (int64_t)len;
	if (!ev->more) {
		out->group_bytes = out->good_bytes;
		out->group_seq = ev->seq;
	}
	go_on = !s->fn || s->fn(s->ctx, ev, line, len - 1, out->head);
	event_free(ev);
	out->stopped = !go_on;
	return go_on;
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
	if (go_on && in->len > EVENT_LINE_MAX && !s->out->fault_line) {
		s->line_no++;
		scan_fault(s, "longer than 65536 bytes");
	}
	if (s->out->fault_line && in->len > EVENT_LINE_MAX)
		str_drop(in, in->len - 1);
	return go_on;
}

bool
scan_journal(const char *path, scan_fn *fn, void *ctx, struct scan_result *out, struct err *e)
{
	struct scan s = {.fn = fn, .ctx = ctx, .out = out};
	struct str in = STR_INIT;
	bool ok = false;
	int64_t at = 0;
	int fd;

	memset(out, 0, sizeof *out);
	out->group_seq = -1;
	memcpy(out->head, zero_head, sizeof zero_head);
	fd = disk_open_read(path, e);
	if (fd < 0)
		return false;
	s.digest = digest_new();
	out->size = disk_size(fd);
	for (;;) {
		str_reserve(&in, SCAN_CHUNK);
		ssize_t n = disk_read_at(fd, in.buf + in.len, SCAN_CHUNK, at);
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

/* ---- heads -------------------------------------------------------------------------- */

struct map_of_heads {
	VEC_OF(struct head_line {
		int64_t seq;
		char hash[DIGEST_HEX + 1];
	}) list;
};

static bool
head_line_parse(const char *line, size_t len, struct head_line *out)
{
	char *end;

	if (len < 2 + DIGEST_HEX || line[0] < '0' || line[0] > '9')
		return false;
	out->seq = strtoll(line, &end, 10);
	if (*end != ' ' || (size_t)(end - line) + 1 + DIGEST_HEX != len)
		return false;
	if (strspn(end + 1, "0123456789abcdef") < DIGEST_HEX)
		return false;
	memcpy(out->hash, end + 1, DIGEST_HEX);
	out->hash[DIGEST_HEX] = '\0';
	return true;
}

bool
scan_heads_read(const char *path, struct scan_heads *out, struct err *e)
{
	enum { HEADS_MAX = 256 << 20 };
	struct str text = STR_INIT;

	out->last_seq = -1;
	out->map = mem_alloc(sizeof *out->map);
	if (!file_exists(path))
		return true;
	if (!file_read(path, HEADS_MAX, &text, e)) {
		scan_heads_release(out);
		return false;
	}
	for (char *line = text.buf, *lf; (lf = strchr(line, '\n')); line = lf + 1) {
		struct head_line h;
		/* The last line may be torn; a broken one vouches for nothing. */
		if (!head_line_parse(line, (size_t)(lf - line), &h))
			continue;
		vec_push(&out->map->list, h);
		if (h.seq > out->last_seq)
			out->last_seq = h.seq;
	}
	str_release(&text);
	return true;
}

const char *
scan_heads_of(const struct scan_heads *h, int64_t seq)
{
	/* Lines stand in order of seq, so the place is nearly the index. */
	size_t i = seq >= 0 && (size_t)seq < h->map->list.len ? (size_t)seq : 0;

	if (h->map->list.len && h->map->list.at[i].seq == seq)
		return h->map->list.at[i].hash;
	for (i = 0; i < h->map->list.len; i++)
		if (h->map->list.at[i].seq == seq)
			return h->map->list.at[i].hash;
	return NULL;
}

void
scan_heads_release(struct scan_heads *h)
{
	if (h->map)
		vec_free(&h->map->list);
	mem_free(h->map);
	h->map = NULL;
}
