# What it costs. A bench measures both sides in one process, in turn, and prints its table;
# it belongs to LONG_TESTS (make check-long), because a busy machine measures nothing.
#
#   TEST_HELPERS += %D%/thingbench     the program
#   LONG_TESTS += %D%/thing.test       the script that runs it and adds what others cost
#
# A price limit that holds on any machine is an ordinary test.

TEST_HELPERS += %D%/loadbench
tests_bench_loadbench_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS)
tests_bench_loadbench_LDADD = libload.a libmodel.a libbase.a $(LOAD_EXT) $(BASE_EXT)
LONG_TESTS += %D%/load.test
EXTRA_DIST += %D%/load.test

OTHER_TESTS += %D%/test_hostile
tests_bench_test_hostile_LDADD = $(UNIT_LOAD_LIBS)

TEST_HELPERS += %D%/verifybench
tests_bench_verifybench_LDADD = libjournal.a libevent.a libbase.a $(BASE_EXT)
LONG_TESTS += %D%/verifybench.test
EXTRA_DIST += %D%/verifybench.test

TEST_HELPERS += %D%/redactbench
tests_bench_redactbench_LDADD = libbase.a $(BASE_EXT)
LONG_TESTS += %D%/redact.test
EXTRA_DIST += %D%/redact.test

TEST_HELPERS += %D%/importbench
tests_bench_importbench_LDADD = libload.a libmodel.a libbase.a $(LOAD_EXT) $(BASE_EXT)
LONG_TESTS += %D%/import.test
EXTRA_DIST += %D%/import.test
LONG_TESTS += %D%/runs.test
EXTRA_DIST += %D%/runs.test
if HAVE_CMOCKA
TEST_HELPERS += %D%/fanoutbench
endif
tests_bench_fanoutbench_LDADD = $(UNIT_REMOTE_LIBS)
LONG_TESTS += %D%/fanout.test
EXTRA_DIST += %D%/fanout.test %D%/fanout-hosts.sh
if HAVE_VTERM
TEST_HELPERS += %D%/screenbench %D%/floor %D%/scalebench
endif
tests_bench_screenbench_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_screenbench_LDADD = libscreen.a $(VTERM_LIBS) $(PTY_LIBS) libbase.a $(BASE_EXT)
tests_bench_floor_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS) $(CURL_CFLAGS) $(PQ_CFLAGS) \
	$(UV_CFLAGS) $(YAML_CFLAGS) $(JANSSON_CFLAGS) $(CARES_CFLAGS)
tests_bench_floor_LDADD = $(UI_EXT) $(REMOTE_EXT) $(LOAD_EXT) $(LOOP_EXT) $(BASE_EXT)
LONG_TESTS += %D%/screen.test
EXTRA_DIST += %D%/screen.test
TEST_HELPERS += %D%/logsbench
tests_bench_logsbench_LDADD = liblive.a libbase.a $(BASE_EXT)
LONG_TESTS += %D%/logsbench.test
EXTRA_DIST += %D%/logsbench.test
tests_bench_scalebench_SOURCES = %D%/scalebench.c %D%/family.c
tests_bench_scalebench_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_scalebench_LDADD = libscreen.a $(VTERM_LIBS) $(PTY_LIBS) libbase.a $(BASE_EXT)
LONG_TESTS += %D%/scale.test
EXTRA_DIST += %D%/scale.test
noinst_HEADERS += %D%/family.h
TEST_HELPERS += %D%/probesbench
tests_bench_probesbench_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
tests_bench_probesbench_LDADD = $(APP_LIBS)
LONG_TESTS += %D%/probes.test
EXTRA_DIST += %D%/probes.test
TEST_HELPERS += %D%/followbench
tests_bench_followbench_SOURCES = %D%/followbench.c %D%/family.c
tests_bench_followbench_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_followbench_LDADD =
LONG_TESTS += %D%/follow50.test
EXTRA_DIST += %D%/follow50.test
TEST_HELPERS += %D%/boxesbench
tests_bench_boxesbench_LDADD = $(UNIT_REMOTE_LIBS)
LONG_TESTS += %D%/dockerps.test
EXTRA_DIST += %D%/dockerps.test
