// Runs a command of the shell for each line of standard input, one after the other: the reference of
// `upon stdin do COMMAND`.
//
// spawn_loop COMMAND
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    char *command[] = {"/bin/sh", "-c", argv[1], NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        pid_t pid;
        int status;
        if (posix_spawn(&pid, command[0], &actions, NULL, command, environ) != 0 || waitpid(pid, &status, 0) != pid)
            return 1;
    }
    return 0;
}
