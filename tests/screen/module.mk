# Screens of the real binary ($HANDRAIL) in a pseudo-terminal, read back through libvterm.
#
#   SCREEN_TESTS += %D%/test_walk
#   tests_screen_test_walk_LDADD = $(SCREEN_LIBS)
