/* doctor: what on this machine would get in the way, one line each, with what to do. */

#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/mirroring.h"
#include "app/storing.h"
#include "app/tty.h"
#include "audit/sign.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/wire.h"
#include "load/load.h"
#include "loop/meet.h"
#include "model/parts.h"
#include "remote/fleet.h"
#include "remote/twins.h"
#include "remote/workers.h"
#include "share/storesql.h"

enum { ASK_MS = 10000, LOGIN_MS = 70000 };
enum doctor_state { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL };

struct doctor {
	struct cmd *c;
	struct str out;
	struct jsonout j;
	bool json;
	bool failed;
};

static void
found(struct doctor *d, enum doctor_state st, const char *what, const char *says,
	const char *help)
{
	static const char *const words[] = {"OK", "WARN", "FAIL"};
	char *clean = text_harmless_dup(says);

	if (st == DOCTOR_FAIL)
		d->failed = true;
	if (d->json) {
		jsonout_open(&d->j);
		jsonout_kstr(&d->j, "name", what);
		jsonout_kstr(&d->j, "state", words[st]);
		jsonout_kstr(&d->j, "message", clean);
		jsonout_kstr(&d->j, "help", st == DOCTOR_OK ? NULL : help);
		jsonout_close(&d->j);
	} else {
		str_addf(&d->out, "%-5s %-18s %s\n", words[st], what, clean);
		if (st != DOCTOR_OK && help)
			str_addf(&d->out, "      %-18s help: %s\n", "", help);
	}
	mem_free(clean);
}

static void
look_at_terminal(struct doctor *d)
{
	const char *term = getenv("TERM"), *codeset = nl_langinfo(CODESET);

	if (!term || !*term || strcmp(term, "dumb") == 0)
		found(d, DOCTOR_WARN, "terminal", "TERM is not set or dumb",
			"the console needs a terminal; --plain works everywhere");
	else
		found(d, DOCTOR_OK, "terminal", term, NULL);
	if (strcmp(codeset, "UTF-8") == 0)
		found(d, DOCTOR_OK, "locale", codeset, NULL);
	else
		found(d, DOCTOR_WARN, "locale", codeset,
			"not UTF-8: symbols are drawn in ASCII; LC_ALL=C.UTF-8 changes that");
}

static void
look_at_state(struct doctor *d)
{
	struct err e = ERR_INIT;
	char *runs = journal_runs_dir(&e);

	if (runs)
		found(d, DOCTOR_OK, "records", runs, NULL);
	else
		found(d, DOCTOR_FAIL, "records", e.msg,
			"HANDRAIL_STATE_DIR names another folder for records");
	mem_free(runs);
}

/* Where others reach a console that drives a run. */
static void
look_at_doors(struct doctor *d)
{
	struct err mine = ERR_INIT, shared = ERR_INIT;
	char *own = meet_private_dir(&mine), *group = meet_shared_dir(&shared);

	if (own)
		found(d, DOCTOR_OK, "onlookers", own, NULL);
	else
		found(d, DOCTOR_WARN, "onlookers", mine.msg,
			"nobody can look on at runs of this account: set XDG_RUNTIME_DIR");
	if (group)
		found(d, DOCTOR_OK, "other accounts", group, NULL);
	else if (shared.kind != ERR_NONE)
		found(d, DOCTOR_WARN, "other accounts", shared.msg,
			"install -d -o root -g handrail -m 3770 /run/handrail");
	else
		found(d, DOCTOR_OK, "other accounts", "see nothing of runs here", NULL);
	mem_free(own);
	mem_free(group);
}

/* A tool must be there, and its usage name what we need of it (must), else its first line
 * of output is shown. */
static void
look_at_tool(
	struct doctor *d, const char *const *argv, const char *must, const char *help)
{
	struct loop_capture got;
	struct err e = ERR_INIT;
	char *line;

	if (!loop_child_capture(d->c->loop,
		    &(struct loop_child_opts){
			    .argv = argv, .timeout_ms = ASK_MS, .pass_fd = -1},
		    65536, &got, &e)) {
		found(d, DOCTOR_FAIL, argv[0], e.msg, help);
		return;
	}
	const char *said = got.out.len ? got.out.buf : got.err.buf;
	if (must && !strstr(said, must)) {
		line = mem_printf("there, but without %s", must);
		found(d, DOCTOR_FAIL, argv[0], line, help);
	} else {
		line = must ? mem_printf("there, with %s", must)
			    : mem_strndup(said, strcspn(said, "\r\n"));
		found(d, DOCTOR_OK, argv[0], line, NULL);
	}
	mem_free(line);
	loop_capture_release(&got);
}

