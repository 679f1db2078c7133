/* Socket calls whose parameters are a transparent union under _GNU_SOURCE, which Swift cannot make, and
   those that Swift's Glibc module hides. */
#ifndef UPON_SOCKETS_H
#define UPON_SOCKETS_H
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

static inline int upon_bind(int socket, const struct sockaddr *address, socklen_t length) {
  return bind(socket, address, length);
}

static inline int upon_connect(int socket, const struct sockaddr *address, socklen_t length) {
  return connect(socket, address, length);
}

static inline int upon_getsockname(int socket, struct sockaddr *address, socklen_t *length) {
  return getsockname(socket, address, length);
}

static inline int upon_getpeername(int socket, struct sockaddr *address, socklen_t *length) {
  return getpeername(socket, address, length);
}

/* FLAGS are SOCK_CLOEXEC and SOCK_NONBLOCK, which Swift knows as an enumeration only. */
static inline int upon_accept(int socket, struct sockaddr *address, socklen_t *length, int nonblocking) {
  return accept4(socket, address, length, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
}

/* A new socket, close-on-exec; TYPE is SOCK_STREAM or SOCK_DGRAM. */
static inline int upon_socket(int family, int type, int nonblocking) {
  return socket(family, type | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
}

static inline int upon_stream_type(void) { return SOCK_STREAM; }
static inline int upon_datagram_type(void) { return SOCK_DGRAM; }

/* Sends without waiting and without SIGPIPE. */
static inline ssize_t upon_sendto(int socket, const void *bytes, size_t count,
                                  const struct sockaddr *address, socklen_t length) {
  return sendto(socket, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, address, length);
}

/* The error that a connect() left behind, which is taken; or the errno of asking. */
static inline int upon_socket_error(int socket) {
  int code = 0;
  socklen_t size = sizeof code;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) < 0 ? errno : code;
}

/* An option that is an int: 0, or -1 and errno. */
static inline int upon_set_option(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value);
}

/* The value of an option that is an int, or -1 and errno. */
static inline int upon_get_option(int socket, int level, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(socket, level, option, &value, &size) < 0 ? -1 : value;
}

/* The process at the other end of a unix socket when it connected: 0, or -1 and errno. */
static inline int upon_peer_credentials(int socket, pid_t *pid, uid_t *uid, gid_t *gid) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
    return -1;
  *pid = credentials.pid;
  *uid = credentials.uid;
  *gid = credentials.gid;
  return 0;
}

#endif
