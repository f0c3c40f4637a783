# Unit tests of src/worker. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_worker_test_stem_LDADD = $(UNIT_WORKER_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_worker_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/worker/data/x.
# Run one:    make -s tests/unit/worker/test_stem && ./tests/unit/worker/test_stem   (in the build folder, tests/unit/worker spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

EXTRA_DIST += %D%/workkit.h
UNIT_TESTS += %D%/test_agent
tests_unit_worker_test_agent_LDADD = $(UNIT_WORKER_LIBS)
UNIT_TESTS += %D%/test_kexinit
tests_unit_worker_test_kexinit_LDADD = $(UNIT_WORKER_LIBS)
UNIT_TESTS += %D%/test_privkey
tests_unit_worker_test_privkey_LDADD = $(UNIT_WORKER_LIBS)
UNIT_TESTS += %D%/test_sshcore
tests_unit_worker_test_sshcore_LDADD = $(UNIT_WORKER_LIBS)
UNIT_TESTS += %D%/test_upline
tests_unit_worker_test_upline_LDADD = $(UNIT_WORKER_LIBS)
UNIT_TESTS += %D%/test_worker
tests_unit_worker_test_worker_LDADD = $(UNIT_WORKER_LIBS)
