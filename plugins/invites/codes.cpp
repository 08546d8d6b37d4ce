#include "plugins/invites/codes.hpp"

#include <array>
#include <ctime>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cardea/sdk/ids.hpp>

namespace cardea::invites {

namespace {

Code read(const sdk::SqlRow& row) {
  Code out;
  out.id = row[0].as_text();
  out.code = row[1].as_text();
  out.note = row[2].as_text();
  out.max_uses = row[3].as_int();
  out.uses = row[4].as_int();
  if (!row[5].is_null()) {
    out.used_by = row[5].as_text();
  }
  if (!row[6].is_null()) {
    out.expires_at = row[6].as_int();
  }
  out.created_at = row[7].as_int();
  return out;
}

std::vector<Code> read_all(const sdk::SqlResult& result) {
  std::vector<Code> out;
  out.reserve(result.rows.size());
  for (const sdk::SqlRow& row : result.rows) {
    out.push_back(read(row));
  }
  return out;
}

}  // namespace

std::string new_code() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("no random numbers");
  }
  std::string out;
  for (const unsigned char byte : bytes) {
    out += kAlphabet[byte & 63];
  }
  return out;
}

std::string hash_of(std::string_view code) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(code.data(), code.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : digest) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::int64_t now() { return std::time(nullptr); }

std::optional<std::vector<Code>> Codes::make(const NewCodes& wanted) {
  std::vector<Code> out;
  for (int i = 0; i < wanted.count; ++i) {
    Code made;
    made.id = sdk::random_text();
    made.code = new_code();
    made.note = wanted.note;
    made.max_uses = wanted.max_uses;
    made.created_at = now();
    if (wanted.lifetime > 0) {
      made.expires_at = made.created_at + wanted.lifetime;
    }
    const std::string hash = hash_of(made.code);
    const std::array values{
        sdk::sql_parameter(made.id),
        sdk::sql_parameter(made.code),
        sdk::sql_parameter(hash),
        wanted.owner ? sdk::sql_parameter(*wanted.owner) : sdk::sql_parameter(nullptr),
        sdk::sql_parameter(made.note),
        sdk::sql_parameter(made.max_uses),
        made.expires_at ? sdk::sql_parameter(*made.expires_at) : sdk::sql_parameter(nullptr),
        sdk::sql_parameter(made.created_at),
    };
    const auto inserted = sql_.execute_values(
        "INSERT INTO registration_codes (id, code, code_hash, owner_id, note, max_uses, uses,"
        " expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
        values);
    if (!inserted) {
      return std::nullopt;
    }
    out.push_back(std::move(made));
  }
  return out;
}

cardea_invite_status_t Codes::redeem(std::string_view code, std::string_view user) {
  const std::string hash = hash_of(code);
  // One statement, so that two at once cannot both find it unused (threats.md A8).
  const auto used = sql_.execute(
      "UPDATE registration_codes SET uses = uses + 1, used_by = $2, used_at = $3"
      " WHERE code_hash = $1 AND uses < max_uses AND (expires_at IS NULL OR expires_at > $4)",
      hash, user, now(), now());
  if (!used) {
    return CARDEA_INVITE_FAILED;
  }
  return used.changed == 1 ? CARDEA_INVITE_OK : why_not(hash);
}

cardea_invite_status_t Codes::why_not(std::string_view hash) {
  const auto found =
      sql_.execute("SELECT uses, max_uses FROM registration_codes WHERE code_hash = $1", hash);
  if (!found) {
    return CARDEA_INVITE_FAILED;
  }
  if (found.rows.empty()) {
    return CARDEA_INVITE_UNKNOWN;
  }
  const sdk::SqlRow& row = found.rows.front();
  return row[0].as_int() >= row[1].as_int() ? CARDEA_INVITE_USED : CARDEA_INVITE_EXPIRED;
}

std::vector<Code> Codes::owned_by(std::string_view owner, Page page) {
  return read_all(
      sql_.execute("SELECT id, code, note, max_uses, uses, used_by, expires_at, created_at"
                   " FROM registration_codes WHERE owner_id = $1 ORDER BY created_at DESC, id"
                   " LIMIT $2 OFFSET $3",
                   owner, page.limit, page.offset));
}

std::vector<Code> Codes::all(Page page) {
  return read_all(
      sql_.execute("SELECT id, code, note, max_uses, uses, used_by, expires_at, created_at"
                   " FROM registration_codes ORDER BY created_at DESC, id LIMIT $1 OFFSET $2",
                   page.limit, page.offset));
}

std::int64_t Codes::count() {
  return sql_.execute("SELECT count(*) FROM registration_codes").value().as_int();
}

bool Codes::revoke(std::string_view id, const std::optional<std::string>& owner) {
  if (owner) {
    return sql_.execute(
                   "DELETE FROM registration_codes WHERE id = $1 AND owner_id = $2"
                   " AND uses = 0",
                   id, *owner)
               .changed == 1;
  }
  return sql_.execute("DELETE FROM registration_codes WHERE id = $1 AND uses = 0", id).changed == 1;
}

bool Codes::forget(std::string_view user) {
  return sql_.execute("DELETE FROM registration_codes WHERE owner_id = $1", user) &&
         sql_.execute("UPDATE registration_codes SET used_by = NULL WHERE used_by = $1", user);
}

std::int64_t Codes::purge() {
  return sql_.execute("DELETE FROM registration_codes WHERE expires_at <= $1", now()).changed;
}

}  // namespace cardea::invites
