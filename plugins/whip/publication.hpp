// One publisher of a videoroom on behalf of a WHIP client: a session and a handle of the Janus API,
// from join to end.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <cardea/client.h>
#include <cardea/feature.h>
#include <cardea/sdk/client.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::whip {

/// What the server has for it.
struct Ports {
  sdk::Host host;
  const cardea_client_host_t* clients;
  const cardea_feature_host_t* timers;
};

/// [control]
class Publication {
 public:
  /// The answer's SDP, or an error whose code is an HTTP status.
  using Done = std::function<void(const Result<std::string>& answer)>;
  /// The publisher is no more. The Publication may be destroyed inside.
  using Ended = std::function<void()>;

  Publication(const Ports& ports, Ended ended);
  ~Publication();
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  /// @param join of videoroom's joinandconfigure: room, and what opens it.
  void publish(Json join, std::string offer, Done done);
  /// A new offer on the same connection. False while an answer is still awaited.
  [[nodiscard]] bool renew(std::string offer, Done done);

 private:
  void take(const Json& message);
  void take_answer(const Json& message);
  void take_news(const Json& message);
  void send(Json message, const char* transaction);
  void request(Json body);
  void settle(const Result<std::string>& answer);

  Ports ports_;
  Ended ended_;
  std::optional<std::uint64_t> timer_;
  std::uint64_t session_ = 0;
  std::uint64_t handle_ = 0;
  Json join_;
  std::string offer_;
  Done done_;
  sdk::InnerClient client_;
};

}  // namespace cardea::whip
