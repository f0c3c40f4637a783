#ifndef APP_TICKUNITS_H
#define APP_TICKUNITS_H

/* The files of contrib/systemd and contrib/cron, word for word; tests/flow/due.test compares. */

#define TICK_SERVICE \
	"[Unit]\n" \
	"Description=Handrail: probes of what is due\n" \
	"\n" \
	"[Service]\n" \
	"Type=oneshot\n" \
	"ExecStart=handrail tick\n" \
	"# 1: something is not settled yet; 75: the one before is still at work\n" \
	"SuccessExitStatus=1 75\n"

#define TICK_TIMER \
	"[Unit]\n" \
	"Description=Handrail: probes of what is due, every five minutes\n" \
	"\n" \
	"[Timer]\n" \
	"OnCalendar=*:0/5\n" \
	"RandomizedDelaySec=30\n" \
	"Persistent=true\n" \
	"\n" \
	"[Install]\n" \
	"WantedBy=timers.target\n"

#define TICK_CRON "*/5 * * * * handrail tick >/dev/null\n"

#endif
