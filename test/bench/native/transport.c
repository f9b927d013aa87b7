#define _GNU_SOURCE
#include "transport.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Several records at a time: the load has to be cheaper than what it loads. */
enum { READ_BUFFER = 1 << 16 };

SSL_CTX *transport_context(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, READ_BUFFER);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
  if (!SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") || !SSL_CTX_set1_groups_list(context, "X25519")) exit(1);
  return context;
}

struct transport transport_open(int port, SSL_CTX *context, const char *name) {
  struct transport t = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .ssl = NULL};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(t.fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  connect(t.fd, (struct sockaddr *)&to, sizeof to);
  if (!name) return t;
  t.ssl = SSL_new(context);
  SSL_set_fd(t.ssl, t.fd);
  SSL_set_tlsext_host_name(t.ssl, name);
  SSL_set_connect_state(t.ssl);
  return t;
}

static int outcome_of(struct transport *t, int result) {
  int error = SSL_get_error(t->ssl, result);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? AGAIN : GONE;
}

int transport_ready(struct transport *t) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &size) || error) return GONE;
  if (!t->ssl) return 1;
  int result = SSL_do_handshake(t->ssl);
  if (result != 1) return outcome_of(t, result);
  return SSL_session_reused(t->ssl) ? GONE : 1;
}

ssize_t transport_read(struct transport *t, char *to, size_t room) {
  if (t->ssl) {
    int got = SSL_read(t->ssl, to, (int)room);
    return got > 0 ? got : outcome_of(t, got);
  }
  ssize_t got = read(t->fd, to, room);
  return got > 0 ? got : got < 0 && errno == EAGAIN ? AGAIN : GONE;
}

ssize_t transport_write(struct transport *t, const char *from, size_t size) {
  if (t->ssl) {
    int sent = SSL_write(t->ssl, from, (int)size);
    return sent > 0 ? sent : outcome_of(t, sent);
  }
  ssize_t sent = send(t->fd, from, size, MSG_NOSIGNAL);
  return sent > 0 ? sent : sent < 0 && errno == EAGAIN ? AGAIN : GONE;
}

void transport_close(struct transport *t) {
  if (t->ssl) {
    SSL_shutdown(t->ssl);
    SSL_free(t->ssl);
  }
  close(t->fd);
}
