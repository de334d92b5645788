#include "run/run_page.h"

#include "serve.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum hm_code run_page_show(const struct host *host, const struct intercept *intercept,
                           struct hm_error *err)
{
    if (!host->mock.control.is_on)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "--page: the page is part of the control plane, which is off; use "
                            "--control on");
    if (intercept->method == INTERCEPT_NAMESPACE)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "--page: no browser reaches the private network of --intercept; use "
                            "--intercept=connect or --intercept=keep-network");
    host_show_page(host);
    return HM_OK;
}

/* Where a person presses Enter: the terminal, also if standard input is a file; else whatever
 * standard input is. */
static int terminal_open(void)
{
    int terminal = isatty(STDIN_FILENO) ? -1 : open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);

    return terminal >= 0 ? terminal : STDIN_FILENO;
}

void run_page_keep(const struct host *host, const sigset_t *signals)
{
    const int input = terminal_open();

    fprintf(stderr, "heymarket-mock: the command has ended; the mock stays until Enter, the end of "
                    "input, or a signal\n");
    host_show_page(host);
    serve_wait(signals, input, true);
    if (input != STDIN_FILENO)
        close(input);
}
