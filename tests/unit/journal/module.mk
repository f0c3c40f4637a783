# Unit tests of src/journal. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_journal_test_stem_LDADD = $(UNIT_JOURNAL_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_journal_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/journal/data/x.
# Run one:    make -s tests/unit/journal/test_stem && ./tests/unit/journal/test_stem   (in the build folder, tests/unit/journal spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

noinst_HEADERS += %D%/book.h %D%/records.h
UNIT_TESTS += %D%/test_scan
tests_unit_journal_test_scan_LDADD = $(UNIT_JOURNAL_LIBS)
UNIT_TESTS += %D%/test_heads
tests_unit_journal_test_heads_LDADD = $(UNIT_JOURNAL_LIBS)
UNIT_TESTS += %D%/test_verify
tests_unit_journal_test_verify_LDADD = $(UNIT_JOURNAL_LIBS)
UNIT_TESTS += %D%/test_blob
tests_unit_journal_test_blob_LDADD = $(UNIT_JOURNAL_LIBS)
UNIT_TESTS += %D%/test_journal
tests_unit_journal_test_journal_LDADD = $(UNIT_JOURNAL_LIBS)
UNIT_TESTS += %D%/test_batch
tests_unit_journal_test_batch_LDADD = $(UNIT_JOURNAL_LIBS)
UNIT_TESTS += %D%/test_examine
tests_unit_journal_test_examine_LDADD = $(UNIT_JOURNAL_LIBS)
UNIT_TESTS += %D%/test_relocate
tests_unit_journal_test_relocate_LDADD = $(UNIT_JOURNAL_LIBS)
