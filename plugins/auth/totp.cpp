#include "plugins/auth/totp.hpp"

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/usernames.hpp"

namespace cardea::auth::totp {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kSecretBytes = 20;  // RFC 4226, section 4

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

// As people type it: capitals and white space do not matter.
std::string backup_hash(std::string_view user, std::string_view code) {
  return sha256_hex(std::string(user) + "\n" + folded(trimmed(code)));
}

}  // namespace

std::string base32(std::string_view bytes) {
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char each : bytes) {
    held = (held << 8) | static_cast<unsigned char>(each);
    for (bits += 8; bits >= 5; bits -= 5) {
      out += kAlphabet[(held >> (bits - 5)) & 31];
    }
  }
  if (bits > 0) {
    out += kAlphabet[(held << (5 - bits)) & 31];
  }
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char each : text) {
    const std::size_t value = kAlphabet.find(each);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    held = (held << 5) | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>((held >> bits) & 255);
    }
  }
  return out;
}

std::string code_at(std::string_view key, std::int64_t step, int digits) {
  std::string counter(8, '\0');
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<char>((static_cast<std::uint64_t>(step) >> (56 - 8 * i)) & 255);
  }
  const std::string hash = hmac_sha1(key, counter);
  // RFC 4226, section 5.3.
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(hash[at]));
  };
  const std::size_t offset = byte(hash.size() - 1) & 15;
  std::uint32_t number = ((byte(offset) & 0x7f) << 24) | (byte(offset + 1) << 16) |
                         (byte(offset + 2) << 8) | byte(offset + 3);
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto at = out.rbegin(); at != out.rend(); ++at, number /= 10) {
    *at = static_cast<char>('0' + number % 10);
  }
  return out;
}

std::optional<std::int64_t> matching_step(std::string_view key, std::string_view code,
                                          std::int64_t now, std::int64_t after) {
  std::optional<std::int64_t> found;
  for (std::int64_t step = now / kStep - 1; step <= now / kStep + 1; ++step) {
    if (sdk::same_secret(code_at(key, step), code) && step > after) {
      found = step;
    }
  }
  return found;
}

std::string new_secret() { return base32(random_bytes(kSecretBytes)); }

std::string otpauth_uri(std::string_view issuer, std::string_view account,
                        std::string_view secret) {
  return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(account) +
         "?secret=" + std::string(secret) + "&issuer=" + percent_encoded(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

std::optional<Factor> find(sdk::Transaction& transaction, std::string_view user) {
  const auto found = transaction.execute(
      "SELECT secret, enabled, last_step FROM auth_totp WHERE user_id = $1", user);
  if (found.rows.empty()) {
    return std::nullopt;
  }
  const sdk::SqlRow& row = found.rows.front();
  return Factor{std::string(row[0].as_text()), row[1].as_int() != 0, row[2].as_int()};
}

void set_pending(sdk::Transaction& transaction, std::string_view user, std::string_view secret) {
  transaction.execute(
      "INSERT INTO auth_totp (user_id, secret, enabled, last_step) VALUES ($1, $2, 0, 0) "
      "ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, enabled = 0, last_step = 0",
      user, secret);
}

void enable(sdk::Transaction& transaction, std::string_view user) {
  transaction.execute("UPDATE auth_totp SET enabled = 1 WHERE user_id = $1", user);
}

void remove(sdk::Transaction& transaction, std::string_view user) {
  transaction.execute("DELETE FROM auth_backup_codes WHERE user_id = $1", user);
  transaction.execute("DELETE FROM auth_totp WHERE user_id = $1", user);
}

void add_backup_code(sdk::Transaction& transaction, std::string_view user, std::string_view code) {
  transaction.execute("INSERT INTO auth_backup_codes (user_id, hash) VALUES ($1, $2)", user,
                      backup_hash(user, code));
}

std::int64_t backup_codes_left(sdk::Transaction& transaction, std::string_view user) {
  return transaction.execute("SELECT COUNT(*) FROM auth_backup_codes WHERE user_id = $1", user)
      .value()
      .as_int();
}

bool use_code(sdk::Transaction& transaction, std::string_view user, const Factor& factor,
              std::string_view code, std::int64_t now) {
  const auto key = from_base32(factor.secret);
  const auto step = key ? matching_step(*key, code, now, factor.last_step) : std::nullopt;
  if (step) {
    return transaction
               .execute("UPDATE auth_totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2",
                        user, *step)
               .changed != 0;
  }
  return transaction
             .execute("DELETE FROM auth_backup_codes WHERE user_id = $1 AND hash = $2", user,
                      backup_hash(user, code))
             .changed != 0;
}

}  // namespace cardea::auth::totp
