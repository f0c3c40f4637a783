#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "remote/opensshinner.h"

/*
 * The system ssh as a transport: one master that logs in and carries the connection, one
 * client per exec over its control socket in a private folder. The client can only use
 * that socket: `ProxyCommand=false` keeps it from opening a login of its own when the
 * master is gone. Questions come through our askpass; host keys are checked by ssh.
 */

enum {
	CHANNELS = 8,
	PATIENCE_MS = 60 * 1000, /* for a touch */
};

/* ---- the master ---- */

static void
over(struct openssh *s, enum link_fault fault, const char *text)
{
	if (s->over)
		return;
	s->over = true;
	loop_timer_stop(s->deadline);
	s->ev.on_fault(s->ev.ctx, fault, text);
}

static void
master_out(void *ctx, const char *p, size_t len)
{
	struct openssh *s = ctx;
	struct transport_ready r = {
		.kex = s->words.kex,
		.cipher = s->words.cipher,
		.mac = s->words.mac,
		.key = s->words.key,
		.hostkey = s->words.hostkey,
	};

	(void)p;
	(void)len;
	/* The first byte is LocalCommand's: the login is done, the socket is there. */
	if (s->ready || s->over)
		return;
	s->ready = true;
	loop_timer_stop(s->deadline);
	s->ev.on_ready(s->ev.ctx, &r);
}

static void
master_err(void *ctx, const char *p, size_t len)
{
	struct openssh *s = ctx;

	static const char mark[] = "open failed: ";
	const char *at = memmem(p, len, mark, strlen(mark));

	if (at)
		snprintf(s->not_made, sizeof s->not_made, "%.*s",
			(int)(len - (size_t)(at - p) - strlen(mark)), at + strlen(mark));
	s->not_made[strcspn(s->not_made, "\r\n")] = '\0';
	sshwords_feed(&s->words, p, len);
}

/* Of a host that takes tickets and neither keys nor answers. */
static bool
wants_a_ticket(const char *denied)
{
	return strstr(denied, "gssapi") && !strstr(denied, "publickey") &&
		!strstr(denied, "password") && !strstr(denied, "keyboard");
}

static enum link_fault
why_it_ended(const struct openssh *s)
{
	if (s->cancelled)
		return LINK_FAULT_CANCELLED;
	if (s->timed_out)
		return LINK_FAULT_TIMEOUT;
	if (s->words.fault == LINK_FAULT_DENIED && s->answered > 0)
		return LINK_FAULT_ANSWER;
	if (s->words.fault == LINK_FAULT_DENIED && wants_a_ticket(s->words.text))
		return LINK_FAULT_TICKET;
	if (s->words.fault == LINK_FAULT_DENIED && !s->words.tried_key)
		return LINK_FAULT_NO_KEY;
	if (s->words.fault != LINK_FAULT_NONE)
		return s->words.fault;
	return s->ready ? LINK_FAULT_UNREACHABLE : LINK_FAULT_INTERNAL;
}

static void
master_end(void *ctx, const struct loop_child_end *end)
{
	struct openssh *s = ctx;
	enum link_fault fault = why_it_ended(s);
	char text[300];

	(void)end;
	if (fault == LINK_FAULT_KEY_UNKNOWN && *s->words.hostkey)
		snprintf(text, sizeof text, "%s %s", s->words.key, s->words.hostkey);
	else
		snprintf(text, sizeof text, "%s", s->words.text);
	over(s, fault, text);
}

static void
deadline_passed(void *ctx)
{
	struct openssh *s = ctx;

	s->timed_out = true;
	over(s, LINK_FAULT_TIMEOUT, s->words.text);
}

/* ---- questions ---- */

/* The identity whose passphrase ssh asks for in just these words, if any. A host cannot
 * say them: ssh puts (user@host) before what comes from there. */
static const char *
identity_asked_for(const struct openssh *s, const char *text)
{
	const char *found = NULL;

	for (size_t i = 0; i < s->identities.list.len && !found; i++) {
		char *words = mem_printf(
			"Enter passphrase for key '%s': ", s->identities.list.at[i]);

		if (strcmp(words, text) == 0)
			found = s->identities.list.at[i];
		mem_free(words);
	}
	return found;
}

