# src/probe: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libprobe.a
libprobe_a_SOURCES =
libprobe_a_SOURCES += %D%/probe.c %D%/probe.h
libprobe_a_SOURCES += %D%/probe_command.c
libprobe_a_SOURCES += %D%/probe_http.c
libprobe_a_SOURCES += %D%/probeway.h
