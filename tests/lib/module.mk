# What tests share. libtestkit.a knows no folder of src/ (every unit test links it);
# libscreen.a is the pseudo-terminal harness over libvterm.
check_LIBRARIES += libtestkit.a
libtestkit_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CMOCKA_CFLAGS)
libtestkit_a_SOURCES =
# libtestkit_a_SOURCES += %D%/stem.c %D%/stem.h

if HAVE_VTERM
check_LIBRARIES += libscreen.a
endif
libscreen_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(VTERM_CFLAGS)
libscreen_a_SOURCES = %D%/pty.c %D%/pty.h %D%/ptyimpl.h %D%/ptykeeper.c %D%/ptykeeper.h \
	%D%/ptykeys.c %D%/ptykeys.h %D%/ptyscreen.c %D%/ptywait.c
SCREEN_LIBS = libscreen.a $(VTERM_LIBS) $(PTY_LIBS) libbase.a $(BASE_EXT) $(UNIT_KIT)

SCREEN_TESTS += %D%/test_pty
tests_lib_test_pty_LDADD = libscreen.a $(VTERM_LIBS) $(PTY_LIBS) $(CMOCKA_LIBS)

# The target stack: sshd hosts, Docker, PostgreSQL, Redis, nginx in namespaces of their own.
EXTRA_DIST += %D%/tap.sh %D%/accounts.sh %D%/pause.sh %D%/stack %D%/stack-inner %D%/stack-host %D%/stack-say.sh \
	%D%/stack-accounts.sh %D%/stack-ssh.sh %D%/stack-docker.sh %D%/stack-servers.sh \
	%D%/stack-tls.sh %D%/stack-site.sh %D%/more-hosts.sh \
	%D%/stack-image %D%/stack-ni_site.sql %D%/stack-health %D%/stack-damage

# What a team would have in git for the site of the stack (stack-site.sh).
EXTRA_DIST += tests/site/docker-compose.yml tests/site/nginx.conf \
	tests/site/app/.gitignore tests/site/app/Dockerfile tests/site/app/Makefile \
	tests/site/app/SCHEMA tests/site/app/VERSION tests/site/app/alembic.ini \
	tests/site/app/main.py tests/site/app/tasks.py tests/site/app/tokens.py \
	tests/site/app/migrations/env.py tests/site/app/migrations/versions/0001_first.py \
	tests/site/app/pages/index.html tests/site/app/pages/assets/app.4f2a.js \
	tests/site/app/.env.example tests/site/app/README.md tests/site/app/CHANGELOG.md \
	tests/site/app/requirements.txt tests/site/app/docs/ARCHITECTURE.md \
	tests/site/app/docs/DEPLOYMENT.md tests/site/app/docs/RECOVERY.md \
	tests/site/app/docs/load-test.txt tests/site/app/docs/security-test.txt \
	tests/site/app/docs/benchmark-test.txt tests/site/app/scripts/__init__.py tests/site/app/scripts/create_first_admin.py tests/site/app/tests/test_security.py \
	tests/site/app/tests/test_health.py tests/site/app/tests/test_modules.py \
	tests/site/app/tests/test_monitoring.py tests/site/alerts.yml \
	tests/site/next/SCHEMA tests/site/next/VERSION \
	tests/site/next/migrations/versions/0002_nickname.py \
	tests/site/next/migrations/versions/0003_names.py tests/site/light/Dockerfile \
	tests/site/light/Makefile tests/site/light/SCHEMA tests/site/light/VERSION \
	tests/site/light/alembic tests/site/light/api tests/site/light/compose

# A TCP relay that cuts, stalls and refuses what passes, by a seeded chance.
TEST_HELPERS += %D%/faultproxy
# Preloaded by tests/crash: dies or fails at the n-th call. Not for sanitized builds, whose
# library must come first.
if !SANITIZED
TEST_HELPERS += %D%/noconnect.so
tests_lib_noconnect_so_SOURCES = %D%/noconnect.c
tests_lib_noconnect_so_CFLAGS = -std=c11 $(WARN_CFLAGS) -fPIC
tests_lib_noconnect_so_LDFLAGS = -shared

TEST_HELPERS += %D%/crashpoint.so
endif
tests_lib_crashpoint_so_SOURCES = %D%/crashpoint.c
tests_lib_crashpoint_so_CFLAGS = -std=c11 $(WARN_CFLAGS) -fPIC
tests_lib_crashpoint_so_LDFLAGS = -shared
tests_lib_crashpoint_so_LDADD = -lpthread
