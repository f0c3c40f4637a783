# Screens of the real binary ($HANDRAIL) in a pseudo-terminal, read back through libvterm.
#
#   SCREEN_TESTS += %D%/test_walk
#   tests_screen_test_walk_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_restore
tests_screen_test_restore_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_restore_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_tour
tests_screen_test_tour_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_tour_LDADD = $(SCREEN_LIBS)

# The terminal layer alone, with a small program on it.
TEST_HELPERS += %D%/drawer
tests_screen_drawer_LDADD = $(UNIT_UI_LIBS)

SCREEN_TESTS += %D%/test_term
tests_screen_test_term_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_term_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_logs
tests_screen_test_logs_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_logs_LDADD = $(SCREEN_LIBS)
