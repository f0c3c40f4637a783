/* Names and sentences: what a link says of itself. */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/b64.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "remote/linkinner.h"

enum { SILENT_MS = 3000 }; /* a host on the far side of the world answers sooner */

static const char *const state_names[] = {
	[LINK_IDLE] = "idle",
	[LINK_RESOLVING] = "resolving",
	[LINK_CONNECTING] = "connecting",
	[LINK_ASKING] = "asking",
	[LINK_READY] = "ready",
	[LINK_LOST] = "lost",
	[LINK_FAILED] = "failed",
	[LINK_CLOSED] = "closed",
};

struct fault_row {
	const char *name, *words, *help;
};

static const struct fault_row faults[] = {
#define X(id, words, help) [LINK_FAULT_##id] = {#id, words, help},
	LINK_FAULTS(X)
#undef X
};

const char *
link_state_name(enum link_state s)
{
	return state_names[s];
}

const char *
link_fault_name(enum link_fault f)
{
	return faults[f].name;
}

const char *
link_fault_words(enum link_fault f)
{
	return faults[f].words;
}

const char *
link_fault_help(enum link_fault f)
{
	return faults[f].help;
}

enum link_fault
link_fault_by_name(const char *name)
{
	for (int i = 0; i < LINK_FAULT_COUNT; i++) {
		if (strcasecmp(faults[i].name, name) == 0)
			return (enum link_fault)i;
	}
	return LINK_FAULT_INTERNAL;
}

static void
add_address(const struct link *l, char *out, size_t size)
{
	char *address = l->have_facts ? sshconf_address(&l->facts.conf) : NULL;

	snprintf(out, size, "%s", address ? address : "");
	mem_free(address);
}

/* "4 s", "41 s", "3m05s". Rounded up: 0 s would say that it is now. */
static const char *
whole_seconds(int64_t ms, char out[STAMP_BYTES])
{
	int64_t s = (ms + 999) / 1000;

	if (s >= 2 * 60)
		return stamp_duration(s * 1000, out);
	snprintf(out, STAMP_BYTES, "%lld s", (long long)s);
	return out;
}

/* "; last heard 41 s ago", or nothing. */
static void
add_heard(struct link_status *s)
{
	char ago[STAMP_BYTES];
	size_t at = strlen(s->words);

	if (s->heard_ms >= 0)
		snprintf(s->words + at, sizeof s->words - at, "; last heard %s ago",
			whole_seconds(s->heard_ms, ago));
}

/* How long something waits that was asked after the last word. A stream that has nothing to
 * tell waits for no answer: its beginning was one. */
static int64_t
unanswered_ms(const struct link *l)
{
	int64_t now = clock_mono().ms, most = 0;

	for (const struct link_exec *x = l->first; x && l->state == LINK_READY;
		x = x->next)
		if (x->sent.ms > l->heard.ms && now - x->sent.ms > most)
			most = now - x->sent.ms;
	return most >= SILENT_MS ? most : 0;
}

/* On the way to a connection: what it waits for. */
static void
add_way_words(const struct link *l, struct link_status *s, const char *at)
{
	char wait[STAMP_BYTES];

	if (*l->notice)
		snprintf(s->words, sizeof s->words, "%s: waits for %s", l->target,
			l->notice);
	else if (l->conn)
		snprintf(
			s->words, sizeof s->words, "%s: connecting to %s", l->target, at);
	else if (doorman_waits(&l->pass))
		snprintf(s->words, sizeof s->words,
			"%s: waits until other logins are through", l->target);
	else
		snprintf(s->words, sizeof s->words, "%s: %s, tries again in %s",
			l->target, faults[l->fault].words,
			stamp_duration(s->retry_in_ms, wait));
}

static void
add_words(const struct link *l, struct link_status *s)
{
	const char *f = faults[l->fault].words, *help = faults[l->fault].help;
	const char *at = *s->address ? s->address : l->target;
	/* What the tool says may be our own words again. */
	const char *detail = strcasecmp(l->detail, f) == 0 ? "" : l->detail;
	const char *colon = *detail ? ": " : "";
	char wait[STAMP_BYTES];

	switch (s->state) {
	case LINK_IDLE:
		snprintf(s->words, sizeof s->words, "%s: not connected yet", l->target);
		break;
	case LINK_RESOLVING:
		snprintf(s->words, sizeof s->words, "%s: asking ssh what it is",
			l->target);
		break;
	case LINK_CONNECTING:
		if (l->was_ready) {
			snprintf(s->words, sizeof s->words,
				"%s: reconnecting now, attempt %d (%s%s%s)", l->target,
				l->attempts, f, colon, l->detail);
			add_heard(s);
		} else {
			add_way_words(l, s, at);
		}
		break;
	case LINK_ASKING:
		snprintf(s->words, sizeof s->words, "%s: waits for your answer",
			l->target);
		break;
	case LINK_READY:
		if (s->silent_ms)
			snprintf(s->words, sizeof s->words,
				"%s: connected, but asked and silent for %s", l->target,
				whole_seconds(s->silent_ms, wait));
		else
			snprintf(s->words, sizeof s->words, "%s: connected%s", l->target,
				l->second && l->second->ready ? " twice" : "");
		break;
	case LINK_LOST:
		if (s->wanted)
			snprintf(s->words, sizeof s->words,
				"%s: connection lost (%s%s%s), reconnecting in %s, attempt %d",
				l->target, f, colon, detail,
				whole_seconds(s->retry_in_ms, wait), l->attempts);
		else
			snprintf(s->words, sizeof s->words,
				"%s: connection lost (%s%s%s), nothing needs it now",
				l->target, f, colon, detail);
		add_heard(s);
		break;
	case LINK_FAILED:
		snprintf(s->words, sizeof s->words, "%s (%s): %s%s%s%s%s", l->target, at,
			f, colon, detail, *help ? "; " : "", help);
		break;
	case LINK_CLOSED:
		snprintf(s->words, sizeof s->words, "%s: closed", l->target);
		break;
	}
}

