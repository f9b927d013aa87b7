/* A socket to the proxy under test on loopback, plain or TLS 1.3; never blocks. */
#pragma once
#include <openssl/ssl.h>
#include <sys/types.h>

struct transport {
  int fd;
  SSL *ssl; /* NULL: plain */
};

enum { AGAIN = 0, GONE = -1 };

/* One cipher and one group for every proxy; sessions are never resumed. */
SSL_CTX *transport_context(void);

/* Begins to connect; with `name` a TLS handshake for that server name follows. */
struct transport transport_open(int port, SSL_CTX *context, const char *name);
/* 1: connected and shaken hands, else AGAIN or GONE. */
int transport_ready(struct transport *t);
/* Octets, or AGAIN, or GONE. */
ssize_t transport_read(struct transport *t, char *to, size_t room);
ssize_t transport_write(struct transport *t, const char *from, size_t size);
void transport_close(struct transport *t);
