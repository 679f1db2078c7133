#include "CSystem.h"

#include <linux/sock_diag.h>

union control {
  char bytes[UPON_DATAGRAM_CONTROL];
  struct cmsghdr aligned;
};

_Static_assert(CMSG_SPACE(sizeof(struct in6_pktinfo)) <= UPON_DATAGRAM_CONTROL, "room for control data");

void upon_tell_datagram_targets(int socket, int family) {
  if (family == AF_INET)
    upon_set_option(socket, IPPROTO_IP, IP_PKTINFO, 1);
  if (family == AF_INET6)
    upon_set_option(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

int upon_receive_datagrams(int socket, struct mmsghdr *messages, unsigned count) {
  return recvmmsg(socket, messages, count, MSG_DONTWAIT | MSG_TRUNC, NULL);
}

socklen_t upon_datagram_target(const struct msghdr *message, struct sockaddr_storage *address) {
  struct msghdr *header = (struct msghdr *)message; /* CMSG_NXTHDR does not write. */
  memset(address, 0, sizeof *address);
  for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
    if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(part), sizeof info);
      struct sockaddr_in *four = (struct sockaddr_in *)address;
      four->sin_family = AF_INET;
      /* Not ipi_addr: what was sent to a broadcast address is answered from an address of our own. */
      four->sin_addr = info.ipi_spec_dst;
      return sizeof *four;
    }
    if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(part), sizeof info);
      if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
        return 0;
      struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
      six->sin6_family = AF_INET6;
      six->sin6_addr = info.ipi6_addr;
      if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
        six->sin6_scope_id = info.ipi6_ifindex;
      return sizeof *six;
    }
  }
  return 0;
}

/* Writes the source into the control data of a message; none for an address of another kind. */
static void set_source(struct msghdr *message, union control *control, const struct sockaddr *source) {
  memset(control, 0, sizeof *control);
  struct cmsghdr *part = &control->aligned;
  if (source->sa_family == AF_INET) {
    struct in_pktinfo info = {.ipi_spec_dst = ((const struct sockaddr_in *)source)->sin_addr};
    part->cmsg_level = IPPROTO_IP;
    part->cmsg_type = IP_PKTINFO;
    part->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(part), &info, sizeof info);
    message->msg_controllen = CMSG_SPACE(sizeof info);
  } else if (source->sa_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)source;
    struct in6_pktinfo info = {.ipi6_addr = six->sin6_addr, .ipi6_ifindex = six->sin6_scope_id};
    part->cmsg_level = IPPROTO_IPV6;
    part->cmsg_type = IPV6_PKTINFO;
    part->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(part), &info, sizeof info);
    message->msg_controllen = CMSG_SPACE(sizeof info);
  } else {
    return;
  }
  message->msg_control = control;
}

ssize_t upon_send_datagram(int socket, const void *bytes, size_t count, const struct sockaddr *address,
                           socklen_t length, const struct sockaddr *source) {
  struct iovec part = {(void *)bytes, count};
  struct msghdr message = {
      .msg_name = (void *)address, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1};
  union control control;
  if (source)
    set_source(&message, &control, source);
  return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

uint32_t upon_datagram_drops(int socket) {
  uint32_t values[SK_MEMINFO_VARS] = {0};
  socklen_t size = sizeof values;
  return getsockopt(socket, SOL_SOCKET, SO_MEMINFO, values, &size) < 0 ? 0 : values[SK_MEMINFO_DROPS];
}
