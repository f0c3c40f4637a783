#include <string.h>

#include "app/spine.h"
#include "base/mem.h"

/* What steps print: to the screen as it comes, to the record when it is whole. */

enum { TOLD_BYTES = 4 << 20, TOLD_MS = 10000 };

static void
tell_progress(struct doing *d)
{
	struct request q = outcome_request(d, REQ_OUTPUT);
	struct str data = STR_INIT;
	struct jsonout j;

	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kint(&j, "offset", d->told_bytes);
	jsonout_kint(&j, "bytes", d->bytes - d->told_bytes);
	jsonout_close(&j);
	q.data = data.buf;
	d->told_bytes = d->bytes;
	d->told_at = clock_mono();
	session_request(d->s, &q);
	str_release(&data);
}

void
printing_show(struct doing *d, const char *p, size_t len)
{
	serving_output(d->s, d->step, d->leg, d->way, p, len);
	if (d->s->calls.on_output)
		d->s->calls.on_output(d->s->calls.ctx, d->step, d->leg, d->way, p, len);
	spine_changed(d->s);
}

void
printing_output(void *ctx, const char *p, size_t len)
{
	struct doing *d = ctx;
	size_t room = SPINE_OUTPUT_KEPT - d->output.len;

	spool_add(d->spool, p, len);
	str_add(&d->output, p, len < room ? len : room);
	d->bytes += (int64_t)len;
	printing_show(d, p, len);
	if (d->bytes - d->told_bytes >= TOLD_BYTES ||
		clock_mono().ms - d->told_at.ms >= TOLD_MS)
		tell_progress(d);
}

/* The record could not take its output: the host's copy is the only one. */
static void
host_keeps(struct session *s, const struct request *q)
{
	for (size_t i = 0; i < s->doings.list.len; i++) {
		struct doing *d = s->doings.list.at[i];
		if (d->step == q->step && d->leg == q->leg && d->way == q->way &&
			d->attempt == q->attempt)
			d->clean = false;
	}
}

void
printing_sealed(struct session *s, struct queued *q)
{
	struct spool_sealed *z = &q->sealed;
	struct str data = STR_INIT;
	struct jsonout j;

	if (q->q.kind == REQ_ATTACH) {
		attaching_sealed(q);
		return;
	}
	if (z->why[0])
		host_keeps(s, &q->q);
	jsonout_init(&j, &data);
	jsonout_open(&j);
	if (q->offset > 0 || q->q.kind == REQ_OUTPUT)
		jsonout_kint(&j, "offset", q->offset);
	jsonout_kint(&j, "bytes", z->bytes);
	jsonout_kint(&j, "lines", z->lines);
	if (z->text.len || !z->bytes) {
		jsonout_key(&j, "text");
		jsonout_strn(&j, z->text.buf, z->text.len);
	} else {
		jsonout_kstr(&j, "blob", z->hex[0] ? z->hex : NULL);
		if (z->why[0])
			jsonout_kstr(&j, "why", z->why);
		jsonout_key(&j, "head");
		jsonout_strn(&j, z->head.buf, z->head.len);
		jsonout_key(&j, "tail");
		jsonout_strn(&j, z->tail.buf, z->tail.len);
	}
	redacttally_write(&z->redacted, &j);
	jsonout_close(&j);
	mem_free(q->data);
	q->q.data = q->data = str_take(&data);
	spool_sealed_release(z);
}
