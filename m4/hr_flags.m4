# HR_TRY_CFLAG(VAR, FLAG): append FLAG to VAR when the compiler takes it without a word.
AC_DEFUN([HR_TRY_CFLAG],
[AS_VAR_PUSHDEF([hr_cache], [hr_cv_cflag_$2])
AC_CACHE_CHECK([whether $CC takes $2], [hr_cache],
	[hr_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
		[AS_VAR_SET([hr_cache], [yes])], [AS_VAR_SET([hr_cache], [no])])
	CFLAGS=$hr_saved_CFLAGS])
AS_VAR_IF([hr_cache], [yes], [$1="$$1 $2"])
AS_VAR_POPDEF([hr_cache])])

# HR_TRY_LDFLAG(VAR, FLAG): the same for the linker.
AC_DEFUN([HR_TRY_LDFLAG],
[AS_VAR_PUSHDEF([hr_cache], [hr_cv_ldflag_$2])
AC_CACHE_CHECK([whether the linker takes $2], [hr_cache],
	[hr_saved_LDFLAGS=$LDFLAGS
	LDFLAGS="$LDFLAGS $2"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[AS_VAR_SET([hr_cache], [yes])], [AS_VAR_SET([hr_cache], [no])])
	LDFLAGS=$hr_saved_LDFLAGS])
AS_VAR_IF([hr_cache], [yes], [$1="$$1 $2"])
AS_VAR_POPDEF([hr_cache])])

AC_DEFUN([HR_ARG_WERROR],
[AC_ARG_ENABLE([werror],
	[AS_HELP_STRING([--enable-werror], [warnings are errors])],
	[hr_werror=$enableval], [hr_werror=no])])

# --enable-sanitizers is address and undefined; --enable-sanitizers=thread is the other build.
AC_DEFUN([HR_ARG_SANITIZERS],
[AC_ARG_ENABLE([sanitizers],
	[AS_HELP_STRING([--enable-sanitizers@<:@=thread@:>@],
		[run under ASan and UBSan, or under TSan])],
	[], [enable_sanitizers=no])
SAN_CFLAGS=
AS_CASE([$enable_sanitizers],
	[no], [hr_sanitizers=no],
	[yes], [hr_sanitizers=address,undefined],
	[thread], [hr_sanitizers=thread],
	[AC_MSG_ERROR([--enable-sanitizers takes nothing or "thread", not "$enable_sanitizers"])])
AS_IF([test "$hr_sanitizers" != no],
	[SAN_CFLAGS="-fsanitize=$hr_sanitizers -fno-omit-frame-pointer -fno-sanitize-recover=all"
	AC_DEFINE([HR_SANITIZED], [1], [built with a sanitizer: resource limits stay off])
	hr_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS $SAN_CFLAGS"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [],
		[AC_MSG_ERROR([$CC cannot link with $SAN_CFLAGS (clang needs libclang-rt-14-dev)])])
	CFLAGS=$hr_saved_CFLAGS])
AM_CONDITIONAL([SANITIZED], [test "$hr_sanitizers" != no])
AC_SUBST([SAN_CFLAGS])])

# Not format-truncation: messages have a fixed size and are meant to be cut there.
AC_DEFUN([HR_WARNINGS],
[WARN_CFLAGS="-Wall -Wextra"
m4_foreach_w([hr_flag], [-Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
	-Wwrite-strings -Wpointer-arith -Wformat=2 -Wformat-nonliteral -Wundef
	-Wno-missing-field-initializers -Wno-format-truncation],
	[HR_TRY_CFLAG([WARN_CFLAGS], hr_flag)
])
AS_IF([test "$hr_werror" = yes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
AC_SUBST([WARN_CFLAGS])])

AC_DEFUN([HR_HARDENING],
[HARDEN_CFLAGS=
HARDEN_LDFLAGS=
HARDEN_CPPFLAGS=
HR_TRY_CFLAG([HARDEN_CFLAGS], [-fstack-protector-strong])
HR_TRY_CFLAG([HARDEN_CFLAGS], [-fPIE])
HR_TRY_LDFLAG([HARDEN_LDFLAGS], [-pie])
HR_TRY_LDFLAG([HARDEN_LDFLAGS], [-Wl,-z,relro])
HR_TRY_LDFLAG([HARDEN_LDFLAGS], [-Wl,-z,now])
HR_TRY_LDFLAG([HARDEN_LDFLAGS], [-Wl,--as-needed])
# _FORTIFY_SOURCE wants an optimising compiler and hides reads from the sanitizers.
hr_hardening="stack protector, PIE, relro, now"
AS_CASE(["$hr_sanitizers: $CFLAGS "],
	[no:*" -O0 "*], [],
	[no:*" -O"*], [HARDEN_CPPFLAGS="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"
		hr_hardening="$hr_hardening, fortify"])
AC_SUBST([HARDEN_CPPFLAGS])
AC_SUBST([HARDEN_CFLAGS])
AC_SUBST([HARDEN_LDFLAGS])])

# The fastest linker that is here, for the test programs alone: there are hundreds of them.
AC_DEFUN([HR_TEST_LINKER],
[TEST_LD=
m4_foreach_w([hr_linker], [mold lld gold],
	[AS_IF([test -z "$TEST_LD"], [HR_TRY_LDFLAG([TEST_LD], [-fuse-ld=]hr_linker)])
])
AC_SUBST([TEST_LD])])
