#ifndef APP_CONSOLEINNER_H
#define APP_CONSOLEINNER_H

/*
 * The inside of the console, shared by its own files only: console.c (the terminal, one
 * frame per turn, messages, the end), console_keys.c, console_find.c, console_commands.c,
 * console_home.c, console_plan.c, console_run.c (the run's scene and what keys do there),
 * console_logs.c, console_health.c (the board and the strip), console_mute.c,
 * console_boxes.c, console_due.c, console_learn.c, console_place.c, console_arm.c, console_dialog.c (the stack of dialogs), console_ask.c and console_sign.c (what each dialog does). Nobody else includes this.
 */

#include "app/colleagues.h"
#include "app/console.h"
#include "base/file.h"
#include "app/duelist.h"
#include "app/former.h"
#include "app/library.h"
#include "app/session.h"
#include "app/watching.h"
#include "model/diag.h"
#include "run/undo.h"
#include "ui/term.h"
#include "view/ring.h"
#include "view/keybind.h"
#include "view/view_ask.h"
#include "view/view_commands.h"
#include "view/view_health.h"
#include "view/view_help.h"
#include "view/view_home.h"
#include "remote/twins.h"
#include "view/view_plan.h"
#include "view/view_run.h"

enum console_screen {
	SCREEN_HOME,
	SCREEN_PLAN,
	SCREEN_RUN,
	SCREEN_PROBLEMS,
	SCREEN_LOGS,
	SCREEN_HEALTH,
	SCREEN_BOXES,
	SCREEN_LEARN,
	SCREEN_AUDIT,
	SCREEN_REPLAY
};

enum console_dialog_kind {
	DIALOG_CONFIRM,
	DIALOG_INPUT,
	DIALOG_SIGN,
	DIALOG_DECLINE,
	DIALOG_BACK,
	DIALOG_BACK_WORDS,
	DIALOG_BACK_END,
	DIALOG_LEAVE,
	DIALOG_SKIP,
	DIALOG_FAILED,
	DIALOG_TICK,
	DIALOG_NOTE,
	DIALOG_RESOLVE,
	DIALOG_CHOOSE,
	DIALOG_PROMPT,
	DIALOG_HOLD,
	DIALOG_END,
	DIALOG_STOP,
	DIALOG_FIND,
	DIALOG_FILTER,
	DIALOG_QUIT,
	DIALOG_RELOCATE,
	DIALOG_MUTE,
	DIALOG_ENVIRONMENT,
	DIALOG_BOX,
	DIALOG_FORCE,
	DIALOG_ARM,
	DIALOG_INPUTS,
	DIALOG_REDLINE,
	DIALOG_REDLINE_LINES,
	DIALOG_ADDED,
	DIALOG_EYES,
	DIALOG_OFFER,
	DIALOG_ACCEPT,
	DIALOG_TAKE,
	DIALOG_POSTPONE,
	DIALOG_RELEASE,
	DIALOG_ATTACH,
	DIALOG_KIND_COUNT
};

struct console_dialog {
	enum console_dialog_kind kind;
	struct form form;
	int step, leg, input, item;
	enum way way;
	struct undo_plan plan; /* DIALOG_BACK and its words */
	char *statement, *why; /* DIALOG_SIGN */
	char *signed_comment;  /* the statement is about this comment, key and record */
	int signed_key;
	int64_t signed_seq;
	int signed_listing;
	size_t keys; /* known when the list was made; a sign-off: of this listing, 0: none */
	struct mono looked; /* DIALOG_CONFIRM: at what must be good before */
	bool sent;          /* the act was asked for: it closes when that is over */
	bool finished;      /* to be closed */
	bool pressed;       /* what was pressed is being done: it is closed after that */
};

/* What is to happen between two turns of the loop. */
enum console_hand {
	CONSOLE_NO_HAND,
	CONSOLE_WAIT_RELEASE, /* an offer was accepted: its console lets go */
	CONSOLE_LOOK_ON,      /* at the run in hand_dir */
	CONSOLE_LOOK_ON_FAR,  /* at that of a colleague, by its id in hand_dir */
	CONSOLE_TAKE,         /* nobody drives */
	CONSOLE_FORCE,        /* the other console is to be ended */
};

