/* heymarket-mock. */
#include "mock_program.h"

#include "support/program.h"
#include <fcntl.h>
#include <unistd.h>

/* Started with one of the three closed, the first socket would take its place, and what is written
 * to stderr would go to a client. */
static void descriptors_secure(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
            return;
    }
}

int main(int argc, char **argv)
{
    descriptors_secure();
    return program_main(&mock_program, argc, argv);
}
