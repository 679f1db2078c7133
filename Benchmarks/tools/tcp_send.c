// Opens connections to a port of this machine, and when all are open sends lines on one after the other in turn.
//
// tcp_send PORT CONNECTIONS LINES
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 4)
        return 64;
    long connections = atol(argv[2]), lines = atol(argv[3]);
    int *sockets = malloc((size_t)connections * sizeof *sockets);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (long place = 0; place < connections; place++) {
        sockets[place] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(sockets[place], (struct sockaddr *)&address, sizeof address) != 0) {
            perror("connect");
            return 1;
        }
        // Otherwise how many lines gather, and so the work of both, hangs on who acknowledges when.
        setsockopt(sockets[place], IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    }
    for (long number = 0; number < lines; number++) {
        char line[128];
        int size = snprintf(line, sizeof line, "request %ld of a client that writes lines as programs log them\n", number);
        if (send(sockets[number % connections], line, (size_t)size, MSG_NOSIGNAL) != size) {
            perror("send");
            return 1;
        }
    }
    // The server ends by itself when it has them all.
    char byte;
    while (recv(sockets[0], &byte, 1, 0) > 0) {}
    return 0;
}
