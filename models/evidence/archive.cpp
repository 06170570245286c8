#include "evidence/archive.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "history/atomic_file.h"

namespace scr::evidence {

namespace fs = std::filesystem;
using domain::failure;
using domain::Fault;
using domain::Status;

namespace {

constexpr std::string_view kPrefix = "pack/";
constexpr std::size_t kBlock = 512;
constexpr std::size_t kPiece = 1U << 20U;
constexpr std::size_t kLongestPath = 100;
constexpr std::uint64_t kLargest = (1ULL << 33U) - 1; // 11 octal digits

std::string headerOf(const std::string& path, std::uint64_t size)
{
    std::string header(kBlock, '\0');
    const auto put = [&header](std::size_t at, std::string_view text) { header.replace(at, text.size(), text); };
    put(0, path);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, fmt::format("{:011o}", size));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    put(329, "0000000");
    put(337, "0000000");
    const auto add = [](unsigned sum, char byte) { return sum + static_cast<unsigned char>(byte); };
    put(148, fmt::format("{:06o}", std::accumulate(header.begin(), header.end(), 0U, add)));
    header[154] = '\0';
    header[155] = ' ';
    return header;
}

Status appendFile(history::AtomicFile& out, const std::string& name, const fs::path& path)
{
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    if (error)
        return failure(Fault::Unavailable, fmt::format("{} cannot be read again", path.string()), "Check the disk");
    Status written = out.write(headerOf(name, size));
    std::ifstream in{path, std::ios::binary};
    std::string piece(kPiece, '\0');
    std::uint64_t copied = 0;
    while (written && copied < size) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        const auto count = static_cast<std::uint64_t>(in.gcount());
        if (count == 0 || copied + count > size)
            return failure(Fault::Unavailable, fmt::format("{} cannot be read again", path.string()), "Check the disk");
        written = out.write(std::string_view{piece}.substr(0, count));
        copied += count;
    }
    return written ? out.write(std::string((kBlock - size % kBlock) % kBlock, '\0')) : written;
}

/// Made of names with A-Z a-z 0-9 . _ - in them, none of which leads elsewhere: what a manifest may list.
bool isPathInPack(std::string_view path)
{
    constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";
    if (path.empty() || path.find_first_not_of(kAllowed) != std::string_view::npos)
        return false;
    for (std::size_t at = 0; at <= path.size();) {
        const std::string_view name = path.substr(at, path.find('/', at) - at);
        if (name.empty() || name == "." || name == "..")
            return false;
        at += name.size() + 1;
    }
    return true;
}

/// Takes members out of an archive, one after the other.
class Unpacking {
public:
    Unpacking(const std::string& path, std::string folder) :
        m_path{path}, m_folder{std::move(folder)}, m_in{path, std::ios::binary}
    {
    }

    Status run(const domain::KeepGoing& keepGoing)
    {
        std::error_code error;
        const std::uint64_t all = fs::file_size(m_path, error);
        if (error || !m_in)
            return failure(Fault::Unavailable, fmt::format("{} cannot be read", m_path), "Check the name and the permissions");
        std::string last;
        for (std::uint64_t at = 0; at + 2 * kBlock < all;) {
            if (keepGoing && !keepGoing(at, all))
                return failure(Fault::Cancelled, "The reading was stopped");
            std::string header(kBlock, '\0');
            m_in.read(header.data(), kBlock);
            const std::string name = header.substr(0, std::min<std::size_t>(header.find('\0'), kLongestPath));
            std::uint64_t size = 0;
            std::from_chars(header.data() + 124, header.data() + 135, size, 8);
            const bool isMember = name > last && name.starts_with(kPrefix) && isPathInPack(name) && size <= all - at &&
                                  headerOf(name, size) == header;
            if (!isMember)
                return failure(Fault::Corrupt, fmt::format("{} is not the archive of a pack, from byte {} on", m_path, at),
                               "Run scrutineer-verify on it, and ask for the pack again");
            if (const Status taken = take(fs::path{m_folder} / name.substr(kPrefix.size()), size); !taken)
                return taken;
            at += kBlock + (size + kBlock - 1) / kBlock * kBlock;
            last = name;
        }
        std::string end(2 * kBlock + 1, '1');
        m_in.read(end.data(), static_cast<std::streamsize>(end.size()));
        if (m_in.gcount() != 2 * static_cast<std::streamsize>(kBlock) || !areZeros(std::string_view{end}.substr(0, 2 * kBlock)))
            return failure(Fault::Corrupt, fmt::format("{} does not end as the archive of a pack does", m_path),
                           "Run scrutineer-verify on it, and ask for the pack again");
        return domain::Nothing{};
    }

private:
    static bool areZeros(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

    Status take(const fs::path& place, std::uint64_t size)
    {
        std::error_code error;
        fs::create_directories(place.parent_path(), error);
        std::ofstream out{place, std::ios::binary};
        std::string piece(kPiece, '\0');
        for (std::uint64_t rest = size; rest > 0 && m_in && out;) {
            const std::uint64_t count = std::min<std::uint64_t>(rest, kPiece);
            m_in.read(piece.data(), static_cast<std::streamsize>(count));
            out.write(piece.data(), static_cast<std::streamsize>(count));
            rest -= count;
        }
        out.close();
        if (!m_in)
            return failure(Fault::Corrupt, fmt::format("{} ends too early", m_path), "Ask for the pack again");
        std::string padding((kBlock - size % kBlock) % kBlock, '1');
        m_in.read(padding.data(), static_cast<std::streamsize>(padding.size()));
        if (!areZeros(padding))
            return failure(Fault::Corrupt, fmt::format("{} holds something between two files", m_path), "Ask for the pack again");
        if (!out)
            return failure(Fault::Unavailable, fmt::format("{} cannot be written", place.string()),
                           "Free some space: an archive is unpacked while it is looked at");
        return domain::Nothing{};
    }

    std::string m_path;
    std::string m_folder;
    std::ifstream m_in;
};

} // namespace

bool isArchive(std::string_view path) noexcept
{
    return path.ends_with(".tar");
}

bool fitsArchive(std::string_view path, std::uint64_t size) noexcept
{
    return kPrefix.size() + path.size() <= kLongestPath && size <= kLargest;
}

Status writeArchive(const std::string& folder, const std::string& path)
{
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator{folder}) {
        if (entry.is_regular_file())
            names.push_back(entry.path().lexically_relative(folder).string());
    }
    std::sort(names.begin(), names.end());
    auto out = history::AtomicFile::create(path);
    if (!out)
        return domain::failureOf(out);
    for (const std::string& name : names) {
        if (const Status written = appendFile(*out, std::string{kPrefix} + name, fs::path{folder} / name); !written)
            return written;
    }
    if (const Status written = out->write(std::string(2 * kBlock, '\0')); !written)
        return written;
    return out->commit();
}

Status unpackArchive(const std::string& path, const std::string& folder, const domain::KeepGoing& keepGoing)
{
    return Unpacking{path, folder}.run(keepGoing);
}

} // namespace scr::evidence
