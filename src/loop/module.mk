# src/loop: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libloop.a
libloop_a_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS)
libloop_a_SOURCES =
libloop_a_SOURCES += %D%/askpass.c %D%/askpass.h
libloop_a_SOURCES += %D%/child.c
libloop_a_SOURCES += %D%/inner.h
libloop_a_SOURCES += %D%/loop.c %D%/loop.h
libloop_a_SOURCES += %D%/meet.c %D%/meet.h
libloop_a_SOURCES += %D%/rundir.c %D%/rundir.h
libloop_a_SOURCES += %D%/talker.c %D%/talker.h
