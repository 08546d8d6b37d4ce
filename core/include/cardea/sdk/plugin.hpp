// Writing a feature in C++: derive from Handle, declare operations, name the class in
// CARDEA_FEATURE_MODULE.
#pragma once

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/declarations.hpp>
#include <cardea/sdk/feature_host.hpp>
#include <cardea/sdk/module.hpp>
#include <cardea/sdk/operation.hpp>
#include <cardea/sdk/request.hpp>

namespace cardea::sdk {

/// What a feature says of itself: the member `kFeature` of its Handle class.
struct FeatureInfo {
  const char* id;         ///< "example.plugin.hello"
  const char* event_key;  ///< "hello": the member that names the kind of answer
  const char* name;
  const char* description = "";
  const char* version_text = "1.0.0";
  std::uint32_t version = 1;
  const char* author = "";
  const char* licence = "Apache-2.0";                     ///< SPDX
  const char* const* aliases = nullptr;                   ///< null-terminated
  std::span<const cardea_config_key_t> config_keys = {};  ///< see config.hpp
  cardea_error_codes_t codes = {400, 400, 0, 400, 400, 403, 500};
  const char* error_word = "event";  ///< what the event key says in errors
  bool request_optional = false;     ///< messages need no "request": the first operation takes them
};

/// The one instance of a feature. Features with state of their own (rooms) derive from it and name
/// that class `Plugin` in their Handle class. [control]
class Plugin {
 public:
  /// May throw: the start is refused.
  Plugin(const cardea_host_t& host, Json config) : host_(host), config_(std::move(config)) {}
  virtual ~Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  /// Whether ids are texts: then every parameter declared as an id takes a text. Asked once.
  [[nodiscard]] virtual bool text_ids() const { return false; }

  [[nodiscard]] const FeatureHost& host() const { return host_; }
  /// Sections of keys, every default filled in.
  [[nodiscard]] const Json& config() const { return config_; }

 private:
  FeatureHost host_;
  Json config_;
};

/// One client attached to the feature: a subclass holds what belongs to that client. Made at
/// attach, deleted at detach, when its peer and routes are gone already. All calls [control]; an
/// exception that leaves one is logged and, in a request, answered as the feature's internal error.
class Handle {
 public:
  Handle(Plugin& plugin, cardea_handle_t id) : plugin_(&plugin), id_(id) {}
  virtual ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  /// Every message of a feature that declares no operations (no `kOperations`).
  virtual Answer on_message(const Request&) { return Json(); }
  /// The peer is connected: ICE and DTLS are done.
  virtual void on_media_up() {}
  /// The peer is gone with its routes.
  virtual void on_media_down(std::string_view reason) { static_cast<void>(reason); }
  /// Every other thing that happens to the peer's media.
  virtual void on_media(const cardea_media_event_t& event) { static_cast<void>(event); }
  /// A message on one of the peer's data channels.
  virtual void on_data(const cardea_data_message_t& message) { static_cast<void>(message); }
  /// For the admin API; absent: nothing to tell.
  [[nodiscard]] virtual Json describe() const { return {}; }

  [[nodiscard]] cardea_handle_t id() const { return id_; }
  [[nodiscard]] const FeatureHost& host() const { return plugin_->host(); }

  /// An event that nobody asked for.
  void event(const Json& body) const { static_cast<void>(host().event(id_, 0, body)); }
  /// An event that answers `request`, with an offer or an answer when `plan` is given.
  [[nodiscard]] Result<void> event(const Request& request, const Json& body,
                                   const Plan* plan = nullptr) const {
    return host().event(id_, request.id(), body, plan);
  }
  /// Sends what arrives on our m-line to another's; 0 when there is no such m-line.
  cardea_route_t route(std::uint32_t mline, const Handle& to, std::uint32_t to_mline) const {
    return host().route_add(id_, mline, to.id(), to_mline);
  }

 private:
  Plugin* plugin_;
  cardea_handle_t id_;
};

namespace detail {

template <typename H>
struct PluginOf {
  using Type = Plugin;
};
template <typename H>
requires requires { typename H::Plugin; }
struct PluginOf<H> {
  using Type = typename H::Plugin;
};

/// The C form of H::kOperations.
template <typename H>
constexpr auto declarations() {
  if constexpr (requires { H::kOperations; }) {
    std::array<cardea_operation_t, std::size(H::kOperations)> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
      const Operation<H>& from = H::kOperations[i];
      out[i] = {from.name,   from.role,          from.synchronous ? 1 : 0,
                from.access, from.params.data(), from.params.size(),
                from.help};
    }
    return out;
  } else {
    return std::array<cardea_operation_t, 0>{};
  }
}

/// The C entries of a feature whose handles are of class H; no exception leaves one.
template <typename H>
class FeatureModule {
 public:
  using PluginType = typename PluginOf<H>::Type;

