// One request under way, with all that outlives the turn in which it came.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/http.h>
#include <cardea/identity.h>
#include <cardea/rest.h>

#include "core/base/time.hpp"
#include "core/rest/catalog.hpp"
#include "core/rest/limiter.hpp"

namespace cardea::rest {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A copy of what the identity service said.
struct Principal {
  cardea_rank_t rank = CARDEA_RANK_NOBODY;
  std::string id;
  std::string name;
  std::string session;
  std::string token;
  std::int64_t expires = 0;
  std::string grants;

  [[nodiscard]] cardea_principal_t view() const {
    const auto borrow = [](const std::string& text) {
      return cardea_str_t{text.data(), text.size()};
    };
    return {sizeof(cardea_principal_t),
            rank,
            borrow(id),
            borrow(name),
            borrow(session),
            borrow(token),
            expires,
            borrow(grants)};
  }
};

struct Call {
  cardea_http_exchange_t exchange = 0;
  const Route* route = nullptr;  ///< null: none was found
  PathValues values;
  std::string method;
  std::string query;
  std::string body;
  std::string remote_address;
  std::string base_url;
  std::string origin;  ///< of another page that may read the answer; else empty
  std::string request_id;
  Headers headers;  ///< of the request
  Principal principal;
  Limiter::Verdict rate;
  bool streams = false;
  Time started{};

  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) {
        return value;
      }
    }
    return {};
  }
  /// Without its parameters, lower case.
  [[nodiscard]] std::string content_type() const {
    std::string type(header("content-type"));
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) {
      type.pop_back();
    }
    for (char& c : type) {
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return type;
  }
};

}  // namespace cardea::rest
