#include "model/danger.h"

#include "unit.h"

#include <string.h>

/* Ids a text must have, in order and separated by blanks; "" for none. */
struct row {
	const char *text, *ids;
};

static void
check_rows(const struct row *rows, size_t count, const struct danger_opts *o)
{
	for (size_t i = 0; i < count; i++) {
		struct danger_hits hits = {0};
		struct str got = STR_INIT;

		danger_scan(rows[i].text, o, &hits);
		for (size_t k = 0; k < hits.list.len; k++) {
			str_addf(
				&got, "%s%s", k > 0 ? " " : "", hits.list.at[k].rule->id);
			assert_true(hits.list.at[k].offset <= strlen(rows[i].text));
		}
		if (!str_eq(got.buf, rows[i].ids))
			fail_msg("row %zu `%s`: got [%s], want [%s]", i, rows[i].text,
				got.buf, rows[i].ids);
		str_release(&got);
		danger_release(&hits);
	}
}

static void
knows_the_usual_names_of_targets(void **state)
{
	static const struct row rows[] = {
		{"make clean", "W-SH-102"},
		{"make -C build distclean", "W-SH-102"},
		{"make -n clean", ""},
		{"make all", ""},
		{"rake db:reset", "W-SH-104"},
		{"mvn clean install", "W-SH-112"}, /* what it removes it makes again */
		{"./gradlew clean", "W-SH-112"},
	};

	(void)state;
	check_rows(rows, COUNT(rows), NULL);
}

