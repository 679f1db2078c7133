/* Datagrams and the control data that says which address of this machine they were sent to. */
#ifndef UPON_DATAGRAMS_H
#define UPON_DATAGRAMS_H
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Room for the control data of one datagram. */
enum { UPON_DATAGRAM_CONTROL = 64 };

/* Asks the kernel to tell the target of each datagram. */
void upon_tell_datagram_targets(int socket, int family);

/* recvmmsg() without waiting, at most COUNT; the length of each datagram is its own, also where it did not
   fit. The number of them, or -1 and errno. */
int upon_receive_datagrams(int socket, struct mmsghdr *messages, unsigned count);

/* The address of this machine that a datagram was sent to: its length, 0 where the kernel has not told. */
socklen_t upon_datagram_target(const struct msghdr *message, struct sockaddr_storage *address);

/* Sends one datagram without waiting, from the address SOURCE unless that is NULL. */
ssize_t upon_send_datagram(int socket, const void *bytes, size_t count, const struct sockaddr *address,
                           socklen_t length, const struct sockaddr *source);

/* How many datagrams the kernel has dropped for want of room in the socket's buffer; 0 where it does not
   say. */
uint32_t upon_datagram_drops(int socket);

#endif
