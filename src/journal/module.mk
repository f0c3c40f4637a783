# src/journal: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libjournal.a
libjournal_a_SOURCES =
# libjournal_a_SOURCES += %D%/stem.c %D%/stem.h
