/* Viewers of a live stream, for `./run bench live`: one thread, epoll, loopback only.
 *
 *     fan PORT PATH VIEWERS STALLED SECONDS BYTES
 *
 * opens so many WebSockets, and others that stop reading once they are let in, says "open NUMBER", and then:
 *
 *   - says "all NUMBER" when that message has reached every viewer;
 *   - on "say FIRST LAST" sends these messages, of BYTES each, by its first socket, for servers that pass on what one
 *     of their sockets sends;
 *   - on "report NUMBER" says in JSON what became of the messages up to that one since the last report;
 *   - ends with its standard input, or after SECONDS.
 *
 * Messages are numbered from 1 and bear a mark, data-t=NUMBER.NANOSECONDS (CLOCK_MONOTONIC, when it was said), without
 * a character that HTML or JSON escapes: one for each message, several where a server merged them.
 *
 * Made from fan.c of the project's kit for measuring live fan-out (AGPL-3.0-or-later, as all here).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_MESSAGES 100000
#define OPENING_AT_ONCE 32
#define MARK "data-t="

enum state { SHAKING, OPEN, STALLED, GONE };

typedef struct {
    int fd;
    enum state state;
    uint64_t last; /* the newest message that it was given */
    char *rest;    /* the beginning of a frame whose end has not come yet */
    size_t length;
} viewer;

static viewer *viewers;
static int wanted, stalled, opened, refused, epoll;
static uint64_t reached[MOST_MESSAGES + 1];
static size_t message_bytes;

/* Since the last report. */
static uint64_t received, lost, doubled, frames, bytes, closed;
static uint32_t *delays; /* microseconds */
static size_t delays_room;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* --- What is sent --- */

static void send_all(viewer *v, const char *text, size_t length) {
    while (length > 0) {
        ssize_t sent = send(v->fd, text, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            usleep(100);
        } else if (sent < 0) {
            return; /* closed: reading it tells */
        } else {
            text += sent;
            length -= (size_t)sent;
        }
    }
}

/* A client's frame (RFC 6455, 5.2); a mask of zeros leaves the text as it is. */
static void send_frame(viewer *v, int opcode, const char *text, size_t length) {
    char frame[8 + 65536] = {(char)(0x80 | opcode)};
    size_t head = 2;
    if (length > 65535) return;
    if (length < 126) {
        frame[1] = (char)(0x80 | length);
    } else {
        frame[1] = (char)(0x80 | 126);
        frame[2] = (char)(length >> 8);
        frame[3] = (char)length;
        head = 4;
    }
    memset(frame + head, 0, 4);
    memcpy(frame + head + 4, text, length);
    send_all(v, frame, head + 4 + length);
}

static void say(uint64_t number) {
    static const char filler[] = "The council should widen the cycle path on Mill Lane before the school term starts. ";
    char text[65536];
    int length = snprintf(text, sizeof text, "{\"stream\":1,\"seq\":%lu,\"kind\":\"line\",\"html\":\"<p " MARK "%lu.%lu>", number,
                          number, now());
    for (size_t i = 0; (size_t)length + 6 < message_bytes && (size_t)length < sizeof text - 8; i++)
        text[length++] = filler[i % (sizeof filler - 1)];
    memcpy(text + length, "</p>\"}", 6);
    send_frame(&viewers[0], 1, text, (size_t)length + 6);
}

/* --- What arrives --- */

static void note(viewer *v, uint64_t number, uint64_t said_at) {
    if (number <= v->last || number > MOST_MESSAGES) {
        doubled++;
        return;
    }
    lost += number - v->last - 1;
    v->last = number;
    if (received == delays_room) {
        delays_room = delays_room ? delays_room * 2 : 65536;
        if (!(delays = realloc(delays, delays_room * sizeof *delays))) fail("memory");
    }
    delays[received++] = (uint32_t)((now() - said_at) / 1000);
    if (++reached[number] == (uint64_t)wanted) {
        printf("all %lu\n", number);
        fflush(stdout);
    }
}

static void leave(viewer *v) {
    if (v->state == SHAKING) refused++;
    else closed++;
    close(v->fd);
    free(v->rest);
    v->rest = NULL;
    v->length = 0;
    v->state = GONE;
}

static void take(viewer *v, int opcode, char *text, size_t length) {
    if (opcode == 8) leave(v);
    if (opcode == 9) send_frame(v, 10, text, length);
    if (opcode != 1) return;
    frames++;
    char *end = text + length, *mark = text;
    while ((mark = memmem(mark, (size_t)(end - mark), MARK, strlen(MARK)))) {
        char *dot;
        uint64_t number = strtoull(mark + strlen(MARK), &dot, 10);
        note(v, number, strtoull(dot + 1, &mark, 10));
    }
}

