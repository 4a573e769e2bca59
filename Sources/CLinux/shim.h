// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <linux/filter.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>

// POLLRDHUP is declared by <poll.h> for GNU sources only; it has the number of EPOLLRDHUP (poll(2), epoll_ctl(2)).
enum { lanyard_POLLRDHUP = EPOLLRDHUP };

// accept4 is declared by <sys/socket.h> for GNU sources only, and Swift's Glibc module is not one.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
