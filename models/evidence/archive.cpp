#include "evidence/archive.h"

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

} // namespace scr::evidence
