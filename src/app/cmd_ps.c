/* ps: the containers of hosts, for pipes and scripts. */

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/boxing.h"
#include "app/cmd.h"
#include "app/tty.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "live/boxfacts.h"
#include "load/load.h"

enum { TURN_MS = 100, NAME_CELLS_MAX = 32, IMAGE_CELLS_MAX = 36 };

struct ps {
	struct cmd *c;
	struct boxing *g;
	const struct boxes *boxes;
	struct boxfacts facts;
	struct now now;
	struct link *asks;
	char *asked;
	bool echo, over;
	enum exit_code code;
};

/* ---- what is asked for ---- */

static const char nothing[] = "handrail: 1\ntitle: containers\nsteps: [{do: look}]\n";

/* The hosts of the environment, as a runbook that nobody wrote. */
static struct runbook *
runbook_of_environment(struct cmd *c, enum exit_code *code)
{
	struct diags d = {0};
	struct runbook *rb = NULL;

	if (!cmd_project(c, NULL)) {
		*code = EXIT_CODE_LOAD;
		return NULL;
	}
	rb = load_runbook_text("ps", nothing, strlen(nothing),
		&(struct load_opts){
			.project = c->project, .environment = cmd_environment(c)},
		&d);
	if (!rb)
		*code = cmd_complain(c, &d);
	diags_release(&d);
	return rb;
}

static void
add_target(struct runbook *rb, const struct host *like, const char *id)
{
	struct host *h = vec_add(&rb->hosts.list);
	struct target *t;

	*h = (struct host){.name = mem_strdup(id),
		.via = like ? like->via : HOST_SSH,
		.job_dir = like ? mem_strdup(like->job_dir) : NULL,
		.sim_file = like ? mem_strdup(like->sim_file) : NULL,
		.scenario = like ? scenario_ref(like->scenario) : NULL,
		.first_target = (int)rb->targets.list.len,
		.target_count = 1};
	if (like)
		h->transport = like->transport;
	else if (strcmp(id, "local") == 0)
		h->via = HOST_LOCAL;
	t = vec_add(&rb->targets.list);
	*t = (struct target){.id = mem_strdup(id), .host = (int)rb->hosts.list.len - 1};
}

/* A host of the environment by its name, with all its machines; else what ssh knows. */
static bool
add_word(const struct runbook *env, const char *word, struct runbook *rb, struct err *e)
{
	for (size_t i = 0; i < env->hosts.list.len; i++) {
		const struct host *h = &env->hosts.list.at[i];

		if (strcmp(h->name, word) != 0)
			continue;
		for (int k = 0; k < h->target_count; k++)
			add_target(rb, h, env->targets.list.at[h->first_target + k].id);
		return true;
	}
	if (*word == '-' || !*word || strpbrk(word, " \t\n/$`\"'\\"))
		return err_set(e, ERR_INPUT, "%s is no host and no runbook", word);
	add_target(rb, NULL, word);
	return true;
}

static struct runbook *
runbook_of_words(struct cmd *c, enum exit_code *code)
{
	size_t n = c->args->words.list.len;
	const char *first = n ? c->args->words.list.at[0] : "";
	struct err e = ERR_INIT;
	struct runbook *env, *rb;
	bool ok = true;

	if (n == 1 && (strchr(first, '/') || file_exists(first)))
		return cmd_load(c, first, code);
	env = runbook_of_environment(c, code);
	if (!env || n == 0)
		return env;
	rb = runbook_new();
	for (size_t i = 0; i < n && ok; i++)
		ok = add_word(env, c->args->words.list.at[i], rb, &e);
	runbook_unref(env);
	if (ok)
		return rb;
	*code = cmd_fail(c, &e);
	runbook_unref(rb);
	return NULL;
}

/* ---- while it looks ---- */

static void
on_prompt(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct ps *ps = ctx;

	mem_free(ps->asked);
	ps->asks = l;
	ps->asked = mem_printf("%s: %s ", p->target, p->text);
	ps->echo = p->echo;
}

static void
answer(struct ps *ps)
{
	struct str line = STR_INIT;
	struct link *l = ps->asks;
	bool got = tty_is_person() &&
		tty_ask(ps->asked, ps->echo ? TTY_SHOWN : TTY_HIDDEN, &line);

	ps->asks = NULL;
	link_answer(l, got ? line.buf : NULL);
	mem_wipe(line.buf, line.len);
	str_release(&line);
}

