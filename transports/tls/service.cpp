#include "transports/tls/service.hpp"

#include <array>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cardea::tls {

namespace {

constexpr int kTickMs = 500;
constexpr std::chrono::milliseconds kTick{kTickMs};
constexpr int kStopLookMs = 10;
constexpr std::chrono::milliseconds kStopWait{500};

Time clock_now() { return std::chrono::steady_clock::now(); }

// Never given to another socket, as a descriptor's number is.
std::uint64_t cookie_of(int fd) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

}  // namespace

Service::Service(const sdk::Host& host, const Settings& settings, Identity& identity)
    : host_(host), settings_(settings), identity_(identity) {}

Service::~Service() {
  if (thread_.joinable()) {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
      stop_by_ = clock_now() + kStopWait;
    }
    wake();
    thread_.join();
  }
  for (const auto& [fd, answer] : arrivals_) {
    close(fd);
    answer.call(answer.argument, -1);
  }
  while (!entries_.empty()) {
    end(entries_.begin()->first);
  }
  for (const int fd : {epoll_, wake_}) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

bool Service::start() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll_ < 0 || wake_ < 0) {
    return false;
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  next_check_ = clock_now() + settings_.check_interval;
  thread_ = std::thread([this] { run(); });
  return true;
}

void Service::terminate(int fd, Answer answer) {
  {
    const std::scoped_lock lock(mutex_);
    arrivals_.push_back({fd, answer});
  }
  wake();
}

std::uint64_t Service::received(int fd) const {
  const std::uint64_t cookie = cookie_of(fd);
  const std::scoped_lock lock(mutex_);
  const auto found = by_cookie_.find(cookie);
  return found == by_cookie_.end() ? 0 : found->second->received();
}

void Service::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void Service::watch(int fd) const {
  // Edges: a tunnel goes on until neither direction can.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.fd = fd;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void Service::run() {
  while (!done(clock_now())) {
    sdk::guarded(host_, "connections", [&] {
      std::array<epoll_event, 256> events{};
      const int count =
          epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), patience());
      const Time now = clock_now();
      for (const int fd : std::exchange(busy_, {})) {
        turn(fd, now);
      }
      for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        ready(event.data.fd, event.events, now);
      }
      tick(now);
      // Not before: a number used again would get the events of the old socket.
      ended_.clear();
    });
  }
}

int Service::patience() const {
  const std::scoped_lock lock(mutex_);
  return busy_.empty() ? (stopping_ ? kStopLookMs : kTickMs) : 0;
}

// While it stops, what the plain sides have written still leaves.
bool Service::done(Time now) const {
  const std::scoped_lock lock(mutex_);
  return stopping_ && ((entries_.empty() && arrivals_.empty()) || now >= stop_by_);
}

void Service::ready(int fd, std::uint32_t events, Time now) {
  if (fd == wake_) {
    std::uint64_t value = 0;
    [[maybe_unused]] const ssize_t got = read(wake_, &value, sizeof value);
    take_arrivals(now);
    return;
  }
  const auto pair = clients_.find(fd);
  const int client = pair == clients_.end() ? fd : pair->second;
  const auto found = entries_.find(client);
  if (found == entries_.end()) {
    return;
  }
  if (pair != clients_.end() && (events & (EPOLLHUP | EPOLLRDHUP)) != 0) {
    found->second.tunnel->plain_closed(now);
  }
  turn(client, now);
}

void Service::take_arrivals(Time now) {
  std::vector<Arrival> arrivals;
  {
    const std::scoped_lock lock(mutex_);
    arrivals = std::exchange(arrivals_, {});
  }
  for (const auto& [fd, answer] : arrivals) {
    SslPtr ssl = identity_.connection();
    if (!ssl) {
      close(fd);
      answer.call(answer.argument, -1);
      continue;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    entries_[fd] = {std::make_unique<Tunnel>(std::move(ssl), fd, now + settings_.handshake_timeout),
                    answer};
    watch(fd);
  }
}

void Service::turn(int fd, Time now) {
  const auto found = entries_.find(fd);
  if (found == entries_.end()) {
    return;
  }
  auto outcome = found->second.tunnel->turn(scratch_, now);
  if (outcome == Tunnel::Outcome::Connected) {
    outcome =
        give(found->second) ? found->second.tunnel->turn(scratch_, now) : Tunnel::Outcome::Ended;
  }
  if (outcome == Tunnel::Outcome::Busy) {
    busy_.push_back(fd);
  } else if (outcome == Tunnel::Outcome::Ended) {
    end(fd);
  }
}

bool Service::give(Entry& entry) {
  std::array<int, 2> pair{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return false;
  }
  entry.cookie = cookie_of(pair[1]);
  entry.tunnel->connect(pair[0]);
  clients_[pair[0]] = entry.tunnel->fd();
  {
    const std::scoped_lock lock(mutex_);
    by_cookie_[entry.cookie] = entry.tunnel.get();
  }
  watch(pair[0]);
  entry.answer.call(entry.answer.argument, pair[1]);
  return true;
}

void Service::end(int fd) {
  const auto found = entries_.find(fd);
  Entry entry = std::move(found->second);
  entries_.erase(found);
  if (!entry.tunnel->connected()) {
    entry.answer.call(entry.answer.argument, -1);
  } else {
    clients_.erase(entry.tunnel->plain_fd());
    const std::scoped_lock lock(mutex_);
    by_cookie_.erase(entry.cookie);
  }
  ended_.push_back(std::move(entry.tunnel));
}

void Service::tick(Time now) {
  if (now < next_tick_) {
    return;
  }
  next_tick_ = now + kTick;
  if (now >= next_check_) {
    next_check_ = now + settings_.check_interval;
    identity_.reload_if_changed();
  }
  std::vector<int> late;
  for (const auto& [fd, entry] : entries_) {
    if (entry.tunnel->late(now)) {
      late.push_back(fd);
    }
  }
  for (const int fd : late) {
    end(fd);
  }
}

}  // namespace cardea::tls
