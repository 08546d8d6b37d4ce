#include "core/net/framed_connection.hpp"

#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cardea::net {

FramedConnection::FramedConnection(int fd) : fd_(fd) {
  const int on = 1;
  // Without these it works too, with more delay.
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsent, sizeof kUnsent);
}

FramedConnection::~FramedConnection() { close(fd_); }

bool FramedConnection::read(MutableBytes space, const std::function<void(Bytes frame)>& frame) {
  ssize_t got = 0;
  do {
    got = recv(fd_, space.data(), space.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) {
    return got < 0 && errno == EAGAIN;
  }
  return reader_.feed(space.first(static_cast<std::size_t>(got)), frame);
}

bool FramedConnection::queue(Bytes datagram) {
  const std::size_t waiting = pending_.size() - sent_;
  const std::size_t bound = datagram.size() > kBig ? kBigQueued : kQueued;
  if (datagram.size() > 0xFFFF || waiting + kFrameHeader + datagram.size() > bound) {
    return false;
  }
  pending_.push_back(static_cast<std::uint8_t>(datagram.size() >> 8));
  pending_.push_back(static_cast<std::uint8_t>(datagram.size()));
  pending_.insert(pending_.end(), datagram.begin(), datagram.end());
  return true;
}

bool FramedConnection::flush() {
  while (waits()) {
    const ssize_t sent =
        send(fd_, pending_.data() + sent_, pending_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno != EAGAIN) {
        return false;
      }
      // What was written long ago must not be kept because the rest waits.
      if (sent_ > kQueued) {
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(sent_));
        sent_ = 0;
      }
      return true;
    }
    sent_ += static_cast<std::size_t>(sent);
  }
  pending_.clear();
  sent_ = 0;
  return true;
}

}  // namespace cardea::net
