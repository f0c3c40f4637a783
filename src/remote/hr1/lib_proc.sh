# Who a process is. Included in the scripts that must know; needs nothing.
# A bare number is never believed: a process is its number and its start time, and
# a zombie is dead (a killed supervisor under a lazy pid 1 would "run" for ever).

# h_stat PID: sets h_birth (start time) and h_group; fails when there is no such live process.
h_stat() {
	h_birth= h_group=
	case $1 in ''|0*|1|*[!0123456789]*|???????????*) return 1 ;; esac
	if [ -r /proc/self/stat ]; then
		h_line=$(cat "/proc/$1/stat" 2>/dev/null)
		# In two steps: posh makes an empty first word of it in one.
		h_line=${h_line##*)}
		set -f
		set -- $h_line
		set +f
		case ${1-} in ''|Z|X|x) return 1 ;; esac
		h_group=$3 h_birth=${20}
	else
		h_line=$(ps -o stat= -p "$1" 2>/dev/null) || return 1
		case $h_line in ''|*Z*) return 1 ;; esac
		h_group=$(ps -o pgid= -p "$1" 2>/dev/null | tr -d ' ')
		h_birth=$(ps -o lstart= -p "$1" 2>/dev/null | tr -s ' \n' _)
	fi
	[ -n "$h_birth" ]
}

# h_same "PID BIRTH": this very process lives.
h_same() {
	h_want=${1#* }
	h_stat "${1%% *}" && [ "$h_birth" = "$h_want" ]
}

# h_group_lives PGID: the group has a member that is not a zombie.
h_group_lives() {
	if [ ! -r /proc/self/stat ]; then
		kill -s 0 -- "-$1" 2>/dev/null
		return
	fi
	h_pg=$1
	for h_file in /proc/[0123456789]*/stat; do
		h_line=
		{ IFS= read -r h_line <"$h_file"; } 2>/dev/null
		case $h_line in
		'') continue ;;
		*')'*) ;;
		*) h_line=$(cat "$h_file" 2>/dev/null) ;;
		esac
		# In two steps: posh makes an empty first word of it in one.
		h_line=${h_line##*)}
		set -f
		set -- $h_line
		set +f
		[ "${3-}" = "$h_pg" ] || continue
		case $1 in Z|X|x) ;; *) return 0 ;; esac
	done
	return 1
}

# h_leader COMMAND...: becomes COMMAND as the leader of a session of its own.
h_leader() {
	if command -v setsid >/dev/null 2>&1; then
		exec setsid "$@"
	fi
	exec perl -MPOSIX -e 'POSIX::setsid(); exec @ARGV; exit 127' "$@"
}

h_nap() {
	sleep 0.1 2>/dev/null || sleep 1
}

# h_end PGID GRACE: TERM to the group, GRACE seconds, then KILL; sets h_how. The form of
# kill is the only one that dash, bash, mksh, posh and busybox all understand alike.
h_end() {
	kill -s TERM -- "-$1" 2>/dev/null
	h_how=terminated
	h_until=$(($(date +%s) + $2))
	while h_group_lives "$1"; do
		if [ "$(date +%s)" -ge "$h_until" ]; then
			[ "$h_how" = terminated ] || { h_how=unkillable; return 1; }
			h_how=killed
			kill -s KILL -- "-$1" 2>/dev/null
			h_until=$(($(date +%s) + 5))
		fi
		h_nap
	done
}
