/*
 * The load of the bench where wrk does not fit: arrivals by a clock, new connections, tunnels, connections to be held.
 *
 *   load PORT NAME MODE CONNECTIONS RATE FILE
 *
 *   NAME   server name for TLS, or - for plain
 *   MODE   keep    requests over kept connections; RATE a second at random moments, whether or not earlier ones were
 *                  answered, and latency from the moment at which a request was due; RATE 0: each connection asks
 *                  again when it was answered
 *          fresh   the same with RATE 0, each request on a connection of its own
 *          tunnel  the first request of FILE opens a tunnel on each connection, the second goes to and fro in it
 *          hold    one request on each connection; then it says so and holds them
 *   FILE   requests, each as its length, a newline, and the octets
 *
 * Prints `ready`, and then for each line that it reads, which says for how many seconds, makes a run and prints what it
 * saw as one line of JSON; latencies in milliseconds. Ends when its input does. Kept connections and tunnels are opened,
 * and each is answered once, before that, and stay from one run to the next: what they cost belongs to no request.
 */
#define _GNU_SOURCE
#include "transport.h"
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_ROOM = 8192, READ_ROOM = 1 << 18, MOST_EVENTS = 256, MOST_REQUESTS = 1 << 20, PATIENCE = 60, GRACE = 2 };
enum mode { KEEP, FRESH, TUNNEL, HOLD };
enum state { OPENING, FREE, ASKING };

struct request {
  char *octets;
  size_t size;
};

struct client {
  struct transport transport;
  enum state state;
  double due;       /* when the request under way should have begun */
  const char *out;  /* what of it is still to be sent */
  size_t out_left;
  size_t expected;  /* octets of the answer still to come, once its head has been read */
  int head_read, in_tunnel, served;
  size_t held;
  char head[HEAD_ROOM];
};

static struct {
  int port;
  const char *name;
  enum mode mode;
  int connections;
  double rate;
} options;

static struct request *requests;
static size_t request_count, next_request;
static struct client *clients, **free_clients;
static size_t free_first, free_count; /* a ring: the one that has been free longest is next */
static double *waiting;               /* due times that no connection was free for, a ring too */
static size_t waiting_first, waiting_count;
static float *latencies;
static size_t answered, failed, reopened;
static double end, next_due;
static int poller, preparing, ending;
static SSL_CTX *context;
static char in[READ_ROOM];

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void watch(struct client *c, unsigned events, int operation) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(poller, operation, c->transport.fd, &event);
}

