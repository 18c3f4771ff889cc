// A load client for LMTP and SMTP: several connections, one message after another, latency of each acknowledgement.
//
//   lmtp-load --port N --to ADDRESS [--clients N] [--messages N] [--size BYTES] [--corpus DIR]
//             [--per-connection N] [--start N] [--seconds N] [--rate N] [--smtp]
//
// Prints one JSON object. Talks to 127.0.0.1 only. Every message has a Message-ID of its own: --start moves the
// numbers on, so that a second run is new mail. With --corpus the files of a folder are sent in turn, with one more
// header on top. With --rate so many messages a second are begun, all clients together. A message counts when its 250
// after the final dot has come.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct message {
    char *bytes;
    size_t length;
};

static struct {
    int port, clients, messages, size, per_connection, start, seconds, rate;
    const char *to;
    const char *corpus;
    bool smtp;
} options = {.clients = 1, .messages = 1000, .size = 7400, .per_connection = 100, .seconds = 120};

static struct message *samples;
static size_t sample_count;
static atomic_int next_message;
static atomic_int refused;
static double *latencies;  // ms; 0 where the message was not acknowledged
static double deadline;
static double beginning;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what) {
    fprintf(stderr, "lmtp-load: %s: %s\n", what, strerror(errno));
    exit(69);
}

// CRLF line ends and doubled dots, as DATA wants them, with CRLF at the end.
static struct message prepared(const char *bytes, size_t length) {
    struct message made = {malloc(length * 2 + 3), 0};
    if (!made.bytes) die("memory");
    bool line_start = true;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '\r' || c == 0) continue;
        if (line_start && c == '.') made.bytes[made.length++] = '.';
        if (c == '\n') made.bytes[made.length++] = '\r';
        made.bytes[made.length++] = c;
        line_start = c == '\n';
    }
    if (!line_start) {
        made.bytes[made.length++] = '\r';
        made.bytes[made.length++] = '\n';
    }
    return made;
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static void read_corpus(void) {
    struct dirent **entries;
    int count = scandir(options.corpus, &entries, NULL, by_name);
    if (count < 0) die(options.corpus);
    samples = calloc((size_t)count, sizeof *samples);
    for (int i = 0; i < count; i++) {
        char path[4096];
        struct stat about;
        snprintf(path, sizeof path, "%s/%s", options.corpus, entries[i]->d_name);
        if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0) {
            FILE *file = fopen(path, "rb");
            char *bytes = malloc((size_t)about.st_size);
            if (!file || !bytes) die(path);
            size_t length = fread(bytes, 1, (size_t)about.st_size, file);
            samples[sample_count++] = prepared(bytes, length);
            fclose(file);
            free(bytes);
        }
        free(entries[i]);
    }
    free(entries);
    if (sample_count == 0) {
        fprintf(stderr, "lmtp-load: no message in %s\n", options.corpus);
        exit(66);
    }
}

static void make_sample(void) {
    char *body = malloc((size_t)options.size + 128);
    size_t length = 0;
    while (length < (size_t)options.size) {
        length += (size_t)sprintf(body + length, "Line %06zu of a letter about the talk page, an edit and a photo.\n",
                                  length);
    }
    samples = calloc(1, sizeof *samples);
    samples[0] = prepared(body, length);
    sample_count = 1;
    free(body);
}

static bool send_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

struct connection {
    int fd;
    char buffer[8192];
    size_t start, end;
};

// The code of one reply, its continuation lines skipped; 0 when the connection ended.
static int reply(struct connection *c) {
    for (;;) {
        char *line = c->buffer + c->start;
        char *newline = memchr(line, '\n', c->end - c->start);
        if (newline) {
            c->start = (size_t)(newline - c->buffer) + 1;
            if (newline - line >= 4 && line[3] == '-') continue;
            return atoi(line);
        }
        if (c->start > 0) {
            memmove(c->buffer, line, c->end - c->start);
            c->end -= c->start;
            c->start = 0;
        }
        if (c->end == sizeof c->buffer) return 0;
        ssize_t got = recv(c->fd, c->buffer + c->end, sizeof c->buffer - c->end, 0);
        if (got <= 0) return 0;
        c->end += (size_t)got;
    }
}

static bool open_connection(struct connection *c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {.tv_sec = 30};
    int one = 1;
    c->start = c->end = 0;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    const char *hello = options.smtp ? "EHLO load.example\r\n" : "LHLO load.example\r\n";
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address) == 0 && reply(c) == 220 &&
        send_all(c->fd, hello, strlen(hello)) && reply(c) == 250)
        return true;
    close(c->fd);
    return false;
}

