// The lws callbacks of one connection's life.
#include "transports/websocket/server.hpp"

#include <array>
#include <cstring>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace cardea::websocket {

namespace {

constexpr std::size_t kReceiveBuffer = 4096;  // of each connection
constexpr double kTick = 0.05;                // seconds, of service.cpp's clocks
constexpr std::size_t kLongestReason = 123;   // of a close frame, RFC 6455 5.5
constexpr int kFinalClose = 0x88;             // FIN and opcode 8, RFC 6455 5.2
constexpr unsigned short kMostHeaderBytes = 16384;

// No subprotocol: sockets of modules, and clients that asked for none that we speak.
constexpr const char* kNoProtocol = "http-only";

}  // namespace

Server::Server(const sdk::Host& host, const sdk::TransportHost& clients, const cardea_tls_t* tls,
               Settings settings)
    : host_(host),
      clients_(clients),
      settings_(std::move(settings)),
      inbox_(settings_.send_queue_bytes, settings_.send_queue_messages),
      loop_(ev_loop_new(EVFLAG_AUTO), ev_loop_destroy),
      tls_(tls),
      listener_(loop_.get(), [this](int fd) { accepted(fd, false); }),
      admin_listener_(loop_.get(), [this](int fd) { accepted(fd, true); }) {
  ev_async_init(&wake_, [](struct ev_loop* /*loop*/, ev_async* watcher, int /*events*/) {
    static_cast<Server*>(watcher->data)->take_orders();
  });
  gate_->server = this;
  wake_.data = this;
  ev_timer_init(
      &timer_,
      [](struct ev_loop* /*loop*/, ev_timer* watcher, int /*events*/) {
        static_cast<Server*>(watcher->data)->tick();
      },
      kTick, kTick);
  timer_.data = this;
}

Server::~Server() {
  {
    const std::scoped_lock lock(gate_->mutex);
    gate_->server = nullptr;
  }
  if (thread_.joinable()) {
    post({Order::Kind::Stop, 0, {}});
    thread_.join();
  }
  listener_.close();
  admin_listener_.close();
  ev_async_stop(loop_.get(), &wake_);
  ev_timer_stop(loop_.get(), &timer_);
  if (context_ != nullptr) {
    lws_context_destroy(context_);
  }
}

const lws_protocols* Server::protocols() {
  static constexpr std::array<lws_protocols, 4> kProtocols = {{
      {kNoProtocol, on_event, sizeof(void*), kReceiveBuffer, 0, nullptr, 0},
      {kProtocol, on_event, sizeof(void*), kReceiveBuffer, 0, nullptr, 0},
      {kAdminProtocol, on_event, sizeof(void*), kReceiveBuffer, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  }};
  return kProtocols.data();
}

Result<void> Server::start() {
  // lws writes to stderr by itself; what matters is reported here, under the module's name.
  lws_set_log_level(0, nullptr);
  if (auto opened = listener_.open(settings_.address, settings_.port); !opened) {
    return opened;
  }
  if (auto opened = admin_listener_.open(settings_.admin_address, settings_.admin_port); !opened) {
    return opened;
  }
  // All zero: lws sends no pings of its own; connection.cpp has that clock.
  static constexpr lws_retry_bo_t kNoPings{};
  void* loops[] = {loop_.get()};
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.protocols = protocols();
  info.gid = -1;
  info.uid = -1;
  info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_DISABLE_IPV6;
  info.foreign_loops = loops;
  info.user = this;
  info.retry_and_idle_policy = &kNoPings;
  info.timeout_secs = static_cast<unsigned>(settings_.handshake_timeout.count());
  info.max_http_header_data = kMostHeaderBytes;
  context_ = lws_create_context(&info);
  if (context_ == nullptr) {
    return Error{"libwebsockets refused to start: is its libev plugin installed?"};
  }
  ev_async_start(loop_.get(), &wake_);
  ev_timer_start(loop_.get(), &timer_);
  thread_ = std::thread([this] { ev_run(loop_.get(), 0); });
  return {};
}

void Server::send(cardea_client_t client, std::string_view text) {
  inbox_.send(client, text);
  ev_async_send(loop_.get(), &wake_);
}

void Server::post(Order order) {
  inbox_.post(std::move(order));
  ev_async_send(loop_.get(), &wake_);
}

int Server::on_event(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                     std::size_t size) {
  auto* self = static_cast<Server*>(lws_context_user(lws_get_context(wsi)));
  const std::string_view data(static_cast<const char*>(in), in == nullptr ? 0 : size);
  return sdk::guarded(self->host_, "connection", -1, [&] {
    return self->handle(wsi, reason, static_cast<Connection**>(user), data);
  });
}

int Server::handle(lws* wsi, lws_callback_reasons reason, Connection** slot, std::string_view in) {
  Connection* connection = slot != nullptr ? *slot : nullptr;
  switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return welcome(wsi) ? 0 : -1;
    case LWS_CALLBACK_HTTP:
      lws_return_http_status(wsi, HTTP_STATUS_BAD_REQUEST, "WebSocket only");
      return -1;
    case LWS_CALLBACK_ESTABLISHED:
      return established(wsi, slot);
    case LWS_CALLBACK_RECEIVE:
      return connection == nullptr ? -1 : received(wsi, *connection, in);
    case LWS_CALLBACK_RECEIVE_PONG:
      if (connection != nullptr) {
        connection->heard(std::chrono::steady_clock::now());
      }
      return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      // The answer to our close frame wants none in turn.
      return connection != nullptr && connection->close_sent() ? -1 : 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return connection == nullptr ? -1 : writeable(wsi, *connection);
    case LWS_CALLBACK_CLOSED:
      if (connection != nullptr) {
        closed(slot);
      }
      return 0;
    case LWS_CALLBACK_WSI_DESTROY:
      forget(wsi);
      return 0;
    default:
      return 0;
  }
}

