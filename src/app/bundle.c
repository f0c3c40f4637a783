#include "app/bundle.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/verify_script.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/tar.h"
#include "journal/blob.h"

enum { CHUNK = 1 << 16, SIGNERS_MAX = 4 << 20 };

static const int64_t journal_max = 1LL << 30;

/* A bundle while it is written. */
struct packing {
	const struct bundle_what *w;
	int fd;
	char *root;       /* handrail-<run> */
	struct map named; /* hash -> "": what stands in its lines like one */
	struct str sums;  /* of what is in it, as sha256sum -c reads them */
};

/* ---- writing ------------------------------------------------------------------------------ */

static bool
put_header(struct packing *p, const char *name, int64_t size, bool runs, struct err *e)
{
	struct tar_entry t = {
		.size = size, .runs = runs, .mtime = p->w->run->last_at.ms / 1000};
	char block[TAR_BLOCK];

	snprintf(t.name, sizeof t.name, "%s/%s", p->root, name);
	return tar_header(&t, block, e) && file_write_all(p->fd, block, sizeof block, e);
}

static bool
put_padding(struct packing *p, int64_t size, struct err *e)
{
	static const char zeros[TAR_BLOCK];

	return file_write_all(p->fd, zeros, (size_t)tar_padding(size), e);
}

static void
add_sum(struct packing *p, const char *hex, const char *name)
{
	str_addf(&p->sums, "%s  %s\n", hex, name);
}

static bool
put_text(struct packing *p, const char *name, const char *text, size_t len, bool runs,
	struct err *e)
{
	char hex[DIGEST_HEX + 1];

	digest_hex(text, len, hex);
	add_sum(p, hex, name);
	return put_header(p, name, (int64_t)len, runs, e) &&
		file_write_all(p->fd, text, len, e) && put_padding(p, (int64_t)len, e);
}

/* A blob, whose name is its hash; bytes that are not so end it half way. */
static bool
put_stream(struct packing *p, int from, int64_t size, const char *hex, struct err *e)
{
	char *buf = mem_alloc(CHUNK), is[DIGEST_HEX + 1];
	struct digest *d = digest_new();
	int64_t left = size;
	bool ok = true;

	while (ok && left > 0) {
		ssize_t n = read(from, buf, left < CHUNK ? (size_t)left : CHUNK);

		if (n <= 0) {
			ok = err_set(
				e, ERR_RECORD, "the blob %s cannot be read whole", hex);
			break;
		}
		digest_update(d, buf, (size_t)n);
		ok = file_write_all(p->fd, buf, (size_t)n, e);
		left -= n;
	}
	digest_final_hex(d, is);
	digest_free(d);
	mem_free(buf);
	if (ok && strcmp(is, hex) != 0)
		ok = err_set(e, ERR_RECORD, "the blob %s has other bytes", hex);
	return ok && put_padding(p, size, e);
}

