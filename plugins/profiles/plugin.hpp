// The module of profiles: settings, handlers of its operations.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <cardea/presence.h>
#include <cardea/sdk/background.hpp>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/rest.hpp>

namespace cardea::profiles {

class Profiles {
 public:
  static const cardea_module_info_t kInfo;

  /// Throws what stops the start.
  Profiles(const cardea_host_t& host, const Json& config);
  Profiles(const Profiles&) = delete;
  Profiles& operator=(const Profiles&) = delete;

  const void* get_interface(std::string_view id) noexcept;
  [[nodiscard]] const sdk::RestTable<Profiles>& rest() const { return rest_; }

  void show_own(sdk::RestCall call);
  void put_own(sdk::RestCall call);
  void show_other(sdk::RestCall call);
  void search(sdk::RestCall call);

  void directory(sdk::RestCall call);
  void show_settings(sdk::RestCall call);
  void put_settings(sdk::RestCall call);
  void block(sdk::RestCall call);
  void unblock(sdk::RestCall call);
  void list_blocks(sdk::RestCall call);

  void put_avatar(sdk::RestCall call);
  void drop_avatar(sdk::RestCall call);
  void show_avatar(sdk::RestCall call);

 private:
  [[nodiscard]] bool is_online(std::string_view viewer, std::string_view user,
                               std::int64_t last_seen) const;

  sdk::Host host_;
  const bool directory_;
  sdk::Database database_;
  sdk::Background background_;
  const cardea_presence_t* presence_;  ///< null: nobody watches
  sdk::RestTable<Profiles> rest_;
};

}  // namespace cardea::profiles
