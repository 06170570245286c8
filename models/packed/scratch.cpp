#include "packed/scratch.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

namespace scr::packed {

namespace fs = std::filesystem;

namespace {

constexpr const char* kName = "scrutineer-pack-";

/// -1: somebody has it, or there is none.
int lockOf(const fs::path& folder, int flags)
{
    const int lock = ::open((folder / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return -1;
    }
    return lock;
}

void removeAbandoned(const fs::path& parent)
{
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator{parent, ignored}) {
        if (!entry.path().filename().string().starts_with(kName) || !entry.is_directory(ignored))
            continue;
        if (const int lock = lockOf(entry.path(), 0); lock >= 0) {
            fs::remove_all(entry.path(), ignored);
            ::close(lock);
        }
    }
}

} // namespace

domain::Result<std::shared_ptr<Scratch>> Scratch::make()
{
    std::error_code error;
    const fs::path parent = fs::temp_directory_path(error);
    if (!error)
        removeAbandoned(parent);
    std::string pattern = (parent / kName).string() + "XXXXXX";
    if (error || ::mkdtemp(pattern.data()) == nullptr)
        return domain::failure(domain::Fault::Unavailable, fmt::format("no folder can be made for temporary files: {}", pattern),
                               "Set TMPDIR to a folder with some space");
    return std::make_shared<Scratch>(pattern);
}

Scratch::Scratch(std::string folder) : path{std::move(folder)}, m_lock{lockOf(path, O_CREAT)} {}

Scratch::~Scratch()
{
    std::error_code ignored;
    fs::remove_all(path, ignored);
    if (m_lock >= 0)
        ::close(m_lock);
}

} // namespace scr::packed
