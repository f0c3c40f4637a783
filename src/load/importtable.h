#ifndef LOAD_IMPORTTABLE_H
#define LOAD_IMPORTTABLE_H

/*
 * Tables: rows that say what is done become steps, rows of people become contacts, any
 * other table is the text of one step. Part of the importer.
 */

#include "load/importing.h"

void importtable_read(struct importing *g, int table);

#endif