int Server::established(lws* wsi, Connection** slot) {
  Tcp& tcp = tcp_.at(wsi);
  tcp.handshake_since.reset();
  const Time now = std::chrono::steady_clock::now();
  const cardea_client_t id = ++last_id_;
  auto connection = std::make_unique<Connection>(id, tcp.address, settings_, now);
  *slot = connection.get();
  Connection& kept =
      *connections_.emplace(id, Entry{wsi, std::move(connection)}).first->second.connection;
  open_ = connections_.size();
  clients_.count("connections");
  if (stopping_) {
    end(wsi, kept, {kGoingAway, "shutting down"});
  } else if (!clients_.opened(id, kept.address(), true, tcp.admin, tcp.ticket)) {
    end(wsi, kept, {kTryAgainLater, "server is busy"});
  }
  return 0;
}

int Server::received(lws* wsi, Connection& connection, std::string_view piece) {
  if (connection.closing()) {
    return connection.dead(std::chrono::steady_clock::now()) ? -1 : 0;
  }
  if (lws_frame_is_binary(wsi) != 0) {
    end(wsi, connection, {kUnsupportedData, "text only"});
    return 0;
  }
  const std::uint64_t left = lws_remaining_packet_payload(wsi);
  const bool last = left == 0 && lws_is_final_fragment(wsi) != 0;
  if (auto closing = connection.receive(piece, left, last, std::chrono::steady_clock::now())) {
    clients_.count("too_big");
    end(wsi, connection, std::move(*closing));
    return 0;
  }
  if (last && !clients_.message(connection.id(), 0, 0, connection.take_text())) {
    clients_.count("host_busy");
    end(wsi, connection, {kTryAgainLater, "server is busy"});
  }
  return 0;
}

int Server::writeable(lws* wsi, Connection& connection) {
  if (connection.take_ping()) {
    // One byte, because lws tells of no pong that is empty.
    std::array<unsigned char, LWS_PRE + 1> frame{};
    lws_write(wsi, frame.data() + LWS_PRE, 1, LWS_WRITE_PING);
    lws_callback_on_writable(wsi);
    return 0;
  }
  if (connection.has_text()) {
    const std::string text = connection.next_text();
    std::vector<unsigned char> frame(LWS_PRE + text.size());
    std::memcpy(frame.data() + LWS_PRE, text.data(), text.size());
    if (lws_write(wsi, frame.data() + LWS_PRE, text.size(), LWS_WRITE_TEXT) < 0) {
      return -1;
    }
    if (connection.has_text() || connection.closing()) {
      lws_callback_on_writable(wsi);
    }
    return 0;
  }
  if (connection.closing() && !connection.close_sent()) {
    send_close(wsi, connection);
  }
  return 0;
}

// Not by lws_close_reason(): lws would end the TCP connection while the client still sends, and the
// reset that follows takes the close frame away before the client has read it. lws writes only here
// and has nothing of its own under way, so the bytes cannot land inside another frame.
void Server::send_close(lws* wsi, Connection& connection) {
  if (lws_partial_buffered(wsi) != 0) {
    lws_callback_on_writable(wsi);
    return;
  }
  const Closing& closing = *connection.close_reason();
  const std::string reason = closing.reason.substr(0, kLongestReason);
  std::string frame = {static_cast<char>(kFinalClose), static_cast<char>(2 + reason.size()),
                       static_cast<char>(closing.code >> 8), static_cast<char>(closing.code)};
  frame += reason;
  connection.set_close_sent();
  // What does not fit into the socket's buffer now would not be read in time either.
  ::send(lws_get_socket_fd(wsi), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Server::closed(Connection** slot) {
  const cardea_client_t id = (*slot)->id();
  *slot = nullptr;
  connections_.erase(id);
  open_ = connections_.size();
  clients_.closed(id);
}

void Server::end(lws* wsi, Connection& connection, Closing closing) {
  if (!connection.closing()) {
    const bool usual = closing.code == kNormal || closing.code == kGoingAway;
    host_.log(usual ? CARDEA_LOG_DEBUG : CARDEA_LOG_INFO, "closing " + connection.address() + ": " +
                                                              std::to_string(closing.code) + " " +
                                                              closing.reason);
  }
  if (closing.code == kPolicyViolation) {
    // What a client that broke a rule goes on sending is not even read.
    lws_rx_flow_control(wsi, 0);
  }
  connection.close(std::move(closing), std::chrono::steady_clock::now());
  lws_callback_on_writable(wsi);
}

}  // namespace cardea::websocket
