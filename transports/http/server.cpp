// A request's way: head, body, dispatch, answer.
#include "transports/http/server.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

namespace cardea::http {

namespace {

constexpr std::size_t kMostHeaderBytes = 16384;
constexpr std::size_t kMostHeaders = 64;  // as <cardea/http.h> says
constexpr std::chrono::milliseconds kStopWait{500};
constexpr int kTransportError = 450;
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
               const cardea_server_t* about, Settings settings)
    : host_(host),
      clients_(clients),
      about_(about),
      settings_(std::move(settings)),
      files_(settings_.web_root),
      watch_(settings_),
      public_(*this, false),
      admin_(*this, true) {}

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
  if (auto started = public_.start(settings_.address, settings_.port, settings_); !started) {
    return started;
  }
  if (auto started = admin_.start(settings_.admin_address, settings_.admin_port, settings_);
      !started) {
    return started;
  }
  clock_ = std::thread([this] { watch_clocks(); });
  return {};
}

void Server::drain() {
  public_.drain();
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
    for (std::size_t gone = exchanges_.drop_abandoned(); gone > 0; --gone) {
      clients_.count("abandoned");
    }
  }
}

bool Server::admits(const std::string& address) {
  if (watch_.admits(address)) {
    return true;
  }
  clients_.count("refused_max_connections_per_address");
  host_.debug("too many connections from " + address);
  return false;
}

void Server::connected(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  watch_.opened(connection, info == nullptr ? -1 : info->connect_fd, peer_address(connection),
                now());
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
  return exchange.admin ? std::string_view("/admin") : std::string_view(settings_.base_path);
}

Audience Server::audience(const Exchange& exchange) const {
  const std::string_view base = base_path(exchange);
  const std::string_view path = path_of(exchange.target);
  return !base.empty() && path.starts_with(base) ? Audience::Anyone : Audience::SameOrigin;
}

bool Server::serve(Exchange& exchange, const char* piece, std::size_t size) {
  if (!exchange.begun) {
    exchange.begun = true;
    if (const auto refused = check_head(exchange)) {
      clients_.count(refused->status == 413 ? "too_big" : "bad_head");
      return reply(exchange.connection, *refused, audience(exchange), true);
    }
    watch_.body_begins(exchange.connection, now());
    return true;
  }
  if (size > 0) {
    return take_piece(exchange, {piece, size});
  }
  switch (exchanges_.phase(exchange)) {
    case Exchange::Phase::Answered:
      return reply(exchange.connection, exchanges_.take_answer(exchange), audience(exchange),
                   false);
    case Exchange::Phase::Streaming:
      return send_stream(exchange);
    default:
      break;
  }
  watch_.rests(exchange.connection);
  if (body_too_big(exchange)) {
    clients_.count("too_big");
    return reply(exchange.connection, janus_error(413, kTransportError, "Body too large"),
                 audience(exchange), true);
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
