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

/* "pid (name) S ppid ...": what follows the last bracket; the name may hold anything. */
static char *
stat_rest(int64_t pid)
{
	char *path = mem_printf("/proc/%lld/stat", (long long)pid), line[1024] = "", *end;
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(line, 1, sizeof line - 1, f) : 0;

	if (f)
		fclose(f);
	mem_free(path);
	line[n] = '\0';
	end = strrchr(line, ')');
	return end && end[1] == ' ' ? mem_strdup(end + 2) : NULL;
}

char *
machine_started(int64_t pid)
{
	enum { START_FIELD = 22, FIRST_FIELD = 3 };
	char *rest = stat_rest(pid), *save = NULL, *word, *start = NULL;
	int field = FIRST_FIELD;

	if (rest && *rest != 'Z' && *rest != 'X')
		for (word = strtok_r(rest, " ", &save); word;
			word = strtok_r(NULL, " ", &save), field++)
			if (field == START_FIELD)
				start = mem_strdup(word);
	mem_free(rest);
	return start;
}

bool
machine_is_stopped(int64_t pid)
{
	char *rest = stat_rest(pid);
	bool stopped = rest && (*rest == 'T' || *rest == 't');

	mem_free(rest);
	return stopped;
}

char *
machine_process(void)
{
	char *start = machine_started(machine_pid()), *boot = machine_boot_id();
	char *text = start && *boot ? mem_printf("%d %s %s", machine_pid(), start, boot)
				    : NULL;

	mem_free(start);
	mem_free(boot);
	return text;
}
