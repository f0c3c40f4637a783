#include "load/fence.h"

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
	{"S0:7-7", "bash",
		"gunicorn -k uvicorn.workers.UvicornWorker -w 2 -b 0.0.0.0:8000 --timeout 30 --keep-alive 5 app.main:app\n",
		"commands\n"
		"1-1 command: gunicorn -k uvicorn.workers.Uv NEVER_ENDS ->SERVICE\n"},
	{"S0:12-12", "bash",
		"celery -A app.core.celery_app.celery_app worker --loglevel=INFO\n",
		"commands\n"
		"1-1 command: celery -A app.core.celery_app. NEVER_ENDS ->SERVICE\n"},
	{"S0:37-44", "",
		"/var/log/ni_site/api.log /var/log/ni_site/worker.log {\n"
		"  daily\n"
		"  rotate 14\n"
		"  compress\n"
		"  missingok\n"
		"  notifempty\n"
		"  copytruncate\n"
		"}\n",
		"file content\n"
		"1-8 content: /var/log/ni_site/api.log /var/\n"},
	{"S0:74-74", "bash",
		"docker exec -it ni_site-api-1 alembic -c alembic.ini upgrade head\n",
		"commands\n"
		"1-1 command: docker exec -it ni_site-api-1  NEEDS_TERMINAL ->NO_TTY\n"},
	{"S0:78-78", "bash",
		"docker exec -it ni_site-db-1 pg_dump -U postgres -d ni_site | gzip > /var/backups/ni_site/ni_site_$(date +%F).sql.gz\n",
		"commands\n"
		"1-1 command: docker exec -it ni_site-db-1 p creates=/var/backups/ni_site/ni_site_$(date +%F).sql.gz NEEDS_TERMINAL HIDES_FAILURE ->PIPEFAIL ->NO_TTY\n"},
	{"S0:82-82", "bash",
		"gunzip -c /var/backups/ni_site/ni_site_YYYY-MM-DD.sql.gz | docker exec -i ni_site-db-1 psql -U postgres -d ni_site\n",
		"commands\n"
		"1-1 command: gunzip -c /var/backups/ni_site HIDES_FAILURE ->PIPEFAIL\n"},
	{"S0:90-95", "bash",
		"sudo install -d -m 700 /var/backups/ni_site\n"
		"sudo tee /etc/cron.d/ni_site_db_backup >/dev/null <<'EOF'\n"
		"SHELL=/bin/bash\n"
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
		"0 3 * * * root docker exec -i ni_site-db-1 pg_dump -U postgres -d ni_site | gzip > /var/backups/ni_site/ni_site_$(date +\\%F).sql.gz\n"
		"EOF\n",
		"commands\n"
		"1-1 command: sudo install -d -m 700 /var/ba\n"
		"2-6 command: sudo tee /etc/cron.d/ni_site_d creates=/etc/cron.d/ni_site_db_backup\n"
		"  body at 3,   crontab\n"
		"  1-1 setting: SHELL=/bin/bash name=SHELL value=/bin/bash\n"
		"  2-2 setting: PATH=/usr/local/sbin:/usr/loca name=PATH value=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
		"  3-3 cron job: docker exec -i ni_site-db-1 pg name=0 3 * * * value=root vars=2 creates=/var/backups/ni_site/ni_site_$(date +%F).sql.gz HIDES_FAILURE ->PIPEFAIL\n"},
	{"S0:101-105", "bash",
		"sudo tee /etc/cron.d/ni_site_db_backup_rotate >/dev/null <<'EOF'\n"
		"SHELL=/bin/bash\n"
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
		"15 3 * * * root find /var/backups/ni_site -name \"ni_site_*.sql.gz\" -mtime +14 -delete\n"
		"EOF\n",
		"commands\n"
		"1-5 command: sudo tee /etc/cron.d/ni_site_d creates=/etc/cron.d/ni_site_db_backup_rotate\n"
		"  body at 2,   crontab\n"
		"  1-1 setting: SHELL=/bin/bash name=SHELL value=/bin/bash\n"
		"  2-2 setting: PATH=/usr/local/sbin:/usr/loca name=PATH value=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
		"  3-3 cron job: find /var/backups/ni_site -nam name=15 3 * * * value=root vars=2 DANGEROUS\n"},
	{"S0:111-117", "bash",
		"sudo apt-get install -y rclone\n"
		"rclone config\n"
		"# Create remote named \"backups\", type \"s3\", provider \"Minio\" or \"AWS\".\n"
		"# Example for Minio:\n"
		"# endpoint = https://minio.example.com\n"
		"# access_key_id = ...\n"
		"# secret_access_key = ...\n",
		"commands\n"
		"1-1 command: sudo apt-get install -y rclone\n"
		"2-2 command: rclone config NEEDS_TERMINAL ->BY_HAND\n"
		"3-3 instruction: Create remote named \"backups\",\n"
		"4-4 instruction: Example for Minio:\n"
		"5-5 instruction: endpoint = https://minio.examp COMMENTED\n"
		"6-6 instruction: access_key_id = ... COMMENTED\n"
		"7-7 instruction: secret_access_key = ... COMMENTED\n"},
	{"S1:71-83", "bash",
		"# Run all tests\n"
		"cd backend && pytest\n"
		"cd ../frontend && npm test\n"
		"\n"
		"# Build production images\n"
		"docker-compose -f docker-compose.yml build\n"
		"\n"
		"# Run security scan\n"
		"docker scan foundational-backend:latest\n"
		"docker scan foundational-frontend:latest\n"
		"\n"
		"# Test locally\n"
		"docker-compose -f docker-compose.yml up\n",
		"commands\n"
		"1-1 comment: Run all tests\n"
		"2-2 command: cd backend && pytest title=0 CHANGES_FOLDER\n"
		"3-3 command: cd ../frontend && npm test title=0 dir=backend CHANGES_FOLDER\n"
		"5-5 comment: Build production images\n"
		"6-6 command: docker-compose -f docker-compo title=3 dir=frontend ->COMPOSE ->FOLDER\n"
		"8-8 comment: Run security scan\n"
		"9-9 command: docker scan foundational-backe title=5 dir=frontend ->TOOL ->FOLDER\n"
		"10-10 command: docker scan foundational-front title=5 dir=frontend ->TOOL\n"
		"12-12 comment: Test locally\n"
		"13-13 command: docker-compose -f docker-compo title=8 dir=frontend NEVER_ENDS ->DETACH ->COMPOSE ->FOLDER\n"},
	{"S1:104-114", "bash",
		"# Monitor logs\n"
		"docker-compose logs -f\n"
		"\n"
		"# Check service status\n"
		"docker-compose ps\n"
		"\n"
		"# Verify health checks\n"
		"watch -n 5 'curl -s https://api.yourdomain.com/health | jq'\n"
		"\n"
		"# Test critical user flows\n"
		"npm run test:e2e:production\n",
		"commands\n"
		"1-1 comment: Monitor logs\n"
		"2-2 command: docker-compose logs -f title=0 NEVER_ENDS ->WATCH ->COMPOSE\n"
		"4-4 comment: Check service status\n"
		"5-5 command: docker-compose ps title=2 ->COMPOSE\n"
		"7-7 comment: Verify health checks\n"
		"8-8 command: watch -n 5 'curl -s https://ap title=4 NEVER_ENDS ->WATCH\n"
		"10-10 comment: Test critical user flows\n"
		"11-11 command: npm run test:e2e:production title=6\n"},
	{"S1:123-125", "bash",
		"OPENAI_API_KEY=sk-...\n"
		"MONGODB_URI=mongodb://...\n"
		"DEBUG=False\n",
		"env\n"
		"1-1 setting: OPENAI_API_KEY=sk-... name=OPENAI_API_KEY value=sk-...\n"
		"2-2 setting: MONGODB_URI=mongodb://... name=MONGODB_URI value=mongodb://...\n"
		"3-3 setting: DEBUG=False name=DEBUG value=False\n"},
	{"S1:137-147", "bash",
		"\n"
		"# Performance\n"
		"WORKER_COUNT=4\n"
		"MAX_CONNECTIONS=100\n"
		"TIMEOUT=30\n"
		"\n"
		"# Security\n"
		"ALLOWED_ORIGINS=https://yourdomain.com\n"
		"MAX_FILE_SIZE=10485760\n"
		"RATE_LIMIT=100\n"
		"```\n",
		"commands\n"
		"2-2 comment: Performance\n"
		"3-3 setting: WORKER_COUNT=4 name=WORKER_COUNT value=4 title=0 UNUSED\n"
		"4-4 setting: MAX_CONNECTIONS=100 name=MAX_CONNECTIONS value=100 title=0 vars=1 UNUSED\n"
		"5-5 setting: TIMEOUT=30 name=TIMEOUT value=30 title=0 vars=2 UNUSED\n"
		"7-7 comment: Security\n"
		"8-8 setting: ALLOWED_ORIGINS=https://yourdo name=ALLOWED_ORIGINS value=https://yourdomain.com title=4 vars=3 UNUSED\n"
		"9-9 setting: MAX_FILE_SIZE=10485760 name=MAX_FILE_SIZE value=10485760 title=4 vars=4 UNUSED\n"
		"10-10 setting: RATE_LIMIT=100 name=RATE_LIMIT value=100 title=4 vars=5 UNUSED\n"
		"11-11 command: ``` title=4 vars=6 UNFINISHED\n"},
	{"S1:224-233", "bash",
		"# Backend health\n"
		"curl https://api.yourdomain.com/health\n"
		"# Expected: {\"status\": \"healthy\", ...}\n"
		"\n"
		"# Frontend health\n"
		"curl https://yourdomain.com\n"
		"# Expected: 200 OK\n"
		"\n"
		"# Database health\n"
		"docker-compose exec mongodb mongo --eval \"db.adminCommand('ping')\"\n",
		"commands\n"
		"1-1 comment: Backend health\n"
		"2-2 command: curl https://api.yourdomain.co title=0\n"
		"3-3 expectation: Expected: {\"status\": \"healthy\"\n"
		"5-5 comment: Frontend health\n"
		"6-6 command: curl https://yourdomain.com title=3\n"
		"7-7 expectation: Expected: 200 OK\n"
		"9-9 comment: Database health\n"
		"10-10 command: docker-compose exec mongodb mo title=6 ->COMPOSE_T ->COMPOSE ->TOOL\n"},
	{"S1:254-276", "bash",
		"#!/bin/bash\n"
		"# /usr/local/bin/backup-mongodb.sh\n"
		"\n"
		"BACKUP_DIR=\"/backups/mongodb\"\n"
		"DATE=$(date +%Y%m%d_%H%M%S)\n"
		"RETENTION_DAYS=30\n"
		"\n"
		"# Create backup\n"
		"docker-compose exec -T mongodb mongodump \\\n"
		"  --archive=/data/backup/backup_$DATE.archive \\\n"
		"  --gzip\n"
		"\n"
		"# Copy to backup location\n"
		"docker cp foundational-mongodb:/data/backup/backup_$DATE.archive \\\n"
		"  $BACKUP_DIR/\n"
		"\n"
		"# Upload to S3 (optional)\n"
		"aws s3 cp $BACKUP_DIR/backup_$DATE.archive \\\n"
		"  s3://your-bucket/backups/mongodb/\n"
		"\n"
		"# Cleanup old backups\n"
		"find $BACKUP_DIR -name \"backup_*.archive\" \\\n"
		"  -mtime +$RETENTION_DAYS -delete\n",
		"file content path=/usr/local/bin/backup-mongodb.sh\n"
		"1-23 content: #!/bin/bash DANGEROUS ->COMPOSE\n"},
	{"S1:281-282", "bash",
		"# Run daily at 2 AM\n"
		"0 2 * * * /usr/local/bin/backup-mongodb.sh\n",
		"crontab\n"
		"1-1 comment: Run daily at 2 AM\n"
		"2-2 cron job: /usr/local/bin/backup-mongodb. name=0 2 * * *\n"},
	{"S1:288-298", "bash",
		"# Stop application\n"
		"docker-compose stop backend\n"
		"\n"
		"# Restore database\n"
		"docker-compose exec -T mongodb mongorestore \\\n"
		"  --archive=/data/backup/backup_20231201_020000.archive \\\n"
		"  --gzip \\\n"
		"  --drop\n"
		"\n"
		"# Restart application\n"
		"docker-compose start backend\n",
		"commands\n"
		"1-1 comment: Stop application\n"
		"2-2 command: docker-compose stop backend title=0 ->COMPOSE\n"
		"4-4 comment: Restore database\n"
		"5-8 command: docker-compose exec -T mongodb title=2 DANGEROUS ->COMPOSE ->COPY_IN\n"
		"10-10 comment: Restart application\n"
		"11-11 command: docker-compose start backend title=4 ->COMPOSE\n"},
};

