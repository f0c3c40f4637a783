# HR_NEED(VAR, pkg-config modules, Debian package)
# A library the programs cannot be built without. Missing ones are collected, so that one
# run of configure names them all.
AC_DEFUN([HR_NEED],
[PKG_CHECK_MODULES([$1], [$2], [],
	[hr_missing="$hr_missing $3"])])

# HR_WANT(VAR, pkg-config modules, Debian package, what is lost without it)
AC_DEFUN([HR_WANT],
[PKG_CHECK_MODULES([$1], [$2], [hr_have_$1=yes],
	[hr_have_$1=no
	hr_optional="$hr_optional
    $3: $4"])
AM_CONDITIONAL([HAVE_$1], [test "$hr_have_$1" = yes])])

# HR_NEED_REPORT: stops with the whole list of what is missing.
AC_DEFUN([HR_NEED_REPORT],
[AS_IF([test -n "$hr_missing"],
	[hr_missing=`echo $hr_missing | tr ' ' '\n' | sort -u | tr '\n' ' '`
	AC_MSG_ERROR([libraries are missing. On Debian or Ubuntu:

    sudo apt-get install --no-install-recommends $hr_missing

or let ./quickstart build do it.])])])

# HR_SUMMARY: what was decided, and which optional packages would add something. Silent with
# configure -q.
AC_DEFUN([HR_SUMMARY],
[AS_IF([test "$silent" != yes], [AS_ECHO(["
handrail $PACKAGE_VERSION

    compiler      $CC
    CFLAGS        $CFLAGS
    warnings      errors: $hr_werror
    sanitizers    $hr_sanitizers
    hardening     $hr_hardening
    unit tests    $hr_have_CMOCKA
    screen tests  $hr_have_VTERM
    prefix        $prefix
"])])
AS_IF([test -n "$hr_optional"],
	[AS_ECHO(["Optional Debian packages that are missing:$hr_optional
"])])])
