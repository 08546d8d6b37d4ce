// The load generator: synthetic WebRTC clients, driven by lines of JSON on standard input and
// answering on standard output. Signalling is the driver's (tests/bench/compare.mjs); this program
// does ICE, DTLS, SRTP and RTP.
//
//   {"op":"new","id":1}                                    ->
//   {"op":"new","id":1,"ufrag":..,"pwd":..,"fingerprint":..}
//   {"op":"connect","id":1,"ufrag":..,"pwd":..,"fingerprint":..,"ip":..,"port":..,"dtls_client":false}
//                                                          -> {"op":"up","id":1,"profile":..} when
//                                                          connected
//   {"op":"publish","id":1,"audio_type":..,"video_type":..,"audio_ssrc":..,"video_ssrc":..}
//   {"op":"send","id":1,"kind":"rtp","hex":".."}           encrypts the bytes as RTP, or with
//   "rtcp" as
//                                                          RTCP, however wrong they are, and sends
//                                                          them
//   {"op":"measure","seconds":10}                          ->
//   {"op":"result","sent":..,"received":..,"lost":..,"delay_us":{..}}
//   {"op":"quit"}
// With --cm all clients offer AES-CM alone.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cardea/sdk/json.hpp>

#include "tests/bench/load/publisher.hpp"
#include "tests/bench/load/viewer.hpp"

namespace cardea::load {

namespace {

constexpr auto kTick = std::chrono::milliseconds(1);
constexpr std::size_t kLargestSent = 1400;
constexpr const char* kCmProfile = "SRTP_AES128_CM_SHA1_80";

struct Client {
  std::unique_ptr<LoadPeer> peer;
  std::unique_ptr<Publisher> publisher;
  Viewer viewer;
  bool announced = false;
};

class Program {
 public:
  /// @param cm_only the server must take AES-CM.
  Result<void> start(bool cm_only) {
    auto certificate = dtls::Certificate::generate();
    if (!certificate) {
      return certificate.error();
    }
    certificate_ = *std::move(certificate);
    // Zero is success here.
    if (cm_only && SSL_CTX_set_tlsext_use_srtp(certificate_->context(), kCmProfile) != 0) {
      return Error{"OpenSSL knows no AES-CM"};
    }
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    tick();
    return loop_.add(STDIN_FILENO, EPOLLIN, [this](std::uint32_t) { read_commands(); });
  }
  void run() { loop_.run(); }

 private:
  static void say(const Json& message) {
    std::printf("%s\n", message.dump().c_str());
    std::fflush(stdout);
  }

  void read_commands() {
    std::array<char, 4096> chunk{};
    ssize_t got = 0;
    while ((got = read(STDIN_FILENO, chunk.data(), chunk.size())) > 0) {
      input_.append(chunk.data(), static_cast<std::size_t>(got));
    }
    if (got == 0) {
      loop_.stop();
    }
    for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
      const auto command = Json::parse(input_.substr(0, end));
      input_.erase(0, end + 1);
      if (command) {
        run_command(*command);
      } else {
        say(Json::object({{"op", "error"}, {"error", command.error().message}}));
      }
    }
  }

  void run_command(const Json& command) {
    const auto op = command["op"].as_text();
    Client& client = clients_[command["id"].as_uint()];
    if (op == "new") {
      make(client, command);
    } else if (op == "connect") {
      connect(client, command);
    } else if (op == "publish") {
      publish(client, command);
    } else if (op == "send") {
      send(client, command);
    } else if (op == "measure") {
      measure(command["seconds"].as_int(10));
    } else if (op == "quit") {
      loop_.stop();
    }
  }

  void make(Client& client, const Json& command) {
    client.peer = std::make_unique<LoadPeer>(
        loop_, certificate_, [&client](Bytes packet, Time now) { client.viewer.take(packet, now); },
        [&client](Bytes compound) {
          // RFC 4585: payload-specific feedback has type 206; PLI and FIR both want a key frame.
          for (std::size_t i = 0; client.publisher && i + 4 <= compound.size();
               i += 4 * (std::size_t{load_u16(&compound[i + 2])} + 1)) {
            if (compound[i + 1] == 206 && ((compound[i] & 31U) == 1 || (compound[i] & 31U) == 4)) {
              client.publisher->ask_keyframe();
            }
          }
        });
    const auto bind = Address::parse(command["ip"].as_text(), 0);
    const auto port = bind ? client.peer->open(*bind) : Result<std::uint16_t>(bind.error());
    if (!port) {
      say(Json::object({{"op", "error"}, {"error", port.error().message}}));
      return;
    }
    say(Json::object({{"op", "new"},
                      {"id", command["id"]},
                      {"ip", command["ip"]},
                      {"port", static_cast<unsigned>(*port)},
                      {"ufrag", client.peer->credentials().ufrag},
                      {"pwd", client.peer->credentials().pwd},
                      {"fingerprint", certificate_->fingerprint().to_string()}}));
  }

