#include "app/keysfile.h"

#include "base/file.h"
#include "base/mem.h"
#include "load/load.h"
#include "view/keybind.h"

char *
keysfile_path(void)
{
	char *config = file_xdg(FILE_XDG_CONFIG), *path = file_join(config, "keys.yaml");

	mem_free(config);
	return path;
}

bool
keysfile_read(const char *path, struct keymap *out, struct diags *d)
{
	struct bindings *b = load_keys(path, d);
	bool ok;

	*out = (struct keymap){0};
	ok = b && keybind_apply(b, out, d);
	bindings_free(b);
	return ok;
}

bool
keysfile_own(struct keymap *out, struct diags *d)
{
	char *path = keysfile_path();
	bool ok = true;

	*out = (struct keymap){0};
	if (file_exists(path))
		ok = keysfile_read(path, out, d);
	mem_free(path);
	return ok;
}
