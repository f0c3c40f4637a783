#include "view/boxrow.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { WIDE_COLS = 100, NARROW_COLS = 70 };

struct columns {
	int name, image, state, health, up, restarts, cpu, memory; /* 0: left out */
	bool ports, tag;
};

static struct columns
columns_of(int width)
{
	if (width >= WIDE_COLS)
		return (struct columns){.name = 22 + (width - WIDE_COLS) / 5,
			.image = 22 + (width - WIDE_COLS) / 4,
			.state = 11,
			.health = 10,
			.up = 7,
			.restarts = 5,
			.cpu = 6,
			.memory = 11,
			.ports = true};
	if (width >= NARROW_COLS)
		return (struct columns){.name = width - 59,
			.image = 12,
			.state = 11,
			.health = 10,
			.up = 7,
			.restarts = 4,
			.cpu = 6,
			.memory = 6,
			.tag = true};
	return (struct columns){
		.name = width - 37, .state = 11, .health = 10, .up = 7, .restarts = 4};
}

static void
cell(struct page *p, enum style style, const char *text, int cells)
{
	struct str cut = STR_INIT;

	if (cells <= 0)
		return;
	text_add_cut(&cut, text, (size_t)cells - 1, "…");
	page_add(p, style, cut.buf);
	page_addf(p, style, "%*s", cells - (int)text_cells(cut.buf), "");
	str_release(&cut);
}

enum style
boxrow_style(enum boxfacts_level l)
{
	return l == BOXFACTS_BAD     ? STYLE_FAIL
		: l == BOXFACTS_WARN ? STYLE_WARN
				     : STYLE_OK;
}

/* What is green is running, and said so a moment ago. */
static enum style
state_style(const struct box *b, bool live)
{
	if (!live)
		return STYLE_DIM;
	if (b->state == BOX_EXITED && b->exit == 0)
		return STYLE_TEXT;
	return b->state == BOX_RUNNING ? STYLE_OK : boxrow_style(boxfacts_level(b));
}

static enum style
health_style(const struct box *b, bool live)
{
	static const enum style styles[BOX_HEALTH_COUNT] = {
		[BOX_HEALTH_UNKNOWN] = STYLE_WARN,
		[BOX_HEALTH_NONE] = STYLE_DIM,
		[BOX_HEALTH_STARTING] = STYLE_RUN,
		[BOX_HEALTH_HEALTHY] = STYLE_OK,
		[BOX_HEALTH_UNHEALTHY] = STYLE_FAIL,
	};

	return live && b->state == BOX_RUNNING ? styles[b->health] : STYLE_DIM;
}

const char *
boxrow_age(int64_t ms, char out[STAMP_BYTES])
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = {{86400000, 'd'}, {3600000, 'h'}, {60000, 'm'}, {1000, 's'}};

	for (size_t i = 0; ms >= 0 && i < sizeof units / sizeof *units; i++) {
		if (ms < 2 * units[i].ms && i + 1 < sizeof units / sizeof *units)
			continue;
		snprintf(out, STAMP_BYTES, "%lld%c", (long long)(ms / units[i].ms),
			units[i].unit);
		return out;
	}
	return "-";
}

static void
memory_cell(const struct box *b, enum style style, int cells, struct page *p)
{
	const struct box_sample *s = b->state == BOX_RUNNING ? box_sample(b) : NULL;
	char used[16], limit[16], text[40] = "-";
	bool limited = b->memory_limit_bytes > 0;

	if (s && cells < 8 && limited)
		snprintf(text, sizeof text, "%lld%%",
			(long long)(s->memory_bytes / (b->memory_limit_bytes / 100 + 1)));
	else if (s && cells < 8)
		box_bytes_text(s->memory_bytes, text);
	else if ((s || limited) && cells >= 8)
		snprintf(text, sizeof text, "%s/%s",
			box_bytes_text(s ? s->memory_bytes : BOX_NOT_KNOWN, used),
			box_bytes_text(
				limited ? b->memory_limit_bytes : BOX_NOT_KNOWN, limit));
	cell(p, style, text, cells);
}

static void
ports_cell(const struct box *b, enum style style, struct page *p)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < b->ports.list.len; i++) {
		const struct box_port *port = &b->ports.list.at[i];

		if (port->outside)
			str_addf(&text, "%s%d>%d", text.len ? " " : "", port->outside,
				port->inside);
		else
			str_addf(&text, "%s%d", text.len ? " " : "", port->inside);
	}
	page_add(p, style, text.len ? text.buf : "-");
	str_release(&text);
}

static void
image_cell(const struct boxes *bs, const struct box *b, bool live,
	const struct columns *c, struct page *p)
{
	const char *version = boxfacts_version(bs, b);
	enum style style = live ? STYLE_TEXT : STYLE_DIM;

	if (!c->image)
		return;
	if (!*version) {
		cell(p, style, c->tag ? box_tag(b->image) : b->image, c->image);
		return;
	}
	cell(p, style, c->tag ? box_tag(b->image) : b->image, c->image - 4);
	cell(p, live ? STYLE_WARN : STYLE_DIM, version, 4);
}

void
boxrow_add(const struct boxes *bs, const struct boxes_host *h, const struct box *b,
	struct now now, struct page *p)
{
	struct columns c = columns_of(p->width);
	bool live = boxes_state_now(h, now.mono) == BOXES_LIVE;
	enum style style = live ? STYLE_TEXT : STYLE_DIM;
	const struct box_sample *s = b->state == BOX_RUNNING ? box_sample(b) : NULL;
	int64_t cpu = s && live ? s->cpu_milli : BOX_NOT_KNOWN;
	char text[STAMP_BYTES];

	page_line(p, b->key);
	page_add(p, style, live ? "   " : "?  ");
	cell(p, style, b->name, c.name);
	image_cell(bs, b, live, &c, p);
	cell(p, state_style(b, live), box_state_text(b, text), c.state);
	cell(p, health_style(b, live),
		b->health == BOX_HEALTH_NONE || b->state != BOX_RUNNING
			? "-"
			: box_health_name(b->health),
		c.health);
	cell(p, style,
		boxrow_age(boxes_age_ms(h, b, live ? now.wall : h->answered.wall), text),
		c.up);
	if (box_restarted(b) > 0 && c.restarts > 4)
		snprintf(text, sizeof text, "%lld+%lld", (long long)b->restarts_then,
			(long long)box_restarted(b));
	else
		snprintf(text, sizeof text, "%lld", (long long)b->restarts);
	cell(p, box_restarted(b) > 0 && live ? STYLE_WARN : style, text, c.restarts);
	cell(p, style, box_cpu_text(cpu, text), c.cpu);
	if (c.memory)
		memory_cell(b, style, c.memory, p);
	if (c.ports)
		ports_cell(b, style, p);
}

void
boxrow_head(struct page *p)
{
	struct columns c = columns_of(p->width);

	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "   ");
	cell(p, STYLE_DIM, "NAME", c.name);
	cell(p, STYLE_DIM, c.tag ? "IMAGE TAG" : "IMAGE", c.image);
	cell(p, STYLE_DIM, "STATE", c.state);
	cell(p, STYLE_DIM, "HEALTH", c.health);
	cell(p, STYLE_DIM, "UP", c.up);
	cell(p, STYLE_DIM, "RST", c.restarts);
	cell(p, STYLE_DIM, "CPU%", c.cpu);
	cell(p, STYLE_DIM, c.memory && c.memory < 8 ? "MEM" : "MEM/LIMIT", c.memory);
	if (c.ports)
		page_add(p, STYLE_DIM, "PORTS");
}
