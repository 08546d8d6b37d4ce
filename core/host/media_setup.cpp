#include "core/host/media_setup.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "core/host/lookup.hpp"

namespace cardea::host {
namespace {

void tell(const Result<session::LookedUp>& seen, const std::vector<Address>& told,
          const log::Logger& log) {
  if (!seen) {
    log.warn("[nat] stun_server: {}", seen.error().message);
    return;
  }
  const bool known = std::any_of(told.begin(), told.end(),
                                 [&](const Address& address) { return address.ip() == seen->ip; });
  if (known) {
    log.info("the STUN server sees this machine as {}, as clients are told", seen->ip);
  } else {
    log.warn(
        "the STUN server sees this machine as {}, but clients are told {}: set [nat] "
        "nat_1_1_mapping or [media] address, or media may not arrive",
        seen->ip, told.empty() ? std::string("nothing") : told.front().ip());
  }
}

}  // namespace

media::WorkerEngineOptions engine_options(const config::Config& config) {
  media::WorkerEngineOptions options;
  options.bind_addresses = config.list("media", "bind");
  options.udp_port = static_cast<std::uint16_t>(config.integer("media", "udp_port"));
  options.tcp = config.boolean("media", "ice_tcp");
  options.tcp_port = static_cast<std::uint16_t>(config.integer("media", "tcp_port"));
  options.max_tcp_connections =
      static_cast<std::size_t>(config.integer("media", "tcp_connections"));
  options.max_tcp_connections_per_address =
      config.boolean("limits", "enabled")
          ? static_cast<std::size_t>(config.integer("media", "tcp_connections_per_address"))
          : options.max_tcp_connections;
  options.addresses = config.list("media", "address");
  options.nat.mapping = config.list("nat", "nat_1_1_mapping");
  options.nat.keep_private_host = config.boolean("nat", "keep_private_host");
  options.nat.interfaces = {config.list("nat", "ice_enforce_list"),
                            config.list("nat", "ice_ignore_list")};
  options.workers = static_cast<unsigned>(config.integer("media", "workers"));
  options.max_peers = static_cast<std::size_t>(config.integer("media", "max_peers"));
  return options;
}

std::string media_url(const media::WorkerEngine& engine) {
  const auto& told = engine.advertised().told;
  const std::string port = std::to_string(engine.udp_port());
  if (told.empty()) {
    return "udp://:" + port;
  }
  const Address& best = told.front();
  return "udp://" + (best.is_v4() ? best.ip() : "[" + best.ip() + "]") + ":" + port;
}

void check_nat_mapping(const config::Config& config, const media::WorkerEngine& engine,
                       Executor& executor, const log::Logger& log) {
  session::StunQuestion question;
  question.host = config.text("nat", "stun_server");
  question.port = static_cast<std::uint16_t>(config.integer("nat", "stun_port"));
  if (question.host.empty()) {
    return;
  }
  const auto seen = std::make_shared<std::optional<Result<session::LookedUp>>>();
  const bool taken =
      executor.run([question, seen] { seen->emplace(ask_stun_server(question)); },
                   [seen, told = engine.advertised().told, log] { tell(**seen, told, log); });
  if (!taken) {
    log.warn("[nat] stun_server was not asked: too much other work");
  }
}

}  // namespace cardea::host
