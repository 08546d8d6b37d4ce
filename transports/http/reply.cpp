// Response headers.
#include "transports/http/reply.hpp"

#include <algorithm>
#include <memory>

#include <unistd.h>

namespace cardea::http {

namespace {

using Response = std::unique_ptr<MHD_Response, decltype(&MHD_destroy_response)>;

Response make(std::string_view body) {
  // MUST_COPY: libmicrohttpd does not write to the buffer, it only lacks the const.
  return {MHD_create_response_from_buffer(body.size(), const_cast<char*>(body.data()),
                                          MHD_RESPMEM_MUST_COPY),
          MHD_destroy_response};
}

void add(const Response& response, const char* name, const char* value) {
  MHD_add_response_header(response.get(), name, value);
}

void add_default(const Response& response, const char* name, const char* value) {
  if (MHD_get_response_header(response.get(), name) == nullptr) {
    add(response, name, value);
  }
}

void add_all(const Response& response, const Answer& answer) {
  if (!answer.content_type.empty()) {
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.content_type.c_str());
  }
  for (const Header& header : answer.headers) {
    add(response, header.name.c_str(), header.value.c_str());
  }
  add_default(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}

void add_house(const Response& response, const std::vector<Header>& headers) {
  for (const Header& header : headers) {
    add_default(response, header.name.c_str(), header.value.c_str());
  }
}

void add_origin(const Response& response, const std::string& origin) {
  if (!origin.empty()) {
    add(response, "Access-Control-Allow-Origin", origin.c_str());
  }
  if (!origin.empty() && origin != "*") {
    add(response, "Vary", "Origin");
  }
}

bool queue(const Exchange& exchange, int status, const Response& response) {
  return response && MHD_queue_response(exchange.connection, static_cast<unsigned>(status),
                                        response.get()) == MHD_YES;
}

}  // namespace

std::string_view header(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// Those of the answer, and those that every answer has unless it says otherwise.
std::vector<Header> all_headers(MHD_Connection* connection) {
  std::vector<Header> out;
  const auto take = [](void* cls, MHD_ValueKind /*kind*/, const char* name, const char* value) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    static_cast<std::vector<Header>*>(cls)->push_back({lower, value == nullptr ? "" : value});
    return MHD_YES;
  };
  MHD_get_connection_values(connection, MHD_HEADER_KIND, take, &out);
  return out;
}

bool Replies::send(const Exchange& exchange, const Answer& answer, const std::string& origin,
                   bool last) const {
  const Response response = make(answer.body);
  add_all(response, answer);
  add_house(response, house_.of(exchange.secure));
  add_origin(response, origin);
  if (answer.status == 405) {
    add_default(response, MHD_HTTP_HEADER_ALLOW, "GET, POST, OPTIONS");
  }
  if (last) {
    add(response, MHD_HTTP_HEADER_CONNECTION, "close");
  }
  return queue(exchange, answer.status, response);
}

bool Replies::stream(Exchange& exchange, const Answer& head, MHD_ContentReaderCallback read) const {
  constexpr std::size_t kBlock = 16384;
  const Response response(
      MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kBlock, read, &exchange, nullptr),
      MHD_destroy_response);
  if (!response) {
    return false;
  }
  add_all(response, head);
  add_house(response, house_.of(exchange.secure));
  return queue(exchange, 200, response);
}

bool Replies::preflight(const Exchange& exchange, const std::string& origin) const {
  const Response response = make({});
  add_house(response, house_.of(exchange.secure));
  add_origin(response, origin);
  add(response, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  add(response, "Access-Control-Allow-Headers", "Content-Type");
  add(response, "Access-Control-Max-Age", "86400");
  return queue(exchange, 204, response);
}

bool Replies::send_file(const Exchange& exchange, const StaticFile& file) const {
  const bool same = header(exchange.connection, MHD_HTTP_HEADER_IF_NONE_MATCH) == file.etag;
  if (same) {
    close(file.fd);
  }
  const Response response =
      same ? make({})
           : Response(MHD_create_response_from_fd64(file.size, file.fd), MHD_destroy_response);
  if (!response) {
    close(file.fd);
    return false;
  }
  add(response, MHD_HTTP_HEADER_ETAG, file.etag.c_str());
  add(response, MHD_HTTP_HEADER_CACHE_CONTROL,
      file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  add(response, MHD_HTTP_HEADER_CONTENT_TYPE, std::string(file.content_type).c_str());
  add_house(response, house_.of(exchange.secure));
  return queue(exchange, same ? 304 : 200, response);
}

}  // namespace cardea::http
