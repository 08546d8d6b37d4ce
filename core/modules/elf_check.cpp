#include "core/modules/elf_check.hpp"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <vector>

#include <elf.h>
#include <sys/stat.h>

namespace cardea::modules {

namespace {

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "core/modules/elf_check.cpp: name this machine's ELF number"
#endif

bool inside(std::uint64_t offset, std::uint64_t size, std::uint64_t file_size) {
  return offset <= file_size && size <= file_size - offset;
}

Result<void> check_header(const Elf64_Ehdr& header, std::uint64_t file_size) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return Error{"not an ELF file"};
  }
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != kMachine) {
    return Error{"built for another kind of machine"};
  }
  if (header.e_type != ET_DYN) {
    return Error{"not a shared object"};
  }
  const std::uint64_t segments = std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr);
  const std::uint64_t sections = std::uint64_t{header.e_shnum} * header.e_shentsize;
  if (header.e_phentsize != sizeof(Elf64_Phdr) || !inside(header.e_phoff, segments, file_size) ||
      !inside(header.e_shoff, sections, file_size)) {
    return Error{"truncated: its tables lie beyond the end of the file"};
  }
  return {};
}

}  // namespace

Result<void> check_elf(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    return Error{std::string("cannot be read: ") + std::strerror(errno)};
  }
  if (!S_ISREG(info.st_mode)) {
    return Error{"not a regular file"};
  }
  const auto file_size = static_cast<std::uint64_t>(info.st_size);
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header{};
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) {
    return Error{"shorter than an ELF header"};
  }
  if (auto good = check_header(header, file_size); !good) {
    return good.error();
  }
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  if (!file.read(reinterpret_cast<char*>(segments.data()),
                 static_cast<std::streamsize>(segments.size() * sizeof(Elf64_Phdr)))) {
    return Error{"truncated: its segment table cannot be read"};
  }
  for (const auto& segment : segments) {
    if (segment.p_type == PT_LOAD && !inside(segment.p_offset, segment.p_filesz, file_size)) {
      return Error{"truncated: a segment ends beyond the end of the file"};
    }
  }
  return {};
}

}  // namespace cardea::modules
