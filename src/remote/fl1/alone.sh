	# One follower has the channel to itself, and ends when standard input does: then nobody
	# listens any more.
	exec 3<&0
	(
		trap '' TERM
		cat <&3 >/dev/null
		fl1_signal TERM
		sleep 1
		fl1_signal KILL
	) >/dev/null 2>&1 &
