# src/ui: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
libui_a_SOURCES =
libui_a_SOURCES += %D%/keys.c %D%/keys.h
libui_a_SOURCES += %D%/paint.c %D%/paint.h
libui_a_SOURCES += %D%/palette.c %D%/palette.h
libui_a_SOURCES += %D%/term.c %D%/term.h
libui_a_SOURCES += %D%/termsafe.c %D%/termsafe.h
libui_a_SOURCES += %D%/uilibs.c %D%/uilibs.h

# Descriptions of true colour terminals, found by the console alone. Without tic it makes do
# with 256 colours.
EXTRA_DIST += terminfo/handrail.ti
if HAVE_TIC
terminfodir = $(pkgdatadir)/terminfo/h
nodist_terminfo_DATA = terminfo/h/handrail-tmux terminfo/h/handrail-xterm
CLEANFILES += $(nodist_terminfo_DATA)
terminfo/h/handrail-xterm: terminfo/handrail.ti
	$(AM_V_GEN)$(MKDIR_P) terminfo && $(TIC) -x -o terminfo $(srcdir)/terminfo/handrail.ti
terminfo/h/handrail-tmux: terminfo/h/handrail-xterm
	@test -f $@
endif
