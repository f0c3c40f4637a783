#ifndef MODEL_STYLE_H
#define MODEL_STYLE_H

/*
 * What a piece of text means, not how it looks: the thirty roles of a theme. Views name
 * nothing else; a theme says how each looks, ui/palette what the terminal can of it. The
 * mono attributes stand here because they are part of the meaning: a screen without colour
 * is complete. The list is also what a theme file may name and what handrail-theme(5) says.
 */

/* id, name in a theme file, attributes where there is no colour, what it is for */
#define STYLES(X) \
	X(TEXT, "text", STYLE_PLAIN, "Everything else, and the page behind it.") \
	X(DIM, "text.dim", STYLE_FAINT, "What matters less: ages, labels, hints.") \
	X(STRONG, "text.strong", STYLE_BOLD, "What matters more.") \
	X(LINK, "text.link", STYLE_UNDERLINE, "Addresses.") \
	X(CODE, "text.code", STYLE_PLAIN, "Commands and output.") \
	X(TITLE, "title", STYLE_BOLD, "Titles and headings.") \
	X(BORDER, "border", STYLE_PLAIN, "Frames of panes without the focus.") \
	X(BORDER_FOCUS, "border.focus", STYLE_BOLD, \
		"The frame of the pane with the focus.") \
	X(SELECT, "select", STYLE_REVERSE, "The marked row.") \
	X(SELECT_INACTIVE, "select.inactive", STYLE_BOLD, \
		"The marked row of a pane without the focus.") \
	X(CURSOR, "cursor", STYLE_REVERSE, "The place in a text field.") \
	X(KEY, "key", STYLE_BOLD, "Keys, in the footer and the help.") \
	X(INPUT, "input", STYLE_UNDERLINE, "Text fields.") \
	X(INPUT_BAD, "input.bad", STYLE_UNDERLINE | STYLE_BOLD, \
		"A field whose text is not taken.") \
	X(SEARCH, "search", STYLE_REVERSE, "What a search found.") \
	X(MARK, "mark", STYLE_BOLD, "The > before the marked row.") \
	X(OK, "state.ok", STYLE_PLAIN, "Done, healthy, proven.") \
	X(WARN, "state.warn", STYLE_BOLD, "Beyond what is wanted, not yet wrong.") \
	X(FAIL, "state.fail", STYLE_BOLD | STYLE_REVERSE, \
		"Failed, or the outcome is unknown.") \
	X(RUN, "state.run", STYLE_UNDERLINE, "Under way.") \
	X(WAIT, "state.wait", STYLE_BOLD, "Waits for a person, or nobody knows.") \
	X(OFF, "state.off", STYLE_FAINT, "Not needed, not possible now.") \
	X(RISK_1, "risk.1", STYLE_PLAIN, "A moderate risk.") \
	X(RISK_2, "risk.2", STYLE_BOLD, "A hard risk.") \
	X(RISK_3, "risk.3", STYLE_BOLD | STYLE_REVERSE, "A severe risk.") \
	X(ERROR, "level.error", STYLE_BOLD | STYLE_REVERSE, \
		"Messages of what went wrong.") \
	X(WARNING, "level.warn", STYLE_BOLD, \
		"Messages of what was refused or needs care.") \
	X(INFO, "level.info", STYLE_PLAIN, "Other messages.") \
	X(ENV_PROD, "env.prod", STYLE_BOLD | STYLE_REVERSE, \
		"The badge of an environment that begins with PROD.") \
	X(ENV_OTHER, "env.other", STYLE_BOLD, "The badge of any other environment.")

enum style_attr {
	STYLE_PLAIN = 0,
	STYLE_BOLD = 1,
	STYLE_FAINT = 2,
	STYLE_UNDERLINE = 4,
	STYLE_REVERSE = 8,
};

enum style {
#define X(id, name, mono, help) STYLE_##id,
	STYLES(X)
#undef X
		STYLE_COUNT
};

#endif
