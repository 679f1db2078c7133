// Runs a program for each TCP connection, which is its standard input and output, with the variables of tcpserver:
// the reference of `upon tcp-listen:PORT -- PROGRAM`.
//
// tcp_handlers PORT PROGRAM [ARGUMENT...]
#define _GNU_SOURCE
#include "base.h"
#include <arpa/inet.h>
#include <event2/listener.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char **program;

static void set_address(const char *host_name, const char *port_name, const struct sockaddr_in *address)
{
    char host[INET_ADDRSTRLEN], port[8];
    inet_ntop(AF_INET, &address->sin_addr, host, sizeof host);
    snprintf(port, sizeof port, "%d", ntohs(address->sin_port));
    setenv(host_name, host, 1);
    setenv(port_name, port, 1);
}

static void accepted(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer, int size, void *context)
{
    (void)listener, (void)size, (void)context;
    struct sockaddr_in local;
    socklen_t length = sizeof local;
    getsockname(fd, (struct sockaddr *)&local, &length);
    setenv("PROTO", "TCP", 1);
    set_address("TCPLOCALIP", "TCPLOCALPORT", &local);
    set_address("TCPREMOTEIP", "TCPREMOTEPORT", (struct sockaddr_in *)peer);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, 0);
    posix_spawn_file_actions_adddup2(&actions, fd, 1);
    pid_t pid;
    if (posix_spawnp(&pid, program[0], &actions, NULL, program, environ) != 0)
        exit(1);
    posix_spawn_file_actions_destroy(&actions);
    close(fd);
}

static void child_ended(evutil_socket_t signal, short what, void *context)
{
    (void)signal, (void)what, (void)context;
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    program = argv + 2;
    struct event_base *base = make_base();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    event_add(evsignal_new(base, SIGCHLD, child_ended, NULL), NULL);
    if (!evconnlistener_new_bind(base, accepted, NULL, LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
                                 4096, (struct sockaddr *)&address, sizeof address))
        return 1;
    event_base_dispatch(base);
    return 0;
}