static void
knows_what_destroys(void **state)
{
	static const struct row rows[] = {
		{"docker-compose down -v", "W-SH-101"},
		{"docker compose -f a.yml --env-file .env down --volumes", "W-SH-101"},
		{"docker compose down", "W-SH-112"},
		{"docker volume rm pgdata", "W-SH-101"},
		{"podman volume prune", "W-SH-101"},
		{"docker volume ls", ""},
		{"docker system prune --volumes", "W-SH-101"},
		{"docker system prune -f", "W-SH-111"},
		{"docker image prune", "W-SH-111"},
		{"rm -rf /srv/x", "W-SH-102"},
		{"/bin/rm -fr x", "W-SH-102"},
		{"rm --recursive x", "W-SH-102"},
		{"rm -f a b", "W-SH-112"},
		{"rm -- -r", "W-SH-112"},
		{"find /tmp -mtime +3 -delete", "W-SH-102"},
		{"find . -name x -exec rm {} +", "W-SH-102"},
		{"find . -name x -print", ""},
		{"ls | xargs -n1 rm", "W-SH-102"},
		{"mkfs.ext4 /dev/sdb1", "W-SH-103"},
		{"dd if=x of=/dev/sda bs=1M", "W-SH-103"},
		{"dd if=/dev/zero of=/tmp/x", ""},
		{"dd if=x of=/dev/null", ""},
		{"cat x > /dev/sda", "W-SH-103"},
		{"cat x > /dev/null 2>&1", ""},
		{"echo x 2>/dev/stderr", ""},
		{"fdisk -l", ""},
		{"psql -c 'DROP TABLE users'", "W-SH-104"},
		{"psql -Atc 'truncate users'", "W-SH-104"},
		{"psql -c \"delete from users\"", "W-SH-104"},
		{"psql -c 'delete from users where id = 1'", "W-SH-112"},
		{"psql -c \"update t set a = 1\"", "W-SH-104"},
		{"psql -c \"update t set a = 'where' where b\"", "W-SH-112"},
		{"psql -c \"update t set a = 'where'\"", "W-SH-104"},
		{"psql -c \"select 'drop table x'\"", ""},
		{"psql -c 'select 1 -- drop table x'", ""},
		{"psql -c 'select 1 for update'", ""},
		{"psql -c 'drop index i'", "W-SH-110"},
		{"psql -c 'alter table t drop column c'", "W-SH-104"},
		{"psql --command='with a as (select 1) delete from t'", "W-SH-104"},
		{"mysql -e 'drop database x'", "W-SH-104"},
		{"docker exec -i db psql -c 'drop database x'", "W-SH-104"},
		{"psql -v ON_ERROR_STOP=1 <<EOF\nselect 1;\ndrop table x;\nEOF",
			"W-SH-104"},
		{"psql -v ON_ERROR_STOP=1 <<EOF\nselect 1;\nEOF\nls", ""},
		{"echo 'drop table x' | psql -v ON_ERROR_STOP=1", "W-SH-104"},
		{"dropdb ni_site", "W-SH-104"},
		{"mongorestore --drop --archive=x", "W-SH-104"},
		{"mongorestore --archive=x", "W-SH-112"},
		{"mongosh --eval 'db.dropDatabase()'", "W-SH-104"},
		{"pg_restore --clean x", "W-SH-104"},
		{"pg_restore -Fc -d x y", "W-SH-112"},
		{"redis-cli -h r -p 6380 FLUSHALL", "W-SH-105"},
		{"redis-cli INFO", ""},
		{"kubectl -n web delete pod x", "W-SH-106"},
		{"kubectl get pods", ""},
		{"git push --force", "W-SH-107"},
		{"git push -f origin main", "W-SH-107"},
		{"git push origin v1", "W-SH-112"},
		{"git -C /srv reset --hard", "W-SH-107"},
		{"rsync -a --delete a/ b/", "W-SH-108"},
		{"rsync -an --delete a/ b/", ""},
		{"rclone sync a b", "W-SH-108"},
		{"aws s3 rm s3://b --recursive", "W-SH-108"},
		{"aws s3 ls s3://b", ""},
		{"sudo -n reboot", "W-SH-109"},
		{"crontab -r", "W-SH-109"},
		{"crontab -l", ""},
		/* changes, and no worse */
		{"docker restart api", "W-SH-112"},
		{"systemctl reload nginx", "W-SH-112"},
		{"systemctl is-active nginx", ""},
		{"kubectl rollout status deploy/x", ""},
		{"kubectl rollout undo deploy/x", "W-SH-112"},
		{"psql -c 'insert into t values (1)'", "W-SH-112"},
		{"kill -0 1", ""},
		/* inside other texts */
		{"ssh web 'rm -rf /srv'", "W-SH-102"},
		{"bash -c 'cd /x && rm -r y'", "W-SH-102"},
		{"bash <<'EOF'\nrm -rf /srv\nEOF", "W-SH-102"},
		{"x=$(rm -r /a)", "W-SH-102"},
		{"echo \"`rm -r /a`\"", "W-SH-102"},
		{"(cd /x; rm -r y)", "W-SH-102"},
		{"if true; then rm -r y; fi", "W-SH-102"},
		{"test -d x && sudo -n rm -r x", "W-SH-102"},
		{"sudo -n -u app env A=1 nice -n 5 rm -r x", "W-SH-102"},
		/* only words about it */
		{"echo rm -rf /", ""},
		{"echo \"rm -rf /\"", ""},
		{"ls # rm -rf /", ""},
		{"# rm -rf /", ""},
		{"cat > x <<EOF\nrm -rf /\nEOF", ""},
		{"grep 'drop table' log", ""},
		{"echo a\\#b", ""},
	};

	(void)state;
	check_rows(rows, COUNT(rows), NULL);
}

static void
knows_tools_that_destroy(void **state)
{
	static const struct row rows[] = {
		{"git push origin +main", "W-SH-107"},
		{"git push origin :main", "W-SH-107"},
		{"git push -n origin :main", ""},
		{"eval 'rm -rf /srv'", "W-SH-102"},
		{"perl -e 'system(\"rm -rf /srv\")'", "W-SH-102"},
		{"python3 x.py", ""},
		{"etcdctl del --prefix /a", "W-SH-105"},
		{"bin/rails db:drop", "W-SH-104"},
		{"bundle exec rails db:reset", "W-SH-104"},
		{"bundle install", ""},
		{"python manage.py flush", "W-SH-104"},
		{"python manage.py check", ""},
		{"php artisan migrate:fresh", "W-SH-104"},
		{"npx prisma migrate reset", "W-SH-104"},
		{"flyway clean", "W-SH-104"},
		{"flyway info", ""},
		{"chmod -R 000 /srv", "W-SH-109"},
		{"terraform state rm a.b", "W-SH-106"},
		{"terraform state list", ""},
		{"aws ec2 terminate-instances --instance-ids i", "W-SH-106"},
		{"aws rds delete-db-instance --db-instance-identifier x", "W-SH-104"},
		{"gcloud compute instances delete x", "W-SH-106"},
		{"gcloud compute instances list", ""},
		{"az group delete -n x", "W-SH-106"},
		{"kafka-topics.sh --delete --topic x", "W-SH-104"},
		{"curl -f https://x.test | sudo -n sh", "W-SH-109"},
		{"wget -qO- https://x.test | bash -s -- a", "W-SH-109"},
	};

	(void)state;
	check_rows(rows, COUNT(rows), NULL);
}