static bool
put_blob(struct packing *p, const char *hex, struct err *e)
{
	char *name = mem_printf("record/blobs/%.2s/%s", hex, hex),
	     *path = mem_printf("%s/blobs/%.2s/%s", p->w->run_dir, hex, hex);
	int64_t size = file_size(path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool ok = (fd >= 0 && size >= 0) ||
		err_set(e, ERR_RECORD, "the blob %s cannot be read", hex);

	ok = ok && put_header(p, name, size, false, e) && put_stream(p, fd, size, hex, e);
	if (ok)
		add_sum(p, hex, name);
	if (fd >= 0)
		close(fd);
	mem_free(path);
	mem_free(name);
	return ok;
}

static bool
is_hash(const char *s, size_t digits)
{
	return strlen(s) == digits && strspn(s, "0123456789abcdef") == digits;
}

/* What is there and no record names is not of the record. */
static bool
put_shard(struct packing *p, const char *shard, struct err *e)
{
	size_t n = 0;
	char **names = file_names(shard, &n, e);
	bool ok = names != NULL;

	for (size_t k = 0; ok && k < n; k++)
		if (is_hash(names[k], DIGEST_HEX) && map_has(&p->named, names[k]))
			ok = put_blob(p, names[k], e);
	file_names_free(names);
	return ok;
}

static bool
put_blobs(struct packing *p, struct err *e)
{
	char *blobs = file_join(p->w->run_dir, "blobs");
	size_t n = 0;
	char **shards = file_is_dir(blobs) ? file_names(blobs, &n, e) : NULL;
	bool ok = shards || !file_is_dir(blobs);

	for (size_t i = 0; ok && i < n; i++) {
		char *shard = file_join(blobs, shards[i]);

		ok = !is_hash(shards[i], 2) || put_shard(p, shard, e);
		mem_free(shard);
	}
	file_names_free(shards);
	mem_free(blobs);
	return ok;
}

static void
note_hashes(struct packing *p, const char *text, size_t len)
{
	char hex[DIGEST_HEX + 1] = "";

	for (size_t at = 0; at + DIGEST_HEX + 1 < len; at++) {
		if (text[at] != '"' || text[at + DIGEST_HEX + 1] != '"')
			continue;
		memcpy(hex, text + at + 1, DIGEST_HEX);
		if (is_hash(hex, DIGEST_HEX))
			map_put(&p->named, hex, (void *)(uintptr_t) "");
	}
}

/* The first so many lines: what came since is not in the bundle. */
static bool
put_journal(struct packing *p, struct err *e)
{
	char *path = file_join(p->w->run_dir, "journal.jsonl");
	struct str text = STR_INIT;
	size_t end = 0;
	bool ok = file_read(path, (size_t)journal_max, &text, e);

	for (int64_t i = 0; ok && i < p->w->records; i++) {
		const char *lf = memchr(text.buf + end, '\n', text.len - end);

		if (!lf)
			break;
		end = (size_t)(lf - text.buf) + 1;
	}
	if (ok)
		note_hashes(p, text.buf, end);
	ok = ok && put_text(p, "record/journal.jsonl", text.buf, end, false, e);
	str_release(&text);
	mem_free(path);
	return ok;
}

/* The lines that vouch for what is in it. */
static bool
put_heads(struct packing *p, struct err *e)
{
	char *path = file_join(p->w->run_dir, "heads");
	struct str text = STR_INIT, ours = STR_INIT;
	bool there = file_exists(path),
	     ok = !there || file_read(path, (size_t)journal_max, &text, e);

	for (size_t at = 0, len; ok && at < text.len; at += len) {
		const char *lf = memchr(text.buf + at, '\n', text.len - at);

		len = lf ? (size_t)(lf - text.buf) + 1 - at : text.len - at;
		if (lf && strtoll(text.buf + at, NULL, 10) < p->w->records)
			str_add(&ours, text.buf + at, len);
	}
	if (there && ok)
		ok = put_text(
			p, "record/heads", ours.len ? ours.buf : "", ours.len, false, e);
	str_release(&ours);
	str_release(&text);
	mem_free(path);
	return ok;
}

static bool
put_reports(struct packing *p, struct err *e)
{
	static const struct {
		const char *name;
		enum report_format format;
	} all[] = {
		{"report.txt", REPORT_TEXT},
		{"report.md", REPORT_MD},
		{"report.json", REPORT_JSON},
		{"report.html", REPORT_HTML},
	};
	struct str text = STR_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof all / sizeof *all; i++) {
		str_reset(&text);
		report_write(p->w->run, all[i].format, p->w->check, &text);
		ok = put_text(p, all[i].name, text.buf, text.len, false, e);
	}
	str_release(&text);
	return ok;
}

