// Which certificate is in force: loaded at the start, exchanged while connections go on.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>

#include <sys/stat.h>

#include <cardea/sdk/module.hpp>

#include "transports/tls/certificate.hpp"
#include "transports/tls/config.hpp"

namespace cardea::tls {

class Identity {
 public:
  /// @param settings outlives the identity.
  Identity(const sdk::Host& host, const Settings& settings) : host_(host), settings_(settings) {}

  /// [control] The first time. Success without a certificate is one that nobody asked for.
  Result<void> load();
  [[nodiscard]] bool present() const;

  /// [any] Reads the files again; if they are bad, the certificate in force stays.
  void reload();
  /// [any] The same when a file is another than last time.
  void reload_if_changed();

  /// [any] A connection with the certificate in force; null without memory.
  [[nodiscard]] SslPtr connection() const;

 private:
  struct Stamp {
    timespec changed{};
    std::uint64_t inode = 0;
    off_t size = 0;
    bool operator==(const Stamp& other) const;
  };
  using Stamps = std::array<Stamp, 2>;

  [[nodiscard]] bool from_files() const {
    return !settings_.cert.empty() || !settings_.key.empty();
  }
  [[nodiscard]] Stamps stamps() const;
  void warn_if_open() const;

  sdk::Host host_;
  const Settings& settings_;
  mutable std::mutex mutex_;
  ContextPtr context_;
  Stamps seen_{};
};

}  // namespace cardea::tls
