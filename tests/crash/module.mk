# Crashes and injected faults. Scripts as in tests/flow, programs as in tests/screen.

OTHER_TESTS += %D%/test_book
tests_crash_test_book_LDADD = $(UNIT_JOURNAL_LIBS)
LONG_TESTS += %D%/test_book

OTHER_TESTS += %D%/test_crashpoint
tests_crash_test_crashpoint_LDADD = $(CMOCKA_LIBS)

SCRIPT_TESTS += %D%/cuts.test
LONG_TESTS += %D%/cuts.test
SCRIPT_TESTS += %D%/disk.test
LONG_TESTS += %D%/disk.test
EXTRA_DIST += %D%/scene.sh
SCRIPT_TESTS += %D%/kill.test
LONG_TESTS += %D%/kill.test
SCRIPT_TESTS += %D%/restore-kill.test
LONG_TESTS += %D%/restore-kill.test
EXTRA_DIST += %D%/site-kill.test %D%/site-walks.sh
LONG_TESTS += %D%/site-kill.test
