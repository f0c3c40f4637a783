#include "load/placeholder.h"

#include "unit.h"

#include <string.h>

#include "base/str.h"
#include "model/subst.h"

/* A text, and its placeholders as "written=name:type": t text, n number, v version, d date,
 * s secret. */
struct row {
	const char *text, *want;
};

static void
list(const char *text, size_t len, enum placeholder_place place, struct str *got)
{
	struct placeholders p = {0};

	placeholder_find(text, len, place, &p);
	for (size_t i = 0; i < p.list.len; i++) {
		const struct placeholder *x = &p.list.at[i];
		char type = x->secret              ? 's'
			: x->type == INPUT_VERSION ? 'v'
			: x->type == INPUT_DATE    ? 'd'
			: x->type == INPUT_NUMBER  ? 'n'
						   : 't';

		assert_true(subst_valid_name(x->name));
		assert_non_null(x->question);
		assert_true(x->at + x->len <= len);
		assert_true(
			i == 0 || x->at >= p.list.at[i - 1].at + p.list.at[i - 1].len);
		str_addf(got, "%s%.*s=%s:%c", i > 0 ? " " : "", (int)x->len, text + x->at,
			x->name, type);
	}
	placeholder_release(&p);
}

static void
check_rows(const struct row *rows, size_t count, enum placeholder_place place)
{
	for (size_t i = 0; i < count; i++) {
		struct str got = STR_INIT;

		list(rows[i].text, strlen(rows[i].text), place, &got);
		if (!str_eq(got.buf, rows[i].want))
			fail_msg("`%s`: got [%s], want [%s]", rows[i].text, got.buf,
				rows[i].want);
		str_release(&got);
	}
}

static void
finds_small_words_in_square_brackets(void **state)
{
	static const struct row commands[] = {
		{"docker restart [service]", "[service]=service:t"},
		{"git checkout [previous-version-tag]",
			"[previous-version-tag]=previous_version_tag:v"},
		{"psql -h [host] -d [database_name]",
			"[host]=host:t [database_name]=database_name:t"},
		{"tail -f /var/log/[name].log", "[name]=name:t"},
		/* tests, globs, what may be left out of a command */
		{"[ -f x ] && [[ -n y ]]; ls x[abc] [a-z] *[host] [name]* y[host]", ""},
		{"docker ps [options]; tr [a-z_] [A-Z]; git log [file] [flags]", ""},
	};
	static const struct row prose[] = {
		{"Call [name] at [phone]", "[name]=name:t [phone]=phone:t"},
		{"Deploy [service-name] to it", "[service-name]=service_name:t"},
		{"as [1] says, [x] or [see below], [host](http://x) [name][ref]", ""},
	};

	(void)state;
	check_rows(commands, COUNT(commands), PLACEHOLDER_IN_COMMAND);
	check_rows(prose, COUNT(prose), PLACEHOLDER_IN_PROSE);
}

static void
finds_names_between_other_marks(void **state)
{
	static const struct row rows[] = {
		{"curl https://x/u/{user_id}/y", "{user_id}=user_id:t"},
		{"deploy %SERVICE% __REGION__",
			"%SERVICE%=service:t __REGION__=region:t"},
		{"date +%Y%m%d; awk '{print}'; find . -exec ls {} +", ""},
		{"curl -w %{http_code} x; git reset @{upstream}; echo ${name}", ""},
		{"cp a.{jpg,png} b; echo __init__ __FILE__ 100%", ""},
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof rows[0], PLACEHOLDER_IN_COMMAND);
}

