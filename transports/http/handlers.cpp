// What the server does for each kind of route.
#include <array>

#include <sys/random.h>

#include "transports/http/request_head.hpp"
#include "transports/http/server.hpp"

namespace cardea::http {

namespace {

constexpr int kInternalError = 490;
constexpr int kMissingRequest = 454;
constexpr int kBadMethod = 450;

std::string random_transaction() {
  constexpr std::string_view kAlphabet = "0123456789abcdef";
  std::array<unsigned char, 12> raw{};
  // Only told apart, never guessed at: a short read would do no harm.
  [[maybe_unused]] const ssize_t got = getrandom(raw.data(), raw.size(), 0);
  std::string out;
  for (const unsigned char byte : raw) {
    out += kAlphabet[byte & 15U];
  }
  return out;
}

}  // namespace

bool Server::pass_message(Exchange& exchange, std::uint64_t session, std::uint64_t handle,
                          std::string_view text) {
  const cardea_client_t client =
      exchanges_.park(exchange, std::chrono::steady_clock::now() + settings_.answer_timeout, false);
  const std::string address = client_of(exchange);
  if (!clients_.opened(client, address, false, exchange.admin) ||
      !clients_.message(client, session, handle, text)) {
    busy(client);
  }
  return true;
}

void Server::busy(cardea_client_t client) {
  clients_.count("host_busy");
  exchanges_.answer(client, janus_error(503, kInternalError, "Server is busy"));
}

bool Server::handle(Exchange& exchange, const JanusMessage& route) {
  if (exchange.body.empty()) {
    return replies_.send(exchange, janus_error(400, kMissingRequest, "Request body is empty"),
                         readers(exchange), false);
  }
  // The exchange may be over before the host has read it.
  const std::string text = std::move(exchange.body);
  return pass_message(exchange, route.session, route.handle, text);
}

bool Server::handle(Exchange& exchange, const JanusInfo& /*route*/) {
  const std::string text =
      Json::object({{"janus", "info"}, {"transaction", random_transaction()}}).dump();
  return pass_message(exchange, 0, 0, text);
}

bool Server::handle(Exchange& exchange, const JanusPoll& route) {
  if (exchange.admin) {
    return handle(exchange,
                  JanusError{405, kBadMethod, "The Admin API has no long polls, use POST"});
  }
  const cardea_client_t client =
      exchanges_.park(exchange, std::chrono::steady_clock::now() + settings_.poll_timeout, true);
  const std::string address = client_of(exchange);
  if (!clients_.opened(client, address, false, exchange.admin) ||
      !clients_.poll({.size = 0,
                      .client = client,
                      .session = route.session,
                      .max_events = route.max_events,
                      .apisecret = sdk::to_str(route.apisecret),
                      .token = sdk::to_str(route.token)})) {
    busy(client);
  }
  return true;
}

bool Server::handle(Exchange& exchange, const Preflight& /*route*/) {
  return replies_.preflight(exchange, readers(exchange));
}

bool Server::handle(Exchange& exchange, const JanusError& route) {
  Json answer = Json::object({{"janus", "error"}});
  if (route.session != 0) {
    answer.set("session_id", route.session);
  }
  if (const auto body = Json::parse(exchange.body); body && (*body)["transaction"].is_string()) {
    answer.set("transaction", (*body)["transaction"]);
  }
  answer.set("error", Json::object({{"code", route.code}, {"reason", route.reason}}));
  return replies_.send(exchange, {route.status, "application/json", answer.dump()},
                       readers(exchange), false);
}

bool Server::handle(Exchange& exchange, const Other& /*route*/) {
  const auto path = decoded_path(path_of(exchange.target));
  return path && clients_.http_path(*path) ? pass_request(exchange, *path) : send_file(exchange);
}

bool Server::pass_request(Exchange& exchange, const std::string& path) {
  // The exchange may be over before the host has read it.
  const std::string target = exchange.target;
  const std::string body = std::move(exchange.body);
  const std::string method = exchange.method == "HEAD" ? "GET" : exchange.method;
  const auto kept = all_headers(exchange.connection);
  std::vector<cardea_http_header_t> headers;
  headers.reserve(kept.size());
  for (const Header& header : kept) {
    headers.push_back({sdk::to_str(header.name), sdk::to_str(header.value)});
  }
  const std::string address = client_of(exchange);
  const std::string_view name = host_name(header(exchange.connection, MHD_HTTP_HEADER_HOST));
  const std::string base =
      name.empty() ? std::string() : (exchange.secure ? "https://" : "http://") + std::string(name);
  const bool admin = exchange.admin;
  const cardea_client_t client =
      exchanges_.park(exchange, std::chrono::steady_clock::now() + settings_.answer_timeout, false);
  if (!clients_.http({0, client, sdk::to_str(method), sdk::to_str(path),
                      sdk::to_str(query_of(target)), sdk::to_str(body), sdk::to_str(address),
                      admin ? 1 : 0, headers.data(), headers.size(), sdk::to_str(base)})) {
    busy(client);
  }
  return true;
}

bool Server::send_stream(Exchange& exchange) {
  const auto read = [](void* cls, std::uint64_t /*position*/, char* out, std::size_t size) {
    auto& stream = *static_cast<Exchange*>(cls);
    const ssize_t got = stream.table->read_stream(stream, out, size);
    return got < 0 ? ssize_t{MHD_CONTENT_READER_END_OF_STREAM} : got;
  };
  return replies_.stream(exchange, exchanges_.take_answer(exchange), read);
}

std::string Server::websocket_url(Exchange& exchange) const {
  if (!settings_.websocket_url.empty() || neighbours_.websocket == nullptr) {
    return settings_.websocket_url;
  }
  const std::string_view name = host_name(header(exchange.connection, MHD_HTTP_HEADER_HOST));
  return name.empty()
             ? std::string()
             : (exchange.secure ? "wss://" : "ws://") + std::string(name) + settings_.base_path;
}

bool Server::handle(Exchange& exchange, const ClientSettings& /*route*/) {
  const std::string url = websocket_url(exchange);
  // Without a WebSocket transport the page takes the long poll.
  const Json value = url.empty() ? Json::adopt(json_null()) : Json(url);
  return replies_.send(exchange,
                       {200, "application/json", Json::object({{"websocket_url", value}}).dump()},
                       {}, false);
}

bool Server::send_file(Exchange& exchange) {
  if (exchange.method != "GET" && exchange.method != "HEAD") {
    return replies_.send(exchange, {405, "text/plain", "Method not allowed\n"}, {}, false);
  }
  const std::string_view path = path_of(exchange.target);
  const bool hidden = exchange.admin || (!settings_.docs && path.starts_with("/docs"));
  const auto file = hidden ? std::nullopt : files_.open(path);
  return file ? replies_.send_file(exchange, *file)
              : replies_.send(exchange, {404, "text/plain", "Not found\n"}, {}, false);
}

bool Server::handle(Exchange& exchange, const BadTarget& /*route*/) {
  return replies_.send(exchange, {400, "text/plain", "Bad request target\n"}, {}, true);
}

}  // namespace cardea::http