/* The runbook and what it calls, by number: names of different folders may be the same. */
static bool
put_runbooks(struct packing *p, struct err *e)
{
	const struct runbook *rb = p->w->run->runbook;
	bool ok = true;

	for (size_t i = 0; ok && i < rb->sources.list.len; i++) {
		const struct source *s = &rb->sources.list.at[i];
		char *name = mem_printf("runbooks/%zu-%.100s", i + 1, file_base(s->path));

		ok = put_text(p, name, s->text, s->len, false, e);
		mem_free(name);
	}
	return ok;
}

static void
readme(const struct packing *p, struct str *out)
{
	const struct run *r = p->w->run;
	char stamp[STAMP_BYTES];

	str_addf(out,
		"Run %s: %s\n\n"
		"This is the record of one run of Handrail, and all that is needed to check it\n"
		"without Handrail: a shell, jq, sha256sum and ssh-keygen.\n\n"
		"    sh ./verify record\n\n"
		"(take verify from elsewhere, the sources of Handrail say, if you do not trust who\n"
		"sent this: what checks must not come from whoever is checked)\n"
		"says whether every line is the one that was written, whether what the record\n"
		"names by hash is there, and whether each signature holds for a key of\n"
		"record/allowed_signers. Somebody who could write all of this could also have\n"
		"left out its end or have chosen another list of signers: compare the head\n\n"
		"    %lld %s\n\n"
		"with what somebody else holds (a colleague, the store, a host of the run), and\n"
		"give it to --head; and compare record/allowed_signers with the one you trust.\n\n"
		"    record/      the record itself, in the format of handrail-journal(5)\n"
		"    verify       the program of the sources, contrib/verify\n"
		"    runbooks/    the texts that the run walked, as the record names them\n"
		"    report.*     accounts of the record; only the record proves anything\n"
		"    SHA256SUMS   of all of these: sha256sum -c SHA256SUMS\n\n"
		"With Handrail: handrail verify FILE, where FILE is the bundle as it came.\n",
		r->id, r->runbook->title, (long long)(p->w->records - 1), r->head);
	str_addf(out, "The last record is of %s.\n", stamp_wall(r->last_at, stamp));
}

/* Beside the journal as well, where a person looks for it. */
static bool
put_signers(struct packing *p, struct err *e)
{
	char *beside = file_join(p->w->run_dir, "allowed_signers");
	struct str text = STR_INIT;
	bool ok = true;

	if (file_exists(beside))
		ok = file_read(beside, SIGNERS_MAX, &text, e);
	else if (p->w->signers && *p->w->signers)
		ok = blob_read(p->w->run_dir, p->w->signers, SIGNERS_MAX, &text, e);
	if (ok && text.len)
		ok = put_text(p, "record/allowed_signers", text.buf, text.len, false, e);
	str_release(&text);
	mem_free(beside);
	return ok;
}

static bool
put_rest(struct packing *p, struct err *e)
{
	static const char zeros[2 * TAR_BLOCK];
	struct str text = STR_INIT;
	bool ok;

	readme(p, &text);
	ok = put_signers(p, e) && put_runbooks(p, e) && put_reports(p, e) &&
		put_text(p, "verify", verify_script, sizeof verify_script - 1, true, e) &&
		put_text(p, "README", text.buf, text.len, false, e) &&
		put_header(p, "SHA256SUMS", (int64_t)p->sums.len, false, e) &&
		file_write_all(p->fd, p->sums.buf, p->sums.len, e) &&
		put_padding(p, (int64_t)p->sums.len, e) &&
		file_write_all(p->fd, zeros, sizeof zeros, e);
	str_release(&text);
	return ok;
}

bool
bundle_write(const struct bundle_what *w, int fd, struct err *e)
{
	struct packing p = {.w = w, .fd = fd, .sums = STR_INIT};
	bool ok;

	p.root = mem_printf("handrail-%s", w->run->id);
	map_init(&p.named);
	ok = put_journal(&p, e) && put_heads(&p, e) && put_blobs(&p, e) &&
		put_rest(&p, e);
	map_release(&p.named);
	str_release(&p.sums);
	mem_free(p.root);
	return ok;
}
