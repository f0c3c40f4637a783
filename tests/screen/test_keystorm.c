/*
 * Keys nobody meant: thousands of random ones, pastes and broken sequences on every screen
 * and dialog. An act on a host, a confirmation and a signature take Enter, pressed and not
 * pasted; test_keybind holds own keys to the same. So an act is a byte CR or the keypad's
 * ESC O M outside of a bracketed paste, and nothing else, as sent here, may ever write an
 * intent, a confirmation, a decision or a signature. The record is asked, not the screen.
 * What merely leaves or suspends handrail (F10, Ctrl-Z, q on home) is left out where it
 * would end the attack early. Seeded.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/pty.h"

enum {
	SOON_MS = 30000,
	AGAIN_MS = 4000,
	HANDFUL = 10,
	BURST = 250,
	KEYS_LONG = 10000,
	KEYS_QUICK = 500,
	SEED = 20261128
};
#define HELP "Keys of this"
#define OPEN "journal #"

struct attack {
	char dir[64];
	struct pty *p;
	uint64_t rng;
	int opened; /* runs that were begun on purpose */
};

/* ---- the world ------------------------------------------------------------------------- */

/* What each step would leave behind is looked for at the end. */
static const struct {
	const char *name, *step;
} files[] = {
	{"look.yaml", "run: touch ran-look, risk: none, expect: {exit: 0}"},
	{"moderate.yaml",
		"run: touch ran-moderate, expect: {exit: 0}, undo: rm ran-moderate"},
	{"hard.yaml",
		"run: touch ran-hard, risk: hard, confirm: do it now, "
		"expect: {exit: 0}, undo: rm ran-hard"},
	{"severe.yaml",
		"run: touch ran-severe, risk: severe, confirm: \"do it on ${host}\", "
		"expect: {exit: 0}, irreversible: all is lost"},
	{"choose.yaml",
		"choose: Which way?, options: [{label: left, says: to the left}, "
		"{label: right, says: to the right}]"},
	{"tick.yaml", "do: Tell them, evidence: text"},
	{"sign.yaml", "signoff: Lead, says: I stand behind it."},
};

/* Something to look at, on a host that is none: an act on its container would be an act. */
static const char watched[] =
	"handrail: 1\ntitle: Attacked watch.yaml\nhosts: {box: {sim: sim.yaml}}\n"
	"containers: [{host: box}]\n"
	"probes: {depth: {command: depth, host: box, every: 1s, expect: {value: 7}}}\n"
	"steps:\n  - {id: it, title: Do it, do: Look around}\n";
static const char host_of_it[] =
	"handrail_scenario: 1\ntitle: A host that is none\n"
	"state: {it: is}\nsolved: {it: is}\n"
	"containers: [{host: box, name: attacked, image: 'a:1'}]\n"
	"answers:\n- {match: docker, output: done}\n- {match: depth, output: '7'}\n";

