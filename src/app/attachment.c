#include "app/attachment.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

enum { QUOTE_CELLS = 240, LINK_MAX = 2000, NAME_MAX_BYTES = 1024, LINK_NAME_MAX = 4096 };

static const char *const names[ATTACHMENT_KIND_COUNT] = {
#define X(id, name) [ATTACHMENT_##id] = name,
	ATTACHMENT_KINDS(X)
#undef X
};

void
attachment_release(struct attachment *a)
{
	str_release(&a->bytes);
	str_release(&a->data);
}

/* ---- what is kept ---------------------------------------------------------------------------- */

static bool
is_text(const char *p, size_t len)
{
	return !memchr(p, '\0', len) && text_valid_utf8(p, len);
}

static int64_t
lines_in(const struct str *text)
{
	int64_t n = text->len && text->buf[text->len - 1] != '\n';

	for (size_t i = 0; i < text->len; i++)
		n += text->buf[i] == '\n';
	return n;
}

static void
add_redacted(const struct redact *secrets, const char *p, size_t len, struct str *out)
{
	if (secrets)
		redact_text(secrets, p, len, out);
	else
		str_add(out, p, len);
}

/* Its first words, on one line. */
static void
begins(const struct str *bytes, struct str *out)
{
	size_t some = bytes->len < 4096 ? bytes->len : 4096;
	char *start = mem_strndup(bytes->buf, some);
	struct str safe = STR_INIT;

	start[strcspn(start, "\r\n")] = '\0';
	text_harmless(&safe, start, strlen(start), TEXT_ONE_LINE);
	text_add_cut(out, safe.buf, QUOTE_CELLS, "…");
	str_release(&safe);
	mem_free(start);
}

struct about {
	const struct attachment_what *what;
	struct wall changed; /* of a file; 0: none */
	bool text;
};

static void
write_data(const struct about *a, const struct redact *secrets, const struct str *bytes,
	struct str *out)
{
	struct str name = STR_INIT, words = STR_INIT;
	char stamp[STAMP_BYTES];
	struct jsonout j;

	add_redacted(
		secrets, a->what->name, strnlen(a->what->name, NAME_MAX_BYTES), &name);
	if (a->text)
		begins(bytes, &words);
	else
		str_adds(&words, "(not text)");
	jsonout_init(&j, out);
	jsonout_open(&j);
	if (a->what->host)
		jsonout_kstr(&j, "host", a->what->host);
	jsonout_kstr(&j, "kind", names[a->what->kind]);
	jsonout_kstr(&j, "name", name.buf);
	if (a->text && a->what->kind != ATTACHMENT_LINK)
		jsonout_kint(&j, "lines", lines_in(bytes));
	if (a->changed.ms)
		jsonout_kstr(&j, "to", stamp_wall(a->changed, stamp));
	jsonout_kstr(&j, "text", words.buf);
	jsonout_close(&j);
	str_release(&name);
	str_release(&words);
}

/* Text is kept without its secrets; other bytes cannot be changed, so they must hold none. */
static bool
keep(struct about *a, const struct redact *secrets, struct attachment *out, struct err *e)
{
	const struct attachment_what *w = a->what;

	*out = (struct attachment){STR_INIT, STR_INIT};
	if (!w->len)
		return err_set(
			e, ERR_INPUT, "%s is empty: there is nothing to attach", w->name);
	if (w->len > ATTACHMENT_MAX)
		return err_set(e, ERR_LIMIT,
			"%s has more than %d MiB: attach the part that matters, or a link "
			"to it",
			w->name, ATTACHMENT_MAX >> 20);
	a->text = is_text(w->bytes, w->len);
	add_redacted(secrets, w->bytes, w->len, &out->bytes);
	if (!a->text &&
		(out->bytes.len != w->len ||
			memcmp(out->bytes.buf, w->bytes, w->len) != 0)) {
		attachment_release(out);
		return err_set(e, ERR_REFUSED,
			"%s is not text and holds what looks like a secret: take that out "
			"first",
			w->name);
	}
	write_data(a, secrets, &out->bytes, &out->data);
	return true;
}

bool
attachment_made(const struct attachment_what *w, const struct redact *secrets,
	struct attachment *out, struct err *e)
{
	struct about a = {.what = w};

	return keep(&a, secrets, out, e);
}

/* ---- a file ---------------------------------------------------------------------------------- */

