#include "core/host/host.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <utility>

#include <cardea/reload.h>
#include <cardea/start.h>

#include "core/host/media_setup.hpp"
#include "core/host/session_settings.hpp"
#include "core/host/version.hpp"
#include "core/modules/rest_bridge.hpp"
#include "core/rest/own_operations.hpp"

namespace cardea::host {

namespace {

// A control turn beyond this delays every client (design, rule 2).
constexpr auto kSlowTurn = std::chrono::milliseconds(10);
constexpr std::size_t kExecutorQueue = 1024;
constexpr auto kDrainLook = std::chrono::milliseconds(20);

std::string words(const std::vector<std::string>& list) {
  std::string out;
  for (const auto& word : list) {
    out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

rest::Settings rest_settings(const config::Config& config) {
  rest::Settings settings;
  const auto aliases = config.list("compat", "aliases");
  settings.aliases = {aliases.begin(), aliases.end()};
  settings.origins = config.list("http", "cors_origins");
  settings.public_url = config.text("general", "public_url");
  settings.max_body = static_cast<std::size_t>(config.integer("rest", "max_body"));
  settings.per_minute = static_cast<std::uint32_t>(config.integer("limits", "global_per_minute"));
  settings.limits_enabled = config.boolean("limits", "enabled");
  return settings;
}

std::int64_t wall_clock_microseconds() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count();
}

}  // namespace

Host::Host(const config::Config& config, std::string share_folder, std::string data_folder,
           log::System& logs)
    : config_(config),
      logs_(logs),
      log_(logs.get("host")),
      executor_(static_cast<std::size_t>(config.integer("host", "executor_threads")),
                kExecutorQueue),
      engine_(engine_options(config), logs.get("media"), metrics_, loop_),
      transports_(metrics_),
      inner_clients_(metrics_),
      bus_(config.text("events", "emitter"), wall_clock_microseconds),
      session_settings_(session_settings(config)),
      api_(session_settings_, transports_, engine_, bus_, logs.get("session"), metrics_,
           [this] { return loop_.now(); }),
      admin_services_(logs, config.text("log", "level"), executor_, transports_),
      facts_(std::move(share_folder), std::move(data_folder), config.boolean("limits", "enabled")),
      http_(transports_,
            {metrics_, config.text("metrics", "token"), [this] { return !draining_; }}),
      rest_answers_(http_),
      rest_(
          rest_settings(config), logs.get("rest"), metrics_, [this] { return loop_.now(); },
          rest_answers_),
      sockets_(rest_, transports_, [this] { return loop_.now(); }),
      services_{loop_,       executor_,      metrics_, logs_, api_,  engine_, bus_,
                transports_, inner_clients_, facts_,   http_, rest_, sockets_},
      signals_(loop_, [this](int signal) { on_signal(signal); }) {
  engine_.listen(api_);
  api_.set_admin_port(admin_services_);
  facts_.set_lists(words(config.list("janus", "origins")),
                   words(config.list("host", "trusted_proxies")));
  transports_.set_inner(inner_clients_);
  modules::serve_rest(http_, rest_);
}

Host::~Host() {
  // Features let go of their handles while their modules still live; modules end in the reverse
  // order of their start.
  api_.shutdown();
  // Taps end here, so that their modules hear of it.
  engine_.stop();
  executor_.stop();
  bus_.emit(event::kShutdown, {}, [this] {
    return Json::object({{"status", "shutdown"}, {"signum", end_signal_}});
  });
  bus_.close();
  while (!modules_.empty()) {
    modules_.pop_back();
  }
}

Result<void> Host::start(const std::vector<modules::Library>& libraries) {
  if (auto created = create_modules(libraries, true); !created) {
    return created;
  }
  if (auto updated = update_tables(); !updated) {
    return updated;
  }
  for (const auto& module : modules_) {
    if (const auto* table = module->interface<cardea_start_t>(CARDEA_START)) {
      table->start(module->instance());
    }
  }
  const auto begun = loop_.now();
  if (auto added =
          rest::add_own_operations(rest_, {kVersion, [this, begun] { return health(begun); }});
      !added) {
    return added;
  }
  if (auto started = engine_.start(); !started) {
    return started;
  }
  watch_loop();
  if (auto started = transports_.start(); !started) {
    return started;
  }
  const std::string admin = transports_.admin_addresses();
  const std::string addresses = transports_.addresses();
  facts_.set_addresses(addresses);
  settle_session_settings(addresses);
  const std::string media = media_url(engine_);
  check_nat_mapping(config_, engine_, executor_, logs_.get("media"));
  log_.info("cardea {} is ready on {} {}, admin on {}", kVersion, addresses, media, admin);
  std::printf("ready %s %s %s\n", addresses.c_str(), media.c_str(), admin.c_str());
  std::fflush(stdout);
  api_.tell_ready();
  tell_stats_every(std::chrono::seconds(config_.integer("events", "stats_period")));
  return {};
}

void Host::settle_session_settings(const std::string& addresses) {
  if (config_.text("janus", "open") == "auto") {
    session_settings_.janus_open = all_loopback(addresses);
    if (!session_settings_.janus_open) {
      log_.warn(
          "[janus] open = auto and an address is not loopback: anonymous clients cannot make or "
          "join "
          "rooms");
    }
  }
  const auto& ours = engine_.advertised().ours;
  session_settings_.local_ip = ours.empty() ? std::string() : ours.front().ip();
  session_settings_.dump_folder = facts_.data_folder() + "/captures";
  api_.set_settings(session_settings_);
}

void Host::watch_loop() {
  static_cast<void>(
      loop_.add(executor_.fd(), EPOLLIN, [this](std::uint32_t) { executor_.dispatch(); }));
  static_cast<void>(loop_.add(transports_.fd(), EPOLLIN, [this](std::uint32_t) {
    transports_.dispatch(api_, http_, sockets_);
  }));
  static_cast<void>(loop_.add(inner_clients_.fd(), EPOLLIN,
                              [this](std::uint32_t) { inner_clients_.dispatch(api_); }));
  loop_.set_end_of_turn([this] { schedule_api(); });
  const auto slow_turns = metrics_.counter("cardea_control_slow_turns_total",
                                           "Turns of the control thread that took over 10 ms.");
  loop_.set_turn_observer([this, slow_turns](Duration took) {
    if (took > kSlowTurn) {
      slow_turns.add();
      log_.debug("a control turn took {} ms", took.count() / 1000);
    }
  });
}

void Host::schedule_api() {
  const auto deadline = api_.next_deadline();
  if (deadline == api_deadline_) {
    return;
  }
  if (api_deadline_) {
    loop_.timers().cancel(api_timer_);
  }
  api_deadline_ = deadline;
  if (deadline) {
    api_timer_ = loop_.timers().schedule(*deadline, [this] {
      api_deadline_.reset();
      api_.poll(loop_.now());
    });
  }
}

void Host::tell_stats_every(Duration period) {
  if (period > Duration::zero()) {
    loop_.after(period, [this, period] {
      api_.tell_stats();
      tell_stats_every(period);
    });
  }
}

void Host::run() { loop_.run(); }

void Host::on_signal(int signal) {
  if (signal == SIGHUP) {
    log_.info("SIGHUP: modules read their files again");
    for (const auto& module : modules_) {
      if (const auto* table = module->interface<cardea_reload_t>(CARDEA_RELOAD)) {
        table->reload(module->instance());
      }
    }
    return;
  }
  if (draining_) {
    loop_.stop();
    return;
  }
  log_.info("signal {}: draining", signal);
  end_signal_ = signal;
  begin_drain();
}

void Host::begin_drain() {
  draining_ = true;
  transports_.drain();
  api_.shutdown();
  loop_.after(std::chrono::seconds(config_.integer("host", "drain_seconds")),
              [this] { loop_.stop(); });
  // Ends sooner when the last client has taken its messages and gone.
  struct Look {
    Host& host;
    void operator()() const {
      if (host.transports_.open_clients() == 0) {
        host.loop_.stop();
      } else {
        host.loop_.after(kDrainLook, Look{host});
      }
    }
  };
  Look{*this}();
}

}  // namespace cardea::host
