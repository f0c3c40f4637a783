# src/remote: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libremote.a
libremote_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(PQ_CFLAGS) $(HIREDIS_CFLAGS) $(SSL_CFLAGS) $(CARES_CFLAGS) \
	-DHR_LIBEXECDIR='"$(pkglibexecdir)"'
libremote_a_SOURCES =
libremote_a_SOURCES += %D%/copy.c %D%/copy.h
libremote_a_SOURCES += %D%/cp1.c %D%/cp1.h
libremote_a_SOURCES += %D%/curlloop.c %D%/curlloop.h
libremote_a_SOURCES += %D%/dns.c %D%/dns.h
libremote_a_SOURCES += %D%/dnswire.c %D%/dnswire.h
libremote_a_SOURCES += %D%/agentlist.c %D%/agentlist.h
libremote_a_SOURCES += %D%/doorman.c %D%/doorman.h
libremote_a_SOURCES += %D%/engine.c %D%/engine.h
libremote_a_SOURCES += %D%/hostfence.c %D%/hostfence.h
libremote_a_SOURCES += %D%/fleet.c %D%/fleet.h
libremote_a_SOURCES += %D%/follow.c %D%/follow.h
libremote_a_SOURCES += %D%/followinner.h %D%/followread.c
libremote_a_SOURCES += %D%/followmux.c %D%/followmux.h
libremote_a_SOURCES += %D%/followsim.c
libremote_a_SOURCES += %D%/followtext.c %D%/followtext.h
libremote_a_SOURCES += %D%/hr1.c %D%/hr1.h
libremote_a_SOURCES += %D%/http.c %D%/http.h
libremote_a_SOURCES += %D%/httpwire.c %D%/httpwire.h
libremote_a_SOURCES += %D%/job.c %D%/job.h %D%/job_ask.c %D%/jobinner.h
libremote_a_SOURCES += %D%/keyring.c %D%/keyring.h
libremote_a_SOURCES += %D%/knownhost.c %D%/knownhost.h
libremote_a_SOURCES += %D%/link.c %D%/link.h %D%/link_exec.c %D%/link_second.c \
	%D%/link_up.c %D%/link_words.c
libremote_a_SOURCES += %D%/linkinner.h
libremote_a_SOURCES += %D%/local.c
libremote_a_SOURCES += %D%/look.c
libremote_a_SOURCES += %D%/lookpass.c %D%/lookpass.h
libremote_a_SOURCES += %D%/openssh.c
libremote_a_SOURCES += %D%/opensshclient.c %D%/opensshinner.h
libremote_a_SOURCES += %D%/remotelibs.c %D%/remotelibs.h
libremote_a_SOURCES += %D%/pace.c %D%/pace.h
libremote_a_SOURCES += %D%/pgcancel.c %D%/pgcancel.h
libremote_a_SOURCES += %D%/pgconn.c %D%/pgconn.h %D%/pgservice.c %D%/pgservice.h
libremote_a_SOURCES += %D%/pgdial.c %D%/pgdial.h %D%/pgkeep.c %D%/pgkeep.h
libremote_a_SOURCES += %D%/pgsettings.c %D%/pgsettings.h
libremote_a_SOURCES += %D%/reach.c %D%/reach.h
libremote_a_SOURCES += %D%/redisline.c %D%/redisline.h
libremote_a_SOURCES += %D%/relay.c %D%/relay.h
libremote_a_SOURCES += %D%/resolve.c %D%/resolve.h
libremote_a_SOURCES += %D%/sim.c %D%/sim.h
libremote_a_SOURCES += %D%/simrun.c %D%/simrun.h
libremote_a_SOURCES += %D%/sock.c %D%/sock.h
libremote_a_SOURCES += %D%/sshconf.c %D%/sshconf.h
libremote_a_SOURCES += %D%/sshwords.c %D%/sshwords.h
libremote_a_SOURCES += %D%/sudo.c %D%/sudo.h
libremote_a_SOURCES += %D%/transport.h
libremote_a_SOURCES += %D%/twins.c %D%/twins.h
libremote_a_SOURCES += %D%/tunnel.c %D%/tunnel.h
libremote_a_SOURCES += %D%/url.c %D%/url.h
libremote_a_SOURCES += %D%/worker_link.c
libremote_a_SOURCES += %D%/workers.c %D%/workers.h

%D%/libremote_a-cp1.$(OBJEXT): %D%/cp1/cp1_scripts.h
%D%/libremote_a-followtext.$(OBJEXT): %D%/fl1/fl1_scripts.h

# Generated before anything is compiled from a whole build; here for single targets.
%D%/libremote_a-hr1.$(OBJEXT): %D%/hr1/hr1_scripts.h

include src/remote/cp1/module.mk
include src/remote/fl1/module.mk
include src/remote/hr1/module.mk
