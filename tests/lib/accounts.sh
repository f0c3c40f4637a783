# shellcheck shell=bash
# Sourced by tests with several accounts on one machine, inside a namespace of processes and mounts of
# their own: hranna and hrbob are of the group that meets in $dir/shared, hreve is not; each has a
# home of its own. $dir is the folder of the test, and where it stands; $hr is what they run.
# shellcheck disable=SC2034 # what is set here is read by whoever includes it

dir=$(mktemp -d "${TMPDIR:-/tmp}/accounts.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
cd "$dir" || exit 1
mkdir bin
# the accounts below may not enter the folder of the build
cp "${HANDRAIL:?}" "$(dirname "$HANDRAIL")/handrail-ssh" bin/
hr=$dir/bin/handrail

cp /etc/passwd passwd
cp /etc/group group
echo "hrtwo:x:4100:hranna,hrbob" >>group
n=4101
for who in hranna hrbob hreve; do
	echo "$who:x:$n:$n::$dir/$who:/bin/bash" >>passwd
	echo "$who:x:$n:" >>group
	install -d -o $n -g $n -m 700 "$who" "$who/run"
	n=$((n + 1))
done
chmod 644 passwd group
mount --bind passwd /etc/passwd && mount --bind group /etc/group || exit 1
install -d -o 0 -g 4100 -m 3770 shared
install -d -o 4101 -g 4101 -m 755 work
host=$(hostname | cut -d. -f1)

as() { # ACCOUNT COMMAND...
	local who=$1
	shift
	setpriv --reuid="$who" --regid="$who" --init-groups env -i PATH="$PATH" \
		HOME="$dir/$who" LANG=C.UTF-8 XDG_RUNTIME_DIR="$dir/$who/run" \
		HANDRAIL_SHARED_DIR="$dir/shared" ${operator:+HANDRAIL_OPERATOR="$operator"} \
		${ASAN_OPTIONS+ASAN_OPTIONS="$ASAN_OPTIONS"} "$@"
}
await() { # COMMAND...: until it succeeds; half a minute
	local turns=300
	until "$@" >/dev/null 2>&1; do
		turns=$((turns - 1))
		[ $turns -gt 0 ] || {
			echo "waited in vain for: $*"
			return 1
		}
		read -rt 0.1 <> <(:) || :
	done
}
none() { ! "$@"; }
is() { [ "$1" = "$2" ] || { printf 'got  %s\nwant %s\n' "$1" "$2"; return 1; }; }
in_file() { grep -q -- "$1" "$2"; }
runs=$dir/hranna/.local/state/handrail/runs
newest() { find "$runs" -mindepth 1 -maxdepth 1 | sort | tail -n 1; }
has() { grep -q -- "$1" "$(newest)/journal.jsonl"; }
ended() { none kill -0 "$1"; }
code() { # STATUS NAME: how what was begun with `behind` has ended
	await test -s "$2.rc" || return 1
	[ "$(cat "$2.rc")" = "$1" ] || {
		echo "exit $(cat "$2.rc"), not $1"
		return 1
	}
}
behind() { # NAME COMMAND...: in the background; its words in NAME.out
	local name=$1
	shift
	rm -f "$name.rc" "$name.out"
	(
		rc=0
		"$@" >"$name.out" 2>&1 </dev/null || rc=$?
		echo $rc >"$name.rc.new"
		mv "$name.rc.new" "$name.rc"
	) &
}

