#include "load/fenceways.h"

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
	{"S1:369-378", "bash",
		"# Tag current state\n"
		"docker-compose down\n"
		"git checkout <previous-version-tag>\n"
		"\n"
		"# Rebuild and deploy\n"
		"docker-compose build\n"
		"docker-compose up -d\n"
		"\n"
		"# Verify\n"
		"curl https://api.yourdomain.com/health\n",
		"commands\n"
		"1-1 comment: Tag current state\n"
		"2-2 command: docker-compose down title=0 ->COMPOSE ->MISSING\n"
		"3-3 command: git checkout <previous-version title=0\n"
		"5-5 comment: Rebuild and deploy\n"
		"6-6 command: docker-compose build title=3 ->COMPOSE\n"
		"7-7 command: docker-compose up -d title=3 ->COMPOSE\n"
		"9-9 comment: Verify\n"
		"10-10 command: curl https://api.yourdomain.co title=6\n"},
	{"S1:407-429", "bash",
		"# 1. Notify users (if applicable)\n"
		"# 2. Take backup\n"
		"./backup-mongodb.sh\n"
		"\n"
		"# 3. Pull latest changes\n"
		"git pull origin main\n"
		"\n"
		"# 4. Run tests\n"
		"cd backend && pytest\n"
		"cd ../frontend && npm test\n"
		"\n"
		"# 5. Build new images\n"
		"docker-compose build\n"
		"\n"
		"# 6. Rolling update\n"
		"docker-compose up -d --no-deps backend\n"
		"docker-compose up -d --no-deps frontend\n"
		"\n"
		"# 7. Verify deployment\n"
		"curl https://api.yourdomain.com/health\n"
		"\n"
		"# 8. Monitor for issues\n"
		"docker-compose logs -f\n",
		"commands\n"
		"1-1 instruction: 1. Notify users (if applicable OPTIONAL\n"
		"2-2 comment: 2. Take backup\n"
		"3-3 command: ./backup-mongodb.sh title=1\n"
		"5-5 comment: 3. Pull latest changes\n"
		"6-6 command: git pull origin main title=3\n"
		"8-8 comment: 4. Run tests\n"
		"9-9 command: cd backend && pytest title=5 CHANGES_FOLDER\n"
		"10-10 command: cd ../frontend && npm test title=5 dir=backend CHANGES_FOLDER\n"
		"12-12 comment: 5. Build new images\n"
		"13-13 command: docker-compose build title=8 dir=frontend ->COMPOSE ->FOLDER\n"
		"15-15 comment: 6. Rolling update\n"
		"16-16 command: docker-compose up -d --no-deps title=10 dir=frontend ->COMPOSE ->FOLDER\n"
		"17-17 command: docker-compose up -d --no-deps title=10 dir=frontend ->COMPOSE\n"
		"19-19 comment: 7. Verify deployment\n"
		"20-20 command: curl https://api.yourdomain.co title=13 dir=frontend ->FOLDER\n"
		"22-22 comment: 8. Monitor for issues\n"
		"23-23 command: docker-compose logs -f title=15 dir=frontend NEVER_ENDS ->WATCH ->COMPOSE ->FOLDER\n"},
	{"S1:466-471", "python",
		"# backend - Add security middleware\n"
		"from fastapi.middleware.trustedhost import TrustedHostMiddleware\n"
		"from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware\n"
		"\n"
		"app.add_middleware(TrustedHostMiddleware, allowed_hosts=[\"yourdomain.com\"])\n"
		"app.add_middleware(HTTPSRedirectMiddleware)\n",
		"code\n"
		"1-6 content: # backend - Add security middl\n"},
	{"S1:492-501", "bash",
		"# Enable authentication\n"
		"docker-compose exec mongodb mongo admin\n"
		"> db.createUser({\n"
		"    user: \"admin\",\n"
		"    pwd: \"strong-password\",\n"
		"    roles: [\"root\"]\n"
		"  })\n"
		"\n"
		"# Update connection string\n"
		"MONGODB_URI=mongodb://admin:strong-password@mongodb:27017/chatpdf?authSource=admin\n",
		"commands\n"
		"1-1 comment: Enable authentication\n"
		"2-2 command: docker-compose exec mongodb mo title=0 NEEDS_TERMINAL ->COMPOSE_T ->COMPOSE ->BY_HAND ->TOOL\n"
		"3-7 repl input: db.createUser({\n"
		"9-9 comment: Update connection string\n"
		"10-10 setting: MONGODB_URI=mongodb://admin:st name=MONGODB_URI value=mongodb://admin:strong-password@mongodb:27017/chatpdf?authSource=admin title=3 SECRET UNUSED\n"},
	{"S3:272-281", "bash",
		"# Check backend health\n"
		"curl https://api.production-domain.com/health\n"
		"\n"
		"# Check logs\n"
		"make logs-backend\n"
		"# OR\n"
		"docker compose logs backend\n"
		"\n"
		"# Restart backend\n"
		"docker compose restart backend\n",
		"commands\n"
		"1-1 comment: Check backend health\n"
		"2-2 command: curl https://api.production-do title=0\n"
		"4-4 comment: Check logs\n"
		"5-5 command: make logs-backend title=2 way=1 ->MAKE ->DECIDE\n"
		"6-6 alternative: OR\n"
		"7-7 command: docker compose logs backend title=2 way=1 ->COMPOSE\n"
		"9-9 comment: Restart backend\n"
		"10-10 command: docker compose restart backend title=6 ->COMPOSE\n"},
	{"S3:286-294", "bash",
		"# Check database connectivity\n"
		"make shell-db\n"
		"\n"
		"# Check connection pool\n"
		"# Review logs for connection errors\n"
		"make logs-backend | grep -i postgres\n"
		"\n"
		"# Restart database (careful!)\n"
		"docker compose restart postgres\n",
		"commands\n"
		"1-1 comment: Check database connectivity\n"
		"2-2 command: make shell-db title=0 NEEDS_TERMINAL ->BY_HAND ->MAKE\n"
		"4-4 comment: Check connection pool\n"
		"5-5 comment: Review logs for connection err\n"
		"6-6 command: make logs-backend | grep -i po title=3 HIDES_FAILURE ->PIPEFAIL ->MAKE\n"
		"8-8 comment: Restart database (careful!)\n"
		"9-9 command: docker compose restart postgre title=5 ->COMPOSE\n"},
	{"S3:299-307", "bash",
		"# Check resource usage\n"
		"docker stats\n"
		"\n"
		"# Check for slow queries\n"
		"# Connect to database and run:\n"
		"# SELECT * FROM pg_stat_activity WHERE state = 'active';\n"
		"\n"
		"# Restart services if needed\n"
		"docker compose restart backend\n",
		"commands\n"
		"1-1 comment: Check resource usage\n"
		"2-2 command: docker stats title=0 NEVER_ENDS ->WATCH\n"
		"4-4 instruction: Check for slow queries\n"
		"5-5 instruction: Connect to database and run:\n"
		"6-6 instruction: SELECT * FROM pg_stat_activity COMMENTED\n"
		"8-8 comment: Restart services if needed OPTIONAL\n"
		"9-9 command: docker compose restart backend title=5 OPTIONAL ->COMPOSE\n"},
	{"S3:312-315", "bash",
		"# Temporarily adjust rate limits (requires code change)\n"
		"# Edit backend/main.py:\n"
		"# RateLimitMiddleware(requests_per_minute=120, requests_per_hour=2000)\n"
		"# Then deploy\n",
		"instructions\n"
		"1-1 instruction: Temporarily adjust rate limits\n"
		"2-2 instruction: Edit backend/main.py:\n"
		"3-3 instruction: RateLimitMiddleware(requests_p COMMENTED\n"
		"4-4 instruction: Then deploy\n"},
	{"S4:49-54", "bash",
		"mkdir -p secrets\n"
		"openssl rand -hex 16 > secrets/postgres_password\n"
		"openssl rand -hex 32 > secrets/jwt_secret\n"
		"echo \"<your-gemini-api-key>\" > secrets/gemini_api_key\n"
		"echo \"postgresql+psycopg2://rag:$(cat secrets/postgres_password)@db:5432/rag\" > secrets/database_url\n"
		"echo \"redis://redis:6379/0\" > secrets/redis_url\n",
		"commands\n"
		"1-1 command: mkdir -p secrets\n"
		"2-2 command: openssl rand -hex 16 > secrets creates=secrets/postgres_password\n"
		"3-3 command: openssl rand -hex 32 > secrets creates=secrets/jwt_secret\n"
		"4-4 command: echo \"<your-gemini-api-key>\" > creates=secrets/gemini_api_key\n"
		"5-5 command: echo \"postgresql+psycopg2://ra creates=secrets/database_url\n"
		"6-6 command: echo \"redis://redis:6379/0\" >  creates=secrets/redis_url\n"},
	{"S4:76-77", "sql",
		"DELETE FROM chat_history WHERE created_at < now() - interval '90 days';\n"
		"DELETE FROM query_logs   WHERE created_at < now() - interval '90 days';\n",
		"SQL\n"
		"1-1 statement: DELETE FROM chat_history WHERE\n"
		"2-2 statement: DELETE FROM query_logs   WHERE\n"},
};

static void
links_the_pieces_of_the_documents(void **state)
{
	(void)state;
	check_rows(rows, COUNT(rows));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_the_pieces_of_the_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
