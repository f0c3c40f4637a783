#include "base/mem.h"
#include "probe/hostlook.h"

/* A read-only command on the probe's host or in its container, or on this machine. */

static void
read_command(
	const struct probe_look *p, const struct look_end *end, struct hostlook_one *out)
{
	enum facts_whole whole = end->cut ? FACTS_CUT : FACTS_WHOLE;

	(void)p;
	facts_add_number(&out->facts, EXPECT_EXIT, end->exit);
	facts_add_number(&out->facts, EXPECT_TIME, (double)end->took_ms);
	facts_add_answer(&out->facts, EXPECT_STDOUT, end->out.buf, end->out.len, whole);
	facts_add_answer(&out->facts, EXPECT_STDERR, end->err.buf, end->err.len, whole);
}

static bool
command_begin(struct probe_look *p, struct err *e)
{
	struct hostlook_spec s = {.text = STR_INIT,
		.host = p->probe->host,
		.container = probe_arg(p, "container"),
		.read = read_command};

	str_adds(&s.text, p->probe->subject);
	if (s.container)
		s.says = p->probe->subject;
	return hostlook_begin(p, &s, e);
}

const struct probe_way probe_way_command = {
	.start = command_begin,
	.free = hostlook_drop,
};