/* ---- the worker ------------------------------------------------------------------------- */

/* Its greeting, or why there is none. Nobody else waits meanwhile. */
static bool
hear_hello(int fd, struct err *e)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct wire_reader r;
	struct wire_frame f;
	char bytes[256];
	ssize_t n = 0;
	int got = 0;

	wire_reader_init(&r);
	while (got == 0 && poll(&p, 1, ASK_MS) == 1 &&
		(n = read(fd, bytes, sizeof bytes)) > 0) {
		wire_feed(&r, bytes, (size_t)n);
		got = wire_next(&r, &f, e);
	}
	if (got == 1) {
		struct wire_cursor c = {.p = f.payload, .len = f.len};
		uint32_t proto = wire_get_u32(&c);

		if (f.type != WIRE_HELLO || c.bad || proto != WIRE_PROTO)
			err_set(e, ERR_STATE, "it is of another version");
	} else if (e->kind == ERR_NONE) {
		err_set(e, ERR_STATE,
			n > 0 || p.revents == 0 ? "it starts and says nothing"
						: "it starts and ends at once");
	}
	wire_reader_release(&r);
	return e->kind == ERR_NONE;
}

/* Not found, or found and not to be started? */
static void
worker_missing(struct doctor *d)
{
	char exe[4096], *dir, *path, *says;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	exe[n > 0 ? n : 0] = '\0';
	dir = file_dir(exe);
	path = file_join(dir, "handrail-ssh");
	if (!file_exists(path)) {
		mem_free(path);
		path = mem_strdup(HR_LIBEXECDIR "/handrail-ssh");
	}
	says = file_exists(path)
		? mem_printf("%s may not be executed", path)
		: mem_printf("neither in %s nor in %s", dir, HR_LIBEXECDIR);
	found(d, DOCTOR_FAIL, "handrail-ssh", says,
		file_exists(path)
			? "chmod 755 it: it is what talks SSH to hosts"
			: "make install puts it there: it is what talks SSH to hosts");
	mem_free(says);
	mem_free(path);
	mem_free(dir);
}

static void
look_at_worker(struct doctor *d)
{
	const char *program = workers_program();
	struct err e = ERR_INIT;
	char *says;
	int fd;

	if (!program) {
		worker_missing(d);
		return;
	}
	fd = workers_ask(&e);
	if (fd < 0)
		says = mem_strdup(e.msg); /* names the program */
	else if (hear_hello(fd, &e))
		says = mem_printf("%s starts and answers", program);
	else
		says = mem_printf("%s: %s", program, e.msg);
	found(d, e.kind == ERR_NONE ? DOCTOR_OK : DOCTOR_FAIL, "handrail-ssh", says,
		"install it together with this handrail; `handrail-ssh --version` by hand "
		"shows what it lacks");
	if (fd >= 0)
		close(fd);
	mem_free(says);
}

/* ---- keys ------------------------------------------------------------------------------- */

struct keys_told {
	struct sign_keys keys;
	struct err e;
	bool done;
};

static void
keys_told(void *ctx, const struct sign_keys *keys, const struct err *e)
{
	struct keys_told *t = ctx;

	sign_keys_copy(&t->keys, keys);
	t->e = *e;
	t->done = true;
}

