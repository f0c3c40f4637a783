#ifndef LOAD_MDPLACE_H
#define LOAD_MDPLACE_H

/*
 * The last step in making a tree: blocks without a text get the line by whose looks they can
 * be known, those that hold others the lines of what they hold, and every line that is not
 * blank its owner. Only mdtree calls this.
 */

#include "load/mdtree.h"

/* The first `skip` lines belong to no block. */
void mdplace_lines(struct mdtree *t, int skip);

#endif