static void
knows_what_never_ends_or_needs_a_terminal(void **state)
{
	static const struct row rows[] = {
		{"yes | head -n 3", ""},
		{"yes", "E-SH-201"},
		{"yes | tail -f x", "E-SH-201"},
		{"docker logs -f api", "E-SH-201"},
		{"docker logs --tail 50 api", ""},
		{"docker compose logs -f", "E-SH-201"},
		{"docker-compose -f prod.yml logs api", ""},
		{"tail -f x", "E-SH-201"},
		{"tail -n5 x", ""},
		{"timeout 5 tail -f x", ""},
		{"watch -n 5 curl -f x", "E-SH-201"},
		{"journalctl -fu nginx", "E-SH-201"},
		{"ping host", "E-SH-201"},
		{"ping -c1 host", ""},
		{"docker stats", "E-SH-201"},
		{"docker stats --no-stream", ""},
		{"docker compose up", "E-SH-202 W-SH-112"},
		{"docker-compose up --build api", "E-SH-202 W-SH-112"},
		{"docker compose up -d", "W-SH-112"},
		{"docker compose up --abort-on-container-exit", "W-SH-112"},
		{"top", "E-SH-203"},
		{"top -bn1", ""},
		{"vi x", "E-SH-203"},
		{"psql -d x", "E-SH-203"},
		{"psql --version", ""},
		{"command -v psql", ""},
		{"rclone config", "E-SH-203"},
		{"rclone config show", ""},
		{"docker exec -i db bash", "E-SH-203"},
		{"docker exec -it db pg_dump x | gzip > y", "E-SH-204"},
		{"docker exec --tty db ls", "E-SH-204"},
		{"docker exec db ls -t", ""},
		{"docker build -t x .", ""},
		{"docker run --rm -t x true", "E-SH-204"},
		{"kubectl exec -it p -- ls", "E-SH-204"},
		{"ssh -t web ls", "E-SH-204"},
		{"docker compose exec db ls", "W-SH-205"},
		{"docker compose exec -T db ls", ""},
	};
	static const struct row with_tty[] = {
		{"docker exec -it db ls", ""},
		{"docker compose exec db ls", ""},
	};

	(void)state;
	check_rows(rows, COUNT(rows), NULL);
	check_rows(with_tty, COUNT(with_tty), &(struct danger_opts){.tty = true});
}

static void
knows_what_hides_a_failure(void **state)
{
	static const struct row bash[] = {
		{"pg_dump x | gzip > y", ""},
		{"psql -f x.sql", "W-SH-302"},
		{"gunzip -c x | psql -d y", "W-SH-302"},
		{"psql -d y < x.sql", "W-SH-302"},
		{"psql -v ON_ERROR_STOP=1 -f x.sql", ""},
		{"psql -c 'select 1' -c 'select 2'", "W-SH-302"},
		{"psql -c 'copy t from stdin' < x", ""},
		{"docker rm x || true", "W-SH-112 W-SH-303"},
		{"docker rm x || :", "W-SH-112 W-SH-303"},
		{"test -e x || exit 0", "W-SH-303"},
		{"test -e x || exit 1", ""},
		{"curl -s http://h/x", "W-SH-304"},
		{"curl -fsS http://h/x", ""},
		{"curl --fail http://h/x", ""},
		{"curl -so /dev/null -w '%{http_code}' http://h/x", ""},
		{"sudo ls", "W-SH-305"},
		{"sudo ls -n", "W-SH-305"},
		{"sudo -n ls", ""},
		{"docker scan img", "W-SH-306"},
	};
	static const struct row sh[] = {
		{"pg_dump x | gzip > y", "W-SH-301"},
		{"set -o pipefail; pg_dump x | gzip > y", ""},
		{"ls | head -1", ""},
	};
	static const struct row probe[] = {
		{"docker exec db pg_dumpall | wc -l", "W-SH-301"},
		{"ls -1t /var | head -5", ""},
	};

	(void)state;
	check_rows(bash, COUNT(bash), NULL);
	check_rows(sh, COUNT(sh), &(struct danger_opts){.shell = "/bin/sh -eu"});
	check_rows(probe, COUNT(probe), &(struct danger_opts){.place = DANGER_IN_PROBE});
}