static void
notice(struct openssh *s, const char *text)
{
	s->noticed = text != NULL;
	loop_timer_start(s->deadline, text ? PATIENCE_MS : s->timeout_ms, 0);
	s->ev.on_notice(s->ev.ctx, text);
}

/* The ssh of a gateway asks whether to trust its key. Nobody is asked that here, whatever
 * the words around it: this only ever refuses. */
static bool
is_about_trust(const char *text)
{
	return strstr(text, "(yes/no") ||
		strstr(text, "Are you sure you want to continue connecting");
}

static void
asked(void *ctx, const char *text, enum askpass_kind kind)
{
	struct openssh *s = ctx;

	if (s->over)
		return;
	if (text && is_about_trust(text)) {
		s->words.fault = LINK_FAULT_KEY_UNKNOWN;
		snprintf(
			s->words.text, sizeof s->words.text, "that of a host on the way");
		askpass_answer(s->askpass, NULL);
		return;
	}
	if (s->noticed || kind == ASKPASS_NOTICE) {
		notice(s, text);
	} else if (!text) {
		loop_timer_start(s->deadline, s->timeout_ms, 0);
	} else {
		loop_timer_stop(s->deadline); /* people may take their time */
		s->unlocking = s->by_keeper || kind != ASKPASS_SECRET
			? NULL
			: identity_asked_for(s, text);
		if (s->unlocking)
			s->ev.on_unlock(s->ev.ctx, s->unlocking);
		else
			s->ev.on_prompt(s->ev.ctx, text, kind == ASKPASS_CONFIRM);
	}
}

/* ---- life ---- */

/* Everything that could make the master do more than carry execs is off. */
static const char *const master_options[] = {
	"ControlPersist=no",
	"StrictHostKeyChecking=yes",
	"UpdateHostKeys=no",
	"BatchMode=no",
	"ForwardAgent=no",
	"ForwardX11=no",
	"ClearAllForwardings=yes",
	"RemoteCommand=none",
	"RequestTTY=no",
	"PermitLocalCommand=yes",
	"LocalCommand=echo ready",
	"ServerAliveInterval=15",
	"ServerAliveCountMax=3",
	"AddKeysToAgent=no",
	"VisualHostKey=no",
	"LogLevel=DEBUG1",
};

/* What ssh hands on to the ssh of a ProxyJump is its configuration file alone: so the
 * strictness towards that host stands in one, before the operator's own, and so does the
 * agent with the keys that were unlocked. */
static bool
write_config(struct openssh *s, struct err *e)
{
	static const char strict[] = "StrictHostKeyChecking yes\nUpdateHostKeys no\n";
	const char *theirs = sshconf_file();
	struct str text = STR_INIT;
	bool ok;

	str_adds(&text, strict);
	if (s->by_keeper)
		str_addf(&text, "IdentityAgent %s\n", s->keeper);
	if (theirs)
		str_addf(&text, "Include \"%s\"\n", theirs);
	else
		str_adds(&text, "Include ~/.ssh/config\nInclude /etc/ssh/ssh_config\n");
	ok = file_replace(s->config, text.buf, text.len, 0600, e);
	str_release(&text);
	return ok;
}

static bool
start_master(struct openssh *s, struct err *e)
{
	VEC_OF(const char *) argv = {0};
	struct loop_child_opts o = {.env = askpass_env(s->askpass), .keep_stdin = true};
	struct loop_child_calls calls = {
		.on_out = master_out,
		.on_err = master_err,
		.on_end = master_end,
		.ctx = s,
	};
	char *path = mem_printf("ControlPath=%s", s->control);

	vec_push(&argv, "ssh");
	vec_push(&argv, "-F");
	vec_push(&argv, s->config);
	vec_push(&argv, "-M");
	vec_push(&argv, "-N");
	vec_push(&argv, "-o");
	vec_push(&argv, path);
	for (size_t i = 0; i < sizeof master_options / sizeof *master_options; i++) {
		vec_push(&argv, "-o");
		vec_push(&argv, master_options[i]);
	}
	vec_push(&argv, "--");
	vec_push(&argv, s->target);
	vec_push(&argv, NULL);
	o.argv = argv.at;
	s->master = loop_child_start(s->loop, &o, &calls, e);
	vec_free(&argv);
	mem_free(path);
	return s->master != NULL;
}