static void open_client(struct client *c) {
  c->transport = transport_open(options.port, context, options.name);
  c->state = OPENING;
  c->in_tunnel = c->served = 0;
  if (options.mode != KEEP) c->due = now();
  watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

static void ask(struct client *c, double due) {
  const struct request *request = options.mode == TUNNEL ? &requests[c->in_tunnel] : &requests[next_request++ % request_count];
  c->state = ASKING;
  c->due = due;
  c->out = request->octets;
  c->out_left = request->size;
  c->held = 0;
  c->head_read = c->in_tunnel;
  c->expected = c->in_tunnel ? request->size : 0;
}

static int send_request(struct client *c) {
  while (c->out_left > 0) {
    ssize_t sent = transport_write(&c->transport, c->out, c->out_left);
    if (sent == AGAIN) watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    if (sent <= 0) return (int)sent;
    c->out += sent;
    c->out_left -= (size_t)sent;
  }
  return 1;
}

/* Gives a connection its next request, if there is one for it. */
static int employ(struct client *c) {
  if (((options.mode == HOLD || preparing) && c->served) || (ending && options.rate == 0)) {
    c->state = FREE;
    return 1;
  }
  if (options.rate == 0 || preparing) {
    ask(c, options.mode == FRESH ? c->due : now());
    return send_request(c);
  }
  if (waiting_count > 0) {
    ask(c, waiting[waiting_first++ % MOST_REQUESTS]);
    waiting_count--;
    return send_request(c);
  }
  c->state = FREE;
  free_clients[(free_first + free_count++) % (size_t)options.connections] = c;
  return 1;
}

static void record(struct client *c) {
  if (answered < MOST_REQUESTS * 16UL) latencies[answered] = (float)((now() - c->due) * 1e3);
  answered++;
  c->served = 1;
}

/* What came of an answer: 1 that was the end, AGAIN, or GONE, which an answer other than the wanted one is too. */
static int take(struct client *c, size_t got) {
  size_t body = got;
  if (!c->head_read) {
    size_t room = HEAD_ROOM - 1 - c->held, part = body < room ? body : room;
    memcpy(c->head + c->held, in, part);
    c->head[c->held + part] = 0;
    char *head_end = strstr(c->head, "\r\n\r\n");
    if (!head_end) {
      c->held += part;
      return c->held == HEAD_ROOM - 1 ? GONE : AGAIN;
    }
    const char *length = strcasestr(c->head, "\r\ncontent-length:");
    if (strncmp(c->head + 9, options.mode == TUNNEL ? "101" : "200", 3)) return GONE;
    c->head_read = 1;
    c->expected = length && length < head_end ? strtoul(length + 17, NULL, 10) : 0;
    body -= (size_t)(head_end + 4 - c->head) - c->held;
  }
  if (body > c->expected) return GONE;
  c->expected -= body;
  return c->expected == 0 ? 1 : AGAIN;
}

/* TLS may hold octets that the socket no longer shows: they are taken until there are none. */
static int read_answer(struct client *c) {
  for (;;) {
    ssize_t got = transport_read(&c->transport, in, sizeof in);
    if (got <= 0) return (int)got;
    int taken = take(c, (size_t)got);
    if (taken != AGAIN || !c->transport.ssl) return taken;
  }
}

/* The connection is lost. One that only waited for the next arrival is opened again; else it is a failure. */
static void lose(struct client *c) {
  if (c->state == FREE && preparing) reopened++;
  else if (c->state == FREE && options.rate > 0) {
    size_t at = 0;
    while (free_clients[(free_first + at) % (size_t)options.connections] != c) at++;
    for (; at + 1 < free_count; at++)
      free_clients[(free_first + at) % (size_t)options.connections] = free_clients[(free_first + at + 1) % (size_t)options.connections];
    free_count--;
    reopened++;
  } else failed++;
  transport_close(&c->transport);
  open_client(c);
}

static int advance(struct client *c) {
  if (c->state == OPENING) {
    int ready = transport_ready(&c->transport);
    if (ready <= 0) return ready;
    watch(c, EPOLLIN, EPOLL_CTL_MOD);
    return employ(c);
  }
  if (c->state == FREE) return transport_read(&c->transport, in, sizeof in) == AGAIN ? AGAIN : GONE;
  if (c->out_left > 0) {
    int sent = send_request(c);
    if (sent <= 0) return sent;
    watch(c, EPOLLIN, EPOLL_CTL_MOD);
  }
  int read = read_answer(c);
  if (read <= 0) return read;
  if (options.mode == TUNNEL && !c->in_tunnel) c->in_tunnel = 1;
  else record(c);
  if (options.mode == FRESH) {
    transport_close(&c->transport);
    open_client(c);
    return 1;
  }
  return employ(c);
}

/* Hands out what has come due meanwhile; the gaps between arrivals are exponential, so that they come in no step. */
static void arrive(double until) {
  for (; next_due <= until && next_due < end; next_due += -log(1 - drand48()) / options.rate) {
    if (free_count == 0) {
      if (waiting_count == MOST_REQUESTS) exit(1);
      waiting[(waiting_first + waiting_count++) % MOST_REQUESTS] = next_due;
      continue;
    }
    struct client *c = free_clients[free_first];
    free_first = (free_first + 1) % (size_t)options.connections;
    free_count--;
    ask(c, next_due);
    if (send_request(c) == GONE) lose(c);
  }
}

static size_t outstanding(void) {
  size_t busy = 0;
  for (int at = 0; at < options.connections; at++) busy += clients[at].state == ASKING;
  return busy + waiting_count;
}

/* One turn: sleeps until something comes, or something is due. */
static void turn(double until) {
  struct epoll_event events[MOST_EVENTS];
  double wake = options.rate > 0 && !preparing && next_due < until ? next_due : until, left = wake - now();
  struct timespec timeout = {0, 0};
  if (left > 0) timeout = (struct timespec){(time_t)left, (long)((left - floor(left)) * 1e9)};
  int count = epoll_pwait2(poller, events, MOST_EVENTS, &timeout, NULL);
  for (int at = 0; at < count; at++) {
    struct client *c = events[at].data.ptr;
    if (advance(c) == GONE) lose(c);
  }
  if (options.rate > 0 && !preparing) arrive(now());
}

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return x < y ? -1 : x > y;
}