static void
on_signal(void *ctx, int sig)
{
	struct ps *ps = ctx;

	ps->over = true;
	ps->code = sig == SIGINT ? EXIT_CODE_INT : EXIT_CODE_TERM;
}

static void
turn_until_over(struct ps *ps)
{
	struct loop *l = ps->c->loop;
	struct loop_signal *on_int = loop_signal_new(l, SIGINT, on_signal, ps);
	struct loop_signal *on_term = loop_signal_new(l, SIGTERM, on_signal, ps);

	while (!ps->over && !boxing_over(ps->g)) {
		loop_turn(l, TURN_MS);
		if (ps->asks)
			answer(ps);
	}
	loop_signal_free(on_int);
	loop_signal_free(on_term);
}

/* ---- text ---- */

static int
cells_of(const char *text, int most, int sofar)
{
	int n = (int)text_cells(text);

	return n > most ? most : n > sofar ? n : sofar;
}

static void
add_cell(struct str *out, const char *text, int cells)
{
	struct str cut = STR_INIT;
	int n;

	text_add_cut(&cut, text, (size_t)cells, "~");
	n = (int)text_cells(cut.buf);
	str_addf(out, "%s%*s ", cut.buf, n < cells ? cells - n : 0, "");
	str_release(&cut);
}

static void
add_memory(const struct box *b, struct str *out)
{
	const struct box_sample *s = box_sample(b);
	char used[16], limit[16];

	str_addf(out, "%s/%s", box_bytes_text(s ? s->memory_bytes : BOX_NOT_KNOWN, used),
		box_bytes_text(
			b->memory_limit_bytes ? b->memory_limit_bytes : BOX_NOT_KNOWN,
			limit));
}

static void
add_ports(const struct box *b, struct str *out)
{
	for (size_t i = 0; i < b->ports.list.len; i++) {
		const struct box_port *p = &b->ports.list.at[i];

		str_addf(out, "%s", i ? "," : "");
		if (p->outside)
			str_addf(out, "%s:%d->", p->at, p->outside);
		str_addf(out, "%d/%s", p->inside, p->protocol);
	}
	if (b->ports.list.len == 0)
		str_addc(out, '-');
}

static void
box_text(struct ps *ps, const struct boxes_host *h, const struct box *b,
	const int cells[2])
{
	struct str out = STR_INIT, memory = STR_INIT, ports = STR_INIT;
	const struct box_sample *s = box_sample(b);
	bool live = boxes_state_now(h, ps->now.mono) == BOXES_LIVE;
	int64_t age = boxes_age_ms(h, b, ps->now.wall);
	char state[24], up[STAMP_BYTES] = "-", cpu[16], restarts[24];

	if (age >= 0)
		stamp_duration(age - age % 1000, up);
	snprintf(restarts, sizeof restarts, "%lld", (long long)b->restarts);
	add_memory(b, &memory);
	add_ports(b, &ports);
	str_adds(&out, live ? "  " : "? ");
	add_cell(&out, b->name, cells[0]);
	add_cell(&out, b->image, cells[1]);
	add_cell(&out, box_state_text(b, state), 10);
	add_cell(
		&out, b->health == BOX_HEALTH_NONE ? "-" : box_health_name(b->health), 9);
	add_cell(&out, up, 7);
	add_cell(&out, restarts, 3);
	add_cell(&out, box_cpu_text(s ? s->cpu_milli : BOX_NOT_KNOWN, cpu), 5);
	add_cell(&out, memory.buf, 11);
	str_addf(&out, "%s\n", ports.buf);
	cmd_print(&out);
	str_release(&out);
	str_release(&memory);
	str_release(&ports);
}

static void
head_text(struct ps *ps, const struct boxes_host *h, size_t shown, const int cells[2])
{
	enum boxes_state s = boxes_state_now(h, ps->now.mono);
	struct str out = STR_INIT;

	str_addf(&out, "%s  ", h->name);
	if (s != BOXES_LIVE) {
		str_addf(&out, "%s: %s\n", boxes_state_name(s),
			h->why ? h->why : "no answer");
	} else {
		str_addf(&out, "%s %s  %zu container%s", h->engine, h->version, shown,
			shown == 1 ? "" : "s");
		if (h->load_centi >= 0)
			str_addf(&out, "  load %d.%02d", h->load_centi / 100,
				h->load_centi % 100);
		if (h->disk_percent >= 0)
			str_addf(&out, "  disk %d%%", h->disk_percent);
		str_addc(&out, '\n');
	}
	if (shown) {
		str_adds(&out, "  ");
		add_cell(&out, "NAME", cells[0]);
		add_cell(&out, "IMAGE", cells[1]);
		str_adds(&out,
			"STATE      HEALTH    UP      RST CPU%  MEM         PORTS\n");
	}
	cmd_print(&out);
	str_release(&out);
}

