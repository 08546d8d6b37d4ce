// The thread that posts: one request at a time, again after a failure, until the queue is empty.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <curl/curl.h>

#include <cardea/sdk/event_sink.hpp>

#include "plugins/events_webhook/config.hpp"

namespace cardea::events_webhook {

/// Nothing here makes the control thread wait: push() only queues.
class Sender {
 public:
  /// @param choice asked for grouping; outlives this.
  Sender(const sdk::EventSinkHost& host, const sdk::EventChoice& choice, Settings settings);
  /// Sends what waits for at most kFlush, then counts the rest as lost.
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// [control]
  void push(std::string_view json);

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void send(std::vector<std::string> events);
  bool deliver(const std::string& body);
  bool post(const std::string& body);
  void prepare();
  [[nodiscard]] bool out_of_time() const;

  const sdk::EventSinkHost& host_;
  const sdk::EventChoice& choice_;
  const Settings settings_;
  sdk::EventQueue queue_;
  std::atomic<Clock::time_point> give_up_{Clock::time_point::max()};
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
  bool failing_ = false;  ///< the last attempt failed, and the log has it
  std::thread thread_;    ///< last: it uses all of the above
};

}  // namespace cardea::events_webhook
