#include "plugins/whip/service.hpp"

#include <stdexcept>

#include <cardea/sdk/ids.hpp>
#include <cardea/sdk/server.hpp>

namespace cardea::whip {

namespace {

constexpr std::string_view kSdp = "application/sdp";
constexpr std::string_view kFragmentType = "application/trickle-ice-sdpfrag";
constexpr std::size_t kMaxOffer = 64 << 10;

template <typename Table>
const Table* needed(const sdk::Host& host, const char* id) {
  const auto* table = host.get_interface<Table>(id);
  if (table == nullptr) {
    throw std::runtime_error(std::string("the host has no interface ") + id);
  }
  return table;
}

std::string read_path(const Json& config) {
  std::string path = config["whip"]["path"].text_or("/whip");
  while (path.ends_with('/')) {
    path.pop_back();
  }
  if (!path.starts_with('/')) {
    throw std::runtime_error("[whip] path must begin with a slash and be more than one");
  }
  return path;
}

Headers read_links(const Json& servers) {
  Headers out;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    out.emplace_back("Link", "<" + servers.at(i).text_or() + ">; rel=\"ice-server\"");
  }
  return out;
}

/// What stands behind `prefix` in a path; empty when something else stands there.
std::string_view below(std::string_view path, const std::string& prefix) {
  return path.starts_with(prefix) ? path.substr(prefix.size()) : std::string_view();
}

std::string new_etag() { return '"' + sdk::random_text(1) + '"'; }

}  // namespace

Service::Service(const cardea_host_t& table, const Json& config)
    : host_(table),
      respond_(host_, needed<cardea_http_t>(host_, CARDEA_HTTP)),
      ports_{host_, needed<cardea_client_host_t>(host_, CARDEA_CLIENT),
             needed<cardea_feature_host_t>(host_, CARDEA_FEATURE_HOST)},
      path_(read_path(config)),
      endpoints_(config),
      links_(read_links(config["whip"]["ice_servers"])),
      max_sessions_(config["whip"]["max_sessions"].as_uint(1'000)) {
  route(nullptr, [](void* self, const cardea_http_incoming_t* incoming) {
    auto& service = *static_cast<Service*>(self);
    sdk::guarded(service.host_, "request", [&] { service.take(Incoming(*incoming)); });
  });
  route("OPTIONS", [](void* self, const cardea_http_incoming_t* incoming) {
    auto& service = *static_cast<Service*>(self);
    sdk::guarded(service.host_, "options", [&] { service.preflight(Incoming(*incoming)); });
  });
}

void Service::route(const char* method, void (*request)(void*, const cardea_http_incoming_t*)) {
  const auto* http = needed<cardea_http_t>(host_, CARDEA_HTTP);
  const cardea_http_route_t route{sizeof route, method, path_.c_str(), request, nullptr, this, 1};
  if (http->route(host_.context(), &route) < 0) {
    throw std::runtime_error("[whip] path: " + path_ + " is taken");
  }
}

void Service::preflight(const Incoming& incoming) const {
  respond_(incoming.exchange(), 204,
           {{"Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS"},
            {"Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match"},
            {"Access-Control-Max-Age", "86400"},
            {"Accept-Post", std::string(kSdp)},
            {"Accept-Patch", std::string(kFragmentType)}});
}

void Service::take(const Incoming& incoming) {
  if (const auto endpoint = below(incoming.path(), path_ + "/endpoint/"); !endpoint.empty()) {
    offer(incoming, endpoint);
  } else if (const auto id = below(incoming.path(), path_ + "/resource/"); !id.empty()) {
    change(incoming, std::string(id));
  } else {
    respond_.refuse(incoming.exchange(), 404, "no such endpoint");
  }
}

void Service::offer(const Incoming& incoming, std::string_view id) {
  const auto exchange = incoming.exchange();
  const auto endpoint = endpoints_.find(id, open_to_all());
  if (!endpoint) {
    respond_.refuse(exchange, 404, "no such endpoint");
    return;
  }
  if (incoming.method() != "POST") {
    respond_.refuse(exchange, 405, "offers are posted",
                    {{"Allow", "POST, OPTIONS"}, {"Accept-Post", std::string(kSdp)}});
    return;
  }
  if (!authorized(incoming, endpoint->token)) {
    return;
  }
  if (incoming.content_type() != kSdp) {
    respond_.refuse(exchange, 415, "an offer is application/sdp",
                    {{"Accept-Post", std::string(kSdp)}});
    return;
  }
  if (incoming.body().empty() || incoming.body().size() > kMaxOffer) {
    const bool empty = incoming.body().empty();
    respond_.refuse(exchange, empty ? 400 : 413, empty ? "no offer" : "the offer is too long");
    return;
  }
  if (sessions_.size() >= max_sessions_) {
    respond_.refuse(exchange, 503, "too many publishers", {{"Retry-After", "10"}});
    return;
  }
  const std::string key = sdk::random_text();
  auto session = std::unique_ptr<Session>(
      new Session{endpoint->token, std::string(incoming.body()), {}, {ports_, [this, key] {
                                                                        sessions_.erase(key);
                                                                      }}});
  Json join = Json::object({{"room", endpoint->room}});
  const auto set = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      join.set(name, value);
    }
  };
  set("pin", endpoint->pin);
  set("token", endpoint->room_token);
  set("display", endpoint->label);
  Session& added = *(sessions_[key] = std::move(session));
  added.publication.publish(join, added.offer,
                            [this, key, exchange](const Result<std::string>& answer) {
                              answered(key, exchange, answer);
                            });
}