static bool deliver(struct connection *c, int number) {
    const struct message *sample = &samples[(size_t)number % sample_count];
    char text[1024];
    int length = snprintf(text, sizeof text, "MAIL FROM:<reader%d@people.example>\r\nRCPT TO:<%s>\r\nDATA\r\n", number,
                          options.to);
    if (!send_all(c->fd, text, (size_t)length)) return false;
    int mail = reply(c), recipient = reply(c), data = reply(c);
    if (mail != 250 || recipient != 250 || data != 354) return false;
    if (options.corpus)
        length = snprintf(text, sizeof text, "X-Load: %d\r\n", number);
    else
        length = snprintf(text, sizeof text,
                          "From: Reader %d <reader%d@people.example>\r\nTo: <%s>\r\nSubject: Letter %d\r\n"
                          "Date: Mon, 16 Jun 2025 10:00:00 +0000\r\nMessage-ID: <%d.load@people.example>\r\n"
                          "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
                          number, number, options.to, number, number);
    return send_all(c->fd, text, (size_t)length) && send_all(c->fd, sample->bytes, sample->length) &&
           send_all(c->fd, ".\r\n", 3) && reply(c) == 250;
}

// Waits for the moment at which this message is due.
static void wait_for_turn(int number) {
    double early = beginning + (double)number / options.rate - now();
    if (early > 0) usleep((useconds_t)(early * 1e6));
}

static void *work(void *unused) {
    (void)unused;
    struct connection c = {.fd = -1};
    int left = 0;
    for (int number; (number = atomic_fetch_add(&next_message, 1)) < options.messages && now() < deadline;) {
        if (options.rate > 0) wait_for_turn(number);
        double started = now();
        if (left == 0) {
            if (c.fd >= 0) {
                send_all(c.fd, "QUIT\r\n", 6);
                close(c.fd);
            }
            if (!open_connection(&c)) {
                c.fd = -1;
                atomic_fetch_add(&refused, 1);
                continue;
            }
            left = options.per_connection;
            started = now();
        }
        if (deliver(&c, options.start + number)) {
            latencies[number] = (now() - started) * 1000;
            left -= 1;
        } else {
            atomic_fetch_add(&refused, 1);
            close(c.fd);
            c.fd = -1;
            left = 0;
        }
    }
    if (c.fd >= 0) {
        send_all(c.fd, "QUIT\r\n", 6);
        close(c.fd);
    }
    return NULL;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double percentile(const double *sorted, int count, double share) {
    return count == 0 ? 0 : sorted[(int)(share * (count - 1) + 0.5)];
}

static void read_options(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (strcmp(name, "--smtp") == 0) {
            options.smtp = true;
            continue;
        }
        if (i + 1 == argc) goto usage;
        const char *value = argv[++i];
        if (strcmp(name, "--port") == 0) options.port = atoi(value);
        else if (strcmp(name, "--clients") == 0) options.clients = atoi(value);
        else if (strcmp(name, "--messages") == 0) options.messages = atoi(value);
        else if (strcmp(name, "--size") == 0) options.size = atoi(value);
        else if (strcmp(name, "--per-connection") == 0) options.per_connection = atoi(value);
        else if (strcmp(name, "--start") == 0) options.start = atoi(value);
        else if (strcmp(name, "--seconds") == 0) options.seconds = atoi(value);
        else if (strcmp(name, "--rate") == 0) options.rate = atoi(value);
        else if (strcmp(name, "--to") == 0) options.to = value;
        else if (strcmp(name, "--corpus") == 0) options.corpus = value;
        else goto usage;
    }
    if (options.port > 0 && options.to && options.clients > 0 && options.clients <= 256 && options.messages > 0 &&
        options.size > 0 && options.per_connection > 0)
        return;
usage:
    fprintf(stderr, "usage: lmtp-load --port N --to ADDRESS [--clients N] [--messages N] [--size BYTES]\n"
                    "                 [--corpus DIR] [--per-connection N] [--start N] [--seconds N]\n"
                    "                 [--rate N] [--smtp]\n");
    exit(64);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    if (options.corpus) read_corpus();
    else make_sample();
    latencies = calloc((size_t)options.messages, sizeof *latencies);
    pthread_t threads[256];
    double started = beginning = now();
    deadline = started + options.seconds;
    for (int i = 0; i < options.clients; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0) die("thread");
    for (int i = 0; i < options.clients; i++) pthread_join(threads[i], NULL);
    double seconds = now() - started;

    int count = 0;
    for (int i = 0; i < options.messages; i++)
        if (latencies[i] > 0) latencies[count++] = latencies[i];
    qsort(latencies, (size_t)count, sizeof *latencies, by_value);
    printf("{\"clients\":%d,\"acknowledged\":%d,\"refused\":%d,\"seconds\":%.3f,\"perSecond\":%.1f,"
           "\"p50\":%.2f,\"p95\":%.2f,\"p99\":%.2f,\"max\":%.2f}\n",
           options.clients, count, atomic_load(&refused), seconds, count / seconds, percentile(latencies, count, 0.5),
           percentile(latencies, count, 0.95), percentile(latencies, count, 0.99), percentile(latencies, count, 1));
    return count > 0 ? 0 : 69;
}