  static constexpr cardea_module_info_t kInfo = [] {
    cardea_module_info_t info{};
    info.version = H::kFeature.version;
    info.kind = "feature";
    info.id = H::kFeature.id;
    info.name = H::kFeature.name;
    info.version_text = H::kFeature.version_text;
    info.author = H::kFeature.author;
    info.licence = H::kFeature.licence;
    info.description = H::kFeature.description;
    info.aliases = H::kFeature.aliases;
    info.config_keys = H::kFeature.config_keys.data();
    info.config_key_count = H::kFeature.config_keys.size();
    return info;
  }();

  FeatureModule(const cardea_host_t& host, Json config)
      : plugin_(host, std::move(config)),
        declarations_(kDeclarations, plugin_.text_ids()),
        table_(table(declarations_.operations())) {}

  const void* get_interface(std::string_view id) noexcept {
    return id == CARDEA_FEATURE ? &table_ : nullptr;
  }

 private:
  static constexpr auto kDeclarations = declarations<H>();

  static void* attach(void* instance, cardea_handle_t handle) {
    auto* self = static_cast<FeatureModule*>(instance);
    return guarded<void*>(self->plugin_.host(), "attach", nullptr, [&]() -> void* {
      return static_cast<Handle*>(std::make_unique<H>(self->plugin_, handle).release());
    });
  }

  static void detach(void* object) {
    auto* handle = static_cast<Handle*>(object);
    const FeatureHost host = handle->host();
    guarded(host, "detach", [&] { delete handle; });
  }

  static void message(void* object, const cardea_request_t* raw) {
    auto& handle = static_cast<H&>(*static_cast<Handle*>(object));
    const FeatureHost host = handle.host();
    const bool synchronous = raw->operation != nullptr && raw->operation->synchronous != 0;
    const Answer failed = Error{"Internal error", H::kFeature.codes.internal};
    const Answer answer = guarded<Answer>(host, "message", failed, [&]() -> Answer {
      auto body = Json::parse(to_view(raw->body));
      return body ? dispatch(handle, Request(*raw, std::move(*body))) : failed;
    });
    guarded(host, "answer", [&] { send(host, handle.id(), raw->id, synchronous, answer); });
  }

  static Answer dispatch(H& handle, const Request& request) {
    if constexpr (kDeclarations.size() > 0) {
      for (const Operation<H>& operation : H::kOperations) {
        if (request.is(operation.name, operation.role)) {
          return operation.handle(handle, request);
        }
      }
    }
    return handle.on_message(request);
  }

  static void send(const FeatureHost& host, cardea_handle_t handle, cardea_request_id_t request,
                   bool synchronous, const Answer& answer) {
    const Json body = answer.ok() ? *answer
                                  : Json::object({{H::kFeature.event_key, H::kFeature.error_word},
                                                  {"error_code", answer.error().code},
                                                  {"error", answer.error().message}});
    if (!body) {
      return;
    }
    if (synchronous) {
      host.reply(request, body);
    } else {
      static_cast<void>(host.event(handle, request, body));
    }
  }

  static void media(void* object, const cardea_media_event_t* event) {
    auto* handle = static_cast<Handle*>(object);
    const FeatureHost host = handle->host();
    guarded(host, "media", [&] {
      if (event->type == CARDEA_MEDIA_UP) {
        handle->on_media_up();
      } else if (event->type == CARDEA_MEDIA_DOWN) {
        handle->on_media_down(to_view(event->text));
      } else {
        handle->on_media(*event);
      }
    });
  }

  static void describe(void* object, void* sink, void (*write)(void* sink, cardea_str_t json)) {
    auto* handle = static_cast<Handle*>(object);
    const FeatureHost host = handle->host();
    guarded(host, "describe", [&] {
      if (const Json description = handle->describe()) {
        write(sink, to_str(description.dump()));
      }
    });
  }

  static void data(void* object, const cardea_data_message_t* message) {
    auto* handle = static_cast<Handle*>(object);
    const FeatureHost host = handle->host();
    guarded(host, "data", [&] { handle->on_data(*message); });
  }

  static cardea_feature_t table(std::span<const cardea_operation_t> operations) {
    return {sizeof(cardea_feature_t),
            H::kFeature.event_key,
            operations.data(),
            operations.size(),
            H::kFeature.codes,
            H::kFeature.request_optional ? 1 : 0,
            attach,
            detach,
            message,
            media,
            describe,
            data,
            H::kFeature.error_word};
  }

  PluginType plugin_;
  Declarations declarations_;
  cardea_feature_t table_;
};

}  // namespace detail
}  // namespace cardea::sdk

/// Exports the feature whose handles are of class `HandleClass` as this library's module. The class
/// derives from sdk::Handle, takes (Plugin&, cardea_handle_t), and has
///   static constexpr sdk::FeatureInfo kFeature                      what it says of itself
///   static constexpr sdk::Operation<HandleClass> kOperations[]      optional: what it answers
///   using Plugin = ...                                              optional: its shared state
#define CARDEA_FEATURE_MODULE(HandleClass) \
  CARDEA_MODULE(cardea::sdk::detail::FeatureModule<HandleClass>)
