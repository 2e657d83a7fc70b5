/* The least that telling a crowd can cost, for `./run bench live`: what one socket sends goes to all, by one send() each.
 *
 *     floor PORT
 *
 * One thread, epoll, loopback only. It checks nothing, and answers fan's handshake alone, whose key is always the same.
 * Made from cbcast.c of the project's kit for measuring live fan-out (AGPL-3.0-or-later, as all here).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 65536

static const char welcome[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
static int open_sockets[MOST], count, is_open[MOST];
static unsigned char incoming[1 << 18], frame[1 << 17];

static void tell(int fd, size_t length) {
    ssize_t sent = send(fd, frame, length, MSG_NOSIGNAL);
    if (sent == (ssize_t)length) return;
    /* Its buffer is full: wait for it, as all is lost otherwise. */
    int flags = fcntl(fd, F_GETFL);
    size_t begun = sent > 0 ? (size_t)sent : 0;
    fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    send(fd, frame + begun, length - begun, MSG_NOSIGNAL);
    fcntl(fd, F_SETFL, flags);
}

/* Unmask each frame that came from one socket, and send it to all. */
static void pass_on(unsigned char *text, size_t length) {
    while (length >= 6) {
        size_t size = text[1] & 127u, head = 2;
        if (size == 126) {
            size = (size_t)text[2] << 8 | text[3];
            head = 4;
        }
        if (length < head + 4 + size) return;
        memcpy(frame, text, head);
        frame[1] &= 127;
        for (size_t i = 0; i < size; i++) frame[head + i] = text[head + 4 + i] ^ text[head + (i & 3)];
        if ((text[0] & 15) == 1)
            for (int i = 0; i < count; i++) tell(open_sockets[i], head + size);
        text += head + 4 + size;
        length -= head + 4 + size;
    }
}

static void leave(int fd) {
    close(fd);
    for (int i = 0; i < count; i++)
        if (open_sockets[i] == fd) open_sockets[i--] = open_sockets[--count];
    is_open[fd] = 0;
}

static void hear(int fd) {
    ssize_t got = read(fd, incoming, sizeof incoming);
    if (got <= 0) {
        leave(fd);
    } else if (is_open[fd]) {
        pass_on(incoming, (size_t)got);
    } else if (write(fd, welcome, sizeof welcome - 1) > 0) {
        is_open[fd] = 1;
        open_sockets[count++] = fd;
    }
}

int main(int words, char **word) {
    if (words != 2) return 2;
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epoll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(word[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(door, (struct sockaddr *)&address, sizeof address) < 0 || listen(door, 4096) < 0) return 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[512];
    epoll_ctl(epoll, EPOLL_CTL_ADD, door, &event);
    for (;;) {
        int ready = epoll_wait(epoll, events, 512, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd != door) {
                hear(fd);
                continue;
            }
            while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0 && fd < MOST) {
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
                event = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
                epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
            }
        }
    }
}
