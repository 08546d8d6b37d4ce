// Who is here, as all nodes tell it: plain data, without clocks and connections of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cardea::presence {

using Time = std::chrono::steady_clock::time_point;

enum class Status { Online, Idle, Dnd, Invisible, Offline };

const char* word_of(Status status);
/// Of what clients may set; Offline is none of it.
std::optional<Status> status_of(std::string_view word);

/// What one node knows of one person.
struct Entry {
  std::string name;
  std::string team;                          ///< empty: none, or nobody asks
  bool account = false;                      ///< no guest
  bool connected = false;                    ///< by a device, or it may come back yet
  Status status = Status::Online;            ///< as it was set
  std::int64_t set_at = 0;                   ///< when that was, ms since 1970
  std::set<std::string, std::less<>> rooms;  ///< of this node

  [[nodiscard]] bool is_empty() const { return !connected && rooms.empty(); }
  bool operator==(const Entry&) const = default;
};

class Picture {
 public:
  /// What `node` says of somebody; an empty entry: nothing more.
  void put(const std::string& node, const std::string& user, const Entry& entry);
  /// Everybody else of the node is gone.
  void keep_only(const std::string& node, const std::set<std::string>& users);
  /// The node lives.
  void heard(const std::string& node, Time now) { nodes_[node].heard = now; }
  /// Takes out what silent nodes said. @param own a node that is never silent.
  void drop_silent(const std::string& own, Time before);

  /// What all nodes together say; nobody: an empty entry with Status::Offline.
  [[nodiscard]] Entry of(std::string_view user) const;
  [[nodiscard]] const Entry* at(const std::string& node, std::string_view user) const;
  [[nodiscard]] std::vector<std::string> users() const;
  [[nodiscard]] std::vector<std::string> users_of(const std::string& node) const;
  [[nodiscard]] std::vector<std::string> in_room(std::string_view room) const;
  [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

  /// Of whom something has changed since the last call.
  std::set<std::string> take_changed();

 private:
  struct Node {
    std::map<std::string, Entry, std::less<>> entries;
    Time heard{};
  };
  void drop(const std::string& node, const std::string& user);

  std::map<std::string, Node> nodes_;
  std::map<std::string, std::set<std::string>, std::less<>> places_;  ///< of a user: the nodes
  std::set<std::string> changed_;
};

}  // namespace cardea::presence
