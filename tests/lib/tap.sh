# shellcheck shell=bash
# TAP for shell tests: `. "$SRCDIR/tests/lib/tap.sh"`, then one `ok` per claim and `tap_done`
# at the end. What a failed claim printed follows it as comments.

# shellcheck source=tests/lib/pause.sh
. "${BASH_SOURCE[0]%/*}/pause.sh"

tap_n=0
tap_bad=0

ok() { # DESCRIPTION COMMAND...
	local what=$1 out
	shift
	tap_n=$((tap_n + 1))
	if out=$("$@" 2>&1); then
		echo "ok $tap_n - $what"
	else
		echo "not ok $tap_n - $what"
		printf '%s\n' "$*" "$out" | sed 's/^/# /'
		tap_bad=$((tap_bad + 1))
	fi
}

# Succeeds when COMMAND ends with the status named first.
says() { # STATUS COMMAND...
	local want=$1 rc=0
	shift
	"$@" </dev/null || rc=$?
	[ "$rc" = "$want" ] || {
		echo "exit $rc, not $want"
		return 1
	}
}

tap_done() {
	echo "1..$tap_n"
	[ "$tap_bad" = 0 ] || exit 1
	exit 0
}
