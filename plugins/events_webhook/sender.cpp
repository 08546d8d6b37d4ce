#include "plugins/events_webhook/sender.hpp"

#include <algorithm>
#include <stdexcept>

namespace cardea::events_webhook {

namespace {

constexpr auto kFlush = std::chrono::seconds(1);
constexpr std::chrono::milliseconds kLongestBackoff = std::chrono::seconds(30);

// What the backend answers is of no interest.
std::size_t swallow(char* /*data*/, std::size_t size, std::size_t count, void* /*user*/) {
  return size * count;
}

template <typename Value>
void option(CURL* curl, CURLoption name, Value value) {
  if (curl_easy_setopt(curl, name, value) != CURLE_OK) {
    throw std::runtime_error("libcurl refuses an option");
  }
}

}  // namespace

Sender::Sender(const sdk::EventSinkHost& host, const sdk::EventChoice& choice, Settings settings)
    : host_(host),
      choice_(choice),
      settings_(std::move(settings)),
      queue_(settings_.queue_bytes),
      curl_(curl_easy_init(), curl_easy_cleanup),
      headers_(curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all) {
  if (curl_ == nullptr || headers_ == nullptr) {
    throw std::runtime_error("libcurl does not start");
  }
  prepare();
  thread_ = std::thread([this] { run(); });
}

Sender::~Sender() {
  give_up_ = Clock::now() + kFlush;
  queue_.stop();
  thread_.join();
}

void Sender::push(std::string_view json) {
  if (!queue_.push(json)) {
    host_.overflow();
  }
}

void Sender::prepare() {
  CURL* curl = curl_.get();
  option(curl, CURLOPT_URL, settings_.backend.c_str());
  option(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  option(curl, CURLOPT_FOLLOWLOCATION, 0L);
  option(curl, CURLOPT_NOSIGNAL, 1L);
  option(curl, CURLOPT_POST, 1L);
  option(curl, CURLOPT_HTTPHEADER, headers_.get());
  option(curl, CURLOPT_TIMEOUT, static_cast<long>(settings_.timeout.count()));
  option(curl, CURLOPT_WRITEFUNCTION, &swallow);
  option(curl, CURLOPT_NOPROGRESS, 0L);
  option(curl, CURLOPT_XFERINFODATA, this);
  option(
      curl, CURLOPT_XFERINFOFUNCTION,
      +[](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Sender*>(self)->out_of_time() ? 1 : 0;
      });
  if (!settings_.user.empty()) {
    option(curl, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    option(curl, CURLOPT_USERNAME, settings_.user.c_str());
    option(curl, CURLOPT_PASSWORD, settings_.password.c_str());
  }
}

bool Sender::out_of_time() const { return Clock::now() >= give_up_.load(); }

void Sender::run() {
  for (auto events = queue_.wait(settings_.batch_events); !events.empty();
       events = queue_.wait(settings_.batch_events)) {
    sdk::guarded(host_, "send", [&] { send(std::move(events)); });
  }
}

void Sender::send(std::vector<std::string> events) {
  const bool grouping = choice_.grouping();
  const std::size_t count = events.size();
  for (const std::string& body : sdk::event_bodies(std::move(events), grouping)) {
    host_.count(deliver(body) ? "sent" : "lost", grouping ? count : 1);
  }
}

bool Sender::deliver(const std::string& body) {
  auto wait = settings_.backoff;
  for (int attempt = 0; attempt <= settings_.retries && !out_of_time(); ++attempt) {
    if (attempt > 0) {
      host_.count("retried", 1);
      if (!queue_.pause(wait)) {
        return post(body);  // The server ends: one last try.
      }
      wait = std::min(wait * 2, kLongestBackoff);
    }
    if (post(body)) {
      return true;
    }
  }
  return false;
}

bool Sender::post(const std::string& body) {
  CURL* curl = curl_.get();
  option(curl, CURLOPT_POSTFIELDS, body.c_str());
  option(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  const CURLcode result = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  const bool good = result == CURLE_OK && status >= 200 && status < 300;
  if (!good && !failing_) {
    host_.warn("events cannot be delivered: " +
               (result == CURLE_OK ? "the backend answers " + std::to_string(status)
                                   : std::string(curl_easy_strerror(result))));
  } else if (good && failing_) {
    host_.info("events are delivered again");
  }
  failing_ = !good;
  return good;
}

}  // namespace cardea::events_webhook