static void
knows_secrets(void **state)
{
	static const struct row rows[] = {
		{"mysqldump -u root -psecret db", "E-SH-401"},
		{"mysqldump -u root -p\"$pw\" db", "W-SH-402"},
		{"mysqldump -u root -p db", ""},
		{"mongodump --password hunter2", "E-SH-401"},
		{"mongodump --password=$pw", "W-SH-402"},
		{"x --password-file /run/p", ""},
		{"redis-cli -a hunter2 ping", "E-SH-401"},
		{"curl -f -u bob:pw http://h", "E-SH-401"},
		{"curl -f -u bob http://h", ""},
		{"docker login -u x -p y", "E-SH-401"},
		{"mkdir -p /srv/x", ""},
		{"PGPASSWORD=hunter22 psql -c 'select 1'", "E-SH-401"},
		{"PGPASSWORD=$pw psql -c 'select 1'", ""},
		{"export JWT_SECRET=abcdefgh", "E-SH-401"},
		{"docker run -e API_KEY=abcdefgh x", "E-SH-401"},
		{"export TOKEN_TTL=3600", ""},
		{"export DB_PASSWORD_FILE=/run/secrets/p", ""},
		{"psql postgres://u:hunter2@db/x -c 'select 1'", "E-SH-403"},
		{"psql postgres://u:$pw@db/x -c 'select 1'", ""},
		{"psql postgres://u@db/x -c 'select 1'", ""},
		{"echo AKIAIOSFODNN7EXAMPLE", "E-SH-404"},
		{"echo '-----BEGIN OPENSSH PRIVATE KEY-----'", "E-SH-404"},
		{"echo ghp_0123456789012345678901234567890123", "E-SH-404"},
		{"echo task-1234567890123456789012345", ""},
	};

	(void)state;
	check_rows(rows, COUNT(rows), NULL);
}

static void
knows_texts_that_are_no_command_yet(void **state)
{
	static const struct row rows[] = {
		{"git checkout <previous-version-tag>", "W-SH-112 E-SH-501"},
		{"docker pull x:<tag>", "W-SH-112 E-SH-501"},
		{"cat <in >out", ""},
		{"cat <in>out", ""},
		{"grep -q '<html>' x", ""},
		{"psql <<EOF -v ON_ERROR_STOP=1\nselect 1\nEOF", ""},
		{"echo \"<your-name>\"", "E-SH-501"},
		{"cp dump-YYYY-MM-DD.gz x", "E-SH-501"},
		{"date +%Y-%m-%d", ""},
		{"curl -f https://yourdomain.com/health", "E-SH-501"},
		{"export OPENAI=sk-...", "E-SH-501"},
		{"mktemp /tmp/x.XXXXXX", ""},
		{"echo TBD", "E-SH-501"},
		{"echo \xe2\x80\x9chi\xe2\x80\x9d", "E-SH-502 E-SH-502"},
		{"ls \xe2\x80\x93l", "E-SH-502"},
		{"echo 'a \xe2\x80\x93 b'", ""},
		{"ls # a \xe2\x80\x93 b", ""},
		{"ls /srv/\xc3\xbc", ""},
		{"\xd1\x81url -f x", "E-SH-502"},
		{"make logs\n# OR\ndocker logs x", "E-SH-503"},
		{"make logs\n# or:\ndocker logs x", "E-SH-503"},
		{"make logs # or so", ""},
		{"# or so it seemed\nls", ""},
		{"ls \\ \n  x", "E-SH-504"},
		{"ls \\\n  x", ""},
		{"$ ls", "E-SH-505"},
		{"$(ls)", ""},
		{"> use admin", "E-SH-505"},
		{"> db.createUser({})", "E-SH-505"},
		{"> /var/log/x", ""},
		{"> out.txt", ""},
		{">>> import os", "E-SH-505"},
	};

	(void)state;
	check_rows(rows, COUNT(rows), NULL);
}

