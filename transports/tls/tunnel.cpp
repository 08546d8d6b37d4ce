#include "transports/tls/tunnel.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace cardea::tls {

namespace {

constexpr int kShare = 16;                  // records in one turn, so that others have theirs
constexpr std::chrono::seconds kFlush{30};  // for what is left when the plain side has closed
constexpr std::chrono::seconds kLinger{2};  // for the client to close after our last byte

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Tunnel::Tunnel(SslPtr ssl, int fd, Time give_up)
    : ssl_(std::move(ssl)), fd_(fd), give_up_(give_up) {
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_accept_state(ssl_.get());
}

Tunnel::~Tunnel() {
  ssl_.reset();
  close(fd_);
  if (plain_ >= 0) {
    close(plain_);
  }
}

void Tunnel::connect(int fd) {
  plain_ = fd;
  give_up_ = Time::max();
}

void Tunnel::plain_closed(Time now) { give_up_ = std::min(give_up_, now + kFlush); }

Tunnel::Outcome Tunnel::turn(Scratch& scratch, Time now) {
  if (!connected()) {
    return shake_hands();
  }
  for (int i = 0; i < kShare; ++i) {
    const Flow in = inward(scratch);
    const Flow out = outward(scratch, now);
    if (in == Flow::Broken || out == Flow::Broken || (in_done_ && out_done_)) {
      return Outcome::Ended;
    }
    if (in != Flow::Moved && out != Flow::Moved) {
      return Outcome::Waits;
    }
  }
  return Outcome::Busy;
}

Tunnel::Outcome Tunnel::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    return Outcome::Connected;
  }
  return verdict(result) == Flow::Blocked ? Outcome::Waits : Outcome::Ended;
}

Tunnel::Flow Tunnel::verdict(int result) const {
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return Flow::Blocked;
    case SSL_ERROR_ZERO_RETURN:
      return Flow::Closed;
    default:
      return Flow::Broken;
  }
}

Tunnel::Flow Tunnel::inward(Scratch& scratch) {
  if (in_done_) {
    return Flow::Closed;
  }
  if (!in_.empty()) {
    return flush_inward();
  }
  ERR_clear_error();
  const int size = SSL_read(ssl_.get(), scratch.data(), static_cast<int>(scratch.size()));
  if (size > 0) {
    received_ += static_cast<unsigned>(size);
    in_.assign(scratch.data(), static_cast<std::size_t>(size));
    static_cast<void>(flush_inward());
    return Flow::Moved;
  }
  const Flow flow = verdict(size);
  if (flow == Flow::Closed) {
    end_inward();
  }
  return flow;
}

Tunnel::Flow Tunnel::flush_inward() {
  const ssize_t sent = send(plain_, in_.data(), in_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && would_block()) {
    return Flow::Blocked;
  }
  // A plain side that has gone reads no more; what the client still sends is thrown away.
  in_.erase(0, sent < 0 ? in_.size() : static_cast<std::size_t>(sent));
  if (in_.empty()) {
    in_ = {};
  }
  return Flow::Moved;
}

void Tunnel::end_inward() {
  in_done_ = true;
  shutdown(plain_, SHUT_WR);
}

Tunnel::Flow Tunnel::outward(Scratch& scratch, Time now) {
  if (out_done_) {
    return Flow::Closed;
  }
  if (!out_.empty()) {
    return flush_outward();
  }
  const ssize_t size = recv(plain_, scratch.data(), scratch.size(), MSG_DONTWAIT);
  if (size > 0) {
    out_.assign(scratch.data(), static_cast<std::size_t>(size));
    return flush_outward() == Flow::Broken ? Flow::Broken : Flow::Moved;
  }
  if (size < 0 && would_block()) {
    return Flow::Blocked;
  }
  end_outward(now);
  return Flow::Closed;
}

Tunnel::Flow Tunnel::flush_outward() {
  ERR_clear_error();
  const int sent = SSL_write(ssl_.get(), out_.data(), static_cast<int>(out_.size()));
  if (sent <= 0) {
    return verdict(sent) == Flow::Blocked ? Flow::Blocked : Flow::Broken;
  }
  out_.erase(0, static_cast<std::size_t>(sent));
  if (out_.empty()) {
    out_ = {};
  }
  return Flow::Moved;
}

// The client hears close_notify and the end of the stream; a moment for its own spares it a reset,
// which could take away the last bytes.
void Tunnel::end_outward(Time now) {
  out_done_ = true;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
  shutdown(fd_, SHUT_WR);
  give_up_ = std::min(give_up_, now + kLinger);
}

}  // namespace cardea::tls
