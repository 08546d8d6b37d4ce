#include "plugins/mail_smtp/message.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace cardea::mail_smtp {

namespace {

constexpr std::size_t kLongestAddress = 254;  // RFC 5321 4.5.3.1.3
constexpr std::size_t kLine = 76;             // RFC 2045 6.8
constexpr std::size_t kWord = 45;             // bytes that make an encoded word of 75 (RFC 2047 2)

std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kAlphabet[group >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

bool is_plain(std::string_view text) {
  return text.size() <= kLine &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// A header cannot hold line ends or anything but ASCII: other subjects go as encoded words, cut
// between characters.
std::string header_text(std::string_view text) {
  if (is_plain(text)) {
    return std::string(text);
  }
  std::string out;
  while (!text.empty()) {
    std::size_t end = std::min(kWord - 12, text.size());
    while (end < text.size() && end > 1 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
      --end;
    }
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(text.substr(0, end)) + "?=";
    text.remove_prefix(end);
  }
  return out;
}

std::string date(std::int64_t seconds) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d +0000",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text.data();
}

}  // namespace

bool is_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (text.size() > kLongestAddress || at == std::string_view::npos || at == 0 ||
      at + 1 == text.size() || text.find('@') != at) {
    return false;
  }
  constexpr std::string_view kForbidden = "<>()[]\\,;:\"";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return c > ' ' && c <= '~' && kForbidden.find(c) == std::string_view::npos;
  });
}

std::optional<std::string> address_in(std::string_view from) {
  const std::size_t open = from.rfind('<');
  if (open != std::string_view::npos && from.ends_with('>')) {
    from = from.substr(open + 1, from.size() - open - 2);
  }
  return is_address(from) ? std::optional(std::string(from)) : std::nullopt;
}

std::string compose(const Mail& mail, const std::string& from, std::int64_t seconds,
                    const std::string& id) {
  const std::string sender = address_in(from).value_or("");
  const std::string domain = sender.substr(std::min(sender.find('@'), sender.size() - 1) + 1);
  std::string out;
  out += "Date: " + date(seconds) + "\r\n";
  out += "From: " + from + "\r\n";
  out += "To: " + mail.to + "\r\n";
  out += "Subject: " + header_text(mail.subject) + "\r\n";
  out += "Message-ID: <" + id + "@" + domain + ">\r\n";
  out += "Auto-Submitted: auto-generated\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += "Content-Type: text/plain; charset=utf-8\r\n";
  out += "Content-Transfer-Encoding: base64\r\n\r\n";
  const std::string body = base64(mail.text);
  for (std::size_t i = 0; i < body.size(); i += kLine) {
    out += body.substr(i, kLine) + "\r\n";
  }
  return out;
}

}  // namespace cardea::mail_smtp