static bool
is_a_file(const char *path, const struct stat *st, struct err *e)
{
	char to[LINK_NAME_MAX];
	ssize_t n;

	if (S_ISREG(st->st_mode))
		return true;
	if (S_ISLNK(st->st_mode)) {
		n = readlink(path, to, sizeof to - 1);
		to[n > 0 ? n : 0] = '\0';
		return err_set(e, ERR_INPUT,
			"%s is a symbolic link to %s: name what it leads to", path, to);
	}
	if (S_ISDIR(st->st_mode))
		return err_set(e, ERR_INPUT,
			"%s is a folder: attach its files, or a tar of it", path);
	if (S_ISFIFO(st->st_mode))
		return err_set(e, ERR_INPUT,
			"%s is a pipe: handrail attach RUN - <%s reads it", path, path);
	return err_set(e, ERR_INPUT, "%s is a device or a socket, not a file", path);
}

static bool
read_all(int fd, const char *path, const struct stat *st, struct str *out, struct err *e)
{
	enum { PIECE = 64 * 1024 };
	struct stat after;
	ssize_t n;

	do {
		str_reserve(out, PIECE);
		n = disk_read_at(fd, out->buf + out->len, PIECE, (int64_t)out->len);
		if (n < 0)
			return err_sys(e, errno, "%s", path);
		out->len += (size_t)n;
		out->buf[out->len] = '\0';
	} while (n > 0 && out->len <= ATTACHMENT_MAX);
	if (fstat(fd, &after) != 0)
		return err_sys(e, errno, "%s", path);
	/* a file of /proc says 0 and has bytes all the same */
	if (out->len <= ATTACHMENT_MAX &&
		(after.st_size != st->st_size || after.st_mtime != st->st_mtime ||
			(st->st_size && (size_t)st->st_size != out->len)))
		return err_set(
			e, ERR_IO, "%s changed while it was read: attach it again", path);
	return true;
}

static bool
from_file(const char *path, const struct redact *secrets, struct attachment *out,
	struct err *e)
{
	struct attachment_what w = {.kind = ATTACHMENT_FILE, .name = path};
	struct about a = {.what = &w};
	struct str bytes = STR_INIT;
	struct stat st;
	bool ok;
	int fd;

	/* looked at first: only to open some devices does something */
	if (lstat(path, &st) != 0)
		return err_sys(e, errno, "%s", path);
	if (!is_a_file(path, &st, e))
		return false;
	fd = disk_open_read(path, DISK_NO_LINK, e);
	if (fd < 0)
		return false;
	ok = fstat(fd, &st) == 0 || err_sys(e, errno, "%s", path);
	if (ok && st.st_size > ATTACHMENT_MAX)
		ok = err_set(e, ERR_LIMIT,
			"%s has %lld MiB, at most %d are kept: attach the part that "
			"matters, or a link to it",
			path, (long long)(st.st_size >> 20), ATTACHMENT_MAX >> 20);
	ok = ok && read_all(fd, path, &st, &bytes, e);
	disk_close(fd);
	w.bytes = bytes.buf;
	w.len = bytes.len;
	a.changed.ms = ok ? (int64_t)st.st_mtime * 1000 : 0;
	ok = ok && keep(&a, secrets, out, e);
	str_release(&bytes);
	return ok;
}

/* ---- a link ---------------------------------------------------------------------------------- */

bool
attachment_is_link(const char *word)
{
	size_t n = strspn(word,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	return n > 1 && strncmp(word + n, "://", 3) == 0;
}

static bool
from_link(const char *word, const struct redact *secrets, struct attachment *out,
	struct err *e)
{
	size_t len = strlen(word);

	if (len > LINK_MAX)
		return err_set(
			e, ERR_LIMIT, "a link has at most %d characters", LINK_MAX);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)word[i] <= ' ' || word[i] == 0x7f)
			return err_set(e, ERR_INPUT,
				"a link holds no blanks and no control characters");
	return attachment_made(
		&(struct attachment_what){
			.kind = ATTACHMENT_LINK, .name = word, .bytes = word, .len = len},
		secrets, out, e);
}

bool
attachment_named(const char *word, const struct redact *secrets, struct attachment *out,
	struct err *e)
{
	return attachment_is_link(word) ? from_link(word, secrets, out, e)
					: from_file(word, secrets, out, e);
}
