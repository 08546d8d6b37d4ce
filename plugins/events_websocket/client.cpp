#include "plugins/events_websocket/client.hpp"

#include <algorithm>
#include <stdexcept>

namespace cardea::events_websocket {

namespace {

constexpr std::chrono::milliseconds kFirstBackoff = std::chrono::seconds(1);
constexpr std::chrono::milliseconds kLongestBackoff = std::chrono::seconds(30);
constexpr lws_usec_t kFlush = 1 * LWS_US_PER_SEC;
// Seconds of silence until a ping, and until the connection counts as dead.
constexpr lws_retry_bo_t kKeepAlive = {nullptr, 0, 0, 20, 60, 0};
constexpr const char* kNoSubprotocol = "none";

}  // namespace

Client::Client(const sdk::EventSinkHost& host, const sdk::EventChoice& choice, Settings settings)
    : host_(host),
      choice_(choice),
      settings_(std::move(settings)),
      queue_(settings_.queue_bytes),
      backoff_(kFirstBackoff) {
  reconnect_.client = this;
  flush_.client = this;
  protocols_[0].name =
      settings_.subprotocol.empty() ? kNoSubprotocol : settings_.subprotocol.c_str();
  protocols_[0].callback = on_event;
  // lws writes to stderr by itself; what matters is reported here, under the module's name.
  lws_set_log_level(0, nullptr);
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = protocols_.data();
  info.gid = -1;
  info.uid = -1;
  info.user = this;
  info.retry_and_idle_policy = &kKeepAlive;
  if (settings_.tls) {
    info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  }
  context_.reset(lws_create_context(&info));
  if (!context_) {
    throw std::runtime_error("libwebsockets does not start");
  }
  thread_ = std::thread([this] { sdk::guarded(host_, "client", [this] { run(); }); });
}

Client::~Client() {
  stopping_ = true;
  queue_.stop();
  lws_cancel_service(context_.get());
  thread_.join();
}

void Client::push(std::string_view json) {
  if (queue_.push(json)) {
    lws_cancel_service(context_.get());
  } else {
    host_.overflow();
  }
}

void Client::run() {
  connect();
  while (!over()) {
    lws_service(context_.get(), 0);
  }
  std::size_t lost = queue_.size();
  for (const Message& message : outgoing_) {
    lost += message.events;
  }
  host_.count("lost", lost);
}

bool Client::over() const { return stopping_ && (flush_over_ || connection_ == nullptr); }

void Client::connect() {
  lws_client_connect_info info{};
  info.context = context_.get();
  info.address = settings_.host.c_str();
  info.port = settings_.port;
  info.path = settings_.path.c_str();
  info.host = info.address;
  info.origin = info.address;
  info.protocol = settings_.subprotocol.empty() ? nullptr : settings_.subprotocol.c_str();
  info.local_protocol_name = protocols_[0].name;
  info.ssl_connection = settings_.tls ? LCCSCF_USE_SSL : 0;
  // A failure comes as CLIENT_CONNECTION_ERROR; without even that when lws returns null at once.
  if (lws_client_connect_via_info(&info) == nullptr && reconnect_.entry.list.owner == nullptr) {
    connect_later("no connection");
  }
}

void Client::connect_later(std::string_view reason) {
  connection_ = nullptr;
  if (!failing_ && !stopping_) {
    host_.warn("events cannot be delivered: " + std::string(reason));
    failing_ = true;
  }
  const auto wait = std::chrono::microseconds(backoff_).count();
  lws_sul_schedule(context_.get(), 0, &reconnect_.entry, on_timer, wait);
  backoff_ = std::min(backoff_ * 2, kLongestBackoff);
}

void Client::on_timer(lws_sorted_usec_list_t* entry) {
  Client& self = *lws_container_of(entry, Timer, entry)->client;
  if (entry == &self.flush_.entry) {
    self.flush_over_ = true;
  } else if (!self.stopping_) {
    self.connect();
  }
}

void Client::woken() {
  if (connection_ != nullptr) {
    lws_callback_on_writable(connection_);
  }
  if (stopping_ && flush_.entry.list.owner == nullptr) {
    lws_sul_schedule(context_.get(), 0, &flush_.entry, on_timer, kFlush);
  }
}

void Client::fill() {
  const bool grouping = choice_.grouping();
  auto events = queue_.try_take(settings_.batch_events);
  const std::size_t count = events.size();
  for (std::string& text : sdk::event_bodies(std::move(events), grouping)) {
    outgoing_.push_back({std::move(text), grouping ? count : 1});
  }
}

int Client::write(lws* wsi) {
  if (outgoing_.empty()) {
    fill();
  }
  if (outgoing_.empty()) {
    return stopping_ ? -1 : 0;  // All is said: the connection closes.
  }
  const std::string& text = outgoing_.front().text;
  std::string padded(LWS_PRE, '\0');
  padded += text;
  auto* start = reinterpret_cast<unsigned char*>(padded.data()) + LWS_PRE;
  if (lws_write(wsi, start, text.size(), LWS_WRITE_TEXT) < static_cast<int>(text.size())) {
    return -1;
  }
  host_.count("sent", outgoing_.front().events);
  outgoing_.pop_front();
  lws_callback_on_writable(wsi);
  return 0;
}

int Client::on_event(lws* wsi, lws_callback_reasons reason, void* /*user*/, void* in,
                     std::size_t size) {
  auto* self = static_cast<Client*>(lws_context_user(lws_get_context(wsi)));
  return sdk::guarded(self->host_, "event", -1, [&]() -> int {
    switch (reason) {
      case LWS_CALLBACK_CLIENT_ESTABLISHED:
        self->connection_ = wsi;
        self->backoff_ = kFirstBackoff;
        if (std::exchange(self->failing_, false)) {
          self->host_.info("events are delivered again");
        }
        lws_callback_on_writable(wsi);
        return 0;
      case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        self->connect_later(in == nullptr ? "no connection"
                                          : std::string_view(static_cast<char*>(in), size));
        return 0;
      case LWS_CALLBACK_CLIENT_CLOSED:
        self->connect_later("the backend closed the connection");
        return 0;
      case LWS_CALLBACK_CLIENT_WRITEABLE:
        return self->write(wsi);
      case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        self->woken();
        return 0;
      default:
        return 0;
    }
  });
}

}  // namespace cardea::events_websocket
