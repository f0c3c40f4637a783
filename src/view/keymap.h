#ifndef VIEW_KEYMAP_H
#define VIEW_KEYMAP_H

/*
 * The keys, once: what each does, where, by which key, whether it leads to something being
 * run, what the footer and the help say. The footer and the help are made from this table
 * and from what the gate allows now, so they cannot lie. No bare letter runs anything.
 * Keys are spelled as ui/keys gives them: "a", "Enter", "C-d", "F1", "S-Tab".
 */

#include <stdbool.h>

#include "base/str.h"
#include "run/gate.h"
#include "view/frame.h"

enum keymap_place {
	ON_HOME = 1,
	ON_PLAN = 2,
	ON_RUN = 4,
	ON_FORM = 8,  /* a dialog, the focus not in a text field */
	ON_TEXT = 16, /* a text field has the focus */
	ON_HELP = 32,
	ON_PROBLEMS = 64,
	ON_SMALL = 128, /* the window is too small */
	ON_COMMANDS = 256,
	ON_LOGS = 512,
	ON_HEALTH = 1024,
	ON_BOXES = 2048,
	ON_LEARN = 4096,
	ON_AUDIT = 8192,
	ON_REPLAY = 16384,
	ON_SCREENS = ON_HOME | ON_PLAN | ON_RUN | ON_PROBLEMS | ON_LOGS | ON_HEALTH |
		ON_BOXES | ON_LEARN | ON_AUDIT | ON_REPLAY,
	ON_PANES = ON_HOME | ON_PLAN | ON_RUN | ON_BOXES | ON_LEARN | ON_AUDIT |
		ON_REPLAY,
	ON_LISTS = ON_SCREENS | ON_FORM | ON_HELP,
	ON_TYPING = ON_TEXT | ON_HELP | ON_COMMANDS, /* every character is text there */
	ON_ALL = ON_LISTS | ON_TEXT | ON_SMALL | ON_COMMANDS,
};
enum {
	KEYMAP_NO_GATE = -1,
	KEYMAP_KEY_BYTES = 40,
};

#define KEYMAP_GROUPS(X) \
	X(DO, "Do") \
	X(PEOPLE, "People") \
	X(STOP, "Stop and leave") \
	X(MOVE, "Move") \
	X(FIND, "Find") \
	X(LOOK, "Look") \
	X(SCREENS, "Screens") \
	X(EDIT, "In a text field")

enum keymap_group {
#define X(id, title) GROUP_##id,
	KEYMAP_GROUPS(X)
#undef X
		GROUP_COUNT
};

enum keymap_effect { KEYMAP_LOOKS, KEYMAP_EXECUTES };

/* id, name, places, keys, effect, gate, group, footer or NULL, help. The order is the
 * order of importance in the footer. */