static void
put(const struct attack *at, const char *name, const char *text)
{
	char *path = file_join(at->dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

static int
set_up(void **state)
{
	struct attack *at = calloc(1, sizeof *at);
	char text[1024];

	if (!at)
		return -1;
	snprintf(at->dir, sizeof at->dir, "/tmp/hostile-XXXXXX");
	if (!mkdtemp(at->dir))
		return -1;
	at->rng = SEED;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(text, sizeof text,
			"handrail: 1\ntitle: Attacked %s\nsteps:\n"
			"  - {id: it, title: Do it, %s}\n",
			files[i].name, files[i].step);
		put(at, files[i].name, text);
	}
	put(at, "watch.yaml", watched);
	put(at, "sim.yaml", host_of_it);
	put(at, "broken.yaml", "handrail: 1\ntitle: Broken\nstepps: []\n");
	put(at, "handrail.yaml",
		"handrail_project: 1\nname: hostile\nrunbooks: [.]\n"
		"allowed_signers: signers\nroles: {Lead: [you@example.com]}\n");
	snprintf(text, sizeof text,
		"cd %s && ssh-keygen -q -t ed25519 -N '' -C key -f key && "
		"{ printf 'you@example.com namespaces=\"handrail-signoff-v1\" ' && "
		"cat key.pub; } >signers",
		at->dir);
	*state = at;
	return system(text);
}

static int
tear_down(void **state)
{
	struct attack *at = *state;
	char remove[160];

	pty_close(at->p);
	snprintf(remove, sizeof remove, "rm -rf %s", at->dir);
	free(at);
	return system(remove);
}

/* ---- random bytes ------------------------------------------------------------------------ */

static unsigned
any(struct attack *at, unsigned below)
{
	at->rng ^= at->rng << 13;
	at->rng ^= at->rng >> 7;
	at->rng ^= at->rng << 17;
	return (unsigned)(at->rng % below);
}

static const char *const sequences[] = {"\033[A", "\033[B", "\033[C", "\033[D", "\033OA",
	"\033[H", "\033[F", "\033[5~", "\033[6~", "\033[3~", "\033[Z", "\033OP", "\033OQ",
	"\033OR", "\033OS", "\033[15~", "\033[17~", "\033[18~", "\033[19~", "\033[20~",
	"\033[1;5A", "\033[13;5u", "\033[27;5;13~", "\033[I", "\033[O", "\033[M !!",
	"\033[M#%%", "\033[<0;10;10M", "\033[<0;10;10m", "\033[<64;3;3M",
	"\033[32;10;10M", "\033]11;rgb:0000/0000/0000\a", "\033[?62;22c", "\033[8;24;80t",
	"\033P1$r0m\033\\", "\033", "\033\033", "\033[", "\033[1;"};

static const char *const pastes[] = {"\r", "\r\r\r", "\n\r\n\r", "do it now\r",
	"do it on local\r", "y\ry\ryes\r", "rm -rf /\n", "\033OM", "\033[13u\r", ":q!\r",
	"left\r", "I stand behind it.\r", "\t\t\r", " \r \r"};

static void
one_paste(struct attack *at, struct str *out)
{
	str_adds(out, "\033[200~");
	if (any(at, 3)) {
		str_adds(out, pastes[any(at, sizeof pastes / sizeof *pastes)]);
	} else { /* what could end the paste is the terminal's to filter; Ctrl-S stops it */
		for (unsigned n = any(at, 60); n; n--) {
			char c = (char)any(at, 256);

			str_addc(out, !c || strchr("\033\023", c) ? '\r' : c);
		}
	}
	str_adds(out, "\033[201~");
}

/* No CR, nothing that leaves, suspends or stops the terminal itself (Ctrl-S); M would make
 * ESC O the keypad's Enter. */
static void
one_byte(struct attack *at, const char *leaves, struct str *out)
{
	char c;

	do
		c = (char)any(at, 256);
	while (!c || strchr("\r\023\032M", c) || strchr(leaves, c));
	str_addc(out, c);
}

static void
one_key(struct attack *at, const char *leaves, struct str *out)
{
	unsigned kind = any(at, 20);

	if (kind < 12)
		one_byte(at, leaves, out);
	else if (kind < 17)
		str_adds(out, sequences[any(at, sizeof sequences / sizeof *sequences)]);
	else
		one_paste(at, out);
}

/* ---- the record -------------------------------------------------------------------------- */

static void
count_in(const char *text, const char *type, int *n)
{
	char want[64];

	snprintf(want, sizeof want, "\"type\":\"%s\"", type);
	for (const char *p = text; (p = strstr(p, want)); p++)
		(*n)++;
}

static void
nothing_was_done(const struct attack *at, const char *where)
{
	static const char *const acts[] = {"step.enter", "step.confirm", "step.intent",
		"step.started", "step.done", "step.cancel", "step.resolve", "step.skip",
		"tick.set", "choice.set", "input.set", "signoff", "decline", "waiver",
		"run.close", "run.hold", "run.go", "note"};
	char *runs = mem_printf("%s/state/runs", at->dir);
	struct err e = ERR_INIT;
	size_t count = 0;
	char **names = file_names(runs, &count, &e);
	int opened = 0;

	for (size_t i = 0; names && i < count; i++) {
		char *path = mem_printf("%s/%s/journal.jsonl", runs, names[i]);
		struct str text = STR_INIT;

		assert_true(file_read(path, 1 << 24, &text, &e));
		count_in(text.buf, "run.open", &opened);
		for (size_t a = 0; a < sizeof acts / sizeof *acts; a++) {
			int n = 0;

			count_in(text.buf, acts[a], &n);
			if (n)
				fail_msg("%s: %s in the record (seed %d):\n%s", where,
					acts[a], SEED, text.buf);
		}
		str_release(&text);
		mem_free(path);
	}
	file_names_free(names);
	mem_free(runs);
	if (opened != at->opened)
		fail_msg("%s: %d runs were opened, not %d", where, opened, at->opened);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *ran = mem_printf("%s/ran-%.*s", at->dir,
			(int)strcspn(files[i].name, "."), files[i].name);

		if (file_exists(ran))
			fail_msg("%s: %s is there", where, ran);
		mem_free(ran);
	}
}

