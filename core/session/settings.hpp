// What the host decides about sessions: deadlines, limits, the guard's switch and what `info`
// tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::session {

/// Bounds against floods (threats S10, S13, I2). Each hit counts in
/// cardea_limit_hits_total{limit}.
struct Limits {
  /// False lifts the rate and the caps per connection (CARDEA_LIMITS_ENABLED=no); never a size
  /// bound, nor `sessions`.
  bool enabled = true;
  std::size_t sessions_per_client = 16;
  std::size_t handles_per_session = 64;
  std::size_t sessions = 10'000;            ///< in the whole server
  std::size_t clients = 20'000;             ///< connections known at once
  std::size_t event_queue_bytes = 1 << 20;  ///< of one session that nobody reads
  double messages_per_second = 100;         ///< of one connection that pushes
  double message_burst = 200;
  std::size_t candidates_per_handle = 32;  ///< trickled and counted; more are ignored
  std::size_t texts_per_message = 64;      ///< JSON texts answered out of one message
};

/// One entry of `transports` in the answer to `info`.
struct TransportEntry {
  std::string id;  ///< "janus.transport.websockets"
  std::string name;
  std::string author;
  std::string description;
  std::string version_text;
  std::uint32_t version = 0;
};

struct Settings {
  Duration session_timeout = std::chrono::seconds(60);  ///< without activity; zero: never
  Duration reclaim_timeout{};  ///< how long a session whose connection closed may be claimed
  Duration poll_timeout = std::chrono::seconds(30);  ///< a long poll without events
  /// Anonymous clients may do what CARDEA_ACCESS_ENTER stands for.
  bool janus_open = true;
  std::string api_secret;    ///< empty: none is asked for
  std::string dump_folder;   ///< where the Admin API's captures go; empty: nowhere
  std::string admin_secret;  ///< of the Admin API; empty: none is asked for
  /// Requests must carry a token: a signed one with a secret for these, else a stored one.
  bool token_auth = false;
  std::string token_secret;  ///< of signed tokens; empty: there are none
  Limits limits;

  // The answer to `info`.
  std::string server_name = "Janus WebRTC Server";
  std::string author = "Cardea";
  std::uint32_t janus_version = 1101;  ///< Janus's number space: clients switch on it
  std::string janus_version_text = "1.1.1";
  std::string cardea_version;
  std::string local_ip;  ///< address in the candidates
  bool ipv6 = false;
  bool ice_tcp = false;
  bool data_channels = true;
  std::vector<TransportEntry> transports;
};

}  // namespace cardea::session
