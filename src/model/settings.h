#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

/* What an operator has set for the own console, as config.yaml has it; not the project's. */

/* How it asks for attention: the bell, a notice of the desktop (OSC 9), nothing. In the order
 * of the words in KEYS_UI. */
enum settings_notify { SETTINGS_BELL, SETTINGS_OSC9, SETTINGS_OFF };

struct settings {
	enum settings_notify notify;
};

#endif
