#include "live/boxread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/logtime.h"

enum {
	BOXES_MAX = 4096,
	TEXT_MAX = 512, /* bytes of one text of a container */
	NANO = 1000 * 1000,
};

#define SECONDS_MOST 1000000000000LL /* of a clock; as milliseconds it still fits */

/* ---- texts ---- */

static char *
harmless(const char *text)
{
	struct str safe = STR_INIT;
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return NULL;
	text_harmless(&safe, text, len < TEXT_MAX ? len : TEXT_MAX, TEXT_ONE_LINE);
	return str_take(&safe);
}

static char *
text_of(const struct json_node *n, const char *key)
{
	return harmless(json_str(n, key, ""));
}

static void
keep(char *out, size_t size, const char *text, size_t len)
{
	struct str safe = STR_INIT;

	text_harmless(&safe, text, len < TEXT_MAX ? len : TEXT_MAX, TEXT_ONE_LINE);
	snprintf(out, size, "%s", safe.buf);
	str_release(&safe);
}

/* docker writes sha256: before it, podman does not. */
static char *
digest_of(const struct json_node *n, const char *key)
{
	const char *text = json_str(n, key, "");

	return harmless(str_starts(text, "sha256:") ? strchr(text, ':') + 1 : text);
}

/* Digits as they stand at the beginning; 0 where there are none. */
static int
digits_of(const char *text)
{
	long n = text ? strtol(text, NULL, 10) : 0;

	return n < 0 || n > 65535 ? 0 : (int)n;
}

static bool
is_id(const char *text)
{
	size_t len = text ? strspn(text, "0123456789abcdef") : 0;

	return len >= 12 && len <= 64 && text[len] == '\0';
}

/* A JSON number of nanoseconds or bytes may be written as 1e+09. */
static int64_t
whole_number(const struct json_node *n, const char *key)
{
	double d;

	if (!json_number(json_get(n, key), &d) || d < 0 || d > 9e15)
		return 0;
	return (int64_t)d;
}

bool
boxread_time(const char *text, struct wall *out)
{
	struct logtime_ref ref = {.near = {0}};

	*out = (struct wall){0};
	if (!text || logtime_read(text, strlen(text), &ref, out) == 0 || out->ms <= 0)
		*out = (struct wall){0}; /* the year 1 means never */
	return out->ms > 0;
}

/* ---- one container, as inspect tells it ---- */

static void
read_bindings(const struct json_node *at, int inside, const char *protocol, struct box *b)
{
	for (size_t i = 0; i < json_len(at) && i < BOX_SAMPLES; i++) {
		const struct json_node *one = json_at(at, i);
		const char *address = json_str(one, "HostIp", "");

		vec_push(&b->ports.list,
			(struct box_port){.at = harmless(*address ? address : "0.0.0.0"),
				.outside = digits_of(json_str(one, "HostPort", NULL)),
				.inside = inside,
				.protocol = harmless(protocol)});
	}
	if (json_len(at) == 0)
		vec_push(&b->ports.list,
			(struct box_port){.at = mem_strdup(""),
				.inside = inside,
				.protocol = harmless(protocol)});
}

/* {"5432/tcp": [{"HostIp": "", "HostPort": "5432"}], "80/tcp": null} */
static void
read_ports(const struct json_node *ports, struct box *b)
{
	for (size_t i = 0; i < json_len(ports) && i < BOX_SAMPLES; i++) {
		const char *key = json_key_at(ports, i);
		const char *slash = key ? strchr(key, '/') : NULL;

		if (key)
			read_bindings(json_value_at(ports, i), digits_of(key),
				slash ? slash + 1 : "tcp", b);
	}
}

static void
read_mounts(const struct json_node *mounts, struct box *b)
{
	for (size_t i = 0; i < json_len(mounts) && i < BOX_SAMPLES; i++) {
		const struct json_node *one = json_at(mounts, i);

		vec_push(&b->mounts.list,
			(struct box_mount){.type = text_of(one, "type"),
				.from = text_of(one, "from"),
				.to = text_of(one, "to"),
				.writable = json_bool(one, "rw", true)});
	}
}

