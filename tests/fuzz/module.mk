# Bytes from outside: a stored corpus with a verdict for each input (tests/data/corpus), and
# a fuzz target for each parser. In check the targets run the corpus and seeded changes of it
# under the main of fuzz_main.c; `make fuzz` builds them with clang's libFuzzer in a folder
# of its own and runs each for FUZZ_S seconds.
#
# A new parser: a row in parsers.h, its function in parsers.c, fuzz_NAME.c with one line,
# its name below, and tests/data/corpus/NAME/verdicts.

FUZZ_NAMES = yaml expect page answers project bindings theme journal logbytes keys wire talk hr1 ssh known_hosts \
	armour statement httpwire boxread zone
FUZZ_MAIN = libfuzzmain.a
FUZZ_LIBS = libparsers.a $(APP_LIBS) $(TEST_LD)

check_LIBRARIES += libparsers.a libfuzzmain.a
libparsers_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
libparsers_a_SOURCES = %D%/corpus.c %D%/corpus.h %D%/parsers.c %D%/parsers.h %D%/parsers_net.c
libfuzzmain_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
libfuzzmain_a_SOURCES = %D%/fuzz_main.c

OTHER_TESTS += %D%/test_corpus
tests_fuzz_test_corpus_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_test_corpus_LDADD = $(FUZZ_LIBS) $(UNIT_KIT)

OTHER_TESTS += %D%/fuzz_yaml
tests_fuzz_fuzz_yaml_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_yaml_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_expect
tests_fuzz_fuzz_expect_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_expect_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_page
tests_fuzz_fuzz_page_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_page_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_answers
tests_fuzz_fuzz_answers_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_answers_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_project
tests_fuzz_fuzz_project_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_project_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_bindings
tests_fuzz_fuzz_bindings_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_bindings_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_theme
tests_fuzz_fuzz_theme_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_theme_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_journal
tests_fuzz_fuzz_journal_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_journal_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_logbytes
tests_fuzz_fuzz_logbytes_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_logbytes_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_keys
tests_fuzz_fuzz_keys_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_keys_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_wire
tests_fuzz_fuzz_wire_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_wire_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_talk
tests_fuzz_fuzz_talk_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_talk_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_hr1
tests_fuzz_fuzz_hr1_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_hr1_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_ssh
tests_fuzz_fuzz_ssh_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_ssh_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_known_hosts
tests_fuzz_fuzz_known_hosts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_known_hosts_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_armour
tests_fuzz_fuzz_armour_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_armour_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_statement
tests_fuzz_fuzz_statement_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_statement_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_zone
tests_fuzz_fuzz_zone_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_zone_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_httpwire
tests_fuzz_fuzz_httpwire_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_httpwire_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)
OTHER_TESTS += %D%/fuzz_boxread
tests_fuzz_fuzz_boxread_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_boxread_LDADD = $(FUZZ_MAIN) $(FUZZ_LIBS)

LONG_TESTS += $(FUZZ_NAMES:%=tests/fuzz/fuzz_%)
FUZZ_S = 60
fuzz:
	@$(MKDIR_P) fuzz-build/found && cd fuzz-build && \
	$(abs_srcdir)/configure -q CC=clang CFLAGS='-g -O1 -fsanitize=fuzzer-no-link' \
		--enable-sanitizers && \
	$(MAKE) FUZZ_MAIN= LDFLAGS=-fsanitize=fuzzer $(FUZZ_NAMES:%=tests/fuzz/fuzz_%) && \
	for name in $(FUZZ_NAMES); do \
		$(MKDIR_P) found/$$name && echo "== $$name" && \
		./tests/fuzz/fuzz_$$name -max_total_time=$(FUZZ_S) -rss_limit_mb=2048 \
			-print_final_stats=1 found/$$name \
			$(abs_srcdir)/tests/data/corpus/$$name || exit 1; \
	done
EXTRA_DIST += tests/data/corpus
