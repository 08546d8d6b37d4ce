#include "plugins/auth/oauth/fetch.hpp"

#include <memory>
#include <string_view>

#include <curl/curl.h>

namespace cardea::auth::oauth {

namespace {

constexpr long kDeadline = 10;  // seconds, for all of one request
constexpr std::size_t kMostBytes = 1 << 20;

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::size_t take(char* data, std::size_t size, std::size_t count, void* user) {
  auto& body = *static_cast<std::string*>(user);
  if (size * count > kMostBytes - body.size()) {
    return 0;  // ends the transfer
  }
  body.append(data, size * count);
  return size * count;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

bool add(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) {
    return false;
  }
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

struct Transfer {
  std::string form;
  std::string body;
  const std::atomic<bool>& stop;
};

int look_at_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Transfer*>(user)->stop ? 1 : 0;
}

bool prepare(CURL* curl, const Question& question, curl_slist* headers, Transfer& transfer) {
  bool good = true;
  const auto set = [&](CURLoption name, auto value) {
    good = good && curl_easy_setopt(curl, name, value) == CURLE_OK;
  };
  set(CURLOPT_URL, question.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT, kDeadline);
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(kMostBytes));
  set(CURLOPT_USERAGENT, "Cardea");
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_WRITEFUNCTION, &take);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer.body));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &look_at_stop);
  set(CURLOPT_XFERINFODATA, static_cast<void*>(&transfer));
  if (!question.form.empty()) {
    set(CURLOPT_POSTFIELDS, transfer.form.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.form.size()));
  }
  return good;
}

}  // namespace

std::string form_of(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    out += (out.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
  }
  return out;
}

Result<Json> fetch_json(const Provider& provider, const Question& question,
                        const std::atomic<bool>& stop) {
  const std::string host = place_of(question.url).host;
  if (!provider.may_reach(question.url)) {
    return Error{"its host \"" + host + "\" is none of the provider's"};
  }
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  List headers(nullptr, curl_slist_free_all);
  Transfer transfer{form_of(question.form), {}, stop};
  if (curl == nullptr || !add(headers, "Accept: application/json") ||
      (!question.bearer.empty() && !add(headers, "Authorization: Bearer " + question.bearer)) ||
      !prepare(curl.get(), question, headers.get(), transfer)) {
    return Error{"libcurl refuses an option"};
  }
  if (const CURLcode result = curl_easy_perform(curl.get()); result != CURLE_OK) {
    return Error{host + ": " + curl_easy_strerror(result)};
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    return Error{host + " answers " + std::to_string(status), static_cast<int>(status)};
  }
  auto json = Json::parse(transfer.body);
  if (!json) {
    return Error{host + " answers no JSON"};
  }
  return json;
}

}  // namespace cardea::auth::oauth
