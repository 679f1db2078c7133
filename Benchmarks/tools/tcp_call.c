// Clients that call a server of this machine again and again: each call reads the answer to its end.
//
// tcp_call PORT CLIENTS CALLS ANSWER   CALLS of all clients together; an answer that differs is an error
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int call(struct sockaddr_in *address, const char *expected)
{
    char answer[256];
    size_t size = 0;
    ssize_t count = -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)address, sizeof *address) == 0)
        while ((count = recv(fd, answer + size, sizeof answer - size, 0)) > 0)
            size += (size_t)count;
    close(fd);
    return count == 0 && size == strlen(expected) + 1 && memcmp(answer, expected, size - 1) == 0;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 64;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int clients = atoi(argv[2]), calls = atoi(argv[3]) / clients, failed = 0;
    for (int client = 0; client < clients; client++)
        if (fork() == 0) {
            for (int number = 0; number < calls; number++)
                if (!call(&address, argv[4]))
                    _exit(1);
            _exit(0);
        }
    int status;
    while (wait(&status) > 0)
        failed |= status;
    return failed ? 1 : 0;
}
