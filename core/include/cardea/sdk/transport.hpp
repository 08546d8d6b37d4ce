// The two sides of a transport in C++: the host's functions as an object, and the module's table
// made from a class.
#pragma once

#include <span>

#include <cardea/sdk/module.hpp>
#include <cardea/transport.h>

namespace cardea::sdk {

/// The host's side of a transport. All calls [any]; false when the host cannot take it: then refuse
/// the client.
class TransportHost {
 public:
  /// @param table null only when the host is no Cardea: every call then fails.
  TransportHost(const Host& host, const cardea_transport_host_t* table)
      : context_(host.context()), table_(table) {}

  [[nodiscard]] bool usable() const { return table_ != nullptr; }

  /// @param pushes whether texts may be sent to the client at any time.
  /// @param ticket of a module's socket.
  [[nodiscard]] bool opened(cardea_client_t client, std::string_view address, bool pushes,
                            bool admin, std::string_view ticket = {}) const {
    const cardea_client_info_t info{sizeof info, to_str(address), pushes ? 1 : 0, admin ? 1 : 0,
                                    to_str(ticket)};
    return usable() && table_->opened(context_, client, &info) >= 0;
  }
  /// @param session, handle from the path, 0 where the path names none.
  [[nodiscard]] bool message(cardea_client_t client, std::uint64_t session, std::uint64_t handle,
                             std::string_view text) const {
    const cardea_client_message_t message{sizeof message, client, session, handle, to_str(text)};
    return usable() && table_->message(context_, &message) >= 0;
  }
  /// @param poll its size field is set here.
  [[nodiscard]] bool poll(cardea_client_poll_t poll) const {
    poll.size = sizeof poll;
    return usable() && table_->poll(context_, &poll) >= 0;
  }
  void closed(cardea_client_t client) const {
    if (usable()) {
      table_->closed(context_, client);
    }
  }
  /// @param request its size field is set here.
  [[nodiscard]] bool http(cardea_http_request_t request) const {
    request.size = sizeof request;
    return usable() && table_->http(context_, &request) >= 0;
  }
  /// @param path decoded.
  [[nodiscard]] bool http_path(std::string_view path) const {
    return usable() && table_->http_path(context_, to_str(path)) != 0;
  }
  /// @param event a literal; at most 32 different ones per module.
  void count(const char* event) const {
    if (usable()) {
      table_->count(context_, event);
    }
  }

 private:
  void* context_;
  const cardea_transport_host_t* table_;
};

/// The headers of an HTTP answer, borrowed.
using HttpHeaders = std::span<const cardea_http_header_t>;

/// A transport without plain HTTP inherits these.
struct NoHttp {
  void respond(cardea_client_t /*client*/, int /*status*/, HttpHeaders /*headers*/,
               std::string_view /*body*/) {}
  bool stream_begin(cardea_client_t /*client*/, HttpHeaders /*headers*/) { return false; }
  bool stream_write(cardea_client_t /*client*/, std::string_view /*chunk*/) { return false; }
  void stream_end(cardea_client_t /*client*/) {}
};

namespace detail {

template <typename T>
inline constexpr decltype(cardea_transport_t::admin_addresses) kAdminAddresses = [] {
  if constexpr (requires(T & self) { self.admin_addresses(); }) {
    return [](void* instance) { return to_str(static_cast<T*>(instance)->admin_addresses()); };
  } else {
    return nullptr;
  }
}();

template <typename T>
inline constexpr decltype(cardea_transport_t::query) kQuery = [] {
  if constexpr (requires(T & self, std::string_view text) { self.query(text); }) {
    return [](void* instance, cardea_str_t request, void* out, void (*write)(void*, cardea_str_t)) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "query", [&] {
        const std::string answer = self->query(to_view(request));
        write(out, to_str(answer));
      });
    };
  } else {
    return nullptr;
  }
}();

}  // namespace detail

/// The module's side for class T, which has host(), start(), addresses(), send(), close(), drain()
/// and what NoHttp has, with std::string_view for texts, and may have admin_addresses() and
/// `std::string query(std::string_view)`. Exceptions end here.
template <typename T>
inline constexpr cardea_transport_t kTransportTable = {
    sizeof(cardea_transport_t),
    [](void* instance) {
      auto* self = static_cast<T*>(instance);
      return guarded(self->host(), "start", -1, [&] { return self->start() ? 0 : -1; });
    },
    [](void* instance) { return to_str(static_cast<T*>(instance)->addresses()); },
    [](void* instance, cardea_client_t client, cardea_str_t text) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "send", [&] { self->send(client, to_view(text)); });
    },
    [](void* instance, cardea_client_t client, int status, const cardea_http_header_t* headers,
       std::size_t count, cardea_str_t body) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "respond", [&] {
        self->respond(client, status, {headers, count}, to_view(body));
      });
    },
    [](void* instance, cardea_client_t client, const cardea_http_header_t* headers,
       std::size_t count) {
      auto* self = static_cast<T*>(instance);
      return guarded(self->host(), "stream_begin", -1, [&] {
        return self->stream_begin(client, {headers, count}) ? 0 : -1;
      });
    },
    [](void* instance, cardea_client_t client, cardea_str_t chunk) {
      auto* self = static_cast<T*>(instance);
      return guarded(self->host(), "stream_write", -1,
                     [&] { return self->stream_write(client, to_view(chunk)) ? 0 : -1; });
    },
    [](void* instance, cardea_client_t client) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "stream_end", [&] { self->stream_end(client); });
    },
    [](void* instance, cardea_client_t client, int code, cardea_str_t reason) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "close", [&] { self->close(client, code, to_view(reason)); });
    },
    [](void* instance) {
      auto* self = static_cast<T*>(instance);
      guarded(self->host(), "drain", [&] { self->drain(); });
    },
    detail::kAdminAddresses<T>,
    detail::kQuery<T>,
};

}  // namespace cardea::sdk
