# Runs any number of followers on one channel, for as long as somebody listens. Parameters
# and replies: README.
fl1_mux() {
#@PARAMS
#@INCLUDE lib.sh
#@INCLUDE filebody.sh
#@INCLUDE piecebody.sh
	exec 3<&0
	# A pipe that is open for both reading and writing takes turns round. Only Linux opens
	# one by its name.
	if ! : | (exec 8<>/dev/fd/0 && echo >&8 && read -r fl1_turn <&8) 2>/dev/null; then
		fl1_say alone
		fl1_signal KILL
		exit 0
	fi
	: | {
		exec 8<>/dev/fd/0 </dev/null 4>&1
		fl1_turns=1 fl1_text= fl1_rest=
		! sleep 0.01 2>/dev/null || fl1_rest=0.05
		echo >&8
		fl1_say ready
		while IFS= read -r fl1_line <&3; do
			if [ "$fl1_line" != "go $FL1_TOKEN" ]; then
				fl1_text=$fl1_text$fl1_line$FL1_NEWLINE
				continue
			fi
			(
				fl1_group=
				eval "$fl1_text"
			) 3<&- &
			fl1_text=
		done
		trap '' TERM
		fl1_signal TERM
		sleep 1
		fl1_signal KILL
	}
	exit 0
}
fl1_mux
