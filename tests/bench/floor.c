/*
 * The floor of a first screen: a program that links what handrail links and does nothing but
 * paint a full screen, then waits for a key. Beside it, screenbench says what ours adds.
 */

#include <locale.h>
#include <stdio.h>

#include <ares.h>
#include <curl/curl.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <ncurses.h>
#include <uv.h>
#include <yaml.h>

int
main(void)
{
	setlocale(LC_ALL, "");
	/* so that none of them is left out by the linker */
	const char *const versions[] = {curl_version(), uv_version_string(),
		yaml_get_version_string(), ares_version(NULL), JANSSON_VERSION};
	int pq = PQlibVersion();

	initscr();
	raw();
	noecho();
	for (int row = 0; row < LINES; row++)
		for (int col = 0; col < COLS - 1; col++)
			mvaddch(row, col,
				(chtype)("floor of a screen "[(row + col) % 18]));
	mvprintw(LINES - 1, 0, "painted %s %d", versions[1], pq > 0);
	refresh();
	getch();
	endwin();
	return 0;
}