  void connect(Client& client, const Json& command) {
    const auto address = Address::parse(command["ip"].as_text(),
                                        static_cast<std::uint16_t>(command["port"].as_uint()));
    const auto connected =
        address ? client.peer->connect({command["ufrag"].text_or(), command["pwd"].text_or(),
                                        command["fingerprint"].text_or(), *address,
                                        command["dtls_client"].as_bool()})
                : Result<void>(address.error());
    if (!connected) {
      say(Json::object({{"op", "error"}, {"error", connected.error().message}}));
    }
  }

  void publish(Client& client, const Json& command) {
    PublisherOptions options;
    options.audio_ssrc = static_cast<std::uint32_t>(command["audio_ssrc"].as_uint());
    options.video_ssrc = static_cast<std::uint32_t>(command["video_ssrc"].as_uint());
    options.audio_type = static_cast<std::uint8_t>(command["audio_type"].as_uint());
    options.video_type = static_cast<std::uint8_t>(command["video_type"].as_uint());
    client.publisher = std::make_unique<Publisher>(*client.peer, options);
  }

  static void send(const Client& client, const Json& command) {
    std::vector<std::uint8_t> bytes;
    const auto hex = command["hex"].as_text().substr(0, 2 * kLargestSent);
    for (std::size_t i = 0; i + 2 <= hex.size(); i += 2) {
      std::uint8_t byte = 0;
      std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
      bytes.push_back(byte);
    }
    if (client.peer && client.peer->up()) {
      command["kind"].as_text() == "rtcp" ? client.peer->send_rtcp(bytes)
                                          : client.peer->send_rtp(bytes);
    }
  }

  void measure(std::int64_t seconds) {
    sent_before_ = sent();
    for (auto& [id, client] : clients_) {
      client.viewer.reset();
    }
    loop_.after(std::chrono::seconds(seconds), [this] { report(); });
  }

  [[nodiscard]] std::uint64_t sent() const {
    std::uint64_t sum = 0;
    for (const auto& [id, client] : clients_) {
      sum += client.publisher ? client.publisher->sent() : 0;
    }
    return sum;
  }

  void report() {
    std::uint64_t received = 0;
    std::uint64_t lost = 0;
    std::vector<std::uint32_t> delays;
    for (const auto& [id, client] : clients_) {
      received += client.viewer.received();
      lost += client.viewer.lost();
      delays.insert(delays.end(), client.viewer.delays().begin(), client.viewer.delays().end());
    }
    std::sort(delays.begin(), delays.end());
    const auto at = [&](double share) {
      return delays.empty()
                 ? 0U
                 : delays[static_cast<std::size_t>(share * static_cast<double>(delays.size() - 1))];
    };
    say(Json::object(
        {{"op", "result"},
         {"sent", sent() - sent_before_},
         {"received", received},
         {"lost", lost},
         {"delay_us", Json::object({{"p50", at(0.5)}, {"p95", at(0.95)}, {"p99", at(0.99)}})}}));
  }

  void tick() {
    const Time now = MonotonicClock::now();
    for (auto& [id, client] : clients_) {
      if (!client.peer) {
        continue;
      }
      client.peer->poll(now);
      if (client.peer->up() && !client.announced) {
        client.announced = true;
        say(Json::object({{"op", "up"}, {"id", id}, {"profile", client.peer->profile()}}));
      }
      if (client.publisher && client.peer->up()) {
        client.publisher->poll(now);
      }
    }
    loop_.after(kTick, [this] { tick(); });
  }

  net::EventLoop loop_;
  std::shared_ptr<const dtls::Certificate> certificate_;
  std::map<std::uint64_t, Client> clients_;
  std::string input_;
  std::uint64_t sent_before_ = 0;
};

}  // namespace

}  // namespace cardea::load

int main(int argc, char** argv) {
  cardea::load::Program program;
  const bool cm_only = argc > 1 && std::string_view(argv[1]) == "--cm";
  if (auto started = program.start(cm_only); !started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return 1;
  }
  program.run();
  return 0;
}
