// Threads of low priority that hash passwords, behind a bounded queue: hashing is dear by design,
// and must neither starve the media nor fill the memory.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "plugins/auth/passwords.hpp"

namespace cardea::auth {

class Hasher {
 public:
  struct Settings {
    Argon2Cost cost;
    std::size_t threads = 0;        ///< hashes at once; 0: one less than there are processors
    std::size_t queue = 256;        ///< that may wait
    std::chrono::seconds wait{10};  ///< longer than this nobody waits for his turn
  };
  /// Brings a call to the control thread; false when it cannot now.
  using Post = std::function<bool(void (*call)(void*), void* argument)>;
  struct Outcome {
    bool done = false;   ///< false: it was not its turn in time, or there was no memory
    bool right = false;  ///< of verify()
    std::string record;  ///< of hash(), and of verify() when the old one should be replaced
  };
  using Done = std::function<void(const Outcome&)>;

  Hasher(const Settings& settings, Post post);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  /// [control] Later calls `done` [control]. False when the queue is full.
  [[nodiscard]] bool hash(std::string password, Done done);
  /// @param record empty: there is no such account; takes the same time and is wrong.
  [[nodiscard]] bool verify(std::string password, std::string record, Done done);

 private:
  struct Job {
    Hasher& owner;
    bool verifies;
    std::string password;
    std::string record;
    Done done;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
    Outcome outcome = {};
    std::list<Job>::iterator place = {};
  };

  bool add(Job job);
  void work_until_stopped();
  void perform(Job& job) const;
  static void finish(void* argument);

  Settings settings_;
  Post post_;
  std::string nobody_;  ///< the record that a password of nobody is compared with
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job*> waiting_;
  std::list<Job> jobs_;  ///< of the control thread
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cardea::auth
