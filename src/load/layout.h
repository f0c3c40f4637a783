#ifndef LOAD_LAYOUT_H
#define LOAD_LAYOUT_H

/*
 * What stands in the file and means nothing: a byte order mark, CR LF, blanks at the end
 * of lines, a last line without end. One warning of each sort, with its fix. Asked for by
 * lint alone; loading passes over all of it. Lines inside a text of several lines (shell
 * text, a description) are never touched: there a blank belongs to the text.
 */

#include "model/diag.h"

void layout_check(const char *file, const char *text, size_t len, struct diags *d);

#endif
