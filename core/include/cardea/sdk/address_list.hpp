// Lists of IP addresses, for access and for trusted proxies, and the client behind such proxies.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::sdk {

/// Addresses ("192.0.2.1"), networks ("10.0.0.0/8", "fd00::/8") and, as in Janus, beginnings of an
/// address ("192.168.0.").
class AddressList {
 public:
  AddressList() = default;

  /// @param list of a module's configuration.
  static Result<AddressList> read(const Json& list) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < list.size(); ++i) {
      words.emplace_back(list.at(i).text_or());
    }
    return parse(words);
  }

  static Result<AddressList> parse(const std::vector<std::string>& words) {
    AddressList list;
    for (const std::string& word : words) {
      if (!list.add(word)) {
        return Error{"not an address, network or beginning of an address: " + word};
      }
    }
    return list;
  }

  [[nodiscard]] bool empty() const { return networks_.empty() && beginnings_.empty(); }

  /// @param address an IP without port; anything else is in no list.
  [[nodiscard]] bool contains(std::string_view address) const {
    const auto bytes = parse_address(address);
    if (!bytes) {
      return false;
    }
    const auto covers = [&](const Network& network) {
      std::size_t left = network.bits;
      for (std::size_t i = 0; left > 0; ++i) {
        const std::size_t bits = std::min<std::size_t>(left, 8);
        const auto mask = static_cast<std::uint8_t>(0xff00U >> bits);
        if (((network.bytes[i] ^ (*bytes)[i]) & mask) != 0) {
          return false;
        }
        left -= bits;
      }
      return true;
    };
    return std::any_of(networks_.begin(), networks_.end(), covers) ||
           std::any_of(beginnings_.begin(), beginnings_.end(),
                       [&](const std::string& begin) { return address.starts_with(begin); });
  }

 private:
  // IPv4 as IPv6 has it, RFC 4291 2.5.5.2.
  using Bytes = std::array<std::uint8_t, 16>;
  struct Network {
    Bytes bytes{};
    std::size_t bits = 128;
  };
  static constexpr std::size_t kMappedBits = 96;

  static std::optional<Bytes> parse_address(std::string_view text) {
    const std::string terminated(text);
    Bytes bytes{};
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) {
      return bytes;
    }
    bytes[10] = bytes[11] = 0xff;
    return inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1 ? std::optional(bytes)
                                                                          : std::nullopt;
  }

  bool add(const std::string& word) {
    const auto slash = word.find('/');
    const auto bytes = parse_address(std::string_view(word).substr(0, slash));
    if (!bytes) {
      const bool begins = !word.empty() && slash == std::string::npos &&
                          (word.back() == '.' || word.back() == ':') &&
                          word.find_first_not_of("0123456789abcdef.:") == std::string::npos;
      if (begins) {
        beginnings_.push_back(word);
      }
      return begins;
    }
    const std::size_t base = word.find(':') == std::string::npos ? kMappedBits : 0;
    std::size_t bits = 128 - base;
    if (slash != std::string::npos) {
      const char* end = word.data() + word.size();
      const auto [at, error] = std::from_chars(word.data() + slash + 1, end, bits);
      if (error != std::errc() || at != end || bits > 128 - base) {
        return false;
      }
    }
    networks_.push_back({*bytes, base + bits});
    return true;
  }

  std::vector<Network> networks_;
  std::vector<std::string> beginnings_;
};

/// Who speaks through proxies: the right-most hop of X-Forwarded-For that is not itself trusted.
/// The header counts only when the peer is trusted, and only as far as it holds addresses.
inline std::string client_address(std::string_view peer, std::string_view forwarded,
                                  const AddressList& trusted) {
  static const auto any = AddressList::parse({"::/0"});
  std::string client(peer);
  while (!forwarded.empty() && trusted.contains(client)) {
    const auto comma = forwarded.rfind(',');
    std::string_view hop =
        comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    forwarded = comma == std::string_view::npos ? std::string_view() : forwarded.substr(0, comma);
    hop.remove_prefix(std::min(hop.find_first_not_of(" \t"), hop.size()));
    hop = hop.substr(0, hop.find_last_not_of(" \t") + 1);
    if (!any->contains(hop)) {
      break;
    }
    client = hop;
  }
  return client;
}

}  // namespace cardea::sdk
