#include "load/fencesession.h"

#include "unit.h"

#include <string.h>

#include "fencedump.h"
#include "load/fence.h"

/* Where it stands, the info string, the block, and what it is. */
struct row {
	const char *where, *info, *text, *want;
};

static void
check_rows(const struct row *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fence_in in = {.info = list[i].info,
			.text = list[i].text,
			.len = strlen(list[i].text)};
		struct fence f;
		struct str got = STR_INIT;

		fence_read(&in, &f);
		fencedump_write(&f, &got);
		if (!str_eq(got.buf, list[i].want))
			fail_msg("%s: got\n%s\nwant\n%s", list[i].where, got.buf,
				list[i].want);
		str_release(&got);
		fence_release(&f);
	}
}

static const struct row rows[] = {
	{"a session", "console",
		"$ docker compose ps\n"
		"NAME   STATUS\n"
		"api    Up\n"
		"\n"
		"$ cat > x <<EOF\n"
		"> a\n"
		"> EOF\n"
		"$ echo \"a\n"
		"> b\"\n"
		"# look again\n"
		"$ ls",
		"console\n"
		"1-1 command: docker compose ps ->COMPOSE\n"
		"2-3 output: NAME   STATUS\n"
		"5-7 command: cat > x <<EOF creates=x\n"
		"  body at 6,   file content path=x\n"
		"  1-1 content: a\n"
		"8-9 command: echo \"a\n"
		"10-10 comment: look again\n"
		"11-11 command: ls title=4\n"},
	{"prompts of hosts", "",
		"root@db1:~# systemctl status nginx\n"
		"nginx.service\n"
		"[deploy@web1 app]$ git pull\n"
		"Already up to date.",
		"console\n"
		"1-1 command: systemctl status nginx\n"
		"2-2 output: nginx.service\n"
		"3-3 command: git pull\n"
		"4-4 output: Already up to date.\n"},
	{"root prompts", "console",
		"# apt-get update\n"
		"Hit:1\n"
		"# reboot",
		"console\n"
		"1-1 command: apt-get update\n"
		"2-2 output: Hit:1\n"
		"3-3 command: reboot DANGEROUS\n"},
	{"prompts of programs", "console",
		"postgres=# select 1;\n"
		" ?column?\n"
		"127.0.0.1:6379> flushall\n"
		">>> print(1)\n"
		"> use admin\n",
		"console\n"
		"1-1 repl input: select 1;\n"
		"2-2 output:  ?column?\n"
		"3-3 repl input: flushall DANGEROUS\n"
		"4-4 repl input: print(1)\n"
		"5-5 repl input: use admin\n"},
	{"redirections are no prompts", "sh",
		"ls > out\n"
		"> /var/log/x\n"
		"> out.txt\n"
		"ls> out",
		"commands\n"
		"1-1 command: ls > out creates=out\n"
		"2-2 command: > /var/log/x creates=/var/log/x\n"
		"3-3 command: > out.txt creates=out.txt\n"
		"4-4 command: ls> out creates=out\n"},
	{"blocks", "sh",
		"if true; then\n"
		"  echo a\n"
		"fi\n"
		"for i in 1 2; do\n"
		"  echo $i\n"
		"done\n"
		"f() {\n"
		"  ls\n"
		"}\n"
		"case $1 in\n"
		" a) x ;;\n"
		"esac\n"
		"ls |\n"
		"  wc -l",
		"commands\n"
		"1-3 command: if true; then\n"
		"4-6 command: for i in 1 2; do\n"
		"7-9 command: f() {\n"
		"10-12 command: case $1 in\n"
		"13-14 command: ls |\n"},
	{"unfinished", "sh",
		"echo \"never closed\n"
		"ls\n",
		"commands\n"
		"1-2 command: echo \"never closed UNFINISHED\n"},
	{"folders and variables", "sh",
		"A=1\n"
		"export B=\"x y\"\n"
		"(cd sub && make -n all)\n"
		"cd /srv/app/../web\n"
		"pushd x\n"
		"ls $A\n"
		"cd \"$DIR\"\n"
		"ls\n"
		"cd /\n"
		"ls",
		"commands\n"
		"1-1 setting: A=1 name=A value=1\n"
		"2-2 setting: export B=\"x y\" name=B value=x y vars=1\n"
		"3-3 command: (cd sub && make -n all) vars=2\n"
		"4-4 command: cd /srv/app/../web vars=2 CHANGES_FOLDER\n"
		"5-5 command: pushd x dir=/srv/web vars=2 CHANGES_FOLDER\n"
		"6-6 command: ls $A vars=2 FOLDER_LOST\n"
		"7-7 command: cd \"$DIR\" vars=2 CHANGES_FOLDER FOLDER_LOST\n"
		"8-8 command: ls vars=2 FOLDER_LOST\n"
		"9-9 command: cd / vars=2 CHANGES_FOLDER FOLDER_LOST\n"
		"10-10 command: ls dir=/ vars=2\n"},
	{"three ways", "bash",
		"docker compose up\n"
		"# or\n"
		"docker compose -f a.yml up\n"
		"OR\n"
		"make up\n",
		"commands\n"
		"1-1 command: docker compose up way=1 NEVER_ENDS ->DETACH ->COMPOSE ->DECIDE\n"
		"2-2 alternative: or\n"
		"3-3 command: docker compose -f a.yml up way=1 NEVER_ENDS ->DETACH ->COMPOSE ->DECIDE\n"
		"4-4 alternative: OR\n"
		"5-5 command: make up way=1 ->MAKE\n"},
	{"endless and interactive", "bash",
		"top -b -n 1\n"
		"top\n"
		"docker stats --no-stream\n"
		"docker compose events\n"
		"tail -f /x\n"
		"redis-cli\n"
		"redis-cli ping\n"
		"psql\n"
		"mysql -u root -p\n"
		"npm run dev\n"
		"kubectl exec -it p -- sh\n"
		"make -n up\n"
		"set -o pipefail\n"
		"dump | gzip > x\n",
		"commands\n"
		"1-1 command: top -b -n 1\n"
		"2-2 command: top NEEDS_TERMINAL ->BY_HAND\n"
		"3-3 command: docker stats --no-stream\n"
		"4-4 command: docker compose events NEVER_ENDS ->WATCH ->COMPOSE\n"
		"5-5 command: tail -f /x NEVER_ENDS ->WATCH\n"
		"6-6 command: redis-cli NEEDS_TERMINAL ->BY_HAND\n"
		"7-7 command: redis-cli ping\n"
		"8-8 command: psql NEEDS_TERMINAL ->BY_HAND\n"
		"9-9 command: mysql -u root -p NEEDS_TERMINAL ->BY_HAND\n"
		"10-10 command: npm run dev NEVER_ENDS ->SERVICE\n"
		"11-11 command: kubectl exec -it p -- sh NEEDS_TERMINAL ->NO_TTY ->BY_HAND\n"
		"12-12 command: make -n up\n"
		"13-13 command: set -o pipefail\n"
		"14-14 command: dump | gzip > x creates=x\n"},
	{"a path of the container", "bash",
		"docker compose exec db pg_restore --dbname=x /backup/x.dump\n",
		"commands\n"
		"1-1 command: docker compose exec db pg_rest ->COMPOSE_T ->COMPOSE ->COPY_IN\n"},
	{"files written", "bash",
		"sudo tee /etc/app.yml <<EOF\n"
		"a: 1\n"
		"EOF\n"
		"cat <<EOF > .env\n"
		"A=1\n"
		"EOF\n",
		"commands\n"
		"1-3 command: sudo tee /etc/app.yml <<EOF creates=/etc/app.yml\n"
		"  body at 2,   file content path=/etc/app.yml\n"
		"  1-1 content: a: 1\n"
		"4-6 command: cat <<EOF > .env creates=.env\n"
		"  body at 5,   env\n"
		"  1-1 setting: A=1 name=A value=1\n"},
	{"sentences", "",
		"Stop the workers before you begin.\n"
		"Then tell the team about it.\n",
		"instructions\n"
		"1-1 instruction: Stop the workers before you be\n"
		"2-2 instruction: Then tell the team about it.\n"},
	{"an answer", "text", "{\"status\": \"ok\"}\n",
		"output\n"
		"1-1 output: {\"status\": \"ok\"}\n"},
	{"printed", "",
		"NAME STATUS\n"
		"api up\n",
		"output\n"
		"1-2 output: NAME STATUS\n"},
	{"statements", "sql",
		"-- old rows\n"
		"DELETE FROM a;\n"
		"select ';' from b where c = $$;$$;\n"
		"drop table x",
		"SQL\n"
		"1-1 comment: old rows\n"
		"2-2 statement: DELETE FROM a; DANGEROUS\n"
		"3-3 statement: select ';' from b where c = $$\n"
		"4-4 statement: drop table x DANGEROUS\n"},
	{"nothing", "bash", "", "output\n"},
	{"crontab", "cron",
		"@daily /usr/bin/x\n"
		"*/5 * * * mon-fri /usr/bin/y\n"
		"0 3 * * 1,3 root make x\n",
		"crontab\n"
		"1-1 cron job: /usr/bin/x name=@daily\n"
		"2-2 cron job: /usr/bin/y name=*/5 * * * mon-fri\n"
		"3-3 cron job: make x name=0 3 * * 1,3 value=root ->MAKE\n"},
};

static void
reads_every_kind_of_block(void **state)
{
	(void)state;
	check_rows(rows, COUNT(rows));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_kind_of_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
