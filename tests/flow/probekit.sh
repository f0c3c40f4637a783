# shellcheck shell=bash
# For the flow tests of the probes: a runbook with one probe, looked at by tests/flow/probetell.

probetell=${BUILDDIR:?}/tests/flow/probetell
[ -x "$probetell" ] || { echo "Bail out! no $probetell"; exit 99; }
probe_extra='' # more top-level keys of the runbook: hosts, inputs, logs

# The line of one probe, written as {http: "...", expect: {...}}.
look() { # PROBE
	local file
	file=$(mktemp "$TMPDIR/probe.XXXXXX.yaml")
	printf 'handrail: 1\ntitle: Probes\n%s\nprobes:\n  p: %s\nsteps: [{do: nothing}]\n' \
		"$probe_extra" "$1" >"$file"
	"$probetell" "$file" p 2>&1
	local rc=$?
	rm -f "$file"
	return "$rc"
}

# ok DESCRIPTION looks GLOB PROBE: its line is like the glob.
looks() { # GLOB PROBE
	local said
	said=$(look "$2") || { echo "$said"; return 1; }
	# shellcheck disable=SC2254 # a glob is meant
	case $said in
	"p: "$1) ;;
	*) echo "said:   $said"; echo "wanted: p: $1"; return 1 ;;
	esac
}
