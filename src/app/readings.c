#include "app/readings.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/readingsline.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

enum {
	FILE_MOST = 1 << 20,    /* more is not ours */
	LONG_BYTES = 128 << 10, /* shortened beyond */
	NAME_MOST = 120,
	HEAD_MOST = 64 /* of the first line: magic and digest */
};

struct kept {
	char *path, *what, *name;
	struct str queue;
};

struct readings {
	char *dir;
	int lock;
	struct {
		VEC_OF(struct kept) list;
	} kept; /* by item */
};

/* ---- names ----------------------------------------------------------------------------- */

static void
add_name(struct str *out, const char *name)
{
	char sha[DIGEST_HEX + 1];
	struct str safe = STR_INIT;

	for (const char *c = name; *c; c++) {
		if (isalnum((unsigned char)*c) || *c == '-' || *c == '_' ||
			(*c == '.' && c != name))
			str_addc(&safe, *c);
		else
			str_addf(&safe, "%%%02X", (unsigned)(unsigned char)*c);
	}
	if (safe.len > NAME_MOST) {
		digest_hex(name, strlen(name), sha);
		str_cut(&safe, NAME_MOST - 17);
		str_addf(&safe, "-%.16s", sha);
	}
	str_adds(out, safe.len ? safe.buf : "-");
	str_release(&safe);
}

char *
readings_default_dir(void)
{
	char *state = file_xdg(FILE_XDG_STATE);
	char *dir = state ? file_join(state, "readings") : NULL;

	mem_free(state);
	return dir;
}

struct readings *
readings_open(
	const char *dir, const char *project, const char *environment, struct err *e)
{
	struct readings *r = mem_alloc(sizeof *r);
	struct str path = STR_INIT;
	char *lock;

	str_addf(&path, "%s/", dir);
	add_name(&path, project ? project : "");
	str_addc(&path, '/');
	add_name(&path, environment ? environment : "");
	r->dir = str_take(&path);
	r->lock = -1;
	lock = file_join(r->dir, "lock");
	if (file_mkdirs(r->dir, 0700, e)) {
		r->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (r->lock < 0)
			err_sys(e, errno, "%s", lock);
	}
	mem_free(lock);
	if (r->lock >= 0)
		return r;
	err_ctx(e, "readings are not kept");
	readings_free(r);
	return NULL;
}

static void
forget(struct kept *k)
{
	mem_free(k->path);
	mem_free(k->what);
	mem_free(k->name);
	k->path = k->what = k->name = NULL;
	str_reset(&k->queue);
}

void
readings_free(struct readings *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->kept.list.len; i++) {
		forget(&r->kept.list.at[i]);
		str_release(&r->kept.list.at[i].queue);
	}
	vec_free(&r->kept.list);
	if (r->lock >= 0)
		close(r->lock);
	mem_free(r->dir);
	mem_free(r);
}

static struct kept *
kept_at(struct readings *r, int item)
{
	while ((int)r->kept.list.len <= item) {
		struct kept *k = vec_add(&r->kept.list);

		str_init(&k->queue);
	}
	return &r->kept.list.at[item];
}

/* ---- read ------------------------------------------------------------------------------- */

/* Who waits for the lock waits for a short file to be written; one that cannot be had is
 * better ignored than waited for. */
static bool
take_lock(const struct readings *r, int how)
{
	int rc;

	do
		rc = flock(r->lock, how);
	while (rc != 0 && errno == EINTR);
	return rc == 0;
}

static void
write_whole(const struct kept *k, const struct vital *v, struct now now, struct err *e)
{
	struct str text = STR_INIT;

	readingsline_header(k->what, k->name, &text);
	readingsline_all(v, now, &text);
	/* Readings are no facts, and a run with fifty hosts begins a hundred files at once: no
	 * key waits for their disk. One that comes out empty is begun anew. */
	if (!file_replace_quick(k->path, text.buf, text.len, 0600, e))
		err_ctx(e, "readings");
	str_release(&text);
}

static bool
set_aside(const struct kept *k, const struct vital *v, struct now now,
	const struct readingsline_fault *f, struct err *e)
{
	char *aside = mem_printf("%s.bad", k->path);
	struct err again = ERR_INIT;

	if (rename(k->path, aside) == 0)
		write_whole(k, v, now, &again);
	err_set(e, ERR_PARSE, "readings of %.80s: line %d %s; the file is now %s",
		k->name, f->line, f->what, aside);
	mem_free(aside);
	return false;
}

