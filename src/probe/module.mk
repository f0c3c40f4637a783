# src/probe: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libprobe.a
libprobe_a_SOURCES =
libprobe_a_SOURCES += %D%/hostlook.c %D%/hostlook.h
libprobe_a_SOURCES += %D%/hostscript.c %D%/hostscript.h
libprobe_a_SOURCES += %D%/linetime.c %D%/linetime.h
libprobe_a_SOURCES += %D%/metricline.c %D%/metricline.h
libprobe_a_SOURCES += %D%/netlook.c %D%/netlook.h
libprobe_a_SOURCES += %D%/probe.c %D%/probe.h
libprobe_a_SOURCES += %D%/probe_burst.c %D%/probe_ci.c
libprobe_a_SOURCES += %D%/probe_command.c %D%/probe_cors.c
libprobe_a_SOURCES += %D%/probe_host.c
libprobe_a_SOURCES += %D%/probe_dns.c
libprobe_a_SOURCES += %D%/probe_http.c
libprobe_a_SOURCES += %D%/probe_log.c
libprobe_a_SOURCES += %D%/probe_metrics.c
libprobe_a_SOURCES += %D%/probe_redis.c
libprobe_a_SOURCES += %D%/probe_sim.c %D%/probe_sim.h
libprobe_a_SOURCES += %D%/probe_sql.c
libprobe_a_SOURCES += %D%/probe_tcp.c
libprobe_a_SOURCES += %D%/probe_tls.c
libprobe_a_SOURCES += %D%/probeway.h
libprobe_a_SOURCES += %D%/webfacts.c %D%/webfacts.h
libprobe_a_SOURCES += %D%/weblook.c %D%/weblook.h
libprobe_a_SOURCES += %D%/words.c %D%/words.h

# Generated before anything is compiled from a whole build; here for single targets.
%D%/hostscript.$(OBJEXT): %D%/sh/probe_scripts.h

include src/probe/sh/module.mk
