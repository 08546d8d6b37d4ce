// What a module may know of its server, in C++.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include <cardea/sdk/module.hpp>
#include <cardea/server.h>

namespace cardea::sdk {

/// A value that borrows the host's table. Without one (a host that is no Cardea) texts are empty
/// and limits hold. [any], but for the constructor.
class Server {
 public:
  /// [control]
  explicit Server(const Host& host)
      : host_(host), table_(host.get_interface<cardea_server_t>(CARDEA_SERVER)) {}

  /// Where the transports listen, as URLs separated by spaces.
  [[nodiscard]] std::string addresses() const {
    return table_ == nullptr ? std::string() : text(table_->addresses);
  }
  /// Where everything is written; it may not exist yet.
  [[nodiscard]] std::string data_folder() const {
    return table_ == nullptr ? std::string() : text(table_->data_folder);
  }
  /// The folder of files to be served or shown.
  [[nodiscard]] std::string share_folder() const {
    return table_ == nullptr ? std::string() : text(table_->share_folder);
  }
  /// The origins whose pages may connect: words of a list, as configured.
  [[nodiscard]] std::vector<std::string> origins() const {
    return table_ == nullptr ? std::vector<std::string>() : words(table_->origins);
  }
  /// The addresses and networks of proxies that are believed about their clients.
  [[nodiscard]] std::vector<std::string> trusted_proxies() const {
    return table_ == nullptr ? std::vector<std::string>() : words(table_->trusted_proxies);
  }
  /// Counts that a bound of the module was reached. @param limit one of a few names.
  void limit_hit(const char* limit) const {
    if (table_ != nullptr && table_->limit_hit != nullptr) {
      table_->limit_hit(host_.context(), limit);
    }
  }
  [[nodiscard]] bool limits_enabled() const {
    return table_ == nullptr || table_->limits_enabled(host_.context()) != 0;
  }

 private:
  [[nodiscard]] std::string text(std::size_t (*read)(void*, char*, std::size_t)) const {
    std::string out(read(host_.context(), nullptr, 0), '\0');
    read(host_.context(), out.data(), out.size());
    return out;
  }
  [[nodiscard]] std::vector<std::string> words(std::size_t (*read)(void*, char*,
                                                                   std::size_t)) const {
    std::istringstream stream(text(read));
    std::vector<std::string> out;
    for (std::string word; stream >> word;) {
      out.push_back(word);
    }
    return out;
  }

  Host host_;
  const cardea_server_t* table_;
};

}  // namespace cardea::sdk
