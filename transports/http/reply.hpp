// Puts answers on the wire with the headers that their kind needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <microhttpd.h>

#include "transports/http/exchange.hpp"
#include "transports/http/static_files.hpp"

namespace cardea::http {

/// A request header's value, empty when absent. Valid while the request lives.
std::string_view header(MHD_Connection* connection, const char* name);

/// All of them, names in lower case.
std::vector<Header> all_headers(MHD_Connection* connection);

/// All return false when libmicrohttpd refused, and the connection has to be cut.
/// @param origin of pages that may read it: one, "*", or empty for those of this server only.
/// @param last closes the connection after the answer.
bool reply(MHD_Connection* connection, const Answer& answer, const std::string& origin, bool last);
/// The head of a stream; `read` as MHD_ContentReaderCallback has it.
bool reply_stream(MHD_Connection* connection, const Answer& head, MHD_ContentReaderCallback read,
                  void* argument);
bool reply_preflight(MHD_Connection* connection, const std::string& origin);
/// @param file its descriptor is closed in all cases.
bool reply_file(MHD_Connection* connection, const StaticFile& file);

}  // namespace cardea::http
