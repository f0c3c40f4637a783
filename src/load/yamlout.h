#ifndef LOAD_YAMLOUT_H
#define LOAD_YAMLOUT_H

/*
 * Writes values so that libyaml, PyYAML's BaseLoader and a YAML 1.2 parser read the same:
 * plain only where no reader could take it for anything else than text, double quotes
 * otherwise, a literal block for what has several lines. The caller has made the text
 * fit for a scalar: valid UTF-8 without control and bidi characters, at most 64 KiB.
 */

#include <stddef.h>

#include "base/str.h"

/* One value on the rest of the line, then a line break. `indent` is that of its mapping;
 * a literal block stands two columns further in. */
void yamlout_value(struct str *out, int indent, const char *text);
/* Without the line break and always on one line: for flow lists and mappings. A line
 * break in the text becomes \n between quotes. */
void yamlout_flow(struct str *out, const char *text);
/* A key: quoted where it must be. */
void yamlout_key(struct str *out, const char *key);
/* "# text" lines at this indent. */
void yamlout_comment(struct str *out, int indent, const char *text);

#endif
