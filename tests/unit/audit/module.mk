# Unit tests of src/audit. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_audit_test_stem_LDADD = $(UNIT_AUDIT_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_audit_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/audit/data/x.
# Run one:    make -s tests/unit/audit/test_stem && ./tests/unit/audit/test_stem   (in the build folder, tests/unit/audit spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

UNIT_TESTS += %D%/test_keyfile
tests_unit_audit_test_keyfile_LDADD = $(UNIT_AUDIT_LIBS)
UNIT_TESTS += %D%/test_stated
tests_unit_audit_test_stated_LDADD = $(UNIT_AUDIT_LIBS)
noinst_HEADERS += %D%/signed.h %D%/signers.h
UNIT_TESTS += %D%/test_sign
tests_unit_audit_test_sign_LDADD = $(UNIT_AUDIT_LIBS)
UNIT_TESTS += %D%/test_vouch
tests_unit_audit_test_vouch_LDADD = $(UNIT_AUDIT_LIBS)
UNIT_TESTS += %D%/test_report
tests_unit_audit_test_report_LDADD = $(UNIT_AUDIT_LIBS)
tests_unit_audit_test_report_SOURCES = %D%/test_report.c tests/unit/run/fixture.c
LONG_TESTS += %D%/test_vouch
