#ifndef UPON_CTESTSUPPORT_H
#define UPON_CTESTSUPPORT_H
#include <sys/types.h>

/// A pipe whose ends no other child of the tests inherits.
int test_pipe(int ends[2]);

/// A pseudoterminal of 24 rows and 80 columns: both ends, which no other child inherits.
int test_terminal(int *primary, int *secondary);

/// Starts a program with descriptors 0-2 and no others, every signal at its default and an empty mask.
/// On a terminal it leads a session of its own, else a process group of its own.
/// Gives its pid, or -1 with errno set.
pid_t test_spawn(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    int input, int output, int errors, int terminal);

#endif
