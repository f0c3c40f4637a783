# Unit tests of src/share. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_share_test_stem_LDADD = $(UNIT_SHARE_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_share_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/share/data/x.
# Run one:    make -s tests/unit/share/test_stem && ./tests/unit/share/test_stem   (in the build folder, tests/unit/share spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

UNIT_TESTS += %D%/test_bookwalk
tests_unit_share_test_bookwalk_LDADD = $(UNIT_SHARE_LIBS)
UNIT_TESTS += %D%/test_cursor
tests_unit_share_test_cursor_LDADD = $(UNIT_SHARE_LIBS)
UNIT_TESTS += %D%/test_letter
tests_unit_share_test_letter_LDADD = $(UNIT_SHARE_LIBS)
UNIT_TESTS += %D%/test_storesql
tests_unit_share_test_storesql_LDADD = $(UNIT_SHARE_LIBS)
