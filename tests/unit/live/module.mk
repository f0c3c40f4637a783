# Unit tests of src/live. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_live_test_stem_LDADD = $(UNIT_LIVE_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_live_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/live/data/x.
# Run one:    make -s tests/unit/live/test_stem && ./tests/unit/live/test_stem   (in the build folder, tests/unit/live spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

noinst_HEADERS += %D%/boxkit.h %D%/livekit.h

UNIT_TESTS += %D%/test_assemble
tests_unit_live_test_assemble_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_board
tests_unit_live_test_board_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_loglevel
tests_unit_live_test_loglevel_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_logtime
tests_unit_live_test_logtime_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_logparse
tests_unit_live_test_logparse_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_logstore
tests_unit_live_test_logstore_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_query
tests_unit_live_test_query_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_journalrec
tests_unit_live_test_journalrec_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_logs
tests_unit_live_test_logs_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_box
tests_unit_live_test_box_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_boxes
tests_unit_live_test_boxes_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_boxfacts
tests_unit_live_test_boxfacts_LDADD = $(UNIT_LIVE_LIBS)

UNIT_TESTS += %D%/test_boxread
tests_unit_live_test_boxread_LDADD = $(UNIT_LIVE_LIBS)
UNIT_TESTS += %D%/test_vital
tests_unit_live_test_vital_LDADD = $(UNIT_LIVE_LIBS)
