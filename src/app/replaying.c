#include "app/replaying.h"

#include <string.h>

#include "base/json.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "journal/blob.h"
#include "view/auditwords.h"

enum { OUTPUT_MAX = 1 << 20, HISTORY_MAX = 2000 };

struct replaying {
	char *dir;
	struct auditing_record record;
	size_t at;
	struct run *run;
	struct ring ring;
	struct map
		printed; /* attempts of which pieces were shown: the whole adds nothing */
	struct strings history;
};

void
replaying_line(const struct event *ev, struct str *out)
{
	char stamp[STAMP_BYTES];
	struct str words = STR_INIT;
	const char *mark;

	(void)auditwords_line(ev, &mark, &words);
	str_addf(out, "%s #%-4lld %-10.*s %s %s", stamp_clock(ev->t, stamp),
		(long long)ev->seq, (int)strcspn(ev->who ? ev->who : "?", "@"),
		ev->who ? ev->who : "?", mark, words.buf);
	str_release(&words);
}

/* ---- what was printed ------------------------------------------------------------------------ */

static bool
is_leg(const struct leg *l, const struct json_node *data)
{
	return str_eq(l->host, json_str(data, "host", NULL)) &&
		(!l->each || str_eq(l->each, json_str(data, "each", NULL)));
}

static bool
key_of(const struct replaying *r, const struct event *ev, const struct json_node *data,
	struct ring_key *out)
{
	int step = ev->step ? run_find_step(r->run, ev->step) : NONE;
	const char *way = json_str(data, "way", "");

	if (step == NONE)
		return false;
	for (size_t i = 0; i < r->run->steps.list.at[step].legs.list.len; i++)
		if (is_leg(&r->run->steps.list.at[step].legs.list.at[i], data)) {
			*out = (struct ring_key){step, (int)i,
				str_eq(way, "back") ? WAY_BACK : WAY_FORWARD};
			return true;
		}
	return false;
}

static void
feed(struct replaying *r, struct ring_key key, const struct json_node *output,
	struct wall at)
{
	const char *text = json_str(output, "text", NULL);
	const char *blob = json_str(output, "blob", NULL);
	struct str bytes = STR_INIT;
	struct err e = ERR_INIT;

	if (text)
		ring_feed(&r->ring, key, text, strlen(text), at);
	else if (blob && blob_read(r->dir, blob, OUTPUT_MAX, &bytes, &e))
		ring_feed(&r->ring, key, bytes.buf, bytes.len, at);
	else if (blob)
		ring_note(&r->ring, key, e.msg, at);
	str_release(&bytes);
}

static void
take_output(struct replaying *r, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const struct json_node *data = json_root(doc);
	bool piece = ev->type == EVENT_STEP_OUTPUT;
	struct str attempt = STR_INIT;
	struct ring_key key;

	if (key_of(r, ev, data, &key)) {
		str_addf(&attempt, "%d/%d/%d/%lld", key.step, key.leg, (int)key.way,
			(long long)json_int(data, "attempt", 0));
		if (piece) {
			feed(r, key, data, ev->t);
			map_put(&r->printed, attempt.buf, r);
		} else if (!map_has(&r->printed, attempt.buf)) {
			feed(r, key, json_get(data, "output"), ev->t);
		}
	}
	str_release(&attempt);
	json_free(doc);
}

/* ---- to and fro ------------------------------------------------------------------------------- */

static void
forget_history(struct replaying *r)
{
	for (size_t i = 0; i < r->history.list.len; i++)
		mem_free(r->history.list.at[i]);
	vec_free(&r->history.list);
}

static void
begin(struct replaying *r)
{
	run_free(r->run);
	ring_release(&r->ring);
	map_release(&r->printed);
	map_init(&r->printed);
	forget_history(r);
	memset(&r->ring, 0, sizeof r->ring);
	r->run = run_new(r->record.runbook);
	r->at = 0;
}

static void
one_more(struct replaying *r)
{
	const struct event *ev = r->record.events.list.at[r->at];
	struct str line = STR_INIT;

	run_apply(r->run, ev);
	run_head(r->run, r->record.hashes.list.at[r->at]);
	if (ev->type == EVENT_STEP_OUTPUT || ev->type == EVENT_STEP_DONE)
		take_output(r, ev);
	replaying_line(ev, &line);
	if (r->history.list.len >= HISTORY_MAX) {
		mem_free(r->history.list.at[0]);
		vec_remove(&r->history.list, 0);
	}
	vec_push(&r->history.list, str_take(&line));
	r->at++;
}

void
replaying_go(struct replaying *r, size_t at)
{
	if (at < 1)
		at = 1;
	if (at > r->record.events.list.len)
		at = r->record.events.list.len;
	if (at < r->at)
		begin(r);
	while (r->at < at)
		one_more(r);
}

struct replaying *
replaying_open(const char *dir, const struct project *project, struct err *e)
{
	struct replaying *r = mem_alloc(sizeof *r);

	map_init(&r->printed);
	r->dir = mem_strdup(dir);
	auditing_read(dir, project, &r->record);
	if (!r->record.runbook || !r->record.events.list.len) {
		err_set(e, ERR_RECORD, "it cannot be replayed: %s",
			r->record.run_fault ? r->record.run_fault : "it holds no record");
		replaying_free(r);
		return NULL;
	}
	begin(r);
	replaying_go(r, 1);
	return r;
}

void
replaying_free(struct replaying *r)
{
	if (!r)
		return;
	run_free(r->run);
	ring_release(&r->ring);
	map_release(&r->printed);
	forget_history(r);
	auditing_release(&r->record);
	mem_free(r->dir);
	mem_free(r);
}

/* ---- asking ------------------------------------------------------------------------------------ */

size_t
replaying_len(const struct replaying *r)
{
	return r->record.events.list.len;
}

size_t
replaying_at(const struct replaying *r)
{
	return r->at;
}

const struct run *
replaying_run(const struct replaying *r)
{
	return r->run;
}

const struct ring *
replaying_output(const struct replaying *r)
{
	return &r->ring;
}

const struct strings *
replaying_history(const struct replaying *r)
{
	return &r->history;
}

const struct event *
replaying_event(const struct replaying *r, size_t i)
{
	return r->record.events.list.at[i];
}

size_t
replaying_find_step(const struct replaying *r, const char *step)
{
	for (size_t i = 0; i < r->record.events.list.len; i++)
		if (str_eq(r->record.events.list.at[i]->step, step))
			return i + 1;
	return 0;
}

size_t
replaying_find_bad(const struct replaying *r, int by)
{
	for (int64_t i = (int64_t)r->at - 1 + by;
		i >= 0 && i < (int64_t)r->record.events.list.len; i += by)
		if (auditwords_is_bad(r->record.events.list.at[i]))
			return (size_t)i + 1;
	return 0;
}
