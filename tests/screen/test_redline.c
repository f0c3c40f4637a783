/*
 * A command that is edited for one run: its risk is seen, it runs, the run that is closed has a
 * patch for the file, and the next start says so until the file has it.
 */

#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/pty.h"

enum { LONG_MS = 20000, ROWS = 36, COLS = 120 };

struct desk {
	char dir[64];
	struct pty *p;
	pid_t server;
};

static const char runbook[] = "handrail: 1\ntitle: Tidy up\nkind: maintenance\nsteps:\n"
			      "  - id: tidy\n    title: Tidy\n    run: |\n"
			      "      echo first\n      echo old >>\"$HOME/ran\"\n"
			      "    undo: \"true\"\n    expect: {exit: 0}\n";

static void
put(const struct desk *d, const char *name, const char *text)
{
	char *path = file_join(d->dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

/* A server that says what it was asked, in the file `asked`. */
static const char server[] =
	"import http.server, os\n"
	"class H(http.server.BaseHTTPRequestHandler):\n"
	"    def any(self):\n"
	"        n = int(self.headers.get('Content-Length') or 0)\n"
	"        with open('asked', 'a') as f:\n"
	"            f.write('%s %s %s %s\\n' % (self.command, self.path,\n"
	"                self.headers.get('X-By'), self.rfile.read(n).decode()))\n"
	"        self.send_response(200)\n"
	"        self.send_header('Content-Length', '0')\n"
	"        self.end_headers()\n"
	"    do_GET = do_POST = do_PUT = any\n"
	"    def log_message(self, *a): pass\n"
	"s = http.server.HTTPServer(('127.0.0.1', 0), H)\n"
	"open('port.new', 'w').write(str(s.server_address[1]))\n"
	"os.rename('port.new', 'port')\n"
	"s.serve_forever()\n";

static int
set_up(void **state)
{
	static struct desk d;

	d = (struct desk){0};
	snprintf(d.dir, sizeof d.dir, "/tmp/redline-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	put(&d, "it.yaml", runbook);
	*state = &d;
	return 0;
}

static int
tear_down(void **state)
{
	struct desk *d = *state;
	char remove[256];

	if (d->server > 0) {
		kill(d->server, SIGKILL);
		waitpid(d->server, NULL, 0);
		d->server = 0;
	}

	pty_close(d->p);
	d->p = NULL;
	/* a job may still write its last words */
	snprintf(remove, sizeof remove,
		"bash -c 'n=0; until rm -rf %s 2>/dev/null; do n=$((n + 1)); "
		"[ $n -lt 100 ] || exit 1; read -rt 0.05 <> <(:) || :; done'",
		d->dir);
	return system(remove);
}

static void
see(struct desk *d, const char *text)
{
	if (!pty_wait_text(d->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
see_no_more(struct desk *d, const char *text)
{
	if (!pty_wait_gone(d->p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

static void
shell(const struct desk *d, const char *what)
{
	char command[1024];

	snprintf(command, sizeof command, "cd %s && { %s; } >/dev/null", d->dir, what);
	if (system(command) != 0)
		fail_msg("%s", what);
}

static void
begin(struct desk *d)
{
	const char *const argv[] = {getenv("HANDRAIL"), "run", "it.yaml", NULL};
	char state[128], home[128];
	const char *const env[] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", d->dir);
	snprintf(home, sizeof home, "HOME=%s", d->dir);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = ROWS, .cols = COLS});
	see(d, "Every step that would run");
	pty_send(d->p, "<Enter>");
	see(d, "Steps 0/");
}

static void
edited_run_and_patched(void **state)
{
	struct desk *d = *state;

	begin(d);
	pty_send(d->p, "e");
	see(d, "Edit the command for this run: which line?");
	pty_send(d->p, "<Down><Enter>");
	see(d, "Edit the command for this run only");
	see(d, "nothing is changed yet");
	see(d, "off until something is changed");
	pty_send(d->p, "<C-a><C-k>docker compose down -v"); /* what nobody wants */
	see(d, "!!! severe, was moderate: removes volumes");
	pty_send(d->p, "<C-a><C-k>echo new >>\"$HOME/ran\"");
	see(d, "- echo old >>\"$HOME/ran\"");
	see(d, "+ echo new >>\"$HOME/ran\"");
	see(d, "off until there is a reason");
	pty_send(d->p, "<Enter>the old one is wrong<Enter>");
	see(d, "EDITED RISK ! moderate");
	see(d, "echo new >>\"$HOME/ran\"");
	pty_send(d->p, "<Enter>");
	see(d, "Run step 1 on this machine?");
	see(d, "Edited for this run: not what the runbook says");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
	shell(d, "grep -qx new ran");
	see(d, "Enter close the run");
	pty_send(d->p, "<Enter>");
	see(d, "is closed: ok. What was edited in it is a patch: ");
	pty_close(d->p);
	d->p = NULL;

	begin(d);
	see(d, "1 command was edited for run ");
	see(d, "and is not in the file yet");
	pty_close(d->p);
	d->p = NULL;
	shell(d,
		"cat state/runs/*/redlines.patch | patch -p0 && grep -qx '      echo new "
		">>\"$HOME/ran\"' it.yaml");
	begin(d);
	see(d, "The run begins.");
}

/* A command and something to do, in the middle of a run. */
static void
added_run_and_patched(void **state)
{
	struct desk *d = *state;

	begin(d);
	see(d, "journal #0 synced");
	pty_send(d->p, "E");
	see(d, "Add a step to this run only");
	see(d, "a title is missing");
	pty_send(d->p, "Flush<Tab>docker compose down -v");
	see(d, "!!! severe: removes volumes");
	see(d, "its undo is missing, or why there is no way back");
	pty_send(d->p, "<C-a><C-k>echo flushed >>\"$HOME/ran\"");
	see(d, "! moderate");
	pty_send(d->p, "<Tab><Tab><Tab>it is only a line");
	see(d, "off until there is a reason");
	pty_send(d->p, "<Tab>stale<Enter>");
	see(d, "Added to this run; nothing has run.");
	see(d, "[ ] +1 ");
	pty_send(d->p, ".");
	see(d, "added for this run by anna@example.com: stale");
	pty_send(d->p, "<Enter>");
	see(d, "Run step +1 on this machine?");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "[x] +1 ");
	shell(d, "grep -qx flushed ran");
	pty_send(d->p, ".");
	see(d, "Step 1  Tidy");
	pty_send(d->p, "<Enter>");
	see(d, "Run step 1 on this machine?");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "Enter close the run");
	pty_send(d->p, "<Enter>");
	see(d, "is closed: ok. What was edited in it is a patch: ");
	pty_close(d->p);
	d->p = NULL;

	shell(d, "$HANDRAIL verify --help && HANDRAIL_STATE_DIR=state $HANDRAIL verify");
	shell(d,
		"HANDRAIL_STATE_DIR=state $HANDRAIL report $(ls state/runs) | "
		"grep -q 'not in the runbook: added for this run by anna@example.com: stale'");
	begin(d);
	see(d, "1 step was added for run ");
	see(d, "and is not in the file yet");
	pty_close(d->p);
	d->p = NULL;
	shell(d,
		"cat state/runs/*/redlines.patch | patch -p0 && $HANDRAIL lint it.yaml && "
		"grep -q 'title: Flush' it.yaml");
}

/* ---- what is no command ------------------------------------------------------------------- */

static void
serve(struct desk *d)
{
	put(d, "server.py", server);
	d->server = fork();
	if (d->server == 0) {
		if (chdir(d->dir) == 0)
			execlp("python3", "python3", "server.py", (char *)NULL);
		_exit(127);
	}
	shell(d, "bash -c 'until [ -s port ]; do read -rt 0.05 <> <(:) || :; done'");
}

/* Statement, request and copy: each is wrong in the file. */
static void
put_mixed(struct desk *d)
{
	char *path = file_join(d->dir, "port"), *text;
	struct str port = STR_INIT;
	struct err e = ERR_INIT;

	assert_true(file_read(path, PATH_MAX, &port, &e));
	text = mem_printf(
		"handrail: 1\ntitle: Tidy up\nkind: maintenance\n"
		"inputs:\n  pg: {secret: true, from: {env: HR_PG_URL}}\nsteps:\n"
		"  - id: mark\n    title: Mark it\n"
		"    sql: update redlined set seen = true where id = 1\n    dsn: pg\n"
		"    irreversible: it is told\n    expect: {value: 1}\n"
		"  - id: ask\n    title: Ask them\n    http:\n"
		"      method: POST\n      url: \"http://127.0.0.1:%s/old\"\n"
		"      headers: {X-By: anna}\n      body: '{\"on\": true}'\n"
		"    irreversible: it is told\n    expect: {status: 200}\n"
		"  - id: put\n    title: Put it\n"
		"    copy: {from: old.conf, to: \"%s/made.conf\"}\n"
		"    undo: \"true\"\n",
		port.buf, d->dir);
	put(d, "it.yaml", text);
	put(d, "old.conf", "old\n");
	put(d, "new.conf", "new\n");
	mem_free(text);
	str_release(&port);
	mem_free(path);
}

/* Of the marked step: the part that stands in the row, and what it becomes. */
static void
edit(struct desk *d, const char *part, const char *row, const char *words)
{
	char *keys = mem_printf("%s<Enter>", row);

	pty_send(d->p, "e");
	see(d, "Edit the step for this run: which part?");
	see(d, part);
	pty_send(d->p, keys);
	see(d, "Edit the step for this run only");
	see(d, "nothing is changed yet");
	mem_free(keys);
	keys = mem_printf("<C-a><C-k>%s", words);
	pty_send(d->p, keys);
	see_no_more(d, "nothing is changed yet");
	mem_free(keys);
}

static void
reason(struct desk *d)
{
	pty_send(d->p, "<Enter>wrong in the file<Enter>");
	see_no_more(d, "Edit the step for this run only");
	see(d, "EDITED RISK");
}

static void
run_it(struct desk *d, const char *number, const char *typed)
{
	char words[64];

	snprintf(words, sizeof words, "Run step %s on", number);
	pty_send(d->p, "<Enter>");
	see(d, words);
	see(d, "Edited for this run: not what the runbook says");
	see_no_more(d, "ready in");
	pty_send(d->p, typed);
	if (*typed)
		see_no_more(d, "off until the words match");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	snprintf(words, sizeof words, "[x] %s ", number);
	see(d, words);
}

static void
no_command_edited_run_and_patched(void **state)
{
	struct desk *d = *state;

	shell(d,
		"psql -qX \"$HR_PG_URL\" -c 'create table redlined (id int, seen bool)' "
		"-c 'insert into redlined values (1, false), (2, false)'");
	serve(d);
	put_mixed(d);
	begin(d);
	edit(d, "update redlined", "", "drop table redlined"); /* what nobody wants */
	see(d, "!!! severe, was moderate");
	pty_send(d->p, "<C-a><C-k>update redlined set seen = '");
	see(d, "does not end");
	pty_send(d->p, "<C-a><C-k>update redlined set seen = true where id = 2");
	see(d, "! moderate");
	reason(d);
	run_it(d, "1", "");
	shell(d,
		"[ \"$(psql -qXAt \"$HR_PG_URL\" -c 'select id from redlined where seen')\" "
		"= 2 ]");
	see(d, "Step 2  Ask them");
	edit(d, "URL     http://127.0.0.1:", "<Down>", "https://elsewhere.example/x");
	see(d, "!! hard, was moderate: another server than the runbook's");
	pty_send(d->p, "<Esc>");
	see_no_more(d, "Edit the step for this run only");
	edit(d, "Method  POST", "", "PUT");
	reason(d);
	edit(d, "Header  X-By: anna", "<Down><Down>", "X-By: bert");
	reason(d);
	edit(d, "Body    {\"on\": true}", "<Down><Down><Down>", "{\"on\": false}");
	see(d, "+ {\"on\": false}");
	reason(d);
	run_it(d, "2", "");
	shell(d,
		"grep -qx 'PUT /old bert {\"on\": false}' asked && [ $(wc -l <asked) = 1 ]");
	see(d, "Step 3  Put it");
	edit(d, "From    old.conf", "<Down>", "web:/etc/x");
	see(d, "the host of a copy stays: this machine");
	pty_send(d->p, "<Esc>");
	see_no_more(d, "Edit the step for this run only");
	edit(d, "From    old.conf", "", "new.conf");
	see(d, "!! hard, was moderate: another file than the runbook's");
	reason(d);
	edit(d, "Mode    0600", "<Down><Down>", "0640");
	reason(d);
	run_it(d, "3", "run put");
	shell(d, "cmp new.conf made.conf && [ \"$(stat -c %a made.conf)\" = 640 ]");
	see(d, "Enter close the run");
	pty_send(d->p, "<Enter>");
	see(d, "is closed: ok. What was edited in it is a patch: ");
	pty_close(d->p);
	d->p = NULL;
	shell(d, "HANDRAIL_STATE_DIR=state $HANDRAIL verify");
	begin(d);
	see(d, "3 commands were edited for run ");
	pty_close(d->p);
	d->p = NULL;
	shell(d,
		"! grep -q 'by hand' state/runs/*/redlines.patch && "
		"cat state/runs/*/redlines.patch | patch -p0 && $HANDRAIL lint it.yaml && "
		"grep -q 'where id = 2' it.yaml && grep -q 'method: PUT' it.yaml && "
		"grep -q 'X-By: bert' it.yaml && grep -q 'false}' it.yaml && "
		"grep -q 'from: new.conf, mode: 0640, to:' it.yaml");
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(added_run_and_patched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			edited_run_and_patched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			no_command_edited_run_and_patched, set_up, tear_down),
	};

	(void)argc;
	if (!getenv("HR_STACK_DIR")) {
		char *path = file_join(getenv("SRCDIR"), "tests/lib/stack");

		execl(path, "stack", "run", "--tap", "--with", "postgres", "--", argv[0],
			(char *)NULL);
		return 99;
	}

	if (system("patch --version >/dev/null 2>&1") != 0) {
		puts("1..0 # SKIP patch is not installed");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
