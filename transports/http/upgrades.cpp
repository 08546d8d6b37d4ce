#include "transports/http/upgrades.hpp"

#include <array>
#include <utility>
#include <vector>

#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transports/http/request_head.hpp"
#include "transports/http/routes.hpp"

namespace cardea::http {

namespace {

// Apart from the numbers of the exchanges.
constexpr cardea_client_t kFirstClient = cardea_client_t{1} << 62;

Answer problem(int status, const char* text) { return {status, "text/plain", text}; }

std::string_view ticket_of(const Answer& answer) {
  for (const Header& header : answer.headers) {
    if (header.name == CARDEA_SOCKET_TICKET) {
      return header.value;
    }
  }
  return {};
}

// A close() with unread bytes would take the answer away before the client has read it.
void drain(int fd) {
  std::array<char, 4096> bytes;  // NOLINT: filled by recv
  while (recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

Upgrades::Upgrades(const sdk::TransportHost& clients, const cardea_websocket_upgrade_t* websocket,
                   const Settings& settings)
    : clients_(clients),
      websocket_(websocket),
      settings_(settings),
      house_(settings),
      last_(kFirstClient) {}

Upgrades::~Upgrades() {
  for (const auto& [client, waiting] : waiting_) {
    close(waiting.fd);
  }
}

bool Upgrades::ask(const Arrival& arrival, std::string_view head) {
  const RequestHead request = read_head(head);
  const auto path = decoded_path(path_of(request.target));
  if (websocket_ == nullptr || !path || !clients_.http_path(*path)) {
    return false;
  }
  const bool proxied = settings_.trusted_proxies.contains(arrival.address);
  Waiting waiting{arrival.fd,
                  sdk::client_address(arrival.address, request.header("x-forwarded-for"),
                                      settings_.trusted_proxies),
                  arrival.secure || (proxied && request.header("x-forwarded-proto") == "https"),
                  std::chrono::steady_clock::now() + settings_.answer_timeout};
  if (!settings_.acl.empty() && !settings_.acl.contains(waiting.address)) {
    refuse(waiting, problem(403, "Not from this address\n"));
    return true;
  }
  std::vector<cardea_http_header_t> headers;
  headers.reserve(request.headers.size());
  for (const Header& header : request.headers) {
    headers.push_back({sdk::to_str(header.name), sdk::to_str(header.value)});
  }
  const std::string_view host = host_name(request.header("host"));
  const std::string base =
      host.empty() ? std::string() : (waiting.secure ? "https://" : "http://") + std::string(host);
  const std::string address = waiting.address;
  cardea_client_t client = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() < settings_.max_connections) {
      client = ++last_;
      waiting_.emplace(client, waiting);
    }
  }
  const bool asked = client != 0 && clients_.http({0,
                                                   client,
                                                   sdk::to_str("GET"),
                                                   sdk::to_str(*path),
                                                   sdk::to_str(query_of(request.target)),
                                                   {},
                                                   sdk::to_str(address),
                                                   0,
                                                   headers.data(),
                                                   headers.size(),
                                                   sdk::to_str(base)});
  if (!asked) {
    clients_.count("host_busy");
    if (client == 0) {
      refuse(waiting, problem(503, "Server is busy\n"));
    } else {
      answer(client, problem(503, "Server is busy\n"));
    }
  }
  return true;
}

bool Upgrades::answer(cardea_client_t client, const Answer& answer) {
  Waiting waiting;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = waiting_.find(client);
    if (found == waiting_.end()) {
      return client > kFirstClient;
    }
    waiting = std::move(found->second);
    waiting_.erase(found);
  }
  clients_.closed(client);
  if (answer.status != 101) {
    refuse(waiting, answer);
  } else if (websocket_->adopt(websocket_->instance, waiting.fd, sdk::to_str(waiting.address),
                               sdk::to_str(ticket_of(answer))) < 0) {
    close(waiting.fd);
  }
  return true;
}

void Upgrades::refuse(const Waiting& waiting, const Answer& answer) const {
  const auto status = static_cast<unsigned>(answer.status);
  std::string text = "HTTP/1.1 " + std::to_string(status) + " " +
                     MHD_get_reason_phrase_for(status) + "\r\nConnection: close\r\n";
  const auto add = [&](const std::string& name, const std::string& value) {
    text.append(name).append(": ").append(value).append("\r\n");
  };
  for (const Header& header : answer.headers) {
    add(header.name, header.value);
  }
  for (const Header& header : house_.of(waiting.secure)) {
    add(header.name, header.value);
  }
  if (!answer.content_type.empty()) {
    add("Content-Type", answer.content_type);
  }
  add("Content-Length", std::to_string(answer.body.size()));
  text += "\r\n" + answer.body;
  drain(waiting.fd);
  // What does not fit into the socket's buffer now would not be read either.
  send(waiting.fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown(waiting.fd, SHUT_WR);
  close(waiting.fd);
}

void Upgrades::expire(Time now) {
  std::vector<cardea_client_t> late;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [client, waiting] : waiting_) {
      if (now >= waiting.until) {
        late.push_back(client);
      }
    }
  }
  for (const cardea_client_t client : late) {
    clients_.count("answer_timeout");
    answer(client, problem(504, "No answer\n"));
  }
}

}  // namespace cardea::http
