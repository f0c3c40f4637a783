#include "view/boxpage.h"

#include <stdio.h>
#include <string.h>

#include "base/stamp.h"

enum { BAR_CELLS = 24, EVENTS_SHOWN = 12 };

static const char *
time_text(struct wall at, char out[STAMP_BYTES])
{
	return at.ms ? stamp_wall_sec(at, out) : "-";
}

static void
add_origin(const struct box *b, struct page *p)
{
	char text[STAMP_BYTES];
	struct str line = STR_INIT;

	str_addf(&line, "%.12s   image %s", b->id, b->image);
	if (b->digest && *b->digest)
		str_addf(&line, " (%.12s)", b->digest);
	if (b->project)
		str_addf(&line, "   %s / %s", b->project, b->service ? b->service : "-");
	page_label(p, "Id", line.buf);
	str_reset(&line);
	str_adds(&line, time_text(b->started, text));
	str_addf(&line, "   ended %s   exit code %d   out of memory %s",
		b->state == BOX_RUNNING ? "-" : time_text(b->finished, text), b->exit,
		b->oom ? "YES" : "no");
	page_label(p, "Started", line.buf);
	str_reset(&line);
	str_addf(&line, "%lld so far, %lld since %s   policy %s", (long long)b->restarts,
		(long long)box_restarted(b), stamp_clock(b->seen_since, text),
		b->policy && *b->policy ? b->policy : "-");
	page_label(p, "Restarts", line.buf);
	if (b->error && *b->error)
		page_label(p, "Error", b->error);
	str_release(&line);
}

static void
add_health(const struct box *b, struct page *p)
{
	struct str line = STR_INIT;
	char every[STAMP_BYTES];

	if (b->health == BOX_HEALTH_NONE) {
		page_label(p, "Health", "it has no check");
		return;
	}
	str_adds(&line, box_health_name(b->health));
	if (b->failing > 0)
		str_addf(&line, ", %d bad answer%s in a row", b->failing,
			b->failing == 1 ? "" : "s");
	if (b->check)
		str_addf(&line, "   %s", b->check);
	if (b->check_every_ms > 0)
		str_addf(&line, "   each %s", stamp_duration(b->check_every_ms, every));
	page_label(p, "Health", line.buf);
	str_release(&line);
}

/* The newest at the right; a blank where nothing is known. */
static void
add_bar(const struct frame *f, const struct box *b, bool cpu, struct str *out)
{
	static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {".", ":", "+", "#"};
	int64_t most = cpu ? 1000 : b->memory_limit_bytes, steps = f->ascii ? 4 : 8;
	size_t n = b->sampled < BAR_CELLS ? b->sampled : BAR_CELLS;

	for (size_t i = b->sampled - n; i < b->sampled; i++) {
		const struct box_sample *s = &b->samples[i % BOX_SAMPLES];
		int64_t v = cpu ? s->cpu_milli : s->memory_bytes;

		most = v > most ? v : most;
	}
	for (size_t i = n; i < BAR_CELLS; i++)
		str_addc(out, ' ');
	for (size_t i = b->sampled - n; i < b->sampled; i++) {
		const struct box_sample *s = &b->samples[i % BOX_SAMPLES];
		int64_t v = cpu ? s->cpu_milli : s->memory_bytes;
		int64_t h = v < 0 ? -1 : most > 0 ? v / (most / steps + 1) : 0;

		h = h >= steps ? steps - 1 : h;
		str_adds(out, h < 0 ? " " : f->ascii ? ascii[h] : bars[h]);
	}
}

static void
add_use(const struct frame *f, const struct box *b, struct page *p)
{
	const struct box_sample *s = box_sample(b);
	struct str line = STR_INIT;
	char used[16], limit[16];

	if (!s || b->state != BOX_RUNNING) {
		page_label(p, "Use", "not known");
	} else {
		add_bar(f, b, true, &line);
		str_addf(&line, "  %s %% of one processor, limit ",
			box_cpu_text(s->cpu_milli, used));
		if (b->cpus_milli)
			str_addf(&line, "%lld.%02lld", (long long)b->cpus_milli / 1000,
				(long long)b->cpus_milli % 1000 / 10);
		else
			str_adds(&line, "none");
		page_label(p, "CPU", line.buf);
		str_reset(&line);
		add_bar(f, b, false, &line);
		str_addf(&line, "  %s of ", box_bytes_text(s->memory_bytes, used));
		str_adds(&line,
			b->memory_limit_bytes
				? box_bytes_text(b->memory_limit_bytes, limit)
				: "no limit");
		page_label(p, "Memory", line.buf);
	}
	str_release(&line);
}

static void
add_places(const struct box *b, struct page *p)
{
	struct str line = STR_INIT;

	for (size_t i = 0; i < b->ports.list.len; i++) {
		const struct box_port *port = &b->ports.list.at[i];

		str_adds(&line, i ? "   " : "");
		if (port->outside)
			str_addf(&line, "%s:%d > ", port->at, port->outside);
		str_addf(&line, "%d/%s", port->inside, port->protocol);
	}
	page_label(p, "Ports", line.len ? line.buf : "none");
	str_reset(&line);
	for (size_t i = 0; i < b->mounts.list.len; i++) {
		const struct box_mount *m = &b->mounts.list.at[i];

		str_addf(&line, "%s%s %s > %s%s", i ? "\n" : "", m->type, m->from, m->to,
			m->writable ? "" : " (read-only)");
	}
	page_label(p, "Mounts", line.len ? line.buf : "none");
	str_reset(&line);
	str_adds(&line, b->log_driver && *b->log_driver ? b->log_driver : "-");
	if (b->log_size && *b->log_size)
		str_addf(&line, ", at most %s", b->log_size);
	else
		str_adds(&line, ", no size limit known");
	page_label(p, "Log", line.buf);
	str_reset(&line);
	str_addf(&line, "%zu name%s, values stay on the host: ", b->env.list.len,
		b->env.list.len == 1 ? "" : "s");
	for (size_t i = 0; i < b->env.list.len; i++)
		str_addf(&line, "%s%s", i ? " " : "", b->env.list.at[i]);
	page_label(p, "Env", line.buf);
	str_release(&line);
}

static void
add_events(const struct boxes_host *h, const struct box *b, struct page *p)
{
	size_t n = h->heard < BOXES_EVENTS ? h->heard : BOXES_EVENTS, shown = 0;
	struct str line = STR_INIT;
	char at[STAMP_BYTES];

	for (size_t i = 0; i < n && shown < EVENTS_SHOWN; i++) {
		const struct boxread_event
			*ev = &h->events[(h->heard - 1 - i) % BOXES_EVENTS];

		if (strcmp(ev->id, b->id) != 0)
			continue;
		str_addf(&line, "%s%s %s", shown++ ? "   " : "", stamp_clock(ev->at, at),
			ev->what);
	}
	page_label(p, "Events", shown ? line.buf : "none since it is looked at");
	str_release(&line);
}

void
boxpage_of(const struct frame *f, const struct boxes_host *h, const struct box *b,
	struct now now, struct page *p)
{
	char at[STAMP_BYTES];

	if (boxes_state_now(h, now.mono) != BOXES_LIVE) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_FAIL, "Not current: as of %s.",
			stamp_clock(h->answered.wall, at));
	}
	add_origin(b, p);
	add_health(b, p);
	add_use(f, b, p);
	add_places(b, p);
	add_events(h, b, p);
}
