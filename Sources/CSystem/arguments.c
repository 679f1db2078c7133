#include "CSystem.h"

/*
 * Where the Swift runtime has the arguments of the process from. Its own way is to read /proc/self/maps at every start,
 * whether anybody asks or not: a tenth of a start, and no arguments where there is no /proc. A program that defines
 * these two functions leaves that way out, and main says what the arguments are.
 */

static char **arguments;
static int count;

void _swift_stdlib_overrideUnsafeArgvArgc(char **argv, int argc)
{
    arguments = argv;
    count = argc;
}

char **_swift_stdlib_getUnsafeArgvArgc(int *length)
{
    static char *none[] = { NULL };

    *length = count;
    return arguments ? arguments : none;
}
