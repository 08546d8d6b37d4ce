// Puts answers on the wire with the headers that their kind needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <microhttpd.h>

#include "transports/http/exchange.hpp"
#include "transports/http/house_headers.hpp"
#include "transports/http/static_files.hpp"

namespace cardea::http {

/// A request header's value, empty when absent. Valid while the request lives.
std::string_view header(MHD_Connection* connection, const char* name);

/// All of them, names in lower case.
std::vector<Header> all_headers(MHD_Connection* connection);

/// [http] All return false when libmicrohttpd refused, and the connection has to be cut.
class Replies {
 public:
  explicit Replies(const Settings& settings) : house_(settings) {}

  /// @param origin of pages that may read it: one, "*", or empty for those of this server only.
  /// @param last closes the connection after the answer.
  [[nodiscard]] bool send(const Exchange& exchange, const Answer& answer, const std::string& origin,
                          bool last) const;
  /// The head of a stream; `read` as MHD_ContentReaderCallback has it.
  bool stream(Exchange& exchange, const Answer& head, MHD_ContentReaderCallback read) const;
  [[nodiscard]] bool preflight(const Exchange& exchange, const std::string& origin) const;
  /// @param file its descriptor is closed in all cases.
  [[nodiscard]] bool send_file(const Exchange& exchange, const StaticFile& file) const;

 private:
  HouseHeaders house_;
};

}  // namespace cardea::http