/* The server's answer to the handshake; returns the bytes it took, 0 if it is not whole. */
static size_t shake(viewer *v, char *text, size_t length) {
    char *end = memmem(text, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(text, "HTTP/1.1 101", 12)) {
        fprintf(stderr, "refused: %.60s\n", text);
        leave(v);
        return length;
    }
    opened++;
    v->state = OPEN;
    if (v - viewers >= wanted) { /* nobody reads it any more; the kernel's buffers fill, then the server's */
        v->state = STALLED;
        epoll_ctl(epoll, EPOLL_CTL_DEL, v->fd, NULL);
    }
    return (size_t)(end + 4 - text);
}

/* One whole frame of a server, which does not mask; returns the bytes it took, 0 if it is not whole. */
static size_t unframe(viewer *v, unsigned char *text, size_t length) {
    if (length < 2) return 0;
    size_t size = text[1] & 127u, head = size == 127 ? 10 : size == 126 ? 4 : 2;
    if (length < head) return 0;
    if (head > 2)
        for (size_t i = size = 0; i < head - 2; i++) size = size << 8 | text[2 + i];
    if (length < head + size) return 0;
    take(v, text[0] & 15, (char *)text + head, size);
    return head + size;
}

static void read_on(viewer *v) {
    static char room[2 << 20];
    if (v->length > 0) memcpy(room, v->rest, v->length);
    ssize_t got = recv(v->fd, room + v->length, sizeof room - v->length, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        leave(v);
        return;
    }
    bytes += (uint64_t)got;
    size_t length = v->length + (size_t)got, done = 0, step = 1;
    while (step > 0 && done < length && v->state < STALLED) {
        step = v->state == SHAKING ? shake(v, room + done, length - done)
                                   : unframe(v, (unsigned char *)room + done, length - done);
        done += step;
    }
    if (v->state >= STALLED) return;
    v->length = length - done;
    if (!(v->rest = realloc(v->rest, v->length + 1))) fail("memory");
    memcpy(v->rest, room + done, v->length);
}

static void open_viewer(viewer *v, int port, const char *path) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((v->fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) fail("socket");
    setsockopt(v->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (connect(v->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    fcntl(v->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = v};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, v->fd, &event) < 0) fail("epoll_ctl");
    /* The key is the example of RFC 6455: a server that is measured may answer it without computing. */
    char text[1024];
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                          "Sec-WebSocket-Version: 13\r\n\r\n",
                          path, port, port);
    send_all(v, text, (size_t)length);
}

/* --- What it is asked --- */

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double percentile(double part) {
    return received ? delays[(size_t)((double)(received - 1) * part)] / 1000.0 : 0;
}

static void report(uint64_t number) {
    for (viewer *v = viewers; v < viewers + wanted; v++) {
        if (number > v->last) lost += number - v->last;
        v->last = number;
    }
    qsort(delays, received, sizeof *delays, by_size);
    printf("{\"received\":%lu,\"lost\":%lu,\"doubled\":%lu,\"closed\":%lu,\"frames\":%lu,\"bytes\":%lu,"
           "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
           received, lost, doubled, closed, frames, bytes, percentile(.5), percentile(.99), percentile(1));
    fflush(stdout);
    received = lost = doubled = frames = bytes = closed = 0;
}

static void obey(void) {
    char line[256];
    uint64_t first, last;
    ssize_t got = read(STDIN_FILENO, line, sizeof line - 1);
    if (got <= 0) exit(0);
    line[got] = 0;
    if (sscanf(line, "say %lu %lu", &first, &last) == 2)
        for (; first <= last; first++) say(first);
    else if (sscanf(line, "report %lu", &first) == 1)
        report(first);
}

static void serve_events(int milliseconds) {
    struct epoll_event events[512];
    int count = epoll_wait(epoll, events, 512, milliseconds);
    for (int i = 0; i < count; i++) {
        viewer *v = events[i].data.ptr;
        if (!v) obey();
        else if (v->state < STALLED) read_on(v);
    }
}

int main(int count, char **words) {
    if (count != 7) {
        fputs("fan PORT PATH VIEWERS STALLED SECONDS BYTES\n", stderr);
        return 2;
    }
    wanted = atoi(words[3]);
    stalled = atoi(words[4]);
    alarm((unsigned)atoi(words[5]));
    message_bytes = (size_t)atoi(words[6]);
    epoll = epoll_create1(0);
    if (!(viewers = calloc((size_t)(wanted + stalled), sizeof *viewers))) fail("memory");
    for (int begun = 0; opened + refused < wanted + stalled; serve_events(20))
        while (begun < wanted + stalled && begun - opened - refused < OPENING_AT_ONCE)
            open_viewer(&viewers[begun++], atoi(words[1]), words[2]);
    printf("open %d\n", opened);
    fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event) < 0) fail("standard input");
    for (;;) serve_events(1000);
}
