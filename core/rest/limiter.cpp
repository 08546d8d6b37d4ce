#include "core/rest/limiter.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace cardea::rest {

namespace {

cardea_str_t borrow(const std::string& text) { return {text.data(), text.size()}; }

}  // namespace

void Limiter::take(std::vector<Demand> demands, Done done) {
  Question& question = questions_.emplace_back(*this, std::move(demands), std::move(done));
  question.place = std::prev(questions_.end());
  ask(question);
}

void Limiter::ask(Question& question) {
  if (question.next >= question.demands.size()) {
    finish(question);
    return;
  }
  const Demand& demand = question.demands[question.next];
  const std::string key = "limit:" + demand.name + ":" + demand.key;
  const bool asked =
      bus_ != nullptr && bus_->add(bus_->instance, borrow(key), 1,
                                   std::int64_t{demand.seconds} * 1000, &heard, &question) == 0;
  if (!asked) {
    count_here(question);
  }
}

void Limiter::heard(void* argument, const cardea_bus_answer_t* answer) {
  Question& question = *static_cast<Question*>(argument);
  if (answer->status == CARDEA_BUS_OK) {
    question.owner.counted(question, answer->number, answer->ttl_ms);
  } else {
    question.owner.count_here(question);
  }
}

void Limiter::count_here(Question& question) {
  const Demand& demand = question.demands[question.next];
  const auto count =
      windows_.add(demand.name + ":" + demand.key, std::chrono::seconds(demand.seconds), now_());
  counted(question, count.number,
          std::chrono::duration_cast<std::chrono::milliseconds>(count.left).count());
}

void Limiter::counted(Question& question, std::int64_t number, std::int64_t left_ms) {
  const Demand& demand = question.demands[question.next];
  const Verdict verdict{number <= demand.count, demand.count,
                        std::max<std::int64_t>(0, demand.count - number),
                        std::max<std::int64_t>(1, (left_ms + 999) / 1000)};
  if (question.tightest.limit == 0 || !verdict.allowed ||
      verdict.remaining < question.tightest.remaining) {
    question.tightest = verdict;
  }
  if (!verdict.allowed) {
    metrics_
        .counter("cardea_limit_hits_total", "Times that a bound was reached.",
                 {{"limit", "rest_" + demand.name}})
        .add();
    finish(question);
    return;
  }
  ++question.next;
  ask(question);
}

void Limiter::finish(Question& question) {
  const Done done = std::move(question.done);
  const Verdict verdict = question.tightest;
  questions_.erase(question.place);
  done(verdict);
}

}  // namespace cardea::rest
