/*
 * Preloaded (noconnect.so): a program that makes a connection over a network, or sends to an
 * address there, ends at once by SIGABRT. Sockets of this machine's own files are let through.
 */

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>

/* The header calls the address a union of many kinds where it can. */
#define ADDRESS __CONST_SOCKADDR_ARG

static void
refuse(const struct sockaddr *to)
{
	if (to && to->sa_family != AF_UNIX && to->sa_family != AF_UNSPEC)
		abort();
}

int
connect(int fd, ADDRESS to, socklen_t len)
{
	int (*real)(int, ADDRESS, socklen_t);

	refuse(*(const struct sockaddr *const *)(const void *)&to);
	*(void **)&real = dlsym(RTLD_NEXT, "connect");
	return real(fd, to, len);
}

ssize_t
sendto(int fd, const void *buf, size_t len, int flags, ADDRESS to, socklen_t to_len)
{
	ssize_t (*real)(int, const void *, size_t, int, ADDRESS, socklen_t);

	refuse(*(const struct sockaddr *const *)(const void *)&to);
	*(void **)&real = dlsym(RTLD_NEXT, "sendto");
	return real(fd, buf, len, flags, to, to_len);
}