#define ACTIONS(X) \
	X(HOME_OPEN, "home.open", ON_HOME, "Enter", LOOKS, KEYMAP_NO_GATE, DO, "open", \
		"show the plan of the runbook, or why it does not load; nothing runs yet") \
	X(HOME_RESUME, "home.resume", ON_HOME, "r", LOOKS, KEYMAP_NO_GATE, DO, "resume", \
		"take an open run up again") \
	X(HOME_ENVIRONMENT, "home.environment", ON_HOME, "e", LOOKS, KEYMAP_NO_GATE, DO, \
		"environment", \
		"choose the environment that gives runbooks their hosts and inputs") \
	X(HOME_POSTPONE, "home.postpone", ON_HOME, "p", LOOKS, KEYMAP_NO_GATE, PEOPLE, \
		"postpone", "what is owed is owed later: asks until when, and why") \
	X(HOME_RELEASE, "home.release", ON_HOME, "x", LOOKS, KEYMAP_NO_GATE, PEOPLE, \
		"release", "what is owed is no longer owed, not done: asks why") \
	X(HOME_FILTER, "home.filter", ON_HOME, "&", LOOKS, KEYMAP_NO_GATE, FIND, \
		"filter", \
		"show only runbooks, runs and what is owed that have this text; empty shows all") \
	X(PLAN_START, "plan.start", ON_PLAN, "Enter", EXECUTES, KEYMAP_NO_GATE, DO, \
		"trust and start", \
		"trust this content and begin a run; its choices and probes may look") \
	X(RUN_ACT, "run.act", ON_RUN, "Enter", EXECUTES, KEYMAP_NO_GATE, DO, "act", \
		"act on the marked step: shows what it will do, a second Enter does it") \
	X(LEARN_PLAY, "learn.play", ON_LEARN, "Enter", LOOKS, KEYMAP_NO_GATE, DO, \
		"play the example", \
		"show what one would see, line by line; without an example: the next step") \
	X(LEARN_NEXT, "learn.next", ON_LEARN, ".", LOOKS, KEYMAP_NO_GATE, MOVE, "next", \
		"the next step; this one was seen") \
	X(LEARN_PREV, "learn.prev", ON_LEARN, ",", LOOKS, KEYMAP_NO_GATE, MOVE, \
		"previous", "the step before") \
	X(RUN_ARM, "run.arm", ON_RUN, "A", LOOKS, KEYMAP_NO_GATE, DO, "arm", \
		"let this run act in production: asks for the name of the environment; again: " \
		"it observes") \
	X(FORM_ACCEPT, "form.accept", ON_FORM | ON_TEXT, "Enter", EXECUTES, \
		KEYMAP_NO_GATE, DO, "does the marked one", \
		"do what the marked button says; in a field: go to the next") \
	X(RUN_TICK, "run.tick", ON_RUN, "Space", LOOKS, ACT_TICK, DO, "tick", \
		"tick a step done by hand, with its evidence") \
	X(FORM_TOGGLE, "form.toggle", ON_FORM, "Space", LOOKS, KEYMAP_NO_GATE, DO, NULL, \
		"tick the box that is marked") \
	X(LOGS_PAUSE, "logs.pause", ON_LOGS, "Space", LOOKS, KEYMAP_NO_GATE, DO, \
		"pause", "stop at this line; again: follow the newest") \
	X(LOGS_ERROR, "logs.error", ON_LOGS, "e", LOOKS, KEYMAP_NO_GATE, FIND, "error", \
		"next error") \
	X(LOGS_ERROR_BACK, "logs.error-back", ON_LOGS, "E", LOOKS, KEYMAP_NO_GATE, FIND, \
		NULL, "previous error") \
	X(LOGS_WARN, "logs.warn", ON_LOGS, "w", LOOKS, KEYMAP_NO_GATE, FIND, "warning", \
		"next warning or error") \
	X(LOGS_WARN_BACK, "logs.warn-back", ON_LOGS, "W", LOOKS, KEYMAP_NO_GATE, FIND, \
		NULL, "previous warning or error") \
	X(LOGS_FILTER, "logs.filter", ON_LOGS, "&", LOOKS, KEYMAP_NO_GATE, FIND, \
		"filter", "show only lines that match a pattern; empty shows all") \
	X(LOGS_LEVEL, "logs.level", ON_LOGS, "v", LOOKS, KEYMAP_NO_GATE, LOOK, "level", \
		"all levels, info, warnings, errors in turn") \
	X(LOGS_FOLD, "logs.fold", ON_LOGS, "Enter", LOOKS, KEYMAP_NO_GATE, LOOK, NULL, \
		"unfold a trace and fold it again") \
	X(LOGS_MARK, "logs.mark", ON_LOGS, "m", LOOKS, KEYMAP_NO_GATE, PEOPLE, "mark", \
		"mark the line, or take the mark away") \
	X(LOGS_MARK_TO, "logs.mark-to", ON_LOGS, "M", LOOKS, KEYMAP_NO_GATE, PEOPLE, \
		NULL, "mark all lines from the last mark up to this one") \
	X(LOGS_EVIDENCE, "logs.evidence", ON_LOGS, "a", LOOKS, ACT_NOTE, PEOPLE, \
		"evidence", \
		"the marked lines (or this one) into the record of the step") \
	X(HEALTH_OPEN, "health.open", ON_HEALTH, "Enter", LOOKS, KEYMAP_NO_GATE, DO, \
		"details", \
		"everything about the marked probe; on one of its runbooks: its plan") \
	X(HEALTH_CHECK, "health.check", ON_HEALTH, "V", LOOKS, KEYMAP_NO_GATE, DO, \
		"check now", "look at the marked probe now") \
	X(HEALTH_MUTE, "health.mute", ON_HEALTH, "m", LOOKS, KEYMAP_NO_GATE, PEOPLE, \
		"mute", "mute the marked probe for a time; asks why; again: end it") \
	X(HEALTH_PAUSE, "health.pause", ON_HEALTH, "Space", LOOKS, KEYMAP_NO_GATE, DO, \
		"pause", "pause all probes; again: go on") \
	X(HEALTH_LOGS, "health.logs", ON_HEALTH, "t", LOOKS, KEYMAP_NO_GATE, LOOK, \
		"tail logs", "the logs of the marked probe's host") \
	X(HEALTH_VIEW, "health.view", ON_HEALTH, "v", LOOKS, KEYMAP_NO_GATE, LOOK, \
		"view", "tiles or table") \
	X(BOXES_INSPECT, "containers.inspect", ON_BOXES, "Enter", LOOKS, KEYMAP_NO_GATE, \
		DO, "inspect", \
		"all about the marked container, and back; on a host: fold and unfold it") \
	X(BOXES_TAIL, "containers.tail", ON_BOXES, "t", LOOKS, KEYMAP_NO_GATE, LOOK, \
		"tail", "the log of the marked container") \
	X(BOXES_ACT, "containers.act", ON_BOXES, "x", LOOKS, KEYMAP_NO_GATE, DO, \
		"actions", \
		"restart, stop or start the marked container: as a run of its own, shown first") \
	X(BOXES_SORT, "containers.sort", ON_BOXES, "O", LOOKS, KEYMAP_NO_GATE, LOOK, \
		"sort", "by state, name, cpu, memory, restarts in turn") \
	X(BOXES_FILTER, "containers.filter", ON_BOXES, "&", LOOKS, KEYMAP_NO_GATE, FIND, \
		"filter", "show only containers that match a pattern; empty shows all") \
	X(BOXES_PAUSE, "containers.pause", ON_BOXES, "Space", LOOKS, KEYMAP_NO_GATE, \
		LOOK, "pause", "hold the picture still; again: go on") \
	X(BOXES_AGAIN, "containers.again", ON_BOXES, "V", LOOKS, KEYMAP_NO_GATE, LOOK, \
		NULL, "look at all hosts again now") \
	X(AUDIT_OPEN, "audit.open", ON_AUDIT, "Enter", LOOKS, KEYMAP_NO_GATE, DO, \
		"read the record", \
		"the record of the marked run, line by line; there: the whole line") \
	X(AUDIT_VERIFY, "audit.verify", ON_AUDIT, "V", LOOKS, KEYMAP_NO_GATE, DO, \
		"verify", "verify the marked run again, now") \
	X(AUDIT_FILTER, "audit.filter", ON_AUDIT, "&", LOOKS, KEYMAP_NO_GATE, FIND, \
		"filter", "show only what has this text; empty shows all") \
	X(AUDIT_REPLAY, "audit.replay", ON_AUDIT, "R", LOOKS, KEYMAP_NO_GATE, DO, \
		"replay", "go through the marked run record by record") \
	X(REPLAY_NEXT, "replay.next", ON_REPLAY, ". Space", LOOKS, KEYMAP_NO_GATE, MOVE, \
		"next", "the run as it was after the next record") \
	X(REPLAY_PREV, "replay.prev", ON_REPLAY, ",", LOOKS, KEYMAP_NO_GATE, MOVE, \
		"previous", "the run as it was one record before") \
	X(REPLAY_STEP, "replay.step", ON_REPLAY, "Enter", LOOKS, KEYMAP_NO_GATE, MOVE, \
		"to this step", "to the first record of the marked step") \
	X(REPLAY_BAD, "replay.bad", ON_REPLAY, "e", LOOKS, KEYMAP_NO_GATE, MOVE, \
		"next failure", "to the next record that tells of something gone wrong") \
	X(REPLAY_BAD_BACK, "replay.bad-back", ON_REPLAY, "E", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "to the one before") \
	X(REPLAY_FIRST, "replay.first", ON_REPLAY, "(", LOOKS, KEYMAP_NO_GATE, MOVE, \
		NULL, "to the first record") \
	X(REPLAY_LAST, "replay.last", ON_REPLAY, ")", LOOKS, KEYMAP_NO_GATE, MOVE, NULL, \
		"to the last record") \
	X(AUDIT_BAD, "audit.bad", ON_AUDIT, ".", LOOKS, KEYMAP_NO_GATE, MOVE, \
		"next failure", "the next line that tells of something gone wrong") \
	X(AUDIT_BAD_BACK, "audit.bad-back", ON_AUDIT, ",", LOOKS, KEYMAP_NO_GATE, MOVE, \
		NULL, "the one before") \
	X(RUN_ANSWER, "run.answer", ON_SCREENS | ON_FORM, "P", LOOKS, KEYMAP_NO_GATE, \
		PEOPLE, "answer", "answer who asks for a passphrase or password") \
	X(RUN_ANSWER_TEXT, "run.answer-field", ON_TEXT, "F4", LOOKS, KEYMAP_NO_GATE, \
		PEOPLE, "answer who asks", \
		"answer who asks for a passphrase or password") \
	X(FORM_NEXT, "form.next", ON_FORM | ON_TEXT, "Tab", LOOKS, KEYMAP_NO_GATE, MOVE, \
		"next", "next field or button") \
	X(FORM_PREV, "form.prev", ON_FORM | ON_TEXT, "S-Tab", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "previous field or button") \
	X(RUN_SKIP, "run.skip", ON_RUN, "s", LOOKS, ACT_SKIP, DO, "skip", \
		"skip, not applicable or done by hand; asks why") \
	X(RUN_FAILED, "run.failed", ON_RUN, "F", LOOKS, ACT_TICK, DO, NULL, \
		"mark the step failed, asks why") \
	X(RUN_UNTICK, "run.untick", ON_RUN, "u", LOOKS, ACT_UNTICK, DO, NULL, \
		"take back my last tick (nothing is erased)") \
	X(RUN_NOTE, "run.note", ON_RUN, "a", LOOKS, ACT_NOTE, PEOPLE, "note", \
		"add a note to the record") \
	X(ATTACH, "run.attach", ON_RUN, "+", LOOKS, ACT_NOTE, PEOPLE, NULL, \
		"attach a file or a link to the marked step, as evidence") \
	X(ATTACH_READING, "health.attach", ON_HEALTH, "+", LOOKS, KEYMAP_NO_GATE, \
		PEOPLE, NULL, \
		"the reading of the marked probe into the record of the marked step") \
	X(ATTACH_PANE, "screen.attach", ON_RUN | ON_HEALTH | ON_LOGS | ON_BOXES, "K", \
		LOOKS, KEYMAP_NO_GATE, PEOPLE, NULL, \
		"keep what the screen shows, as text, in the record of the marked step") \
	X(RUN_HINT, "run.hint", ON_RUN, "T", LOOKS, KEYMAP_NO_GATE, PEOPLE, "hint", \
		"practice: the next hint at this step; it is counted") \
	X(RUN_BACK, "run.back", ON_RUN, "b", LOOKS, KEYMAP_NO_GATE, DO, "way back", \
		"show the way back as it stands now; there one row is taken back, or all by typed words") \
	X(RUN_SIGN, "run.sign", ON_RUN, "S", LOOKS, KEYMAP_NO_GATE, PEOPLE, "sign", \
		"go to the sign-off that waits; on a step of two people: confirm it as the other") \
	X(RUN_RECHECK, "run.recheck", ON_RUN, "V", LOOKS, KEYMAP_NO_GATE, DO, "recheck", \
		"look at the checks of the step again; connect to lost hosts now") \
	X(RUN_HOLD, "run.hold", ON_RUN, "p", LOOKS, KEYMAP_NO_GATE, PEOPLE, "hold", \
		"hold the run (nothing new starts), or go on") \
	X(RUN_END, "run.end", ON_RUN, "X", LOOKS, KEYMAP_NO_GATE, STOP, NULL, \
		"end the run where it is, unfinished; asks why") \
	X(RUN_HAND, "run.hand", ON_RUN, "H", LOOKS, KEYMAP_NO_GATE, PEOPLE, NULL, \
		"hand the run over to somebody; who looks on: take it") \
	X(RUN_INPUTS, "run.inputs", ON_RUN, "i", LOOKS, KEYMAP_NO_GATE, PEOPLE, NULL, \
		"the inputs of the run; one may be changed, and what ran with it is said") \
	X(RUN_EDIT, "run.edit", ON_RUN, "e", LOOKS, KEYMAP_NO_GATE, PEOPLE, NULL, \
		"edit what the marked step does (command, statement, request, copy) for this run " \
		"only; asks why, and shows its risk") \
	X(RUN_ADD, "run.add", ON_RUN, "E", LOOKS, KEYMAP_NO_GATE, PEOPLE, NULL, \
		"add a step for this run only, a command or something to do; asks why, and shows " \
		"its risk") \
	X(RUN_FORCE, "run.force", ON_RUN, "!", LOOKS, KEYMAP_NO_GATE, PEOPLE, \
		"break-glass", \
		"break-glass: pass a shut gate by force; asks why, and is owed a review") \
	X(RUN_RELOCATE, "run.relocate", ON_RUN, "R", LOOKS, KEYMAP_NO_GATE, PEOPLE, \
		NULL, \
		"go on in another folder, when the disk of the record is full or failing") \
	X(RUN_PANE, "run.pane", ON_PANES, "Tab", LOOKS, KEYMAP_NO_GATE, LOOK, "pane", \
		"next pane") \
	X(RUN_PANE_BACK, "run.pane-back", ON_PANES, "S-Tab", LOOKS, KEYMAP_NO_GATE, \
		LOOK, NULL, "previous pane") \
	X(RUN_ZOOM, "run.zoom", ON_RUN | ON_REPLAY, "f", LOOKS, KEYMAP_NO_GATE, LOOK, \
		"zoom", "the pane over the whole screen and back") \
	X(RUN_WRAP, "run.wrap", ON_RUN | ON_REPLAY, "w", LOOKS, KEYMAP_NO_GATE, LOOK, \
		NULL, "wrap long lines of the output, or cut them again") \
	X(RUN_DETAIL, "run.detail", ON_RUN | ON_REPLAY, "d", LOOKS, KEYMAP_NO_GATE, \
		LOOK, NULL, "detail, output, history in turn") \
	X(RUN_PREV_OPEN, "run.prev-open", ON_RUN, ",", LOOKS, KEYMAP_NO_GATE, MOVE, \
		NULL, "previous open or failed step") \
	X(RUN_NEXT_OPEN, "run.next-open", ON_RUN, ".", LOOKS, KEYMAP_NO_GATE, MOVE, \
		NULL, "next open or failed step; follow the run again") \
	X(UP, "move.up", ON_LISTS | ON_TEXT | ON_COMMANDS, "Up", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "line up") \
	X(DOWN, "move.down", ON_LISTS | ON_TEXT | ON_COMMANDS, "Down", LOOKS, \
		KEYMAP_NO_GATE, MOVE, NULL, "line down") \
	X(UP_VI, "move.up-vi", ON_LISTS & ~ON_HELP, "k", LOOKS, KEYMAP_NO_GATE, MOVE, \
		NULL, "line up") \
	X(DOWN_VI, "move.down-vi", ON_LISTS & ~ON_HELP, "j", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "line down") \
	X(LEFT, "move.left", ON_SCREENS | ON_FORM, "h Left", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "pane or button to the left") \
	X(RIGHT, "move.right", ON_SCREENS | ON_FORM, "l Right", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "pane or button to the right") \
	X(FIRST, "move.first", ON_SCREENS | ON_FORM, "g Home", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "first line") \
	X(LAST, "move.last", ON_SCREENS | ON_FORM, "G End", LOOKS, KEYMAP_NO_GATE, MOVE, \
		NULL, "last line") \
	X(HALF_DOWN, "move.half-down", ON_LISTS, "C-d", LOOKS, KEYMAP_NO_GATE, MOVE, \
		NULL, "half a page down") \
	X(HALF_UP, "move.half-up", ON_LISTS & ~ON_HELP, "C-u", LOOKS, KEYMAP_NO_GATE, \
		MOVE, NULL, "half a page up") \
	X(PAGE_DOWN, "move.page-down", ON_LISTS | ON_TEXT | ON_COMMANDS, "PageDown", \
		LOOKS, KEYMAP_NO_GATE, MOVE, NULL, "page down") \
	X(PAGE_UP, "move.page-up", ON_LISTS | ON_TEXT | ON_COMMANDS, "PageUp", LOOKS, \
		KEYMAP_NO_GATE, MOVE, NULL, "page up") \
	X(FIND, "find.search", ON_SCREENS, "/", LOOKS, KEYMAP_NO_GATE, FIND, "find", \
		"search in the list or the output with the focus; small letters match both") \
	X(FIND_NEXT, "find.next", ON_SCREENS, "n", LOOKS, KEYMAP_NO_GATE, FIND, NULL, \
		"next match") \
	X(FIND_PREV, "find.prev", ON_SCREENS, "N", LOOKS, KEYMAP_NO_GATE, FIND, NULL, \
		"previous match") \
	X(COMMANDS, "commands.open", ON_SCREENS, ": C-p", LOOKS, KEYMAP_NO_GATE, FIND, \
		"commands", "all commands by name, and why one cannot be done now") \
	X(COMMANDS_DO, "commands.do", ON_COMMANDS, "Enter", LOOKS, KEYMAP_NO_GATE, DO, \
		"do the marked one", \
		"do the marked command; one that may run something only says its key") \
	X(COPY, "screen.copy", ON_SCREENS, "y", LOOKS, KEYMAP_NO_GATE, LOOK, NULL, \
		"copy the marked thing to the terminal's clipboard (works over ssh)") \
	X(EDIT_LEFT, "edit.left", ON_TYPING, "Left", LOOKS, KEYMAP_NO_GATE, EDIT, NULL, \
		"character left") \
	X(EDIT_RIGHT, "edit.right", ON_TYPING, "Right", LOOKS, KEYMAP_NO_GATE, EDIT, \
		NULL, "character right") \
	X(EDIT_START, "edit.start", ON_TYPING, "C-a Home", LOOKS, KEYMAP_NO_GATE, EDIT, \
		NULL, "start of the line") \
	X(EDIT_END, "edit.end", ON_TYPING, "C-e End", LOOKS, KEYMAP_NO_GATE, EDIT, NULL, \
		"end of the line") \
	X(EDIT_BACKSPACE, "edit.backspace", ON_TYPING, "BS", LOOKS, KEYMAP_NO_GATE, \
		EDIT, NULL, "delete the character before") \
	X(EDIT_DELETE, "edit.delete", ON_TYPING, "Del", LOOKS, KEYMAP_NO_GATE, EDIT, \
		NULL, "delete the character under the cursor") \
	X(EDIT_KILL_WORD, "edit.kill-word", ON_TYPING, "C-w", LOOKS, KEYMAP_NO_GATE, \
		EDIT, NULL, "delete the word before") \
	X(EDIT_KILL_BACK, "edit.kill-back", ON_TYPING, "C-u", LOOKS, KEYMAP_NO_GATE, \
		EDIT, NULL, "delete all before") \
	X(EDIT_KILL_END, "edit.kill-end", ON_TYPING, "C-k", LOOKS, KEYMAP_NO_GATE, EDIT, \
		NULL, "delete all behind") \
	X(REDRAW, "screen.redraw", ON_ALL, "C-l", LOOKS, KEYMAP_NO_GATE, LOOK, NULL, \
		"draw the screen again") \
	X(HOME, "screen.home", ON_SCREENS, "F2 2", LOOKS, KEYMAP_NO_GATE, SCREENS, NULL, \
		"home: runbooks and open runs") \
	X(RUN, "screen.run", ON_SCREENS, "F3 3", LOOKS, KEYMAP_NO_GATE, SCREENS, NULL, \
		"the run that is open here") \
	X(HEALTH, "screen.health", ON_SCREENS, "F4 4", LOOKS, KEYMAP_NO_GATE, SCREENS, \
		NULL, "the health of what is probed") \
	X(LOGS, "screen.logs", ON_SCREENS, "F5 5", LOOKS, KEYMAP_NO_GATE, SCREENS, NULL, \
		"the logs of the open run") \
	X(BOXES, "screen.containers", ON_SCREENS, "F6 6", LOOKS, KEYMAP_NO_GATE, \
		SCREENS, NULL, "the containers of the open run's hosts") \
	X(AUDIT, "screen.audit", ON_SCREENS, "F7 7", LOOKS, KEYMAP_NO_GATE, SCREENS, \
		NULL, \
		"all runs: what verification says of them, their records, what is owed") \
	X(STOP, "run.stop", ON_ALL, "C-c", LOOKS, KEYMAP_NO_GATE, STOP, NULL, \
		"close a dialog; ask to stop the running step; nothing stops before you answer") \
	X(SUSPEND, "screen.suspend", ON_SCREENS, "C-z", LOOKS, KEYMAP_NO_GATE, STOP, \
		NULL, "suspend, when nothing runs") \
	X(QUIT, "screen.quit", ON_LISTS | ON_TEXT, "F10", LOOKS, KEYMAP_NO_GATE, STOP, \
		NULL, "leave handrail; asks when something runs") \
	X(LEAVE, "screen.leave", ON_SCREENS, "q", LOOKS, KEYMAP_NO_GATE, STOP, "back", \
		"back; on home: leave handrail") \
	X(LEARN, "screen.learn", ON_HOME | ON_RUN, "L", LOOKS, KEYMAP_NO_GATE, LOOK, \
		"learn", \
		"the runbook explained, step by step; nothing runs and nothing is recorded") \
	X(ESCAPE, "screen.escape", ON_LISTS | ON_TEXT | ON_COMMANDS, "Esc", LOOKS, \
		KEYMAP_NO_GATE, STOP, NULL, "close, back; never leaves handrail") \
	X(HELP, "screen.help", ON_SCREENS | ON_FORM, "? F1 1", LOOKS, KEYMAP_NO_GATE, \
		SCREENS, "help", "the keys of this screen") \
	X(HELP_TEXT, "screen.help-field", ON_TEXT, "F1", LOOKS, KEYMAP_NO_GATE, SCREENS, \
		"help", "the keys of this dialog")