static void openssh_free(struct transport *base);
static void tell_unstarted(void *ctx);

static struct transport *
openssh_open(const struct transport_opts *o, struct err *e)
{
	struct openssh *s = mem_alloc(sizeof *s);

	s->base.ops = &openssh_ops;
	s->loop = o->loop;
	s->ev = o->events;
	s->target = mem_strdup(o->target);
	s->timeout_ms = o->connect_timeout_ms;
	s->keeper = mem_strdup(o->keeper);
	for (size_t i = 0; i < o->conf->identityfiles.list.len; i++)
		vec_push(&s->identities.list,
			mem_strdup(o->conf->identityfiles.list.at[i]));
	sshwords_init(&s->words);
	s->deadline = loop_timer_new(o->loop, deadline_passed, s);
	s->soon = loop_timer_new(o->loop, tell_unstarted, s);
	s->askpass = askpass_new(o->loop, asked, s, e);
	if (s->askpass) {
		s->control = file_join(askpass_folder(s->askpass), "c");
		s->config = file_join(askpass_folder(s->askpass), "config");
		if (write_config(s, e) && start_master(s, e)) {
			loop_timer_start(s->deadline, s->timeout_ms, 0);
			return &s->base;
		}
	}
	openssh_free(&s->base);
	return NULL;
}

static void
openssh_key_answer(struct transport *t, enum transport_key verdict)
{
	(void)t; /* ssh checks host keys itself */
	(void)verdict;
}

/* The key is in the run's own agent now: ssh begins again and finds it there. It takes no
 * passphrase from us, and the one that waits for it is ended. */
static void
begin_again(struct openssh *s)
{
	struct err e = ERR_INIT;

	loop_child_free(s->master);
	sshwords_release(&s->words);
	sshwords_init(&s->words);
	s->by_keeper = true;
	if (!write_config(s, &e) || !start_master(s, &e)) {
		s->master = NULL;
		snprintf(s->words.text, sizeof s->words.text, "%s", e.msg);
		loop_timer_start(s->soon, 0, 0);
	}
}

static void
openssh_answer(struct transport *base, const char *text)
{
	struct openssh *s = openssh_of(base);
	bool unlocked = s->unlocking && text;

	loop_timer_start(s->deadline, s->timeout_ms, 0);
	askpass_answer(s->askpass, unlocked ? NULL : text);
	s->unlocking = NULL;
	if (unlocked) {
		begin_again(s);
		return;
	}
	if (text) {
		s->answered++;
		return;
	}
	/* ssh would go on with the next key or method: the operator said stop. */
	s->cancelled = true;
	loop_child_signal(s->master, SIGTERM);
}
/* What could not be started is told from the loop, never from inside the call. */
static void
tell_unstarted(void *ctx)
{
	struct openssh *s = ctx;

	if (!s->master)
		over(s, LINK_FAULT_INTERNAL, s->words.text);
	else
		opensshclient_tell_unstarted(s);
}

static void
openssh_free(struct transport *base)
{
	struct openssh *s = openssh_of(base);

	s->over = true;
	opensshclient_end_all(s);
	loop_child_free(s->master);
	askpass_free(s->askpass);
	loop_timer_free(s->deadline);
	loop_timer_free(s->soon);
	sshwords_release(&s->words);
	for (size_t i = 0; i < s->identities.list.len; i++)
		mem_free(s->identities.list.at[i]);
	vec_free(&s->identities.list);
	mem_free(s->keeper);
	mem_free(s->target);
	mem_free(s->control);
	mem_free(s->config);
	mem_free(s);
}

const struct transport_ops openssh_ops = {
	.name = "openssh",
	.channels = CHANNELS,
	.open = openssh_open,
	.key_answer = openssh_key_answer,
	.answer = openssh_answer,
	.exec = opensshclient_exec,
	.tcp = opensshclient_tcp,
	.write = opensshclient_write,
	.eof = opensshclient_eof,
	.close = opensshclient_close,
	.free = openssh_free,
};
