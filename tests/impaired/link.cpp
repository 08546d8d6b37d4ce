// A bad line between clients and a server, in user space: every datagram passes a bottleneck with a
// queue, random loss, delay, jitter, reordering and duplication, each way with its own settings.
//
//   impaired_link SERVER_PORT      serves 127.0.0.1 and prints "port N": where clients send to
//   up|down key=value...           from then on; keys: loss reorder duplicate (0 to 1),
//                                  delay jitter queue (ms), rate (bit/s, 0 none), hole (0 or 1)
//   rebind                         the server sees each client at another port from now on
//   stats                          -> one line of JSON
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <queue>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cardea::impaired {
namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;
using std::chrono::milliseconds;

// Of IPv4 and UDP.
constexpr std::size_t kHeaders = 28;
// What is overtaken comes so much later.
constexpr Duration kOvertaken = milliseconds(15);
constexpr std::size_t kLargest = 65'536;

struct Settings {
  double loss = 0;
  double reorder = 0;
  double duplicate = 0;
  double delay = 0;
  double jitter = 0;
  double queue = 200;
  double rate = 0;
  double hole = 0;
};

struct Flight {
  Time at;
  std::uint64_t order = 0;
  in_port_t client = 0;
  bool up = false;
  std::vector<char> bytes;
  bool operator>(const Flight& other) const {
    return at != other.at ? at > other.at : order > other.order;
  }
};

/// One direction.
class Way {
 public:
  Settings settings;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t dropped = 0;
  std::uint64_t overflown = 0;

  /// When a datagram that comes now leaves at the other end, once per copy.
  std::vector<Time> pass(std::size_t size, Time now, std::mt19937& dice) {
    const auto chance = [&] { return std::uniform_real_distribution<double>()(dice); };
    ++packets;
    bytes += size;
    Time at = now;
    if (settings.rate > 0) {
      at = std::max(now, free_);
      if (at - now > ms(settings.queue)) {
        ++overflown;
        return {};
      }
      at += ms(static_cast<double>(size + kHeaders) * 8000 / settings.rate);
      free_ = at;
    }
    if (settings.hole > 0 || chance() < settings.loss) {
      ++dropped;
      return {};
    }
    at += ms(settings.delay + settings.jitter * chance());
    if (chance() < settings.reorder) {
      at += kOvertaken;
    } else {
      at = last_ = std::max(at, last_);
    }
    return std::vector<Time>(chance() < settings.duplicate ? 2 : 1, at);
  }

 private:
  static Duration ms(double value) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(value));
  }

  Time free_;
  Time last_;
};

sockaddr_in loopback(in_port_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = port;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int open_socket(in_port_t to) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int size = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  const sockaddr_in address = loopback(to);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address);
  const int status = to == 0 ? bind(fd, raw, sizeof address) : connect(fd, raw, sizeof address);
  if (fd < 0 || status != 0) {
    std::perror("socket");
    std::exit(1);
  }
  return fd;
}

class Link {
 public:
  explicit Link(in_port_t server) : server_(server), front_(open_socket(0)) {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(front_, reinterpret_cast<sockaddr*>(&own), &size);
    std::printf("port %d\n", ntohs(own.sin_port));
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  }

  void run() {
    while (!ended_) {
      std::vector<pollfd> fds{{STDIN_FILENO, POLLIN, 0}, {front_, POLLIN, 0}};
      for (const auto& [client, fd] : backs_) {
        fds.push_back({fd, POLLIN, 0});
      }
      const Duration wait = flights_.empty()
                                ? Duration(milliseconds(1000))
                                : std::max(flights_.top().at - Clock::now(), Duration::zero());
      const timespec timeout{0, std::min<std::int64_t>(wait.count(), 999'999'999)};
      ppoll(fds.data(), fds.size(), &timeout, nullptr);
      read_clients();
      for (const auto& [client, fd] : backs_) {
        read_server(client, fd);
      }
      deliver(Clock::now());
      if (fds[0].revents != 0) {
        read_commands();
      }
    }
  }

 private:
  void read_clients() {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    ssize_t got = 0;
    while ((got = recvfrom(front_, buffer_.data(), buffer_.size(), 0,
                           reinterpret_cast<sockaddr*>(&from), &size)) >= 0) {
      if (!backs_.contains(from.sin_port)) {
        backs_[from.sin_port] = open_socket(server_);
      }
      pass(true, from.sin_port, static_cast<std::size_t>(got));
    }
  }