bool
readings_restore(struct readings *r, int item, const struct readings_of *of,
	struct vital *v, struct now now, struct err *e)
{
	struct kept *k = kept_at(r, item);
	struct readingsline_fault fault = {0};
	struct str path = STR_INIT, text = STR_INIT;
	bool ok = true;

	str_addf(&path, "%s/", r->dir);
	add_name(&path, of->name);
	forget(k);
	k->path = str_take(&path);
	k->what = mem_strdup(of->what);
	k->name = mem_strdup(of->name);
	take_lock(r, LOCK_EX);
	if (!file_exists(k->path)) {
		write_whole(k, v, now, e);
	} else if (!file_read(k->path, FILE_MOST, &text, e)) {
		fault = (struct readingsline_fault){1, "cannot be read"};
		ok = set_aside(k, v, now, &fault, e);
	} else if (!text.len || !readingsline_is_of(text.buf, of->what)) {
		write_whole(k, v, now, e); /* it looks at something else now */
	} else if (!readingsline_read(text.buf, text.len, v, now, &fault)) {
		ok = set_aside(k, v, now, &fault, e);
	}
	take_lock(r, LOCK_UN);
	str_release(&text);
	return ok && e->kind == ERR_NONE;
}

/* ---- write ------------------------------------------------------------------------------ */

void
readings_add(struct readings *r, int item, const struct vital *v, bool turned)
{
	struct kept *k = kept_at(r, item);

	if (!k->path || !vital_samples(v))
		return;
	readingsline_sample(vital_sample(v, vital_samples(v) - 1), &k->queue);
	if (turned && vital_changes(v))
		readingsline_change(vital_change(v, vital_changes(v) - 1), &k->queue);
}

void
readings_mute(struct readings *r, int item, const struct vital_mute *m)
{
	struct kept *k = kept_at(r, item);

	if (k->path) /* else nobody knows yet what it looks at */
		readingsline_mute(m, &k->queue);
}

/* What others wrote is in the file, not in our vital: it is made short from what it says. */
static bool
shorten(const struct readings *r, const struct kept *k, struct now now, struct err *e)
{
	struct vital *v = vital_new(&(struct vital_rule){0});
	struct readingsline_fault fault;
	struct str text = STR_INIT;
	bool ok = true;

	take_lock(r, LOCK_EX);
	if (file_read(k->path, FILE_MOST, &text, e)) {
		if (!readingsline_is_of(text.buf, k->what))
			ok = true; /* another console's by now */
		else if (!readingsline_read(text.buf, text.len, v, now, &fault))
			ok = set_aside(k, v, now, &fault, e);
		else
			write_whole(k, v, now, e);
	}
	take_lock(r, LOCK_UN);
	str_release(&text);
	vital_free(v);
	return ok && e->kind == ERR_NONE;
}

/* A console that looks at something else under this name has begun the file anew. */
static bool
is_ours(int fd, const struct kept *k)
{
	char head[HEAD_MOST + 1];
	ssize_t n = pread(fd, head, HEAD_MOST, 0);

	head[n > 0 ? n : 0] = '\0';
	return n == 0 || readingsline_is_of(head, k->what);
}

static bool
append(const struct kept *k, off_t *size, struct err *e)
{
	int fd = open(
		k->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct str head = STR_INIT;
	struct stat st = {0};
	bool ok;

	if (fd < 0)
		return err_sys(e, errno, "readings: %s", k->path);
	ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (!ok)
		err_set(e, ERR_IO, "readings: %s is no file", k->path);
	if (ok && !is_ours(fd, k)) {
		close(fd);
		return true;
	}
	if (ok && st.st_size == 0)
		readingsline_header(k->what, k->name, &head);
	str_add(&head, k->queue.buf, k->queue.len);
	if (ok)
		ok = file_write_all(fd, head.buf, head.len, e) || err_ctx(e, "readings");
	*size = st.st_size + (off_t)head.len;
	str_release(&head);
	close(fd);
	return ok;
}

bool
readings_flush(struct readings *r, struct now now, struct err *e)
{
	bool all = true;

	for (size_t i = 0; i < r->kept.list.len; i++) {
		struct kept *k = &r->kept.list.at[i];
		struct err one = ERR_INIT;
		off_t size = 0;
		bool ok;

		if (!k->queue.len)
			continue;
		take_lock(r, LOCK_SH);
		ok = append(k, &size, &one);
		take_lock(r, LOCK_UN);
		str_reset(&k->queue); /* written or not: it is not to grow */
		if (ok && size > LONG_BYTES)
			ok = shorten(r, k, now, &one);
		if (!ok && all)
			*e = one;
		all = all && ok;
	}
	return all;
}
