// Loads one transport module under a fake host that echoes texts, tells on stdout as JSON lines
// what it saw and takes orders as JSON lines on stdin. The calling thread plays the control thread.
//
//   transport_harness <module.so> [section.key=value ...]
//
// Orders: {"send":CLIENT,"text":T} {"close":CLIENT,"code":N,"reason":T} {"drain":true}
// {"busy":BOOL} {"write":CLIENT,"text":T or "size":BYTES} {"end":CLIENT}. The end of stdin destroys
// the module. A message with "harness" is obeyed instead of echoed:
//   {"harness":"flood","count":N,"size":BYTES} {"harness":"close","code":N} {"harness":"mute"}
// A poll of session 1 is answered at once; others wait for an order.
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

#include <dlfcn.h>

#include <cardea/sdk/transport.hpp>

namespace {

using cardea::Json;
using cardea::sdk::to_str;
using cardea::sdk::to_view;

class Harness {
 public:
  Harness() {
    host_ = {sizeof host_, this, interface_of, log};
    table_ = {sizeof table_, opened, message, poll, closed, http, http_path, count};
  }

  int run(const char* path, const Json& overrides) {
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      std::cerr << dlerror() << '\n';
      return 1;
    }
    const auto* info =
        static_cast<const cardea_module_info_t*>(dlsym(library, CARDEA_MODULE_SYMBOL));
    const std::string config = with_defaults(*info, overrides).dump();
    instance_ = info->create(&host_, to_str(config));
    if (instance_ == nullptr) {
      return 2;
    }
    transport_ =
        static_cast<const cardea_transport_t*>(info->get_interface(instance_, CARDEA_TRANSPORT));
    if (transport_->start(instance_) < 0) {
      info->destroy(instance_);
      return 2;
    }
    std::string addresses(to_view(transport_->addresses(instance_)));
    if (transport_->admin_addresses != nullptr) {
      addresses += " " + std::string(to_view(transport_->admin_addresses(instance_)));
    }
    tell({{"event", "ready"}, {"addresses", addresses}});
    std::thread reader([this] { read_orders(); });
    work();
    reader.join();
    info->destroy(instance_);
    tell({{"event", "destroyed"}});
    return 0;
  }

 private:
  using Task = std::function<void()>;

  static Harness& self(void* context) { return *static_cast<Harness*>(context); }

  static Json with_defaults(const cardea_module_info_t& info, const Json& overrides) {
    Json out = Json::object();
    for (std::size_t i = 0; i < info.config_key_count; ++i) {
      const cardea_config_key_t& key = info.config_keys[i];
      if (!out.has(key.section)) {
        out.set(key.section, Json::object());
      }
      const Json set = overrides[std::string(key.section) + "." + key.key];
      if (key.default_value == nullptr && !set) {
        continue;
      }
      const std::string text = set ? set.text_or() : key.default_value;
      Json section = out[key.section];
      if (key.type == CARDEA_CONFIG_INT) {
        section.set(key.key, static_cast<long>(std::stol(text)));
      } else if (key.type == CARDEA_CONFIG_LIST) {
        section.set(key.key, words(text));
      } else if (key.type == CARDEA_CONFIG_BOOL) {
        section.set(key.key, text == "yes");
      } else {
        section.set(key.key, text);
      }
    }
    return out;
  }

  static Json words(const std::string& text) {
    Json out = Json::array();
    std::istringstream stream(text);
    for (std::string word; std::getline(stream, word, ',');) {
      out.push(word);
    }
    return out;
  }

  void tell(std::initializer_list<std::pair<const char*, Json>> members) {
    const std::string line = Json::object(members).dump();
    const std::scoped_lock lock(output_);
    std::puts(line.c_str());
    std::fflush(stdout);
  }

  int post(Task task) {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
    ready_.notify_one();
    return busy_ ? -1 : 0;
  }

  void work() {
    while (true) {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [&] { return !tasks_.empty() || ended_; });
      if (tasks_.empty()) {
        return;
      }
      const Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
  }

  void read_orders() {
    for (std::string line; std::getline(std::cin, line);) {
      if (auto order = Json::parse(line)) {
        // The tree goes over whole: this thread does not look at it again.
        post([this, text = line] { obey(*Json::parse(text)); });
      }
    }
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    ready_.notify_one();
  }

  void obey(const Json& order) {
    if (order.has("send")) {
      transport_->send(instance_, order["send"].as_uint(), to_str(order["text"].as_text()));
    } else if (order.has("close")) {
      transport_->close(instance_, order["close"].as_uint(),
                        static_cast<int>(order["code"].as_int()),
                        to_str(order["reason"].as_text()));
    } else if (order.has("write")) {
      const std::string chunk =
          order.has("size") ? std::string(order["size"].as_uint(), 'x') : order["text"].text_or();
      const int taken =
          transport_->stream_write(instance_, order["write"].as_uint(), to_str(chunk));
      tell({{"event", "written"}, {"client", order["write"]}, {"taken", taken}});
    } else if (order.has("end")) {
      transport_->stream_end(instance_, order["end"].as_uint());
    } else if (order.has("drain")) {
      transport_->drain(instance_);
    } else if (order.has("busy")) {
      const std::scoped_lock lock(mutex_);
      busy_ = order["busy"].as_bool();
    }
    tell({{"event", "obeyed"}});
  }