static void
host_text(struct ps *ps, const struct boxes_host *h)
{
	size_t shown = 0;
	int cells[2] = {4, 5};

	for (size_t i = 0; i < h->boxes.list.len; i++) {
		const struct box *b = &h->boxes.list.at[i];

		if (!boxes_shown(h, b))
			continue;
		shown++;
		cells[0] = cells_of(b->name, NAME_CELLS_MAX, cells[0]);
		cells[1] = cells_of(b->image, IMAGE_CELLS_MAX, cells[1]);
	}
	head_text(ps, h, shown, cells);
	for (size_t i = 0; i < h->boxes.list.len; i++) {
		if (boxes_shown(h, &h->boxes.list.at[i]))
			box_text(ps, h, &h->boxes.list.at[i], cells);
	}
}

static void
print_text(struct ps *ps)
{
	static const char marks[] = {'.', '!', '!'};
	struct str out = STR_INIT;

	for (size_t i = 0; i < boxes_hosts(ps->boxes); i++)
		host_text(ps, boxes_host(ps->boxes, i));
	if (ps->facts.list.len)
		str_adds(&out, "Watch out\n");
	for (size_t i = 0; i < ps->facts.list.len; i++)
		str_addf(&out, "  %c %s\n", marks[ps->facts.list.at[i].level],
			ps->facts.list.at[i].text);
	cmd_print(&out);
	str_release(&out);
}

/* ---- JSON ---- */

static void
known_int(struct jsonout *j, const char *key, int64_t n)
{
	jsonout_key(j, key);
	if (n < 0)
		jsonout_null(j);
	else
		jsonout_int(j, n);
}

static void
known_time(struct jsonout *j, const char *key, struct wall at)
{
	char text[STAMP_BYTES];

	jsonout_kstr(j, key, at.ms ? stamp_wall(at, text) : NULL);
}