void Service::answered(const std::string& id, cardea_http_exchange_t exchange,
                       const Result<std::string>& answer) {
  if (!answer) {
    respond_.refuse(exchange, answer.error().code, answer.error().message);
    sessions_.erase(std::string(id));
    return;
  }
  Session& session = *sessions_.at(id);
  session.etag = new_etag();
  Headers headers{{"Content-Type", std::string(kSdp)},
                  {"Location", path_ + "/resource/" + id},
                  {"ETag", session.etag},
                  {"Accept-Patch", std::string(kFragmentType)}};
  headers.insert(headers.end(), links_.begin(), links_.end());
  respond_(exchange, 201, headers, *answer);
}

void Service::change(const Incoming& incoming, const std::string& id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) {
    respond_.refuse(incoming.exchange(), 404, "no such resource");
    return;
  }
  if (!authorized(incoming, found->second->token)) {
    return;
  }
  if (incoming.method() == "DELETE") {
    sessions_.erase(found);
    respond_(incoming.exchange(), 200);
  } else if (incoming.method() == "PATCH") {
    patch(incoming, id, *found->second);
  } else {
    respond_.refuse(
        incoming.exchange(), 405, "a resource is patched or deleted",
        {{"Allow", "PATCH, DELETE, OPTIONS"}, {"Accept-Patch", std::string(kFragmentType)}});
  }
}

// RFC 9725 4.3.1 and 4.3.2. The server is ICE-lite: candidates are read and not needed.
void Service::patch(const Incoming& incoming, const std::string& id, Session& session) {
  const auto exchange = incoming.exchange();
  if (incoming.content_type() != kFragmentType) {
    respond_.refuse(exchange, 415, "a patch is application/trickle-ice-sdpfrag",
                    {{"Accept-Patch", std::string(kFragmentType)}});
    return;
  }
  const auto fragment = parse_fragment(incoming.body());
  if (!fragment) {
    const bool big = incoming.body().size() > kMaxFragment;
    respond_.refuse(exchange, big ? 413 : 400, fragment.error().message);
    return;
  }
  const std::string_view match = incoming.header("if-match");
  if (match.empty()) {
    respond_.refuse(exchange, 428, "If-Match is missing");
    return;
  }
  if (match != "*" && match != session.etag) {
    respond_.refuse(exchange, 412, "this is another ICE session's entity tag");
    return;
  }
  if (fragment->credentials == credentials_of(session.offer)) {
    respond_(exchange, 204);
  } else if (match != "*") {
    respond_.refuse(exchange, 400, "the credentials are not those of this ICE session");
  } else {
    restart(exchange, id, session, fragment->credentials);
  }
}

void Service::restart(cardea_http_exchange_t exchange, const std::string& id, Session& session,
                      const Credentials& credentials) {
  const std::string offer = with_credentials(session.offer, credentials);
  const bool taken = session.publication.renew(offer, [this, id, exchange,
                                                       offer](const Result<std::string>& answer) {
    if (!answer) {
      respond_.refuse(exchange, answer.error().code, answer.error().message);
      return;
    }
    Session& renewed = *sessions_.at(id);
    renewed.offer = offer;
    renewed.etag = new_etag();
    respond_(exchange, 200, {{"Content-Type", std::string(kFragmentType)}, {"ETag", renewed.etag}},
             fragment_of(*answer));
  });
  if (!taken) {
    respond_.refuse(exchange, 409, "another change is under way", {{"Retry-After", "1"}});
  }
}

bool Service::authorized(const Incoming& incoming, const std::string& token) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view given = incoming.header("authorization");
  if (token.empty() ||
      (given.starts_with(kBearer) && sdk::same_secret(token, given.substr(kBearer.size())))) {
    return true;
  }
  respond_.refuse(incoming.exchange(), 401, "a bearer token is needed",
                  {{"WWW-Authenticate", "Bearer realm=\"whip\""}});
  return false;
}

bool Service::open_to_all() const {
  const std::string addresses = sdk::Server(host_).addresses();
  return !addresses.empty() && all_loopback(addresses);
}

}  // namespace cardea::whip
