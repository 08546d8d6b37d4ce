// How often an address or an account may ask, over all nodes that share the bus.
#pragma once

#include <functional>
#include <list>
#include <string>
#include <vector>

#include <cardea/bus.h>

#include "core/metrics/metrics.hpp"
#include "core/rest/windows.hpp"

namespace cardea::rest {

/// [control]
class Limiter {
 public:
  struct Demand {
    std::string name;  ///< of the limit, for metrics
    std::string key;   ///< of who asks
    std::uint32_t count = 0;
    std::uint32_t seconds = 0;
  };
  /// How the tightest of the demands stands.
  struct Verdict {
    bool allowed = true;
    std::uint32_t limit = 0;  ///< 0: no limit was asked for
    std::int64_t remaining = 0;
    std::int64_t reset_seconds = 0;
  };
  using Done = std::function<void(const Verdict&)>;

  Limiter(metrics::Registry& metrics, std::function<Time()> now)
      : metrics_(metrics), now_(std::move(now)) {}
  Limiter(const Limiter&) = delete;
  Limiter& operator=(const Limiter&) = delete;

  /// @param bus null: this server counts alone. While the bus is away it does so as well.
  void use(const cardea_bus_t* bus) { bus_ = bus; }

  /// Counts one request against each demand in order and stops at the first that is used up. `done`
  /// may come within the call; at the server's end it may not come.
  void take(std::vector<Demand> demands, Done done);

 private:
  struct Question {
    Question(Limiter& the_owner, std::vector<Demand> the_demands, Done the_done)
        : owner(the_owner), demands(std::move(the_demands)), done(std::move(the_done)) {}
    Limiter& owner;
    std::vector<Demand> demands;
    Done done;
    std::size_t next = 0;
    Verdict tightest;
    std::list<Question>::iterator place{};
  };

  void ask(Question& question);
  void count_here(Question& question);
  void counted(Question& question, std::int64_t number, std::int64_t left_ms);
  void finish(Question& question);
  static void heard(void* argument, const cardea_bus_answer_t* answer);

  metrics::Registry& metrics_;
  std::function<Time()> now_;
  const cardea_bus_t* bus_ = nullptr;
  Windows windows_;
  std::list<Question> questions_;
};

}  // namespace cardea::rest
