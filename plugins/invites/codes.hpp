// Registration codes in the database: made, used up, listed, revoked and purged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/invites.h>
#include <cardea/sdk/database.hpp>

namespace cardea::invites {

/// 96 random bits in base64url: 16 characters.
std::string new_code();
/// SHA-256 in hexadecimal digits, by which codes are looked up.
std::string hash_of(std::string_view code);
/// Seconds since 1970.
std::int64_t now();

struct NewCodes {
  std::optional<std::string> owner;  ///< none: an admin's, for whoever gets it
  std::string note;
  int count = 1;
  int max_uses = 1;
  std::int64_t lifetime = 0;  ///< seconds; 0: for ever
};

struct Code {
  std::string id;
  std::string code;
  std::string note;
  std::int64_t max_uses = 1;
  std::int64_t uses = 0;
  std::optional<std::string> used_by;  ///< the last one
  std::optional<std::int64_t> expires_at;
  std::int64_t created_at = 0;
};

struct Page {
  std::int64_t limit = 0;
  std::int64_t offset = 0;
};

/// [work] All calls within one transaction. A statement that fails ends the transaction by itself.
class Codes {
 public:
  explicit Codes(sdk::Transaction& transaction) : sql_(transaction) {}

  /// None when the transaction has failed.
  std::optional<std::vector<Code>> make(const NewCodes& wanted);
  cardea_invite_status_t redeem(std::string_view code, std::string_view user);
  std::vector<Code> owned_by(std::string_view owner, Page page);
  std::vector<Code> all(Page page);
  std::int64_t count();
  /// Only one that nobody has used. @param owner none: whoever has it.
  bool revoke(std::string_view id, const std::optional<std::string>& owner);
  bool forget(std::string_view user);
  /// Returns how many there were.
  std::int64_t purge();

 private:
  cardea_invite_status_t why_not(std::string_view hash);

  sdk::Transaction& sql_;
};

}  // namespace cardea::invites