  void answer(cardea_client_t client, const std::string& text) {
    const auto parsed = Json::parse(text);
    const std::string what = parsed ? (*parsed)["harness"].text_or() : std::string();
    if (what == "flood") {
      const std::string body((*parsed)["size"].as_uint(), 'x');
      for (std::uint64_t i = 0; i < (*parsed)["count"].as_uint(); ++i) {
        transport_->send(instance_, client, to_str(body));
      }
    } else if (what == "close") {
      transport_->send(instance_, client, to_str("last words"));
      transport_->close(instance_, client, static_cast<int>((*parsed)["code"].as_int()),
                        to_str("as asked"));
    } else if (what != "mute") {
      transport_->send(instance_, client, to_str(text));
    }
  }

  static const void* interface_of(void* context, const char* id) {
    return std::string_view(id) == CARDEA_TRANSPORT_HOST ? &self(context).table_ : nullptr;
  }

  static void log(void* context, cardea_log_level_t level, cardea_str_t text) {
    self(context).tell({{"event", "log"}, {"level", level}, {"text", to_view(text)}});
  }

  static int opened(void* context, cardea_client_t client, const cardea_client_info_t* info) {
    Harness& harness = self(context);
    harness.tell({{"event", "opened"},
                  {"client", client},
                  {"address", to_view(info->address)},
                  {"pushes", info->pushes},
                  {"admin", info->admin}});
    return harness.post([] {});
  }

  static int message(void* context, const cardea_client_message_t* in) {
    Harness& harness = self(context);
    constexpr std::size_t kShown = 200;
    harness.tell({{"event", "message"},
                  {"client", in->client},
                  {"session", in->session},
                  {"handle", in->handle},
                  {"size", in->text.size},
                  {"text", to_view(in->text).substr(0, kShown)}});
    return harness.post([&harness, client = in->client, text = std::string(to_view(in->text))] {
      harness.answer(client, text);
    });
  }

  static int poll(void* context, const cardea_client_poll_t* in) {
    Harness& harness = self(context);
    harness.tell({{"event", "poll"},
                  {"client", in->client},
                  {"session", in->session},
                  {"max_events", in->max_events}});
    return harness.post([&harness, client = in->client, session = in->session] {
      if (session == 1) {
        harness.transport_->send(harness.instance_, client, to_str(R"([{"janus":"event"}])"));
      }
    });
  }

  static int closed(void* context, cardea_client_t client) {
    self(context).tell({{"event", "closed"}, {"client", client}});
    return 0;
  }

  // Below /metrics and /module somebody answers; a path that ends in /stream gets three pieces.
  static int http_path(void* /*context*/, cardea_str_t path) {
    const std::string_view text = to_view(path);
    return text.starts_with("/metrics") || text.starts_with("/module") ? 1 : 0;
  }

  static int http(void* context, const cardea_http_request_t* in) {
    Harness& harness = self(context);
    Json headers = Json::object();
    for (std::size_t i = 0; i < in->header_count; ++i) {
      headers.set(std::string(to_view(in->headers[i].name)).c_str(), to_view(in->headers[i].value));
    }
    const std::string seen = Json::object({{"event", "http"},
                                           {"client", in->client},
                                           {"method", to_view(in->method)},
                                           {"path", to_view(in->path)},
                                           {"query", to_view(in->query)},
                                           {"body", to_view(in->body)},
                                           {"headers", headers},
                                           {"remote", to_view(in->remote_address)},
                                           {"admin", in->admin}})
                                 .dump();
    const bool streams = to_view(in->path).ends_with("/stream");
    return harness.post([&harness, seen, streams, client = in->client] {
      const cardea_http_header_t type{to_str("Content-Type"),
                                      to_str(streams ? "text/event-stream" : "application/json")};
      if (!streams) {
        harness.transport_->respond(harness.instance_, client, 200, &type, 1, to_str(seen));
        return;
      }
      harness.tell({{"event", "stream"}, {"client", client}});
      harness.transport_->stream_begin(harness.instance_, client, &type, 1);
    });
  }

  static void count(void* context, const char* event) {
    self(context).tell({{"event", "count"}, {"name", event}});
  }

  cardea_host_t host_{};
  cardea_transport_host_t table_{};
  void* instance_ = nullptr;
  const cardea_transport_t* transport_ = nullptr;
  std::mutex output_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
  bool ended_ = false;
  bool busy_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: transport_harness <module.so> [section.key=value ...]\n";
    return 64;
  }
  Json overrides = Json::object();
  for (int i = 2; i < argc; ++i) {
    const std::string_view setting(argv[i]);
    const std::size_t equals = setting.find('=');
    overrides.set(std::string(setting.substr(0, equals)), setting.substr(equals + 1));
  }
  Harness harness;
  return harness.run(argv[1], overrides);
}
