#include "view/auditwords.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

enum { PIECE_MAX = 400, VALUE_MAX = 8000, DEPTH_MAX = 6, LABEL_CELLS = 13 };

/*
 * A sentence with {key} or {key/inner} for what data holds, {step} for the step. A part in
 * [brackets] is left out when one of its keys is absent, null, false or empty.
 */
static const struct {
	enum event_type type;
	const char *mark, *words;
} table[] = {
	{EVENT_RUN_OPEN, "+",
		"run opened[: {runbook/title}][ in {environment}][, {mode}]"},
	{EVENT_RUN_RESUME, "+", "taken up again on {machine}"},
	{EVENT_RUN_CLOSE, "=", "run closed: {result}"},
	{EVENT_RUN_HOLD, "p", "on hold[: {reason}]"},
	{EVENT_RUN_GO, "p", "the hold ended"},
	{EVENT_RUN_ARM, "A", "armed[ for {environment}][ by {by}][ (typed \"{typed}\")]"},
	{EVENT_DRIVER_TAKE, "~", "drives[, taken over from {from}]"},
	{EVENT_DRIVER_RELEASE, "~", "let go of the run[, for {to}]"},
	{EVENT_DRIVER_OFFER, "~", "offered the run[ to {to}][: {summary}]"},
	{EVENT_STEP_ENTER, ">", "{step} begun[: {why}]"},
	{EVENT_STEP_CONFIRM, "!",
		"{step} confirmed[ on {host}][ {way}][ (typed \"{typed}\")]"},
	{EVENT_STEP_INTENT, ">",
		"{step} about to run[ on {host}][ {way}][, attempt {attempt}]"},
	{EVENT_STEP_STARTED, ">", "{step} runs[ on {host}][: {warning}]"},
	{EVENT_STEP_OUTPUT, "|", "{step} printed[ on {host}][, {bytes} bytes]"},
	{EVENT_STEP_DONE, "=",
		"{step} ended[ on {host}][, exit {exit}]: {verdict}[ ({why})]"},
	{EVENT_STEP_CANCEL, "x",
		"{step} is to be stopped[ on {host}][: {why}][: {reply}]"},
	{EVENT_STEP_UNKNOWN, "?", "{step} outcome unknown[ on {host}][: {why}]"},
	{EVENT_STEP_RESOLVE, "r", "{step} settled as {as}[ on {host}][: {evidence}]"},
	{EVENT_STEP_SKIP, "-", "{step} skipped[ on {host}]: {reason}"},
	{EVENT_ROLLBACK_OPEN, "b", "the way back begins[ ({how})]"},
	{EVENT_ROLLBACK_CLOSE, "b", "the way back is over: {result}[ ({why})]"},
	{EVENT_TICK_SET, "+",
		"{step} marked {state}[: {reason}][, evidence {evidence/value}]"},
	{EVENT_TICK_UNDO, "-", "{step}: the mark of record {of} taken back"},
	{EVENT_INPUT_SET, "i", "input {name}[ = {value}][ is a secret{secret/}]"},
	{EVENT_CHOICE_SET, "i", "{step} chosen: {label}"},
	{EVENT_PROBE_RESULT, "c",
		"[{step} ]{probe} {verdict}[: {field} {value}][ {unit}][ - {message}]"},
	{EVENT_PROBE_MUTE, "c", "{probe} muted[ until {until}][: {reason}]"},
	{EVENT_SNAPSHOT, "c", "readings at the start"},
	{EVENT_NOTE, "n", "[{step} ]note: {text}[ (corrects record {of})]"},
	{EVENT_ATTACH, "e",
		"[{step} ]evidence: {kind} {name}[ on {host}][, {bytes} bytes]"},
	{EVENT_SIGNOFF, "S", "{step} signed[ as {role}][ on {host}], key {key}"},
	{EVENT_DECLINE, "!", "{step} declined[ as {role}]: {reason}"},
	{EVENT_WAIVER, "!", "waived: {what}[: {reason}]"},
	{EVENT_SIGNOFF_VOID, "!", "the signature of record {of} is void: {reason}"},
	{EVENT_REDLINE, "!", "{step} edited for this run: {reason}"},
	{EVENT_BREAKGLASS, "!", "break-glass past {gate}: {reason}"},
	{EVENT_AUTHORITY, "S",
		"{act} of record {of}[ signed, key {key}][ is not signed: {why}]"},
	{EVENT_OBLIGATION_OPEN, "o", "owed: {title}[, due {due}]"},
	{EVENT_OBLIGATION_CLOSE, "o", "no longer owed: {as}[: {reason}]"},
	{EVENT_TRUST_GRANT, "t", "content trusted"},
	{EVENT_ANCHOR, "#", "{where} holds the head of record {seq}"},
	{EVENT_JOURNAL_RECOVERED, "!", "a torn tail was filed away, {bytes} bytes"},
	{EVENT_JOURNAL_RELOCATED, "!", "the record moved to another disk: {reason}"},
	{EVENT_CLOCK_JUMP, "!", "the wall clock jumped by {wall_ms} ms"},
	{EVENT_BACKEND_STATE, "~", "{name}: {state}[ ({why})]"},
	{EVENT_CONFIG_CHANGE, "~", "{what} changed"},
	{EVENT_SECRET_USED, "s", "{step} was given the secret {name}[ on {host}]"},
};

