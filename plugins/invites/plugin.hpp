// The module of registration codes: settings, its service for accounts, operations, the purge.
#pragma once

#include <string_view>

#include <cardea/invites.h>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/rest.hpp>

namespace cardea::invites {

struct Settings {
  bool required = false;
  int per_user = 3;
  std::int64_t lifetime = 0;  ///< seconds of codes that accounts get; 0: for ever
};

class Invites {
 public:
  static const cardea_module_info_t kInfo;

  Invites(const cardea_host_t& host, const Json& config);
  ~Invites();
  Invites(const Invites&) = delete;
  Invites& operator=(const Invites&) = delete;

  const void* get_interface(std::string_view id) noexcept;
  [[nodiscard]] const sdk::RestTable<Invites>& rest() const { return rest_; }
  [[nodiscard]] const sdk::Host& host() const { return host_; }
  sdk::Database& database() { return database_; }

  void required(sdk::RestCall call);
  void list_own(sdk::RestCall call);
  void revoke_own(sdk::RestCall call);
  void list_all(sdk::RestCall call);
  void make(sdk::RestCall call);
  void revoke_any(sdk::RestCall call);

 private:
  struct Service;  ///< the functions of cardea_invites_t

  void revoke(sdk::RestCall call, bool any_owner);
  void purge_later(std::uint32_t milliseconds);
  void purge();

  sdk::Host host_;
  const Settings settings_;
  sdk::Database database_;
  const cardea_database_t* database_table_;
  const cardea_feature_host_t* timers_;
  cardea_invites_t service_;
  sdk::RestTable<Invites> rest_;
  std::uint64_t timer_ = 0;
};

}  // namespace cardea::invites
