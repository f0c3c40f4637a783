# Documents for people, installed as they are. The pictures are drawn by the real program:
# `make pictures` renews those that are no longer what it draws, tests/screen/pictures.test
# finds them.
docsdir = $(docdir)
screensdir = $(docdir)/screens
dist_docs_DATA =
dist_screens_DATA =
EXTRA_DIST += %D%/pictures.list tools/pictures

if HAVE_VTERM
TEST_HELPERS += tools/picture
# Not of `all`, which wants the pictures to be there.
pictures: $(BUILT_SOURCES)
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) $(bin_PROGRAMS) $(pkglibexec_PROGRAMS) \
		$(nodist_terminfo_DATA) tools/picture$(EXEEXT)
	HANDRAIL='$(abs_top_builddir)/handrail' SRCDIR='$(abs_top_srcdir)' \
		BUILDDIR='$(abs_top_builddir)' LC_ALL=C.UTF-8 TZ=UTC $(srcdir)/tools/pictures make
else
pictures:
	@echo 'make pictures needs libvterm (deps/debian)' >&2; exit 1
endif
.PHONY: pictures
tools_picture_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tools_picture_LDADD = $(SCREEN_LIBS)

dist_docs_DATA += %D%/README.md %D%/tutorial.md %D%/cookbook.md %D%/editors.md
dist_screens_DATA += %D%/screens/README.md
dist_screens_DATA += %D%/screens/home.md %D%/screens/home.svg
dist_screens_DATA += %D%/screens/plan.md %D%/screens/plan.svg
dist_screens_DATA += %D%/screens/run.md %D%/screens/run.svg %D%/screens/input.svg %D%/screens/skip.svg
dist_screens_DATA += %D%/screens/confirm.md %D%/screens/confirm.svg %D%/screens/severe.svg
dist_screens_DATA += %D%/screens/back.md %D%/screens/back.svg
dist_screens_DATA += %D%/screens/sign.md %D%/screens/sign.svg
dist_screens_DATA += %D%/screens/health.md %D%/screens/health.svg %D%/screens/health-detail.svg
dist_screens_DATA += %D%/screens/logs.md %D%/screens/logs.svg
dist_screens_DATA += %D%/screens/containers.md %D%/screens/containers.svg %D%/screens/containers-inspect.svg
dist_screens_DATA += %D%/screens/audit.md %D%/screens/audit.svg
dist_screens_DATA += %D%/screens/learn.md %D%/screens/learn.svg
dist_screens_DATA += %D%/screens/help.md %D%/screens/help.svg %D%/screens/commands.svg
