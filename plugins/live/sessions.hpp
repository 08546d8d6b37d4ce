// All sessions of this node, by number, by id and by how they are reached; and what is sent to
// them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/live/session.hpp"

namespace cardea::live {

/// How texts leave.
class Wire {
 public:
  virtual ~Wire() = default;
  /// To a connected session, which may find out that it is no longer so. @param seq 0: no event.
  virtual void send(Session& session, std::string_view text, std::uint64_t seq) = 0;
  /// Ends the line; what it brings later is no longer the session's.
  virtual void cut(const Line& line, int code, std::string_view reason) = 0;
};

/// 128 bits in hexadecimal digits.
std::string random_id();

class Sessions {
 public:
  static constexpr std::size_t kMostTopics = 64;

  explicit Sessions(Wire& wire) : wire_(wire) {}

  Session& begin(const sdk::Principal& who, std::string token, Line line, Time now);
  Session* find(cardea_live_session_t number);
  Session* find_id(std::string_view id);
  Session* of_socket(cardea_socket_t socket);
  Session* of_stream(cardea_rest_call_t stream);
  void end(cardea_live_session_t number);

  /// The session is reached by `line` from now on; a line that it had is cut.
  void attach(Session& session, Line line, Time now);
  /// It is reached by none.
  void detach(Session& session, Time now);

  /// An event: numbered, kept, and sent when it is connected.
  void tell(Session& session, std::string_view type, std::string_view payload);
  void tell_user(std::string_view user, std::string_view type, std::string_view payload);
  void tell_topic(std::string_view topic, std::string_view type, std::string_view payload);
  void tell_all(std::string_view type, std::string_view payload);

  bool join(Session& session, std::string_view topic);
  void leave(Session& session, std::string_view topic);

  /// Connected sockets and streams of a user.
  struct Lines {
    std::size_t sockets = 0;
    std::size_t streams = 0;
  };
  [[nodiscard]] Lines lines_of(std::string_view user) const;
  [[nodiscard]] std::size_t streams() const { return by_stream_.size(); }
  [[nodiscard]] std::size_t size() const { return sessions_.size(); }

  /// Numbers of all, or of a user's: they may end while one goes through them.
  [[nodiscard]] std::vector<cardea_live_session_t> numbers() const;
  [[nodiscard]] std::vector<cardea_live_session_t> numbers_of(std::string_view user) const;

 private:
  using Numbers = std::vector<cardea_live_session_t>;

  Wire& wire_;
  std::unordered_map<cardea_live_session_t, std::unique_ptr<Session>> sessions_;
  std::map<std::string, cardea_live_session_t, std::less<>> by_id_;
  std::map<std::string, Numbers, std::less<>> by_user_;
  std::map<std::string, Numbers, std::less<>> by_topic_;
  std::unordered_map<cardea_socket_t, cardea_live_session_t> by_socket_;
  std::unordered_map<cardea_rest_call_t, cardea_live_session_t> by_stream_;
  cardea_live_session_t last_ = 0;
};

}  // namespace cardea::live
