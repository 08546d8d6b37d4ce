// Entry: command line, configuration and modules are checked before any port opens, then the host
// runs.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/host/host.hpp"
#include "core/host/module_files.hpp"
#include "core/host/options.hpp"
#include "core/host/paths.hpp"
#include "core/host/settings.hpp"
#include "core/host/signals.hpp"
#include "core/host/version.hpp"
#include "core/log/log.hpp"

namespace {

using namespace cardea;  // NOLINT(google-build-using-namespace): the program's own main

constexpr int kBadStart = 2;

struct Prepared {
  config::Config config;
  std::vector<modules::Library> libraries;
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};

// Two looks at the configuration: the first tells which modules there are, the second checks every
// key with their declarations.
Prepared prepare(const host::Options& options, const host::Paths& paths) {
  const auto environment = config::process_environment();
  std::vector<config::DeclarationSet> sets{host::core_declarations()};
  const auto first =
      config::Config::load(options.config, sets, environment, config::Unknown::IgnoreSections);
  auto files = host::find_modules(paths.modules, first.config);
  for (const auto& library : files.libraries) {
    sets.push_back(host::declarations_of(library));
  }
  auto loaded = config::Config::load(options.config, sets, environment);
  Prepared prepared{std::move(loaded.config), std::move(files.libraries), std::move(loaded.errors),
                    std::move(loaded.warnings)};
  prepared.errors.insert(prepared.errors.end(), files.errors.begin(), files.errors.end());
  prepared.warnings.insert(prepared.warnings.end(), files.warnings.begin(), files.warnings.end());
  if (auto safe = host::check_admin_secret(prepared.libraries, prepared.config); !safe) {
    prepared.errors.push_back(safe.error().message);
  }
  return prepared;
}

int fail(const std::string& message) {
  std::fprintf(stderr, "cardea: %s\n", message.c_str());
  return kBadStart;
}

// With an exit code of its own where it has one.
int fail(const Error& error) {
  fail(error.message);
  return error.code != 0 ? error.code : kBadStart;
}

// Absolute, because modules keep it; without a final slash.
std::string data_folder(const std::string& given) {
  std::string path = std::filesystem::absolute(given).lexically_normal().string();
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
  }
  return path;
}

int migrate(host::Host& host, const Prepared& prepared, const host::Options& options) {
  const auto lines = host.migrate(prepared.libraries, options);
  if (!lines) {
    return fail(lines.error());
  }
  for (const auto& line : *lines) {
    std::puts(line.c_str());
  }
  return 0;
}

int serve(const Prepared& prepared, const host::Paths& paths, const host::Options& options) {
  const auto format =
      prepared.config.text("log", "format") == "json" ? log::Format::Json : log::Format::Text;
  auto logs = log::System::make(prepared.config.text("log", "level"), format);
  if (!logs) {
    return fail(prepared.config.origin("log", "level") + ": [log] level: " + logs.error().message);
  }
  const auto log = (*logs)->get("host");
  for (const auto& warning : prepared.warnings) {
    log.warn("{}", warning);
  }
  host::Host host(prepared.config, paths.share, data_folder(options.data), **logs);
  if (options.action == host::Options::Action::Migrate) {
    return migrate(host, prepared, options);
  }
  if (options.action == host::Options::Action::Command) {
    const auto code = host.command(prepared.libraries, options);
    return code ? *code : fail(code.error());
  }
  if (auto started = host.start(prepared.libraries); !started) {
    return fail(started.error());
  }
  host.run();
  log.info("stopped");
  return 0;
}

int start(const host::Options& options) {
  const auto paths = host::find_paths();
  const auto prepared = prepare(options, paths);
  if (!prepared.errors.empty()) {
    for (const auto& error : prepared.errors) {
      fail(error);
    }
    return kBadStart;
  }
  if (options.action == host::Options::Action::Check) {
    for (const auto& warning : prepared.warnings) {
      std::fprintf(stderr, "cardea: warning: %s\n", warning.c_str());
    }
    std::puts("the configuration is good");
    return 0;
  }
  return serve(prepared, paths, options);
}

}  // namespace

int main(int argc, char** argv) try {
  host::block_signals();
  const auto options = host::parse_options({argv + 1, static_cast<std::size_t>(argc - 1)});
  if (!options) {
    return fail(options.error().message + "; see --help");
  }
  switch (options->action) {
    case host::Options::Action::Version:
      std::printf("cardea %s\n", host::kVersion);
      return 0;
    case host::Options::Action::Help:
      std::fputs(host::usage(), stdout);
      return 0;
    default:
      return start(*options);
  }
} catch (const std::exception& failure) {
  // No thread, no memory: what the system refuses at the start.
  return fail(failure.what());
}
