// Service: mail to people over SMTP.
#include <array>
#include <stdexcept>

#include <cardea/mail.h>
#include <cardea/sdk/config.hpp>
#include <cardea/sdk/module.hpp>

#include "plugins/mail_smtp/queue.hpp"

namespace cardea::mail_smtp {

namespace {

namespace config = sdk::config;

constexpr std::array kConfigKeys{
    config::text("mail", "url", "", 500, "smtp://host:587 or smtps://host; empty: mail is off"),
    config::text("mail", "from", "", 300, "sender: Name <name@example.org>"),
    config::text("mail", "user", "", 300, "name for the server; empty: no login"),
    config::secret("mail", "password", 500, "password for the server"),
    config::boolean("mail", "allow_plain", "no", "whether smtp:// may go without TLS"),
    config::integer("mail", "timeout", "10", 1, 60, "seconds for one delivery"),
    config::integer("mail", "queue", "1000", 1, 100'000, "mails that wait at most"),
    config::integer("mail", "tries", "5", 1, 10, "tries for each mail"),
    config::integer("mail", "retry_ms", "5000", 10, 3'600'000,
                    "milliseconds before the second try, doubled for each further one"),
};

Server read_server(const Json& section) {
  Server out;
  out.url = section["url"].text_or();
  out.user = section["user"].text_or();
  out.password = section["password"].text_or();
  out.from = section["from"].text_or();
  out.timeout = section["timeout"].as_int();
  out.plain = section["allow_plain"].as_bool();
  if (out.url.empty()) {
    return out;
  }
  if (!out.url.starts_with("smtp://") && !out.url.starts_with("smtps://")) {
    throw std::runtime_error("[mail] url: needs an smtp:// or smtps:// address");
  }
  const bool one_line = out.from.find_first_of("\r\n") == std::string::npos;
  if (!one_line || !address_in(out.from)) {
    throw std::runtime_error("[mail] from: needs an address: Name <name@example.org>");
  }
  return out;
}

Patience read_patience(const Json& section) {
  return {static_cast<std::size_t>(section["queue"].as_uint()),
          static_cast<int>(section["tries"].as_int()),
          static_cast<std::uint32_t>(section["retry_ms"].as_uint())};
}

}  // namespace

class MailSmtp {
 public:
  static constexpr const char* kAliases[] = {CARDEA_MAIL_MODULE, nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.mail.smtp",
      .name = "Mail over SMTP",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Sends mail by a server",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  MailSmtp(const cardea_host_t& host, const Json& config)
      : host_(host),
        queue_(host_, read_server(config["mail"]), read_patience(config["mail"])),
        table_{sizeof table_, this, &ready, &send} {}

  const void* get_interface(std::string_view id) const noexcept {
    return id == CARDEA_MAIL ? &table_ : nullptr;
  }

 private:
  static int ready(void* instance) {
    return static_cast<MailSmtp*>(instance)->queue_.ready() ? 1 : 0;
  }
  static int send(void* instance, cardea_str_t to, cardea_str_t subject, cardea_str_t text) {
    auto& self = *static_cast<MailSmtp*>(instance);
    return sdk::guarded(self.host_, "send", -1, [&] {
      Mail mail{std::string(sdk::to_view(to)), std::string(sdk::to_view(subject)),
                std::string(sdk::to_view(text))};
      return self.queue_.push(std::move(mail)) ? 0 : -1;
    });
  }

  sdk::Host host_;
  Queue queue_;
  cardea_mail_t table_;
};

CARDEA_MODULE(MailSmtp);

}  // namespace cardea::mail_smtp
