# Runs a read-only command that lasts no longer than the asking. Parameters: README.
# Standard output and standard error are the command's own; then, on standard output:
#   LF "HR1 exit RC tok=TOKEN" LF           timeout stands before tok= when time ran out
#   LF "HR1 error KIND tok=TOKEN" LF sentence LF    noshell nodir nosetsid: nothing was
#                                           run; lost: it ran, its end is not known
# Standard input stays open meanwhile: when it ends, when TIMEOUT seconds are over, or when
# the command ends, everything in its group is gone. Nothing is written on the host.
hr1_look() {
#@PARAMS
	h_perl='POSIX::setsid(); exec @ARGV; exit 127'
#@SPEC
#@ENV
	h_refuse() {
		echo
		echo "HR1 error $1 tok=$HR1_TOKEN"
		echo "$2"
		exit 0
	}

	# Leads the group in which command and guards live, so that one KILL to its own group
	# ends them all; a group with a living member has a number that nobody else can get.
	# Tells on descriptor 4 how it went. Arguments: seconds, text, interpreter...
	h_leader_text() {
		cat <<'HR1_END_OF_LEADER'
h_over() {
	trap '' TERM
	echo "$1" >&4
	kill -s TERM -- "-$$" 2>/dev/null
	sleep 1
	kill -s KILL -- "-$$" 2>/dev/null
}
trap : HUP INT QUIT TERM PIPE
h_time=$1 h_text=$2
shift 2
(trap '' TERM PIPE; cat <&3 >/dev/null; h_over gone) >/dev/null 2>&1 &
(trap '' TERM PIPE; sleep "$h_time"; h_over timeout) >/dev/null 2>&1 3<&- &
"$@" -c "$h_text" </dev/null 2>&6 3<&- 4>&- 6>&-
echo "$?" >&4
kill -s KILL -- "-$$" 2>/dev/null
HR1_END_OF_LEADER
	}

	unset IFS
	if [ -z "$HR1_INTERP" ]; then
		HR1_INTERP='sh -eu'
		! command -v bash >/dev/null 2>&1 || HR1_INTERP='bash --norc -euo pipefail'
	fi
	command -v "${HR1_INTERP%% *}" >/dev/null 2>&1 ||
		h_refuse noshell "there is no ${HR1_INTERP%% *} here"
	command -v setsid >/dev/null 2>&1 || command -v perl >/dev/null 2>&1 ||
		h_refuse nosetsid 'neither setsid nor perl is there to bound a command'
	case $HR1_DIR in
	'') ;;
	'~') cd "$HOME" ;;
	'~/'*) cd "$HOME/${HR1_DIR#??}" ;;
	*) cd "$HR1_DIR" ;;
	esac 2>/dev/null || h_refuse nodir "cannot enter $HR1_DIR"
	# Descriptor 6 is standard error: a shell tells there of every process that is killed.
	exec 3<&0 5>&1 6>&2 2>/dev/null
	h_said=$(
		exec 4>&1 >&5 5>&-
		HR1_TEXT=$(hr1_spec)
		unset ENV BASH_ENV
		eval "$(hr1_env)"
		# The descriptors are named at the exec: mksh keeps to itself what exec opened.
		set -- $HR1_SH -c "$(h_leader_text)" look "$HR1_TIMEOUT" "$HR1_TEXT" $HR1_INTERP
		if command -v setsid >/dev/null; then
			exec setsid "$@" 3<&3 4>&4 6>&6
		fi
		exec perl -MPOSIX -e "$h_perl" "$@" 3<&3 4>&4 6>&6
	)
	case $h_said in
	*timeout*) h_said='124 timeout' ;;
	''|*[!0123456789]*) h_refuse lost 'the command was ended from outside' ;;
	esac
	echo
	echo "HR1 exit $h_said tok=$HR1_TOKEN"
	exit 0
}
hr1_look
