#include "play/stop.h"
#include <signal.h>
#include <string.h>

static volatile sig_atomic_t caught;

static void note(int signal_number)
{
    caught = signal_number;
}

void stop_install(void)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction action;

    memset(&action, 0, sizeof action);
    (void)sigemptyset(&action.sa_mask);
    action.sa_handler = note;
    /* No SA_RESTART: a wait must not go on. */
    action.sa_flags = (int)SA_RESETHAND;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        (void)sigaction(signals[i], &action, NULL);
    /* A reader that has gone shows when the report is written. */
    (void)signal(SIGPIPE, SIG_IGN);
}

int stop_signal(void)
{
    return caught;
}
