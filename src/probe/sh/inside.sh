# Runs HRP_SCRIPT in the container HRP_CONTAINER by /bin/sh, with the variables that HRP_NAMES
# names. What is not the script's own end is said on standard error after "handrail: " with
# status 125, which the console takes for unknown.
p_inside() {
	PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin:/usr/sbin:/sbin
	export PATH
	engine=docker
	command -v docker >/dev/null 2>&1 || engine=podman
	p_fail() {
		echo "handrail: $(printf %s "$*" | tr -s '\n' ' ')" >&2
		exit 125
	}
	command -v $engine >/dev/null 2>&1 || p_fail 'there is neither docker nor podman here'
	said=$("$engine" inspect --type container --format '{{.State.Running}}' -- "$HRP_CONTAINER" \
		2>&1) || p_fail "$engine: $said"
	[ "$said" = true ] || p_fail "the container $HRP_CONTAINER is not running"
	unset IFS
	set --
	for name in $HRP_NAMES; do
		set -- "$@" -e "$name"
	done
	rc=0
	"$engine" exec "$@" "$HRP_CONTAINER" /bin/sh -c "$HRP_SCRIPT" || rc=$?
	case $rc in
	126|127) p_fail "$engine cannot run a shell in $HRP_CONTAINER, or the command is not there" ;;
	esac
	exit "$rc"
}
p_inside
