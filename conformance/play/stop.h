/* Ctrl-C and its like: the run ends after the request under way, with a report of what there is. */
#ifndef SUITE_PLAY_STOP_H
#define SUITE_PLAY_STOP_H

/* From here on SIGINT, SIGTERM and SIGHUP are taken note of; a second one ends the program at once.
 */
void stop_install(void);

/* The signal that came; 0: none did. */
int stop_signal(void);

#endif
