/*
 * The back end of the bench: one thread, epoll, kept-alive connections, about 4 us of CPU a request.
 *
 *   /…SIZE…   answers as many octets of a fixed pattern as the first number in the target says (at most 1 MiB), after
 *             reading the request's body
 *   /echo     answers the request head as it came, with the number of the connection in X-Connection
 *   Upgrade:  answers 101 for the key of RFC 6455 1.3, then sends back whatever comes
 *
 * It trusts its peer, which is a proxy under test on loopback. Prints the port that it listens on.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { HEAD_ROOM = 16384, LARGEST_BODY = 1 << 20, SCRATCH = 1 << 18, MOST_EVENTS = 256 };

struct connection {
  int fd;
  int tunnel;
  size_t serial;
  size_t held;      /* octets in `in` */
  size_t unread;    /* octets of the request's body still to come */
  size_t head_left; /* octets of `head` still to be sent, its last ones */
  size_t head_size;
  size_t body_at, body_end; /* what of `body` is still to be sent */
  const char *body;
  int answering;
  char in[HEAD_ROOM];
  char head[HEAD_ROOM + 256];
};

static char pattern[LARGEST_BODY];
static char scratch[SCRATCH];
static int poller;
static size_t accepted;

static void watch(struct connection *c, unsigned events, int operation) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(poller, operation, c->fd, &event);
}

static void drop(struct connection *c) {
  close(c->fd);
  free(c);
}

/* 1: all sent, 0: the peer takes no more for now, -1: gone. */
static int send_answer(struct connection *c) {
  while (c->head_left > 0 || c->body_at < c->body_end) {
    struct iovec parts[2] = {
        {.iov_base = c->head + c->head_size - c->head_left, .iov_len = c->head_left},
        {.iov_base = (char *)c->body + c->body_at, .iov_len = c->body_end - c->body_at},
    };
    ssize_t sent = writev(c->fd, parts, 2);
    if (sent < 0) return errno == EAGAIN ? 0 : -1;
    size_t of_head = (size_t)sent < c->head_left ? (size_t)sent : c->head_left;
    c->head_left -= of_head;
    c->body_at += (size_t)sent - of_head;
  }
  return 1;
}

static void begin_answer(struct connection *c, const char *more, const char *body, size_t size) {
  c->head_size = (size_t)sprintf(c->head,
                                 "HTTP/1.1 200 OK\r\nServer: responder\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                                 "Content-Type: application/octet-stream\r\n%sContent-Length: %zu\r\n\r\n",
                                 more, size);
  c->head_left = c->head_size;
  c->body = body;
  c->body_at = 0;
  c->body_end = size;
  c->answering = 1;
}

static void begin_echo(struct connection *c, size_t head_end) {
  char serial[64];
  sprintf(serial, "X-Connection: %zu\r\n", c->serial);
  begin_answer(c, serial, NULL, head_end);
  memcpy(c->head + c->head_size, c->in, head_end);
  c->head_size += head_end;
  c->head_left = c->head_size;
  c->body_end = 0;
}

static void begin_tunnel(struct connection *c) {
  c->head_size = (size_t)sprintf(c->head, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                                          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
  c->head_left = c->head_size;
  c->body_at = c->body_end = 0;
  c->answering = 1;
  c->tunnel = 1;
}

/* The head in `in` is complete: decides the answer, and how much of a body comes first. */
static void read_head(struct connection *c, size_t head_end) {
  c->in[head_end - 1] = 0;
  const char *target = strchr(c->in, ' ');
  const char *number = target ? strpbrk(target, "0123456789") : NULL;
  const char *length = strcasestr(c->in, "\r\nContent-Length:");
  const char *upgrade = strcasestr(c->in, "\r\nUpgrade:");
  size_t size = number ? strtoul(number, NULL, 10) : 0;
  c->in[head_end - 1] = '\n';
  if (upgrade) begin_tunnel(c);
  else if (target && !strncmp(target, " /echo", 6)) begin_echo(c, head_end);
  else begin_answer(c, "", pattern, size > LARGEST_BODY ? LARGEST_BODY : size);
  c->unread = length ? strtoul(length + 17, NULL, 10) : 0;
}

/* Takes from `in` what it can. 1: an answer is due, 0: more is needed, -1: not a request. */
static int take(struct connection *c) {
  if (!c->answering) {
    char *end = memmem(c->in, c->held, "\r\n\r\n", 4);
    if (!end) return c->held == HEAD_ROOM ? -1 : 0;
    size_t head_end = (size_t)(end - c->in) + 4;
    read_head(c, head_end);
    c->held -= head_end;
    memmove(c->in, c->in + head_end, c->held);
  }
  size_t taken = c->held < c->unread ? c->held : c->unread;
  c->unread -= taken;
  c->held -= taken;
  memmove(c->in, c->in + taken, c->held);
  return c->unread == 0;
}

/* Answers what can be answered. -1: the connection is over. */
static int advance(struct connection *c) {
  for (;;) {
    int due = take(c);
    if (due <= 0) return due;
    int sent = send_answer(c);
    if (sent == 0) watch(c, EPOLLOUT, EPOLL_CTL_MOD);
    if (sent <= 0) return sent;
    c->answering = 0;
    if (c->tunnel || c->held == 0) return 0;
  }
}

static int on_readable(struct connection *c) {
  int into_scratch = c->unread > 0 || c->tunnel;
  ssize_t got = into_scratch ? read(c->fd, scratch, SCRATCH) : read(c->fd, c->in + c->held, HEAD_ROOM - c->held);
  if (got == 0) return -1;
  if (got < 0) return errno == EAGAIN ? 0 : -1;
  if (c->tunnel) return write(c->fd, scratch, (size_t)got) == got ? 0 : -1;
  if (!into_scratch) c->held += (size_t)got;
  else if ((size_t)got <= c->unread) c->unread -= (size_t)got;
  else return -1; /* nobody pipelines behind a body here */
  return advance(c);
}

static int on_writable(struct connection *c) {
  int sent = send_answer(c);
  if (sent <= 0) return sent;
  c->answering = 0;
  watch(c, EPOLLIN, EPOLL_CTL_MOD);
  return c->held > 0 ? advance(c) : 0;
}

static void accept_all(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct connection *c = calloc(1, sizeof *c);
    c->fd = fd;
    c->serial = ++accepted;
    watch(c, EPOLLIN, EPOLL_CTL_ADD);
  }
}

static int listen_anywhere(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 4096)) exit(1);
  getsockname(fd, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

int main(void) {
  /* A peer that leaves in the middle of a body must not end us. */
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  for (size_t at = 0; at < sizeof pattern; at++) pattern[at] = (char)('a' + at % 23);
  poller = epoll_create1(0);
  int listener = listen_anywhere();
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[MOST_EVENTS];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int count = epoll_wait(poller, events, MOST_EVENTS, -1);
    for (int at = 0; at < count; at++) {
      struct connection *c = events[at].data.ptr;
      if (!c) accept_all(listener);
      else if ((events[at].events & EPOLLOUT ? on_writable(c) : on_readable(c)) < 0) drop(c);
    }
  }
}
