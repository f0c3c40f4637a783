#ifndef TESTS_FUZZ_PARSERS_H
#define TESTS_FUZZ_PARSERS_H

/*
 * Everything that reads bytes from outside, each as one function that says in one line what
 * it made of them: for the corpus (tests/data/corpus, one expected verdict per file) and for
 * the fuzz targets, which only want them to come back. A property that must hold for any
 * input is checked here and aborts.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* name, what it reads */
#define PARSERS(X) \
	X(yaml, "a runbook") \
	X(expect, "an expectation in a runbook") \
	X(page, "a page to import") \
	X(answers, "a file of answers") \
	X(project, "handrail.yaml") \
	X(bindings, "keys.yaml") \
	X(theme, "a theme") \
	X(journal, "a record") \
	X(logbytes, "what a command prints, made harmless") \
	X(keys, "what a terminal sends") \
	X(wire, "frames of the worker") \
	X(talk, "frames between consoles") \
	X(hr1, "replies of the job protocol") \
	X(ssh, "what ssh -G prints") \
	X(known_hosts, "what ssh-keygen -F prints") \
	X(armour, "a signature's armour") \
	X(statement, "the statement of a sign-off") \
	X(zone, "a file of the system's zoneinfo")

struct parser {
	const char *name, *what;
	void (*verdict)(const char *p, size_t len, struct str *out);
};
extern const struct parser parsers_table[];
extern const size_t parsers_count;

/* parser_talk.c */
void parser_talk(const char *p, size_t len, struct str *out);

/* One input of a fuzz target. */
int parsers_try(const char *name, const uint8_t *p, size_t len);

#define FUZZ_TARGET(name_) \
	extern const char fuzz_name[]; \
	const char fuzz_name[] = #name_; \
	int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len); \
	int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len) \
	{ \
		return parsers_try(#name_, p, len); \
	}

#endif
