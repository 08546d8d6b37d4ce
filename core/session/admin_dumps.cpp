// Admin API: media of a handle written to a file, decrypted.
#include <algorithm>
#include <array>
#include <filesystem>

#include <cardea/sdk/operation.hpp>

#include "core/base/random.hpp"
#include "core/session/admin.hpp"
#include "core/session/errors.hpp"

namespace cardea::session {
namespace {

namespace fs = std::filesystem;
using Place = AdminRequest::Place;
namespace param = sdk::param;

constexpr std::int64_t kMaxTruncate = 65'535;
constexpr std::array kDump{
    param::text("folder", 1024, "Below that of all captures"), param::text("filename", 128),
    param::integer("truncate", 0, kMaxTruncate, "Bytes of each packet; 0: all")};

/// Whoever has the admin secret may fill this folder, and no other.
Result<fs::path> chosen_folder(const VerbCall& call) {
  const fs::path root = fs::path(call.context.settings.dump_folder).lexically_normal();
  const fs::path asked(call.message["folder"].text_or());
  const fs::path folder = (root / asked).lexically_normal();
  const fs::path below = folder.lexically_relative(root);
  if (root.empty() || below.empty() || *below.begin() == "..") {
    return Error{"Invalid element (folder should be within " + root.string() + ")",
                 kErrorInvalidElementType};
  }
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) {
    return Error{"Could not make the folder: " + failed.message(), kErrorUnknown};
  }
  return folder;
}

Result<std::string> chosen_name(const VerbCall& call, bool text) {
  const Json asked = call.message["filename"];
  if (!asked) {
    return "handle-" + std::to_string(call.handle->id) + "-" + random_text(8) +
           (text ? ".txt" : ".pcap");
  }
  const std::string name = asked.text_or();
  const bool odd =
      name.empty() || name.front() == '.' || std::any_of(name.begin(), name.end(), [](char c) {
        return c == '/' || static_cast<unsigned char>(c) < 0x20;
      });
  if (odd) {
    return Error{"Invalid element (filename should be a plain name)", kErrorInvalidElementType};
  }
  return name;
}

/// Janus's answers to these name no session.
void answer(VerbCall& call) {
  call.echo.session_id = Json();
  admin_success(call);
}

void start(VerbCall& call, bool text) {
  Handle& handle = *call.handle;
  if (handle.dump) {
    refuse(call, {std::string(text ? "text2pcap" : "pcap") + " already started", kErrorUnknown});
    return;
  }
  const auto folder = chosen_folder(call);
  const auto name = folder ? chosen_name(call, text) : Result<std::string>(folder.error());
  if (!name) {
    refuse(call, name.error());
    return;
  }
  const media::DumpSettings dump{(*folder / *name).string(),
                                 static_cast<std::uint32_t>(call.message["truncate"].as_int()),
                                 text};
  if (auto started = call.context.engine.start_dump(handle.id, dump); !started) {
    refuse(call, {started.error().message, kErrorUnknown});
    return;
  }
  handle.dump = dump;
  answer(call);
}

/// Either request ends either form, as in Janus.
void stop(VerbCall& call) {
  Handle& handle = *call.handle;
  if (!handle.dump) {
    refuse(call, {"Capture not started", kErrorUnknown});
    return;
  }
  handle.dump.reset();
  if (auto stopped = call.context.engine.stop_dump(handle.id); !stopped) {
    refuse(call, {stopped.error().message, kErrorUnknown});
    return;
  }
  answer(call);
}

constexpr std::array kRequests{
    AdminRequest{"start_pcap", Place::Handle, kDump, [](VerbCall& call) { start(call, false); }},
    AdminRequest{"stop_pcap", Place::Handle, {}, stop},
    AdminRequest{"start_text2pcap", Place::Handle, kDump,
                 [](VerbCall& call) { start(call, true); }},
    AdminRequest{"stop_text2pcap", Place::Handle, {}, stop},
};

}  // namespace

std::span<const AdminRequest> admin_dump_requests() { return kRequests; }

}  // namespace cardea::session
