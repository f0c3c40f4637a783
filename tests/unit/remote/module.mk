# Unit tests of src/remote. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_remote_test_stem_LDADD = $(UNIT_REMOTE_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_remote_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/remote/data/x.
# Run one:    make -s tests/unit/remote/test_stem && ./tests/unit/remote/test_stem   (in the build folder, tests/unit/remote spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

EXTRA_DIST += %D%/jobkit.h %D%/linkkit.h %D%/playkit.h
UNIT_TESTS += %D%/test_job
tests_unit_remote_test_job_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_job_ask
tests_unit_remote_test_job_ask_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_link
tests_unit_remote_test_link_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_look
tests_unit_remote_test_look_LDADD = $(UNIT_REMOTE_LIBS)
EXTRA_DIST += %D%/webkit.h
UNIT_TESTS += %D%/test_http
tests_unit_remote_test_http_LDADD = $(UNIT_REMOTE_LIBS)
EXTRA_DIST += %D%/sshkit.h
UNIT_TESTS += %D%/test_transport
tests_unit_remote_test_transport_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_cp1 %D%/test_lookpass
tests_unit_remote_test_cp1_LDADD = $(UNIT_REMOTE_LIBS)
tests_unit_remote_test_lookpass_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_copy
tests_unit_remote_test_copy_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_hr1
tests_unit_remote_test_hr1_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_knownhost
tests_unit_remote_test_knownhost_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_resolve
tests_unit_remote_test_resolve_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_worker_link
tests_unit_remote_test_worker_link_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_sim
tests_unit_remote_test_sim_LDADD = $(UNIT_REMOTE_LIBS)

UNIT_TESTS += %D%/test_sudo
tests_unit_remote_test_sudo_LDADD = $(UNIT_REMOTE_LIBS)

UNIT_TESTS += %D%/test_pace
tests_unit_remote_test_pace_LDADD = $(UNIT_REMOTE_LIBS)

UNIT_TESTS += %D%/test_twins
tests_unit_remote_test_twins_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_dnswire
tests_unit_remote_test_dnswire_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_redisline
tests_unit_remote_test_redisline_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_pgkeep
tests_unit_remote_test_pgkeep_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_pgsettings
tests_unit_remote_test_pgsettings_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_pgservice
tests_unit_remote_test_pgservice_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_url
tests_unit_remote_test_url_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_relay
tests_unit_remote_test_relay_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_reach
tests_unit_remote_test_reach_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_doorman
tests_unit_remote_test_doorman_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_keyring
tests_unit_remote_test_keyring_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_agentlist
tests_unit_remote_test_agentlist_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_followmux
tests_unit_remote_test_followmux_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_follow
tests_unit_remote_test_follow_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_httpwire
tests_unit_remote_test_httpwire_LDADD = $(UNIT_REMOTE_LIBS)
UNIT_TESTS += %D%/test_engine
tests_unit_remote_test_engine_LDADD = $(UNIT_REMOTE_LIBS)
