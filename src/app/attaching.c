#include <string.h>

#include "app/spine.h"
#include "base/bug.h"
#include "base/digest.h"
#include "base/mem.h"

enum { NAME_HEX = 16 };

/* Evidence: its bytes go the way of output, to the disk on the writer thread, and only then
 * is there a record that names them. */

void
session_attach(struct session *s, int step, const char *data, const struct str *bytes)
{
	struct request q = {.kind = REQ_ATTACH, .step = step, .data = data};
	struct queued *c = spine_queued(&q);
	char name[NAME_HEX + 1];

	BUG_ON(bytes->len == 0);
	digest_random_hex(NAME_HEX / 2, name);
	c->spool = spool_new(s->dir, name);
	spool_keep(c->spool);
	spool_add(c->spool, bytes->buf, bytes->len);
	spine_queue(s, c);
}

/* The member alone, behind others. */
static void
add_redacted(const struct redacttally *t, struct str *data)
{
	struct str member = STR_INIT;
	struct jsonout j;

	jsonout_init(&j, &member);
	jsonout_open(&j);
	redacttally_write(t, &j);
	if (member.len > 1)
		str_addf(data, ",%s", member.buf + 1);
	str_release(&member);
}

void
attaching_sealed(struct queued *q)
{
	struct spool_sealed *z = &q->sealed;
	struct str data = STR_INIT;

	if (z->why[0]) {
		mem_free(q->reason);
		q->q.reason = q->reason = mem_strdup(z->why);
	} else {
		str_add(&data, q->data, strlen(q->data) - 1);
		str_addf(&data, ",\"blob\":\"%s\",\"bytes\":%lld", z->hex,
			(long long)z->bytes);
		add_redacted(&z->redacted, &data);
		str_addc(&data, '}');
	}
	mem_free(q->data);
	q->q.data = q->data = z->why[0] ? NULL : str_take(&data);
	str_release(&data);
	spool_sealed_release(z);
}
