#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

/*
 * What can be measured and expected: one list for the enum, the loader, the schema and
 * the manual. The functions over it are expect_field_*.
 */

/* Fields: name, how it is compared, default unit. One list for the enum, the loader, the
 * schema and the manual. NUMBER: as a number in the unit; TEXT: as text; DUAL: number if
 * the test is one, else text; JSON: by pointers; MAP: by names. */
#define EXPECT_FIELDS(X) \
	X(EXIT, "exit", NUMBER, "") \
	X(OUTPUT, "output", TEXT, "") \
	X(STDOUT, "stdout", TEXT, "") \
	X(STDERR, "stderr", TEXT, "") \
	X(VALUE, "value", DUAL, "") \
	X(JSON, "json", JSON, "") \
	X(TIME, "time", NUMBER, "ms") \
	X(STATUS, "status", NUMBER, "") \
	X(HEADER, "header", MAP, "") \
	X(BODY, "body", TEXT, "") \
	X(URL, "url", TEXT, "") \
	X(COOKIE, "cookie", MAP, "") \
	X(ROW, "row", MAP, "") \
	X(REPLY, "reply", DUAL, "") \
	X(FIELD, "field", MAP, "") \
	X(DAYS_LEFT, "days_left", NUMBER, "d") \
	X(ISSUER, "issuer", TEXT, "") \
	X(NAMES, "names", TEXT, "") \
	X(PROTOCOL, "protocol", TEXT, "") \
	X(CHAIN, "chain", TEXT, "") \
	X(AGE, "age", NUMBER, "s") \
	X(NEWEST_AGE, "newest_age", NUMBER, "s") \
	X(SIZE, "size", NUMBER, "B") \
	X(COUNT, "count", NUMBER, "") \
	X(MODE, "mode", TEXT, "") \
	X(OWNER, "owner", TEXT, "") \
	X(SHA256, "sha256", TEXT, "") \
	X(GZIP, "gzip", TEXT, "") \
	X(TRAILER, "trailer", TEXT, "") \
	X(STATE, "state", TEXT, "") \
	X(HEALTH, "health", TEXT, "") \
	X(RESTARTS, "restarts", NUMBER, "") \
	X(IMAGE, "image", TEXT, "") \
	X(LIMITS, "limits", MAP, "") \
	X(POLICY, "policy", TEXT, "") \
	X(PORTS, "ports", TEXT, "") \
	X(LOG_OPTIONS, "log_options", MAP, "") \
	X(USED, "used", NUMBER, "%") \
	X(INODES, "inodes", NUMBER, "%") \
	X(LOAD, "load", NUMBER, "") \
	X(CPU, "cpu", NUMBER, "%") \
	X(MEMORY, "memory", NUMBER, "%") \
	X(IO, "io", NUMBER, "%") \
	X(NET, "net", NUMBER, "B") \
	X(FDS, "fds", NUMBER, "%") \
	X(PRESENT, "present", TEXT, "") \
	X(FROM, "from", TEXT, "") \
	X(TO, "to", TEXT, "")

enum expect_field {
#define X(id, name, how, unit) EXPECT_##id,
	EXPECT_FIELDS(X)
#undef X
		EXPECT_FIELD_COUNT
};

enum expect_how {
	EXPECT_HOW_NUMBER,
	EXPECT_HOW_TEXT,
	EXPECT_HOW_DUAL,
	EXPECT_HOW_JSON,
	EXPECT_HOW_MAP
};

#endif
