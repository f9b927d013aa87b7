/*
 * How fast this core's second cache answers just now: nanoseconds for each step of a walk in random order through more
 * than the first cache holds and less than the second does. Whoever shares the core unseen drives out what was there.
 * All of it lies on one large page where the kernel gives one, so that no step waits for a translation.
 *
 *   yardstick
 *
 * Prints a figure for each line that it reads.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { LINE = 64, PLACES = (320 << 10) / LINE, STEPS = 20000, PAGE = 2 << 20 };

struct place {
  uint32_t next;
  char rest[LINE - sizeof(uint32_t)];
};

static struct place *places;

/* One ring through all places (Sattolo). */
static void lay_out(void) {
  static uint32_t order[PLACES];
  char *room = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) exit(1);
  places = (struct place *)(((uintptr_t)room + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
  madvise(places, PAGE, MADV_HUGEPAGE);
  for (uint32_t at = 0; at < PLACES; at++) order[at] = at;
  srand(1);
  for (uint32_t at = PLACES - 1; at > 0; at--) {
    uint32_t other = (uint32_t)rand() % at, held = order[at];
    order[at] = order[other];
    order[other] = held;
  }
  for (uint32_t at = 0; at < PLACES; at++) places[at].next = order[at];
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static double walk(int steps) {
  volatile uint32_t end;
  uint32_t at = 0;
  double start = now();
  for (int step = 0; step < steps; step++) at = places[at].next;
  end = at;
  (void)end;
  return (now() - start) / steps;
}

int main(void) {
  lay_out();
  for (int octet; (octet = getchar()) != EOF;) {
    if (octet != '\n') continue;
    walk(PLACES);
    printf("%.2f\n", walk(STEPS));
    fflush(stdout);
  }
  return 0;
}
