#include "plugins/mail_smtp/smtp.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include <curl/curl.h>

#include "plugins/mail_smtp/message.hpp"

namespace cardea::mail_smtp {

namespace {

std::size_t read_some(char* out, std::size_t size, std::size_t count, void* user) {
  auto& rest = *static_cast<std::string_view*>(user);
  const std::size_t length = std::min(size * count, rest.size());
  std::memcpy(out, rest.data(), length);
  rest.remove_prefix(length);
  return length;
}

int look_at_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<const std::atomic<bool>*>(user) ? 1 : 0;
}

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

bool prepare(CURL* curl, const Server& server, const std::string& from, curl_slist* recipients,
             std::string_view& rest) {
  bool good = true;
  const auto set = [&](CURLoption name, auto value) {
    good = good && curl_easy_setopt(curl, name, value) == CURLE_OK;
  };
  set(CURLOPT_URL, server.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_USE_SSL, static_cast<long>(server.plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT, server.timeout);
  set(CURLOPT_MAIL_FROM, from.c_str());
  set(CURLOPT_MAIL_RCPT, recipients);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &read_some);
  set(CURLOPT_READDATA, static_cast<void*>(&rest));
  if (!server.user.empty()) {
    set(CURLOPT_USERNAME, server.user.c_str());
    set(CURLOPT_PASSWORD, server.password.c_str());
  }
  return good;
}

// RFC 5321 4.2.1: 4yz is worth another try, 5yz is final.
Outcome outcome_of(CURL* curl, CURLcode result) {
  if (result == CURLE_OK) {
    return {};
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  const bool final_answer = status >= 500 && status < 600;
  std::string reason = curl_easy_strerror(result);
  if (status >= 400) {
    reason += " (the server answers " + std::to_string(status) + ")";
  }
  return {final_answer ? Delivery::Never : Delivery::Later, reason};
}

}  // namespace

Outcome deliver(const Server& server, const std::string& to, const std::string& message,
                const std::atomic<bool>& stop) {
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  const List recipients(curl_slist_append(nullptr, to.c_str()), curl_slist_free_all);
  const std::string from = address_in(server.from).value_or("");
  std::string_view rest(message);
  if (curl == nullptr || recipients == nullptr ||
      !prepare(curl.get(), server, from, recipients.get(), rest)) {
    return {Delivery::Never, "libcurl refuses an option"};
  }
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &look_at_stop);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &stop);
  return outcome_of(curl.get(), curl_easy_perform(curl.get()));
}

}  // namespace cardea::mail_smtp
