#ifndef VIEW_STYLE_H
#define VIEW_STYLE_H

/*
 * What a piece of text means, not how it looks: the thirty roles of a theme. Views name
 * nothing else; ui/palette turns a role into what the terminal can. The mono attributes
 * stand here because they are part of the meaning: a screen without colour is complete.
 * Roles and their names: handrail-theme(5).
 */

/* id, name in a theme file, attributes where there is no colour */
#define STYLES(X) \
	X(TEXT, "text", STYLE_PLAIN) \
	X(DIM, "text.dim", STYLE_FAINT) \
	X(STRONG, "text.strong", STYLE_BOLD) \
	X(LINK, "text.link", STYLE_UNDERLINE) \
	X(CODE, "text.code", STYLE_PLAIN) \
	X(TITLE, "title", STYLE_BOLD) \
	X(BORDER, "border", STYLE_PLAIN) \
	X(BORDER_FOCUS, "border.focus", STYLE_BOLD) \
	X(SELECT, "select", STYLE_REVERSE) \
	X(SELECT_INACTIVE, "select.inactive", STYLE_BOLD) \
	X(CURSOR, "cursor", STYLE_REVERSE) \
	X(KEY, "key", STYLE_BOLD) \
	X(INPUT, "input", STYLE_UNDERLINE) \
	X(INPUT_BAD, "input.bad", STYLE_UNDERLINE | STYLE_BOLD) \
	X(SEARCH, "search", STYLE_REVERSE) \
	X(MARK, "mark", STYLE_BOLD) \
	X(OK, "state.ok", STYLE_PLAIN) \
	X(WARN, "state.warn", STYLE_BOLD) \
	X(FAIL, "state.fail", STYLE_BOLD | STYLE_REVERSE) \
	X(RUN, "state.run", STYLE_UNDERLINE) \
	X(WAIT, "state.wait", STYLE_BOLD) \
	X(OFF, "state.off", STYLE_FAINT) \
	X(RISK_1, "risk.1", STYLE_PLAIN) \
	X(RISK_2, "risk.2", STYLE_BOLD) \
	X(RISK_3, "risk.3", STYLE_BOLD | STYLE_REVERSE) \
	X(ERROR, "level.error", STYLE_BOLD | STYLE_REVERSE) \
	X(WARNING, "level.warn", STYLE_BOLD) \
	X(INFO, "level.info", STYLE_PLAIN) \
	X(ENV_PROD, "env.prod", STYLE_BOLD | STYLE_REVERSE) \
	X(ENV_OTHER, "env.other", STYLE_BOLD)

enum style_attr {
	STYLE_PLAIN = 0,
	STYLE_BOLD = 1,
	STYLE_FAINT = 2,
	STYLE_UNDERLINE = 4,
	STYLE_REVERSE = 8,
};

enum style {
#define X(id, name, mono) STYLE_##id,
	STYLES(X)
#undef X
		STYLE_COUNT
};

#endif