/* ---- the attack -------------------------------------------------------------------------- */

static void
see(struct attack *at, const char *where, const char *text)
{
	if (!pty_wait_text(at->p, text, SOON_MS))
		fail_msg("%s: not seen: %s (seed %d)", where, text, SEED);
}

/* Keys until the help is there, or gone. A dialog that opens throws away what was typed
 * ahead, so it may take more than one go; the clock's tick makes sure that somebody asks. */
struct until {
	const char *keys;
	bool help;
	int64_t sent;
};

static bool
help_is_so(struct pty *p, void *arg)
{
	struct until *u = arg;
	int64_t now = clock_mono().ms;
	int row, col;

	if (u->sent && pty_find(p, HELP, &row, &col) == u->help)
		return true;
	if (!u->sent || now - u->sent >= AGAIN_MS) {
		pty_type(p, u->keys, strlen(u->keys));
		u->sent = now;
	}
	return false;
}

/* Out of whatever was begun: a paste, a sequence, dialogs; and a state that shows that all
 * keys before were taken. */
#define OUT "\021\033[201~\033[201~\033\033\033\033\033\033\033\033"

static void
settle(struct attack *at, const char *where)
{
	struct until ways[] = {{OUT, false, 0}, {OUT "\033OP", true, 0}, {OUT, false, 0}};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (!pty_wait(at->p, help_is_so, &ways[i], SOON_MS))
			fail_msg("%s: keys are not taken (seed %d)", where, SEED);
}

/* Where the keys go. `arrive` are deliberate keys, each with what is seen then; `again` is
 * how it is reached from elsewhere in the same console, NULL: it is started anew. */
static const struct spot {
	const char *name, *file, *leaves;
	const char *arrive[14], *again[8];
} spots[] = {
	{"home", NULL, "q", {"", "Runbooks 9"}, {"<F2>", "Runbooks 9"}},
	{"problems", NULL, "q",
		{"", "Runbooks 9", "<Home>", "broken", "<Enter>", "Problems:"}, {NULL}},
	{"plan", "severe.yaml", "q", {"", "Before it starts"}, {NULL}},
	{"run before a look", "look.yaml", "", {"", "Before it starts", "<Enter>", OPEN},
		{"<F3>", "> Attacked"}},
	{"run before a tick", "tick.yaml", "", {"", "Before it starts", "<Enter>", OPEN},
		{"<F3>", "> Attacked"}},
	{"confirm moderate", "moderate.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<Enter>", "Run step 1 on"},
		{"<F3>", "> Attacked", ".<Enter>", "Run step 1 on"}},
	{"confirm hard", "hard.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<Enter>", "do it now"},
		{"<F3>", "> Attacked", ".<Enter>", "do it now"}},
	{"confirm severe", "severe.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<Enter>", "SEVERE"},
		{"<F3>", "> Attacked", ".<Enter>", "SEVERE"}},
	{"choose", "choose.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<Enter>", "to the left"},
		{"<F3>", "> Attacked", ".<Enter>", "to the left"}},
	{"tick with evidence", "tick.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<Space>", "Tick with"},
		{"<F3>", "> Attacked", ".<Space>", "Tick with"}},
	{"skip", "moderate.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "s", "not applicable"},
		{"<F3>", "> Attacked", ".s", "not applicable"}},
	{"note", "moderate.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "a", "[ Note ]"},
		{"<F3>", "> Attacked", ".a", "[ Note ]"}},
	{"sign", "sign.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<Enter>",
			"You sign exactly these words"},
		{"<F3>", "> Attacked", ".<Enter>", "You sign exactly these words"}},
	{"commands", "hard.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, ":", "Commands"},
		{"<F3>", "> Attacked", ":", "Commands"}},
	{"health", "watch.yaml", "q",
		{"", "Before it starts", "<Enter>", OPEN, "<F4>", "1 probe", "v",
			"STATE "},
		{"<F3>", "> Attacked", "<F4>", "Health > Attacked"}},
	{"mute", "watch.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<F4>", "all OK", "gm",
			"[ Mute a probe ]"},
		{"<F3>", "> Attacked", "<F4>", "Health > Attacked"}},
	{"containers", "watch.yaml", "q",
		{"", "Before it starts", "<Enter>", OPEN, "<F6>", "Containers 1"},
		{NULL}},
	{"audit", "hard.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<F7>", "[ Runs 1"},
		{"<F3>", "> Attacked", "<F7>", "[ Runs 1"}},
	{"act on a container", "watch.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<F6>", "Containers 1", "/",
			"[ Find ]", "attacked<Enter>", ">   attacked", "x",
			"What is to be done"},
		{NULL}},
	{"help", "hard.yaml", "", {"", "Before it starts", "<Enter>", OPEN, "?", HELP},
		{"<F3>", "> Attacked", "?", HELP}},
	{"leave", "hard.yaml", "",
		{"", "Before it starts", "<Enter>", OPEN, "<F10>", "Leave the run?"},
		{"<F3>", "> Attacked", "<F10>", "Leave the run?"}},
};

