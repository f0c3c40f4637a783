# src/audit: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libaudit.a
libaudit_a_SOURCES =
# libaudit_a_SOURCES += %D%/stem.c %D%/stem.h
