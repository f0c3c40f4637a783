#ifndef APP_STORING_H
#define APP_STORING_H

/*
 * The store as a subcommand asks it: one question after the other, turning the loop until
 * the answer is there. For commands without a screen.
 */

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "remote/pgkeep.h"

struct storing;

struct storing_answer {
	int rows, columns;
	struct {
		VEC_OF(char *) list;
	} cells;       /* row by row; NULL: null */
	char state[6]; /* of an error: SQLSTATE */
};

/* ERR_NET: it cannot be reached; ERR_INPUT: its service cannot be used. */
struct storing *storing_open(
	struct loop *l, const char *service, struct err *e) WARN_UNUSED;
/* The same for whoever can go on without: so long, also for each answer. */
struct storing *storing_open_within(
	struct loop *l, const char *service, int64_t ms, struct err *e) WARN_UNUSED;
/* False: ERR_NET, or ERR_STATE with what the server said and out->state. Release it. */
bool storing_ask(struct storing *s, const char *sql, const struct pgkeep_value *values,
	int count, struct storing_answer *out, struct err *e) WARN_UNUSED;
bool storing_script(struct storing *s, const char *sql, struct err *e) WARN_UNUSED;
/* Its version, 0: there is no store in that database. ERR_STATE: it wants a newer handrail. */
bool storing_version(struct storing *s, int *version, struct err *e) WARN_UNUSED;
/* NULL: null, or not there. */
const char *storing_cell(const struct storing_answer *a, int row, int column);
/* A cell that has to be a whole number from 0 on; false: ERR_STATE. */
bool storing_number(const struct storing_answer *a, int row, int column, int64_t *out,
	struct err *e) WARN_UNUSED;
void storing_answer_release(struct storing_answer *a);
void storing_close(struct storing *s);

#endif
