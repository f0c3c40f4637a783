# The supervisor: lies in the job as "sup", outlives the connection, and writes down how
# the payload ended. One file, three parts: run (the supervisor itself), payload (becomes
# the step's shell, leader of its own group) and killer (kill_after).
# Arguments: part, job folder, working folder, tty 0|1, umask, kill_after, grace, the
# POSIX shell, the interpreter.
hr1_sup() {
	HR1_PART=$1 HR1_JOB=$2 HR1_DIR=$3 HR1_TTY=$4 HR1_UMASK=$5
	HR1_KILL_AFTER=$6 HR1_GRACE=$7 HR1_SH=$8 HR1_INTERP=$9
	shift
	cd "$HR1_JOB" || exit 125
#@INCLUDE lib_proc.sh
	# Never started: claimed by nobody or by somebody else.
	h_give_up() {
		rm -f env
		[ -d go ] || mv live aborted
		exit 0
	}

	# What runs in the background of a script has INT and QUIT ignored, and no shell can
	# undo that; these two can.
	h_default() {
		if env --default-signal=INT,QUIT true 2>/dev/null; then
			set -- env --default-signal=INT,QUIT "$@"
		elif command -v perl >/dev/null 2>&1; then
			set -- perl -e '$SIG{INT} = $SIG{QUIT} = "DEFAULT"; exec @ARGV; exit 127' "$@"
		fi
		h_leader "$@"
	}

	h_run_job() {
		# Caught, not ignored: a caught signal is back to its default in the payload.
		trap : HUP INT QUIT TERM
		h_stat $$ || h_give_up
		echo "sup=$$ $h_birth" >>meta
		[ "$(tail -n 1 meta)" = "sup=$$ $h_birth" ] || h_give_up
		mkdir go 2>/dev/null || h_give_up
		if [ "$HR1_KILL_AFTER" -gt 0 ]; then
			(h_leader $HR1_SH ./sup killer "$@") </dev/null >/dev/null 2>&1 &
		fi
		(h_default $HR1_SH ./sup payload "$@") </dev/null >>out 2>&1
		h_rc=$?
		date +%s >end
		mv live "done.$h_rc" || mv live "done.$h_rc" || mv live "done.$h_rc"
	}

	h_quoted() {
		echo "'$(printf '%s\n' "$1" | sed "s/'/'\\\\''/g")'"
	}

	# Writes its own number down before it becomes the payload: no room for that, no start.
	h_become_payload() {
		h_stat $$ && echo "$$ $h_birth" >pid.new
		if [ "$(cat pid.new)" != "$$ $h_birth" ] || ! mv pid.new pid; then
			echo 'handrail: no room to write down the process, nothing was run'
			exit 125
		fi
		umask "$HR1_UMASK"
		unset ENV BASH_ENV
		if [ -e env ]; then
			. ./env
			rm -f env
		fi
		if [ -e env ]; then
			echo 'handrail: cannot remove the values from the disk, nothing was run'
			exit 125
		fi
		cd "$HR1_DIR" || exit 125
		if [ "$HR1_TTY" = 1 ]; then
			# script(1) hands its command to $SHELL, which may be anything.
			HR1_CMD="SHELL=$(h_quoted "${SHELL-/bin/sh}")"
			HR1_CMD="$HR1_CMD; exec $HR1_INTERP $(h_quoted "$HR1_JOB/spec")"
			SHELL=/bin/sh TERM=${TERM:-dumb}
			export SHELL TERM
			exec script -qec "$HR1_CMD" /dev/null
		fi
		exec $HR1_INTERP "$HR1_JOB/spec"
	}

	h_kill_later() {
		h_until=$(($(date +%s) + HR1_KILL_AFTER))
		while [ -e live ]; do
			h_left=$((h_until - $(date +%s)))
			if [ "$h_left" -le 0 ]; then
				if [ ! -e pid ]; then # the payload is late to write it down
					sleep 1
					continue
				fi
				h_pid=$(cat pid) && h_same "$h_pid" || return 0
				echo kill_after >cancel
				h_end "${h_pid%% *}" "$HR1_GRACE"
				return 0
			fi
			[ "$h_left" -le 5 ] || h_left=5
			sleep "$h_left"
		done
	}

	case $HR1_PART in
	run) h_run_job "$@" ;;
	payload) h_become_payload ;;
	killer) h_kill_later ;;
	esac
}
hr1_sup "$@"
