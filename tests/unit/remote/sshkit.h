#ifndef TESTS_UNIT_REMOTE_SSHKIT_H
#define TESTS_UNIT_REMOTE_SSHKIT_H

/*
 * A real sshd of this very account on a free port of 127.0.0.1, with keys and a client
 * configuration of its own in a fresh folder (HANDRAIL_SSH_CONFIG). It can be killed with
 * all its connections and brought back; what the sessions started lives on.
 */

#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/file.h"
#include "linkkit.h"

struct sshkit {
	char *dir;
	int port;
	struct loop *loop; /* of the server's process */
	struct loop_child *sshd;
};

static inline void
sshkit_write(const struct sshkit *s, const char *name, const char *text)
{
	char *path = file_join(s->dir, name);
	struct err e = ERR_INIT;

	if (!file_replace(path, text, strlen(text), 0600, &e))
		fail_msg("%s", e.msg);
	mem_free(path);
}

static inline char *
sshkit_read(const struct sshkit *s, const char *name)
{
	char *path = file_join(s->dir, name);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (!file_read(path, 1 << 20, &text, &e))
		fail_msg("%s", e.msg);
	mem_free(path);
	return str_take(&text);
}

static inline int
sshkit_sh(const struct sshkit *s, const char *text)
{
	char *cmd = mem_printf("cd %s && { %s; } >>log 2>&1", s->dir, text);
	int rc = system(cmd);

	mem_free(cmd);
	return rc;
}

static inline int
sshkit_free_port(void)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&addr, sizeof addr) != 0 ||
		getsockname(fd, (struct sockaddr *)&addr, &len) != 0)
		abort();
	close(fd);
	return ntohs(addr.sin_port);
}

static inline void
sshkit_wait_for_port(int port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct loop *l = loop_new();

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < 500; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		int rc = connect(fd, (struct sockaddr *)&addr, sizeof addr);

		close(fd);
		if (rc == 0)
			break;
		loop_turn(l, 20);
	}
	loop_free(l);
}

static inline void
sshkit_up(struct sshkit *s)
{
	char *conf = file_join(s->dir, "sshd_config"),
	     *log = file_join(s->dir, "sshd.log");
	const char *argv[] = {"/usr/sbin/sshd", "-D", "-f", conf, "-E", log, NULL};
	struct loop_child_opts o = {.argv = argv};
	struct loop_child_calls none = {0};
	struct err e = ERR_INIT;

	s->sshd = loop_child_start(s->loop, &o, &none, &e);
	if (!s->sshd)
		fail_msg("%s", e.msg);
	sshkit_wait_for_port(s->port);
	mem_free(conf);
	mem_free(log);
}

/* How many processes of this PID namespace (jail_enter: all of it is ours) are an sshd;
 * kills them when `signo` is not 0. Each connection has a session of its own. */
static inline int
sshkit_each(int signo)
{
	char **names, path[300], line[64];
	struct err e = ERR_INIT;
	size_t count;
	int found = 0;

	assert_non_null(getenv("TEST_IN_JAIL"));
	names = file_names("/proc", &count, &e);
	for (size_t i = 0; names && i < count; i++) {
		int pid = (int)strtol(names[i], NULL, 10);
		FILE *f;

		snprintf(path, sizeof path, "/proc/%s/cmdline", names[i]);
		f = pid > 1 ? fopen(path, "r") : NULL;
		if (!f)
			continue;
		/* "sshd: root@notty"; that of one already dead is empty */
		if (fgets(line, sizeof line, f) && strstr(line, "sshd")) {
			found++;
			if (signo)
				kill(pid, signo);
		}
		fclose(f);
	}
	file_names_free(names);
	return found;
}

static inline void
sshkit_down(struct sshkit *s) /* the listener and every connection */
{
	sshkit_each(SIGKILL);
	loop_child_free(s->sshd);
	s->sshd = NULL;
	while (sshkit_each(0) > 0)
		loop_turn(s->loop, 10);
}