static void
reads_the_blocks_of_the_documents(void **state)
{
	(void)state;
	check_rows(rows, COUNT(rows));
}

/* ---- any bytes ------------------------------------------------------------------------- */

static void
replaces_what_yaml_cannot_hold(void **state)
{
	static const char text[] =
		"\xef\xbb\xbfls\r\necho \x1b[0m\0 \xff \xe2\x80\xae\r\n";
	struct fence_in in = {.info = "sh", .text = text, .len = sizeof text - 1};
	struct fence f;

	(void)state;
	fence_read(&in, &f);
	assert_true(f.scrubbed);
	assert_int_equal(f.pieces.len, 2);
	assert_string_equal(f.pieces.at[0].text, "ls");
	assert_string_equal(f.pieces.at[1].text,
		"echo \xef\xbf\xbd[0m\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd");
	fence_release(&f);

	in = (struct fence_in){.info = "sh", .text = "ls\r\n", .len = 4};
	fence_read(&in, &f);
	assert_false(f.scrubbed);
	fence_release(&f);
}

/* Lines ascend, lie in the block, and every piece has its text. */
static void
check_sound(const struct fence *f, int lines)
{
	int last = 0;

	for (size_t i = 0; i < f->pieces.len; i++) {
		const struct fence_piece *p = &f->pieces.at[i];

		if (p->first < last || p->last < p->first || p->last > lines)
			fail_msg("piece %zu: lines %d-%d after %d of %d", i, p->first,
				p->last, last, lines);
		last = p->last;
		assert_non_null(p->text);
		assert_true(p->vars <= f->vars.len);
		for (size_t k = 0; k < p->hits.list.len; k++)
			assert_true(p->hits.list.at[k].offset <= strlen(p->text));
		if (p->content != NULL)
			check_sound(p->content, p->last - p->content_line + 1);
	}
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
read_bytes(const char *text, size_t len, const struct danger_tables *tables)
{
	static const char *const infos[] = {
		"bash", "", "console", "sql", "env", "cron", NULL};
	int lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	for (size_t i = 0; i < COUNT(infos); i++) {
		struct fence f;

		fence_read(&(struct fence_in){.info = infos[i],
				   .text = text,
				   .len = len,
				   .tables = tables},
			&f);
		check_sound(&f, lines);
		fence_release(&f);
	}
}

static void
takes_any_bytes(void **state)
{
	static const char *const parts[] = {"\n", "\n\n", "$ ", "# ", "> ", "'", "\"",
		"`", "$(", ")", "${", "}", "<<EOF\n", "EOF\n", "\\\n", " | ", " && ",
		"cd x", "A=1", "export ", "if ", "fi", "do", "case x in", "esac", "{ ",
		"docker exec -it a psql", "rm -rf /", "0 3 * * * root x", "tee f ", "> f",
		"OR\n", "# OR\n", "postgres=# ", "select 1;", "drop table x;", "$$", "--",
		"/*", "\r\n", "\xff", "\xe2\x80", "make shell", "docker-compose up",
		"((1<<2))", "<<<x", "#!", "{\"a\":", "1. ", "\t"};
	struct danger_tables *tables = danger_tables_new();
	uint32_t seed = 20261127;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct str text = STR_INIT;
		size_t count = next_random(&seed) % 24;

		for (size_t i = 0; i < count; i++) {
			if (next_random(&seed) % 8 == 0)
				str_addc(&text, (char)next_random(&seed));
			else
				str_adds(&text, parts[next_random(&seed) % COUNT(parts)]);
		}
		read_bytes(text.buf, text.len, tables);
		str_release(&text);
	}
	danger_tables_free(tables);
}