/* "CMD-SHELL pg_isready" as a person would type it. */
static void
read_check(const struct json_node *check, struct box *b)
{
	const struct json_node *test = json_get(check, "Test");
	struct str words = STR_INIT;

	for (size_t i = 0; i < json_len(test); i++) {
		const char *word = json_text(json_at(test, i));

		if (!word || (i == 0 && str_starts(word, "CMD")))
			continue;
		str_addf(&words, "%s%s", words.len ? " " : "", word);
	}
	b->check = words.len ? harmless(words.buf) : NULL;
	b->check_every_ms = whole_number(check, "Interval") / NANO;
	str_release(&words);
}

static void
read_limits(const struct json_node *n, struct box *b)
{
	int64_t nano = whole_number(n, "nanocpus"), quota = whole_number(n, "quota"),
		period = whole_number(n, "period");

	b->memory_limit_bytes = whole_number(n, "memory");
	b->pids_limit = whole_number(n, "pids");
	if (nano > 0)
		b->cpus_milli = nano / NANO;
	else if (quota > 0)
		b->cpus_milli = quota * 1000 / (period > 0 ? period : 100 * 1000);
}

/* The words of compose; a container of none has null there. */
static char *
label_of(const struct json_node *n, const char *key)
{
	const char *text = json_str(n, key, NULL);

	return text && *text ? harmless(text) : NULL;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names alone, whatever a host sends; sorted, for an engine gives them in any order. */
static void
read_env(const struct json_node *env, struct box *b)
{
	for (size_t i = 0; i < json_len(env) && i < BOXES_MAX; i++) {
		char *name = harmless(json_text(json_at(env, i)));

		if (!name)
			continue;
		name[strcspn(name, "=")] = '\0';
		vec_push(&b->env.list, name);
	}
	if (b->env.list.len > 1)
		qsort(b->env.list.at, b->env.list.len, sizeof *b->env.list.at, by_text);
}

static bool
read_box(const struct json_node *n, struct box *b)
{
	const char *name = json_str(n, "name", ""), *id = json_str(n, "id", NULL);
	const char *size = json_str(json_get(n, "log_options"), "max-size", NULL);

	if (!is_id(id))
		return false;
	b->id = mem_strdup(id);
	b->name = harmless(*name == '/' ? name + 1 : name);
	b->image = text_of(n, "image");
	b->digest = digest_of(n, "digest");
	b->state = box_state_parse(json_str(n, "state", NULL));
	b->health = box_health_parse(json_str(n, "health", NULL));
	b->failing = (int)json_int(n, "failing", 0);
	b->exit = (int)json_int(n, "exit", 0);
	b->oom = json_bool(n, "oom", false);
	b->pid = json_int(n, "pid", 0);
	boxread_time(json_str(n, "started", NULL), &b->started);
	boxread_time(json_str(n, "finished", NULL), &b->finished);
	b->error = text_of(n, "error");
	b->restarts = whole_number(n, "restarts");
	b->policy = text_of(n, "policy");
	b->log_driver = text_of(n, "log");
	b->log_size = harmless(size ? size : json_str(n, "log_size", ""));
	b->project = label_of(n, "project");
	b->service = label_of(n, "service");
	read_check(json_get(n, "check"), b);
	read_limits(n, b);
	read_ports(json_get(n, "ports"), b);
	read_mounts(json_get(n, "mounts"), b);
	read_env(json_get(n, "env"), b);
	b->whole = true;
	return true;
}

/* ---- the answer of the script ---- */

struct reader {
	struct boxread_look *out;
	bool ended, garbled;
};

static bool
take_box(struct reader *r, const char *text, size_t len)
{
	struct err ignored = ERR_INIT;
	struct json *doc = json_parse(text, len, &ignored);
	struct box b = {.used_usec = BOX_NOT_KNOWN};
	bool ok = doc && r->out->boxes.list.len < BOXES_MAX &&
		read_box(json_root(doc), &b);

	if (ok)
		vec_push(&r->out->boxes.list, b);
	else
		box_release(&b);
	json_free(doc);
	return ok;
}

static bool
take_use(struct reader *r, const char *text)
{
	struct boxread_use u;
	long long cpu, memory;

	if (sscanf(text, "%71[0-9a-f] %lld %lld", u.id, &cpu, &memory) != 3 || cpu < 0 ||
		memory < 0)
		return false;
	u.cpu_usec = cpu;
	u.memory_bytes = memory;
	vec_push(&r->out->uses.list, u);
	return true;
}

static bool
take_now(struct reader *r, const char *text)
{
	long long seconds;
	double up;

	if (sscanf(text, "%lld %lf", &seconds, &up) != 2 || seconds < 0 ||
		seconds > SECONDS_MOST || !(up >= 0 && up <= SECONDS_MOST))
		return false;
	r->out->host_now.ms = seconds * 1000;
	r->out->uptime_ms = (int64_t)(up * 1000);
	return true;
}

static bool
take_number(const char *text, double most, double *out)
{
	char *end;

	*out = strtod(text, &end);
	return end != text && *end == '\0' && *out >= 0 && *out <= most;
}

static bool
take_engine(struct reader *r, const char *text)
{
	size_t name = strcspn(text, " ");

	keep(r->out->engine, sizeof r->out->engine, text, name);
	text += name + (text[name] == ' ');
	keep(r->out->version, sizeof r->out->version, text, strlen(text));
	return name > 0;
}

static bool
take_line(struct reader *r, const char *line, size_t len)
{
	static const char *const words[] = {"engine ", "now ", "load ", "disk ", "cpus ",
		"box ", "use ", "service ", "cannot "};
	size_t which = 0, head;
	double number = 0;

	while (which < sizeof words / sizeof *words && !str_starts(line, words[which]))
		which++;
	if (which == sizeof words / sizeof *words)
		return false;
	head = strlen(words[which]);
	line += head;
	len -= head;
	switch (which) {
	case 0:
		return take_engine(r, line);
	case 1:
		return take_now(r, line);
	case 2:
		r->out->load_centi = BOX_NOT_KNOWN;
		if (take_number(line, 1e6, &number))
			r->out->load_centi = (int)(number * 100 + 0.5);
		return true;
	case 3:
		r->out->disk_percent = take_number(line, 100, &number) ? (int)number
								       : BOX_NOT_KNOWN;
		return true;
	case 4:
		r->out->cpus = take_number(line, 1e5, &number) ? (int64_t)number : 0;
		return true;
	case 5:
		return take_box(r, line, len);
	case 6:
		return take_use(r, line);
	case 7:
		vec_push(&r->out->services.list, harmless(line));
		return r->out->services.list.len < BOXES_MAX;
	default:
		keep(r->out->cannot, sizeof r->out->cannot, line, len);
		return true;
	}
}

bool
boxread_answer(const char *text, size_t len, struct boxread_look *out, struct err *e)
{
	struct reader r = {.out = out};
	char *copy = mem_strndup(text, len), *line = copy;

	*out = (struct boxread_look){
		.load_centi = BOX_NOT_KNOWN, .disk_percent = BOX_NOT_KNOWN};
	while (*line && !r.garbled) {
		size_t n = strcspn(line, "\n");
		bool last = line[n] == '\0';

		line[n] = '\0';
		r.garbled = r.ended;
		if (strcmp(line, "end") == 0)
			r.ended = true;
		else if (!r.garbled)
			r.garbled = !take_line(&r, line, n);
		line += n + !last;
	}
	mem_free(copy);
	if (r.ended && !r.garbled)
		return true;
	boxread_release(out);
	return err_set(e, ERR_INPUT, "%s",
		r.garbled ? "the host's answer is garbled"
			  : "the host's answer ends in the middle");
}

void
boxread_release(struct boxread_look *l)
{
	for (size_t i = 0; i < l->boxes.list.len; i++)
		box_release(&l->boxes.list.at[i]);
	vec_free(&l->boxes.list);
	vec_free(&l->uses.list);
	for (size_t i = 0; i < l->services.list.len; i++)
		mem_free(l->services.list.at[i]);
	vec_free(&l->services.list);
}

/* ---- the engine's own list ---- */

/* "Up 17 seconds (healthy)", "Up 2 hours (health: starting)", "Exited (4) 2 minutes ago" */
static void
read_status(const char *status, struct box *b)
{
	const char *open = strrchr(status, '(');

	b->health = BOX_HEALTH_NONE;
	if (str_starts(status, "Up") && open) {
		if (str_starts(open, "(health: starting"))
			b->health = BOX_HEALTH_STARTING;
		else if (str_starts(open, "(healthy"))
			b->health = BOX_HEALTH_HEALTHY;
		else if (str_starts(open, "(unhealthy"))
			b->health = BOX_HEALTH_UNHEALTHY;
	}
	open = strchr(status, '(');
	if (b->state == BOX_EXITED && open)
		b->exit = digits_of(open + 1);
}

static bool
read_listed(const struct json_node *n, struct box *b)
{
	const char *id = json_str(n, "Id", NULL);
	const char *name = json_text(json_at(json_get(n, "Names"), 0));
	const struct json_node *labels = json_get(n, "Labels");

	if (!is_id(id) || !name)
		return false;
	b->id = mem_strdup(id);
	b->name = harmless(*name == '/' ? name + 1 : name);
	b->image = text_of(n, "Image");
	b->digest = digest_of(n, "ImageID");
	b->project = label_of(labels, "com.docker.compose.project");
	b->service = label_of(labels, "com.docker.compose.service");
	b->state = box_state_parse(json_str(n, "State", NULL));
	read_status(json_str(n, "Status", ""), b);
	return true;
}

bool
boxread_list(const char *text, size_t len, struct boxread_look *out, struct err *e)
{
	struct json *doc = json_parse(text, len, e);
	const struct json_node *list = json_root(doc);
	bool ok = doc && json_type_of(list) == JSON_ARRAY;

	*out = (struct boxread_look){
		.load_centi = BOX_NOT_KNOWN, .disk_percent = BOX_NOT_KNOWN};
	if (doc && !ok)
		err_set(e, ERR_INPUT, "the engine's list is no list");
	for (size_t i = 0; ok && i < json_len(list) && i < BOXES_MAX; i++) {
		struct box b = {.used_usec = BOX_NOT_KNOWN};

		ok = read_listed(json_at(list, i), &b);
		if (ok)
			vec_push(&out->boxes.list, b);
		else
			err_set(e, ERR_INPUT, "the engine's list is garbled");
		if (!ok)
			box_release(&b);
	}
	if (!ok)
		boxread_release(out);
	json_free(doc);
	return ok;
}

/* ---- events ---- */

/* What a check does all the time is no news. */
static bool
is_news(const char *what)
{
	return !str_starts(what, "exec_") && !str_starts(what, "top") &&
		!str_starts(what, "attach") && !str_starts(what, "resize");
}

bool
boxread_event(const char *line, size_t len, struct boxread_event *out, struct err *e)
{
	struct json *doc = json_parse(line, len, e);
	const struct json_node *root = json_root(doc), *actor = json_get(root, "Actor");
	const struct json_node *more = json_get(actor, "Attributes");
	const char *what = json_str(root, "Action", NULL),
		   *id = json_str(actor, "ID", "");
	const char *name = json_str(more, "name", ""),
		   *exit = json_str(more, "exitCode", NULL);

	*out = (struct boxread_event){0};
	if (!doc)
		return false;
	if (!what || !str_eq(json_str(root, "Type", NULL), "container") || !is_id(id)) {
		json_free(doc);
		return err_set(e, ERR_INPUT, "an event of something else");
	}
	out->at.ms = json_int(root, "time", 0) * 1000;
	out->counts = is_news(what);
	keep(out->id, sizeof out->id, id, strlen(id));
	keep(out->name, sizeof out->name, name, strlen(name));
	keep(out->what, sizeof out->what, what, strlen(what));
	if (exit && *exit && strcmp(exit, "0") != 0) {
		struct str said = STR_INIT;

		str_addf(&said, "%s, exit %s", what, exit);
		keep(out->what, sizeof out->what, said.buf, said.len);
		str_release(&said);
	}
	json_free(doc);
	return true;
}
