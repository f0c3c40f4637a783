# Unit tests of src/event. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_event_test_stem_LDADD = $(UNIT_EVENT_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_event_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/event/data/x.
# Run one:    make -s tests/unit/event/test_stem && ./tests/unit/event/test_stem   (in the build folder, tests/unit/event spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

UNIT_TESTS += %D%/test_canon
tests_unit_event_test_canon_LDADD = $(UNIT_EVENT_LIBS)
UNIT_TESTS += %D%/test_event
tests_unit_event_test_event_LDADD = $(UNIT_EVENT_LIBS)
EXTRA_DIST += %D%/data/allowed_signers %D%/data/heads %D%/data/journal.jsonl
UNIT_TESTS += %D%/test_line
tests_unit_event_test_line_LDADD = $(UNIT_EVENT_LIBS)
