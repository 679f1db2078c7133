/* Looking up names: getaddrinfo() waits, so it is called in threads that touch nothing but their own
   request. No Swift runs in them. */
#ifndef UPON_RESOLVE_H
#define UPON_RESOLVE_H
#include <stdint.h>
#include <sys/socket.h>

/* More requests than this wait in line. */
enum { UPON_RESOLVER_THREADS = 4, UPON_RESOLVER_ADDRESSES = 64 };

struct upon_resolver;

/* What is known of a name: the addresses in the order of the system, or why there are none. */
struct upon_answer {
  uint64_t id;
  int code;   /* 0 or an EAI_ value */
  int reason; /* the errno behind EAI_SYSTEM */
  int count;
  socklen_t lengths[UPON_RESOLVER_ADDRESSES];
  struct sockaddr_storage addresses[UPON_RESOLVER_ADDRESSES];
};

/* DESCRIPTOR becomes readable when there are answers; it belongs to the resolver. NULL and errno. No
   thread is started. */
struct upon_resolver *upon_resolver_create(int *descriptor);

/* Asks for the addresses of a HOST: 0, or an errno when no thread could be started. */
int upon_resolver_ask(struct upon_resolver *resolver, uint64_t id, const char *host);

/* Takes a request out of the line; one that is being looked up is answered all the same. */
void upon_resolver_forget(struct upon_resolver *resolver, uint64_t id);

/* The next answer, to be freed with free(); NULL when there is none, and the descriptor is quiet. */
struct upon_answer *upon_resolver_take(struct upon_resolver *resolver);

/* Looks up a HOST here and now, into an answer that is all zero. */
void upon_look_up(const char *host, struct upon_answer *answer);

/* An array in a struct is a tuple to Swift: address number PLACE. */
static inline const struct sockaddr_storage *upon_answer_address(const struct upon_answer *answer, int place) {
  return &answer->addresses[place];
}
static inline socklen_t upon_answer_length(const struct upon_answer *answer, int place) {
  return answer->lengths[place];
}

/* Lets go of the resolver. Threads that still wait for a name server end by themselves, or with the
   process, and nobody waits for them. */
void upon_resolver_destroy(struct upon_resolver *resolver);

#endif
