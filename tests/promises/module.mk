# The table of promises, what shows each (show), and the defects by which their tests are shown
# able to fail: minutes, so in the long suite alone.
EXTRA_DIST += %D%/show %D%/table %D%/defects %D%/defects.test
LONG_TESTS += %D%/defects.test
