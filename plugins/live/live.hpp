// The module of event sockets and event streams: who is connected, what each is sent, and what
// other modules hear of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/feature.h>
#include <cardea/identity.h>
#include <cardea/live.h>
#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/rest.hpp>
#include <cardea/sdk/server.hpp>
#include <cardea/sockets.h>

#include "plugins/live/sessions.hpp"

namespace cardea::live {

struct Settings {
  std::size_t sockets_per_user = 5;
  std::size_t streams_per_user = 3;
  std::size_t streams = 500;
  std::size_t sessions = 20'000;
  std::chrono::seconds heartbeat_timeout{90};
  std::chrono::seconds resume_within{300};
  std::chrono::seconds reauth{86'400};
};

class Live final : public Wire {
 public:
  static const cardea_module_info_t kInfo;

  Live(const cardea_host_t& host, const Json& config);
  ~Live() override;
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  const void* get_interface(std::string_view id) noexcept;
  [[nodiscard]] const sdk::RestTable<Live>& rest() const { return rest_; }

  // Requests.
  void open_socket(sdk::RestCall call);
  void open_stream(sdk::RestCall call);
  void ping(sdk::RestCall call);
  void leave(sdk::RestCall call);
  void stream_gone(cardea_rest_call_t stream);

  // Wire
  void send(Session& session, std::string_view text, std::uint64_t seq) override;
  void cut(const Line& line, int code, std::string_view reason) override;

 private:
  struct Service;       ///< the functions of cardea_live_t
  struct SocketEvents;  ///< those of cardea_socket_events_t
  /// A socket before its session: who it is for, or nobody until the first message says so.
  struct Newcomer {
    sdk::Principal who;
    std::string token;
    Time since{};
  };
  struct Listener {
    const cardea_live_listener_t* table = nullptr;
    void* argument = nullptr;
  };

  // Sockets.
  static const cardea_socket_events_t& socket_events();
  void socket_opened(cardea_socket_t socket);
  void socket_message(cardea_socket_t socket, std::string_view text);
  void socket_closed(cardea_socket_t socket);
  void first_message(cardea_socket_t socket, const Json& message);
  void close_socket(cardea_socket_t socket, int code, std::string_view reason) const;
  void say(cardea_socket_t socket, const Json& message) const;
  void error(cardea_socket_t socket, const char* code, const std::string& text) const;

  // Sessions.
  Session& begin(const Newcomer& newcomer, Line line);
  void hello(Session& session);
  void obey(Session& session, const std::string& type, const Json& message);
  void resume(Session& fresh, const Json& message);
  void renew(Session& session, const Json& message);
  void replay(Session& session, std::uint64_t last_seq);
  void go_away(Session& session);
  void end(cardea_live_session_t number, cardea_live_change_t how);
  void refuse(Session& session, std::string_view reason);
  void tell_change(const Session& session, cardea_live_change_t change) const;
  void pass_on(Session& session, const std::string& type, const Json& message);

  // Clocks and what comes over the bus.
  void tick();
  void look_at(Session& session, Time now, std::int64_t wall);
  void deliver(std::string_view to, std::string_view name, std::string_view type,
               std::string_view payload);
  void spread(std::string_view to, std::string_view name, std::string_view type,
              std::string_view payload);
  void heard_from_bus(std::string_view message);
  void revoked(std::string_view message);
  std::optional<sdk::Principal> identify(std::string_view token) const;

  sdk::Host host_;
  sdk::Server server_;
  Settings settings_;
  const cardea_sockets_t* sockets_;
  const cardea_rest_host_t* streams_;
  const cardea_feature_host_t* timers_;
  const cardea_identity_t* identity_;
  sdk::Bus bus_;
  std::string node_;
  Sessions sessions_;
  std::map<cardea_socket_t, Newcomer> newcomers_;
  std::vector<Listener> listeners_;
  std::map<std::string, Listener, std::less<>> by_type_;
  std::uint64_t timer_ = 0;
  cardea_live_t service_;
  sdk::RestTable<Live> rest_;
};

}  // namespace cardea::live
