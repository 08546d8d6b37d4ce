// Splits SDP into lines, keeps the bounds, and sends each line to its reader.
#include "core/sdp/parser.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/sdp/attributes.hpp"
#include "core/sdp/text.hpp"

namespace cardea::sdp {

namespace {

// Session-level extensions are copied to each m-line, so they get a bound of their own.
constexpr std::size_t kMaxSessionExtmaps = 32;

class Parser {
 public:
  explicit Parser(const ParseLimits& limits) : limits_(limits) {}

  Result<Description> parse(std::string_view text) {
    if (text.size() > limits_.max_bytes) {
      return Error{"SDP of " + std::to_string(text.size()) + " bytes is too long"};
    }
    while (!text.empty()) {
      ++line_number_;
      std::string_view line = take_until(text, '\n');
      if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
      }
      if (const Refusal refusal = read_line(line)) {
        return Error{"SDP line " + std::to_string(line_number_) + ": " + refusal};
      }
    }
    if (!started_) {
      return Error{"SDP is empty"};
    }
    finish_media();
    return std::move(description_);
  }

 private:
  Refusal read_line(std::string_view line) {
    if (line.size() > limits_.max_line_bytes) {
      return "line is too long";
    }
    if (trim(line).empty()) {
      return nullptr;
    }
    const bool has_control = std::any_of(line.begin(), line.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\t';
    });
    if (has_control) {
      return "control character";
    }
    if (line.size() < 2 || line[1] != '=') {
      return "not of the form x=...";
    }
    const std::string_view value = trim(line.substr(2));
    if (!started_) {
      started_ = true;
      return line[0] == 'v' && value == "0" ? nullptr : "does not begin with v=0";
    }
    return read_field(line[0], value);
  }

  Refusal read_field(char type, std::string_view value) {
    const bool in_session = description_.media.empty();
    switch (type) {
      case 'm':
        return begin_media(value);
      case 'a':
        if (++attributes_ > limits_.max_attributes) {
          return "too many attributes";
        }
        return in_session ? read_session_attribute(value) : read_attribute(value);
      case 'b':
        return in_session ? nullptr : read_bandwidth(description_.media.back(), value);
      case 'o':
        return read_origin(value);
      case 's':
        description_.name = value;
        return nullptr;
      default:
        return nullptr;
    }
  }

  Refusal read_origin(std::string_view value) {
    description_.origin_user = take_word(value);
    const bool numbers = to_number(take_word(value), description_.session_id) &&
                         to_number(take_word(value), description_.session_version);
    description_.origin_address = value;
    return numbers && !value.empty() ? nullptr : "bad o= line";
  }

  Refusal begin_media(std::string_view value) {
    finish_media();
    if (description_.media.size() == limits_.max_mlines) {
      return "too many m-lines";
    }
    attributes_ = 0;
    direction_seen_ = false;
    return read_media_head(description_.media.emplace_back(), value, limits_.max_payload_types);
  }

  // What the session level says for all m-lines.
  void finish_media() {
    if (description_.media.empty()) {
      return;
    }
    MediaLine& media = description_.media.back();
    if (!direction_seen_) {
      media.direction = session_direction_;
    }
    for (const Extmap& extmap : session_extmaps_) {
      const bool taken = std::any_of(media.extmaps.begin(), media.extmaps.end(),
                                     [&](const Extmap& own) { return own.id == extmap.id; });
      if (!taken) {
        media.extmaps.push_back(extmap);
      }
    }
  }

  Refusal read_attribute(std::string_view value) {
    MediaLine& media = description_.media.back();
    const std::string_view name = take_until(value, ':');
    Direction direction{};
    if (name == "mid" && !mids_.insert(trim(value)).second) {
      return "duplicate mid";
    }
    if (name == "mid" && !media.mid.empty()) {
      return "second a=mid in one m-line";
    }
    direction_seen_ = direction_seen_ || read_direction(name, direction);
    return read_media_attribute(media, name, trim(value));
  }

  Refusal read_session_attribute(std::string_view value) {
    const std::string_view name = take_until(value, ':');
    value = trim(value);
    if (name == "group") {
      read_group(value);
    } else if (name == "ice-lite") {
      description_.ice_lite = true;
    } else if (name == "extmap-allow-mixed") {
      description_.extmap_allow_mixed = true;
    } else if (name == "msid-semantic") {
      description_.msid_semantic = value;
    } else if (name == "extmap") {
      return session_extmaps_.size() == kMaxSessionExtmaps ? "too many session-level extensions"
                                                           : read_extmap(session_extmaps_, value);
    } else if (!read_direction(name, session_direction_)) {
      bool known = false;
      return read_transport_attribute(description_.transport, name, value, known);
    }
    return nullptr;
  }

  void read_group(std::string_view value) {
    if (take_word(value) != "BUNDLE" || description_.has_bundle) {
      return;
    }
    description_.has_bundle = true;
    while (!value.empty()) {
      description_.bundle.emplace_back(take_word(value));
    }
  }

  ParseLimits limits_;
  Description description_;
  std::unordered_set<std::string_view> mids_;
  std::vector<Extmap> session_extmaps_;
  Direction session_direction_ = Direction::SendRecv;
  std::size_t line_number_ = 0;
  std::size_t attributes_ = 0;
  bool started_ = false;
  bool direction_seen_ = false;
};

}  // namespace

ParseLimits answer_limits(std::size_t offered) {
  ParseLimits limits;
  limits.max_bytes = std::size_t{1024} * 1024;
  limits.max_mlines = offered;
  // Hundreds of mids in one BUNDLE line.
  limits.max_line_bytes = std::size_t{64} * 1024;
  return limits;
}

Result<Description> parse(std::string_view text, const ParseLimits& limits) {
  return Parser(limits).parse(text);
}

}  // namespace cardea::sdp