  void read_server(in_port_t client, int fd) {
    ssize_t got = 0;
    while ((got = recv(fd, buffer_.data(), buffer_.size(), 0)) >= 0) {
      pass(false, client, static_cast<std::size_t>(got));
    }
  }

  void pass(bool up, in_port_t client, std::size_t size) {
    Way& way = up ? up_ : down_;
    for (const Time at : way.pass(size, Clock::now(), dice_)) {
      flights_.push({at, order_++, client, up, {buffer_.data(), buffer_.data() + size}});
    }
  }

  void deliver(Time now) {
    while (!flights_.empty() && flights_.top().at <= now) {
      const Flight& flight = flights_.top();
      // What a full socket loses is lost, as on any line.
      if (flight.up) {
        send(backs_[flight.client], flight.bytes.data(), flight.bytes.size(), 0);
      } else {
        const sockaddr_in to = loopback(flight.client);
        sendto(front_, flight.bytes.data(), flight.bytes.size(), 0,
               reinterpret_cast<const sockaddr*>(&to), sizeof to);
      }
      flights_.pop();
    }
  }

  void read_commands() {
    ssize_t got = 0;
    while ((got = read(STDIN_FILENO, buffer_.data(), buffer_.size())) > 0) {
      commands_.append(buffer_.data(), static_cast<std::size_t>(got));
    }
    ended_ = got == 0;
    for (std::size_t end = 0; (end = commands_.find('\n')) != std::string::npos;) {
      obey(commands_.substr(0, end));
      commands_.erase(0, end + 1);
    }
  }

  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "rebind") {
      for (auto& [client, fd] : backs_) {
        const int old = fd;
        // The old one stays open until there is another, which so has another port.
        fd = open_socket(server_);
        close(old);
      }
    } else if (verb == "stats") {
      std::printf("{\"up\":%s,\"down\":%s}\n", figures(up_).c_str(), figures(down_).c_str());
    } else if (verb == "up" || verb == "down") {
      for (std::string word; words >> word;) {
        set(verb == "up" ? up_.settings : down_.settings, word);
      }
    } else {
      std::printf("unknown: %s\n", line.c_str());
    }
  }

  static std::string figures(const Way& way) {
    return "{\"packets\":" + std::to_string(way.packets) +
           ",\"bytes\":" + std::to_string(way.bytes) +
           ",\"dropped\":" + std::to_string(way.dropped) +
           ",\"overflown\":" + std::to_string(way.overflown) + "}";
  }

  static void set(Settings& settings, const std::string& word) {
    static const std::map<std::string, double Settings::*> kKeys{
        {"loss", &Settings::loss},   {"reorder", &Settings::reorder},
        {"delay", &Settings::delay}, {"duplicate", &Settings::duplicate},
        {"rate", &Settings::rate},   {"jitter", &Settings::jitter},
        {"hole", &Settings::hole},   {"queue", &Settings::queue}};
    const std::size_t equals = word.find('=');
    const auto key = kKeys.find(word.substr(0, equals));
    if (equals == std::string::npos || key == kKeys.end()) {
      std::printf("unknown: %s\n", word.c_str());
      return;
    }
    settings.*key->second = std::strtod(word.c_str() + equals + 1, nullptr);
  }

  in_port_t server_;
  int front_;
  std::map<in_port_t, int> backs_;
  Way up_;
  Way down_;
  std::priority_queue<Flight, std::vector<Flight>, std::greater<>> flights_;
  std::uint64_t order_ = 0;
  std::mt19937 dice_{1};
  std::array<char, kLargest> buffer_{};
  std::string commands_;
  bool ended_ = false;
};

}  // namespace
}  // namespace cardea::impaired

int main(int count, char** arguments) {
  const int port = count == 2 ? std::atoi(arguments[1]) : 0;
  if (port <= 0 || port > 65'535) {
    std::fprintf(stderr, "usage: impaired_link SERVER_PORT\n");
    return 1;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  cardea::impaired::Link(htons(static_cast<std::uint16_t>(port))).run();
  return 0;
}
