#include "resolve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct request {
  struct request *next;
  struct upon_answer *answer;
  char host[];
};

struct upon_resolver {
  pthread_mutex_t lock;
  int descriptor;
  int threads;
  int destroyed;
  struct request *waiting, *answered;
};

/* Enough for the name service modules; 8 MiB each would count where memory is limited by ulimit -v. */
enum { STACK = 1 << 20 };

static void append(struct request **list, struct request *request) {
  while (*list)
    list = &(*list)->next;
  *list = request;
  request->next = NULL;
}

static struct request *remove_first(struct request **list) {
  struct request *first = *list;
  if (first)
    *list = first->next;
  return first;
}

static void free_request(struct request *request) {
  free(request->answer);
  free(request);
}

static void free_all(struct request **list) {
  struct request *request;
  while ((request = remove_first(list)))
    free_request(request);
}

static void free_resolver(struct upon_resolver *resolver) {
  free_all(&resolver->waiting);
  free_all(&resolver->answered);
  close(resolver->descriptor);
  pthread_mutex_destroy(&resolver->lock);
  free(resolver);
}

struct upon_resolver *upon_resolver_create(int *descriptor) {
  struct upon_resolver *resolver = calloc(1, sizeof *resolver);
  if (!resolver)
    return NULL;
  resolver->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (resolver->descriptor < 0) {
    int code = errno;
    free(resolver);
    errno = code;
    return NULL;
  }
  pthread_mutex_init(&resolver->lock, NULL);
  *descriptor = resolver->descriptor;
  return resolver;
}

/* SOCK_STREAM, or every address would come once for each type. No AI_ADDRCONFIG: it hides ::1 and
   127.0.0.1 from a machine that has no other address yet. */
void upon_look_up(const char *host, struct upon_answer *answer) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  answer->code = getaddrinfo(host, NULL, &hints, &found);
  answer->reason = errno;
  if (answer->code != 0)
    return;
  for (struct addrinfo *one = found; one && answer->count < UPON_RESOLVER_ADDRESSES; one = one->ai_next) {
    if (one->ai_addrlen > sizeof answer->addresses[0])
      continue;
    memcpy(&answer->addresses[answer->count], one->ai_addr, one->ai_addrlen);
    answer->lengths[answer->count++] = one->ai_addrlen;
  }
  freeaddrinfo(found);
}

/* Ends when nothing waits: a thread costs less than one that is kept. */
static void *serve(void *context) {
  struct upon_resolver *resolver = context;
  pthread_mutex_lock(&resolver->lock);
  struct request *request;
  while (!resolver->destroyed && (request = remove_first(&resolver->waiting))) {
    pthread_mutex_unlock(&resolver->lock);
    upon_look_up(request->host, request->answer);
    pthread_mutex_lock(&resolver->lock);
    append(&resolver->answered, request);
    /* Cannot fail: the counter is far from full. */
    eventfd_write(resolver->descriptor, 1);
  }
  resolver->threads--;
  int is_last = resolver->destroyed && resolver->threads == 0;
  pthread_mutex_unlock(&resolver->lock);
  if (is_last)
    free_resolver(resolver);
  return NULL;
}

/* With every signal blocked, so that none is taken by a thread that has no use for it. */
static int start_thread(struct upon_resolver *resolver) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_attr_t attributes;
  int code = pthread_attr_init(&attributes);
  if (code)
    return code;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  code = pthread_create(&thread, &attributes, serve, resolver);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return code;
}

int upon_resolver_ask(struct upon_resolver *resolver, uint64_t id, const char *host) {
  size_t size = strlen(host) + 1;
  struct request *request = malloc(sizeof *request + size);
  struct upon_answer *answer = calloc(1, sizeof *answer);
  if (!request || !answer) {
    free(request);
    free(answer);
    return ENOMEM;
  }
  answer->id = id;
  request->answer = answer;
  memcpy(request->host, host, size);
  pthread_mutex_lock(&resolver->lock);
  append(&resolver->waiting, request);
  int code = 0;
  if (resolver->threads < UPON_RESOLVER_THREADS) {
    code = start_thread(resolver);
    if (code == 0)
      resolver->threads++;
    else if (resolver->threads > 0)
      code = 0; /* One that runs already will get to it. */
  }
  pthread_mutex_unlock(&resolver->lock);
  if (code)
    upon_resolver_forget(resolver, id);
  return code;
}

void upon_resolver_forget(struct upon_resolver *resolver, uint64_t id) {
  pthread_mutex_lock(&resolver->lock);
  for (struct request **place = &resolver->waiting; *place; place = &(*place)->next) {
    struct request *request = *place;
    if (request->answer->id != id)
      continue;
    *place = request->next;
    free_request(request);
    break;
  }
  pthread_mutex_unlock(&resolver->lock);
}

struct upon_answer *upon_resolver_take(struct upon_resolver *resolver) {
  pthread_mutex_lock(&resolver->lock);
  struct request *request = remove_first(&resolver->answered);
  eventfd_t count;
  if (!request)
    eventfd_read(resolver->descriptor, &count);
  pthread_mutex_unlock(&resolver->lock);
  if (!request)
    return NULL;
  struct upon_answer *answer = request->answer;
  free(request);
  return answer;
}

void upon_resolver_destroy(struct upon_resolver *resolver) {
  pthread_mutex_lock(&resolver->lock);
  resolver->destroyed = 1;
  int is_last = resolver->threads == 0;
  pthread_mutex_unlock(&resolver->lock);
  if (is_last)
    free_resolver(resolver);
}