static void
look_at_keys(struct doctor *d)
{
	const char *signers = d->c->project ? d->c->project->allowed_signers : NULL;
	struct keys_told t = {.e = ERR_INIT};
	struct sign *s = sign_list_keys(d->c->loop, signers, NULL, keys_told, &t);
	size_t rsa = 0, vouched = 0;
	char says[160];

	while (!t.done)
		loop_turn(d->c->loop, 1000);
	sign_free(s);
	for (size_t i = 0; i < t.keys.list.len; i++) {
		rsa += str_eq(t.keys.list.at[i].type, "ssh-rsa");
		vouched += t.keys.list.at[i].principal != NULL;
	}
	snprintf(says, sizeof says, "%zu of the agent and ~/.ssh, %zu of them RSA",
		t.keys.list.len, rsa);
	if (!t.keys.list.len)
		found(d, DOCTOR_WARN, "keys", "none in the agent and none in ~/.ssh",
			"ssh-add a key: hosts and sign-offs need one");
	else if (rsa == t.keys.list.len)
		found(d, DOCTOR_WARN, "keys", says,
			"RSA keys work only through the system ssh; an ed25519 key is faster");
	else
		found(d, DOCTOR_OK, "keys", says, NULL);
	if (signers && !vouched)
		found(d, DOCTOR_WARN, "sign-off",
			"none of your keys is in allowed_signers",
			"ask for your public key to be added there");
	else if (signers)
		found(d, DOCTOR_OK, "sign-off", "a key of yours may sign", NULL);
	sign_keys_release(&t.keys);
}

static void
look_at_project(struct doctor *d)
{
	if (d->c->project)
		found(d, DOCTOR_OK, "project", d->c->project->path, NULL);
	else
		found(d, DOCTOR_OK, "project", "none here: runbooks alone", NULL);
}

/* What several machines share. */
static void
look_at_store(struct doctor *d)
{
	const char *service = mirroring_service(d->c->project);
	struct err e = ERR_INIT;
	struct storing *s;
	int version = 0;
	char *says;

	if (!service)
		return;
	s = storing_open_within(d->c->loop, service, ASK_MS, &e);
	if (s && storing_version(s, &version, &e) && !version)
		err_set(&e, ERR_STATE, "there is no store in that database");
	says = e.kind == ERR_NONE ? mem_printf("%s, version %d", service, version)
				  : mem_strdup(e.msg);
	if (e.kind != ERR_NONE)
		found(d, DOCTOR_WARN, "store", says,
			"runs go on without it, and are sent later: handrail store status");
	else if (version < storesql_version())
		found(d, DOCTOR_WARN, "store", says,
			"older than this handrail: handrail store upgrade lets runs be taken "
			"over from other machines");
	else
		found(d, DOCTOR_OK, "store", says, NULL);
	mem_free(says);
	storing_close(s);
}

/* A host of the environment goes by its first alias, with the transport that is set for
 * it; any other name is ssh's. */
static const char *
target_of(const struct cmd *c, const char *name, struct host *host)
{
	const char *environment = cmd_environment(c);
	const struct environment *env = c->project && environment
		? project_environment(c->project, environment)
		: NULL;

	for (size_t i = 0; env && i < env->hosts.list.len; i++) {
		const struct project_host *h = &env->hosts.list.at[i];

		if (!str_eq(h->host.name, name) || !h->aliases.list.len)
			continue;
		host->transport = h->host.transport;
		return h->aliases.list.at[0];
	}
	return name;
}

struct twins_heard {
	char *words; /* NULL: not yet */
};

static void
twins_told(void *ctx, const char *words)
{
	((struct twins_heard *)ctx)->words = mem_strdup(words);
}

/* Two names of one machine in the environment: a step for both would run there twice. */
static void
look_at_twins(struct doctor *d)
{
	const char *environment = cmd_environment(d->c);
	const struct environment *env = d->c->project && environment
		? project_environment(d->c->project, environment)
		: NULL;
	struct twins_heard heard = {0};
	struct strings names = {0};
	struct twins *t;

	for (size_t i = 0; env && i < env->hosts.list.len; i++)
		for (size_t k = 0; k < env->hosts.list.at[i].aliases.list.len; k++)
			vec_push(&names.list,
				mem_strdup(env->hosts.list.at[i].aliases.list.at[k]));
	if (names.list.len > 1) {
		t = twins_start(d->c->loop, (const char *const *)names.list.at,
			names.list.len, twins_told, &heard);
		while (!heard.words)
			loop_turn(d->c->loop, 1000);
		twins_free(t);
		if (*heard.words)
			found(d, DOCTOR_WARN, "hosts", heard.words,
				"a step for both names is run under the first and refused "
				"under the other: name the machine once");
	}
	mem_free(heard.words);
	parts_free_strings(&names);
}

struct wanted {     /* of a person, by the login under way */
	char *text; /* NULL: nothing */
	bool echo;
};

