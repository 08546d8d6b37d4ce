#include "plugins/invites/command.hpp"

#include <array>
#include <charconv>
#include <memory>
#include <string>

#include "plugins/invites/codes.hpp"
#include "plugins/invites/plugin.hpp"

namespace cardea::invites {

namespace {

constexpr int kGood = 0;
constexpr int kFailed = 1;
constexpr int kMisused = 2;
constexpr int kMostCodes = 50;

struct Command {
  void* call;
  cardea_command_finish_t finish;
  NewCodes wanted = {};
  std::string made = {};  ///< the codes, one a line

  void end(int code, const std::string& text) const { finish(call, code, sdk::to_str(text)); }
};

// False: not understood.
bool read(const cardea_str_t* arguments, std::size_t count, NewCodes& out) {
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    const std::string_view name = sdk::to_view(arguments[i]);
    const std::string_view value = sdk::to_view(arguments[i + 1]);
    if (name == "--count") {
      const auto read = std::from_chars(value.data(), value.data() + value.size(), out.count);
      if (read.ec != std::errc() || read.ptr != value.data() + value.size() || out.count < 1 ||
          out.count > kMostCodes) {
        return false;
      }
    } else if (name == "--note" && value.size() <= 200) {
      out.note = value;
    } else {
      return false;
    }
  }
  return count % 2 == 0;
}

void invite(void* instance, const cardea_str_t* arguments, std::size_t count, void* call,
            cardea_command_finish_t finish) {
  Invites& self = *static_cast<Invites*>(instance);
  sdk::guarded(self.host(), "command", [&] {
    const auto command = std::make_shared<Command>(Command{call, finish});
    if (!read(arguments, count, command->wanted)) {
      command->end(kMisused, "admin invite takes --count N (1 to 50) and --note TEXT");
      return;
    }
    const bool taken = self.database().run(
        [command](sdk::Transaction& transaction) {
          const auto made = Codes(transaction).make(command->wanted);
          command->made.clear();
          for (const Code& code : made ? *made : std::vector<Code>()) {
            command->made += (command->made.empty() ? "" : "\n") + code.code;
          }
          return made ? sdk::Database::End::Commit : sdk::Database::End::RollBack;
        },
        [command](cardea_sql_status_t status) {
          const bool good = status == CARDEA_SQL_OK && !command->made.empty();
          command->end(good ? kGood : kFailed, good ? command->made : "the database has failed");
        });
    if (!taken) {
      command->end(kFailed, "the database is not there");
    }
  });
}

constexpr std::array kCommands{cardea_command_t{"admin invite", "[--count N] [--note TEXT]",
                                                "makes invitation codes for anybody", &invite}};
constexpr cardea_commands_t kTable{sizeof kTable, kCommands.data(), kCommands.size()};

}  // namespace

const cardea_commands_t* commands() { return &kTable; }

}  // namespace cardea::invites