/* What can be said of a host in two words. Only a connection that carries something is
 * live; what cannot be asked is unknown, whatever it was before. */
static void
add_label(const struct link *l, struct link_status *s)
{
	static const char *const labels[] = {
		[LINK_IDLE] = "not asked",
		[LINK_RESOLVING] = "connecting",
		[LINK_CONNECTING] = "connecting",
		[LINK_ASKING] = "asks you",
		[LINK_READY] = "live",
		[LINK_LOST] = "lost",
		[LINK_FAILED] = "unknown",
		[LINK_CLOSED] = "closed",
	};
	char wait[STAMP_BYTES];

	if (l->state == LINK_CONNECTING && l->was_ready)
		snprintf(s->label, sizeof s->label, "reconnecting now");
	else if (l->state == LINK_LOST && s->wanted)
		snprintf(s->label, sizeof s->label, "reconnecting %s",
			whole_seconds(s->retry_in_ms, wait));
	else if (s->silent_ms)
		snprintf(s->label, sizeof s->label, "silent %s",
			whole_seconds(s->silent_ms, wait));
	else
		snprintf(s->label, sizeof s->label, "%s", labels[l->state]);
}

static const char *
transport_name(const struct link *l)
{
	if (l->o.host->via == HOST_SIM)
		return "sim";
	if (l->ops)
		return l->ops->name;
	if (!l->have_facts)
		return "";
	return l->facts.transport == HOST_OPENSSH ? openssh_ops.name
						  : worker_link_ops.name;
}

void
link_status(const struct link *l, struct link_status *out)
{
	int64_t left = l->retry_at.ms - clock_mono().ms;

	*out = (struct link_status){.state = l->state, .fault = l->fault};
	out->attempts = l->attempts;
	out->heard_ms = l->heard.ms ? clock_mono().ms - l->heard.ms : -1;
	out->silent_ms = unanswered_ms(l);
	out->wanted = link_exec_any(l);
	if (l->state == LINK_RESOLVING && !l->wanted)
		out->state = LINK_IDLE; /* it only looks ahead */
	out->retry_in_ms = l->state != LINK_FAILED && left > 0 ? left : 0;
	snprintf(out->transport, sizeof out->transport, "%s", transport_name(l));
	snprintf(out->why_transport, sizeof out->why_transport, "%s", l->facts.why);
	snprintf(out->hostkey, sizeof out->hostkey, "%s", l->hostkey);
	snprintf(out->command, sizeof out->command, "%s", l->command);
	snprintf(out->crypto, sizeof out->crypto, "%s", l->crypto);
	add_address(l, out->address, sizeof out->address);
	add_words(l, out);
	add_label(l, out);
}

void
link_make_command(struct link *l, const char *type, const void *blob, size_t len)
{
	const struct strings *files = &l->facts.conf.known_files;
	struct str line = STR_INIT, cmd = STR_INIT;

	str_addf(&line, "%s %s ", l->facts.known.name, type);
	b64_encode(&line, blob, len);
	str_adds(&cmd, "printf '%s\\n' ");
	str_add_shell_quoted(&cmd, line.buf);
	str_adds(&cmd, " >> ");
	str_add_shell_quoted(&cmd, files->list.len ? files->list.at[0] : "known_hosts");
	snprintf(l->command, sizeof l->command, "%s",
		cmd.len < sizeof l->command ? cmd.buf : "");
	str_release(&line);
	str_release(&cmd);
}

/* ---- what it is ---- */

const char *
link_target(const struct link *l)
{
	return l->target;
}

struct loop *
link_loop(const struct link *l)
{
	return l->o.loop;
}

const char *
link_job_dir(const struct link *l)
{
	return l->o.host->job_dir;
}

bool
link_is_simulated(const struct link *l)
{
	return l->o.host->via == HOST_SIM;
}

struct sim_place
link_place(const struct link *l)
{
	return (struct sim_place){l->o.host->name, l->target};
}

struct sim *
link_sim(const struct link *l)
{
	return l->sim;
}

bool
link_is_away(const struct link *l)
{
	return l->state != LINK_READY && l->state != LINK_IDLE;
}