/* ---- the sentence -------------------------------------------------------------------------- */

static const struct json_node *
node_of(const struct json_node *data, const char *key, size_t len)
{
	char name[64];
	char *slash;

	if (len >= sizeof name)
		return NULL;
	memcpy(name, key, len);
	name[len] = '\0';
	slash = strchr(name, '/');
	if (!slash)
		return json_get(data, name);
	*slash = '\0';
	return slash[1] ? json_get(json_get(data, name), slash + 1)
			: json_get(data, name);
}

/* False: there is nothing to say. "key/" only asks whether it is there. */
static bool
put_value(const struct event *ev, const struct json_node *data, const char *key,
	size_t len, struct str *out)
{
	struct str text = STR_INIT, safe = STR_INIT;
	const struct json_node *n = node_of(data, key, len);
	bool is, asks = len && key[len - 1] == '/';

	if (len == 4 && memcmp(key, "step", 4) == 0) {
		if (!ev->step)
			return false;
		str_adds(&text, ev->step);
	} else if (!json_scalar_text(n, &text) ||
		(json_type_of(n) == JSON_BOOL && str_eq(text.buf, "false"))) {
		str_release(&text);
		return false;
	}
	text_harmless(&safe, text.buf, text.len, TEXT_ONE_LINE);
	is = safe.len > 0;
	if (!asks)
		text_add_cut(out, safe.buf, PIECE_MAX, "…");
	str_release(&safe);
	str_release(&text);
	return is;
}

/* Up to the end of `words` or `stop`; false: a key had nothing to say. */
static bool
put_words(const struct event *ev, const struct json_node *data, const char *words,
	const char *stop, struct str *out)
{
	bool all = true;

	while (words < stop) {
		if (*words == '[') {
			const char *end = memchr(words, ']', (size_t)(stop - words));
			size_t before = out->len;

			if (!put_words(ev, data, words + 1, end, out))
				str_cut(out, before);
			words = end + 1;
		} else if (*words == '{') {
			const char *end = memchr(words, '}', (size_t)(stop - words));

			all &= put_value(
				ev, data, words + 1, (size_t)(end - words) - 1, out);
			words = end + 1;
		} else {
			str_addc(out, *words++);
		}
	}
	return all;
}

static bool
is_bad(const struct event *ev, const struct json_node *data)
{
	const char *verdict = json_str(data, "verdict", "");

	switch (ev->type) {
	case EVENT_STEP_DONE:
	case EVENT_PROBE_RESULT:
		return strcmp(verdict, "ok") != 0 && strcmp(verdict, "warn") != 0;
	case EVENT_STEP_UNKNOWN:
	case EVENT_DECLINE:
	case EVENT_SIGNOFF_VOID:
	case EVENT_BREAKGLASS:
		return true;
	case EVENT_TICK_SET:
		return str_eq(json_str(data, "state", ""), "failed");
	case EVENT_RUN_CLOSE:
		return !str_eq(json_str(data, "result", ""), "ok");
	default:
		return false;
	}
}

/* Of most records, and of all large ones, the type says it: those are not parsed. */
static bool
data_decides(enum event_type type)
{
	return type == EVENT_STEP_DONE || type == EVENT_PROBE_RESULT ||
		type == EVENT_TICK_SET || type == EVENT_RUN_CLOSE;
}

