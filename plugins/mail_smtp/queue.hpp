// Mails that wait: one after the other, again later after a failure that may pass.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>

#include <cardea/feature.h>
#include <cardea/sdk/background.hpp>
#include <cardea/sdk/server.hpp>

#include "plugins/mail_smtp/message.hpp"
#include "plugins/mail_smtp/smtp.hpp"

namespace cardea::mail_smtp {

struct Patience {
  std::size_t longest_queue = 1000;
  int tries = 5;
  std::uint32_t first_wait = 5000;  ///< milliseconds, doubled with each try
};

/// [control] but for what says [work].
class Queue {
 public:
  Queue(const sdk::Host& host, Server server, Patience patience);
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  [[nodiscard]] bool ready() const { return !server_.url.empty(); }
  bool push(Mail mail);

 private:
  struct Entry {
    Entry(Queue& the_owner, Mail the_mail) : owner(the_owner), mail(std::move(the_mail)) {}
    Queue& owner;
    Mail mail;
    int tries = 0;
    std::uint64_t timer = 0;  ///< of the next try
    Outcome outcome;          ///< written by the other thread while it has the entry
    std::list<Entry>::iterator place{};
  };

  void try_now(Entry& entry);
  void try_later(Entry& entry);
  void send(Entry& entry) const;  // on the thread
  void finish(Entry& entry);

  sdk::Host host_;
  sdk::Server counts_;
  const Server server_;
  const Patience patience_;
  const cardea_feature_host_t* timers_;
  std::list<Entry> entries_;
  sdk::Background background_;  ///< last: its thread uses the entries
};

}  // namespace cardea::mail_smtp
