#include "plugins/bus_redis/link.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace cardea::bus_redis {

namespace {

constexpr auto kLongestAnswer = std::chrono::seconds(5);
constexpr Link::Clock::duration kShortestWait = std::chrono::milliseconds(100);
constexpr Link::Clock::duration kLongestWait = std::chrono::seconds(5);

}  // namespace

Link::Link(Address address, Callbacks callbacks)
    : address_(std::move(address)), callbacks_(std::move(callbacks)) {}

Link::~Link() {
  if (context_ != nullptr) {
    redisAsyncFree(context_);
  }
}

void Link::connect(Clock::time_point now) {
  state_ = State::Connecting;
  busy_since_ = now;
  problem_.clear();
  context_ = redisAsyncConnect(address_.host.c_str(), address_.port);
  if (context_ == nullptr || context_->err != 0) {
    lose(context_ == nullptr ? "no memory" : context_->errstr);
    return;
  }
  context_->data = this;
  context_->ev.data = this;
  context_->ev.addRead = [](void* data) { of(data).reading_ = true; };
  context_->ev.delRead = [](void* data) { of(data).reading_ = false; };
  context_->ev.addWrite = [](void* data) { of(data).writing_ = true; };
  context_->ev.delWrite = [](void* data) { of(data).writing_ = false; };
  context_->ev.cleanup = [](void* data) {
    of(data).reading_ = false;
    of(data).writing_ = false;
  };
  redisAsyncSetConnectCallback(context_, [](const redisAsyncContext* context, int status) {
    Link& self = of(context->data);
    if (status != REDIS_OK) {
      // hiredis frees the context after this.
      self.problem_ = context->errstr;
      self.context_ = nullptr;
    } else {
      redisEnableKeepAlive(&self.context_->c);
      self.sign_in();
    }
  });
  redisAsyncSetDisconnectCallback(context_, [](const redisAsyncContext* context, int status) {
    Link& self = of(context->data);
    if (self.problem_.empty()) {
      self.problem_ = status == REDIS_OK ? "closed" : context->errstr;
    }
    self.context_ = nullptr;
  });
}

// AUTH and SELECT, one after the other; the last answer makes the connection one to be used.
void Link::sign_in() {
  std::vector<std::vector<std::string>> commands;
  if (!address_.password.empty()) {
    commands.push_back({"AUTH"});
    if (!address_.user.empty()) {
      commands.back().push_back(address_.user);
    }
    commands.back().push_back(address_.password);
  }
  commands.push_back({"SELECT", std::to_string(address_.database)});
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const bool last = i + 1 == commands.size();
    const std::vector<std::string_view> words(commands[i].begin(), commands[i].end());
    const bool sent = command(words, [this, last](const redisReply* reply) {
      if (reply == nullptr) {
        return;
      }
      if (reply->type == REDIS_REPLY_ERROR) {
        problem_ = problem_.empty() ? "sign-in: " + std::string(reply->str, reply->len) : problem_;
      } else if (last && problem_.empty()) {
        established();
      }
    });
    if (!sent && problem_.empty()) {
      problem_ = "sign-in cannot be sent";
    }
  }
}

void Link::established() {
  state_ = State::Up;
  wait_ = {};
  callbacks_.up();
}

bool Link::send(const std::vector<std::string_view>& words, Reply reply) {
  return state_ == State::Up && command(words, std::move(reply));
}

bool Link::command(const std::vector<std::string_view>& words, Reply reply) {
  if (context_ == nullptr || !problem_.empty()) {
    return false;
  }
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string_view word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  auto waiting = std::make_unique<Waiting>(Waiting{*this, std::move(reply)});
  if (redisAsyncCommandArgv(context_, &answered, waiting.get(), static_cast<int>(texts.size()),
                            texts.data(), sizes.data()) != REDIS_OK) {
    return false;
  }
  static_cast<void>(waiting.release());
  if (unanswered_++ == 0) {
    busy_since_ = Clock::now();
  }
  return true;
}

void Link::listen(const char* command, std::string_view channel) {
  if (state_ == State::Up && context_ != nullptr && problem_.empty()) {
    const std::array<const char*, 2> texts{command, channel.data()};
    const std::array<std::size_t, 2> sizes{std::strlen(command), channel.size()};
    if (redisAsyncCommandArgv(context_, &pushed, this, 2, const_cast<const char**>(texts.data()),
                              sizes.data()) != REDIS_OK) {
      problem_ = "a channel cannot be asked for";
    }
  }
}

void Link::answered(redisAsyncContext* /*context*/, void* reply, void* argument) {
  const std::unique_ptr<Waiting> waiting(static_cast<Waiting*>(argument));
  Link& self = waiting->link;
  --self.unanswered_;
  // Answers come in order: the next one has been waited for since this one at the latest.
  self.busy_since_ = Clock::now();
  waiting->reply(static_cast<const redisReply*>(reply));
}

// hiredis calls this for each message, for the confirmations, and with null at the end.
void Link::pushed(redisAsyncContext* /*context*/, void* reply, void* link) {
  const auto* answer = static_cast<const redisReply*>(reply);
  if (answer == nullptr || answer->type != REDIS_REPLY_ARRAY || answer->elements != 3) {
    return;
  }
  const auto text = [&](std::size_t i) {
    const redisReply& element = *answer->element[i];
    return element.str == nullptr ? std::string_view() : std::string_view(element.str, element.len);
  };
  if (text(0) == "message") {
    of(link).callbacks_.message(text(1), text(2));
  }
}

pollfd Link::wanted() const {
  if (context_ == nullptr) {
    return {-1, 0, 0};
  }
  return {context_->c.fd, static_cast<short>((reading_ ? POLLIN : 0) | (writing_ ? POLLOUT : 0)),
          0};
}

void Link::handle(short events) {
  // Each of the two can end the context, which the callbacks tell by context_.
  if (context_ != nullptr && (events & (POLLIN | POLLERR | POLLHUP)) != 0) {
    redisAsyncHandleRead(context_);
  }
  if (context_ != nullptr && (events & (POLLOUT | POLLERR | POLLHUP)) != 0) {
    redisAsyncHandleWrite(context_);
  }
}

void Link::tick(Clock::time_point now) {
  if (state_ == State::Down) {
    if (now >= next_try_) {
      connect(now);
    }
    return;
  }
  const bool busy = state_ == State::Connecting || unanswered_ > 0;
  if (busy && problem_.empty() && now - busy_since_ > kLongestAnswer) {
    problem_ = "no answer in time";
  }
  if (!problem_.empty() || context_ == nullptr) {
    lose(std::string(problem_));  // what waits may set another one
  }
}

void Link::lose(const std::string& reason) {
  state_ = State::Down;
  if (auto* context = std::exchange(context_, nullptr); context != nullptr) {
    redisAsyncFree(context);  // Tells all who wait.
    context_ = nullptr;
  }
  unanswered_ = 0;
  wait_ = std::clamp(wait_ * 2, kShortestWait, kLongestWait);
  next_try_ = Clock::now() + wait_;
  callbacks_.down(reason);
}

}  // namespace cardea::bus_redis
