// Response headers.
#include "transports/http/reply.hpp"

#include <algorithm>
#include <memory>

#include <unistd.h>

namespace cardea::http {

namespace {

using Response = std::unique_ptr<MHD_Response, decltype(&MHD_destroy_response)>;

// The page loads nothing from elsewhere; WebSockets may sit on another port or host.
constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; "
    "media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'";

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
  add_default(response, "X-Content-Type-Options", "nosniff");
  add_default(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}

void add_origin(const Response& response, const std::string& origin) {
  if (!origin.empty()) {
    add(response, "Access-Control-Allow-Origin", origin.c_str());
  }
  if (!origin.empty() && origin != "*") {
    add(response, "Vary", "Origin");
  }
}

bool send(MHD_Connection* connection, int status, const Response& response) {
  return response &&
         MHD_queue_response(connection, static_cast<unsigned>(status), response.get()) == MHD_YES;
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

bool reply(MHD_Connection* connection, const Answer& answer, const std::string& origin, bool last) {
  const Response response = make(answer.body);
  add_all(response, answer);
  add_origin(response, origin);
  if (answer.status == 405) {
    add_default(response, MHD_HTTP_HEADER_ALLOW, "GET, POST, OPTIONS");
  }
  if (last) {
    add(response, MHD_HTTP_HEADER_CONNECTION, "close");
  }
  return send(connection, answer.status, response);
}

bool reply_stream(MHD_Connection* connection, const Answer& head, MHD_ContentReaderCallback read,
                  void* argument) {
  constexpr std::size_t kBlock = 16384;
  const Response response(
      MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kBlock, read, argument, nullptr),
      MHD_destroy_response);
  if (!response) {
    return false;
  }
  add_all(response, head);
  return send(connection, 200, response);
}

bool reply_preflight(MHD_Connection* connection, const std::string& origin) {
  const Response response = make({});
  add_origin(response, origin);
  add(response, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  add(response, "Access-Control-Allow-Headers", "Content-Type");
  add(response, "Access-Control-Max-Age", "86400");
  return send(connection, 204, response);
}

bool reply_file(MHD_Connection* connection, const StaticFile& file) {
  const bool same = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH) == file.etag;
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
  add(response, "X-Content-Type-Options", "nosniff");
  add(response, "Content-Security-Policy", kContentSecurityPolicy);
  add(response, "Referrer-Policy", "same-origin");
  add(response, "Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)");
  return send(connection, same ? 304 : 200, response);
}

}  // namespace cardea::http
