# src/probe: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libprobe.a
libprobe_a_SOURCES =
# libprobe_a_SOURCES += %D%/stem.c %D%/stem.h
