#include "event/event.h"

#include <string.h>

#include "base/bug.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "event/canon.h"
#include "event/line.h"

static const struct {
	const char *name, *keys, *help;
	bool acting;
} table[EVENT_TYPE_COUNT] = {
#define X(id, type_name, is_acting, data_keys, words) \
	[EVENT_##id] = {.name = type_name, \
		.keys = data_keys, \
		.help = words, \
		.acting = is_acting},
	EVENT_TABLE(X)
#undef X
		/* What a later version means by it is not known: as careful as can be. */
		[EVENT_UNKNOWN] = {.name = "unknown",
			.keys = "",
			.help = "of a later version",
			.acting = true},
};

const char *
event_name(enum event_type type)
{
	return table[type].name;
}

enum event_type
event_find(const char *name)
{
	for (int i = 0; i < EVENT_UNKNOWN; i++)
		if (strcmp(table[i].name, name) == 0)
			return (enum event_type)i;
	return EVENT_UNKNOWN;
}

bool
event_acting(enum event_type type)
{
	return table[type].acting;
}

const char *
event_keys(enum event_type type)
{
	return table[type].keys;
}

const char *
event_help(enum event_type type)
{
	return table[type].help;
}

struct event *
event_new(enum event_type type, const char *step, const char *data)
{
	struct event *ev = mem_alloc(sizeof *ev);

	ev->type = type;
	ev->type_name = mem_strdup(table[type].name);
	ev->step = mem_strdup(step);
	ev->data = mem_strdup(data ? data : "{}");
	return ev;
}

void
event_free(struct event *ev)
{
	if (!ev)
		return;
	mem_free(ev->con);
	mem_free(ev->who);
	mem_free(ev->type_name);
	mem_free(ev->step);
	mem_free(ev->data);
	mem_free(ev);
}

void
events_release(struct events *evs)
{
	for (size_t i = 0; i < evs->list.len; i++)
		event_free(evs->list.at[i]);
	vec_free(&evs->list);
}

void
events_add(struct events *evs, struct event *ev_take)
{
	vec_push(&evs->list, ev_take);
}

static bool
data_canonical(const char *data, struct err *e)
{
	size_t len = strlen(data);
	struct canon c = {.at = data, .end = data + len};

	if (!text_valid_utf8(data, len))
		return err_set(e, ERR_RECORD, "the data is not valid UTF-8");
	if (!canon_object(&c) || c.at != c.end)
		return err_set(e, ERR_RECORD, "the data is not canonical at byte %zu: %s",
			(size_t)(c.at - data),
			c.wrong ? c.wrong : "more than one object");
	return true;
}

static bool
hex64(const char *s)
{
	size_t n = strspn(s, "0123456789abcdef");

	return n == DIGEST_HEX && s[n] == '\0';
}

bool
event_line(const struct event *ev, struct str *out, struct err *e)
{
	char stamp[STAMP_BYTES];
	struct jsonout j;
	size_t start = out->len;

	BUG_ON(!ev->con || !ev->who || !ev->type_name || !ev->data);
	BUG_ON(!ulid_valid(ev->run) || !hex64(ev->prev) || ev->seq < 0 || ev->epoch < 0);
	if (!line_type_word(ev->type_name, strlen(ev->type_name)))
		return err_set(e, ERR_RECORD, "the type %s is not a word", ev->type_name);
	if (!data_canonical(ev->data, e))
		return err_ctx(e, "%s", ev->type_name);
	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kint(&j, "v", EVENT_V);
	jsonout_kstr(&j, "run", ev->run);
	jsonout_kint(&j, "seq", ev->seq);
	jsonout_kint(&j, "epoch", ev->epoch);
	jsonout_kstr(&j, "t", stamp_wall(ev->t, stamp));
	jsonout_kint(&j, "mono", ev->mono);
	jsonout_kstr(&j, "con", ev->con);
	jsonout_kstr(&j, "who", ev->who);
	jsonout_kstr(&j, "type", ev->type_name);
	jsonout_kstr(&j, "step", ev->step);
	if (ev->more)
		jsonout_kbool(&j, "more", true);
	jsonout_key(&j, "data");
	jsonout_raw(&j, ev->data);
	jsonout_kstr(&j, "prev", ev->prev);
	jsonout_close(&j);
	if (out->len - start < EVENT_LINE_MAX) /* one byte is for the newline */
		return true;
	str_cut(out, start);
	return err_set(e, ERR_LIMIT, "%s is longer than %d bytes", ev->type_name,
		EVENT_LINE_MAX);
}

struct event *
event_parse(const char *line, size_t len, struct err *e)
{
	struct line l;

	return line_scan(line, len, &l, e) ? line_event(&l) : NULL;
}
