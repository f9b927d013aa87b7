/*
 * The least that a proxy of HTTP/1.1 can cost: it passes octets on between each client and a connection of its own to
 * the back end, and reads none of them. One thread, epoll, a receive and a send each way.
 *
 *   floor PORT BACKEND
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 1 << 18, MOST_EVENTS = 256 };

/* One end of a relay, with what came in there and is not yet sent on to the other end. */
struct end {
  int fd;
  int gone;
  struct end *other;
  char *held;
  size_t held_at, held_end;
};

static char scratch[ROOM];
static int poller;

/* An end whose octets wait is not read, and the other is told when it takes them. */
static void watch(struct end *e, int operation) {
  unsigned events = (e->held ? 0 : EPOLLIN) | (e->other->held ? EPOLLOUT : 0);
  struct epoll_event event = {.events = events, .data.ptr = e};
  epoll_ctl(poller, operation, e->fd, &event);
}

static void rewatch(struct end *e) {
  watch(e, EPOLL_CTL_MOD);
  watch(e->other, EPOLL_CTL_MOD);
}

static void hold(struct end *e, const char *from, size_t size) {
  e->held = malloc(size);
  memcpy(e->held, from, size);
  e->held_at = 0;
  e->held_end = size;
  rewatch(e);
}

/* -1: the relay is over. */
static int on_readable(struct end *e) {
  ssize_t got = recv(e->fd, scratch, ROOM, 0);
  if (got <= 0) return got < 0 && errno == EAGAIN ? 0 : -1;
  ssize_t sent = send(e->other->fd, scratch, (size_t)got, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return -1;
  if (sent < got) hold(e, scratch + (sent < 0 ? 0 : sent), (size_t)(got - (sent < 0 ? 0 : sent)));
  return 0;
}

static int on_writable(struct end *e) {
  struct end *from = e->other;
  ssize_t sent = send(e->fd, from->held + from->held_at, from->held_end - from->held_at, MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN ? 0 : -1;
  from->held_at += (size_t)sent;
  if (from->held_at < from->held_end) return 0;
  free(from->held);
  from->held = NULL;
  rewatch(e);
  return 0;
}

static struct sockaddr_in loopback(int port) {
  return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void begin(int client, int backend_port) {
  struct sockaddr_in to = loopback(backend_port);
  int upstream = socket(AF_INET, SOCK_STREAM, 0);
  if (upstream < 0 || connect(upstream, (struct sockaddr *)&to, sizeof to)) {
    if (upstream >= 0) close(upstream);
    close(client);
    return;
  }
  struct end *ends = calloc(2, sizeof *ends);
  ends[0] = (struct end){.fd = client, .other = &ends[1]};
  ends[1] = (struct end){.fd = upstream, .other = &ends[0]};
  for (int at = 0; at < 2; at++) {
    fcntl(ends[at].fd, F_SETFL, O_NONBLOCK);
    setsockopt(ends[at].fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    watch(&ends[at], EPOLL_CTL_ADD);
  }
}

/* Both ends stand in one block, the client's first; it is freed when no event of this turn can name it any more. */
static void finish(struct end *e, struct end **over, int *over_count) {
  struct end *pair = e < e->other ? e : e->other;
  for (int at = 0; at < 2; at++) {
    close(pair[at].fd);
    free(pair[at].held);
    pair[at].gone = 1;
  }
  over[(*over_count)++] = pair;
}

static void turn(int listener, int backend_port) {
  struct epoll_event events[MOST_EVENTS];
  struct end *over[MOST_EVENTS];
  int over_count = 0, count = epoll_wait(poller, events, MOST_EVENTS, -1);
  for (int at = 0; at < count; at++) {
    struct end *e = events[at].data.ptr;
    if (!e) {
      for (int fd; (fd = accept4(listener, NULL, NULL, 0)) >= 0;) begin(fd, backend_port);
      continue;
    }
    if (e->gone) continue;
    int result = events[at].events & EPOLLOUT ? on_writable(e) : e->held ? -1 : on_readable(e);
    if (result < 0) finish(e, over, &over_count);
  }
  while (over_count > 0) free(over[--over_count]);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct sockaddr_in at = loopback(atoi(arguments[1]));
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 4096)) return 1;
  poller = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  for (;;) turn(listener, atoi(arguments[2]));
}