bool
auditwords_is_bad(const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc;
	bool bad;

	if (!data_decides(ev->type))
		return is_bad(ev, NULL);
	doc = json_parse(ev->data, strlen(ev->data), &e);
	bad = is_bad(ev, json_root(doc));
	json_free(doc);
	return bad;
}

static enum style
style_of(const struct event *ev, const struct json_node *data, const char *mark)
{
	if (is_bad(ev, data))
		return STYLE_FAIL;
	if (*mark == '!' || str_eq(json_str(data, "verdict", ""), "warn"))
		return STYLE_WARN;
	if (ev->type == EVENT_STEP_DONE ||
		(ev->type == EVENT_TICK_SET &&
			str_eq(json_str(data, "state", ""), "done")))
		return STYLE_OK;
	return strchr("|#~s", *mark) ? STYLE_DIM : STYLE_TEXT;
}

enum style
auditwords_line(const struct event *ev, const char **mark, struct str *out)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	enum style style;

	*mark = ".";
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (table[i].type != ev->type)
			continue;
		*mark = table[i].mark;
		(void)put_words(ev, json_root(doc), table[i].words,
			table[i].words + strlen(table[i].words), out);
	}
	if (!out->len) {
		if (ev->step)
			str_addf(out, "%s ", ev->step);
		str_adds(out, ev->type_name);
	}
	style = style_of(ev, json_root(doc), *mark);
	json_free(doc);
	return style;
}

/* ---- the whole record ---------------------------------------------------------------------- */

static void
put_label(struct page *p, const char *label, const char *text)
{
	page_block(p,
		&(struct page_block){.label = label,
			.label_style = STYLE_DIM,
			.indent = LABEL_CELLS,
			.style = STYLE_TEXT,
			.id = SCROLL_NOTHING},
		text);
}

static void put_node(
	struct page *p, const char *name, const struct json_node *n, int depth);

static void
put_members(struct page *p, const struct json_node *n, int depth)
{
	bool object = json_type_of(n) == JSON_OBJECT;

	for (size_t i = 0; i < json_len(n); i++)
		put_node(p, object ? json_key_at(n, i) : "-",
			object ? json_value_at(n, i) : json_at(n, i), depth);
}

static void
put_node(struct page *p, const char *name, const struct json_node *n, int depth)
{
	enum json_type type = json_type_of(n);
	struct str text = STR_INIT, label = STR_INIT;

	str_addf(&label, "%*s%s", 2 * depth, "", name);
	if ((type == JSON_OBJECT || type == JSON_ARRAY) && json_len(n) &&
		depth < DEPTH_MAX) {
		page_line(p, SCROLL_NOTHING);
		page_add(p, STYLE_DIM, label.buf);
		put_members(p, n, depth + 1);
	} else {
		if (type == JSON_NULL)
			str_adds(&text, "null");
		else if (!json_scalar_text(n, &text))
			json_write(n, &text);
		if (text.len > VALUE_MAX) {
			size_t all = text.len;

			str_cut(&text, text_fit(text.buf, VALUE_MAX));
			str_addf(&text, " … (the first %zu of %zu bytes)", text.len, all);
		}
		put_label(p, label.buf, text.buf);
	}
	str_release(&label);
	str_release(&text);
}

void
auditwords_page(const struct event *ev, const char *hash, struct page *p)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const char *help = event_help(ev->type);
	char stamp[STAMP_BYTES], number[48];

	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_TITLE, "%s  %s", stamp_wall(ev->t, stamp), ev->type_name);
	if (help && ev->type != EVENT_UNKNOWN)
		page_text(p, 0, STYLE_DIM, help);
	page_blank(p);
	snprintf(number, sizeof number, "%lld%s", (long long)ev->seq,
		ev->more ? " (its group goes on)" : "");
	put_label(p, "record", number);
	if (ev->step)
		put_label(p, "step", ev->step);
	put_label(p, "who", ev->who);
	put_label(p, "console", ev->con);
	snprintf(number, sizeof number, "%lld", (long long)ev->epoch);
	put_label(p, "epoch", number);
	page_blank(p);
	put_members(p, json_root(doc), 0);
	page_blank(p);
	put_label(p, "prev", ev->prev);
	if (hash)
		put_label(p, "hash", hash);
	json_free(doc);
}
