#ifndef TESTS_PTYKEYS_H
#define TESTS_PTYKEYS_H

/*
 * Key names as tests write them ("restore ni_site<Enter>", "<C-c>", "<S-Tab>", "<M-x>") into
 * what a terminal sends. Only pty.c uses it. Cursor and function keys go through the emulator,
 * which knows the mode the program chose; the rest are plain bytes, as xterm sends them.
 */

#include <stddef.h>
#include <vterm.h>

struct ptykeys_sink {
	VTerm *vt; /* its output ends in the same place */
	void (*bytes)(void *arg, const char *bytes, size_t n); /* takes the plain ones */
	void *arg;
};

/* Sends all keys in order; an unknown name aborts, it is a mistake of the test. */
void ptykeys_send(const struct ptykeys_sink *sink, const char *keys);

#endif
