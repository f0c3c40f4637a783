#ifndef MODEL_PROJECT_H
#define MODEL_PROJECT_H

/* handrail.yaml (handrail-config(5)) as plain data. */

#include "base/digest.h"
#include "model/notices.h"
#include "model/runbook.h"

struct project_host {
	struct host host; /* first_target unused here */
	struct strings aliases;
};

struct environment {
	char *name, *badge;
	struct {
		VEC_OF(struct project_host) list;
	} hosts;
	struct pairs inputs;
	struct windows windows;
	struct strings bursts;
	int line;
};

#define MAY_ARM "arm" /* the one act there is so far */
struct may {
	char *act;
	char *environment;
	struct strings roles;
};

/* Whom runs tell of themselves. One of url, env and file is set. */
struct notify_to {
	char *url, *env, *file;      /* file: resolved */
	bool slack;                  /* else our own JSON */
	unsigned on;                 /* bits by enum notice_kind */
	struct strings environments; /* none: all */
	int line;
};

struct project {
	char *path, *dir; /* of handrail.yaml */
	char sha256[DIGEST_HEX + 1];
	char *text; /* that came without a file; or NULL: the file has it */
	size_t text_len;
	char *name;
	struct strings runbooks; /* folders, resolved */
	struct {
		VEC_OF(struct environment) list;
	} environments;
	struct {
		VEC_OF(struct role) list;
	} roles;
	char *allowed_signers; /* resolved path or NULL */
	struct {
		VEC_OF(struct may) list;
	} may;
	struct {
		VEC_OF(struct probe) list;
	} probes; /* merged into every runbook */
	struct {
		VEC_OF(struct notify_to) list;
	} notify;
	struct pairs store;
};

/* Is it told of runs there? environment may be NULL. */
bool project_tells(const struct notify_to *to, const char *environment);
void project_free(struct project *p);
void project_release_environment(struct environment *env);
const struct environment *project_environment(const struct project *p, const char *name);
/* Is it production, by the word that stands on every screen? */
bool project_badge_is_prod(const char *badge);
/* Who may arm a run there; NULL: the project does not say. */
const struct may *project_may_arm(const struct project *p, const char *environment);

#endif
