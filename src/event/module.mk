# src/event: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libevent.a
libevent_a_SOURCES =
libevent_a_SOURCES += %D%/canon.c %D%/canon.h
libevent_a_SOURCES += %D%/event.c %D%/event.h
libevent_a_SOURCES += %D%/event_table.h
libevent_a_SOURCES += %D%/line.c %D%/line.h