/* Much of one thing: what is quadratic does not come to its end here. */
static void
takes_a_lot_of_anything(void **state)
{
	static const char *const units[] = {"a", "'", "\"", "$(", "<<a;", "rm x;",
		"rm x\n", "# a\n", "\\\n", "{ ", "if ", "A=1\n", "cd x\n", "$ a\n", "`",
		"((", "a|", "0 3 * * * x\n", "OR\nls\n", "<a>", "select 1;", "$$",
		"# OR\n", "ls $A\n", "> a b\n", "${"};
	enum { LOT_BYTES = 100000, LINE_BYTES = 1000000, LONG_LINES = 6 };
	struct danger_tables *tables = danger_tables_new();

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		size_t bytes = i < LONG_LINES ? LINE_BYTES : LOT_BYTES;
		struct str text = STR_INIT;

		while (text.len < bytes)
			str_adds(&text, units[i]);
		read_bytes(text.buf, text.len, tables);
		str_release(&text);
	}
	danger_tables_free(tables);
}

static void
every_kind_flag_and_proposal_has_words(void **state)
{
	(void)state;
#define X(id, name, help) \
	assert_string_equal(fence_kind_name(FENCE_##id), name); \
	assert_true(strlen(help) > 0);
	FENCE_KINDS(X)
#undef X
#define X(id, bit, text) assert_string_equal(fence_flag_text(FENCE_FLAG_##id), text);
	FENCE_FLAGS(X)
#undef X
	for (int i = 0; i < FENCE_PROPOSE_COUNT; i++) {
		assert_true(strlen(fence_proposal_what((enum fence_proposal_id)i)) > 0);
		assert_true(strlen(fence_proposal_why((enum fence_proposal_id)i)) > 0);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_blocks_of_the_documents),
		cmocka_unit_test(replaces_what_yaml_cannot_hold),
		cmocka_unit_test(takes_any_bytes),
		cmocka_unit_test(takes_a_lot_of_anything),
		cmocka_unit_test(every_kind_flag_and_proposal_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
