#include "loop/rundir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

/* A socket path holds 107 bytes, and ssh adds 18 of its own to a control path. */
enum { BASE_MAX = 60 };

static char *
make_below(const char *base)
{
	char *path = mem_printf("%s/hr-XXXXXX", base);

	if (mkdtemp(path))
		return path;
	mem_free(path);
	return NULL;
}

char *
rundir_new(struct err *e)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *path = NULL;

	if (runtime && runtime[0] == '/' && strlen(runtime) <= BASE_MAX)
		path = make_below(runtime);
	if (!path)
		path = make_below("/tmp");
	if (!path)
		err_sys(e, errno, "cannot make a private folder in /tmp");
	return path;
}

void
rundir_free(char *path)
{
	struct err e = ERR_INIT;

	if (path && !file_remove_tree(path, &e))
		rmdir(path); /* nothing more can be done, and nothing secret is in it */
	mem_free(path);
}
