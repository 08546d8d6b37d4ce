#include "transports/tls/identity.hpp"

#include <utility>

namespace cardea::tls {

bool Identity::Stamp::operator==(const Stamp& other) const {
  return changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec &&
         inode == other.inode && size == other.size;
}

Identity::Stamps Identity::stamps() const {
  Stamps out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    struct stat about {};
    if (stat((i == 0 ? settings_.cert : settings_.key).c_str(), &about) == 0) {
      out[i] = {about.st_mtim, about.st_ino, about.st_size};
    }
  }
  return out;
}

void Identity::warn_if_open() const {
  struct stat about {};
  if (stat(settings_.key.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0) {
    host_.warn("[tls] key: " + settings_.key + " can be read by everybody: chmod 600");
  }
}

Result<void> Identity::load() {
  if (!from_files() && !settings_.auto_generate) {
    host_.warn("no certificate: HTTP and WebSocket without TLS only; see [tls]");
    return {};
  }
  if (from_files()) {
    seen_ = stamps();
    warn_if_open();
  } else {
    host_.info("a self-signed certificate for localhost: browsers will warn of it");
  }
  auto loaded = from_files() ? load_certificate(settings_.cert, settings_.key) : self_signed();
  if (!loaded) {
    return loaded.error();
  }
  context_ = std::move(*loaded);
  return {};
}

bool Identity::present() const {
  const std::scoped_lock lock(mutex_);
  return context_ != nullptr;
}

void Identity::reload() {
  if (!from_files()) {
    return;
  }
  const std::scoped_lock lock(mutex_);
  seen_ = stamps();
  warn_if_open();
  auto loaded = load_certificate(settings_.cert, settings_.key);
  if (!loaded) {
    host_.error(loaded.error().message + "; the old certificate stays");
    return;
  }
  context_ = std::move(*loaded);
  host_.info("new connections get the certificate of " + settings_.cert);
}

void Identity::reload_if_changed() {
  {
    const std::scoped_lock lock(mutex_);
    if (!from_files() || stamps() == seen_) {
      return;
    }
  }
  reload();
}

SslPtr Identity::connection() const {
  const std::scoped_lock lock(mutex_);
  return SslPtr(SSL_new(context_.get()));
}

}  // namespace cardea::tls
