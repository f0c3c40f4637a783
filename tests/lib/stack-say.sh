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
	if [ -n "${CI:-}" ]; then
		[ -z "$HR_STACK_TAP" ] || printf '1..1\nnot ok 1 - no target stack in CI: %s\n' "$*"
		exit 99
	fi
	[ -z "$HR_STACK_TAP" ] || { echo "1..0 # SKIP $*"; exit 0; }
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
