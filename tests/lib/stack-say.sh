# shellcheck shell=bash
# Small things that the stack scripts share.

# Whether the service $1 was asked for.
with() {
	case ,$HR_STACK_WITH, in
	*,"$1",*) return 0 ;;
	esac
	return 1
}

# This machine can't: a skip with its reason, a failure in CI.
cannot() {
	echo "stack: cannot run here: $*" >&2
	if [ -n "$HR_STACK_TAP" ] && [ -n "${CI:-}" ]; then
		printf '1..1\nnot ok 1 - no target stack in CI: %s\n' "$*"
	elif [ -n "$HR_STACK_TAP" ]; then
		echo "1..0 # SKIP $*"
	fi
	exit "$cannot_status"
}

# What that exit becomes: with --tap a skip is a success, and a part of the stack that gives
# up in a process of its own must not look like one, so only the last to end says it.
cannot_status=240
cannot_translate() { # STATUS
	[ "$1" = "$cannot_status" ] || exit "$1"
	[ -z "${CI:-}" ] || exit 99
	[ -z "$HR_STACK_TAP" ] || exit 0
	exit 77
}

# Something of ours doesn't work: always a failure. $1 is the log to show, or "".
broken() {
	local log=$1
	shift
	echo "stack: $*" >&2
	[ -z "$log" ] || tail -n 20 "$log" | sed 's/^/stack: | /' >&2
	[ -z "$HR_STACK_TAP" ] || echo "Bail out! target stack: $*"
	exit 99
}

# Polls until "$@" succeeds; gives up after $1 seconds.
until_ok() {
	local limit_s=$1 start=$SECONDS
	shift
	until "$@" >/dev/null 2>&1; do
		[ $((SECONDS - start)) -lt "$limit_s" ] || return 1
		sleep 0.03
	done
}

# The newest installed PostgreSQL's program folder.
pg_bin() {
	local newest
	newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
	[ -x "$newest" ] && dirname "$newest"
}
