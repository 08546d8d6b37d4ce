#include "core/modules/client_bridge.hpp"

#include <utility>

#include "core/modules/contained.hpp"
#include "core/modules/text.hpp"

namespace cardea::modules {

namespace {

metrics::Counter limit(metrics::Registry& metrics, const char* name) {
  return metrics.counter("cardea_limit_hits_total", "Times that a bound was reached.",
                         {{"limit", name}});
}

cardea_inner_client_t open(void* context, void (*text)(void*, cardea_str_t),
                           void* argument) noexcept {
  auto& self = ModuleContext::on_control(context);
  return self.services.inner_clients.open(
      self.services.api, &self, [&self, text, argument](std::string_view json) {
        contained(self, "a client's text", [&] { text(argument, borrow(json)); });
      });
}

int send(void* context, cardea_inner_client_t client, cardea_str_t json) noexcept {
  auto& clients = ModuleContext::on_control(context).services.inner_clients;
  return clients.send(client, view(json)) ? 0 : -1;
}

void close(void* context, cardea_inner_client_t client) noexcept {
  ModuleContext::on_control(context).services.inner_clients.close(client);
}

constexpr cardea_client_host_t kClientHost{sizeof(cardea_client_host_t), &open, &send, &close};

}  // namespace

InnerClients::InnerClients(metrics::Registry& metrics)
    : refused_(limit(metrics, "inner_clients")),
      full_(limit(metrics, "inner_messages")),
      queue_(kMaxWaiting) {}

cardea_inner_client_t InnerClients::open(session::Api& api, const void* owner, Text text) {
  if (clients_.size() >= kMaxClients) {
    refused_.add();
    return 0;
  }
  const cardea_inner_client_t client = next_++;
  clients_.emplace(client, Client{owner, std::move(text)});
  api.client_opened({kTransport, client},
                    {.address = {}, .pushes = true, .admin = false, .inner = true});
  // The session layer closes at once whom it has no place for.
  return clients_.contains(client) ? client : 0;
}

bool InnerClients::send(cardea_inner_client_t client, std::string_view json) {
  if (!clients_.contains(client)) {
    return false;
  }
  if (!queue_.post({client, What::Message, std::string(json)})) {
    full_.add();
    return false;
  }
  return true;
}

void InnerClients::close(cardea_inner_client_t client) {
  if (clients_.erase(client) > 0) {
    queue_.post({client, What::Closed, {}}, true);
  }
}

void InnerClients::forget(const void* owner) {
  for (auto client = clients_.begin(); client != clients_.end();) {
    const auto number = client->first;
    const bool own = client->second.owner == owner;
    ++client;
    if (own) {
      close(number);
    }
  }
}

void InnerClients::dispatch(session::Api& api) {
  for (const Item& item : queue_.take_all()) {
    const session::ClientId id{kTransport, item.client};
    if (item.what == What::Closed) {
      api.client_closed(id);
    } else if (item.what == What::Message) {
      api.message(id, 0, 0, item.text);
    } else if (const auto client = clients_.find(item.client); client != clients_.end()) {
      // A copy: the module may close its client from inside.
      const Text text = client->second.text;
      text(item.text);
    }
  }
}

// Not bounded by number: losing an answer would leave its asker waiting, and what one turn makes is
// bounded by what it was asked.
void InnerClients::send(session::ClientId client, std::string_view text) {
  if (clients_.contains(client.number)) {
    queue_.post({client.number, What::Text, std::string(text)}, true);
  }
}

void InnerClients::close(session::ClientId client, int, std::string_view) { close(client.number); }

const cardea_client_host_t& client_host_table() { return kClientHost; }

}  // namespace cardea::modules
