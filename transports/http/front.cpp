#include "transports/http/front.hpp"

#include <array>
#include <cerrno>
#include <exception>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cardea/sdk/listening.hpp>

#include "transports/http/request_head.hpp"

namespace cardea::http {

namespace {

constexpr int kMostPerTurn = 64;  // so that a storm does not starve those that are here
constexpr std::chrono::seconds kTick{1};
constexpr int kTickMs = 1000;

Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

struct Front::Gate {
  std::mutex mutex;
  Front* front = nullptr;
};

Front::Front(FrontOwner& owner, const cardea_tls_t* tls, FrontSettings settings)
    : owner_(owner),
      tls_(tls),
      settings_(std::move(settings)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      reserve_(open("/dev/null", O_RDONLY | O_CLOEXEC)),
      gate_(std::make_shared<Gate>()) {
  gate_->front = this;
  watch(wake_, EPOLLIN);
}

Front::~Front() {
  {
    const std::scoped_lock lock(gate_->mutex);
    gate_->front = nullptr;
  }
  if (thread_.joinable()) {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake();
    thread_.join();
  }
  for (const auto& listening : listening_) {
    close(listening.fd);
  }
  for (const auto& [fd, waiting] : waiting_) {
    close(fd);
  }
  for (const auto& arrival : plain_) {
    if (arrival.fd >= 0) {
      close(arrival.fd);
    }
  }
  for (const int fd : {epoll_, wake_, reserve_}) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

Result<std::uint16_t> Front::listen(const std::string& address, std::uint16_t port, bool secure) {
  const auto fd = sdk::listen_on(address, port);
  if (!fd) {
    return fd.error();
  }
  listening_.push_back({*fd, secure});
  watch(*fd, EPOLLIN);
  return sdk::bound_port(*fd);
}

void Front::start() {
  thread_ = std::thread([this] { run(); });
}

void Front::drain() {
  {
    const std::scoped_lock lock(mutex_);
    draining_ = true;
  }
  wake();
}

void Front::watch(int fd, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void Front::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void Front::run() {
  next_tick_ = now() + kTick;
  while (true) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) {
        return;
      }
    }
    try {
      turn();
    } catch (const std::exception& failure) {
      owner_.failed(failure.what());
    }
  }
}

void Front::turn() {
  std::array<epoll_event, 64> events{};
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kTickMs);
  for (int i = 0; i < count; ++i) {
    const int fd = events[static_cast<std::size_t>(i)].data.fd;
    if (fd == wake_) {
      std::uint64_t value = 0;
      [[maybe_unused]] const ssize_t got = read(wake_, &value, sizeof value);
      take_plain();
    } else if (waiting_.contains(fd)) {
      look(fd);
    } else {
      for (const auto& listening : std::vector(listening_)) {
        if (listening.fd == fd) {
          accept_all(listening);
        }
      }
    }
  }
  if (now() >= next_tick_) {
    next_tick_ = now() + kTick;
    tick(now());
  }
}

void Front::accept_all(const Listening& listening) {
  for (int i = 0; i < kMostPerTurn; ++i) {
    Arrival arrival;
    arrival.from_size = sizeof arrival.from;
    arrival.fd = accept4(listening.fd, reinterpret_cast<sockaddr*>(&arrival.from),
                         &arrival.from_size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (arrival.fd >= 0) {
      came(std::move(arrival), listening.secure);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      refuse_one(listening);
      return;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    }
  }
}

// Level-triggered readiness would spin while the queue cannot be accepted: one client is told, the
// others wait in the kernel until the next second.
void Front::refuse_one(const Listening& listening) {
  owner_.counts("out_of_descriptors");
  if (reserve_ >= 0) {
    close(std::exchange(reserve_, -1));
    const int client = accept4(listening.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
      constexpr std::string_view kAnswer =
          "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      send(client, kAnswer.data(), listening.secure ? 0 : kAnswer.size(), MSG_NOSIGNAL);
      close(client);
    }
    reserve_ = open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  for (const auto& other : listening_) {
    epoll_ctl(epoll_, EPOLL_CTL_DEL, other.fd, nullptr);
  }
  paused_ = true;
}

void Front::came(Arrival arrival, bool secure) {
  const int on = 1;
  setsockopt(arrival.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  arrival.address =
      sdk::address_text(reinterpret_cast<const sockaddr*>(&arrival.from), arrival.from_size);
  const auto held = per_address_.find(arrival.address);
  const bool room = waiting_.size() + handshakes_ < settings_.most_waiting;
  if (!room || !owner_.admits(arrival.address, held == per_address_.end() ? 0 : held->second)) {
    owner_.counts(room ? "refused" : "refused_max_connections");
    close(arrival.fd);
    return;
  }
  ++per_address_[arrival.address];
  if (secure) {
    terminate(arrival);
    return;
  }
  const int fd = arrival.fd;
  waiting_[fd] = {std::move(arrival), now() + settings_.head_timeout};
  // Edges: what was only looked at stays readable.
  watch(fd, EPOLLIN | EPOLLRDHUP | EPOLLET);
}

void Front::terminate(const Arrival& arrival) {
  struct Handshake {
    std::shared_ptr<Gate> gate;
    Arrival arrival;
  };
  const auto plain = [](void* argument, int fd) {
    const std::unique_ptr<Handshake> done(static_cast<Handshake*>(argument));
    const std::scoped_lock lock(done->gate->mutex);
    if (Front* front = done->gate->front) {
      done->arrival.fd = fd;
      {
        const std::scoped_lock queue(front->mutex_);
        front->plain_.push_back(std::move(done->arrival));
      }
      front->wake();
    } else if (fd >= 0) {
      close(fd);
    }
  };
  auto handshake = std::make_unique<Handshake>(Handshake{gate_, arrival});
  handshake->arrival.secure = true;
  if (tls_->terminate(tls_->instance, arrival.fd, plain, handshake.get()) < 0) {
    close(arrival.fd);
    uncount(arrival.address);
    return;
  }
  static_cast<void>(handshake.release());
  ++handshakes_;
}

void Front::take_plain() {
  std::vector<Arrival> plain;
  bool draining = false;
  {
    const std::scoped_lock lock(mutex_);
    plain = std::exchange(plain_, {});
    draining = draining_;
  }
  if (draining) {
    for (const auto& listening : std::exchange(listening_, {})) {
      close(listening.fd);
    }
  }
  for (auto& arrival : plain) {
    --handshakes_;
    if (arrival.fd < 0) {
      owner_.counts("tls_failed");
      uncount(arrival.address);
      continue;
    }
    const int fd = arrival.fd;
    waiting_[fd] = {std::move(arrival), now() + settings_.head_timeout};
    watch(fd, EPOLLIN | EPOLLRDHUP | EPOLLET);
  }
}

void Front::look(int fd) {
  std::array<char, kMostPeeked> bytes;  // NOLINT: filled by recv
  const ssize_t size = recv(fd, bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return;
  }
  if (size <= 0) {
    drop(fd);
    return;
  }
  const std::string_view head(bytes.data(), static_cast<std::size_t>(size));
  const auto beginning = look_at(head, settings_.base_path);
  if (beginning == Beginning::Incomplete) {
    return;
  }
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
  const Arrival arrival = std::move(waiting_.at(fd).arrival);
  waiting_.erase(fd);
  if (beginning == Beginning::Upgrade) {
    owner_.take_websocket(arrival);
  } else if (beginning == Beginning::OtherUpgrade) {
    owner_.take_upgrade(arrival, head);
  } else {
    owner_.take_http(arrival);
  }
  uncount(arrival.address);
}

void Front::drop(int fd) {
  const auto found = waiting_.find(fd);
  uncount(found->second.arrival.address);
  waiting_.erase(found);
  close(fd);
}

void Front::uncount(const std::string& address) {
  const auto count = per_address_.find(address);
  if (--count->second == 0) {
    per_address_.erase(count);
  }
}

void Front::tick(Time now) {
  if (std::exchange(paused_, false)) {
    for (const auto& listening : listening_) {
      watch(listening.fd, EPOLLIN);
    }
  }
  std::vector<int> slow;
  for (const auto& [fd, waiting] : waiting_) {
    if (now >= waiting.until) {
      slow.push_back(fd);
    }
  }
  for (const int fd : slow) {
    owner_.counts("slow_request");
    drop(fd);
  }
}

}  // namespace cardea::http
