// A Janus client inside the server in C++: JSON values out and in.
#pragma once

#include <functional>
#include <utility>

#include <cardea/client.h>
#include <cardea/sdk/module.hpp>

namespace cardea::sdk {

/// One inner client. Ends with all its sessions when it is destroyed. [control]
class InnerClient {
 public:
  /// Called from the event loop with each answer and event; may destroy the InnerClient.
  using Listener = std::function<void(const Json& message)>;

  /// @param table null when the host has no CARDEA_CLIENT: then it is never open.
  InnerClient(const Host& host, const cardea_client_host_t* table, Listener listener)
      : host_(host), table_(table), listener_(std::move(listener)) {
    number_ = table_ == nullptr ? 0 : table_->open(host_.context(), &InnerClient::text, this);
  }
  ~InnerClient() {
    if (is_open()) {
      table_->close(host_.context(), number_);
    }
  }
  InnerClient(const InnerClient&) = delete;
  InnerClient& operator=(const InnerClient&) = delete;

  /// False: there were too many clients.
  [[nodiscard]] bool is_open() const { return number_ != 0; }
  /// False: the message was not taken.
  [[nodiscard]] bool send(const Json& message) const {
    return is_open() && table_->send(host_.context(), number_, to_str(message.dump())) == 0;
  }

 private:
  static void text(void* argument, cardea_str_t json) {
    auto& self = *static_cast<InnerClient*>(argument);
    const Host host = self.host_;
    guarded(host, "inner client", [&] {
      // The server's own text, as long as there are participants in a room.
      auto message =
          Json::parse(to_view(json), {.depth = 60, .members = 1'000'000, .nodes = 10'000'000});
      if (!message) {
        host.error("an answer could not be read: " + message.error().message);
        return;
      }
      const Listener listener = self.listener_;
      listener(*message);
    });
  }

  Host host_;
  const cardea_client_host_t* table_;
  Listener listener_;
  cardea_inner_client_t number_ = 0;
};

}  // namespace cardea::sdk
