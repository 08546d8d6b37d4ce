// The engine as the configuration wants it, and a look whether what clients are told is true.
#pragma once

#include <string>

#include "core/base/executor.hpp"
#include "core/config/config.hpp"
#include "core/log/log.hpp"
#include "core/media/worker_engine.hpp"

namespace cardea::host {

media::WorkerEngineOptions engine_options(const config::Config& config);

/// "udp://192.0.2.7:10000", of a started engine.
std::string media_url(const media::WorkerEngine& engine);

/// Asks [nat] stun_server, if there is one, how it sees this machine, and warns when clients are
/// told nothing of the kind. Later, by the executor.
void check_nat_mapping(const config::Config& config, const media::WorkerEngine& engine,
                       Executor& executor, const log::Logger& log);

}  // namespace cardea::host
