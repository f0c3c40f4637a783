#include "app/machine.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

char *
machine_host(void)
{
	char name[256] = "";

	if (gethostname(name, sizeof name - 1) != 0)
		return mem_strdup("unknown");
	name[strcspn(name, ".")] = '\0';
	return text_harmless_dup(name);
}

char *
machine_user(void)
{
	const struct passwd *pw = getpwuid(geteuid());

	return pw ? text_harmless_dup(pw->pw_name)
		  : mem_printf("%u", (unsigned)geteuid());
}

/* First line of a small file of the system. The kernel's files say size 0, so they are
 * read as streams. */
static char *
first_line(const char *path)
{
	char line[128] = "";
	FILE *f = fopen(path, "re");

	if (f) {
		if (!fgets(line, sizeof line, f))
			line[0] = '\0';
		fclose(f);
	}
	line[strcspn(line, "\n")] = '\0';
	return text_harmless_dup(line);
}

char *
machine_boot_id(void)
{
	return first_line("/proc/sys/kernel/random/boot_id");
}

char *
machine_id(void)
{
	return first_line("/etc/machine-id");
}

uint32_t
machine_uid(void)
{
	return (uint32_t)geteuid();
}

int
machine_pid(void)
{
	return (int)getpid();
}