static void
ports_json(const struct box *b, struct jsonout *j)
{
	jsonout_key(j, "ports");
	jsonout_open_array(j);
	for (size_t i = 0; i < b->ports.list.len; i++) {
		const struct box_port *p = &b->ports.list.at[i];

		jsonout_open(j);
		jsonout_kstr(j, "address", *p->at ? p->at : NULL);
		jsonout_kint(j, "outside", p->outside);
		jsonout_kint(j, "inside", p->inside);
		jsonout_kstr(j, "protocol", p->protocol);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
box_json(
	struct ps *ps, const struct boxes_host *h, const struct box *b, struct jsonout *j)
{
	const struct box_sample *s = box_sample(b);

	jsonout_open(j);
	jsonout_kstr(j, "host", h->name);
	jsonout_kstr(j, "name", b->name);
	jsonout_kstr(j, "id", b->id);
	jsonout_kstr(j, "image", b->image);
	jsonout_kstr(j, "digest", *b->digest ? b->digest : NULL);
	jsonout_kstr(j, "project", b->project);
	jsonout_kstr(j, "service", b->service);
	jsonout_kstr(j, "state", box_state_name(b->state));
	jsonout_kint(j, "exit", b->exit);
	jsonout_kstr(j, "health", box_health_name(b->health));
	known_time(j, "started", b->started);
	known_time(j, "finished", b->finished);
	jsonout_kint(j, "restarts", b->restarts);
	jsonout_kbool(j, "oom", b->oom);
	jsonout_kstr(j, "policy", b->policy);
	known_int(j, "cpu_milli", s ? s->cpu_milli : BOX_NOT_KNOWN);
	known_int(j, "memory_bytes", s ? s->memory_bytes : BOX_NOT_KNOWN);
	jsonout_kint(j, "memory_limit_bytes", b->memory_limit_bytes);
	jsonout_kint(j, "cpus_milli", b->cpus_milli);
	ports_json(b, j);
	jsonout_kbool(j, "current", boxes_state_now(h, ps->now.mono) == BOXES_LIVE);
	jsonout_close(j);
}

static void
hosts_json(struct ps *ps, struct jsonout *j)
{
	jsonout_key(j, "hosts");
	jsonout_open_array(j);
	for (size_t i = 0; i < boxes_hosts(ps->boxes); i++) {
		const struct boxes_host *h = boxes_host(ps->boxes, i);
		enum boxes_state s = boxes_state_now(h, ps->now.mono);

		jsonout_open(j);
		jsonout_kstr(j, "host", h->name);
		jsonout_kstr(j, "state", boxes_state_name(s));
		jsonout_kstr(j, "why", h->why);
		jsonout_kstr(j, "engine", *h->engine ? h->engine : NULL);
		jsonout_kstr(j, "version", *h->version ? h->version : NULL);
		known_time(j, "answered", h->answered.wall);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
watch_json(struct ps *ps, struct jsonout *j)
{
	jsonout_key(j, "watch");
	jsonout_open_array(j);
	for (size_t i = 0; i < ps->facts.list.len; i++) {
		const struct boxfact *f = &ps->facts.list.at[i];
		const struct box *b = boxes_find(ps->boxes, f->key, NULL);

		jsonout_open(j);
		jsonout_kstr(j, "level", boxfacts_level_name(f->level));
		jsonout_kstr(j, "host", boxes_host(ps->boxes, f->host)->name);
		jsonout_kstr(j, "name", b ? b->name : NULL);
		jsonout_kstr(j, "text", f->text);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

static void
print_json(struct ps *ps)
{
	struct str out = STR_INIT;
	struct jsonout j;

	cmd_json_begin(&j, &out, "ps");
	hosts_json(ps, &j);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < boxes_hosts(ps->boxes); i++) {
		const struct boxes_host *h = boxes_host(ps->boxes, i);

		for (size_t k = 0; k < h->boxes.list.len; k++) {
			if (boxes_shown(h, &h->boxes.list.at[k]))
				box_json(ps, h, &h->boxes.list.at[k], &j);
		}
	}
	jsonout_close_array(&j);
	watch_json(ps, &j);
	cmd_json_end(&j, &out);
}

/* ---- all ---- */

/* A host that does not answer is never good; where none does, nothing was found out. */
static enum exit_code
verdict(const struct ps *ps)
{
	size_t live = 0, silent = 0;

	for (size_t i = 0; i < boxes_hosts(ps->boxes); i++) {
		enum boxes_state s = boxes_state_now(
			boxes_host(ps->boxes, i), ps->now.mono);

		live += s == BOXES_LIVE;
		silent += s == BOXES_SILENT || s == BOXES_WAITING;
	}
	if (silent == boxes_hosts(ps->boxes))
		return EXIT_CODE_CONNECT;
	return live < boxes_hosts(ps->boxes) || boxfacts_worst(&ps->facts) == BOXFACTS_BAD
		? EXIT_CODE_NO
		: EXIT_CODE_OK;
}

static enum exit_code
look(struct ps *ps, const struct runbook *rb)
{
	struct fleet *fleet = fleet_new(&(struct fleet_opts){.loop = ps->c->loop,
		.runbook = rb,
		.calls = {.on_prompt = on_prompt, .ctx = ps}});

	ps->g = boxing_new(&(struct boxing_opts){
		.loop = ps->c->loop, .runbook = rb, .fleet = fleet, .once = true});
	ps->boxes = boxing_boxes(ps->g);
	turn_until_over(ps);
	if (!ps->over) {
		ps->now = clock_now();
		boxfacts_of(ps->boxes, ps->now, &ps->facts);
		if (args_has(ps->c->args, OPT_JSON))
			print_json(ps);
		else
			print_text(ps);
		ps->code = verdict(ps);
		boxfacts_release(&ps->facts);
	}
	boxing_free(ps->g);
	fleet_free(fleet);
	mem_free(ps->asked);
	return ps->code;
}

enum exit_code
cmd_ps(struct cmd *c)
{
	struct ps ps = {.c = c};
	enum exit_code code = EXIT_CODE_OK;
	struct runbook *rb = runbook_of_words(c, &code);

	if (rb)
		code = look(&ps, rb);
	runbook_unref(rb);
	return code;
}
