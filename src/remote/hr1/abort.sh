# Makes "never started" a fact: claims the start for ourselves. Parameters: README.
# Replies: aborted when the claim is ours (also for a job without a folder: a start that is
# still under way will find the name taken), else the state that the job is in.
hr1_abort() {
#@PARAMS
#@INCLUDE lib_proc.sh
#@INCLUDE lib_job.sh
	h_check
	h_where
	h_make_run
	h_here
	if [ ! -d "$h_job" ] && mkdir "$h_job" 2>/dev/null; then
		{
			echo "machine=$h_machine"
			echo "boot=$h_boot"
		} 2>/dev/null >"$h_job/meta"
	fi
	h_guarded
	h_look
	[ "$h_state" != launching ] || ! h_claim || h_state=aborted
	[ "$h_state" != launching ] || h_look
	case $h_state in
	launching|absent) h_refuse nospace "no room to claim the job in $h_base" ;;
	esac
	h_facts
	h_say "$h_state" $h_rc $h_more
	exit 0
}
hr1_abort
