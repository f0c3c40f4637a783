#ifndef MODEL_VERBWORDS_H
#define MODEL_VERBWORDS_H

/*
 * What the words of one command say where a row of a table cannot: verbs behind any number
 * of nouns, marks at the front of a word, texts for another interpreter. Only verbs calls
 * this. Pure.
 */

#include "model/shellwords.h"

/* git push origin +main, git push origin :main */
bool verbwords_pushes_over(const struct shell_word *w, size_t n);
/* gcloud compute instances delete x, az group delete */
bool verbwords_cloud_deletes(const struct shell_word *w, size_t n);
/* perl -e 'system("rm -rf x")', also in a here-document */
bool verbwords_removes_trees(
	const struct shell_word *w, size_t n, const struct shell_cmd *cmd);
/* curl https://x | sudo sh: whatever the far end says is run. */
bool verbwords_runs_page(const struct shell_cmd *from, const struct shell_cmd *to);
/* set -o pipefail is among the commands. */
bool verbwords_sets_pipefail(const struct shell_words *w);
/* Only what may fail in the middle of a pipeline counts; some commands hardly do. */
bool verbwords_may_fail(const struct shell_cmd *cmd);
/* `yes` into a pipe ends with whoever reads it. */
bool verbwords_ends_with_reader(const struct shell_cmd *cmd);

#endif
