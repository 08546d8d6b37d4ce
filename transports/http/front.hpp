// The public ports: accepts, ends TLS where it is spoken, looks at the first bytes of each
// connection without reading them, and hands it to libmicrohttpd or to the WebSocket transport.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include <sys/socket.h>

#include <cardea/sdk/result.hpp>
#include <cardea/tls.h>

#include "transports/http/exchange.hpp"

namespace cardea::http {

/// A connection on its way.
struct Arrival {
  int fd = -1;
  sockaddr_storage from{};
  socklen_t from_size = 0;
  std::string address;  ///< of `from`, as text
  bool secure = false;  ///< it came by TLS, which has ended
};

/// What the front asks of its owner. All calls on the front's thread.
class FrontOwner {
 public:
  virtual ~FrontOwner() = default;
  /// Whether a connection from there may come in. @param waiting those of the address that the
  /// front holds.
  virtual bool admits(const std::string& address, std::size_t waiting) = 0;
  /// Take the descriptor over.
  virtual void take_http(const Arrival& arrival) = 0;
  virtual void take_websocket(const Arrival& arrival) = 0;
  /// An upgrade for another path than the Janus API's. @param head of the request, unread.
  virtual void take_upgrade(const Arrival& arrival, std::string_view head) = 0;
  /// Something for /metrics.
  virtual void counts(const char* event) = 0;
  /// An exception reached the thread's border.
  virtual void failed(const char* what) noexcept = 0;
};

struct FrontSettings {
  std::string base_path;
  std::chrono::seconds head_timeout{};
  std::size_t most_waiting = 0;  ///< connections held at once
};

class Front {
 public:
  /// @param tls null without one.
  Front(FrontOwner& owner, const cardea_tls_t* tls, FrontSettings settings);
  /// Ends the thread and closes what it holds.
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  /// [control] Before start(). @returns the port.
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port, bool secure);
  void start();
  /// [any] Accepts no more; what has come goes on.
  void drain();

 private:
  struct Listening {
    int fd = -1;
    bool secure = false;
  };
  struct Waiting {
    Arrival arrival;
    Time until{};
  };
  // What the TLS service calls back may come when the front is gone.
  struct Gate;

  void run();
  void turn();
  void accept_all(const Listening& listening);
  void refuse_one(const Listening& listening);
  void came(Arrival arrival, bool secure);
  void terminate(const Arrival& arrival);
  void take_plain();
  void look(int fd);
  void drop(int fd);
  void uncount(const std::string& address);
  void tick(Time now);
  void watch(int fd, std::uint32_t events) const;
  void wake() const;

  FrontOwner& owner_;
  const cardea_tls_t* tls_;
  FrontSettings settings_;
  int epoll_;
  int wake_;
  int reserve_;  ///< given up for a moment to refuse a client when no descriptor is left
  std::vector<Listening> listening_;
  bool paused_ = false;
  std::unordered_map<int, Waiting> waiting_;
  std::size_t handshakes_ = 0;
  std::unordered_map<std::string, std::size_t> per_address_;  ///< waiting and in handshakes
  Time next_tick_{};
  std::shared_ptr<Gate> gate_;
  std::mutex mutex_;
  std::vector<Arrival> plain_;  ///< out of TLS; fd -1: the handshake failed
  bool stopping_ = false;
  bool draining_ = false;
  std::thread thread_;
};

}  // namespace cardea::http
