# src/run: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += librun.a
librun_a_SOURCES =
# librun_a_SOURCES += %D%/stem.c %D%/stem.h
