// A WebSocket client on a thread of its own: connects, connects again, and sends what waits.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <thread>

#include <libwebsockets.h>

#include <cardea/sdk/event_sink.hpp>

#include "plugins/events_websocket/config.hpp"

namespace cardea::events_websocket {

/// Nothing here makes the control thread wait: push() only queues.
class Client {
 public:
  /// @param choice asked for grouping; outlives this.
  Client(const sdk::EventSinkHost& host, const sdk::EventChoice& choice, Settings settings);
  /// Sends what waits for at most kFlush when there is a connection, then counts the rest as lost.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// [control]
  void push(std::string_view json);

 private:
  using Clock = std::chrono::steady_clock;
  // lws hands the timer back by its address.
  struct Timer {
    lws_sorted_usec_list_t entry{};
    Client* client = nullptr;
  };

  static int on_event(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                      std::size_t size);
  static void on_timer(lws_sorted_usec_list_t* entry);

  void run();
  void connect();
  void connect_later(std::string_view reason);
  void woken();
  int write(lws* wsi);
  void fill();
  [[nodiscard]] bool over() const;

  const sdk::EventSinkHost& host_;
  const sdk::EventChoice& choice_;
  const Settings settings_;
  sdk::EventQueue queue_;
  std::array<lws_protocols, 2> protocols_{};
  std::unique_ptr<lws_context, decltype(&lws_context_destroy)> context_{nullptr,
                                                                        lws_context_destroy};
  std::atomic<bool> stopping_{false};

  // Of the thread.
  struct Message {
    std::string text;
    std::size_t events = 0;
  };
  lws* connection_ = nullptr;  ///< null: none that can be written to
  std::deque<Message> outgoing_;
  Timer reconnect_;
  Timer flush_;
  std::chrono::milliseconds backoff_;
  bool flush_over_ = false;
  bool failing_ = false;  ///< the last attempt failed, and the log has it

  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace cardea::events_websocket
