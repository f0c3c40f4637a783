# src/load: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libload.a
libload_a_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS) $(MD4C_CFLAGS)
libload_a_SOURCES =
# libload_a_SOURCES += %D%/stem.c %D%/stem.h