static double latency_at(double share) {
  return answered ? latencies[(size_t)((double)(answered - 1) * share)] : 0;
}

static void read_requests(const char *path) {
  FILE *file = fopen(path, "rb");
  size_t size;
  if (!file) exit(1);
  requests = calloc(MOST_REQUESTS, sizeof *requests);
  while (request_count < MOST_REQUESTS && fscanf(file, "%zu", &size) == 1 && fgetc(file) == '\n') {
    requests[request_count] = (struct request){.octets = malloc(size), .size = size};
    if (fread(requests[request_count++].octets, 1, size, file) != size) exit(1);
  }
  fclose(file);
}

static void read_options(char **arguments) {
  const char *modes[] = {"keep", "fresh", "tunnel", "hold"};
  options.port = atoi(arguments[1]);
  options.name = strcmp(arguments[2], "-") ? arguments[2] : NULL;
  while (options.mode < HOLD && strcmp(arguments[3], modes[options.mode])) options.mode++;
  options.connections = atoi(arguments[4]);
  options.rate = atof(arguments[5]);
  read_requests(arguments[6]);
}

static void prepare(void) {
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_TIMERSLACK, 1);
  poller = epoll_create1(0);
  context = transport_context();
  clients = calloc((size_t)options.connections, sizeof *clients);
  free_clients = calloc((size_t)options.connections, sizeof *free_clients);
  waiting = calloc(MOST_REQUESTS, sizeof *waiting);
  latencies = calloc(MOST_REQUESTS * 16UL, sizeof *latencies);
}

static int all_served(void) {
  for (int at = 0; at < options.connections; at++)
    if (!clients[at].served) return 0;
  return 1;
}

static void open_all(void) {
  for (int at = 0; at < options.connections; at++) {
    open_client(&clients[at]);
    if (at % 100 == 99) turn(now()); /* the queue of a listener is finite */
  }
}

/* Has each of the connections answered once, those too that were lost since the last run; one that was not by then is a failure. */
static void have_served(void) {
  double until = now() + PATIENCE;
  preparing = 1;
  turn(now());
  while (!all_served() && now() < until) turn(until);
  preparing = 0;
}

static void begin(double seconds) {
  answered = failed = reopened = free_count = waiting_count = 0;
  next_due = now();
  end = next_due + seconds;
  if (options.mode == FRESH) open_all();
  else
    for (int at = 0; at < options.connections; at++)
      if (clients[at].state == FREE && employ(&clients[at]) == GONE) lose(&clients[at]);
}

/* What was asked is answered before a run is over: kept connections are free for the next one. */
static void finish(void) {
  ending = 1;
  for (double until = now() + GRACE; outstanding() > 0 && now() < until;) turn(until);
  failed += outstanding();
  ending = 0;
}

static void report(double seconds) {
  qsort(latencies, answered, sizeof *latencies, by_size);
  printf("{\"requests\":%zu,\"seconds\":%f,\"failed\":%zu,\"reopened\":%zu,\"p50\":%f,\"p99\":%f,\"p999\":%f,\"longest\":%f}\n",
         answered, seconds, failed, reopened, latency_at(0.5), latency_at(0.99), latency_at(0.999), latency_at(1));
  fflush(stdout);
}

static void close_all(void) {
  for (int at = 0; at < options.connections; at++) transport_close(&clients[at].transport);
}

static void run(double seconds) {
  begin(seconds);
  double start = now();
  while (now() < end) turn(end);
  if (options.mode == FRESH) close_all();
  else finish();
  report(now() - start);
}

static int hold(void) {
  double start = now();
  open_all();
  while (!all_served() && now() < start + PATIENCE) turn(start + PATIENCE);
  report(now() - start);
  while (getchar() != EOF) continue;
  return 0;
}

int main(int count, char **arguments) {
  if (count != 7) return 2;
  read_options(arguments);
  prepare();
  if (options.mode == HOLD) return hold();
  if (options.mode != FRESH) {
    preparing = 1;
    open_all();
    have_served();
  }
  puts("ready");
  fflush(stdout);
  for (double seconds; scanf("%lf", &seconds) == 1;) {
    if (options.mode != FRESH) have_served();
    run(seconds);
  }
  return 0;
}
