# Unit tests of src/app. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_app_test_stem_LDADD = $(UNIT_APP_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_app_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/app/data/x.
# Run one:    make -s tests/unit/app/test_stem && ./tests/unit/app/test_stem   (in the build folder, tests/unit/app spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

UNIT_TESTS += %D%/test_args
tests_unit_app_test_args_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_cmdinput
tests_unit_app_test_cmdinput_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_library
tests_unit_app_test_library_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_trust
tests_unit_app_test_trust_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_session
tests_unit_app_test_session_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_skeleton
tests_unit_app_test_skeleton_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_showmd
tests_unit_app_test_showmd_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_readings
tests_unit_app_test_readings_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_watching
tests_unit_app_test_watching_LDADD = $(UNIT_APP_LIBS)
UNIT_TESTS += %D%/test_auditing
tests_unit_app_test_auditing_LDADD = $(UNIT_APP_LIBS)
