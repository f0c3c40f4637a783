# src/event: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libevent.a
libevent_a_SOURCES =
# libevent_a_SOURCES += %D%/stem.c %D%/stem.h
