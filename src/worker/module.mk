# src/worker: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libworker.a
libworker_a_CPPFLAGS = $(AM_CPPFLAGS) $(SSH2_CFLAGS) $(CRYPTO_CFLAGS)
libworker_a_SOURCES =
libworker_a_SOURCES += %D%/agent.c %D%/agent.h
libworker_a_SOURCES += %D%/channel.c %D%/channel.h
libworker_a_SOURCES += %D%/confine.c %D%/confine.h
libworker_a_SOURCES += %D%/dial.c %D%/dial.h
libworker_a_SOURCES += %D%/kexinit.c %D%/kexinit.h
libworker_a_SOURCES += %D%/login.c %D%/login.h
libworker_a_SOURCES += %D%/privkey.c %D%/privkey.h
libworker_a_SOURCES += %D%/questions.c %D%/questions.h
libworker_a_SOURCES += %D%/sshcore.c %D%/sshcore.h
libworker_a_SOURCES += %D%/upline.c %D%/upline.h
libworker_a_SOURCES += %D%/warm.c %D%/warm.h
libworker_a_SOURCES += %D%/worker.c %D%/worker.h

# The program that speaks SSH. It sits beside handrail in the build folder, where the
# console finds it when it is not installed.
pkglibexec_PROGRAMS += handrail-ssh
handrail_ssh_SOURCES = %D%/handrail_ssh.c
handrail_ssh_CPPFLAGS = $(libworker_a_CPPFLAGS)
handrail_ssh_LDADD = libworker.a libbase.a $(WORKER_EXT) $(BASE_EXT)
