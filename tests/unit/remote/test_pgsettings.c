#include "remote/pgsettings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"

static void
drop(struct pairs *p)
{
	for (size_t i = 0; i < p->list.len; i++) {
		mem_free(p->list.at[i].key);
		mem_free(p->list.at[i].value);
	}
	vec_free(&p->list);
}

/* NULL: libpq's own way, which takes what it gets. */
static void
the_certificate_is_checked_off_this_machine(void **state)
{
	static const struct {
		const char *host, *addr, *said, *mode;
	} rows[] = {
		{"", NULL, NULL, NULL},
		{"/run/postgresql", NULL, NULL, NULL},
		{"localhost", NULL, NULL, NULL},
		{"127.0.0.1", NULL, NULL, NULL},
		{"db.test", NULL, NULL, "verify-full"},
		{"", "192.0.2.1", NULL, "verify-full"},
		{"/run/postgresql", "192.0.2.1", NULL, "verify-full"},
		{"localhost", "192.0.2.1", NULL, "verify-full"},
		{"localhost", "2001:db8::1", NULL, "verify-full"},
		{"db.test", "127.0.0.1", NULL, NULL},
		{"db.test", "::1", NULL, NULL},
		{"db.test", "", NULL, "verify-full"},
		{"localhost", "192.0.2.1", "require", "require"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pairs p = {0};
		const char *got;

		if (rows[i].addr)
			pgsettings_set(&p, "hostaddr", rows[i].addr);
		if (rows[i].said)
			pgsettings_set(&p, "sslmode", rows[i].said);
		pgsettings_safe(&p, &(struct pgconn_opts){0}, rows[i].host);
		got = pairs_get(&p, "sslmode");
		if (!str_eq(got ? got : "none", rows[i].mode ? rows[i].mode : "none"))
			fail_msg("host '%s', hostaddr %s: sslmode is %s and should be %s",
				rows[i].host, rows[i].addr ? rows[i].addr : "none",
				got ? got : "none", rows[i].mode ? rows[i].mode : "none");
		drop(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_certificate_is_checked_off_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