static void
prose_is_not_read_as_shell(void **state)
{
	static const struct row rows[] = {
		{"Tell people not to run rm -rf \xe2\x80\x93 ever", ""},
		{"Call TBD", "W-SH-506"},
		{"Log in at https://a:hunter2@h/", "E-SH-403"},
	};

	(void)state;
	check_rows(rows, COUNT(rows), &(struct danger_opts){.place = DANGER_IN_DO});
}

static void
sql_steps_are_read_statement_by_statement(void **state)
{
	static const struct {
		const char *sql;
		size_t hits, offset;
	} rows[] = {
		{"select 1; delete from t; select 2", 1, 10},
		{"delete from t where a = $$x;y$$", 1, 0},
		{"/* drop table a */ select 1", 0, 0},
		{"drop table \"where\"", 1, 0},
		{"", 0, 0},
		{"'", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct danger_hits hits = {0};

		danger_scan_sql(rows[i].sql, &hits);
		if (hits.list.len != rows[i].hits)
			fail_msg("row %zu: %zu hits", i, hits.list.len);
		if (hits.list.len > 0)
			assert_int_equal(hits.list.at[0].offset, rows[i].offset);
		danger_release(&hits);
	}
}

/* Every prefix of texts with every kind of nesting: ends, and touches nothing beyond. */
static void
takes_texts_cut_anywhere(void **state)
{
	static const char text[] =
		"x=\"$(a 'b' `c \\\" d` ${e:-\"f\"} $((1+2)))\" <<-EOF | (g && h <(i)) # j\n"
		"body\n\tEOF\nk \\\n\xe2\x80\x9c > /dev/sda; psql -c \"delete from 'x' $tag$ y\"";

	(void)state;
	for (size_t len = 0; len < sizeof text; len++) {
		char *part = mem_strndup(text, len);
		struct danger_hits hits = {0};

		danger_scan(part, NULL, &hits);
		danger_scan_sql(part, &hits);
		danger_release(&hits);
		mem_free(part);
	}
	for (int deep = 0; deep < 2; deep++) {
		struct danger_hits hits = {0};
		struct str s = STR_INIT;

		for (int i = 0; i < 5000; i++)
			str_adds(&s, deep ? "$(" : "(`");
		danger_scan(s.buf, NULL, &hits);
		danger_release(&hits);
		str_release(&s);
	}
}

static void
every_rule_says_what_and_why(void **state)
{
	size_t count;
	const struct danger_rule *rules = danger_rules(&count);

	(void)state;
	assert_true(count > 25);
	for (size_t i = 0; i < count; i++) {
		assert_true(str_starts(
			rules[i].id, rules[i].level == DIAG_ERROR ? "E-SH-" : "W-SH-"));
		assert_non_null(rules[i].msg);
		assert_non_null(rules[i].reason);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rules[i].id, rules[k].id);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_usual_names_of_targets),
		cmocka_unit_test(knows_what_destroys),
		cmocka_unit_test(knows_tools_that_destroy),
		cmocka_unit_test(knows_what_never_ends_or_needs_a_terminal),
		cmocka_unit_test(knows_what_hides_a_failure),
		cmocka_unit_test(knows_secrets),
		cmocka_unit_test(knows_texts_that_are_no_command_yet),
		cmocka_unit_test(prose_is_not_read_as_shell),
		cmocka_unit_test(sql_steps_are_read_statement_by_statement),
		cmocka_unit_test(takes_texts_cut_anywhere),
		cmocka_unit_test(every_rule_says_what_and_why),
	};

	return cmocka_run_group_tests_name("danger", tests, NULL, NULL);
}
