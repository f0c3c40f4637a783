#ifndef LOOP_MEET_H
#define LOOP_MEET_H

/*
 * Where consoles on one machine meet: a unix socket for each run that is driven, named after
 * the run. Two folders: the private one of this account (the runtime folder, 0700), and the
 * shared one, which only an administrator makes: $HANDRAIL_SHARED_DIR or /run/handrail,
 * owned by root (or by us), not writable by others than its group, and sticky so that nobody
 * can put his own socket in the place of another's. Whoever may not come in is kept out by
 * the folder and by the socket's mode, and is checked again by the credentials that the
 * kernel gives.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct meet_peer {
	uid_t uid;
	pid_t pid;
	char *user; /* its name, or the number; owned */
};
void meet_peer_release(struct meet_peer *p);

/* The folder; NULL: there is none, or `e` says why it cannot be trusted (ERR_NONE: it is
 * simply not there). Caller frees. */
char *meet_private_dir(struct err *e) WARN_UNUSED;
char *meet_shared_dir(struct err *e) WARN_UNUSED;

/* "…/<run>.sock" in that folder. Caller frees. */
char *meet_path(const char *dir, const char *run);

/* A listening socket there, non-blocking; -1 with an error. A dead one of the same name is
 * taken away first, a live one is ERR_STATE. `shared`: the folder's group may come in. */
enum meet_who { MEET_MYSELF, MEET_GROUP };
int meet_listen(const char *path, enum meet_who who, struct err *e) WARN_UNUSED;
/* The next one who wants in and may; -1: nobody now. One who may not is turned away. */
int meet_accept(int listener, enum meet_who who, struct meet_peer *out);
/* -1 and ERR_STATE when nobody listens there; ERR_REFUSED when it is not ours to enter, or
 * the file is somebody's who must not stand there. Non-blocking. */
int meet_connect(const char *path, struct meet_peer *out, struct err *e) WARN_UNUSED;
void meet_close(int fd);
void meet_remove(const char *path);
/* 0: would block, -1: over, else so many bytes. */
ssize_t meet_read(int fd, void *p, size_t len);
ssize_t meet_write(int fd, const void *p, size_t len);

#endif
