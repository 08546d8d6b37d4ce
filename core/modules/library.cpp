#include "core/modules/library.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <dlfcn.h>

#include "core/modules/elf_check.hpp"

namespace cardea::modules {

namespace {

constexpr std::array<std::string_view, 3> kKinds{"feature", "transport", "service"};

bool empty(const char* text) { return text == nullptr || *text == '\0'; }

Result<void> check_info(const cardea_module_info_t& info) {
  if (info.abi_major != CARDEA_ABI_MAJOR) {
    return Error{"built for module ABI " + std::to_string(info.abi_major) + ", this server has " +
                 std::to_string(CARDEA_ABI_MAJOR)};
  }
  // Fields may be added behind, never taken away: a smaller descriptor was not made by this major
  // version.
  if (info.size < sizeof(cardea_module_info_t)) {
    return Error{"its descriptor is too small for ABI " + std::to_string(info.abi_major)};
  }
  if (empty(info.id) || empty(info.kind) || empty(info.name)) {
    return Error{"its descriptor lacks an id, a kind or a name"};
  }
  if (std::find(kKinds.begin(), kKinds.end(), std::string_view(info.kind)) == kKinds.end()) {
    return Error{std::string("unknown kind of module: ") + info.kind};
  }
  if (info.create == nullptr || info.destroy == nullptr || info.get_interface == nullptr) {
    return Error{"its descriptor lacks a function"};
  }
  return {};
}

template <typename Visit>
void for_each_text(const char* const* list, Visit visit) {
  for (; list != nullptr && *list != nullptr; ++list) {
    visit(std::string_view(*list));
  }
}

// Depth-first over `requires`; `path` holds the modules on the way, for naming a cycle.
class Sorter {
 public:
  explicit Sorter(std::vector<Library>& libraries)
      : libraries_(libraries), marks_(libraries.size(), Mark::New) {}

  Result<std::vector<Library>> sort() {
    for (std::size_t i = 0; i < libraries_.size(); ++i) {
      if (auto placed = place(i); !placed) {
        return placed.error();
      }
    }
    return std::move(sorted_);
  }

 private:
  enum class Mark { New, OnPath, Done };

  Result<void> place(std::size_t index) {
    if (marks_[index] == Mark::Done) {
      return {};
    }
    const Library& library = libraries_[index];
    path_.push_back(library.name);
    if (marks_[index] == Mark::OnPath) {
      return Error{"modules require each other: " + joined_path()};
    }
    marks_[index] = Mark::OnPath;
    Result<void> result;
    for_each_text(library.info->requires_ids, [&](std::string_view id) {
      if (result.ok()) {
        result = place_required(library, id);
      }
    });
    if (!result) {
      return result;
    }
    path_.pop_back();
    marks_[index] = Mark::Done;
    sorted_.push_back(library);
    return {};
  }

  Result<void> place_required(const Library& library, std::string_view id) {
    const bool optional = id.starts_with('?');
    id.remove_prefix(optional ? 1 : 0);
    const auto found = std::find_if(libraries_.begin(), libraries_.end(),
                                    [&](const Library& other) { return other.answers_to(id); });
    if (found == libraries_.end() && optional) {
      return {};
    }
    if (found == libraries_.end()) {
      return Error{"module " + library.name + " requires " + std::string(id) +
                   ", and no such module is loaded"};
    }
    return place(static_cast<std::size_t>(found - libraries_.begin()));
  }

  [[nodiscard]] std::string joined_path() const {
    std::string text;
    for (const auto& name : path_) {
      text += (text.empty() ? "" : " -> ") + name;
    }
    return text;
  }

  std::vector<Library>& libraries_;
  std::vector<Mark> marks_;
  std::vector<std::string> path_;
  std::vector<Library> sorted_;
};

}  // namespace

bool Library::answers_to(std::string_view id) const {
  bool found = id == info->id;
  for_each_text(info->aliases, [&](std::string_view alias) { found = found || alias == id; });
  return found;
}

Result<Library> open_library(const std::string& path) {
  if (auto good = check_elf(path); !good) {
    return Error{path + ": " + good.error().message};
  }
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* reason = dlerror();
    return Error{path + ": " + (reason != nullptr ? reason : "cannot be loaded")};
  }
  const auto* info = static_cast<const cardea_module_info_t*>(dlsym(handle, CARDEA_MODULE_SYMBOL));
  if (info == nullptr) {
    return Error{path + ": exports no symbol " CARDEA_MODULE_SYMBOL};
  }
  if (auto good = check_info(*info); !good) {
    return Error{path + ": " + good.error().message};
  }
  return Library{std::filesystem::path(path).stem().string(), path, info};
}

std::vector<std::string> module_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".so") {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<Library>> order_by_requirements(std::vector<Library> libraries) {
  return Sorter(libraries).sort();
}

}  // namespace cardea::modules
