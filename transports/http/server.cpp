// A request's way: head, body, dispatch, answer.
#include "transports/http/server.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include <unistd.h>

namespace cardea::http {

namespace {

constexpr std::size_t kMostHeaderBytes = 16384;
constexpr std::size_t kMostHeaders = 64;  // as <cardea/http.h> says
constexpr std::chrono::milliseconds kStopWait{500};
constexpr int kTransportError = 450;
constexpr int kForbidden = 403;  // Janus has no number of its own for it
constexpr std::uint64_t kDiscardFactor = 16;

struct Head {
  std::size_t bytes = 0;
  std::size_t count = 0;
  unsigned lengths = 0;
  unsigned encodings = 0;
};

MHD_Result read_header(void* cls, MHD_ValueKind /*kind*/, const char* name, const char* value) {
  auto& head = *static_cast<Head*>(cls);
  const std::string_view key(name);
  ++head.count;
  head.bytes += key.size() + std::string_view(value == nullptr ? "" : value).size() + 4;
  const auto is = [&](std::string_view wanted) {
    return std::equal(key.begin(), key.end(), wanted.begin(), wanted.end(),
                      [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  };
  head.lengths += is("content-length") ? 1 : 0;
  head.encodings += is("transfer-encoding") ? 1 : 0;
  return MHD_YES;
}

Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

Server::Server(const sdk::Host& host, const sdk::TransportHost& clients,
               const Neighbours& neighbours, Settings settings)
    : host_(host),
      clients_(clients),
      neighbours_(neighbours),
      settings_(std::move(settings)),
      files_(settings_.web_root),
      replies_(settings_),
      watch_(settings_),
      upgrades_(clients_, neighbours.websocket, settings_),
      public_(*this, false),
      admin_(*this, true),
      front_(*this, neighbours.tls,
             {settings_.base_path, settings_.header_timeout, settings_.max_connections}) {}

Server::~Server() {
  drain();
  exchanges_.stop();
  for (const Time until = now() + kStopWait; !exchanges_.empty() && now() < until;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (clock_.joinable()) {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    stop_.notify_all();
    clock_.join();
  }
}

Result<void> Server::start() {
  if (auto started = public_.start_without_port(settings_); !started) {
    return started;
  }
  if (auto started = admin_.listen(settings_.admin_address, settings_.admin_port, settings_);
      !started) {
    return started;
  }
  if (auto started = start_front(); !started) {
    return started;
  }
  clock_ = std::thread([this] { watch_clocks(); });
  return {};
}

Result<void> Server::start_front() {
  const auto port = front_.listen(settings_.address, settings_.port, false);
  if (!port) {
    return port.error();
  }
  port_ = *port;
  const cardea_tls_t* tls = neighbours_.tls;
  if (tls != nullptr && tls->ready(tls->instance) != 0) {
    const auto tls_port = front_.listen(settings_.address,
                                        static_cast<std::uint16_t>(tls->port(tls->instance)), true);
    if (!tls_port) {
      return tls_port.error();
    }
    tls_port_ = *tls_port;
  }
  front_.start();
  return {};
}

void Server::drain() {
  front_.drain();
  admin_.drain();
}

void Server::watch_clocks() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
    for (std::size_t cut = watch_.cut_slow(now()); cut > 0; --cut) {
      clients_.count("slow_request");
    }
    for (std::size_t late = exchanges_.expire(now()); late > 0; --late) {
      clients_.count("answer_timeout");
    }
    upgrades_.expire(now());
    for (std::size_t gone = exchanges_.drop_abandoned(); gone > 0; --gone) {
      clients_.count("abandoned");
    }
  }
}

bool Server::accepts(const std::string& address, bool admin) {
  // The front has looked at those of the public ports.
  const bool listed = settings_.admin_acl.empty() || settings_.admin_acl.contains(address);
  return !admin || (listed && watch_.admits(address));
}

bool Server::admits(const std::string& address, std::size_t waiting) {
  // Behind a trusted proxy it is the client that counts, once its request is there.
  if (settings_.trusted_proxies.contains(address)) {
    return true;
  }
  const bool listed = settings_.acl.empty() || settings_.acl.contains(address);
  if (listed && watch_.admits(address, waiting)) {
    return true;
  }
  clients_.count(listed ? "refused_max_connections_per_address" : "refused_acl");
  host_.debug((listed ? "too many connections from " : "not in the acl: ") + address);
  return false;
}

void Server::take_http(const Arrival& arrival) {
  if (arrival.secure) {
    const std::scoped_lock lock(secure_mutex_);
    secure_.insert(arrival.fd);
  }
  if (!public_.add(arrival)) {
    const std::scoped_lock lock(secure_mutex_);
    secure_.erase(arrival.fd);
    clients_.count("refused_max_connections");
  }
}

void Server::take_websocket(const Arrival& arrival) {
  const auto* websocket = neighbours_.websocket;
  if (websocket == nullptr) {
    take_http(arrival);
  } else if (websocket->adopt(websocket->instance, arrival.fd, sdk::to_str(arrival.address), {}) <
             0) {
    close(arrival.fd);
  }
}

void Server::take_upgrade(const Arrival& arrival, std::string_view head) {
  if (!upgrades_.ask(arrival, head)) {
    take_http(arrival);
  }
}

void Server::connected(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  const int fd = info == nullptr ? -1 : info->connect_fd;
  bool secure = false;
  {
    const std::scoped_lock lock(secure_mutex_);
    secure = secure_.erase(fd) > 0;
  }
  watch_.opened(connection, fd, peer_address(connection), secure, now());
}

void Server::disconnected(MHD_Connection* connection) { watch_.closed(connection); }

void Server::begins(Exchange& exchange) { watch_.head_begins(exchange.connection, now()); }

void Server::ends(Exchange& exchange) {
  watch_.idles(exchange.connection, now());
  if (const cardea_client_t client = exchanges_.remove(exchange)) {
    clients_.closed(client);
  }
}

void Server::failed(const char* what) noexcept { host_.error(what); }

std::string_view Server::base_path(const Exchange& exchange) const {
  return exchange.admin ? settings_.admin_base_path : settings_.base_path;
}

bool Server::speaks_janus(const Exchange& exchange) const {
  return path_of(exchange.target).starts_with(base_path(exchange));
}

std::string Server::readers(const Exchange& exchange) const {
  if (!speaks_janus(exchange)) {
    return {};
  }
  if (settings_.origins.empty()) {
    return "*";
  }
  const std::string origin(header(exchange.connection, MHD_HTTP_HEADER_ORIGIN));
  const bool listed = std::find(settings_.origins.begin(), settings_.origins.end(), origin) !=
                      settings_.origins.end();
  return listed ? origin : std::string();
}

std::string Server::client_of(const Exchange& exchange) const {
  return sdk::client_address(peer_address(exchange.connection),
                             header(exchange.connection, "X-Forwarded-For"),
                             settings_.trusted_proxies);
}

std::optional<Answer> Server::check_client(const Exchange& exchange) const {
  const sdk::AddressList& acl = exchange.admin ? settings_.admin_acl : settings_.acl;
  if (!acl.empty() && !acl.contains(client_of(exchange))) {
    return janus_error(403, kForbidden, "Not from this address");
  }
  if (!exchange.admin && !names_this_host(exchange)) {
    return janus_error(400, kForbidden, "No server of this name is here");
  }
  const bool from_page = !header(exchange.connection, MHD_HTTP_HEADER_ORIGIN).empty();
  if (speaks_janus(exchange) && from_page && readers(exchange).empty()) {
    return janus_error(403, kForbidden, "Not from this origin");
  }
  if (!exchange.admin && speaks_janus(exchange) &&
      header(exchange.connection, MHD_HTTP_HEADER_UPGRADE) == "websocket") {
    return janus_error(426, kTransportError, "WebSockets begin a connection of their own here");
  }
  return std::nullopt;
}

bool Server::came_by_tls(const Exchange& exchange) const {
  const bool proxied = settings_.trusted_proxies.contains(peer_address(exchange.connection));
  return watch_.secure(exchange.connection) ||
         (proxied && header(exchange.connection, "X-Forwarded-Proto") == "https");
}

bool Server::names_this_host(const Exchange& exchange) const {
  std::string_view name = header(exchange.connection, MHD_HTTP_HEADER_HOST);
  const std::size_t port = name.rfind(':');
  if (port != std::string_view::npos && name.find(']', port) == std::string_view::npos) {
    name = name.substr(0, port);
  }
  const auto& allowed = settings_.allowed_hosts;
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), name) != allowed.end();
}

bool Server::serve(Exchange& exchange, const char* piece, std::size_t size) {
  if (!exchange.begun) {
    exchange.begun = true;
    exchange.secure = came_by_tls(exchange);
    auto refused = check_head(exchange);
    if (refused) {
      clients_.count(refused->status == 413 ? "too_big" : "bad_head");
    } else if ((refused = check_client(exchange))) {
      clients_.count("refused_client");
    }
    if (refused) {
      return replies_.send(exchange, *refused, readers(exchange), true);
    }
    watch_.body_begins(exchange.connection, now());
    return true;
  }
  if (size > 0) {
    return take_piece(exchange, {piece, size});
  }
  switch (exchanges_.phase(exchange)) {
    case Exchange::Phase::Answered:
      return replies_.send(exchange, exchanges_.take_answer(exchange), readers(exchange), false);
    case Exchange::Phase::Streaming:
      return send_stream(exchange);
    default:
      break;
  }
  watch_.rests(exchange.connection);
  if (body_too_big(exchange)) {
    clients_.count("too_big");
    return replies_.send(exchange, janus_error(413, kTransportError, "Body too large"),
                         readers(exchange), true);
  }
  return dispatch(exchange);
}

std::optional<Answer> Server::check_head(const Exchange& exchange) const {
  Head head;
  MHD_get_connection_values(exchange.connection, MHD_HEADER_KIND, read_header, &head);
  if (head.bytes > kMostHeaderBytes || head.count > kMostHeaders) {
    return janus_error(431, kTransportError, "Request head too large");
  }
  if (head.lengths + head.encodings > 1) {
    return janus_error(400, kTransportError, "More than one length of the body");
  }
  const std::string_view length = header(exchange.connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (head.lengths == 1 && (error != std::errc() || end != length.data() + length.size())) {
    return janus_error(400, kTransportError, "Bad Content-Length");
  }
  // Less than that is read and thrown away: who is cut off while he sends does not see the answer.
  if (bytes > kDiscardFactor * settings_.max_body_jsep) {
    return janus_error(413, kTransportError, "Body too large");
  }
  return std::nullopt;
}

bool Server::take_piece(Exchange& exchange, std::string_view piece) {
  watch_.body_grows(exchange.connection, piece.size());
  exchange.body_bytes += piece.size();
  if (exchange.body_bytes <= settings_.max_body_jsep) {
    exchange.body.append(piece);
    return true;
  }
  exchange.body = {};
  if (exchange.body_bytes <= kDiscardFactor * settings_.max_body_jsep) {
    return true;
  }
  clients_.count("too_big");
  host_.debug("closing " + peer_address(exchange.connection) + ": endless body");
  return false;
}

bool Server::body_too_big(const Exchange& exchange) const {
  return exchange.body_bytes > settings_.max_body_jsep ||
         (exchange.body.size() > settings_.max_body &&
          exchange.body.find("\"jsep\"") == std::string::npos);
}

bool Server::dispatch(Exchange& exchange) {
  const Route route = find_route(exchange.method, exchange.target, base_path(exchange));
  return std::visit([&](const auto& what) { return handle(exchange, what); }, route);
}

}  // namespace cardea::http
