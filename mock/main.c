/* heymarket-mock. */
#include "mock_program.h"

#include "support/program.h"

int main(int argc, char **argv)
{
    return program_main(&mock_program, argc, argv);
}
