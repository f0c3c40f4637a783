# src/live: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += liblive.a
liblive_a_SOURCES =
# liblive_a_SOURCES += %D%/stem.c %D%/stem.h
