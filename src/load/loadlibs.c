#include "load/loadlibs.h"

#include <yaml.h>

#include "config.h"

void
loadlibs_add(struct str *out)
{
	str_addf(out, "libyaml %s\n", yaml_get_version_string());
	/* It cannot be asked while it runs. */
	str_adds(out, "md4c " MD4C_VERSION " (built with)\n");
}
