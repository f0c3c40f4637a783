# Removes what is no longer needed, after it is durable on the console's side. Parameters:
# README. WHAT: job (the whole folder), out (only the raw output, for a step that was
# given a secret), run (the epochs of a closed run that has no job left here).
# Replies: removed; absent; or kept STATE, when the job is not at an end and nothing was
# removed (run: kept jobs, when there are some left; kept fenced: another driver is newer).
hr1_cleanup() {
#@PARAMS
#@INCLUDE lib_proc.sh
#@INCLUDE lib_job.sh
	h_check
	h_where
	h_guarded
	if [ "$HR1_WHAT" = run ]; then
		[ -d "$h_run" ] || { h_say absent; exit 0; }
		for h_file in "$h_run"/*.*.*; do
			[ ! -d "$h_file" ] || { h_say kept jobs; exit 0; }
		done
		for h_file in "$h_run"/epoch/*; do
			[ ! -h "$h_file/by" ] || rm -f "$h_file/by"
			rmdir "$h_file" 2>/dev/null
		done
		for h_file in "$h_run"/once/*; do
			[ ! -h "$h_file" ] || rm -f "$h_file"
		done
		rmdir "$h_run/epoch" "$h_run/once" 2>/dev/null
		rmdir "$h_run" 2>/dev/null && h_say removed || h_say kept jobs
		exit 0
	fi
	# A driver who is none any more takes nothing away that the new one has yet to read.
	[ -z "${HR1_EPOCH-}" ] || h_fence || { h_say kept fenced; exit 0; }
	h_look
	case $h_state in
	absent) h_say absent; exit 0 ;;
	done|aborted|lost-reboot|lost-killed) ;;
	*) h_say kept "$h_state"; exit 0 ;;
	esac
	case $HR1_WHAT in
	out) rm -f "$h_job/out" "$h_job/env" ;;
	job)
		# The name goes first, and at once: a job half removed would read as lost.
		h_gone=$h_run/.gone-${h_job##*/}
		rm -rf "$h_gone"
		mv "$h_job" "$h_gone" 2>/dev/null && rm -rf "$h_gone" ;;
	*) h_refuse param what ;;
	esac || h_refuse write "cannot remove it from $h_job"
	h_say removed
	exit 0
}
hr1_cleanup