static void
finds_every_style_in_commands(void **state)
{
	static const struct row rows[] = {
		/* S0:82, 116; S1:90, 97, 123, 124, 272, 293, 371, 496; S4:38, 52, 100, 116 */
		{"gunzip -c /var/backups/ni_site/ni_site_YYYY-MM-DD.sql.gz",
			"YYYY-MM-DD=date:d"},
		{"access_key_id = ...", "...=access_key_id:s"},
		{"git tag -a v1.0.0 -m \"Release\"", "v1.0.0=version:v"},
		{"curl https://api.yourdomain.com/health", "yourdomain.com=domain:t"},
		{"OPENAI_API_KEY=sk-...", "sk-...=openai_api_key:s"},
		{"MONGODB_URI=mongodb://...", "mongodb://...=mongodb_uri:s"},
		{"SENTRY_DSN=https://...", "https://...=sentry_dsn:t"},
		{"aws s3 cp f s3://your-bucket/backups/", "your-bucket=bucket:t"},
		{"--archive=/data/backup/backup_20231201_020000.archive",
			"20231201_020000=timestamp:t"},
		{"/data/2023-12-01.sql", "2023-12-01=date:d"},
		{"git checkout <previous-version-tag>",
			"<previous-version-tag>=previous_version_tag:v"},
		{"pwd: \"strong-password\"", "strong-password=password:s"},
		{"DATABASE_URL=postgresql+psycopg2://rag:<strong-db-pass>@<host>:5432/rag",
			"<strong-db-pass>=strong_db_pass:s <host>=host:t"},
		{"JWT_SECRET=<strong-random>", "<strong-random>=strong_random:s"},
		{"GEMINI_API_KEY=<real key>", "<real key>=real_key:s"},
		{"echo \"<your-gemini-api-key>\" > f",
			"<your-gemini-api-key>=gemini_api_key:s"},
		{"image: your-backend-image", "your-backend-image=backend_image:t"},
		{"alembic ... upgrade head", "...=arguments:t"},
		{"x create_first_admin admin@example.com StrongPass123!",
			"StrongPass123!=password:s"},
		{"SECRET_KEY=your-secret-key-here", "your-secret-key-here=secret_key:s"},
		{"DB_PASSWORD=changeme", "changeme=db_password:s"},
		{"docker pull app:vX.Y.Z", "vX.Y.Z=version:v"},
		{"deploy {{ release }} [TARGET]",
			"{{ release }}=release:v [TARGET]=target:t"},
		{"echo ${DB_HOST:?host of the database}",
			"${DB_HOST:?host of the database}=db_host:t"},
		{"ssh <path>", "<path>=the_path:t"},
		{"cp x_YYYYMMDD_HHMMSS.gz", "YYYYMMDD_HHMMSS=timestamp:t"},
		{"scale <count>", "<count>=count:n"},
	};

	(void)state;
	check_rows(rows, COUNT(rows), PLACEHOLDER_IN_COMMAND);
}

static void
leaves_commands_alone_that_have_none(void **state)
{
	static const struct row rows[] = {
		{"sort <in >out", ""},
		{"cat <<EOF >f", ""},
		{"a < b > c", ""},
		{"diff <(ls a) <(ls b)", ""},
		{"[ -f x ] && [[ $A == B ]]", ""},
		{"docker ps --format '{{.Names}} {{json .}} {{end}}'", ""},
		{"echo ${A:-b} ${B} $C ${#D}", ""},
		{"mktemp /tmp/x.XXXXXX", ""},
		{"roles: [\"root\"]", ""},
		{"ls backup-2 20231201 v1.0.0", ""},
		{"curl https://x/v1.0.0/a", ""},
		{"cd ..", ""},
		{"grep '<title>' f; echo '<b>'", ""},
		{"ls $(date +%F)", ""},
		{"git log a...b", ""},
		{"go test ./...", ""},
	};

	(void)state;
	check_rows(rows, COUNT(rows), PLACEHOLDER_IN_COMMAND);
}

static void
finds_every_style_in_prose(void **state)
{
	static const struct row rows[] = {
		/* S1:542-544; S3:320-328, 342, 344; S4:132 */
		{"**Last Updated:** [Date]  ", "[Date]=last_updated:d"},
		{"**Reviewed By:** [Name]", "[Name]=reviewed_by:t"},
		{"- **On-Call:** TBD", "TBD=on_call:t"},
		{"- **Database Provider:** TBD", "TBD=database_provider:t"},
		{"**Date:** _______________", "_______________=date:d"},
		{"**Approved By:** _______________", "_______________=approved_by:t"},
		{"`trufflehog filesystem --since-commit <last-release>`",
			"<last-release>=last_release:v"},
		{"URL: `https://api.production-domain.com/`",
			"production-domain.com=domain:t"},
		{"set `endpoint = https://minio.example.com`", "example.com=domain:t"},
		{"restore ni_site_YYYY-MM-DD.sql.gz", "YYYY-MM-DD=date:d"},
		{"Version [NAME] of it", "[NAME]=name:t"},
	};

	(void)state;
	check_rows(rows, COUNT(rows), PLACEHOLDER_IN_PROSE);
}

