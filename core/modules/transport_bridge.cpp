#include "core/modules/transport_bridge.hpp"

#include <utility>

#include "core/modules/contained.hpp"
#include "core/modules/socket_bridge.hpp"
#include "core/modules/text.hpp"
#include "core/session/errors.hpp"
#include "core/session/operation.hpp"

namespace cardea::modules {

namespace {

// What may wait for the control thread. A transport refuses its client beyond it; bytes bound the
// memory, the count bounds the length of one control turn.
constexpr std::size_t kInboxMessages = 16'384;
constexpr std::size_t kInboxBytes = 64 << 20;

int post(void* context, cardea_client_t client, decltype(TransportInput::what) what,
         std::size_t bytes) {
  auto& self = ModuleContext::of(context);
  const bool taken =
      self.services.transports.post({{self.transport, client}, std::move(what), bytes});
  return taken ? 0 : -1;
}

int opened(void* context, cardea_client_t client, const cardea_client_info_t* info) noexcept {
  return post(context, client,
              TransportInput::Opened{
                  {std::string(view(info->address)), info->pushes != 0, info->admin != 0},
                  std::string(view(info->ticket))},
              0);
}

int message(void* context, const cardea_client_message_t* message) noexcept {
  return post(
      context, message->client,
      TransportInput::Message{message->session, message->handle, std::string(view(message->text))},
      message->text.size);
}

int poll(void* context, const cardea_client_poll_t* poll) noexcept {
  return post(
      context, poll->client,
      TransportInput::Poll{poll->session,
                           poll->max_events,
                           {std::string(view(poll->apisecret)), std::string(view(poll->token))}},
      poll->apisecret.size + poll->token.size);
}

int closed(void* context, cardea_client_t client) noexcept {
  return post(context, client, TransportInput::Closed{}, 0);
}

int http(void* context, const cardea_http_request_t* request) noexcept {
  HttpRequest out{std::string(view(request->method)), std::string(view(request->path)),
                  std::string(view(request->query)), std::string(view(request->body)),
                  std::string(view(request->remote_address))};
  out.admin = request->admin != 0;
  out.base_url = view(request->base_url);
  std::size_t bytes = request->body.size;
  for (std::size_t i = 0; i < request->header_count; ++i) {
    const auto& header = request->headers[i];
    bytes += header.name.size + header.value.size;
    out.headers.push_back({std::string(view(header.name)), std::string(view(header.value))});
  }
  return post(context, request->client, TransportInput::Http{std::move(out)}, bytes);
}

int http_path(void* context, cardea_str_t path) noexcept {
  return ModuleContext::of(context).services.http.routed(view(path)) ? 1 : 0;
}

void count(void* context, const char* event) noexcept {
  auto& self = ModuleContext::of(context);
  self.services.transports.count_event(self.name, event);
}

void append_word(std::string& list, std::string_view word) {
  if (!word.empty()) {
    list += (list.empty() ? "" : " ") + std::string(word);
  }
}

constexpr cardea_transport_host_t kTransportHost{
    sizeof(cardea_transport_host_t), &opened, &message, &poll, &closed, &http, &http_path, &count};

}  // namespace

TransportHub::TransportHub(metrics::Registry& metrics)
    : metrics_(metrics),
      refused_(metrics.counter("cardea_limit_hits_total", "Times that a bound was reached.",
                               {{"limit", "control_inbox"}})),
      inbox_(kInboxMessages) {}

void TransportHub::add(Module& module, const cardea_transport_t& table) {
  transports_.push_back({&module, &table});
}

Result<void> TransportHub::start() {
  for (const auto& transport : transports_) {
    if (transport.table->start(transport.module->instance()) < 0) {
      return Error{"transport " + transport.module->library().name + " could not start, see above"};
    }
  }
  return {};
}

std::string TransportHub::addresses() const { return joined(&cardea_transport_t::addresses); }

std::string TransportHub::admin_addresses() const {
  return joined(&cardea_transport_t::admin_addresses);
}

std::string TransportHub::joined(cardea_str_t (*cardea_transport_t::*function)(void*)) const {
  std::string all;
  for (const auto& [module, table] : transports_) {
    if (module != nullptr && table->*function != nullptr) {
      append_word(all, view((table->*function)(module->instance())));
    }
  }
  return all;
}

Result<Json> TransportHub::query(std::string_view name, const Json& request) const {
  for (const auto& [module, table] : transports_) {
    if (module == nullptr || !module->library().answers_to(name)) {
      continue;
    }
    Json out;
    if (table->query != nullptr) {
      const std::string text = request.dump();
      contained(module->context(), "query", [&, table = table, module = module] {
        table->query(module->instance(), borrow(text), &out, [](void* sink, cardea_str_t json) {
          *static_cast<Json*>(sink) = session::feature_json(view(json));
        });
      });
    }
    if (!out) {
      return Error{"This transport answers no queries", session::kErrorUnknown};
    }
    return out;
  }
  return Error{"Invalid transport", session::kErrorPluginNotFound};
}

void TransportHub::drain() {
  for (const auto& transport : transports_) {
    transport.table->drain(transport.module->instance());
  }
}

void TransportHub::forget(const Module& module) {
  for (auto& transport : transports_) {
    if (transport.module == &module) {
      transport = {};
    }
  }
}

void TransportHub::dispatch(session::Api& api, HttpBridge& http, SocketBridge& sockets) {
  for (auto& input : inbox_.take_all()) {
    waiting_bytes_ -= input.bytes;
    const auto client = input.client;
    if (auto* opened = std::get_if<TransportInput::Opened>(&input.what)) {
      if (!opened->ticket.empty()) {
        sockets.opened(client, opened->ticket);
        continue;
      }
      open_clients_.insert(client);
      api.client_opened(client, opened->info);
    } else if (auto* message = std::get_if<TransportInput::Message>(&input.what)) {
      if (!sockets.message(client, message->text)) {
        api.message(client, message->session, message->handle, message->text);
      }
    } else if (auto* poll = std::get_if<TransportInput::Poll>(&input.what)) {
      api.poll_events(client, poll->session, poll->max_events, poll->credentials);
    } else if (auto* request = std::get_if<TransportInput::Http>(&input.what)) {
      http.request(client, request->request);
    } else if (!http.closed(client) && !sockets.closed(client)) {
      open_clients_.erase(client);
      api.client_closed(client);
    }
  }
}

void TransportHub::send(session::ClientId client, std::string_view text) {
  if (const auto* transport = find(client)) {
    transport->table->send(transport->module->instance(), client.number, borrow(text));
  } else if (inner_ != nullptr) {
    inner_->send(client, text);
  }
}

void TransportHub::close(session::ClientId client, int code, std::string_view reason) {
  if (const auto* transport = find(client)) {
    transport->table->close(transport->module->instance(), client.number, code, borrow(reason));
  } else if (inner_ != nullptr) {
    inner_->close(client, code, reason);
  }
}

bool TransportHub::post(TransportInput input) {
  const std::size_t bytes = input.bytes;
  // At most one close per client that was let in, and losing it would leave a dead client in the
  // tables.
  const bool always = std::holds_alternative<TransportInput::Closed>(input.what);
  const bool over = waiting_bytes_.fetch_add(bytes) + bytes > kInboxBytes;
  if ((over && !always) || !inbox_.post(std::move(input), always)) {
    waiting_bytes_ -= bytes;
    refused_.add();
    return false;
  }
  return true;
}

void TransportHub::count_event(const std::string& module, const char* event) {
  metrics_
      .counter("cardea_transport_events_total", "What transports saw and counted.",
               {{"module", module}, {"event", event}})
      .add();
}

const TransportHub::Transport* TransportHub::find(session::ClientId client) const {
  const bool known =
      client.transport < transports_.size() && transports_[client.transport].module != nullptr;
  return known ? &transports_[client.transport] : nullptr;
}

void TransportHub::http_respond(session::ClientId client, int status, HttpHeaders headers,
                                std::string_view body) {
  if (const auto* transport = find(client)) {
    transport->table->respond(transport->module->instance(), client.number, status, headers.data(),
                              headers.size(), borrow(body));
  }
}

bool TransportHub::http_stream_begin(session::ClientId client, HttpHeaders headers) {
  const auto* transport = find(client);
  return transport != nullptr &&
         transport->table->stream_begin(transport->module->instance(), client.number,
                                        headers.data(), headers.size()) >= 0;
}

bool TransportHub::http_stream_write(session::ClientId client, std::string_view chunk) {
  const auto* transport = find(client);
  return transport != nullptr && transport->table->stream_write(transport->module->instance(),
                                                                client.number, borrow(chunk)) >= 0;
}

void TransportHub::http_stream_end(session::ClientId client) {
  if (const auto* transport = find(client)) {
    transport->table->stream_end(transport->module->instance(), client.number);
  }
}

const cardea_transport_host_t& transport_host_table() { return kTransportHost; }

}  // namespace cardea::modules
