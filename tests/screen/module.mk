# Screens of the real binary ($HANDRAIL) in a pseudo-terminal, read back through libvterm.
#
#   SCREEN_TESTS += %D%/test_walk
#   tests_screen_test_walk_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_restore
tests_screen_test_restore_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_restore_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_rollback
tests_screen_test_rollback_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_rollback_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_rolling
tests_screen_test_rolling_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_rolling_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_tour
tests_screen_test_tour_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_tour_LDADD = $(SCREEN_LIBS)

# The terminal layer alone, with a small program on it.
TEST_HELPERS += %D%/drawer
tests_screen_drawer_LDADD = $(UNIT_UI_LIBS)

SCREEN_TESTS += %D%/test_term
tests_screen_test_term_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_term_LDADD = $(SCREEN_LIBS)

# A connection that goes under a running step; it needs tests/lib/faultproxy.
SCREEN_TESTS += %D%/test_lost
tests_screen_test_lost_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_lost_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_dropped
tests_screen_test_dropped_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_dropped_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_boxes
tests_screen_test_boxes_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_boxes_LDADD = $(SCREEN_LIBS)
# Keys nobody meant, on every screen; 10,000 a screen in the long suite.
SCREEN_TESTS += %D%/test_keystorm
LONG_TESTS += %D%/test_keystorm
tests_screen_test_keystorm_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_keystorm_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_console
LONG_TESTS += %D%/test_console
tests_screen_test_console_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_console_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_home
tests_screen_test_home_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_home_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_hard
tests_screen_test_hard_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_hard_LDADD = $(SCREEN_LIBS)

SCREEN_TESTS += %D%/test_blackhole
tests_screen_test_blackhole_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_blackhole_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_logs
tests_screen_test_logs_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_logs_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_health
tests_screen_test_health_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_health_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_copywatch
tests_screen_test_copywatch_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_copywatch_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_guard
tests_screen_test_guard_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_guard_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_two
tests_screen_test_two_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_two_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_inputs
tests_screen_test_inputs_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_inputs_LDADD = $(SCREEN_LIBS)

# A release taken back on the site of the stack: in the long suite alone.
if HAVE_VTERM
TEST_HELPERS += %D%/test_site
LONG_TESTS += %D%/test_site
endif
tests_screen_test_site_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_site_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_redline
tests_screen_test_redline_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_redline_LDADD = $(SCREEN_LIBS)
# The record alone says what there was.
SCREEN_TESTS += %D%/test_refold
tests_screen_test_refold_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_refold_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_due
tests_screen_test_due_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_due_LDADD = $(SCREEN_LIBS)
SCRIPT_TESTS += %D%/pictures.test
SCREEN_TESTS += %D%/test_audit
tests_screen_test_audit_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_audit_LDADD = $(SCREEN_LIBS)
SCRIPT_TESTS += %D%/pictures.test
SCREEN_TESTS += %D%/test_colleagues
tests_screen_test_colleagues_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_colleagues_LDADD = $(SCREEN_LIBS)
SCREEN_TESTS += %D%/test_attach
tests_screen_test_attach_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_screen_test_attach_LDADD = $(SCREEN_LIBS)
