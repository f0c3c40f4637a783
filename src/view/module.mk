# src/view: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libview.a
libview_a_SOURCES =
# libview_a_SOURCES += %D%/stem.c %D%/stem.h
