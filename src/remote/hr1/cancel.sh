# Ends a job: TERM to its group, GRACE seconds, KILL. Parameters: README. Replies:
#   cancelled-before-start   it had not begun and now never will
#   terminated | killed [RC] the group is gone; RC when the supervisor wrote it down
#   gone                     there was nothing left to end
#   already-done RC
#   unkillable               it survived KILL (a process in the kernel)
#   badpid                   what is written down is no process: nothing was signalled
#   noroom                   it is about to begin, and the disk lets nobody claim it
#   aborted absent elsewhere lost-reboot launching starting    no signal was sent
# Goes on to its end when the connection goes.
hr1_cancel() {
#@PARAMS
#@INCLUDE lib_proc.sh
#@INCLUDE lib_job.sh
	h_tell() {
		h_say "$@"
		exit 0
	}

	# h_await TEST: up to 5 s for a state.
	h_await() {
		h_stop=$(($(date +%s) + 5))
		while ! "$1" && [ "$(date +%s)" -lt "$h_stop" ]; do
			h_nap
		done
	}

	# Its folder may come between two looks: the start is claimed at whichever sees it.
	h_has_begun() {
		h_look
		if [ "$h_state" = launching ]; then
			! h_claim || h_tell cancelled-before-start
			[ -e "$h_job/go" ] || h_tell noroom
		fi
		case $h_state in launching|starting) return 1 ;; esac
	}

	h_check
	h_where
	h_guarded
	trap '' HUP PIPE
	h_await h_has_begun
	case $h_state in
	done) h_tell already-done "$h_rc" ;;
	running|orphan|lost-killed) ;;
	*) h_tell "$h_state" ;;
	esac
	case ${h_pid%% *} in
	''|0*|1|*[!$h_09]*|???????????*) h_tell badpid ;;
	esac
	h_same "$h_pid" || h_tell gone
	[ "$h_group" = "${h_pid%% *}" ] || h_tell badpid
	{ echo operator >"$h_job/cancel"; } 2>/dev/null
	h_end "${h_pid%% *}" "$HR1_GRACE" || h_tell unkillable
	[ "$h_state" = orphan ] || h_await h_is_done
	h_tell "$h_how" $h_rc
}
hr1_cancel