struct console_health {
	struct watching *own;      /* without a run: of trusted content; NULL */
	struct givens *givens;     /* inputs it has */
	struct runbook *own_of;    /* what it watches */
	struct runbook *project;   /* that it may watch: its content is not trusted yet */
	const struct board *shown; /* that the state is about */
	struct health_state state;
	enum console_screen from;
	const struct board *heard;      /* that `down` is about */
	VEC_OF(bool) down;              /* by item: that it went DOWN has been told */
	int uses_of;                    /* item, NONE */
	VEC_OF(struct health_use) uses; /* texts are ours */
};

/* The second line of every screen. */
struct console_strip {
	VEC_OF(struct scene_reading) list;
	struct strings texts;
};

struct console_learn;
struct console_audit;
struct console_replay;

struct console {
	const struct console_opts *o;
	struct console_learn *learn;   /* SCREEN_LEARN; or NULL */
	struct console_replay *replay; /* SCREEN_REPLAY; or NULL */
	struct console_audit *audit;   /* NULL: not looked at yet */
	struct term *term;
	struct frame frame;
	bool dirty, pressed;          /* pressed: a key came since the last frame */
	struct mono drawn;            /* the last frame */
	struct loop_timer *frame_due; /* the next one that no key asks for */
	struct loop_timer *tick;      /* once a second, for what counts time */
	struct loop_timer *guard;     /* when a dialog begins to take keys */
	bool over;
	enum exit_code code;
	enum console_screen screen, back_to, boxes_from;
	char *message;
	enum scene_level level;
	struct mono said; /* the message */
	char *find;

	char *environment; /* chosen at home; NULL: that of the options */
	struct library library;
	struct home_state home;
	VEC_OF(struct home_runbook) home_rows;
	VEC_OF(struct home_run) home_runs;
	struct ints open_runs; /* row -> index in library.runs; NONE: a colleague's */
	struct colleagues_watch *colleagues; /* NULL: nobody was asked yet */
	struct mono asked_colleagues;
	char *home_filter; /* or NULL */
	struct duelist dues;
	VEC_OF(struct due_row) due_rows; /* row -> index in dues */
	char *watched;
	bool is_watched;
	char *preview_path, *preview_fault;
	struct runbook *preview;

	struct runbook *plan;
	char plan_hash[DIGEST_HEX + 1];
	bool trusted;
	char *cannot;
	struct plan_state plan_state;
	struct twins *twins; /* of the plan, until they are told */
	char *twins_words;
	struct fleet *plan_fleet; /* of trusted content: how its hosts will be reached */
	struct pairs plan_ways;
	struct diags problems;
	struct scroll problems_scroll;

	struct session *session;
	enum console_hand hand;
	char *hand_dir;
	char *changed;      /* of the files of the run, as last told */
	struct mono looked; /* at them */
	struct str left;    /* notices of runs that were left, not delivered */
	VEC_OF(struct session *) doomed; /* freed between two turns of the loop */
	struct run_state run;
	struct ring ring;
	struct former_values former; /* what the last run was given */
	bool former_read;
	struct usual *usual;       /* times of former runs; NULL: not read yet */
	struct console_logs *logs; /* NULL: not looked at yet */
	struct console_health health;
	struct console_boxes *boxes;  /* the same */
	char *acted_box, *acted_host; /* marked again when its run is over; or NULL */
	char *acting;    /* the runbook that was made of an act on a container, or NULL */
	char *left_open; /* end of the id of the run that made room for another, or NULL */
	char *aside; /* folder of the run that waits for the end of such a one, or NULL */
	struct strings history;
	char *prompt_from, *prompt_text;
	bool prompting, prompt_echo;
	bool awaiting; /* an act was just confirmed and no key came since */
	bool closed_told;
	bool chaining;           /* inputs are asked one after the other */
	int arm_after;           /* step to arm when its inputs are there; NONE */
	enum step_state *states; /* as last told, by step */
	int late_told;           /* step that was said to be late; NONE */

	struct console_ending *ending; /* of what is owed, on its way to the record */
	VEC_OF(struct console_dialog *) dialogs;
	struct help_state help;
	bool help_open;
	struct commands_state commands;
	bool commands_open;
	unsigned been;      /* at places of a guide, 1 << enum scene_place */
	struct keymap keys; /* own ones over the built-in */
};

/* console_own.c */
void console_own_take(struct console *c); /* the operator's keys and settings */
void console_farewell(const char *id, const char *dir, const char *result,
	const char *busy, const char *other);