static void
walk(struct attack *at, const struct spot *sp, const char *const *way)
{
	for (; *way; way += 2) {
		if (**way)
			pty_send(at->p, way[0]);
		see(at, sp->name, way[1]);
	}
}

static void
begin(struct attack *at, const struct spot *sp)
{
	const char *argv[] = {getenv("HANDRAIL"), "--key", "key", sp->file, NULL};
	char state[128], config[128];
	const char *const env[] = {state, config, "HANDRAIL_OPERATOR=you@example.com",
		"HANDRAIL_RUNBOOKS", "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", at->dir);
	snprintf(config, sizeof config, "XDG_CONFIG_HOME=%s/config", at->dir);
	pty_close(at->p);
	at->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = at->dir, .rows = 30, .cols = 110});
	walk(at, sp, sp->arrive);
	for (int i = 0; sp->arrive[i]; i += 2)
		at->opened += strcmp(sp->arrive[i + 1], OPEN) == 0;
}

static bool
has_answered(struct pty *p, void *arg)
{
	size_t n;

	pty_raw(p, &n);
	return n > *(size_t *)arg;
}

/* A few keys at a time: every one of them makes a frame. The last may leave a paste open. */
static void
fire(struct attack *at, const struct spot *sp)
{
	for (int i = 0; i < BURST; i += HANDFUL) {
		struct str keys = STR_INIT;
		size_t before;

		for (int k = 0; k < HANDFUL; k++)
			one_key(at, sp->leaves, &keys);
		str_adds(&keys, "\033[C"); /* ends what the last of them began */
		if (i + HANDFUL >= BURST && any(at, 4) == 0)
			str_adds(&keys, "\033[200~do it on local\r");
		pty_raw(at->p, &before);
		pty_type(at->p, keys.buf, keys.len);
		if (!pty_wait(at->p, has_answered, &before, SOON_MS))
			fail_msg("%s: it does not answer any more (seed %d)", sp->name,
				SEED);
		str_release(&keys);
	}
	settle(at, sp->name);
}

static bool
came_or_gone(struct pty *p, void *text)
{
	return strstr(pty_screen(p), text) ||
		strstr(pty_screen(p), "no run is open here");
}

/* From wherever the keys led to; they may have taken up another run in its place. */
static bool
is_there_again(struct attack *at, const struct spot *sp)
{
	pty_send(at->p, sp->again[0]);
	if (!pty_wait(at->p, came_or_gone, (void *)(uintptr_t)sp->again[1], SOON_MS) ||
		!strstr(pty_screen(at->p), sp->again[1]))
		return false;
	walk(at, sp, sp->again + 2);
	return true;
}

static void
attack(struct attack *at, const struct spot *sp)
{
	int keys = getenv("HANDRAIL_LONG") ? KEYS_LONG : KEYS_QUICK;

	begin(at, sp);
	for (int n = 0; n < keys; n += BURST) {
		if (n && !(sp->again[0] && is_there_again(at, sp)))
			begin(at, sp);
		fire(at, sp);
		nothing_was_done(at, sp->name);
	}
}

static void
nothing_is_started_confirmed_or_signed(void **state)
{
	struct attack *at = *state;

	print_message("# seed %d\n", SEED);
	for (size_t i = 0; i < sizeof spots / sizeof *spots; i++)
		attack(at, &spots[i]);
}

/* The same world with an act in it: what is asserted above can be seen to happen. */
static void
enter_twice_does_run_the_step(void **state)
{
	struct attack *at = *state;
	char *ran = mem_printf("%s/ran-moderate", at->dir);

	begin(at, &spots[5]);
	assert_true(pty_wait_gone(at->p, "ready in", SOON_MS));
	pty_send(at->p, "<Enter>");
	see(at, "moderate", "[x] 1");
	assert_true(file_exists(ran));
	mem_free(ran);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_is_started_confirmed_or_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			enter_twice_does_run_the_step, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
