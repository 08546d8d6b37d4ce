// One delivery over SMTP by libcurl.
#pragma once

#include <atomic>
#include <string>

namespace cardea::mail_smtp {

struct Server {
  std::string url;  ///< "smtp://mail.example.org:587", or smtps://; empty: mail is off
  std::string user;
  std::string password;
  std::string from;
  long timeout = 10;   ///< seconds for all of one delivery
  bool plain = false;  ///< smtp:// may go without TLS
};

enum class Delivery { Done, Later, Never };

struct Outcome {
  Delivery delivery = Delivery::Done;
  std::string reason;  ///< without anything of the mail
};

/// [work] Hands a composed mail to the server.
/// @param stop ends it early.
Outcome deliver(const Server& server, const std::string& to, const std::string& message,
                const std::atomic<bool>& stop);

}  // namespace cardea::mail_smtp
