// A peer's connection to the data thread, in its shard: says when its data channels begin and end,
// and passes packets on.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/media/data_messages.hpp"
#include "core/peer/params.hpp"

namespace cardea::media {

class DataPort {
 public:
  /// @param out gets what is for the data thread; outlives the port.
  DataPort(PeerId peer, std::uint32_t epoch, std::vector<DataInput>& out)
      : peer_(peer), epoch_(epoch), out_(out) {}
  ~DataPort() { close(); }
  DataPort(const DataPort&) = delete;
  DataPort& operator=(const DataPort&) = delete;

  /// The peer's m-lines have changed, or it came up.
  void sync(const peer::Params& params, bool connected) {
    const auto line = data_line(params);
    if (!line) {
      return close();
    }
    if (connected && !open_) {
      open_ = true;
      out_.push_back(up(params, *line));
    }
  }
  /// Packets of the remote; without a data m-line they are dropped.
  void receive(std::vector<std::vector<std::uint8_t>> packets) {
    if (open_) {
      out_.push_back(PeerPackets{peer_, epoch_, std::move(packets)});
    }
  }
  [[nodiscard]] bool is_open() const { return open_; }

  /// Index of the m-line of data channels.
  static std::optional<std::uint32_t> data_line(const peer::Params& params) {
    for (std::uint32_t i = 0; i < params.lines.size(); ++i) {
      if (params.lines[i].kind == peer::LineParams::Kind::Data && params.lines[i].active) {
        return i;
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] DataUp up(const peer::Params& params, std::uint32_t line) const {
    const peer::LineParams& data = params.lines[line];
    DataUp out;
    out.line = {peer_, line};
    out.epoch = epoch_;
    out.options.association.local_port = data.local_sctp_port;
    out.options.association.remote_port = data.remote_sctp_port;
    out.options.remote_max_message = static_cast<std::size_t>(data.remote_max_message);
    out.options.dtls_client = params.dtls_role == peer::DtlsRole::Client;
    return out;
  }
  void close() {
    if (open_) {
      open_ = false;
      out_.push_back(DataDown{peer_, epoch_});
    }
  }

  PeerId peer_;
  std::uint32_t epoch_;
  std::vector<DataInput>& out_;
  bool open_ = false;
};

}  // namespace cardea::media
