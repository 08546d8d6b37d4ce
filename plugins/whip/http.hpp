// HTTP requests and answers as the WHIP service uses them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/http.h>
#include <cardea/sdk/module.hpp>

namespace cardea::whip {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Valid during the call that brings it.
class Incoming {
 public:
  explicit Incoming(const cardea_http_incoming_t& raw) : raw_(&raw) {}

  [[nodiscard]] cardea_http_exchange_t exchange() const { return raw_->exchange; }
  [[nodiscard]] std::string_view method() const { return sdk::to_view(raw_->method); }
  [[nodiscard]] std::string_view path() const { return sdk::to_view(raw_->path); }
  [[nodiscard]] std::string_view body() const { return sdk::to_view(raw_->body); }
  /// @param name in lower case. Empty when it is missing.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (std::size_t i = 0; i < raw_->header_count; ++i) {
      if (sdk::to_view(raw_->headers[i].name) == name) {
        return sdk::to_view(raw_->headers[i].value);
      }
    }
    return {};
  }
  /// Without its parameters.
  [[nodiscard]] std::string_view content_type() const {
    std::string_view type = header("content-type");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) {
      type.remove_suffix(1);
    }
    return type;
  }

 private:
  const cardea_http_incoming_t* raw_;
};

/// Answers exchanges.
class Responder {
 public:
  Responder(const sdk::Host& host, const cardea_http_t* http) : host_(host), http_(http) {}

  void operator()(cardea_http_exchange_t exchange, int status, const Headers& headers = {},
                  std::string_view body = {}) const {
    std::vector<cardea_http_header_t> in_c;
    in_c.reserve(headers.size());
    for (const auto& [name, value] : headers) {
      in_c.push_back({sdk::to_str(name), sdk::to_str(value)});
    }
    http_->respond(host_.context(), exchange, status, in_c.data(), in_c.size(), sdk::to_str(body));
  }
  /// An error with its reason in plain words.
  void refuse(cardea_http_exchange_t exchange, int status, std::string_view reason,
              Headers headers = {}) const {
    headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    (*this)(exchange, status, headers, reason);
  }

 private:
  sdk::Host host_;
  const cardea_http_t* http_;
};

}  // namespace cardea::whip
