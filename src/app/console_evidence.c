#include <string.h>

#include "app/consoleinner.h"
#include "app/logging.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

/* Marked lines of the logs become evidence: the bytes as their source sent them, one
 * attachment for each piece without a gap. Whoever has the file cuts the same bytes out at
 * the offset, and their sha256 is the name of the blob. */

enum {
	QUOTE_BYTES = 240,
	LINES_MAX = 2000,
	BYTES_MAX = 4 * 1024 * 1024,
};

struct piece {
	const struct logs *logs;
	uint16_t source;
	int64_t offset, next; /* next: behind its last line; -1: it has none */
	int64_t lines;
	int64_t from_ms, to_ms;
	char *begins; /* harmless */
	struct str bytes;
};

struct marked {
	VEC_OF(uint64_t) list;
	size_t bytes;
};

static void
piece_release(struct piece *p)
{
	mem_free(p->begins);
	str_release(&p->bytes);
	*p = (struct piece){.logs = p->logs, .bytes = STR_INIT};
}

/* {"host":"web1","kind":"lines","name":"api","offset":39,"lines":2,...} */
static void
piece_data(const struct piece *p, struct str *out)
{
	const struct logs_source *s = logs_source(p->logs, p->source);
	char at[STAMP_BYTES];
	struct jsonout j;

	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kstr(&j, "host", s->host);
	jsonout_kstr(&j, "kind", "lines");
	jsonout_kstr(&j, "name", s->name);
	jsonout_key(&j, "offset");
	if (p->offset >= 0)
		jsonout_int(&j, p->offset);
	else
		jsonout_null(&j);
	jsonout_kint(&j, "lines", p->lines);
	jsonout_kstr(&j, "from", stamp_wall((struct wall){p->from_ms}, at));
	jsonout_kstr(&j, "to", stamp_wall((struct wall){p->to_ms}, at));
	jsonout_kstr(&j, "text", p->begins);
	jsonout_close(&j);
}

/* A secret that became known after the line came is taken out too. */
static void
piece_send(struct console *c, struct piece *p, int step)
{
	struct str clean = STR_INIT, begins = STR_INIT, data = STR_INIT;
	const struct redact *secrets = session_redact(c->session);

	if (p->lines == 0)
		return;
	redact_text(secrets, p->bytes.buf, p->bytes.len, &clean);
	redact_text(secrets, p->begins, strlen(p->begins), &begins);
	mem_free(p->begins);
	p->begins = str_take(&begins);
	if (clean.len == 0)
		str_addc(&clean, '\n'); /* an empty line is one all the same */
	piece_data(p, &data);
	session_attach(c->session, step, data.buf, &clean);
	str_release(&data);
	str_release(&clean);
	piece_release(p);
}

static bool
goes_on(const struct piece *p, const struct logline *l)
{
	if (p->lines == 0 || p->source != l->source)
		return false;
	if (l->offset < 0)
		return p->next < 0;
	return l->offset == p->next + 1 || l->offset == p->next + 2;
}

static void
piece_add(struct piece *p, const struct logline *l)
{
	const struct logstore *store = logs_store(p->logs);
	struct logstore_bytes raw = logstore_raw(store, l);
	const char *text = logstore_text(store, l);

	if (p->lines == 0) {
		p->source = l->source;
		p->offset = l->offset;
		p->from_ms = l->at_ms;
		p->begins = mem_strndup(text, text_fit(text, QUOTE_BYTES));
	} else {
		str_adds(&p->bytes, l->offset == p->next + 2 ? "\r\n" : "\n");
	}
	str_add(&p->bytes, raw.p, raw.len);
	p->to_ms = l->at_ms;
	p->lines++;
	p->next = l->offset < 0 ? -1 : l->offset + (int64_t)raw.len;
	if (l->flags & LOGLINE_CUT)
		p->next = INT64_MAX -
			2; /* more of it follows in the file, and not here */
}

static void
find_marked(const struct logs *l, struct marked *out)
{
	const struct logstore *s = logs_store(l);

	for (uint64_t i = logstore_first(s); i < logstore_end(s); i++) {
		const struct logline *line = logstore_at(s, i);

		if (!(line->flags & LOGLINE_MARKED))
			continue;
		out->bytes += logstore_raw(s, line).len + 2;
		if (out->list.len >= LINES_MAX || out->bytes > BYTES_MAX)
			return;
		vec_push(&out->list, i);
	}
}

size_t
console_evidence_send(struct console *c, struct logs *l, int step)
{
	struct piece p = {.logs = l, .bytes = STR_INIT};
	struct marked marked = {0};
	size_t n;

	find_marked(l, &marked);
	n = marked.list.len;
	for (size_t source = 0; n > 0 && source < logs_sources(l); source++) {
		for (size_t i = 0; i < n; i++) {
			const struct logline *line = logstore_at(
				logs_store(l), marked.list.at[i]);

			if (line->source != source)
				continue;
			if (!goes_on(&p, line))
				piece_send(c, &p, step);
			piece_add(&p, line);
		}
		piece_send(c, &p, step);
	}
	for (size_t i = 0; i < n; i++)
		logs_mark(l, marked.list.at[i]);
	vec_free(&marked.list);
	return n;
}
