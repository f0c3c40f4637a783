	# Runs FL1_TEXT beside others: what it writes goes out in pieces. No piece holds a NUL,
	# which a shell cannot carry: it becomes SUB.
	fl1_pieces()
	{
		LC_ALL=C
		export LC_ALL
		while :; do
			fl1_piece=$(dd bs=65536 count=1 2>/dev/null | tr '\000' '\032'; echo .)
			fl1_piece=${fl1_piece%.}
			[ -n "$fl1_piece" ] || break
			fl1_take
			fl1_echo text
			printf %s "$fl1_piece"
			echo
			fl1_echo done
			fl1_give
			# Few large pieces cost less than many small ones.
			[ -z "$fl1_rest" ] || [ "${#fl1_piece}" -ge 16384 ] || sleep "$fl1_rest"
		done
	}
	fl1_piece_main()
	{
		fl1_say raw
		fl1_beat
		(
			while sleep "$FL1_BEAT"; do
				fl1_beat
			done
		) 4>&- &
		fl1_beats=$!
		fl1_status=$(
			{
				{
					/bin/sh -c "$FL1_TEXT" </dev/null 2>&1 4>&- 5>&- 8>&-
					echo "$?" >&5
				} | fl1_pieces >&4
			} 5>&1
		)
		kill "$fl1_beats" 2>/dev/null
		fl1_say end "$fl1_status"
	}
