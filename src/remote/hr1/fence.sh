# A new driver makes itself known to the host, and learns what the old one started here.
# Parameters: README. Replies:
#   fence epoch=E jobs=N, then N lines "STEP.HOST.ATTEMPT STATE [RC]"
#   fenced by=N       somebody newer than we is there
hr1_fence() {
#@PARAMS
#@INCLUDE lib_proc.sh
#@INCLUDE lib_job.sh
	h_check
	h_where
	h_make_run
	h_mark
	h_fence || { h_say fenced "by=$h_n"; exit 0; }
	h_jobs=0 h_list=
	for h_job in "$h_run"/*.*.*; do
		h_name=${h_job##*/}
		case $h_name in *[!$h_az${h_09}_.-]*|*.*.*.*) continue ;; esac
		h_mine "$h_job" || continue
		h_look
		h_jobs=$((h_jobs + 1))
		h_list="$h_list$h_name $h_state${h_rc:+ $h_rc}
"
	done
	h_say fence "epoch=$HR1_EPOCH" "jobs=$h_jobs"
	[ -z "$h_list" ] || echo "${h_list%?}"
	exit 0
}
hr1_fence