/* Makes known_hosts say what `how` asks: a line with %s for the key of the server. */
static inline void
sshkit_know(const struct sshkit *s, const char *marker, const char *key_file)
{
	char *key = sshkit_read(s, key_file);
	char *line = mem_printf("%s[127.0.0.1]:%d %s", marker, s->port, key);

	sshkit_write(s, "known_hosts", line);
	mem_free(line);
	mem_free(key);
}

static inline void
sshkit_configure(const struct sshkit *s)
{
	const struct passwd *pw = getpwuid(getuid());
	char *server = mem_printf("Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\n"
				  "PidFile none\nUsePAM no\nStrictModes no\n"
				  "PermitRootLogin yes\nPasswordAuthentication no\n"
				  "KbdInteractiveAuthentication no\n"
				  "AuthorizedKeysFile %s/authorized\n"
				  "SetEnv HOME=%s XDG_STATE_HOME=%s/state\n",
		s->port, s->dir, s->dir, s->dir, s->dir);
	char *client = mem_printf("Host web\n IdentityFile %s/user\n"
				  "Host locked\n IdentityFile %s/locked\n"
				  "Host rsa\n IdentityFile %s/rsa\n"
				  "Host mixed\n IdentityFile %s/stranger\n"
				  " IdentityFile %s/rsa\n"
				  "Host other\n IdentityFile %s/stranger\n"
				  "Host nokey\n IdentityFile %s/absent\n"
				  "Host far\n IdentityFile %s/user\n ProxyJump web\n"
				  "Host refused\n IdentityFile %s/user\n Port 1\n"
				  "Host nowhere\n HostName nowhere.invalid\n"
				  "Match originalhost nowhere\n IdentityFile %s/user\n"
				  "Match all\n HostName 127.0.0.1\n Port %d\n User %s\n"
				  " IdentityAgent none\n IdentitiesOnly yes\n"
				  " UserKnownHostsFile %s/known_hosts\n"
				  " GlobalKnownHostsFile /dev/null\n",
		s->dir, s->dir, s->dir, s->dir, s->dir, s->dir, s->dir, s->dir, s->dir,
		s->dir, s->port, pw->pw_name, s->dir);

	sshkit_write(s, "sshd_config", server);
	sshkit_write(s, "ssh_config", client);
	mem_free(server);
	mem_free(client);
}

static inline void
sshkit_open(struct sshkit *s)
{
	char *config;

	s->dir = mem_strdup("/tmp/hr-test-ssh-XXXXXX");
	if (!mkdtemp(s->dir))
		abort();
	s->port = sshkit_free_port();
	s->loop = loop_new();
	mkdir("/run/sshd",
		0755); /* where root's sshd wants to be; else it is not needed */
	if (sshkit_sh(s,
		    "ssh-keygen -q -t ed25519 -N '' -f host; "
		    "ssh-keygen -q -t ed25519 -N '' -f host2; "
		    "ssh-keygen -q -t ed25519 -N '' -f user; "
		    "ssh-keygen -q -t ed25519 -N 'open sesame' -f locked; "
		    "ssh-keygen -q -t rsa -b 2048 -N '' -f rsa; "
		    "ssh-keygen -q -t ed25519 -N '' -f stranger; "
		    "cat user.pub locked.pub rsa.pub >authorized") != 0)
		abort();
	sshkit_configure(s);
	sshkit_know(s, "", "host.pub");
	config = file_join(s->dir, "ssh_config");
	setenv("HANDRAIL_SSH_CONFIG", config, 1);
	mem_free(config);
	sshkit_up(s);
}

static inline void
sshkit_close(struct sshkit *s)
{
	struct err e = ERR_INIT;

	sshkit_down(s);
	loop_free(s->loop);
	if (!file_remove_tree(s->dir, &e))
		fail_msg("%s", e.msg);
	mem_free(s->dir);
}

#endif
