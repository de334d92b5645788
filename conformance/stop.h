/* Ctrl-C and its like: the run ends after the request under way, with a report of what there is. */
#ifndef STOP_H
#define STOP_H

/* From here on SIGINT, SIGTERM and SIGHUP are taken note of; a second one ends the program at once.
 */
void stop_install(void);

/* The signal that came; 0: none did. */
int stop_signal(void);

#endif