static void
leaves_prose_alone_that_has_none(void **state)
{
	static const struct row rows[] = {
		{"- [ ] open box, - [x] done, - [X] done", ""},
		{"[Security](#security) [Date](x) [Name][ref] [Date]: x", ""},
		{"see [`apps/api/Dockerfile`](apps/api/Dockerfile:1)", ""},
		{"mail admin@example.com or <ops@example.com>", ""},
		{"<https://example.org.uk/x> <br> <b>x</b> <details> </p>", ""},
		{"(< 200ms for health checks) and > 1% or a<b", ""},
		{"**Technical Lead:** @Ihorog", ""},
		{"Last Updated: 2024-12-25, version 1.0.0, v1.0.0", ""},
		{"List<String> and vector<int> and Map<K, V>", ""},
		{"and so on... `warning`\xe2\x80\xa6 done", ""},
		{"> [!NOTE] and [ERROR] [WARN] [1] [^2]", ""},
		{"____ and __init__ and a_b", ""},
		{"yourself, your domain, your-", ""},
		{"{\"status\": \"healthy\", ...}", ""},
		{"`POST /api/admin/budgets/{id}` and `{NAME}_FILE`", ""},
		{"as stdbool.h <stdbool.h> says", ""},
	};

	(void)state;
	check_rows(rows, COUNT(rows), PLACEHOLDER_IN_PROSE);
}

static void
asks_a_question_of_its_own(void **state)
{
	static const struct row rows[] = {
		{"git checkout <previous-version-tag>",
			"Which version is `previous_version_tag`?"},
		{"x/YYYY-MM-DD", "Which date is `date` (YYYY-MM-DD)?"},
		{"/x/backup_20231201_020000",
			"Which timestamp instead of 20231201_020000?"},
		{"A_KEY=sk-...", "What is the secret `a_key`?"},
		{"${A:?the host}", "the host"},
		{"${A?}", "What stands for ${A?}?"},
		{"https://yourdomain.com", "Which domain stands for yourdomain.com?"},
		{"<host>", "What stands for <host>?"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct placeholders p = {0};

		placeholder_find(
			rows[i].text, strlen(rows[i].text), PLACEHOLDER_IN_COMMAND, &p);
		assert_int_equal(p.list.len, 1);
		assert_string_equal(p.list.at[0].question, rows[i].want);
		assert_true(strlen(placeholder_style_text(p.list.at[0].style)) > 0);
		placeholder_release(&p);
	}
}

static void
takes_any_bytes(void **state)
{
	static const char *const parts[] = {"<", ">", "[", "]", "{{", "}}", "${", ":?",
		"YYYY-MM-DD", "...", "sk-", "://", "TBD", "____", "20231201", "/",
		"v1.2.3", "git ", "your-", "example.com", "@", "name", " ", "\n", "=",
		":", "\xe2\x80\xa6", "\xff", "a-b"};
	static const enum placeholder_place places[] = {
		PLACEHOLDER_IN_PROSE, PLACEHOLDER_IN_COMMAND};
	uint32_t seed = 3;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct str text = STR_INIT, got = STR_INIT;

		for (int i = 0; i < 16; i++) {
			seed = seed * 1664525 + 1013904223;
			if (seed >> 29 == 0)
				str_addc(&text, (char)(seed >> 16));
			else
				str_adds(&text, parts[(seed >> 16) % COUNT(parts)]);
		}
		list(text.buf, text.len, places[round % 2], &got);
		str_release(&text);
		str_release(&got);
	}
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct str text = STR_INIT, got = STR_INIT;

		while (text.len < 1000000)
			str_adds(&text, parts[i]);
		list(text.buf, text.len, PLACEHOLDER_IN_COMMAND, &got);
		str_release(&text);
		str_release(&got);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_small_words_in_square_brackets),
		cmocka_unit_test(finds_names_between_other_marks),
		cmocka_unit_test(finds_every_style_in_commands),
		cmocka_unit_test(leaves_commands_alone_that_have_none),
		cmocka_unit_test(finds_every_style_in_prose),
		cmocka_unit_test(leaves_prose_alone_that_has_none),
		cmocka_unit_test(asks_a_question_of_its_own),
		cmocka_unit_test(takes_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
