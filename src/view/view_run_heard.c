#include "view/view_run.h"

#include <stdio.h>

#include "base/stamp.h"

/* What can be said of a job beside the record: whether it is heard, and how far behind its
 * output is. A job that is not heard must not look like a quiet one. */

enum {
	QUIET_MS = 15 * 1000,     /* a host that is asked answers sooner */
	BEHIND_BYTES = 64 * 1024, /* one block on its way is nothing to tell of */
	COUNTED_S = 2 * 60,
	KIB = 1024,
	SHOWN_AS_KIB = 10 * KIB,
	SHOWN_AS_MIB = 1024 * KIB,
};

const struct run_follow *
view_run_followed(const struct run_scene *rs, int step, int leg, enum way way)
{
	for (size_t i = 0; i < rs->follows_len; i++) {
		const struct run_follow *f = &rs->follows[i];

		if (f->step == step && f->leg == leg && f->way == way)
			return f;
	}
	return NULL;
}

static void
add_bytes(struct str *out, int64_t n)
{
	if (n < SHOWN_AS_KIB)
		str_addf(out, "%lld bytes", (long long)n);
	else if (n < SHOWN_AS_MIB)
		str_addf(out, "%lld KiB", (long long)(n / KIB));
	else
		str_addf(out, "%lld.%lld MiB", (long long)(n / SHOWN_AS_MIB),
			(long long)(n % SHOWN_AS_MIB * 10 / SHOWN_AS_MIB));
}

/* In whole seconds as long as one counts them, rounded up. */
static void
add_silence(struct str *out, const struct run_follow *f)
{
	int64_t s = (f->silent_ms + 999) / 1000;
	char ago[STAMP_BYTES];

	if (f->silent_ms < 0)
		str_adds(out, "not heard of yet");
	else if (s < COUNTED_S)
		str_addf(out, "last heard %lld s ago", (long long)s);
	else
		str_addf(out, "last heard %s ago", stamp_duration(s * 1000, ago));
}

bool
view_run_heard(const struct run_follow *f, const char *host, struct str *out)
{
	size_t before = out->len;

	if (!f)
		return false;
	if (f->state == JOB_ORPHAN || f->state == JOB_LAUNCHING ||
		f->state == JOB_STARTING)
		str_addf(out, "%s: %s", host, jobstate_means(f->state));
	if (f->offline || f->silent_ms >= QUIET_MS) {
		str_addf(out, "%s%s: ", out->len > before ? "; " : "", host);
		add_silence(out, f);
		if (f->offline)
			str_adds(out,
				"; it goes on there, what it prints comes when it is "
				"heard again");
	}
	if (f->behind_bytes > (f->offline ? 0 : BEHIND_BYTES)) {
		str_addf(out, "%s", out->len > before ? "; " : "");
		if (out->len == before)
			str_addf(out, "%s: ", host);
		add_bytes(out, f->behind_bytes);
		str_adds(out, " behind");
	}
	return out->len > before;
}
