// WHIP (RFC 9725): publishing into a videoroom by one HTTP request. Endpoints take offers, each
// publication is a resource that is patched and deleted.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "plugins/whip/endpoints.hpp"
#include "plugins/whip/fragment.hpp"
#include "plugins/whip/http.hpp"
#include "plugins/whip/publication.hpp"

namespace cardea::whip {

/// [control] The module's one instance.
class Service {
 public:
  static constexpr const char* kRequires[] = {"cardea.plugin.videoroom", nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.service.whip",
      .name = "WHIP",
      .version_text = "1.0.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Publishing into a videoroom by one HTTP request",
      .aliases = nullptr,
      .requires_ids = kRequires,
      .config_keys = kKeys,
      .config_key_count = std::size(kKeys),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  /// Throws when the host lacks an interface or the path is taken.
  Service(const cardea_host_t& table, const Json& config);

  const void* get_interface(std::string_view) noexcept { return nullptr; }

 private:
  struct Session {
    std::string token;  ///< the bearer's; empty: none is asked for
    std::string offer;  ///< the description in force
    std::string etag;   ///< of the ICE session, with its quotes; empty until it is answered
    Publication publication;
  };

  void route(const char* method, void (*request)(void*, const cardea_http_incoming_t*));
  void take(const Incoming& incoming);
  void preflight(const Incoming& incoming) const;

  void offer(const Incoming& incoming, std::string_view endpoint);
  void answered(const std::string& id, cardea_http_exchange_t exchange,
                const Result<std::string>& answer);
  void change(const Incoming& incoming, const std::string& id);
  void patch(const Incoming& incoming, const std::string& id, Session& session);
  void restart(cardea_http_exchange_t exchange, const std::string& id, Session& session,
               const Credentials& credentials);

  [[nodiscard]] bool authorized(const Incoming& incoming, const std::string& token) const;
  [[nodiscard]] bool open_to_all() const;

  sdk::Host host_;
  Responder respond_;
  Ports ports_;
  std::string path_;
  Endpoints endpoints_;
  Headers links_;
  std::size_t max_sessions_;
  std::map<std::string, std::unique_ptr<Session>> sessions_;
};

}  // namespace cardea::whip