/* console.c */
void console_say(struct console *c, enum scene_level level, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void console_attend(struct console *c); /* bell or notice, with what was just said */
void console_say_no_more(struct console *c);
void console_put_keys(const struct console *c, const char *text, struct str *out);
void console_fault(struct console *c, const struct err *e);
void console_leave(struct console *c, enum exit_code code);
void console_ask_to_quit(struct console *c);
bool console_readonly(const struct console *c);
void console_readonly_say(struct console *c, const char *what); /* and whose it is */

/* What cannot be done on the screen now, and why. */
void console_can(struct console *c, struct keymap_can *can);
/* The first key of an action, as people read it; caller frees. */
char *console_key_of(const struct console *c, enum action a);

/* console_keys.c */
void console_keys(struct console *c, const struct keys_event *ev);
/* As if its key had been pressed; false: it has no meaning here. */
bool console_do(struct console *c, enum action a);

/* console_commands.c */
void console_commands_open(struct console *c, enum keymap_place place);
void console_commands_close(struct console *c);
void console_commands_key(struct console *c, const struct keys_event *ev);
char *console_commands_copy_of(const struct console *c); /* caller frees; NULL: nothing */
void console_commands_copy(struct console *c);

/* console_home.c */
void console_home_open(struct console *c);
void console_home_draw(struct console *c, const struct scene *sc);
void console_home_can(struct console *c, const struct scene *sc, struct keymap_can *can);
bool console_home_do(struct console *c, enum action a);
void console_home_tick(struct console *c);
void console_home_filter(struct console *c, const char *text);
void console_home_release(struct console *c);
const char *console_home_environment(const struct console *c); /* NULL: none */
bool console_home_environment_pressed(
	struct console *c, struct console_dialog *d, int button);

/* console_end.c: what is owed is postponed or released */
void console_end(struct console *c, enum action a);
void console_end_update(struct console *c, struct console_dialog *d);
bool console_end_pressed(struct console *c, struct console_dialog *d, int button);
void console_end_turn(struct console *c); /* between two turns of the loop */
void console_end_release(struct console *c);

/* console_arm.c: observing, and what ends it */
void console_arm(struct console *c); /* its key: asks, or disarms */
void console_arm_update(struct console *c, struct console_dialog *d);
void console_arm_tell(struct console *c, const struct event *ev);
bool console_arm_pressed(struct console *c, struct console_dialog *d, int button);
/* "OBSERVING", "ARMED 29m"; NULL: nothing has to be armed. */
const char *console_arm_words(const struct console *c, struct str *out);
/* Break-glass: pass the gate that is shut, with a reason. */
void console_force(struct console *c);
bool console_forced(struct console *c, struct console_dialog *d, int button);

/* console_redline.c: a command edited for this run */
void console_redline(struct console *c, int step);
bool console_redline_line(struct console *c, struct console_dialog *d, int button);
void console_redline_update(struct console *c, struct console_dialog *d);
void console_added(struct console *c, int after); /* a step for this run */
void console_added_update(struct console *c, struct console_dialog *d);
bool console_added_pressed(struct console *c, struct console_dialog *d, int button);
bool console_redline_pressed(struct console *c, struct console_dialog *d, int button);

/* console_due.c */
void console_due_fill(struct console *c); /* from the library */
void console_due_forget(struct console *c);
struct due_scene console_due_scene(const struct console *c);
void console_due_open(struct console *c); /* the marked one */

/* console_plan.c */
void console_plan_open(struct console *c, const char *path); /* in Home's environment */
void console_plan_open_in(struct console *c, const char *path, const char *environment);
void console_plan_draw(struct console *c, const struct scene *sc);
void console_plan_can(struct console *c, const struct scene *sc, struct keymap_can *can);
bool console_plan_do(struct console *c, enum action a);
void console_plan_release(struct console *c);

/* console_session.c */
bool console_session_make_room(struct console *c, const char *runbook);
bool console_session_open(struct console *c, struct err *e) WARN_UNUSED;
bool console_session_resume(
	struct console *c, const char *dir, struct err *e) WARN_UNUSED;
/* The same of one that was handed to somebody else; typed: the words, or NULL. */
bool console_session_take(
	struct console *c, const char *dir, const char *typed, struct err *e) WARN_UNUSED;
/* A run that closes something owed: its open one taken up again, or a new one. */
bool console_session_owed(
	struct console *c, const struct owed *owed, struct err *e) WARN_UNUSED;
void console_session_onlook(struct console *c, struct onlooker *take);
void console_session_close(struct console *c);
void console_session_mind_files(struct console *c); /* now and then */
void console_session_sweep(struct console *c);      /* outside of every callback */
/* The first input that is not there and that no step asks for; NONE. */
int console_session_wants(const struct console *c);

/* console_run.c */
void console_run_draw(struct console *c, const struct scene *sc);
void console_run_can(struct console *c, const struct scene *sc, struct keymap_can *can);
bool console_run_do(struct console *c, enum action a);
void console_run_arm(struct console *c, int step);
/* "3.3 on web1 is running 0:42"; false: nothing runs. */
bool console_run_words(struct console *c, struct str *out);
void console_run_tell_late(struct console *c);
bool console_run_find_output(struct console *c, bool forward);

/* console_panes.c: keys that move about in the run view; false: another key */
bool console_panes_do(struct console *c, enum action a);
/* The same of any run that is shown: its panes alone. */
bool console_panes_of(struct console *c, struct run_state *st, enum action a);

/* console_find.c */
bool console_find(struct console *c, bool forward); /* what c->find says */

/* console_logs.c */
void console_logs_open(struct console *c);                 /* says why not */
const char *console_logs_why_not(const struct console *c); /* NULL: it can be opened */
void console_logs_release(struct console *c);
void console_logs_draw(struct console *c, const struct scene *sc);
void console_logs_can(struct console *c, const struct scene *sc, struct keymap_can *can);
bool console_logs_do(struct console *c, enum action a);
char *console_logs_copy(const struct console *c); /* the marked line, or NULL */
/* What the run does stands among the lines. */
void console_logs_event(struct console *c, const struct event *ev);
/* The log of one container alone; target of the runbook, NONE: this machine. */
bool console_logs_tail(
	struct console *c, int target, const char *container, struct err *e) WARN_UNUSED;
bool console_logs_find(struct console *c, bool forward);
/* Only the logs of that machine; false: none is followed from it. */
bool console_logs_of_host(struct console *c, const char *host);
bool console_logs_filter(struct console *c, const char *text, struct err *e) WARN_UNUSED;
const char *console_logs_filter_text(const struct console *c);

/* console_health.c */
void console_health_open(struct console *c); /* says why not */
/* Trusted content without a run: its probes are looked at from now on. */
void console_health_watch(struct console *c, struct runbook *rb);
/* The board is not to be shown any more: its session ends, or another begins. */
void console_health_forget(struct console *c);
void console_health_release(struct console *c);
/* Of the run, else of what is trusted; NULL: there is none. */
const struct board *console_health_board(const struct console *c);
const struct runbook *console_health_runbook(const struct console *c);
void console_health_strip(struct console *c, struct console_strip *out);
void console_health_strip_release(struct console_strip *st);
void console_health_draw(struct console *c, const struct scene *sc);
void console_health_can(
	struct console *c, const struct scene *sc, struct keymap_can *can);
bool console_health_do(struct console *c, enum action a);
bool console_health_back(
	struct console *c); /* closes the details; false: none are open */
bool console_health_find(struct console *c, bool forward);
char *console_health_copy(
	const struct console *c); /* what the marked one says, or NULL */
void console_health_mute(struct console *c, int item, const struct vital_mute *m);

/* console_mute.c */
void console_mute_ask(struct console *c, int item);
void console_mute_update(struct console *c, struct console_dialog *d);
bool console_mute_pressed(struct console *c, struct console_dialog *d, int button);

/* console_evidence.c: the marked lines into the record of a step; how many, and their marks
 * are gone */
struct logs;
size_t console_evidence_send(struct console *c, struct logs *l, int step);
/* console_attach.c: other evidence for the marked step */
void console_attach_ask(struct console *c); /* a file or a link */
bool console_attach_pressed(struct console *c, struct console_dialog *d, int button);
void console_attach_pane(struct console *c);    /* what the screen shows */
void console_attach_reading(struct console *c); /* of the marked probe */
/* console_back.c */
void console_back_open(struct console *c);
void console_back_update(struct console *c, struct console_dialog *d);
bool console_back_pressed(struct console *c, struct console_dialog *d, int button);
void console_back_words_update(struct console *c, struct console_dialog *d);
bool console_back_words_pressed(struct console *c, struct console_dialog *d, int button);
void console_back_words_cancelled(struct console *c, struct console_dialog *d);
bool console_back_end_pressed(struct console *c, struct console_dialog *d, int button);
bool console_back_leave_pressed(struct console *c, struct console_dialog *d, int button);

/* console_hand.c */
void console_hand_do(struct console *c); /* offers the run, or takes it */
bool console_hand_offer_pressed(struct console *c, struct console_dialog *d, int button);
bool console_hand_accept_pressed(struct console *c, struct console_dialog *d, int button);
void console_hand_take_update(struct console *c, struct console_dialog *d);
bool console_hand_take_pressed(struct console *c, struct console_dialog *d, int button);
bool console_hand_look_on(struct console *c, struct onlooker *take);
void console_hand_look_on_dir(struct console *c, const char *dir); /* soon */
void console_hand_look_on_far(struct console *c, const char *id);  /* the same */
void console_hand_turn(struct console *c); /* outside of every callback */
void console_hand_tell(struct console *c, const struct event *ev);

/* console_boxes.c */
void console_boxes_open(struct console *c);  /* says why not */
void console_boxes_begin(struct console *c); /* of a run whose runbook names some */
void console_boxes_tick(struct console *c);
void console_boxes_release(struct console *c);
void console_boxes_draw(struct console *c, const struct scene *sc);
void console_boxes_can(struct console *c, const struct scene *sc, struct keymap_can *can);
bool console_boxes_do(struct console *c, enum action a);
bool console_boxes_escape(struct console *c); /* false: nothing is left to close */
struct scroll *console_boxes_scroll(const struct console *c);
char *console_boxes_copy(const struct console *c);
bool console_boxes_find(struct console *c, bool forward);
bool console_boxes_filter(struct console *c, const char *text, struct err *e) WARN_UNUSED;
const char *console_boxes_filter_text(const struct console *c);
void console_boxes_act(struct console *c);
bool console_boxes_act_pressed(struct console *c, struct console_dialog *d, int button);
/* The plan is that of an act on a container. */
bool console_boxes_is_act(const struct console *c);
/* The open run waits meanwhile; false: it must not, or the plan is none of ours. */
bool console_boxes_aside(struct console *c);
/* That run has ended: the one that waited goes on. False: there is none. */
bool console_boxes_return(struct console *c);

/* console_dialog.c */
struct console_dialog *console_dialog_push(
	struct console *c, enum console_dialog_kind kind);
struct console_dialog *console_dialog_top(const struct console *c);
void console_dialog_close(struct console *c, struct console_dialog *d);
void console_dialog_close_all(struct console *c);
void console_dialog_opened(
	struct console *c, struct console_dialog *d); /* after filling */
void console_dialog_update(struct console *c);
void console_dialog_key(struct console *c, const struct keys_event *ev);
void console_dialog_draw(struct console *c, const struct scene *sc);

/* What a kind of dialog does. `pressed`: true closes it. */
struct console_dialog_ops {
	void (*update)(struct console *c, struct console_dialog *d);
	bool (*pressed)(struct console *c, struct console_dialog *d, int button);
	void (*cancelled)(struct console *c, struct console_dialog *d);
};
extern const struct console_dialog_ops console_ask_ops[DIALOG_KIND_COUNT];

/* console_ask.c and console_sign.c */
void console_ask_confirm(struct console *c, int step, int leg, enum way way);
void console_ask_fresh(
	struct console *c); /* once a second: what is checked before an act */
/* console_input.c */
void console_ask_input(struct console *c, int input);
void console_input_update(struct console *c, struct console_dialog *d);
bool console_input_pressed(struct console *c, struct console_dialog *d, int button);
void console_input_cancelled(struct console *c, struct console_dialog *d);
void console_inputs(struct console *c); /* all of them, to change one */
bool console_inputs_pressed(struct console *c, struct console_dialog *d, int button);
void console_ask_skip(struct console *c, int step);
void console_ask_failed(struct console *c, int step);
void console_ask_tick(struct console *c, int step);
void console_ask_note(struct console *c, int step);
void console_ask_resolve(struct console *c, int step);
void console_ask_choose(struct console *c, int step);
void console_ask_prompt(struct console *c);
void console_ask_hold(struct console *c);
void console_ask_end(struct console *c);
void console_ask_stop(struct console *c);
void console_ask_find(struct console *c);
void console_ask_filter(struct console *c);
void console_ask_quit(struct console *c);
void console_ask_relocate(struct console *c);
void console_ask_chain(struct console *c); /* the next input of the chain, or its end */
void console_ask_words(
	struct console *c, struct console_dialog *d, const struct ask_words *w);
char *console_ask_title(const struct console *c, int step); /* caller frees */
bool console_talk_prompt_pressed(struct console *c, struct console_dialog *d, int button);
void console_talk_prompt_cancelled(struct console *c, struct console_dialog *d);
bool console_talk_stop_pressed(struct console *c, struct console_dialog *d, int button);
bool console_talk_quit_pressed(struct console *c, struct console_dialog *d, int button);
bool console_talk_relocate_pressed(
	struct console *c, struct console_dialog *d, int button);
bool console_talk_filter_pressed(struct console *c, struct console_dialog *d, int button);
bool console_talk_find_pressed(struct console *c, struct console_dialog *d, int button);
void console_sign_open(struct console *c, int step);
/* True: what changed is looked at first, and whether it is signed hangs on it. */
bool console_sign_looks(struct console *c, int step);
void console_sign_waiting(struct console *c);
void console_sign_update(struct console *c, struct console_dialog *d);
bool console_sign_pressed(struct console *c, struct console_dialog *d, int button);
void console_sign_cancelled(struct console *c, struct console_dialog *d);
bool console_sign_declined(struct console *c, struct console_dialog *d, int button);

/* Tells aloud what went DOWN since it was called last. */
void console_eyes_alarm(struct console *c);
/* console_eyes.c */
/* Health, logs or containers: of the open run, of what was chosen and trusted last, else of
 * what handrail.yaml lists; where that is not trusted yet it asks first. */
void console_eyes_open(struct console *c, enum action a);
bool console_eyes_asks(
	const struct console *c); /* nothing is seen yet: the project may be */
bool console_eyes_pressed(struct console *c, struct console_dialog *d, int button);
void console_eyes_release(struct console *c);
const struct redact *console_eyes_redact(const struct console *c);
struct fleet *console_eyes_fleet(const struct console *c);

/* console_follow.c */
struct console_follows {
	VEC_OF(struct run_follow) list;
};
void console_follow_legs(const struct console *c, struct console_follows *out);
/* Puts what running soaks have counted beside the readings, by probe. */
void console_follow_soaks(const struct console *c, struct reading *live);
/* Some leg of the step is not heard now. */
bool console_follow_lost(const struct console *c, int step);

/* console_learn.c */
void console_learn_open(struct console *c, struct runbook *rb, int step);
/* False: it does not load, which was said. */
bool console_learn_load(struct console *c, const char *path);
void console_learn_draw(struct console *c, const struct scene *sc);
bool console_learn_do(struct console *c, enum action a);
void console_learn_back(struct console *c);
/* Why `handrail learn` does not do this: it would lead to where something is reached. NULL:
 * it may, or this console is not there to learn alone. */
const char *console_learn_denies(const struct console *c, enum action a);
void console_learn_release(struct console *c);
const struct runbook *console_learn_runbook(const struct console *c);
struct scroll *console_learn_scroll(struct console *c);

/* console_audit.c */
void console_audit_open(struct console *c);
void console_audit_draw(struct console *c, const struct scene *sc);
void console_audit_can(struct console *c, const struct scene *sc, struct keymap_can *can);
bool console_audit_do(struct console *c, enum action action);
void console_audit_back(struct console *c, enum action action);
struct scroll *console_audit_scroll(const struct console *c);
const char *console_audit_filter_text(const struct console *c);
bool console_audit_filter(struct console *c, const char *text);
char *console_audit_copy(const struct console *c); /* caller frees; NULL: nothing */
bool console_audit_find(struct console *c, bool forward);
/* Whose record is open, as it is called; NULL: the list is. */
const char *console_audit_run(const struct console *c);
void console_audit_release(struct console *c);

/* console_guide.c: what to do next, for who practises with a guide; nothing: none leads */
void console_guide_words(struct console *c, struct str *out);

/* console_replay.c */
bool console_replay_open(struct console *c, const char *dir, struct err *e) WARN_UNUSED;
void console_replay_draw(struct console *c, const struct scene *sc);
void console_replay_can(const struct console *c, struct keymap_can *can);
bool console_replay_do(struct console *c, enum action a);
void console_replay_back(struct console *c);
struct scroll *console_replay_scroll(struct console *c);
const struct run *console_replay_run(const struct console *c);
struct wall console_replay_time(const struct console *c); /* of the record */
void console_replay_release(struct console *c);

/* console_place.c: the first line of every screen */
void console_place_words(const struct console *c, struct str *out);
const char *console_place_badge(const struct console *c);

#endif
