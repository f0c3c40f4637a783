#ifndef EVENT_EVENT_TABLE_H
#define EVENT_EVENT_TABLE_H

/*
 * The vocabulary of facts. One row per type: enum, name in the journal (frozen), acting
 * (1: needs its own sync before anything follows; 0: may be grouped up to 50 ms), keys of
 * data, what it says. The enum, the names, `handrail help events` and handrail-journal(5)
 * come from here. The host goes into data.host; a `call` prefixes `step`.
 */

#define EVENT_TABLE(X) \
	X(RUN_OPEN, "run.open", 1, \
		"nonce runbook environment mode tool host user uid boot_id " \
		"machine allowed_signers redaction parent limit arming two_person scenario " \
		"unlisted overdue changed authority", \
		"a run begins") \
	X(RUN_RESUME, "run.resume", 1, "boot_id machine tool unlisted", \
		"a console takes it up again") \
	X(RUN_CLOSE, "run.close", 1, "result unsigned", \
		"the run is over: ok, failed, stopped or rolled-back") \
	X(RUN_HOLD, "run.hold", 1, "reason account via", "nothing new starts") \
	X(RUN_GO, "run.go", 1, "account via", "the hold ends") \
	X(RUN_ARM, "run.arm", 1, "environment for_ms by typed shown_ms", \
		"acting steps are allowed, so long after the last act; 0: no longer") \
	X(DRIVER_TAKE, "driver.take", 1, \
		"epoch from from_con from_epoch from_head passed_over", \
		"a console becomes the driver") \
	X(DRIVER_RELEASE, "driver.release", 1, "to via", \
		"the driver lets go of the run, for whoever takes it") \
	X(DRIVER_OFFER, "driver.offer", 1, "to summary withdrawn", \
		"the driver offers the run to somebody (null: to anybody), or no longer does") \
	X(STEP_ENTER, "step.enter", 1, "until within_ms for_ms why", \
		"a wait, a check or a soak begins, or a soak begins again and why") \
	X(STEP_CONFIRM, "step.confirm", 1, "host each way risk typed shown_ms", \
		"a person confirmed") \
	X(STEP_INTENT, "step.intent", 1, \
		"host each attempt way on job look text sha256 hostkey goes_on second values", \
		"this is about to run") \
	X(STEP_STARTED, "step.started", 1, \
		"host each attempt way pid boot_id hostkey warning", \
		"the host says it runs") \
	X(STEP_OUTPUT, "step.output", 0, \
		"host each attempt way offset bytes text blob lines head tail redacted", \
		"output seen so far") \
	X(STEP_DONE, "step.done", 1, \
		"host each attempt way exit took_ms verdict ran why expect " \
		"retry_at output saved", \
		"it ended; judged by its expectation") \
	X(STEP_CANCEL, "step.cancel", 1, "host each attempt way why reply", \
		"a person asked to stop it, or what its host replied") \
	X(STEP_UNKNOWN, "step.unknown", 1, "host each attempt way state why", \
		"nobody knows what became of it") \
	X(STEP_RESOLVE, "step.resolve", 1, "host each attempt way as evidence", \
		"a person settled an unknown outcome") \
	X(STEP_SKIP, "step.skip", 1, "host each way reason", \
		"skipped, with a reason; with a host: only there, or only its undo") \
	X(ROLLBACK_OPEN, "rollback.open", 1, \
		"how typed shown_ms undo stays unknown plan", \
		"a person began the way back, or goes on with it") \
	X(ROLLBACK_CLOSE, "rollback.close", 1, "result stays why", \
		"the way back is over: done, partly or stopped") \
	X(TICK_SET, "tick.set", 1, "state evidence reason note", \
		"a person's mark: done, na, by-hand or failed") \
	X(TICK_UNDO, "tick.undo", 1, "of", "a mark is taken back") \
	X(INPUT_SET, "input.set", 1, "name value secret", "an input got its value") \
	X(CHOICE_SET, "choice.set", 1, "option label goto", "a branch was decided") \
	X(PROBE_RESULT, "probe.result", 1, \
		"probe verdict field value unit want message rows " \
		"before state looks worst change", \
		"a reading a step is decided by; without a step: it went down or came back") \
	X(PROBE_MUTE, "probe.mute", 0, "probe until reason", "a probe is silenced") \
	X(SNAPSHOT, "snapshot", 0, "probes", "readings at the start") \
	X(NOTE, "note", 1, "text account of drill via", \
		"a note; with `of`: what that record says is wrong; with `drill`: of practice " \
		"itself, `hint`, `wrong` or `solved`") \
	X(ATTACH, "attach", 1, \
		"host kind name offset lines from to text redacted blob bytes", \
		"evidence attached: bytes as they came, such as lines of a log") \
	X(SIGNOFF, "signoff", 1, "host each values role stmt sig key account via", \
		"a signature over the head; with a host: of the second person of a step") \
	X(DECLINE, "decline", 1, "role reason account via", "somebody declined to sign") \
	X(WAIVER, "waiver", 1, "what reason", "a rule waived") \
	X(SIGNOFF_VOID, "signoff.void", 1, "of reason", "a signature no longer holds") \
	X(REDLINE, "redline", 1, "old new risk reason added two_person", \
		"a command edited, or a step added, for this run") \
	X(BREAKGLASS, "breakglass", 1, "gate reason ticket", "a gate passed by force") \
	X(AUTHORITY, "authority", 1, "of act stmt sig key why", \
		"who opened the run, took it over or broke the glass signs that, or why not") \
	X(OBLIGATION_OPEN, "obligation.open", 1, \
		"title due role duty first every check about", "owed after the run") \
	X(OBLIGATION_CLOSE, "obligation.close", 1, "of run as evidence reason", \
		"no longer owed, or not yet") \
	X(TRUST_GRANT, "trust.grant", 1, "sha256", "a person trusted this content") \
	X(ANCHOR, "anchor", 0, "where seq head", "somebody else holds a head") \
	X(JOURNAL_RECOVERED, "journal.recovered", 1, "bytes sha256", \
		"a torn tail was filed away") \
	X(JOURNAL_RELOCATED, "journal.relocated", 1, \
		"reason errno old_path durable_seq", "the record moved to another disk") \
	X(CLOCK_JUMP, "clock.jump", 0, "wall_ms mono_ms", "wall time jumped") \
	X(BACKEND_STATE, "backend.state", 0, "name state why", "a connection changed") \
	X(CONFIG_CHANGE, "config.change", 1, "what old new", \
		"settings changed in the run") \
	X(SECRET_USED, "secret.used", 1, "host each way name", \
		"a secret was handed to a step")

#endif
