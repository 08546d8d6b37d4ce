// TLS for the transports: descriptor and entry points. One certificate, exchanged without a
// restart.
#include <memory>
#include <stdexcept>
#include <string_view>

#include <cardea/reload.h>
#include <cardea/sdk/module.hpp>
#include <cardea/tls.h>

#include "transports/tls/config.hpp"
#include "transports/tls/identity.hpp"
#include "transports/tls/service.hpp"

namespace cardea::tls {

namespace {

class Tls {
 public:
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "transport",
      .id = "cardea.transport.tls",
      .name = "TLS",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "TLS 1.2 and 1.3 for the other transports",
      .aliases = nullptr,
      .requires_ids = nullptr,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  Tls(const cardea_host_t& host, const Json& config)
      : host_(host), settings_(read_settings(config)), identity_(host_, settings_) {
    if (auto loaded = identity_.load(); !loaded) {
      throw std::runtime_error(loaded.error().message);
    }
    if (identity_.present()) {
      service_ = std::make_unique<Service>(host_, settings_, identity_);
      if (!service_->start()) {
        throw std::runtime_error("no descriptors left");
      }
    }
  }

  const void* get_interface(std::string_view id) noexcept {
    if (id == CARDEA_TLS) {
      return &table_;
    }
    return id == CARDEA_RELOAD ? &reload_ : nullptr;
  }

 private:
  static Tls& self(void* instance) { return *static_cast<Tls*>(instance); }

  static int terminate(void* instance, int fd, void (*plain)(void*, int), void* argument) {
    Tls& tls = self(instance);
    return sdk::guarded(tls.host_, "terminate", -1, [&] {
      if (!tls.service_) {
        return -1;
      }
      tls.service_->terminate(fd, {plain, argument});
      return 0;
    });
  }

  static std::uint64_t received(void* instance, int fd) {
    Tls& tls = self(instance);
    return sdk::guarded(tls.host_, "received", std::uint64_t{0},
                        [&] { return tls.service_ ? tls.service_->received(fd) : 0; });
  }

  sdk::Host host_;
  Settings settings_;
  Identity identity_;
  std::unique_ptr<Service> service_;
  const cardea_tls_t table_{sizeof(cardea_tls_t),
                            this,
                            [](void* instance) { return self(instance).service_ ? 1 : 0; },
                            [](void* instance) { return int{self(instance).settings_.port}; },
                            terminate,
                            received};
  const cardea_reload_t reload_{sizeof(cardea_reload_t), [](void* instance) {
                                  Tls& tls = self(instance);
                                  sdk::guarded(tls.host_, "reload",
                                               [&] { tls.identity_.reload(); });
                                }};
};

}  // namespace

CARDEA_MODULE(Tls);

}  // namespace cardea::tls