enum action {
	ACTION_NONE = -1,
#define X(id, name, places, keys, effect, gate, group, footer, help) ACTION_##id,
	ACTIONS(X)
#undef X
		ACTION_COUNT
};

struct keymap_row {
	const char *name, *keys, *footer, *help;
	int places, gate; /* gate: enum act or KEYMAP_NO_GATE */
	enum keymap_effect effect;
	enum keymap_group group;
};

const struct keymap_row *keymap_row(enum action a);
const char *keymap_group_title(enum keymap_group g);
/* "run", "dialog": a place in words; NULL: no more places. */
const char *keymap_place_name(int i, enum keymap_place *out);

/* The keys as this operator has them: an own list instead of a row's, or NULL. A NULL map
 * is the built-in one. */
struct keymap {
	char *keys[ACTION_COUNT];
};
void keymap_release(struct keymap *m);
const char *keymap_keys(const struct keymap *m, enum action a); /* "F2 2" */
bool keymap_has_key(const struct keymap *m, enum action a, const char *key);
/* The i-th key; false: there are fewer. */
bool keymap_key_at(
	const struct keymap *m, enum action a, size_t i, char out[KEYMAP_KEY_BYTES]);
enum action keymap_find(const struct keymap *m, enum keymap_place place, const char *key);
/* A key as people read it: "Ctrl-D", "Enter", an arrow. */
void keymap_key_text(const char *key, bool ascii, struct str *out);
/* All keys of an action, and the first of them. */
void keymap_keys_text(const struct keymap *m, enum action a, bool ascii, struct str *out);
void keymap_first_text(
	const struct keymap *m, enum action a, bool ascii, struct str *out);

/* What may be done now, by action; everything until something is denied. The footer, the
 * help and the list of commands are made from it. */
enum { KEYMAP_WHY_BYTES = 120 };
struct keymap_can {
	bool not_now[ACTION_COUNT];
	char why[ACTION_COUNT][KEYMAP_WHY_BYTES]; /* of those not now */
	const char *word[ACTION_COUNT]; /* instead of the footer's own, or NULL */
};
/* NULL: it can be done. */
void keymap_deny(struct keymap_can *can, enum action a, const char *why);
/* The footer of a place: keys valid now, most important first, cut from the right. */
void keymap_footer(struct frame *f, struct area a, enum keymap_place place,
	const struct keymap_can *can, const struct keymap *m);

#endif