static void
link_wants(void *ctx, struct link *l, const struct link_prompt *p)
{
	struct wanted *w = ctx;

	(void)l;
	mem_free(w->text);
	w->text = mem_printf("%s: %s ", p->target, p->text);
	w->echo = p->echo;
}

/* Passphrases and passwords are asked of a person; nobody there is no answer. */
static void
answer_link(struct link *l, struct wanted *w)
{
	struct str line = STR_INIT;
	bool got = tty_is_person() &&
		tty_ask(w->text, w->echo ? TTY_SHOWN : TTY_HIDDEN, &line);

	mem_free(w->text);
	w->text = NULL;
	link_answer(l, got ? line.buf : NULL);
	mem_wipe(line.buf, line.len);
	str_release(&line);
}

static void
found_host(struct doctor *d, const char *name, const struct link_status *st)
{
	const char *help = st->command[0] ? st->command : link_fault_help(st->fault);
	char what[400];

	snprintf(what, sizeof what, "%s", st->words);
	if (strstr(st->words, help))
		help = NULL; /* the sentence says it already */
	found(d, st->state == LINK_READY ? DOCTOR_OK : DOCTOR_FAIL, name, what, help);
	if (st->transport[0]) {
		snprintf(what, sizeof what, "%s%s%s", st->transport,
			st->why_transport[0] ? ", because: " : "", st->why_transport);
		found(d, DOCTOR_OK, "transport", what, NULL);
	}
	if (st->state == LINK_READY && st->hostkey[0])
		found(d, DOCTOR_OK, "host key", st->hostkey, NULL);
}

/* What it waits for, to a person who waits too: a touch, other logins. */
static void
say_if_new(const struct doctor *d, char **said, const char *words)
{
	if (d->json || !tty_is_person() || str_eq(*said, words))
		return;
	mem_free(*said);
	*said = mem_strdup(words);
	fprintf(stderr, "%s\n", words);
}

static void
look_at_host(struct doctor *d, const char *name)
{
	struct host host = {.name = (char *)name, .via = HOST_SSH};
	struct wanted wanted = {0};
	struct link *l = link_new(&(struct link_opts){.loop = d->c->loop,
		.host = &host,
		.target = target_of(d->c, name, &host),
		.calls = {.on_prompt = link_wants, .ctx = &wanted}});
	struct mono until = clock_mono();
	struct link_status st;
	char *said = NULL;

	until.ms += LOGIN_MS;
	link_connect(l);
	do {
		loop_turn(d->c->loop, 200);
		link_status(l, &st);
		if (st.state == LINK_CONNECTING)
			say_if_new(d, &said, st.words);
		if (wanted.text) {
			answer_link(l, &wanted);
			until.ms = clock_mono().ms + LOGIN_MS;
		}
	} while (st.state != LINK_READY && st.state != LINK_FAILED &&
		clock_mono().ms < until.ms);
	found_host(d, name, &st);
	mem_free(said);
	mem_free(wanted.text);
	link_free(l);
}

enum exit_code
cmd_doctor(struct cmd *c)
{
	static const char *const ssh[] = {"ssh", "-V", NULL};
	static const char *const keygen[] = {"ssh-keygen", "-?", NULL};
	struct doctor d = {.c = c, .json = args_has(c->args, OPT_JSON)};

	str_init(&d.out);
	if (!cmd_project(c, NULL))
		return EXIT_CODE_LOAD;
	if (d.json) {
		cmd_json_begin(&d.j, &d.out, "doctor");
		jsonout_key(&d.j, "items");
		jsonout_open_array(&d.j);
	}
	look_at_terminal(&d);
	look_at_state(&d);
	look_at_doors(&d);
	look_at_project(&d);
	look_at_store(&d);
	look_at_tool(&d, ssh, NULL, "install openssh-client");
	look_at_tool(&d, keygen, "-Y sign",
		"sign-offs need ssh-keygen of OpenSSH 8.4 or later: openssh-client");
	look_at_worker(&d);
	look_at_keys(&d);
	look_at_twins(&d);
	if (args_has(c->args, OPT_HOST))
		look_at_host(&d, c->args->opt[OPT_HOST]);
	if (d.json) {
		jsonout_close_array(&d.j);
		cmd_json_end(&d.j, &d.out);
	} else {
		cmd_print(&d.out);
		str_release(&d.out);
	}
	return d.failed ? EXIT_CODE_NO : EXIT_CODE_OK;
}
