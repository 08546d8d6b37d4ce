// One libmicrohttpd daemon: the thread that serves connections, and a listening socket if it has
// one.
#pragma once

#include <cstdint>
#include <string>

#include <microhttpd.h>

#include <cardea/sdk/result.hpp>

#include "transports/http/config.hpp"
#include "transports/http/exchange.hpp"
#include "transports/http/front.hpp"

namespace cardea::http {

/// What a daemon tells its owner. All calls on the daemon's thread.
class DaemonListener {
 public:
  virtual ~DaemonListener() = default;
  /// Whether a new connection from there is welcome. @param admin by the admin port.
  virtual bool accepts(const std::string& address, bool admin) = 0;
  virtual void connected(MHD_Connection* connection) = 0;
  virtual void disconnected(MHD_Connection* connection) = 0;
  /// A request line arrived.
  virtual void begins(Exchange& exchange) = 0;
  /// The head is whole, then pieces of the body, then again when all is there or an answer waits.
  /// @returns false to cut the connection.
  virtual bool serve(Exchange& exchange, const char* piece, std::size_t size) = 0;
  /// The last call for the exchange, whatever happened.
  virtual void ends(Exchange& exchange) = 0;
  /// An exception reached the border to C.
  virtual void failed(const char* what) noexcept = 0;
};

/// The other side's address as text without port.
std::string peer_address(MHD_Connection* connection);

class Daemon {
 public:
  /// @param listener outlives the daemon. @param admin marks its exchanges.
  Daemon(DaemonListener& listener, bool admin) : listener_(listener), admin_(admin) {}
  /// Ends the thread. No exchange may be parked any more.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// @param address numeric. @param port 0 for one that the system chooses.
  Result<void> listen(const std::string& address, std::uint16_t port, const Settings& settings);
  /// For connections that are brought by add().
  Result<void> start_without_port(const Settings& settings);
  [[nodiscard]] std::uint16_t port() const;

  /// [any] Takes a connection over, and closes it when it cannot.
  bool add(const Arrival& arrival);

  /// Accepts no more; open connections go on.
  void drain();

 private:
  Result<void> start(int listening, const Settings& settings);
  static MHD_Result on_accept(void* cls, const sockaddr* from, socklen_t size);
  static void on_connection(void* cls, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode what);
  static void* on_request_line(void* cls, const char* target, MHD_Connection* connection);
  static MHD_Result on_request(void* cls, MHD_Connection* connection, const char* url,
                               const char* method, const char* version, const char* piece,
                               std::size_t* size, void** exchange);
  static void on_completed(void* cls, MHD_Connection* connection, void** exchange,
                           MHD_RequestTerminationCode why);

  DaemonListener& listener_;
  bool admin_;
  MHD_Daemon* daemon_ = nullptr;
  bool drained_ = false;
};

}  // namespace cardea::http
