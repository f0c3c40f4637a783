#include "remote/sshwords.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096 };

struct pattern_row {
	const char *part;
	enum link_fault fault;
};

/* Order matters: the first that is part of the line wins. */
static const struct pattern_row rows[] = {
	{"REVOKED HOST KEY", LINK_FAULT_KEY_REVOKED},
	{"is revoked", LINK_FAULT_KEY_REVOKED},
	{"marked as revoked", LINK_FAULT_KEY_REVOKED},
	{"REMOTE HOST IDENTIFICATION HAS CHANGED", LINK_FAULT_KEY_CHANGED},
	{"host key is known for", LINK_FAULT_KEY_UNKNOWN},
	{"Could not resolve hostname", LINK_FAULT_NO_SUCH_HOST},
	{"Name or service not known", LINK_FAULT_NO_SUCH_HOST},
	{"Connection refused", LINK_FAULT_REFUSED},
	{"No route to host", LINK_FAULT_UNREACHABLE},
	{"Network is unreachable", LINK_FAULT_UNREACHABLE},
	{"Host is down", LINK_FAULT_UNREACHABLE},
	{"stdio forwarding failed", LINK_FAULT_UNREACHABLE},
	{"timed out", LINK_FAULT_TIMEOUT},
	{"Timeout, server", LINK_FAULT_TIMEOUT},
	{"Unable to negotiate", LINK_FAULT_PROTOCOL},
	{"Protocol major versions differ", LINK_FAULT_PROTOCOL},
	{"Invalid SSH identification", LINK_FAULT_PROTOCOL},
	{"Permission denied (", LINK_FAULT_DENIED},
	{"Too many authentication failures", LINK_FAULT_DENIED},
	{"Bad configuration option", LINK_FAULT_INTERNAL},
	{"Bad owner or permissions", LINK_FAULT_INTERNAL},
	{"kex_exchange_identification", LINK_FAULT_BUSY},
	{"Connection closed by", LINK_FAULT_UNREACHABLE},
	{"Connection reset by", LINK_FAULT_UNREACHABLE},
	{"Broken pipe", LINK_FAULT_UNREACHABLE},
};

void
sshwords_init(struct sshwords *w)
{
	*w = (struct sshwords){.line = STR_INIT};
}

void
sshwords_release(struct sshwords *w)
{
	str_release(&w->line);
}

/* The words behind `head` in line up to the next blank, else nothing changes. */
static void
take_word(const char *line, const char *head, char *out, size_t size)
{
	const char *p = strstr(line, head);
	size_t len;

	if (!p)
		return;
	p += strlen(head);
	len = strcspn(p, " \r");
	if (len >= size)
		return;
	memcpy(out, p, len);
	out[len] = 0;
}

static void
read_debug(struct sshwords *w, const char *line)
{
	take_word(line, "kex: algorithm: ", w->kex, sizeof w->kex);
	take_word(line, "kex: host key algorithm: ", w->key, sizeof w->key);
	if (strstr(line, "kex: server->client")) {
		take_word(line, "cipher: ", w->cipher, sizeof w->cipher);
		take_word(line, "MAC: ", w->mac, sizeof w->mac);
	}
	if (strstr(line, "Server host key: ")) {
		const char *fp = strstr(line, "SHA256:");

		if (fp)
			take_word(fp - 1, " ", w->hostkey, sizeof w->hostkey);
	}
	if (strstr(line, "Offering public key"))
		w->tried_key = true;
}

static bool
is_bad_key(const char *line)
{
	return strstr(line, "REVOKED HOST KEY") || strstr(line, "HAS CHANGED");
}

static void
name_fault(struct sshwords *w, const char *line)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!strstr(line, rows[i].part))
			continue;
		w->fault = rows[i].fault;
		break;
	}
	if (*line && *line != '@') /* not the frame of a warning */
		snprintf(w->text, sizeof w->text, "%s", line);
}

static void
read_line(struct sshwords *w, const char *line)
{
	if (str_starts(line, "debug")) {
		read_debug(w, line);
		return;
	}
	if (str_starts(line, "Authenticated to ") ||
		str_starts(line, "Authenticated with")) {
		w->opened = true;
		return;
	}
	if (strstr(line, "Offending ")) { /* which line of known_hosts is in the way */
		snprintf(w->text, sizeof w->text, "%s", line);
		return;
	}
	/* The first reason is the best: what follows upon it is "Connection closed". Only
	 * a key that must not be trusted outweighs it. */
	if (w->fault != LINK_FAULT_NONE && !is_bad_key(line))
		return;
	name_fault(w, line);
}

void
sshwords_feed(struct sshwords *w, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] != '\n') {
			if (w->line.len < LINE_MAX_BYTES && p[i] != '\r' && p[i] != 0)
				str_addc(&w->line, p[i]);
			continue;
		}
		read_line(w, w->line.buf);
		str_reset(&w->line);
	}
}
