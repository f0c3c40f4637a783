# Frames of the pure views against text. A program is declared as in tests/unit/view:
#
#   OTHER_TESTS += %D%/test_frames
#   tests_golden_test_frames_LDADD = $(UNIT_VIEW_LIBS)
#   EXTRA_DIST += %D%/plan-80x24.txt
