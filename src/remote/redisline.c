#include "remote/redisline.h"

#include <string.h>

#include <hiredis/hiredis.h>

#include "base/mem.h"

enum { BYTES_MAX = 1024 * 1024, ELEMENTS_MAX = 100 * 1000, LINE_MAX_BYTES = 64 * 1024 };

struct redisline {
	redisReader *reader;
	size_t fed;
	size_t unended; /* bytes since the last line end: a line without one is read again and
			 * again by the reader */
};

struct redisline *
redisline_new(void)
{
	struct redisline *l = mem_alloc(sizeof *l);

	l->reader = redisReaderCreate();
	return l;
}

void
redisline_free(struct redisline *l)
{
	if (!l)
		return;
	redisReaderFree(l->reader);
	mem_free(l);
}

void
redisline_command(const char *const *words, size_t count, struct str *out)
{
	str_addf(out, "*%zu\r\n", count);
	for (size_t i = 0; i < count; i++)
		str_addf(out, "$%zu\r\n%s\r\n", strlen(words[i]), words[i]);
}

/* "*1000000000" would make room for that many before the first came. */
static bool
too_many(const char *p, size_t len)
{
	size_t number = 0;

	for (size_t i = 0; i + 1 < len; i++) {
		if (p[i] != '*' || (i > 0 && p[i - 1] != '\n'))
			continue;
		number = 0;
		for (size_t j = i + 1; j < len && p[j] >= '0' && p[j] <= '9'; j++)
			if (number <= ELEMENTS_MAX)
				number = number * 10 + (size_t)(p[j] - '0');
		if (number > ELEMENTS_MAX)
			return true;
	}
	return false;
}

bool
redisline_feed(struct redisline *l, const char *p, size_t len,
	struct redisline_reply **out, struct err *e)
{
	const char *lf = memrchr(p, '\n', len);
	void *reply = NULL;

	*out = NULL;
	l->fed += len;
	l->unended = lf ? len - (size_t)(lf - p) - 1 : l->unended + len;
	if (l->fed > BYTES_MAX)
		return err_set(e, ERR_LIMIT, "more than 1 MiB");
	if (l->fed == l->unended && l->unended > LINE_MAX_BYTES)
		return err_set(e, ERR_LIMIT, "a line of more than 64 KiB");
	if (too_many(p, len))
		return err_set(e, ERR_LIMIT, "a list of more than 100000");
	if (redisReaderFeed(l->reader, p, len) != REDIS_OK ||
		redisReaderGetReply(l->reader, &reply) != REDIS_OK)
		return err_set(e, ERR_PARSE, "%.100s", l->reader->errstr);
	*out = reply;
	if (reply)
		l->fed = l->unended = 0;
	return true;
}

static const redisReply *
of(const struct redisline_reply *r)
{
	return (const redisReply *)(const void *)r;
}

void
redisline_reply_free(struct redisline_reply *r)
{
	if (r)
		freeReplyObject(r);
}

bool
redisline_is_error(const struct redisline_reply *r)
{
	return of(r)->type == REDIS_REPLY_ERROR;
}

size_t
redisline_count(const struct redisline_reply *r)
{
	return of(r)->type == REDIS_REPLY_ARRAY ? of(r)->elements : 0;
}

const struct redisline_reply *
redisline_at(const struct redisline_reply *r, size_t i)
{
	return (const struct redisline_reply *)(const void *)of(r)->element[i];
}

void
redisline_text(const struct redisline_reply *r, struct str *out)
{
	switch (of(r)->type) {
	case REDIS_REPLY_INTEGER:
		str_addf(out, "%lld", of(r)->integer);
		break;
	case REDIS_REPLY_ARRAY:
		for (size_t i = 0; i < of(r)->elements; i++) {
			if (i)
				str_addc(out, '\n');
			redisline_text(redisline_at(r, i), out);
		}
		break;
	case REDIS_REPLY_NIL:
		break;
	default:
		str_add(out, of(r)->str, (size_t)of(r)->len);
		break;
	}
}
