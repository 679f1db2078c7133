// The lines of TCP connections as JSON records, with bufferevents: the reference of `upon tcp-listen:PORT on=line`.
//
// tcp_lines PORT LINES   ends after so many lines
#include "base.h"
#include "record.h"
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>

static struct event_base *base;
static uint64_t next_id, lines_left;

struct connection {
    size_t size;
    // `","name":…,"count":1,"conn":7,"peer":"127.0.0.1:51514"`
    char fixed[192];
};

static void readable(struct bufferevent *bufferevent, void *context)
{
    struct connection *connection = context;
    struct evbuffer *input = bufferevent_get_input(bufferevent);
    size_t size = evbuffer_get_length(input), taken = 0;
    const char *bytes = (const char *)evbuffer_pullup(input, -1), *stop;
    record_now();
    while (lines_left && (stop = memchr(bytes + taken, '\n', size - taken))) {
        size_t length = (size_t)(stop - bytes) - taken;
        record_begin(connection->fixed, connection->size);
        record_end_with_data(bytes + taken, length && stop[-1] == '\r' ? length - 1 : length);
        taken += length + 1;
        lines_left--;
    }
    evbuffer_drain(input, taken);
    record_flush();
    if (!lines_left)
        event_base_loopbreak(base);
}

static void ended(struct bufferevent *bufferevent, short what, void *context)
{
    (void)what;
    free(context);
    bufferevent_free(bufferevent);
}

static void accepted(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer, int size, void *context)
{
    (void)listener, (void)size, (void)context;
    struct connection *connection = malloc(sizeof *connection);
    struct sockaddr_in *address = (struct sockaddr_in *)peer;
    char host[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &address->sin_addr, host, sizeof host);
    connection->size = (size_t)snprintf(connection->fixed, sizeof connection->fixed,
        "\",\"name\":\"in\",\"kind\":\"tcp-listen\",\"event\":\"line\",\"count\":1,\"conn\":%llu,\"peer\":\"%s:%d\"",
        (unsigned long long)++next_id, host, ntohs(address->sin_port));
    struct bufferevent *bufferevent = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(bufferevent, readable, NULL, ended, connection);
    bufferevent_enable(bufferevent, EV_READ);
    bufferevent_disable(bufferevent, EV_WRITE);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 64;
    lines_left = strtoull(argv[2], NULL, 10);
    base = make_base();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (!evconnlistener_new_bind(base, accepted, NULL, LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE, 4096,
                                 (struct sockaddr *)&address, sizeof address))
        return 1;
    event_base_dispatch(base);
    return 0;
}
