#ifndef TESTS_FLOW_ODDSERVER_H
#define TESTS_FLOW_ODDSERVER_H

/* Servers that are no sshd: each says its piece to whoever connects, and perhaps hangs
 * up. They get an alias in the operator's ssh configuration. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { ODD_PORT = 2201 };

static const struct oddserver {
	const char *name, *address, *says;
	bool hangs_up;
} oddservers[] = {
	{"chatter", "127.0.0.101", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n",
		false},
	{"babble", "127.0.0.102", "\x01\x02\x03\xff\xfe no line end", true},
	{"hangup", "127.0.0.103", "", true},
	{"huge", "127.0.0.104", "SSH-2.0-x\r\n\x7f\xff\xff\xff\x04\x14junk", true},
	{"ancient", "127.0.0.105", "SSH-1.5-old\r\n", true},
};

static inline void
oddserver_serve(const struct oddserver *o)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(ODD_PORT)};
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, o->address, &at.sin_addr);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(s, (struct sockaddr *)&at, sizeof at) != 0 || listen(s, 8) != 0)
		abort();
	if (fork() != 0) {
		close(s);
		return;
	}
	for (;;) {
		int c = accept(s, NULL, NULL);

		if (c < 0 || write(c, o->says, strlen(o->says)) < 0)
			_exit(1);
		if (!o->hangs_up)
			continue;
		shutdown(c, SHUT_WR);
		for (char b[512]; read(c, b, sizeof b) > 0;)
			;
		close(c);
	}
}

/* All of them; they end with the namespace. */
static inline void
oddserver_serve_all(void)
{
	char *path = file_join(getenv("HOME"), ".ssh/config");
	FILE *f;

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof oddservers / sizeof *oddservers; i++)
		oddserver_serve(&oddservers[i]);
	f = fopen(path, "a");
	for (size_t i = 0; f && i < sizeof oddservers / sizeof *oddservers; i++)
		fprintf(f, "Host %s\n\tHostName %s\n\tPort %d\n", oddservers[i].name,
			oddservers[i].address, ODD_PORT);
	if (f)
		fclose(f);
	mem_free(path);
}

#endif
