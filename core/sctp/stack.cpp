#include "core/sctp/stack.hpp"

#include <usrsctp.h>

#include "core/sctp/association.hpp"

namespace cardea::sctp {
namespace {

constexpr std::size_t kScratch = std::size_t{64} * 1024;
// Associations that were just aborted may need a timer or two until usrsctp lets go of them.
constexpr int kFinishTries = 100;
constexpr std::uint32_t kFinishStepMs = 10;

}  // namespace

Stack::Stack() : scratch_(kScratch) {
  usrsctp_init_nothreads(0, &Association::output, nullptr);
  // DTLS authenticates, and there is one path: none of these extensions is of use here.
  usrsctp_sysctl_set_sctp_ecn_enable(0);
  usrsctp_sysctl_set_sctp_asconf_enable(0);
  usrsctp_sysctl_set_sctp_auth_enable(0);
  // Packets that belong to no association are not answered.
  usrsctp_sysctl_set_sctp_blackhole(2);
}

Stack::~Stack() {
  for (int i = 0; i < kFinishTries && usrsctp_finish() != 0; ++i) {
    usrsctp_handle_timers(kFinishStepMs);
  }
}

void Stack::advance(Time now) {
  if (last_ == Time{}) {
    last_ = now;
  }
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_);
  if (elapsed.count() > 0) {
    last_ += elapsed;
    usrsctp_handle_timers(static_cast<std::uint32_t>(elapsed.count()));
  }
}

}  // namespace cardea::sctp
