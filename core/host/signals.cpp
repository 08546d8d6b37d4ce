#include "core/host/signals.hpp"

#include <csignal>
#include <utility>

#include <sys/signalfd.h>
#include <unistd.h>

namespace cardea::host {

namespace {

sigset_t handled_signals() {
  sigset_t set{};
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

Signals::Signals(net::EventLoop& loop, std::function<void(int signal)> on_signal)
    : loop_(loop), on_signal_(std::move(on_signal)) {
  const sigset_t set = handled_signals();
  fd_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  static_cast<void>(loop_.add(fd_, EPOLLIN, [this](std::uint32_t) { read_all(); }));
}

Signals::~Signals() {
  loop_.remove(fd_);
  close(fd_);
}

void Signals::read_all() {
  signalfd_siginfo info{};
  while (read(fd_, &info, sizeof info) == sizeof info) {
    on_signal_(static_cast<int>(info.ssi_signo));
  }
}

}  // namespace cardea::host
